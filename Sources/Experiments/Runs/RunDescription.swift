public import Groundwork
public import ReinforcementLearning

/// What a run is, completely: `run.json`. Together with the program's version it determines every result.
public struct RunDescription: Codable, Hashable, Sendable {
  /// The format's version; a directory of another one is refused.
  public static let version = 1

  /// An id with its whole configuration, defaults included.
  public struct Part: Codable, Hashable, Sendable {
    public var id: String
    public var configuration: JSON

    public init(id: String, configuration: JSON) {
      self.id = id
      self.configuration = configuration
    }
  }

  public var version = RunDescription.version
  /// The version of the program that began the run.
  public var forage = Program.version
  public var environment: Part
  public var agent: Part
  /// What the agent was granted beyond the observations and rewards of its own slots, for example "simulator"; results
  /// say so.
  public var granted: [String]
  /// The reward specification.
  public var reward: String
  /// Budget, seed, evaluation and checkpoints.
  public var run: RunSettings

  /// - Throws: `UserError` for an agent that reads what the environment lacks.
  public init(environment: EnvironmentRecipe, agent: AgentRecipe, reward: String, run: RunSettings) throws {
    self.environment = Part(id: environment.id, configuration: environment.configuration)
    self.agent = Part(id: agent.id, configuration: agent.configuration)
    granted = try agent.needs(in: environment.specification).names
    self.reward = reward
    self.run = run
  }

  /// Reads a `run.json`.
  public init(reading path: String) throws(UserError) {
    let document = try JSON(parsing: try Files.read(path), name: "'\(path)'")
    guard let version = document["version"]?.integer else {
      throw UserError("'\(path)' does not describe a run: it has no version")
    }
    guard version == RunDescription.version else {
      throw UserError(
        "'\(path)' is a run of version \(version), this program reads version \(RunDescription.version)",
        fix: "Use the program that wrote it (version \(document["forage"]?.string ?? "unknown"))")
    }
    self = try document.decoded(name: "'\(path)'")
  }

  /// The text of `run.json`: sorted keys, so equal runs have equal files.
  public var text: String { JSON(encoding: self).text(pretty: true) + "\n" }
}

/// This program.
public enum Program {
  public static let version = "0.1.0"
}

/// A run that can be started: its description with everything that its ids stand for.
public struct RunPlan: Sendable {
  public var description: RunDescription
  public var environment: EnvironmentRecipe
  public var agent: AgentRecipe
  /// Makes the run's reward model in its initial state.
  public var makeRewardModel: @Sendable () throws -> any RewardModel
  /// What the program grants agents that declare to need it.
  public var services: AgentServices
  /// The signals that the agent's policies read: what their rows hold, in training and evaluation.
  public let signals: [String]

  /// - Throws: `UserError` for an agent that reads what the environment lacks.
  public init(
    environment: EnvironmentRecipe, agent: AgentRecipe, reward: String, run: RunSettings,
    services: AgentServices = AgentServices(), makeRewardModel: @escaping @Sendable () throws -> any RewardModel
  ) throws {
    description = try RunDescription(environment: environment, agent: agent, reward: reward, run: run)
    self.environment = environment
    self.agent = agent
    self.services = services
    self.makeRewardModel = makeRewardModel
    signals = try agent.signals(in: environment.specification)
  }

  /// The agent in its world: as it is before training, or as a checkpoint left it.
  ///
  /// - Throws: `UserError` when the world does not meet what the agent requires, or the checkpoint is of another
  ///   configuration.
  public func makeAgent(restoredFrom checkpoint: Checkpoint? = nil) throws -> any Agent {
    let rewards = try makeRewardModel().components
    func make() throws -> any Agent {
      try agent.makeAgent(
        in: environment, rewards: rewards, seed: description.run.seed, services: services,
        restoring: checkpoint?.state.get(prefix: "agent"))
    }
    return try checkpoint?.naming(make) ?? make()
  }
}
