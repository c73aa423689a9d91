import Groundwork
import Labels
import LanguageModels
public import ReinforcementLearning

/// A run that can be started: its description with everything that its ids stand for. No agent and no reward model is
/// made for it before one is asked for.
public struct RunPlan: Sendable {
  /// What `run.json` will say.
  public var description: RunDescription
  /// Without limits: agents and sessions get limited ones.
  public var environment: EnvironmentRecipe
  /// The agent with the description's configuration.
  public var agent: AgentRecipe
  /// The design with the description's terms.
  public var reward: RewardDesignRecipe
  /// What the program grants the agent, as far as it declares to need it, and the reward models.
  public var services: Services
  /// The episodes that the description's record of demonstrations is of, where the run was planned with their files at
  /// hand, so that they are not read again; nil where a `run.json` says which they are.
  public var demonstrations: [Replay]?
  /// The signals that the agent's policies read: what their rows hold, in training and evaluation.
  public let signals: [String]

  /// - Parameters:
  ///   - demonstrations: What was taken of what the agent's configuration names.
  ///   - initial: What `run.from` names.
  /// - Throws: `UserError` for an agent that reads what the environment lacks.
  public init(
    environment: EnvironmentRecipe, agent: AgentRecipe, reward: RewardDesignRecipe,
    demonstrations: DemonstrationRecord? = nil, run: RunSettings, initial: InitialState.Record? = nil,
    services: Services = Services()
  ) throws {
    description = try RunDescription(
      environment: environment, agent: agent, reward: reward, demonstrations: demonstrations, run: run,
      initial: initial)
    self.environment = environment
    self.agent = agent
    self.reward = reward
    self.services = services
    signals = try agent.signals(in: environment.specification)
  }

  /// Whether its policies ask a language model for their decisions, each of which takes time or money.
  public var asksModel: Bool { agent.requirements.needs.contains(.languageModel) }

  /// What a person should know of the run before it begins, a line each.
  public var remarks: [String] {
    agent.remarks(steps: description.run.steps) + [description.demonstrations?.remark].compactMap(\.self)
      + reward.remarks
  }

  /// What the server of the agent's language model answered so far, for a person; nil where none was asked.
  public var modelUsage: String? { services.languageModel?.usage.line }

  /// The same with a file of labels in the run's directory, unless labels are kept elsewhere or in no files at all. The
  /// file is made when something is asked, so that who only looks on makes none.
  public func keepingLabels(in directory: String) -> RunPlan {
    var plan = self
    plan.services.identityOfRun = { try RunDirectory.identity(of: $0) }
    guard services.labels == nil, LabelDatabase.isAvailable else { return plan }
    plan.services.labels = LabelDatabase(ofRun: directory, run: description.identity(at: 0))
    return plan
  }

  /// The reward design as it is before training.
  public func makeRewardDesign() throws -> RewardDesign {
    try reward.makeDesign(for: environment, seed: description.run.seed, services: services)
  }

  /// The agent in its world: as it is before training, with what `run.from` names, or as a checkpoint left it.
  ///
  /// - Throws: `UserError` when the world does not meet what the agent requires, the checkpoint is of another
  ///   configuration, or there is none and the files of demonstrations are not those of the description.
  public func makeAgent(restoredFrom checkpoint: Checkpoint? = nil) throws -> any Agent {
    func make() throws -> any Agent {
      try agent.makeAgent(
        in: environment, rewards: reward.components, seed: description.run.seed, services: services,
        demonstrations: demonstrations, demonstrationDigest: description.demonstrations?.digest ?? "",
        restoring: checkpoint?.state.get(prefix: "agent"))
    }
    if let checkpoint { return try checkpoint.naming(make) }
    let made = try make()
    guard let path = description.run.from, let record = description.initial else { return made }
    let initial = try InitialState(reading: path, recorded: record)
    do {
      try made.adopt(initial.state)
    } catch let error as UserError {
      throw UserError(
        "'\(path)' does not fit: \(error.reason)",
        fix: "Use an agent and an environment with networks of the same shapes, for example those of its run.json "
          + "(--config), or leave --from out")
    }
    return made
  }
}
