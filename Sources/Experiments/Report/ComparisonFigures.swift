public import ReinforcementLearning

/// Every figure of a comparison: what the page, `report.json`, the CSV files and the terminal table show.
///
/// A score is what a task is judged by, its first measure, on a scale from 0 (poor) to 1 (perfect): a rate as it is,
/// anything else scaled to the measure's range, so that more is always better. Steps to solve are environment steps.
public struct ComparisonFigures: Sendable, Hashable, Codable {
  /// The runs that the figures were made of.
  public var summary: ComparisonSummary
  /// The arms' names in order of appearance.
  public var arms: [String]
  /// In the summary's order.
  public var environments: [EnvironmentFigures]
  /// The ids of the environments on which every arm with any result has some: what `overall` is about, so that all its
  /// arms have the same tasks.
  public var commonEnvironments: [String]
  /// The arms with results, over the common environments; empty where there are none.
  public var overall: [OverallFigures]
  /// `[overall arm][other]`: by final scores, over the common environments.
  public var overallComparisons: [[ArmComparison]]
  /// Sentences that answer "which is best", no bolder than the intervals allow.
  public var headline: [String]
  /// The confidence of every interval.
  public var confidence: Double
}

/// Two arms compared by their runs' scores.
public struct ArmComparison: Sendable, Hashable, Codable {
  /// How many tasks say what, where every one of them says it without doubt.
  public struct Certainties: Sendable, Hashable, Codable {
    /// Tasks on which every run of the arm is above every one of the other.
    public var better: Int
    /// Tasks on which all runs are equal.
    public var equal: Int
    /// Tasks on which every run of the arm is below every one of the other.
    public var worse: Int
  }

  /// How likely a run of the arm is to score above one of the other; over several tasks the mean of theirs.
  public var probability: Estimate
  /// The two-sided p-value of a permutation test of the same: exact for few runs within one environment, the normal
  /// approximation for many. Always a number.
  public var pValue: Double
  /// Over several tasks that differ without doubt: the mean of a tie and a certainty says nothing of either, so these
  /// counts are shown in place of the probability. Nil everywhere else.
  public var certainties: Certainties?

  /// Whether the difference is more than the noise between runs: the interval excludes ½ and p < 0.05. The
  /// second condition is what few runs cannot meet.
  public var isDistinguishable: Bool {
    guard let interval = probability.interval else { return false }
    return !interval.contains(0.5) && pValue < 0.05
  }

  /// The same seen from the other arm.
  var reversed: ArmComparison {
    var other = self
    other.probability.value = 1 - probability.value
    other.probability.interval = probability.interval.map { Interval(low: 1 - $0.high, high: 1 - $0.low) }
    other.certainties = certainties.map { Certainties(better: $0.worse, equal: $0.equal, worse: $0.better) }
    return other
  }
}

/// The figures of all arms on one environment.
public struct EnvironmentFigures: Sendable, Hashable, Codable {
  /// As the summary names it, settings included.
  public var id: String
  /// What is reported of every episode; the first is what the task is judged by.
  public var measures: [Measure]
  /// What a score is: "success", or how the first measure was scaled.
  public var scoreName: String
  /// The first measure's value at which a run counts as having solved the task.
  public var solvedValue: Double
  /// The first measure's value short of which a run has failed; nil where none is known, and then only runs that broke
  /// count as failed.
  public var failureLimit: Double?
  /// In the summary's order, arms without a result included.
  public var arms: [ArmFigures]
  /// The places of the arms that may be the best by the mean of what the task is judged by, the highest first: every
  /// one whose interval overlaps the highest's, or whose runs a test cannot tell from its. Empty without results.
  public var best: [Int]
  /// `[arm][other]`: by final score.
  public var comparisons: [[ArmComparison]]
  /// `[arm][other]`: by the mean score over training, which is what "learns faster" means here.
  public var speedComparisons: [[ArmComparison]]
}

/// One arm on one environment. Runs that broke are in no figure; with none left, figures are NaN and lists are empty.
public struct ArmFigures: Sendable, Hashable, Codable {
  /// The summary's.
  public var name: String
  /// What it was granted beyond observations and rewards.
  public var needs: [String]
  /// Runs that gave a result.
  public var runs: Int
  /// Runs that broke and gave none.
  public var failures: Int
  /// Runs that are not finished and are left out.
  public var missing: Int
  /// Failed runs: those that broke, and those that ended short of the environment's failure limit.
  public var failed: Int
  /// Their share of the runs that ended.
  public var failedShare: Double
  /// The fewest and the most environment steps that a run used.
  public var fewestSteps: Int
  /// The most of them; see `fewestSteps`.
  public var mostSteps: Int
  /// Evaluation episodes, of all runs.
  public var episodes: Int
  /// In the environment's order, of the last evaluation.
  public var measures: [MeasureFigures]
  /// Interquartile mean of the final scores.
  public var score: Estimate
  /// Interquartile mean of the score averaged over training; not a number where nothing was evaluated before the end.
  public var speed: Estimate
  /// `[runs]`, last evaluation.
  public var finalScores: [Double]
  /// `[runs]`, averages over training; empty where nothing was evaluated before the end.
  public var speeds: [Double]
  /// Against the first arm, by final score; `nil` for that arm itself.
  public var overBaseline: ArmComparison?
  /// `[runs]`: the first evaluation that reached the threshold, the last one included.
  public var stepsToThreshold: [Int?]
  /// Their median, runs that never got there counted as infinite; `nil` when that is infinite.
  public var medianStepsToThreshold: Int?
  /// How soon training came upon a success; `nil` where no run of the environment did.
  public var firstSuccess: FirstSuccessFigures?
  /// Seconds of wall clock of a run, its evaluations during training included: the mean over runs.
  public var wallSeconds: Double
  /// Environment steps of training a second, evaluations left out: the mean over runs.
  public var stepsPerSecond: Double
  /// What each component of the reward design paid.
  public var components: [ComponentFigures]
  /// What it was paid against what that was worth; nil where its reward is the environment's.
  public var design: DesignFigures?

  /// What the task is judged by.
  public var judged: MeasureFigures { measures[0] }
}

/// One measure of one arm, over its runs.
public struct MeasureFigures: Sendable, Hashable, Codable {
  /// The measure's.
  public var name: String
  /// Of a rate the interval is the hull of the bootstrap over runs and Wilson's over episodes: runs that all succeeded
  /// always have no spread, but are not certain.
  public var mean: Estimate
  /// Over runs: the mean without the best and the worst quarter of them, rounded down.
  public var interquartileMean: Estimate
  /// The worst run's value, which an interquartile mean hides.
  public var worst: Double
  /// `[runs]`
  public var values: [Double]
  /// Over training.
  public var curve: [CurveFigure]
  /// Inside an episode, by its steps; empty for a measure without a curve.
  public var episodeCurve: [CurveFigure]
}

/// Environment steps of training until an episode first succeeded, whatever the policy can do afterwards.
///
/// A run without a success counts with all its steps: where there are such runs, the figures are lower bounds.
public struct FirstSuccessFigures: Sendable, Hashable, Codable {
  /// `[runs]`; `nil` where none succeeded.
  public var steps: [Int?]
  /// Over runs.
  public var mean: Estimate
  /// Over runs: the mean without the best and the worst quarter of them, rounded down.
  public var interquartileMean: Estimate
  /// Over runs.
  public var median: Estimate
  /// The most steps that a run took.
  public var worst: Int

  /// Runs with a success.
  public var succeeded: Int { steps.count { $0 != nil } }
}

/// The interquartile mean over runs at one step.
public struct CurveFigure: Sendable, Hashable, Codable {
  /// Environment steps of training, or steps of an episode.
  public var step: Int
  /// What it is there.
  public var estimate: Estimate
}

/// What one component of a reward design paid in an episode, over training.
public struct ComponentFigures: Sendable, Hashable, Codable {
  /// The component's.
  public var name: String
  /// Its sum an episode, weight applied.
  public var curve: [CurveFigure]
}

/// One arm over the environments that all arms have in common.
public struct OverallFigures: Sendable, Hashable, Codable {
  /// The arm's.
  public var name: String
  /// The common environments.
  public var environments: Int
  /// Runs that gave a result, on all of them.
  public var runs: Int
  /// Failed runs on all of them: see `ArmFigures.failed`.
  public var failed: Int
  /// Their share of the runs that ended.
  public var failedShare: Double
  /// Of all final scores, `[environments, runs]` taken together.
  public var interquartileMean: Estimate
  /// Of all final scores; environments weigh the same.
  public var mean: Estimate
  /// The median over environments of the mean over runs.
  public var median: Estimate
  /// The worst run's score.
  public var worst: Double
  /// How far the scores fall short of 1 on average, those above it counted as 1; less is better.
  public var optimalityGap: Estimate
  /// Against the first of these arms; nil for that arm itself.
  public var overBaseline: ArmComparison?
  /// `[ComparisonFigures.profileThresholds]`.
  public var profile: [Estimate]
  /// Interquartile mean of all scores at parts of the budget; steps are those of the longest environment.
  public var efficiency: [CurveFigure]
}

extension ComparisonFigures {
  /// The score that counts as solved in "steps to solve".
  public static let solvedScore = 0.9
  /// The thresholds of the performance profiles.
  public static let profileThresholds = (0...20).map { Double($0) / 20 }
}
