import Groundwork
public import ReinforcementLearning

/// Networks that score numbers, learnt from which of two is better, as `PreferenceReward` learns what steps pay: for
/// studies of what is learnt that need no environment.
public struct FeatureScores: Sendable {
  private let features: Int
  private let stride: Int
  private var ensemble: RewardEnsemble
  private var pairs: AnsweredClips
  private let workers = Workers(count: 1)

  /// - Parameters:
  ///   - features: Numbers that are scored together.
  ///   - configuration: Of the networks and their training; the rest is not looked at.
  /// - Throws: `UserError` for networks that cannot be.
  public init(features: Int, _ configuration: PreferenceReward.Configuration, seed: UInt64) throws {
    var configuration = configuration
    configuration.segment = 1
    configuration.feedback = .comparisons
    try Check.all(configuration.checks)
    self.features = features
    let row = ObservationLayout(
      Specification(
        fields: [Field("features", shape: [features], element: .float32)], actions: .discrete(["none"]), timeLimit: 1,
        rewards: -1...1))
    stride = row.rowBytes
    ensemble = try RewardEnsemble(configuration, row: row, seed: seed)
    pairs = AnsweredClips(stride: stride)
  }

  /// Learns from pairs, `[features]` each; a target is 1 where the first is better, 0 where the second is.
  ///
  /// - Throws: `UserError` when the loss is no longer a number.
  public mutating func learn(
    from answers: [(first: [Float], second: [Float], target: Float)], random: inout RandomSource
  ) throws {
    for answer in answers {
      pairs.append(record(answer.first), record(answer.second), target: answer.target)
    }
    _ = try ensemble.learn(from: pairs, step: 0, random: &random, workers: workers)
  }

  /// What each network makes of some, `[networks][rows]`.
  ///
  /// - Parameter values: `[rows x features]`.
  public func scores(of values: [Float]) -> [[Float]] {
    let count = values.count / features
    precondition(values.count == count * features, "\(values.count) numbers are not rows of \(features)")
    var rows = [UInt8](repeating: 0, count: count * stride)
    for row in 0..<count { write(values[row * features..<(row + 1) * features], to: &rows, at: row * stride) }
    let all = rows.withUnsafeBytes { ensemble.rewards($0.baseAddress!, count: count, stride: stride, workers) }
    return (0..<ensemble.count).map { Array(all[$0 * count..<($0 + 1) * count]) }
  }

  private func record(_ values: [Float]) -> ClipRecord {
    precondition(values.count == features, "\(values.count) numbers are not \(features)")
    var clip = ClipRecord(count: 1, rows: Array(repeating: 0, count: stride))
    write(values[...], to: &clip.rows, at: 0)
    return clip
  }

  private func write(_ values: ArraySlice<Float>, to rows: inout [UInt8], at place: Int) {
    rows.withUnsafeMutableBytes { bytes in
      for (number, value) in values.enumerated() {
        bytes.storeBytes(of: value, toByteOffset: place + 4 * number, as: Float.self)
      }
    }
  }
}
