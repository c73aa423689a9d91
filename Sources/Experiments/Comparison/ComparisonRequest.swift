public import Groundwork

/// What a person asked for when a comparison was begun: what arms and environments that are added later are planned
/// with.
///
/// `ComparisonDescription.cells` say what the runs are; this says which of their settings were named, so that a new
/// environment gets the presets that are for it.
public struct ComparisonRequest: Codable, Hashable, Sendable {
  /// An arm as it was named.
  public struct Arm: Codable, Hashable, Sendable {
    /// An agent's id, with settings in parentheses where it has some.
    public var agent: String
    /// A reward specification.
    public var reward: String

    /// What sets this arm apart from others of the same agent and design, each as `--set` takes it; nil for nothing.
    public var settings: [String]?

    /// An arm of that agent with that design.
    public init(agent: String, reward: String, settings: [String] = []) {
      self.agent = agent
      self.reward = reward
      self.settings = settings.isEmpty ? nil : settings
    }
  }

  /// As they were named, in the description's order.
  public var environments: [String]
  /// In the description's order.
  public var arms: [Arm]
  /// Changes to every environment's, agent's and run's default settings, from a configuration file and options.
  public var environmentChanges: JSON
  /// Changes to every agent's; see `environmentChanges`.
  public var agentChanges: JSON
  /// Changes to every run's own; see `environmentChanges`.
  public var runChanges: JSON
  /// The texts of `--set`, but those of sweeps.
  public var assignments: [String]
  /// By environment what is set for its runs alone, each as `--set` takes it, before `assignments`; nil where nothing
  /// is. Environments that were added later have none.
  public var environmentSettings: [[String]]?
  /// The configuration file, as it was named.
  public var config: String?
  /// The texts of `--set` that give a setting several values; the arms' settings follow from them.
  public var sweeps: [String]?
  /// How many settings were drawn at random from the sweeps; nil where every combination of their values is an arm.
  public var trials: Int?

  /// - Parameter base: What the configuration file and the options say of every run.
  public init(environments: [String], arms: [Arm], base: RunConfiguration, assignments: [String]) {
    self.environments = environments
    self.arms = arms
    environmentChanges = base.environmentChanges
    agentChanges = base.agentChanges
    runChanges = base.runChanges
    self.assignments = assignments
  }

  /// What the configuration of a run is in an environment and with an arm, before the assignments.
  public func configuration(environment: String, arm: Arm) -> RunConfiguration {
    var configuration = RunConfiguration()
    configuration.environment = environment
    configuration.agent = arm.agent
    configuration.reward = arm.reward
    configuration.environmentChanges = environmentChanges
    configuration.agentChanges = agentChanges
    configuration.runChanges = runChanges
    return configuration
  }

  /// What is set for the runs of an environment alone.
  ///
  /// - Parameter place: Its number in `environments`.
  public func settings(ofEnvironment place: Int) -> [String] {
    guard let environmentSettings, place < environmentSettings.count else { return [] }
    return environmentSettings[place]
  }
}
