import Drawing
import ReinforcementLearning

/// How coarse a frame becomes a key: its size in pixels, and how many shades of grey are told apart.
struct FrameRepresentation: Hashable, Sendable {
  var width, height, levels: Int

  /// Words of a key: four pixels a word.
  var words: Int { (width * height + 3) / 4 }

  /// Writes the key, `[words]`: the mean of each coarse pixel's area, cut into levels.
  func write(_ image: GreyImage, to key: UnsafeMutablePointer<Int32>) {
    for word in 0..<words { key[word] = 0 }
    image.pixels.withUnsafeBufferPointer { pixels in
      let (stepX, stepY) = (Float(image.width) / Float(width), Float(image.height) / Float(height))
      for row in 0..<height {
        let (top, bottom) = (Float(row) * stepY, Float(row + 1) * stepY)
        for column in 0..<width {
          let (left, right) = (Float(column) * stepX, Float(column + 1) * stepX)
          var sum: Float = 0
          for y in Int(top)..<min(image.height, Int(bottom.rounded(.up))) {
            let share = min(bottom, Float(y + 1)) - max(top, Float(y))
            for x in Int(left)..<min(image.width, Int(right.rounded(.up))) {
              sum += pixels[y * image.width + x] * share * (min(right, Float(x + 1)) - max(left, Float(x)))
            }
          }
          let mean = sum / (stepX * stepY)
          let level = min(levels - 1, max(0, Int(mean * Float(levels))))
          let index = row * width + column
          key[index / 4] |= Int32(level) << Int32(index % 4 * 8)
        }
      }
    }
  }
}

/// Draws states as keys of the present representation.
///
/// A state's picture is drawn once: where the environment has a digest, keys are remembered by it. (A digest leaves out
/// the time and the random stream; a picture that shows either would be remembered as it was first seen.)
struct FrameCamera {
  var representation = FrameRepresentation(width: 1, height: 1, levels: 2) {
    didSet { remembered.removeAll() }
  }
  /// What was drawn last.
  private(set) var image = GreyImage(Sketch(width: 1, height: 1), side: 1)
  private let side: Int
  private var remembered: [UInt64: GreyImage] = [:]
  /// Pictures to remember.
  private static let capacity = 4096

  init(side: Int) { self.side = side }

  mutating func write(_ arena: SnapshotArena, _ snapshot: Int, to key: UnsafeMutablePointer<Int32>) {
    let digest = arena.digest(snapshot)
    if let digest, let known = remembered[digest] {
      image = known
    } else {
      image = GreyImage(arena.sketch(snapshot), side: side)
      if let digest {
        if remembered.count >= FrameCamera.capacity { remembered.removeAll(keepingCapacity: true) }
        remembered[digest] = image
      }
    }
    representation.write(image, to: key)
  }
}
