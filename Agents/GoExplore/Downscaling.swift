import Drawing
import Groundwork
import RealModule
import ReinforcementLearning

/// Finds how small and how coarse a picture tells the right number of cells apart.
///
/// It keeps recent frames, draws random sizes and numbers of grey levels around the best so far, and judges each by
/// `H / sqrt(1 + |n - T| / T)`: H is the entropy of the frames' distribution over n cells divided by log n, and T the
/// wanted number of cells. Spread evenly over about T cells is best.
///
/// Source: Ecoffet et al. 2021, methods, "Downscaling on Atari" and equations 4 and 5 (dynamic representation).
struct Downscaling {
  private let settings: FrameSettings
  private(set) var representation = FrameRepresentation(width: 8, height: 8, levels: 8)
  /// The last frames, the oldest at `next` once there are `settings.buffer`.
  private(set) var frames: [GreyImage] = []
  private var next = 0
  private var random: RandomSource
  /// Steps at the next search.
  private(set) var nextFit: Int
  /// The search that found too many cells is not repeated before there are twice as many.
  private var cellLimit: Int

  init(_ settings: FrameSettings, seed: UInt64) {
    self.settings = settings
    random = RandomSource(seed: seed, purpose: .frameProposals, index: 0)
    nextFit = settings.firstFit
    cellLimit = settings.maximumCells
  }

  mutating func add(_ new: [GreyImage]) {
    for frame in new {
      if frames.count < settings.buffer {
        frames.append(frame)
      } else {
        frames[next] = frame
        next = (next + 1) % settings.buffer
      }
    }
  }

  func isFitDue(steps: Int, cells: Int) -> Bool { !frames.isEmpty && (steps >= nextFit || cells > cellLimit) }

  /// Looks for a better representation.
  ///
  /// - Returns: Whether it changed.
  mutating func fit(steps: Int, workers: Workers) -> Bool {
    nextFit = steps + settings.interval
    // Proposals are drawn in rounds around the best so far; a round is judged in parallel.
    var best = representation
    var bestValue = objective(best)
    let round = min(settings.proposals, 30)
    var left = settings.proposals
    while left > 0 {
      var proposals: [FrameRepresentation] = []
      for _ in 0..<min(round, left) { proposals.append(propose(around: best)) }
      left -= proposals.count
      var values = [Double](repeating: 0, count: proposals.count)
      let candidates = proposals
      values.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let values = buffer
        workers.perform(candidates.count) { values[$0] = objective(candidates[$0]) }
      }
      for (index, value) in values.enumerated() where value > bestValue {
        (best, bestValue) = (proposals[index], value)
      }
    }
    let isChanged = best != representation
    representation = best
    return isChanged
  }

  /// Counts what the archive has now, so that the next search by size waits until it has doubled.
  mutating func noteCells(_ count: Int) { cellLimit = max(settings.maximumCells, count * 2) }

  /// How well a representation tells the kept frames apart, 0 to 1.
  func objective(_ representation: FrameRepresentation) -> Double {
    let table = KeyTable(width: representation.words)
    var counts: [Int] = []
    var key = [Int32](repeating: 0, count: representation.words)
    for frame in frames {
      let number = key.withUnsafeMutableBufferPointer { key in
        representation.write(frame, to: key.baseAddress!)
        return table.insert(key.baseAddress!)
      }
      if number == counts.count { counts.append(0) }
      counts[number] += 1
    }
    return Downscaling.objective(counts, target: settings.targetShare * Double(frames.count))
  }

  /// The objective for a distribution of frames over cells.
  static func objective(_ counts: [Int], target: Double) -> Double {
    guard counts.count > 1 else { return 0 }
    let total = Double(counts.reduce(0, +))
    var entropy = 0.0
    for count in counts {
      let share = Double(count) / total
      entropy -= share * Double.log(share)
    }
    let distance = abs(Double(counts.count) - target) / target
    return entropy / Double.log(Double(counts.count)) / (1 + distance).squareRoot()
  }

  private mutating func propose(around best: FrameRepresentation) -> FrameRepresentation {
    let (width, height) = frames.first.map { ($0.width, $0.height) } ?? (settings.side, settings.side)
    return FrameRepresentation(
      width: geometric(mean: best.width, 1...width), height: geometric(mean: best.height, 1...height),
      levels: geometric(mean: best.levels, 2...255))
  }

  /// A whole number from 1 with that mean, cut to a range.
  private mutating func geometric(mean: Int, _ range: ClosedRange<Int>) -> Int {
    guard mean > 1 else { return min(max(random.chance(0.5) ? 2 : 1, range.lowerBound), range.upperBound) }
    let draw = Double.log(1 - random.uniform()) / Double.log(1 - 1 / Double(mean))
    return min(max(Int(min(draw, 1e6)) + 1, range.lowerBound), range.upperBound)
  }

  // MARK: Saving

  func save(to state: inout SavedState) {
    state.set(
      "representation", [Int32(representation.width), Int32(representation.height), Int32(representation.levels)])
    state.set("limits", [Int64(nextFit), Int64(cellLimit), Int64(next)])
    state.set("random", random.words)
    state.set("frameSizes", frames.flatMap { [Int32($0.width), Int32($0.height)] })
    state.set("frames", frames.flatMap(\.pixels))
  }

  mutating func restore(from state: SavedState) throws(UserError) {
    let numbers: [Int32] = try state.get("representation", count: 3)
    guard numbers.allSatisfy({ (1...4096).contains($0) }) else {
      throw UserError(
        "the checkpoint's frames have \(numbers[0]) x \(numbers[1]) pixels", fix: "Use another checkpoint")
    }
    representation = FrameRepresentation(width: Int(numbers[0]), height: Int(numbers[1]), levels: Int(numbers[2]))
    let limits: [Int64] = try state.get("limits", count: 3)
    (nextFit, cellLimit, next) = (Int(limits[0]), Int(limits[1]), Int(limits[2]))
    random = try RandomSource(words: try state.get("random", count: 5))
    let sizes: [Int32] = try state.get("frameSizes")
    let pixels: [Float] = try state.get("frames")
    var start = 0
    frames = []
    for index in stride(from: 0, to: sizes.count - 1, by: 2) {
      let (width, height) = (Int(sizes[index]), Int(sizes[index + 1]))
      guard width > 0, height > 0, width <= 4096, height <= 4096, start + width * height <= pixels.count else {
        throw UserError("the checkpoint's frames are cut off", fix: "Use another checkpoint")
      }
      frames.append(GreyImage(width: width, height: height, pixels: Array(pixels[start..<start + width * height])))
      start += width * height
    }
    guard next >= 0, next < max(1, settings.buffer), frames.count <= settings.buffer else {
      throw UserError("the checkpoint keeps \(frames.count) frames", fix: "Use the configuration that wrote it")
    }
  }
}
