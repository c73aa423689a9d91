public import Groundwork
public import LanguageModels

/// A weighted sum of reward models in one run.
///
/// Every term keeps its own components, so each is logged by name and may have a value head, a discount and a
/// normalisation of its own. It writes what the models give, before the weights: `components` says what they are.
public struct RewardDesign: Sendable {
  /// Its terms with all their settings.
  public let recipe: RewardDesignRecipe
  private var models: [any RewardModel]

  init(_ recipe: RewardDesignRecipe, models: [any RewardModel]) {
    self.recipe = recipe
    self.models = models
  }

  /// The design that a text writes, for a program that plans no run.
  ///
  /// - Parameter listings: The reward models that exist.
  /// - Throws: `UserError` for a text that is no design, or one that cannot work in that environment.
  public init(
    _ text: String, among listings: [RewardListing], in environment: EnvironmentRecipe, seed: UInt64
  ) throws {
    self = try RewardDesignRecipe(
      RewardSpecification(parsing: text), among: listings, for: environment.specification
    ).makeDesign(for: environment, seed: seed)
  }

  /// What it writes, term by term; see `RewardDesignRecipe.components`.
  public var components: [RewardComponent] { recipe.components }
  /// The signals that rollouts must hold for it.
  public var signals: [String] { recipe.signals }

  /// Changes when what any of its models pays for a transition was learnt anew; see `RewardModel.revision`.
  public var revision: Int { models.reduce(0) { $0 + $1.revision } }

  /// See `RewardModel.watch`.
  public mutating func watch(_ rollouts: [Rollout], into scores: [RewardScores], workers: Workers) throws {
    for index in models.indices {
      try models[index].watch(rollouts, into: scores.map { part(index, of: $0) }, workers: workers)
    }
  }

  /// See `RewardModel.reward(of:into:workers:)`.
  public func reward(of transitions: Transitions, into scores: RewardScores, workers: Workers) throws {
    precondition(scores.count == transitions.count, "scores have a place for each transition")
    for (index, term) in recipe.terms.enumerated() {
      guard term.recipe.outline.relabels || transitions.areWholeEpisodes else {
        throw UserError(
          "the reward '\(term.recipe.id)' depends on the episode so far and cannot be given to single transitions anew",
          fix: "Use a design without it where rewards are relabelled")
      }
      try models[index].reward(of: transitions, into: part(index, of: scores), workers: workers)
    }
  }

  /// See `RewardModel.learn`. Metrics of a second term of the same model end with its number, as components do:
  /// `messages/known#2`.
  public mutating func learn(
    from rollouts: [Rollout], random: inout RandomSource, workers: Workers
  ) throws -> [Metric] {
    var metrics: [Metric] = []
    for index in models.indices {
      let own = try models[index].learn(from: rollouts, random: &random, workers: workers)
      let number = 1 + recipe.terms[..<index].count { $0.recipe.id == recipe.terms[index].recipe.id }
      metrics += own.map { metric in
        var metric = metric
        if number > 1 { metric.name += "#\(number)" }
        return metric
      }
    }
    return metrics + Metric.of(usage)
  }

  /// What the servers of its language models answered so far; one that several terms ask counts once.
  public var usage: LanguageModelUsage {
    // Models that ask a server are objects: they share connections and counts.
    var known: [AnyObject] = []
    var sum = LanguageModelUsage()
    for model in models.compactMap(\.languageModel) {
      let object = model as AnyObject
      guard !known.contains(where: { $0 === object }) else { continue }
      known.append(object)
      sum = sum + model.usage
    }
    return sum
  }

  /// The components of one term.
  private func part(_ index: Int, of scores: RewardScores) -> RewardScores {
    let first = recipe.terms[..<index].reduce(0) { $0 + $1.recipe.outline.components.count }
    return scores.part(first: first, count: recipe.terms[index].recipe.outline.components.count)
  }

  /// Saves every model under its number and its name.
  public func save(to state: inout SavedState) {
    for (index, model) in models.enumerated() {
      var part = SavedState()
      model.save(to: &part)
      state.set(prefix: key(index), part)
    }
  }

  /// Puts every model where it was saved.
  ///
  /// - Throws: `UserError` when the state is of other models.
  public mutating func restore(from state: SavedState) throws {
    for index in models.indices { try models[index].restore(from: state.get(prefix: key(index))) }
  }

  /// See `RewardModel.checkRecords`.
  public func checkRecords() throws {
    for model in models { try model.checkRecords() }
  }

  /// See `RewardModel.prepare`.
  public func prepare() throws {
    for model in models { try model.prepare() }
  }

  /// See `RewardModel.checkSources`.
  public func checkSources() throws {
    for model in models { try model.checkSources() }
  }

  /// See `RewardModel.shortfalls`; and what language models' servers answered.
  public var shortfalls: [String] { models.flatMap(\.shortfalls) + [usage.line].compactMap(\.self) }

  private func key(_ index: Int) -> String { "\(index).\(recipe.terms[index].recipe.id)" }
}
