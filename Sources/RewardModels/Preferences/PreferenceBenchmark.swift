public import Groundwork
import ReinforcementLearning

/// The training of reward networks from comparisons, for whoever measures how fast it is.
///
/// A run is three passes over 200 pairs of clips of 50 steps, six numbers a step (as in CartPole: an observation of
/// four, two actions), minibatches of 64 pairs, two hidden layers of 64 units. It goes on learning from run to run.
public struct PreferenceBenchmark: Sendable {
  /// Pairs of clips that all networks learn from.
  public static let pairs = 200
  /// Passes of a run.
  public static let passes = 3
  private static let segment = 50
  private static let width = 6

  /// Networks of the ensemble.
  public let networks: Int
  private var ensemble: RewardEnsemble
  private var answers: AnsweredClips
  private var random = RandomSource(seed: 1)
  private let workers: Workers

  /// Draws clips and says which of two is better: the one whose first numbers add up to more.
  ///
  /// - Throws: `UserError` for more networks than an ensemble has.
  public init(networks: Int, workers: Workers) throws {
    var configuration = PreferenceReward.Configuration()
    (configuration.ensemble, configuration.segment) = (networks, PreferenceBenchmark.segment)
    // No pass is left out because enough is explained.
    (configuration.epochs, configuration.accuracy) = (PreferenceBenchmark.passes, 1)
    configuration.minibatch = 64
    try Check.all(configuration.checks)
    self.networks = networks
    self.workers = workers
    let row = ObservationLayout(
      Specification(
        fields: [Field("step", shape: [PreferenceBenchmark.width], element: .float32)], actions: .discrete(["none"]),
        timeLimit: 1, rewards: -1...1))
    ensemble = try RewardEnsemble(configuration, row: row, seed: 1)
    answers = AnsweredClips(stride: row.rowBytes)
    for _ in 0..<PreferenceBenchmark.pairs {
      let clips = [clip(row.rowBytes), clip(row.rowBytes)]
      answers.append(clips[0].record, clips[1].record, target: clips[0].worth > clips[1].worth ? 1 : 0)
    }
  }

  private mutating func clip(_ stride: Int) -> (record: ClipRecord, worth: Float) {
    let count = PreferenceBenchmark.segment
    var record = ClipRecord(count: count, rows: Array(repeating: 0, count: count * stride))
    var worth: Float = 0
    record.rows.withUnsafeMutableBytes { bytes in
      for step in 0..<count {
        for number in 0..<PreferenceBenchmark.width {
          let value = Float(random.normal())
          if number == 0 { worth += value }
          bytes.storeBytes(of: value, toByteOffset: step * stride + 4 * number, as: Float.self)
        }
      }
    }
    return (record, worth)
  }

  /// Three passes of each network over all pairs.
  ///
  /// - Returns: Pairs that the ensemble has passed over, those of one network: 600.
  /// - Throws: `UserError` when a loss is no longer a number.
  public mutating func run() throws -> Int {
    let result = try ensemble.learn(from: answers, step: 0, random: &random, workers: workers)
    return result.answers / networks
  }
}
