/// What a metric is called: the one list of the names that are logged, so that a misspelt one does not compile.
///
/// `topic/nameInCamelCase`. The names are part of every log, chart and comparison that exists: one that is changed
/// leaves them without their past. What dashboards made for other programs call them is `MetricNames`' to say.
public struct MetricName: Sendable, Hashable, CustomStringConvertible {
  /// The name as it is logged.
  public let text: String

  /// A name that no agent here logs: an agent of your own declares its names as constants beside itself, as below.
  public init(_ text: String) { self.text = text }

  /// The name as it is logged.
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
  /// Episodes that ended since the run began.
  public static let episodeCount = MetricName("episode/count")
  /// Of them those that were cut because the environment broke; left out where none can.
  public static let episodeFaults = MetricName("episode/faults")
  /// The step of the run at which the first success came; left out before it.
  public static let episodeFirstSuccess = MetricName("episode/firstSuccess")

  // Speed: steps a second of the last seconds, seconds that the run has taken (resumed ones go on), iterations.
  /// Environment steps a second over the last seconds of training, evaluations left out.
  public static let speedStepsPerSecond = MetricName("speed/stepsPerSecond")
  /// Seconds that the run has taken; those of a resumed run go on.
  public static let speedWallSeconds = MetricName("speed/wallSeconds")
  /// Of them those that the reward design took: scoring what was collected, and learning from it.
  public static let speedRewardSeconds = MetricName("speed/rewardSeconds")
  /// Iterations of the agent so far.
  public static let speedIterations = MetricName("speed/iterations")

  // The policy: means over the samples of an iteration.
  /// What the policy descends: PPO's clipped surrogate, a cross-entropy with a search's policy or with recorded steps.
  public static let policyLoss = MetricName("policy/loss")
  /// Entropy of the policy, nats.
  public static let policyEntropy = MetricName("policy/entropy")
  /// Entropy of the policies that it learns from, nats.
  public static let policyTargetEntropy = MetricName("policy/targetEntropy")
  /// Share of recorded steps that are the policy's most likely ones, 0 to 1.
  public static let policyAccuracy = MetricName("policy/accuracy")
  /// Divergence of the policy from that which collected, nats: the mean of ratio - 1 - log ratio.
  public static let policyApproximateKL = MetricName("policy/approximateKL")
  /// The same, estimated by the mean of -log ratio.
  public static let policyOldApproximateKL = MetricName("policy/oldApproximateKL")
  /// Share of samples whose ratio was outside of the clip range, 0 to 1.
  public static let policyClipFraction = MetricName("policy/clipFraction")
  /// epsilon of the clipped surrogate.
  public static let policyClipRange = MetricName("policy/clipRange")
  /// Standard deviation of continuous actions, the mean over their elements.
  public static let policyStandardDeviation = MetricName("policy/standardDeviation")
  /// How often an action is drawn at random, 0 to 1.
  public static let policyExplorationRate = MetricName("policy/explorationRate")
  /// Weight of the entropy, where it is learnt or annealed.
  public static let policyEntropyCoefficient = MetricName("policy/entropyCoefficient")
  /// What the learning of that weight descends.
  public static let policyEntropyCoefficientLoss = MetricName("policy/entropyCoefficientLoss")
  /// What an off-policy actor descends.
  public static let actorLoss = MetricName("actor/loss")

  // The value function.
  /// What the value descends: a mean square, or a cross-entropy where values are 0 to 1.
  public static let valueLoss = MetricName("value/loss")
  /// 1 - variance of the value's errors / variance of the returns; 1 at best, below 0 for worse than a constant.
  public static let valueExplainedVariance = MetricName("value/explainedVariance")
  /// How far a value may move from that which collected.
  public static let valueClipRange = MetricName("value/clipRange")
  /// What an off-policy critic descends.
  public static let criticLoss = MetricName("critic/loss")
  /// Mean square of its temporal differences.
  public static let criticTemporalDifferenceLoss = MetricName("critic/temporalDifferenceLoss")
  /// Mean of its values.
  public static let criticValue = MetricName("critic/value")

  // The optimizer and what it learns from.
  /// Sum of all that one optimizer descends, weights applied.
  public static let lossTotal = MetricName("loss/total")
  /// Step size of the iteration.
  public static let optimizerLearningRate = MetricName("optimizer/learningRate")
  /// Norm of the gradient before it was scaled down, the mean over steps.
  public static let optimizerGradientNorm = MetricName("optimizer/gradientNorm")
  /// Passes over the rollout, fewer where the divergence ended them.
  public static let optimizerEpochs = MetricName("optimizer/epochs")
  /// Optimizer steps since the run began.
  public static let optimizerUpdates = MetricName("optimizer/updates")
  /// Positions that the buffer holds.
  public static let bufferPositions = MetricName("buffer/positions")

  // Reward models.
  /// States that were counted so far.
  public static let countStates = MetricName("count/states")
  /// Different messages that came so far.
  public static let messagesKnown = MetricName("messages/known")
  /// Of them those that are good for the goal.
  public static let messagesGood = MetricName("messages/good")
  /// Of them those whose answer said neither good nor bad.
  public static let messagesUnreadable = MetricName("messages/unreadable")
  /// Times that a new message found the queue full.
  public static let messagesTurnedAway = MetricName("messages/turnedAway")
  /// Questions of the iteration over its steps.
  public static let messagesAskedShare = MetricName("messages/askedShare")
  /// Of the iteration's steps with a message the share whose message was judged good or bad before.
  public static let messagesJudgedShare = MetricName("messages/judgedShare")
  /// Of the messages that a language model judged the share that scripted labels judge alike.
  public static let messagesAgreement = MetricName("messages/agreement")
  /// Messages that a language model judged, a second of its own time.
  public static let speedLabelsPerSecond = MetricName("speed/labelsPerSecond")
  /// Mean square of the predictor's error on what it learnt from.
  public static let rndLoss = MetricName("rnd/loss")
  /// Deviation of the discounted returns of the error, which rewards are divided by.
  public static let rndDeviation = MetricName("rnd/deviation")
  /// Questions about pairs of clips that were asked so far.
  public static let preferencesAsked = MetricName("preferences/asked")
  /// Answers that were taken in and are learnt from.
  public static let preferencesAnswers = MetricName("preferences/answers")
  /// Of them those that call both clips equal.
  public static let preferencesEqual = MetricName("preferences/equal")
  /// Questions that were skipped.
  public static let preferencesSkipped = MetricName("preferences/skipped")
  /// Cross-entropy of an answer, the mean over networks.
  public static let preferencesLoss = MetricName("preferences/loss")
  /// Share of the answers learnt from that the networks explain, where a clip is better.
  public static let preferencesAccuracy = MetricName("preferences/accuracy")
  /// Share of a session's new answers that the networks expected, before they learnt from them.
  public static let preferencesNewAccuracy = MetricName("preferences/newAccuracy")
  /// Passes over all answers in a session, the mean over networks.
  public static let preferencesEpochs = MetricName("preferences/epochs")
  /// Deviation of the networks' probabilities of the pairs that were asked about, the mean.
  public static let preferencesDisagreement = MetricName("preferences/disagreement")
  /// Of the reward of the latest clips with the environment's return in them, -1 to 1; left out where either is the
  /// same in all.
  public static let preferencesCorrelation = MetricName("preferences/correlation")
  /// Answered pairs that a network's gradient was taken of, a second of its learning, over all networks.
  public static let speedPairsPerSecond = MetricName("speed/pairsPerSecond")

  // Searches: of a decision, or of a problem.
  /// Simulations of a decision, the mean.
  public static let searchSimulations = MetricName("search/simulations")
  /// Edges from the root to a simulation's leaf, the mean.
  public static let searchDepth = MetricName("search/depth")
  /// The most of them.
  public static let searchDeepest = MetricName("search/deepest")
  /// Value of the root, the mean over decisions.
  public static let searchValue = MetricName("search/value")
  /// Mean square of what the search thought of a position less what came of it.
  public static let searchValueError = MetricName("search/valueError")
  /// Share of decisions whose root was proven, 0 to 1.
  public static let searchSolved = MetricName("search/solved")
  /// Share of decisions that went on with a tree, 0 to 1.
  public static let searchReused = MetricName("search/reused")
  /// Share of problems that the search solved, 0 to 1.
  public static let searchSuccess = MetricName("search/success")
  /// Rounds of a problem's search, the mean.
  public static let searchRounds = MetricName("search/rounds")
  /// Expansions of a problem's search, the mean.
  public static let searchExpansions = MetricName("search/expansions")
  /// Simulator steps of a problem's search, the mean.
  public static let searchSteps = MetricName("search/steps")
  /// Expansions of the searches that solved their problem, the mean.
  public static let solutionExpansions = MetricName("solution/expansions")
  /// Simulator steps of the searches that solved their problem, the mean.
  public static let solutionSteps = MetricName("solution/steps")
  /// Steps of a solution, the mean.
  public static let solutionLength = MetricName("solution/length")
  /// Share of problems that the proposer solved alone, 0 to 1.
  public static let proposerSuccess = MetricName("proposer/success")

  // Games of self-play.
  /// Games of self-play that ended in the iteration.
  public static let gameCount = MetricName("game/count")
  /// Moves of a game, the mean.
  public static let gameLength = MetricName("game/length")
  /// What the first player got of a game, 1, 1/2 or 0, the mean.
  public static let gameFirstPlayerScore = MetricName("game/firstPlayerScore")

  // Archives, and the returns to their cells.
  /// Cells found so far.
  public static let archiveCells = MetricName("archive/cells")
  /// Cells found in the iteration.
  public static let archiveNewCells = MetricName("archive/newCells")
  /// Steps in the log that the cells' ways share.
  public static let archiveSteps = MetricName("archive/steps")
  /// Trajectories that are kept, each once.
  public static let archiveTrajectories = MetricName("archive/trajectories")
  /// 1 once an episode succeeded, otherwise 0.
  public static let archiveSolved = MetricName("archive/solved")
  /// Return of the best way.
  public static let archiveBestScore = MetricName("archive/bestScore")
  /// Steps of the best way.
  public static let archiveBestLength = MetricName("archive/bestLength")
  /// Steps explored until the first success; left out before it.
  public static let archiveFirstSuccess = MetricName("archive/firstSuccess")
  /// Cells whose state was given up for room, and which are reached by their actions.
  public static let archiveStatesGivenUp = MetricName("archive/statesGivenUp")
  /// Share of samples that followed a trajectory and are learnt from, 0 to 1.
  public static let returnShare = MetricName("return/share")
  /// Episodes that were given up in the iteration.
  public static let returnAbandoned = MetricName("return/abandoned")
  /// Share of the last hundred trajectories that were followed to their ends, 0 to 1.
  public static let returnSuccess = MetricName("return/success")
  /// How much of a trajectory was followed, 0 to 1, the mean of the iteration.
  public static let returnProgress = MetricName("return/progress")

  // What a language model was asked for the iteration's decisions, evaluations left out; what it said may come out of a
  // recording.
  /// Completions that were asked for.
  public static let modelQueries = MetricName("model/queries")
  /// Those of them that could not be read.
  public static let modelUnreadable = MetricName("model/unreadable")
  /// Tokens of the prompts, as the back end counts them.
  public static let modelPromptTokens = MetricName("model/promptTokens")
  /// Tokens of the answers, as the back end counts them.
  public static let modelAnswerTokens = MetricName("model/answerTokens")
  /// What they cost where a server answers them, by the prices in the settings; left out where there are none.
  public static let modelCost = MetricName("model/cost")
  // What a server answered so far in this program, evaluations included and answers out of a recording left out: like a
  // clock, other figures in a run that is repeated or resumed. Left out where no server was asked.
  /// Requests that were answered.
  public static let speedModelRequests = MetricName("speed/modelRequests")
  /// Tokens of their prompts, as the server counts them.
  public static let speedModelPromptTokens = MetricName("speed/modelPromptTokens")
  /// Tokens of their answers, as the server counts them.
  public static let speedModelAnswerTokens = MetricName("speed/modelAnswerTokens")
  /// Answers that did not say how many tokens, which are in neither sum; left out where there are none.
  public static let speedModelUncounted = MetricName("speed/modelUncounted")
  /// What they cost, by the prices in the settings; left out where there are none.
  public static let speedModelCost = MetricName("speed/modelCost")

  // The backward algorithm's windows.
  /// Step of the demonstration at which a window ends, the mean over demonstrations.
  public static let startWindowEnd = MetricName("start/windowEnd")
  /// The same as a share of the demonstration: 1 to begin with, 0 at its start.
  public static let startRemaining = MetricName("start/remaining")
  /// Success rate of a window's start points, 0 for one that was never tried: the mean over points, then windows.
  public static let startWindowSuccess = MetricName("start/windowSuccess")
  /// Share of the iteration's episodes from the game's own start that succeeded; left out without one.
  public static let startGameSuccess = MetricName("start/gameSuccess")
}
