public import Groundwork
import LanguageModels
public import ReinforcementLearning

/// Policy iteration inside the context of a language model: nothing is trained.
///
/// What was experienced is kept as text. In every step each action is tried in imagination: the model is shown steps
/// with that action and asked whether it ends the episode, what it pays, where it leads; then it is shown the latest
/// episodes and asked what their policy does there; and so on to the end of the rollout. The action whose rollout pays
/// most is taken, so the episodes that show the policy come to show a better one: the arg max improves what the model
/// imitates.
///
/// It never sees a gradient, and it never sees the environment but through its own episodes; with
/// `imaginesTransitions=false` it is granted copies of it. `predictor=matching` looks steps up instead of asking a
/// model: the baseline that does not generalise.
///
/// Source: Brooks, Walls, Lewis and Singh, "Large Language Models can Implement Policy Iteration" (ICPI), 2023.
public final class InContextPolicyIteration: Agent {
  /// What `agent.KEY` sets.
  public typealias Configuration = InContextConfiguration

  private let configuration: InContextConfiguration
  private let setting: AgentSetting
  private let rules: TextRules
  private var memory: TextMemory

  /// An environment with a text form and numbered actions, all of them legal, the environment's own reward, a language
  /// model unless steps are matched, and copies of states where rollouts go through them.
  public static func requirements(_ configuration: Configuration) -> Requirements {
    var needs: Needs = configuration.predictor == .model ? .languageModel : []
    if !configuration.imaginesTransitions { needs.insert(.simulator) }
    return Requirements(needs: needs, actions: .discrete, rewards: .environment, hasTextForm: true)
  }

  /// - Throws: `UserError` for a number out of range.
  public static func check(_ configuration: Configuration) throws { try configuration.check() }

  /// An agent that remembers nothing yet.
  ///
  /// - Throws: `UserError` for a number out of range, or an environment with illegal actions.
  public init(_ configuration: Configuration, in setting: AgentSetting) throws {
    try configuration.check()
    guard let rules = setting.recipe.textRules else { preconditionFailure("an environment without a text form") }
    guard !setting.specification.hasIllegalActions else {
      throw UserError(
        "'\(setting.recipe.id)' has illegal actions, which cannot be told a model", fix: "Use another agent")
    }
    self.configuration = configuration
    self.setting = setting
    self.rules = rules
    memory = TextMemory(slots: configuration.slots)
  }

  /// Takes a step of every slot, remembers it, and so on until the budget is spent.
  public func train(in session: TrainingSession) throws {
    try setting.languageModel?.prepare()
    let collector = try session.makeCollector(slots: configuration.slots, batches: 1, steps: 1)
    var policies = [InContextPolicy(configuration, in: setting, memory: memory)]
    while !session.isFinished {
      policies[0].memory = memory
      try session.collect(&policies)
      remember(Transitions(collector.rollouts[0]))
      try session.endIteration(of: self, metrics: metrics(policies[0].takeStatistics()))
    }
  }

  private func remember(_ steps: Transitions) {
    for index in 0..<steps.count {
      let outcome = steps.outcome(index)
      let step = TextStep(
        rules.state(steps.before(index), steps.layout), action: Int(steps.discreteAction(index)),
        reward: steps.reward(index), isDone: outcome == .terminated,
        next: rules.state(steps.after(index), steps.layout), rules)
      memory.add(step, slot: index, isOver: outcome != .running, configuration)
    }
  }

  private func metrics(_ statistics: InContextPolicy.Statistics) -> [Metric] {
    let count = statistics.count
    var metrics = [
      Metric(.policyExplorationRate, 1 - Double(statistics.informed) / Double(max(1, statistics.decisions))),
      Metric(.modelQueries, Double(count.queries)), Metric(.modelUnreadable, Double(count.unreadable)),
      Metric(.modelPromptTokens, Double(count.promptTokens)), Metric(.modelAnswerTokens, Double(count.answerTokens)),
    ]
    let cost = configuration.model.cost(promptTokens: count.promptTokens, answerTokens: count.answerTokens)
    if cost > 0 { metrics.append(Metric(.modelCost, cost)) }
    if configuration.argMax, statistics.informed > 0 {
      metrics.append(Metric(.searchValue, statistics.value / Double(statistics.informed)))
    }
    return metrics + (setting.languageModel.map { Metric.of($0.usage) } ?? [])
  }

  /// Acts by what is remembered so far and remembers nothing more; `mode` never acts at random where it can do else.
  public func makePolicy(slots: Int, choice: ActionChoice) throws -> any Policy {
    InContextPolicy(configuration, in: setting, memory: memory, isCertain: choice == .mode)
  }

  /// Every step that is remembered, as text.
  public func save(to state: inout SavedState) { memory.save(to: &state) }

  /// - Throws: `UserError` when an array is missing or of another shape.
  public func restore(from state: SavedState) throws { try memory.restore(from: state, rules) }
}
