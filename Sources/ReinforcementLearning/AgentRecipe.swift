public import Groundwork

/// An agent with its configuration, its type erased.
public struct AgentRecipe: Sendable {
  /// The catalog's, for example `ppo`.
  public let id: String
  /// The whole configuration as a document: what `run.json` records.
  public let configuration: JSON
  /// What it requires with this configuration.
  public let requirements: Requirements
  /// What of this configuration depends on a run's budget (`Agent.budgetSettings`).
  public let budgetSettings: [String]
  private let readSignals: @Sendable (Specification) throws -> [String]
  private let makeRemarks: @Sendable (Int) -> [String]
  private let make: @Sendable (AgentSetting) throws -> any Agent
  private let checkConfiguration: @Sendable () throws -> Void

  /// A recipe of that configuration as it is: no preset is applied.
  public init<A: Agent>(id: String, _ type: A.Type, configuration: A.Configuration) {
    self.id = id
    self.configuration = JSON(encoding: configuration)
    requirements = type.requirements(configuration)
    budgetSettings = type.budgetSettings(configuration)
    makeRemarks = { A.remarks(configuration, steps: $0) }
    readSignals = { try A.signals(configuration, in: $0) }
    make = { try A(configuration, in: $0) }
    checkConfiguration = { try A.check(configuration) }
  }

  /// What a person should know of the configuration in a run of so many steps, a line each.
  public func remarks(steps: Int) -> [String] { makeRemarks(steps) }

  /// What its settings are checked for in an environment: what each may be, for descriptions.
  ///
  /// - Returns: What is checked without a world, and in that one where it meets the agent's requirements and no
  ///   demonstrations are needed.
  public func checks(in environment: EnvironmentRecipe) -> [Check] {
    Check.recording {
      try checkConfiguration()
      try requirements.check(id, environment, [RewardComponent("environment")], Services())
      guard !requirements.needs.contains(.demonstrations) else { return }
      _ = try make(
        AgentSetting(
          environment, seed: 0, needs: requirements.needs, signals: try signals(in: environment.specification)))
    }
  }

  /// The signals that its policies read in an environment of that specification.
  ///
  /// - Throws: `UserError` for one that the environment lacks.
  public func signals(in specification: Specification) throws -> [String] {
    guard requirements.needs.contains(.signals) else { return [] }
    let names = try readSignals(specification)
    for name in names where specification.field(name) == nil {
      throw UserError.unknown(
        "signal", name, among: specification.signals.map(\.name),
        hint: "`forage list environments` shows those of each")
    }
    return names
  }

  /// What it is granted in an environment of that specification: what it needs, signals only where it reads any.
  public func needs(in specification: Specification) throws -> Needs {
    try signals(in: specification).isEmpty ? requirements.needs.subtracting(.signals) : requirements.needs
  }

  /// An agent in its world, new or as it stood.
  ///
  /// - Parameters:
  ///   - rewards: The components of the reward design.
  ///   - services: What the program grants.
  ///   - replays: What a new one learns from, where its configuration's files have been read already; nil to read them.
  ///   - digest: Of what must be found in the files when they are read; nil for anything.
  ///   - state: What an agent of this recipe saved; nil for a new one.
  /// - Throws: `UserError` for a world that does not meet the agent's requirements, a configuration that cannot work in
  ///   it, or a state of another configuration.
  public func makeAgent(
    in environment: EnvironmentRecipe, rewards: [RewardComponent], seed: UInt64, services: Services = Services(),
    demonstrations replays: [Replay]? = nil, demonstrationDigest digest: String? = nil,
    restoring state: SavedState? = nil
  ) throws -> any Agent {
    try requirements.check(id, environment, rewards, services)
    var demonstrations: [Replay]?
    if requirements.needs.contains(.demonstrations) {
      let (paths, keepsFailures) = (requirements.demonstrations, requirements.learnsFromFailures)
      // A resumed run has them in its checkpoint and needs no files.
      demonstrations =
        if let state { try DemonstrationFiles.restore(from: state) }
        else if let replays { replays }
        else if let digest { try DemonstrationFiles.read(paths, keepsFailures: keepsFailures, digest: digest) }
        else { try DemonstrationFiles.read(paths, keepsFailures: keepsFailures) }
    }
    let agent = try make(
      AgentSetting(
        environment, rewards: rewards, seed: seed, needs: requirements.needs, services: services,
        demonstrations: demonstrations, signals: try signals(in: environment.specification)))
    if let state { try agent.restore(from: state) }
    return agent
  }
}
