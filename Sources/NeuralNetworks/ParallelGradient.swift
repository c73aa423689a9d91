public import Groundwork

/// What a loss adds up beside the gradient: sums over samples, for the log.
public protocol LossSumming: Sendable {
  /// No sample: all sums zero.
  init()
  /// Adds another's sums. Pieces are added in a fixed order, so it need not be associative to the last bit.
  static func += (a: inout Self, b: Self)
}

/// A piece of work of a gradient.
public enum GradientPiece: Sendable, Hashable {
  /// Some of the minibatch's rows.
  case rows(Range<Int>)
  /// One without rows of its own, by number: what is imitated beside a rollout.
  case extra(Int)
}

/// The gradient of a minibatch, shared out to workers, with the same bits however many there are.
///
/// The rows are cut into pieces of `pieceRows`; lane `l` of a fixed number takes the pieces `l`, `l + lanes`, ... in
/// order, and the lanes are added up in order. Neither depends on the workers. Pieces of 32 to 64 rows let two cores
/// share a minibatch of 128; larger ones leave the second with nothing.
///
/// One object serves one layout of parameters and one loss; a minibatch is `accumulate`, then `step`.
public final class ParallelGradient<Scratch: AnyObject, Sums: LossSumming>: @unchecked Sendable {
  /// What one thread adds to at a time.
  private final class Lane {
    let scratch: Scratch
    var gradient: [Float]
    var sums = Sums()

    init(_ scratch: Scratch, parameters: Int) {
      self.scratch = scratch
      gradient = [Float](repeating: 0, count: parameters)
    }
  }

  /// Rows of a piece, all but the last.
  public let pieceRows: Int
  private let lanes: [Lane]
  /// The ranges of the last `accumulate`, and the squares of what lies outside them.
  private var summed: [Range<Int>]?
  private var squares: Double?

  /// - Parameters:
  ///   - parameters: Elements of the flat buffer.
  ///   - lanes: At most so many threads share a minibatch; part of the result.
  ///   - makeScratch: The workspaces of one thread, for pieces of `pieceRows`.
  public init(parameters: Int, lanes: Int = 8, pieceRows: Int, makeScratch: () -> Scratch) {
    precondition(lanes > 0 && pieceRows > 0 && parameters > 0, "a gradient has lanes, rows and parameters")
    self.pieceRows = pieceRows
    self.lanes = (0..<lanes).map { _ in Lane(makeScratch(), parameters: parameters) }
  }

  /// The sum of the last `accumulate`, `[parameters]`.
  public var gradient: [Float] { lanes[0].gradient }

  /// The workspaces of a lane, for passes that need no gradient.
  public func scratch(_ lane: Int) -> Scratch { lanes[lane].scratch }
  /// The number of lanes, part of the result: another number adds up the same gradients in another order.
  public var laneCount: Int { lanes.count }

  /// Adds up the gradient of `rows` rows; it is then in `gradient`.
  ///
  /// - Parameters:
  ///   - extra: Pieces without rows of their own, after the others.
  ///   - ranges: The parts of the buffer that pieces add to, in order; `finish` writes the rest. nil: pieces add to
  ///     all.
  ///   - finish: Completes the sum of the lanes, whose scratch it is given, for example by `Network.completeGradient`;
  ///     returns the squares of what lies outside the ranges, or nil to have them added up.
  ///   - body: Adds one piece's gradient and sums; called from several threads, each with its own scratch.
  /// - Returns: The sums over all pieces.
  public func accumulate(
    rows: Int, extra: Int = 0, ranges: [Range<Int>]? = nil, workers: Workers,
    finish: (_ gradient: inout [Float], _ lanes: [Scratch]) -> Double? = { _, _ in nil },
    _ body: (_ piece: GradientPiece, _ scratch: Scratch, _ gradient: inout [Float], _ sums: inout Sums) -> Void
  ) -> Sums {
    let whole = (rows + pieceRows - 1) / pieceRows
    let used = max(1, min(whole + extra, lanes.count))
    workers.perform(used) { index in
      let lane = lanes[index]
      if let ranges {
        for range in ranges { Gradient.clear(&lane.gradient, range) }
      } else {
        Gradient.clear(&lane.gradient)
      }
      lane.sums = Sums()
      for piece in stride(from: index, to: whole + extra, by: lanes.count) {
        let first = piece * pieceRows
        let part = piece < whole ? GradientPiece.rows(first..<min(rows, first + pieceRows)) : .extra(piece - whole)
        body(part, lane.scratch, &lane.gradient, &lane.sums)
      }
    }
    reduce(used, ranges, workers)
    (summed, squares) = (ranges, finish(&lanes[0].gradient, lanes[..<used].map(\.scratch)))
    return lanes[0].sums
  }

  /// Adds lanes 1, 2, ... to lane 0; threads take parts of the buffer, each in the order of the lanes.
  private func reduce(_ used: Int, _ ranges: [Range<Int>]?, _ workers: Workers) {
    guard used > 1 else { return }
    for lane in lanes[1..<used] { lanes[0].sums += lane.sums }
    let ranges = ranges ?? [0..<lanes[0].gradient.count]
    let count = ranges.reduce(0) { $0 + $1.count }
    // Below this a barrier costs more than it saves.
    let parts = count < 1 << 14 ? 1 : min(workers.count, 16)
    lanes[0].gradient.withUnsafeMutableBufferPointer { total in
      nonisolated(unsafe) let total = total.baseAddress!
      workers.perform(parts) { part in
        for range in ranges {
          let end = range.lowerBound + (part + 1) * range.count / parts
          // A block of the total stays in the first-level cache until every lane has been added to it.
          for first in stride(from: range.lowerBound + part * range.count / parts, to: end, by: 4096) {
            let block = first..<min(end, first + 4096)
            for lane in lanes[1..<used] { Gradient.add(lane.gradient, block, into: total) }
          }
        }
      }
    }
  }

  private func norm(_ workers: Workers) -> Double {
    guard let summed, let squares else { return Gradient.norm(lanes[0].gradient, workers: workers) }
    return summed.reduce(squares) { $0 + Gradient.squareSum(lanes[0].gradient, $1, workers: workers) }.squareRoot()
  }

  /// One optimizer step down the accumulated gradient, scaled down to `maximumNorm` (0: never).
  ///
  /// - Parameters:
  ///   - step: Environment steps so far, for messages.
  ///   - losses: Sums that must be finite, by name.
  /// - Returns: The gradient's norm before scaling.
  /// - Throws: `UserError` when the norm or a loss is not finite; the parameters are as they were.
  public func step(
    _ optimizer: inout Adam, _ parameters: inout Parameters, learningRate: Float, maximumNorm: Double, at step: Int,
    losses: [(name: String, value: Double)], workers: Workers
  ) throws(UserError) -> Double {
    let norm = norm(workers)
    guard norm.isFinite, !losses.contains(where: { !$0.value.isFinite }) else {
      // The sign of what is no number says nothing.
      func text(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }
      let found = losses.map { "\($0.name) \(text($0.value)), " }.joined()
      throw UserError.diverged(
        "the loss is not a number at step \(step) (\(found)gradient norm \(text(norm)))",
        fix: "Lower the learning rate (--set agent.learningRate=), or look for a reward or an observation that is not "
          + "finite")
    }
    let scale = maximumNorm > 0 ? try Gradient.clipScale(norm: norm, maximum: maximumNorm) : 1
    optimizer.step(
      &parameters, gradient: lanes[0].gradient, learningRate: learningRate, gradientScale: scale, workers: workers)
    return norm
  }
}
