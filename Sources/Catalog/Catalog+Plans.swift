public import Experiments
public import Groundwork
import LanguageModels
public import ReinforcementLearning

/// Makes runs that can be started of what a person asked for, or of what a run's directory says.
extension Catalog {
  /// The run that a configuration asks for: defaults, then presets, then the configuration, then assignments.
  ///
  /// - Throws: `UserError` for an id, a key or a value that does not exist or cannot be used.
  public static func plan(
    _ configuration: RunConfiguration, assignments: [SettingAssignment] = []
  ) throws -> RunPlan {
    guard let environmentText = configuration.environment else {
      throw UserError("no environment is named", fix: "Write for example `forage train gridworld/DoorKey-5x5`")
    }
    let environmentName = try NamedSettings(parsing: environmentText, example: environmentExample)
    let agentName = try NamedSettings(parsing: configuration.agent ?? defaultAgent, example: agentExample)
    let environment = try environment(environmentName.name)
    let agent = try agent(agentName.name)
    var configuration = configuration
    try configuration.apply(assignments, environmentKeys: environment.keys, agentKeys: agent.keys)
    // What stands in the parentheses is closest to what it is about, so it goes over the rest.
    let environmentChanges = configuration.environmentChanges.overlaid(
      with: environmentName.changes(section: "environment"))
    let agentChanges = configuration.agentChanges.overlaid(with: agentName.changes(section: "agent"))
    var run = try Settings.apply(
      configuration.runChanges, to: Presets.runSettings(environment: environment.id, learns: !agent.isPolicy),
      of: "the run", path: "")
    if run.from == "none" { run.from = nil }
    let environmentRecipe = try environment.recipe(changes: environmentChanges)
    let agentRecipe = try agent.recipe(for: environment.id, changes: agentChanges)
    let text = configuration.reward ?? "environment"
    let reward =
      if let recorded = configuration.recordedReward, recorded.text == text {
        try Catalog.reward(recorded, in: environmentRecipe, agent: agentRecipe, followsAgent: true)
      } else {
        try RewardDesignRecipe(
          RewardSpecification(parsing: text), among: rewards, for: environmentRecipe.specification,
          agentDiscount: agentRecipe.discount)
      }
    return try plan(
      environment: environmentRecipe, agent: agentRecipe, reward: reward, run: run,
      demonstrations: configuration.recordedSources?.demonstrations, initial: configuration.recordedSources?.initial)
  }

  /// The run that a `run.json` describes.
  ///
  /// - Throws: `UserError` when this program lacks one of its ids or settings.
  public static func plan(_ description: RunDescription) throws -> RunPlan {
    let environment = try environment(description.environment.id).recipe(changes: description.environment.configuration)
    let agent = try agent(description.agent.id).recipe(changes: description.agent.configuration)
    var plan = try plan(
      environment: environment, agent: agent, reward: reward(description.reward, in: environment, agent: agent),
      run: description.run, demonstrations: description.demonstrations, initial: description.initial)
    plan.description.forage = description.forage
    plan.description.extensions = description.extensions
    return plan
  }

  /// The design that a `run.json` records: its terms with all their settings.
  ///
  /// - Parameter followsAgent: Whether a discount that the text does not say is the agent's, who may be another one
  ///   now, and not what the run took over from its own.
  private static func reward(
    _ recorded: RunDescription.Reward, in environment: EnvironmentRecipe, agent: AgentRecipe,
    followsAgent: Bool = false
  ) throws -> RewardDesignRecipe {
    let written = followsAgent ? try RewardSpecification(parsing: recorded.text).terms : []
    let terms = try recorded.terms.enumerated().map { place, term in
      let listing = try RewardDesignRecipe.listing(term.id, among: rewards)
      var settings = term.configuration
      if written.indices.contains(place), !written[place].model.settings.contains(where: { $0.key == "discount" }),
        settings["discount"] != nil
      {
        settings["discount"] = nil
      }
      let recipe = try listing.recipe(
        changes: settings, for: environment.specification, agentDiscount: agent.discount)
      return RewardDesignRecipe.Term(weight: term.weight, recipe: recipe)
    }
    return try RewardDesignRecipe(text: recorded.text, terms: terms)
  }

  /// - Parameters:
  ///   - demonstrations: What was taken of them where a `run.json` says it: those that a run was begun with are in its
  ///     checkpoints, so they need not be there any more. Nil: what is there.
  ///   - initial: What `run.from` names where a `run.json` says it. Nil: what is there.
  private static func plan(
    environment: EnvironmentRecipe, agent: AgentRecipe, reward: RewardDesignRecipe, run: RunSettings,
    demonstrations: DemonstrationRecord?, initial: InitialState.Record?
  ) throws -> RunPlan {
    try run.validate()
    let taken = demonstrations == nil ? try agent.takeDemonstrations() : nil
    var plan = try RunPlan(
      environment: environment, agent: agent, reward: reward, demonstrations: demonstrations ?? taken?.record, run: run,
      initial: initial ?? run.from.map { try InitialState(reading: $0).record }, services: services(for: agent))
    plan.demonstrations = taken?.replays
    return plan
  }

  /// What the program grants an agent: the language model that its configuration names, where it needs one.
  static func services(for agent: AgentRecipe) throws -> Services {
    guard agent.requirements.needs.contains(.languageModel), let model = agent.configuration["model"] else {
      return Services()
    }
    let settings: LanguageModelSettings = try model.decoded(name: "the language model of '\(agent.id)'")
    return Services(languageModel: try settings.make())
  }

  /// The presets of a run's agent that are for its environment and have left it a value at least, in the order in which
  /// they were applied.
  public static func presets(of run: RunDescription) -> [AgentListing.Preset] {
    guard let listing = try? agent(run.agent.id) else { return [] }
    return listing.presets.filter {
      run.environment.id.hasPrefix($0.prefix) && $0.isUsed(in: run.agent.configuration)
    }
  }

  /// The agent of a run that names none.
  public static let defaultAgent = "ppo"

  /// The environment that a replay was recorded in.
  public static func recipe(of replay: Replay) throws -> EnvironmentRecipe {
    try environment(replay.environment).recipe(changes: replay.configuration)
  }

  /// The environment that a text names, `id` or `id(key=value, ...)`, with `--set` assignments, whose keys may begin
  /// with `environment.`; what stands in the parentheses goes over them.
  public static func recipe(_ text: String, assignments: [SettingAssignment] = []) throws -> EnvironmentRecipe {
    let name = try NamedSettings(parsing: text, example: environmentExample)
    let listing = try environment(name.name)
    var request = RunConfiguration()
    try request.apply(
      assignments.map { assignment in
        var assignment = assignment
        if assignment.path[0] != "environment" { assignment.path.insert("environment", at: 0) }
        return assignment
      }, environmentKeys: listing.keys, agentKeys: [])
    return try listing.recipe(
      changes: request.environmentChanges.overlaid(with: name.changes(section: "environment")))
  }

  /// What an environment is called in a comparison: its id, with the settings that a text gives it.
  public static func environmentName(_ text: String, id: String) throws(UserError) -> String {
    var name = try NamedSettings(parsing: text, example: environmentExample)
    name.name = id
    return name.text
  }

  /// The listing of the environment that a text names, whatever its settings.
  public static func listing(_ text: String) throws(UserError) -> EnvironmentListing {
    try environment(try NamedSettings(parsing: text, example: environmentExample).name)
  }

  static let environmentExample = "'gridworld/DoorKey-8x8(level.side=6)'"
  static let agentExample = "--agent 'go-explore(selection=uniform)'"
}

extension AgentRecipe {
  /// The discount (gamma) that its configuration says; nil where it has none.
  var discount: Double? { configuration["discount"]?.double ?? configuration["learner"]?["discount"]?.double }

  /// The paths of demonstrations that its configuration names; nil where it names none.
  var demonstrations: String? { requirements.demonstrations.isEmpty ? nil : requirements.demonstrations }

  /// What it learns from there, with what a run keeps of it; nil where it names none.
  fileprivate func takeDemonstrations() throws(UserError) -> (replays: [Replay], record: DemonstrationRecord)? {
    guard let demonstrations else { return nil }
    return try DemonstrationFiles.take(demonstrations, keepsFailures: requirements.learnsFromFailures)
  }
}
