public import Groundwork

/// The mean and variance of everything seen so far, per column, and rows brought to mean zero and variance one.
///
/// Batches are merged by Chan's formula (Chan, Golub and LeVeque 1979), in `Double`; the variance is the biased
/// one. Not thread-safe: update it between rollouts, in a fixed order of batches.
public struct RunningNormalizer: Sendable, Equatable {
  /// Numbers of a row.
  public let columns: Int
  /// Normalized numbers are cut to ±clip.
  public var clip: Float
  /// Added to the variance before the root.
  public var epsilon: Double
  /// Rows seen so far.
  public private(set) var count = 0.0
  /// `[columns]`; zero before anything was seen.
  public private(set) var mean: [Double]
  /// The sums of squared distances from the mean.
  private var squares: [Double]

  /// Nothing seen yet.
  ///
  /// - Parameters:
  ///   - columns: Numbers of a row, at least 1.
  ///   - clip: What normalized numbers are cut to on both sides; 10 is the usual limit of PPO's observations.
  ///   - epsilon: Added to the variance before the root.
  public init(columns: Int, clip: Float = 10, epsilon: Double = 1e-8) {
    self.columns = columns
    self.clip = clip
    self.epsilon = epsilon
    mean = [Double](repeating: 0, count: columns)
    squares = mean
  }

  /// Per column; 1 before anything was seen.
  public var variance: [Double] { squares.map { count > 0 ? $0 / count : 1 } }

  /// Takes in `rows: [any, columns]`.
  public mutating func update(_ rows: UnsafeBufferPointer<Float>) {
    precondition(rows.count % columns == 0, "\(rows.count) numbers are not rows of \(columns)")
    let added = Double(rows.count / columns)
    guard added > 0 else { return }
    let total = count + added
    for column in 0..<columns {
      var sum = 0.0
      for index in stride(from: column, to: rows.count, by: columns) { sum += Double(rows[index]) }
      let batchMean = sum / added
      var batchSquares = 0.0
      for index in stride(from: column, to: rows.count, by: columns) {
        batchSquares += (Double(rows[index]) - batchMean) * (Double(rows[index]) - batchMean)
      }
      let shift = batchMean - mean[column]
      mean[column] += shift * added / total
      squares[column] += batchSquares + shift * shift * count * added / total
    }
    count = total
  }

  /// As the other one, for `rows: [any, columns]` in an array.
  public mutating func update(_ rows: [Float]) {
    rows.withUnsafeBufferPointer { update($0) }
  }

  /// `(x - mean) / √(variance + ε)` within ±clip, in place; the numbers themselves, cut, before anything was seen.
  public func normalize(_ rows: UnsafeMutableBufferPointer<Float>) {
    precondition(rows.count % columns == 0, "\(rows.count) numbers are not rows of \(columns)")
    for column in 0..<columns {
      let center = Float(mean[column])
      let scale = deviationScale(column)
      for index in stride(from: column, to: rows.count, by: columns) {
        rows[index] = min(clip, max(-clip, (rows[index] - center) * scale))
      }
    }
  }

  /// As the other one, for `rows: [any, columns]` in an array.
  public func normalize(_ rows: inout [Float]) {
    rows.withUnsafeMutableBufferPointer { normalize($0) }
  }

  /// Divides by the standard deviation without moving the mean, within ±clip: for rewards by the deviation of
  /// their discounted return.
  public func scale(_ rows: UnsafeMutableBufferPointer<Float>) {
    for column in 0..<columns {
      let scale = deviationScale(column)
      for index in stride(from: column, to: rows.count, by: columns) {
        rows[index] = min(clip, max(-clip, rows[index] * scale))
      }
    }
  }

  /// As the other one, for `rows: [any, columns]` in an array.
  public func scale(_ rows: inout [Float]) {
    rows.withUnsafeMutableBufferPointer { scale($0) }
  }

  private func deviationScale(_ column: Int) -> Float {
    let variance = count > 0 ? squares[column] / count : 1
    return Float(1 / (variance + epsilon).squareRoot())
  }

  /// `mean`, `squares` and `count`; `clip` and `epsilon` are the configuration's.
  public func savedState() -> SavedState {
    var state = SavedState()
    state.set("mean", mean)
    state.set("squares", squares)
    state.set("count", scalar: count)
    return state
  }

  /// - Throws: `UserError` when an array is missing or has another number of columns; nothing is changed then.
  public mutating func restore(_ state: SavedState) throws(UserError) {
    let mean = try state.get("mean", as: Double.self, count: columns)
    let squares = try state.get("squares", as: Double.self, count: columns)
    count = try state.scalar("count", as: Double.self)
    (self.mean, self.squares) = (mean, squares)
  }
}
