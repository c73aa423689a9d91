import Groundwork

extension Requirements {
  /// Refuses a world that does not meet them.
  ///
  /// - Parameters:
  ///   - agent: The agent's id, for messages.
  ///   - components: The reward design's.
  /// - Throws: `UserError` that names what the agent requires, what it would get, and what to change.
  func check(_ agent: String, _ recipe: EnvironmentRecipe, _ components: [RewardComponent], _ services: Services)
    throws(UserError)
  {
    func require(_ holds: Bool, _ requirement: String, _ found: String, _ fix: String) throws(UserError) {
      guard holds else { throw UserError("agent '\(agent)' requires \(requirement), and \(found)", fix: fix) }
    }
    let specification = recipe.specification
    try require(
      players == .both || specification.players == 1, "one player", "in '\(recipe.id)' as it is set two take turns",
      "Let the environment play the other: --set environment.opponent=random")
    try require(
      actions != .discrete || specification.actions.isDiscrete, "numbered actions",
      "those of '\(recipe.id)' are vectors of \(specification.actions.count)",
      "Use an agent that takes vectors, such as ppo")
    try require(
      actions != .vectors || specification.actions.areLimitedVectors, "vectors of actions within finite limits",
      "those of '\(recipe.id)' are " + (specification.actions.isDiscrete ? "numbered" : "unlimited"),
      "Use an agent that takes them, such as " + (specification.actions.isDiscrete ? "dqn" : "ppo"))
    let still = specification.stillSettings.map { "--set environment.\($0)" }.joined(separator: " ")
    try require(
      !isDeterministic || !specification.isStochastic, "steps that draw nothing",
      "those of '\(recipe.id)' as it is set draw random numbers",
      (still.isEmpty ? "Use" : "Turn that off (\(still)), or use") + " an agent that learns a policy")
    try require(
      rewards == .any || components == [RewardComponent("environment")], "the environment's own reward",
      "the design gives \(components.map(\.shown).joined(separator: ", "))",
      "Leave --reward out, or use an agent that learns from any design, such as ppo (sac, td3 and dqn do without "
        + "hindsight and demonstrations)")
    try require(
      !hasTextForm || recipe.textRules != nil, "an environment with a text form",
      "'\(recipe.id)' as it is set has none", "Use one that has, such as domain/Chain, with frameStack=1")
    try require(
      !needs.contains(.expert) || recipe.hasExpert, "an expert", "'\(recipe.id)' has none",
      "Use an environment that has one, such as metaworld/reach-v3")
    try require(
      !needs.contains(.languageModel) || services.languageModel != nil, "a language model", "none was given",
      "Use an agent that asks none")
    try require(
      !needs.contains(.labels) || services.labels != nil, "a store of labels", "none was given",
      "Use an agent that asks none")
  }
}

extension RewardComponent {
  /// `'count'`, or `0.5 of 'count'`.
  fileprivate var shown: String { weight == 1 ? "'\(name)'" : "\(weight.written) of '\(name)'" }
}
