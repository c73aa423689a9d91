public import ReinforcementLearning

/// What a set of runs showed: the plain data from which a report is made.
///
/// Not figures: intervals, areas and probabilities are derived from it by `ComparisonFigures`.
public struct ComparisonSummary: Sendable, Hashable, Codable {
  /// The page's heading.
  public var title: String
  /// When it was made, as text for readers.
  public var date: String
  /// The command that repeats it.
  public var commandLine: String
  /// The agent of all arms, or the agents, separated by commas.
  public var agent: String
  /// Environment steps that each run was given.
  public var steps: Int
  /// Sentences that a reader must know: what was limited, what failed, what was granted.
  public var notes: [String] = []
  /// What the agents' presets were chosen on.
  public var presets: [PresetSummary]
  /// In the order of the report.
  public var environments: [EnvironmentSummary]

  /// A summary of those runs.
  public init(
    title: String, date: String, commandLine: String, agent: String, steps: Int, notes: [String] = [],
    presets: [PresetSummary] = [], environments: [EnvironmentSummary]
  ) {
    self.title = title
    self.date = date
    self.commandLine = commandLine
    self.agent = agent
    self.steps = steps
    self.notes = notes
    self.presets = presets
    self.environments = environments
  }
}

/// A preset that gave arms of a comparison some of their settings.
public struct PresetSummary: Sendable, Hashable, Codable {
  /// The id of the agent that it is of.
  public var agent: String
  /// The beginning of the ids of the environments that it is for.
  public var environments: String
  /// What its values were chosen on: tasks and budget, as far as it is recorded.
  public var chosenOn: String
  /// The first and the last seed of the runs that it was chosen by; nil where none were, or nobody wrote them down.
  public var seeds: [UInt64]?
  /// The seeds of this comparison that are among them: figures over these flatter the preset.
  public var reported: [UInt64]

  /// `seeds 1 to 5`, `seed 1`; nil where they are not known.
  var seedsText: String? {
    guard let seeds else { return nil }
    return seeds[0] == seeds[1] ? "seed \(seeds[0])" : "seeds \(seeds[0]) to \(seeds[1])"
  }

  /// - Parameter reported: The comparison's seeds; those that the preset was not chosen on are left out.
  public init(agent: String, environments: String, chosenOn: String, seeds: ClosedRange<UInt64>?, reported: [UInt64]) {
    self.agent = agent
    self.environments = environments
    self.chosenOn = chosenOn
    self.seeds = seeds.map { [$0.lowerBound, $0.upperBound] }
    self.reported = reported.filter { seeds?.contains($0) ?? false }
  }
}

/// The runs on one environment.
public struct EnvironmentSummary: Sendable, Hashable, Codable {
  /// For example `gridworld/DoorKey-8x8`.
  public var id: String
  /// A sentence on the task; empty where there is none.
  public var about: String
  /// What is reported of every episode; the first is what the task is judged by.
  public var measures: [Measure]
  /// Environment steps that each of its runs was given; nil for the comparison's.
  public var steps: Int?
  /// The values of the first measure that score 0 and 1; nil for those that the measure declares, or that were seen.
  public var scale: [Double]?
  /// Whether its scores are averaged with those of other environments.
  public var isAggregated = true
  /// The arms that are compared, the baseline first.
  public var arms: [ArmSummary]

  /// The runs on an environment that is judged by at least one measure.
  public init(
    id: String, about: String = "", measures: [Measure], steps: Int? = nil, scale: [Double]? = nil,
    isAggregated: Bool = true, arms: [ArmSummary]
  ) {
    self.id = id
    self.steps = steps
    self.scale = scale
    self.isAggregated = isAggregated
    self.about = about
    precondition(!measures.isEmpty, "a task is judged by a measure at least")
    self.measures = measures
    self.arms = arms
  }
}

/// The runs with one reward design (or one agent).
public struct ArmSummary: Sendable, Hashable, Codable {
  /// For example `environment+0.01*rnd`.
  public var name: String
  /// What it was granted beyond observations and rewards: "simulator", "language model", "labels", "demonstrations",
  /// "signals", "expert".
  public var needs: [String]
  /// One a seed, those that failed included.
  public var runs: [RunSummary]
  /// Runs that are not finished and therefore not among `runs`.
  public var missing: Int

  /// An arm; it was granted nothing unless that is said.
  public init(name: String, needs: [String] = [], runs: [RunSummary], missing: Int = 0) {
    self.name = name
    self.needs = needs
    self.runs = runs
    self.missing = missing
  }
}

/// One training run and its last evaluation, by the environment's own reward and measures.
public struct RunSummary: Sendable, Hashable, Codable {
  /// The run's.
  public var seed: UInt64
  /// Rising steps.
  public var curve: [CurvePoint]
  /// The environment's measures in the last evaluation, as means over its episodes; empty for a run that failed.
  public var final: [Double]
  /// Episodes of the last evaluation.
  public var episodes: Int
  /// Environment steps of training until an episode first succeeded; `nil` where none did.
  public var firstSuccess: Int?
  /// Environment steps of training.
  public var trainedSteps: Int
  /// Seconds of wall clock up to its last iteration, pauses of a resumed run left out.
  public var wallSeconds: Double
  /// Environment steps of training a second, evaluations left out: the median over iterations.
  public var stepsPerSecond: Double
  /// The reward design's components over training.
  public var components: [ComponentCurve]
  /// What it was paid in training and what that was worth; nil where its reward is the environment's.
  public var training: TrainingReturns?
  /// By measure, its mean inside an episode of the last evaluation; empty for one without a curve.
  public var episodeCurves: [EpisodeCurve]
  /// Files of recorded episodes.
  public var replays: [ReplayLink]
  /// Why the run gave no result; it is then listed, but left out of every figure.
  public var failure: String?

  /// A run of those values.
  public init(
    seed: UInt64, curve: [CurvePoint] = [], final: [Double] = [], episodes: Int = 0, wallSeconds: Double = 0,
    stepsPerSecond: Double = 0,
    components: [ComponentCurve] = [], training: TrainingReturns? = nil, replays: [ReplayLink] = [],
    firstSuccess: Int? = nil, trainedSteps: Int = 0, episodeCurves: [EpisodeCurve] = [], failure: String? = nil
  ) {
    self.seed = seed
    self.curve = curve
    self.final = final
    self.episodes = episodes
    self.wallSeconds = wallSeconds
    self.stepsPerSecond = stepsPerSecond
    self.components = components
    self.training = training
    self.replays = replays
    self.firstSuccess = firstSuccess
    self.trainedSteps = trainedSteps
    self.episodeCurves = episodeCurves
    self.failure = failure
  }
}

/// One evaluation during training.
public struct CurvePoint: Sendable, Hashable, Codable {
  /// Environment steps of training before it.
  public var step: Int
  /// The environment's measures, as means over the episodes; NaN for one that was not logged.
  public var values: [Double]

  /// An evaluation of those values.
  public init(step: Int, values: [Double]) {
    self.step = step
    self.values = values
  }
}

/// A measure inside an episode: its mean after 1, 2, 5, 10, ... steps.
public struct EpisodeCurve: Sendable, Hashable, Codable {
  /// Steps of the episode, rising.
  public var steps: [Int]
  /// By step: over the episodes that lasted so long.
  public var values: [Double]

  /// A curve of as many values as steps.
  public init(steps: [Int], values: [Double]) {
    precondition(steps.count == values.count, "a curve needs as many values as steps")
    self.steps = steps
    self.values = values
  }
}

/// One component of a reward design over training, as its sum an episode.
public struct ComponentCurve: Sendable, Hashable, Codable {
  /// The component's.
  public var name: String
  /// Environment steps of training, rising.
  public var steps: [Int]
  /// By step: the mean over the last hundred episodes, weight applied.
  public var values: [Double]

  /// A curve of as many values as steps.
  public init(name: String, steps: [Int], values: [Double]) {
    precondition(steps.count == values.count, "a curve needs as many values as steps")
    self.name = name
    self.steps = steps
    self.values = values
  }
}

/// Episodes of training by two returns: what the agent was paid, and the environment's own.
public struct TrainingReturns: Sendable, Hashable, Codable {
  /// Environment steps of training, rising; none where no episode ended.
  public var steps: [Int]
  /// By step: the sum of the reward's components, weights applied, the mean over the last hundred episodes.
  public var designed: [Double]
  /// By step: the environment's return, the mean over the same episodes.
  public var environment: [Double]
  /// Seconds that the reward design took; nil in logs that do not say so.
  public var rewardSeconds: Double?
  /// Answers that were learnt from in the end; nil for a design that asks nobody.
  public var labels: Double?
  /// Mean over the last five sessions of the share of their answers that the reward model expected before it learnt
  /// from them, 0 to 1: how consistent it is on pairs that are new to it. Nil where the log does not say so.
  public var foreseen: Double?
  /// Whether anything was learnt from answers, so that steps were paid; nil for a design that asks nobody.
  public var hasLearnt: Bool?

  /// Returns of as many values as steps.
  public init(
    steps: [Int], designed: [Double], environment: [Double], rewardSeconds: Double? = nil, labels: Double? = nil,
    foreseen: Double? = nil, hasLearnt: Bool? = nil
  ) {
    precondition(steps.count == designed.count && steps.count == environment.count, "a return needs a value a step")
    self.steps = steps
    self.designed = designed
    self.environment = environment
    self.rewardSeconds = rewardSeconds
    self.labels = labels
    self.foreseen = foreseen
    self.hasLearnt = hasLearnt
  }
}

/// A replay file that the report points to.
public struct ReplayLink: Sendable, Hashable, Codable {
  /// Which of the run's episodes it is: "best", "median" or "worst"; nil for another.
  public var episode: String?
  /// What the link says.
  public var title: String
  /// Relative to the report.
  public var path: String

  /// A link.
  public init(title: String, path: String, episode: String? = nil) {
    self.title = title
    self.episode = episode
    self.path = path
  }
}
