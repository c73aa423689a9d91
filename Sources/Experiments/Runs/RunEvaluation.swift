public import Groundwork
public import ReinforcementLearning

/// The evaluation of one policy with intervals over its episodes: `evaluation.json`, and what `forage evaluate`
/// prints.
///
/// The intervals say how well these episodes measure this policy. They are not the intervals of a comparison,
/// which are over runs.
public struct RunEvaluation: Codable, Hashable, Sendable {
  /// A mean with its 95 % interval; low and high are nil for a single episode.
  public struct Figure: Codable, Hashable, Sendable {
    public var mean: Double
    public var low: Double?
    public var high: Double?
  }

  /// Environment steps of training before it.
  public var step: Int
  /// Seed of the evaluation's episodes.
  public var seed: UInt64
  public var choice: ActionChoice
  public var episodes: Int
  /// The environment's undiscounted return; bootstrap interval.
  public var `return`: Figure
  /// The rate of success by the environment's own rule; Wilson's interval.
  public var success: Figure
  public var length: Figure
  /// One element an episode.
  public var returns: [Double]
  public var successes: [Bool]

  public init(_ evaluation: Evaluation, step: Int, seed: UInt64, choice: ActionChoice) {
    self.step = step
    self.seed = seed
    self.choice = choice
    episodes = evaluation.episodes.count
    returns = evaluation.returns
    successes = evaluation.successes
    var random = RandomSource(seed: seed, purpose: .evaluationIntervals, index: 0)
    func figure(_ values: [Double]) -> Figure {
      let estimate = Bootstrap(replicates: 10_000).mean(of: values, random: &random)
      return Figure(mean: estimate.value, low: estimate.interval?.low, high: estimate.interval?.high)
    }
    `return` = figure(returns)
    length = figure(evaluation.lengths.map(Double.init))
    let rate = SuccessRate.wilsonInterval(successes: Double(successes.count { $0 }), trials: episodes)
    success = Figure(mean: evaluation.successRate, low: rate?.low, high: rate?.high)
  }

  public init(reading path: String) throws(UserError) {
    self = try JSON(parsing: try Files.read(path), name: "'\(path)'").decoded(name: "'\(path)'")
  }

  public func write(to path: String) throws(UserError) {
    try Files.writeAtomically(JSON(encoding: self).text(pretty: true) + "\n", to: path)
  }
}

extension Evaluation {
  /// The episode whose return is the median (the lower of the two middle ones); nil when there is none.
  public var medianEpisode: EpisodeRecord? {
    guard !episodes.isEmpty else { return nil }
    let order = episodes.indices.sorted {
      (episodes[$0].environmentReturn, $0) < (episodes[$1].environmentReturn, $1)
    }
    return episodes[order[(order.count - 1) / 2]]
  }
}
