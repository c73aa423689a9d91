import Archives
import Environments
public import Groundwork
import NetHackEnvironments
import PolicyGradient
public import ReinforcementLearning
import RewardModels
import Search

/// Everything that exists, by id: the only module that knows every environment, agent and reward design.
///
/// Adding one costs its own file and one line here (for an environment, in its family's table).
public enum Catalog {
  /// Every environment, family by family.
  public static let environments: [EnvironmentListing] =
    Control.environments
    + Gridworld.environments
    + Domains.environments
    + Board.environments
    + Puzzles.environments
    + NetHackFamily.installed

  /// What is missing here, in a line each with the fix: families of environments that need what is not installed.
  public static let absences: [String] = [NetHackFamily.absence].compactMap { $0 }

  /// Every agent.
  public static let agents: [AgentListing] = [
    AgentListing(
      "ppo", PPO.self, configuration: PPOConfiguration(), summary: "proximal policy optimisation with the clipped surrogate"),
    AgentListing(
      "go-explore", GoExplore.self, configuration: GoExploreConfiguration(),
      summary: "Go-Explore's first phase: an archive of cells, returns to them, and explores at random"),
    AgentListing(
      "go-explore-policy", PolicyGoExplore.self, configuration: PolicyGoExploreConfiguration(),
      summary: "Go-Explore without copies of the environment: a goal-conditioned PPO returns to cells by following cells"),
    AgentListing(
      "mcts", MCTS.self, configuration: MCTSConfiguration(),
      summary: "Monte Carlo tree search with random playouts: plans every action with copies of the environment"),
    AgentListing(
      "expert-iteration", ExpertIteration.self, configuration: ExpertIterationConfiguration(),
      summary: "a network that a tree search teaches and that guides the search (AlphaZero, Gumbel)"),
    AgentListing(
      "process-search", ProcessSearch.self, configuration: ProcessSearchConfiguration(),
      summary: "search over partial solutions that trains its own value and proposals (ReST-MCTS*)"),
    AgentListing(
      "random", policy: UniformPolicy.self, configuration: UniformPolicy.Configuration(),
      summary: "draws a legal action at random and never learns: the baseline"),
    AgentListing(
      "replay", policy: OpenLoopPolicy.self, configuration: OpenLoopPolicy.Configuration(),
      summary: "plays recorded episodes open loop, whatever it sees: what a demonstration is worth under noise"),
    AgentListing(
      "robustify", Robustification.self, configuration: RobustifyConfiguration(),
      summary: "the backward algorithm: PPO that starts from steps of demonstrations, Go-Explore's second phase"),
  ]

  /// Every reward model that a reward specification may name.
  public static let rewards: [RewardListing] = RewardModels.all
}

extension Catalog {
  /// The environment of that id or alias, upper and lower case alike.
  ///
  /// - Throws: `UserError` with the nearest ids.
  public static func environment(_ id: String) throws(UserError) -> EnvironmentListing {
    let wanted = id.lowercased()
    if let found = environments.first(where: { $0.id.lowercased() == wanted }) { return found }
    if let found = environments.first(where: { $0.aliases.contains { $0.lowercased() == wanted } }) { return found }
    // What is not installed in the usual place may be named by a setting; what is not at all says so when it is made.
    if let found = NetHackFamily.environments.first(where: { listing in
      ([listing.id] + listing.aliases).contains { $0.lowercased() == wanted }
    }) { return found }
    // A name without its family is enough when only one family has it.
    let bare = environments.filter { $0.id.split(separator: "/").last?.lowercased() == wanted }
    if bare.count == 1 { return bare[0] }
    let hint = "`forage list environments` shows all"
    // Near ids by whole id, by name without the family, and by alias.
    let wholes = UserError.nearest(to: id, among: environments.map(\.id))
    if wholes.isEmpty {
      let names = environments.flatMap { entry in
        [String(entry.id.split(separator: "/").last ?? "")].map { ($0, entry.id) } + entry.aliases.map { ($0, $0) }
      }
      let near = UserError.nearest(to: id, among: names.map(\.0))
      if !near.isEmpty {
        let ids = near.compactMap { name in names.first { $0.0 == name }?.1 }
        throw UserError(
          "there is no environment '\(id)'",
          fix: "Did you mean \(ids.map { "'\($0)'" }.joined(separator: " or "))? \(hint)")
      }
    }
    throw UserError.unknown("environment", id, among: environments.map(\.id), hint: hint)
  }

  /// The agent of that id, upper and lower case alike.
  public static func agent(_ id: String) throws(UserError) -> AgentListing {
    if let found = agents.first(where: { $0.id == id.lowercased() }) { return found }
    throw UserError.unknown("agent", id, among: agents.map(\.id), hint: "`forage list agents` shows all")
  }
}
