import Groundwork
public import LanguageModels

/// The settings of in-context policy iteration: the paper's constants, and a switch for each of its ablations.
public struct InContextConfiguration: Codable, Hashable, Sendable {
  /// Who predicts what comes of a step, and what the policy does.
  public enum Predictor: String, Codable, CaseIterable, Sendable {
    /// A language model, which is shown examples.
    case model
    /// The latest step from exactly the same state with the same action; the baseline without generalisation.
    case matching
  }

  /// The language model that is asked.
  public var model = LanguageModelSettings()
  /// Who predicts: `model`, the language model, or `matching`, the latest step from exactly the same state.
  public var predictor = Predictor.model
  /// Environments stepped side by side, which share one memory; 1 in the paper.
  public var slots = 1
  /// gamma of the imagined rollouts.
  public var discount = 0.8
  /// Steps of an imagined rollout, at most.
  public var rolloutSteps = 8
  /// Latest episodes that show the policy (c).
  public var recentEpisodes = 8
  /// Episodes in that memory from which on the model acts in half of the steps; in fewer at random more often.
  public var fewestEpisodes = 3
  /// Steps that examples are taken from, the latest; the paper keeps all of its few hundred.
  public var rememberedSteps = 10_000
  /// Tokens of a prompt and its answer, at most, a token counted as three bytes; 100 of them are kept free.
  public var contextTokens = 4_000
  /// Tokens of an answer, at most.
  public var answerTokens = 100
  /// How far answers are drawn from the likeliest; 0 takes that.
  public var temperature = 0.1
  /// Times that an answer is asked for, each with other examples, before an unreadable one ends the rollout.
  public var attempts = 3
  /// Whether examples of what comes of a step say what follows of a state (a comparison, an equality).
  public var hints = true
  /// Whether episodes that show the policy say it, too.
  public var policyHints = true
  /// Whether examples are as many of each end, of each reward: the rare ones are shown again.
  public var balances = true
  /// Whether only steps with the same action are examples of what comes of it.
  public var constrains = true
  /// Whether the action with the highest imagined return is taken; otherwise the policy that the latest episodes show
  /// acts by itself.
  public var argMax = true
  /// Whether only episodes that brought more than `successReturn` show the policy; always so without `argMax`.
  public var imitatesSuccesses = false
  /// The discounted return above which an episode is a success.
  public var successReturn = 0.0
  /// Whether the model predicts what comes of a step; otherwise rollouts go through copies of the environment.
  public var imaginesTransitions = true

  /// The paper's constants; those that differ by domain are presets.
  public init() {}

  /// - Throws: `UserError` for a number out of range, and what the model's settings refuse.
  func check() throws {
    try Check.all([
      Check("agent.slots", slots, in: 1...1024),
      Check("agent.discount", discount, in: 0...1),
      Check("agent.rolloutSteps", rolloutSteps, in: 1...1000),
      Check("agent.recentEpisodes", recentEpisodes, in: 1...1000),
      Check("agent.fewestEpisodes", fewestEpisodes, in: 0...1000),
      Check("agent.rememberedSteps", rememberedSteps, in: 1...1_000_000),
      Check("agent.contextTokens", contextTokens, in: 1...1_000_000),
      Check("agent.answerTokens", answerTokens, in: 1...100_000),
      Check("agent.temperature", temperature, in: 0...100),
      Check("agent.attempts", attempts, in: 1...100),
      Check("agent.successReturn", successReturn, in: -1e9...1e9),
    ])
    guard contextTokens > answerTokens + 100 else {
      throw UserError(
        "a context of \(contextTokens) tokens leaves no room for a prompt beside an answer of \(answerTokens) and the "
          + "100 that are kept free", fix: "Use more (--set agent.contextTokens=) or fewer (--set agent.answerTokens=)")
    }
    _ = try model.make()
  }

  /// Bytes that a prompt may have.
  var promptBytes: Int { (contextTokens - answerTokens - 100) * 3 }
  /// Whether only successes show the policy.
  var keepsSuccesses: Bool { imitatesSuccesses || !argMax }
}
