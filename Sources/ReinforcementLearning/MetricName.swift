/// What a metric is called: the one list of the names that are logged, so that a misspelt one does not compile.
///
/// `topic/nameInCamelCase`. The names are part of every log, chart and comparison that exists: one that is changed
/// leaves them without their past. What dashboards made for other programs call them is `MetricNames`' to say.
public struct MetricName: Sendable, Hashable, CustomStringConvertible {
  /// The name as it is logged.
  public let text: String

  private init(_ text: String) { self.text = text }

  public var description: String { text }
}

/// Names with a part that an environment or a reward design gives.
extension MetricName {
  /// A measure of the training's latest episodes.
  public static func episode(_ measure: String) -> MetricName { MetricName("episode/\(measure)") }
  /// A measure of an evaluation.
  public static func evaluation(_ measure: String) -> MetricName { MetricName("evaluation/\(measure)") }
  /// A reward component, its sum in an episode.
  public static func reward(_ component: String) -> MetricName { MetricName("reward/\(component)") }
  /// A measure by its bare name, for who shows it and logs nothing.
  public static func measure(_ name: String) -> MetricName { MetricName(name) }

  /// What follows `episode/`; nil for a name of another topic.
  public static func measure(ofEpisode name: String) -> String? { rest(of: name, after: "episode/") }
  /// What follows `reward/`; nil for a name of another topic.
  public static func component(ofReward name: String) -> String? { rest(of: name, after: "reward/") }

  private static func rest(of name: String, after topic: String) -> String? {
    name.hasPrefix(topic) ? String(name.dropFirst(topic.count)) : nil
  }
}

extension MetricName {
  // Episodes of the training: how many have ended, and the step at which the first success came.
  public static let episodeCount = MetricName("episode/count")
  public static let episodeFirstSuccess = MetricName("episode/firstSuccess")

  // Speed: steps a second of the last seconds, seconds since the program took the run up, iterations of the agent.
  public static let speedStepsPerSecond = MetricName("speed/stepsPerSecond")
  public static let speedWallSeconds = MetricName("speed/wallSeconds")
  public static let speedIterations = MetricName("speed/iterations")

  // The policy: means over the samples of an iteration.
  public static let policyLoss = MetricName("policy/loss")
  public static let policyEntropy = MetricName("policy/entropy")
  public static let policyTargetEntropy = MetricName("policy/targetEntropy")
  public static let policyAccuracy = MetricName("policy/accuracy")
  public static let policyApproximateKL = MetricName("policy/approximateKL")
  public static let policyOldApproximateKL = MetricName("policy/oldApproximateKL")
  public static let policyClipFraction = MetricName("policy/clipFraction")
  public static let policyClipRange = MetricName("policy/clipRange")
  public static let policyStandardDeviation = MetricName("policy/standardDeviation")
  public static let policyExplorationRate = MetricName("policy/explorationRate")
  public static let policyEntropyCoefficient = MetricName("policy/entropyCoefficient")
  public static let policyEntropyCoefficientLoss = MetricName("policy/entropyCoefficientLoss")
  public static let actorLoss = MetricName("actor/loss")

  // The value function.
  public static let valueLoss = MetricName("value/loss")
  public static let valueExplainedVariance = MetricName("value/explainedVariance")
  public static let valueClipRange = MetricName("value/clipRange")
  public static let criticLoss = MetricName("critic/loss")
  public static let criticTemporalDifferenceLoss = MetricName("critic/temporalDifferenceLoss")
  public static let criticValue = MetricName("critic/value")

  // The optimizer and what it learns from.
  public static let lossTotal = MetricName("loss/total")
  public static let optimizerLearningRate = MetricName("optimizer/learningRate")
  public static let optimizerGradientNorm = MetricName("optimizer/gradientNorm")
  public static let optimizerEpochs = MetricName("optimizer/epochs")
  public static let optimizerUpdates = MetricName("optimizer/updates")
  public static let bufferPositions = MetricName("buffer/positions")

  // Reward models.
  public static let countStates = MetricName("count/states")
  public static let rndLoss = MetricName("rnd/loss")
  public static let rndDeviation = MetricName("rnd/deviation")

  // Searches: of a decision, or of a problem.
  public static let searchSimulations = MetricName("search/simulations")
  public static let searchDepth = MetricName("search/depth")
  public static let searchDeepest = MetricName("search/deepest")
  public static let searchValue = MetricName("search/value")
  public static let searchValueError = MetricName("search/valueError")
  public static let searchSolved = MetricName("search/solved")
  public static let searchReused = MetricName("search/reused")
  public static let searchSuccess = MetricName("search/success")
  public static let searchRounds = MetricName("search/rounds")
  public static let searchExpansions = MetricName("search/expansions")
  public static let searchSteps = MetricName("search/steps")
  public static let solutionExpansions = MetricName("solution/expansions")
  public static let solutionSteps = MetricName("solution/steps")
  public static let solutionLength = MetricName("solution/length")
  public static let proposerSuccess = MetricName("proposer/success")

  // Games of self-play.
  public static let gameCount = MetricName("game/count")
  public static let gameLength = MetricName("game/length")
  public static let gameFirstPlayerScore = MetricName("game/firstPlayerScore")

  // Archives, and the returns to their cells.
  public static let archiveCells = MetricName("archive/cells")
  public static let archiveNewCells = MetricName("archive/newCells")
  public static let archiveSteps = MetricName("archive/steps")
  public static let archiveTrajectories = MetricName("archive/trajectories")
  public static let archiveSolved = MetricName("archive/solved")
  public static let archiveBestScore = MetricName("archive/bestScore")
  public static let archiveBestLength = MetricName("archive/bestLength")
  public static let archiveFirstSuccess = MetricName("archive/firstSuccess")
  public static let returnShare = MetricName("return/share")
  public static let returnAbandoned = MetricName("return/abandoned")
  public static let returnSuccess = MetricName("return/success")
  public static let returnProgress = MetricName("return/progress")

  // The backward algorithm's windows.
  public static let startWindowEnd = MetricName("start/windowEnd")
  public static let startRemaining = MetricName("start/remaining")
  public static let startWindowSuccess = MetricName("start/windowSuccess")
  public static let startGameSuccess = MetricName("start/gameSuccess")
}
