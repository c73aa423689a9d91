import Groundwork
import ReinforcementLearning

/// A board turned over, left for right: the columns of its fields change places, and so do the actions.
struct MirrorSymmetry: Sendable {
  private struct Image {
    var offset: Int
    var rows: Int
    var columns: Int
    /// Bytes of a square.
    var bytes: Int
  }

  private let images: [Image]

  /// - Throws: `UserError` when a field of the policy is not an image as wide as there are actions.
  init(_ layout: ObservationLayout, actions: Int) throws {
    images = try layout.places.filter { $0.field.role == .policy }.flatMap(\.singles).map { place in
      let shape = place.field.shape
      guard shape.count >= 2, shape[1] == actions else {
        throw UserError(
          "symmetry=mirror: the field '\(place.field.name)' has shape \(shape), "
            + "which is not a board with a column for each of the \(actions) actions",
          fix: "Use --set symmetry=none")
      }
      return Image(
        offset: place.offset, rows: shape[0], columns: shape[1],
        bytes: shape.dropFirst(2).reduce(1, *) * place.field.element.size)
    }
  }

  /// Turns an observation row over where it stands.
  func turn(_ row: UnsafeMutableRawPointer) {
    for image in images {
      for line in 0..<image.rows {
        let start = row + image.offset + line * image.columns * image.bytes
        for column in 0..<(image.columns / 2) {
          let (left, right) = (start + column * image.bytes, start + (image.columns - 1 - column) * image.bytes)
          for byte in 0..<image.bytes {
            let kept = left.load(fromByteOffset: byte, as: UInt8.self)
            left.storeBytes(of: right.load(fromByteOffset: byte, as: UInt8.self), toByteOffset: byte, as: UInt8.self)
            right.storeBytes(of: kept, toByteOffset: byte, as: UInt8.self)
          }
        }
      }
    }
  }
}
