/// What a set of runs showed: the plain data from which a report is made.
///
/// Not figures: intervals, areas and probabilities are derived from it by `ComparisonFigures`.
public struct ComparisonSummary: Sendable, Hashable, Codable {
  public var title: String
  /// When it was made, as text for readers.
  public var date: String
  /// The command that repeats it.
  public var commandLine: String
  public var agent: String
  /// Environment steps that each run was given.
  public var steps: Int
  /// Sentences that a reader must know: what was limited, what failed, what was granted.
  public var notes: [String] = []
  public var environments: [EnvironmentSummary]

  public init(
    title: String, date: String, commandLine: String, agent: String, steps: Int, notes: [String] = [],
    environments: [EnvironmentSummary]
  ) {
    self.title = title
    self.date = date
    self.commandLine = commandLine
    self.agent = agent
    self.steps = steps
    self.notes = notes
    self.environments = environments
  }
}

/// The runs on one environment.
public struct EnvironmentSummary: Sendable, Hashable, Codable {
  /// For example `gridworld/DoorKey-8x8`.
  public var id: String
  /// A sentence on the task; empty where there is none.
  public var about: String
  /// The returns that count as 0 and 1 where a task has no success; `nil` takes the range that was seen.
  public var returnRange: Interval?
  /// The arms that are compared, the baseline first.
  public var arms: [ArmSummary]

  public init(id: String, about: String = "", returnRange: Interval? = nil, arms: [ArmSummary]) {
    self.id = id
    self.about = about
    self.returnRange = returnRange
    self.arms = arms
  }
}

/// The runs with one reward design (or one agent).
public struct ArmSummary: Sendable, Hashable, Codable {
  /// For example `environment+0.01*rnd`.
  public var name: String
  /// What it was granted beyond observations and rewards: "simulator", "language model", "labels", "demonstrations", "signals".
  public var needs: [String]
  public var runs: [RunSummary]

  public init(name: String, needs: [String] = [], runs: [RunSummary]) {
    self.name = name
    self.needs = needs
    self.runs = runs
  }
}

/// One training run and its last evaluation, by the environment's own reward and rule of success.
public struct RunSummary: Sendable, Hashable, Codable {
  public var seed: UInt64
  /// Rising steps.
  public var curve: [CurvePoint]
  /// Mean return of the last evaluation.
  public var finalReturn: Double
  /// Rate of success of the last evaluation, 0...1; `nil` where the task knows no success.
  public var finalSuccess: Double?
  /// Episodes of the last evaluation.
  public var episodes: Int
  /// Environment steps of training until an episode first succeeded; `nil` where none did.
  public var firstSuccess: Int?
  /// Environment steps of training.
  public var trainedSteps: Int
  public var wallSeconds: Double
  public var stepsPerSecond: Double
  /// The reward design's components over training.
  public var components: [ComponentCurve]
  public var replays: [ReplayLink]
  /// Why the run gave no result; it is then listed, but left out of every figure.
  public var failure: String?

  public init(
    seed: UInt64, curve: [CurvePoint], finalReturn: Double, finalSuccess: Double?, episodes: Int,
    wallSeconds: Double, stepsPerSecond: Double, components: [ComponentCurve] = [], replays: [ReplayLink] = [],
    firstSuccess: Int? = nil, trainedSteps: Int = 0, failure: String? = nil
  ) {
    self.seed = seed
    self.curve = curve
    self.finalReturn = finalReturn
    self.finalSuccess = finalSuccess
    self.episodes = episodes
    self.wallSeconds = wallSeconds
    self.stepsPerSecond = stepsPerSecond
    self.components = components
    self.replays = replays
    self.firstSuccess = firstSuccess
    self.trainedSteps = trainedSteps
    self.failure = failure
  }
}

/// One evaluation during training.
public struct CurvePoint: Sendable, Hashable, Codable {
  public var step: Int
  /// Mean return.
  public var mean: Double
  /// Rate of success, 0...1.
  public var success: Double?

  public init(step: Int, mean: Double, success: Double?) {
    self.step = step
    self.mean = mean
    self.success = success
  }
}

/// One component of a reward design over training, as its mean for an episode.
public struct ComponentCurve: Sendable, Hashable, Codable {
  public var name: String
  public var steps: [Int]
  public var values: [Double]

  public init(name: String, steps: [Int], values: [Double]) {
    precondition(steps.count == values.count, "a curve needs as many values as steps")
    self.name = name
    self.steps = steps
    self.values = values
  }
}

/// A replay file that the report points to.
public struct ReplayLink: Sendable, Hashable, Codable {
  public var title: String
  /// Relative to the report.
  public var path: String

  public init(title: String, path: String) {
    self.title = title
    self.path = path
  }
}
