import Archives
import BanditEnvironments
import Bandits
import Environments
import GridworldEnvironments
import Groundwork
import ManipulationEnvironments
import NetHackEnvironments
import OffPolicy
import PlainAgents
import PolicyGradient
public import ReinforcementLearning
import RewardModels
import Search
import XLandEnvironments

/// Everything that exists, by id: the only module that knows every environment, agent and reward design.
///
/// Adding one costs its own file and one line here (for an environment, in its family's table).
public enum Catalog {
  /// Every environment, family by family.
  public static let environments: [EnvironmentListing] =
    Control.environments
    + Gridworld.environments
    + XLand.environments
    + Domains.environments
    + Board.environments
    + Puzzles.environments
    + ManipulationFamily.installed
    + BanditFamily.environments
    + NetHackFamily.installed

  /// What is missing here, in a line each with the fix: families of environments that need what is not installed.
  public static let absences: [String] = [ManipulationFamily.absence, NetHackFamily.absence].compactMap { $0 }

  /// What running games of NetHack and their copies cost, by name with its unit.
  ///
  /// - Throws: `UserError` where the game is not there.
  public static func gameCosts() throws -> [(name: String, value: Double, unit: String)] { try NetHackFamily.costs() }

  /// Every agent.
  public static let agents: [AgentListing] = [
    AgentListing(
      "ppo", PPO.self, configuration: PPOConfiguration(),
      summary: "proximal policy optimisation with the clipped surrogate"),
    AgentListing(
      "sac", SAC.self, configuration: SACConfiguration(),
      summary: "soft actor-critic for vectors of actions, with hindsight where there are goals"),
    AgentListing(
      "td3", TD3.self, configuration: TD3Configuration(),
      summary: "twin delayed deterministic policy gradient for vectors of actions, with hindsight where there are "
        + "goals"),
    AgentListing(
      "dqn", DQN.self, configuration: DQNConfiguration(),
      summary: "deep Q-learning for numbered actions: double, several steps, priorities"),
    AgentListing(
      "bc", BehaviourCloning.self, configuration: BehaviourCloningConfiguration(),
      summary: "behaviour cloning: does what demonstrations do; takes no step"),
    AgentListing(
      "iql", IQL.self, configuration: IQLConfiguration(),
      summary: "implicit Q-learning: values and a policy of demonstrations alone; takes no step"),
    AgentListing(
      "go-explore", GoExplore.self, configuration: GoExploreConfiguration(),
      summary: "Go-Explore's first phase: an archive of cells, returns to them, and explores at random"),
    AgentListing(
      "go-explore-policy", PolicyGoExplore.self, configuration: PolicyGoExploreConfiguration(),
      summary:
        "Go-Explore without copies of the environment: a goal-conditioned PPO returns to cells by following cells"),
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
      "expert", policy: ExpertPolicy.self, configuration: ExpertPolicy.Configuration(),
      summary: "does what the environment's own expert does: demonstrations, and a bound"),
    AgentListing(
      "replay", policy: OpenLoopPolicy.self, configuration: OpenLoopPolicy.Configuration(),
      summary: "plays recorded episodes open loop, whatever it sees: what a demonstration is worth under noise"),
    AgentListing(
      "robustify", Robustification.self, configuration: RobustifyConfiguration(),
      summary: "the backward algorithm: PPO that starts from steps of demonstrations, Go-Explore's second phase"),
    AgentListing(
      "icpi", InContextPolicyIteration.self, configuration: InContextConfiguration(),
      summary: "in-context policy iteration: a language model imagines what comes of every action, from experience"),
    AgentListing(
      "optimistic-q", OptimisticQ.self, configuration: OptimisticQ.Configuration(),
      summary: "Q-learning with a table that begins high, so that everything is tried: the baseline beside icpi"),
  ] + bandits

  /// Every reward model that a reward specification may name.
  public static let rewards: [RewardListing] = RewardModels.all
}
