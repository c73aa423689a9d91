public import Groundwork

/// A reward design before it is made: the terms of a weighted sum with all their settings.
public struct RewardDesignRecipe: Sendable {
  /// A model of the sum and its weight.
  public struct Term: Sendable {
    /// What all of the model's components are multiplied by; may be negative or 0.
    public var weight: Double
    /// The model with its configuration.
    public var recipe: RewardRecipe

    /// A term of those two.
    public init(weight: Double, recipe: RewardRecipe) {
      self.weight = weight
      self.recipe = recipe
    }
  }

  /// What the design is called: the specification in its shortest form.
  public let text: String
  /// In the order in which they were written.
  public let terms: [Term]
  /// The terms' components in order, with the terms' weights; a name that is taken gets a number: `count#2`.
  public let components: [RewardComponent]
  /// The signals that any of them reads.
  public let signals: [String]

  /// A design of terms that are ready; components that share a name are numbered here.
  ///
  /// - Throws: `UserError` for more terms, or networks of more parameters together, than fit.
  public init(text: String, terms: [Term]) throws(UserError) {
    try SizeLimit.check(
      "the reward has", terms.count, "terms", most: SizeLimit.terms.upperBound, fix: "Write fewer (--reward)")
    try SizeLimit.check(
      "the reward's networks have", terms.reduce(0) { $0 + $1.recipe.outline.parameters }, "parameters",
      most: SizeLimit.parameters,
      fix: "Use fewer terms, or fewer or smaller networks in them (`forage describe NAME` shows their settings)")
    let asking = terms.filter(\.recipe.outline.keepsLabels).map { "'\($0.recipe.id)'" }
    guard asking.count <= 1 else {
      throw UserError(
        "the reward has \(asking.count) terms that ask, \(asking.joined(separator: " and ")), and a run has one file "
          + "of labels",
        fix: "Use one of them; several things to be judged are aspects of one: preferences(aspects=speed,safety)")
    }
    self.text = text
    self.terms = terms
    var components: [RewardComponent] = []
    var signals: [String] = []
    for term in terms {
      for var component in term.recipe.outline.components {
        component.weight *= term.weight
        let taken = components.count { $0.name == component.name || $0.name.hasPrefix(component.name + "#") }
        if taken > 0 { component.name += "#\(taken + 1)" }
        components.append(component)
      }
      for signal in term.recipe.outline.signals where !signals.contains(signal) { signals.append(signal) }
    }
    // Each is kept for every step of a collection.
    try SizeLimit.check(
      "the reward has", components.count, "components", most: SizeLimit.terms.upperBound, fix: "Write fewer (--reward)")
    self.components = components
    self.signals = signals
  }

  /// The design that a specification asks for.
  ///
  /// - Parameters:
  ///   - listings: The reward models that exist.
  ///   - agentDiscount: The discount (gamma) of the agent that will learn from it; nil where it has none.
  /// - Throws: `UserError` when a term names a model, a setting or a signal that does not exist.
  public init(
    _ specification: RewardSpecification, among listings: [RewardListing], for environment: Specification,
    agentDiscount: Double? = nil
  ) throws {
    // Before each is looked up: a text may have any number of terms.
    try SizeLimit.check(
      "the reward has", specification.terms.count, "terms", most: SizeLimit.terms.upperBound,
      fix: "Write fewer (--reward)")
    var terms: [Term] = []
    for term in specification.terms {
      let listing = try RewardDesignRecipe.listing(term.model.name, among: listings)
      let recipe = try listing.recipe(changes: term.model.changes(), for: environment, agentDiscount: agentDiscount)
      terms.append(Term(weight: term.weight, recipe: recipe))
    }
    try self.init(text: specification.description, terms: terms)
  }

  /// The reward model of that name.
  ///
  /// - Throws: `UserError` with the nearest names.
  public static func listing(_ id: String, among listings: [RewardListing]) throws(UserError) -> RewardListing {
    guard let found = listings.first(where: { $0.id == id }) else {
      throw UserError.unknown("reward", id, among: listings.map(\.id), hint: "`forage list rewards` shows all")
    }
    return found
  }

  /// Whether any transition can be asked by itself, which all terms must allow.
  public var relabels: Bool { terms.allSatisfy(\.recipe.outline.relabels) }

  /// What of it does not fit the agent, a line each.
  public var remarks: [String] { terms.compactMap(\.recipe.remark) }

  /// The design in its initial state.
  ///
  /// - Parameters:
  ///   - seed: The run's.
  ///   - services: What the program grants its models.
  public func makeDesign(
    for environment: EnvironmentRecipe, seed: UInt64, services: Services = Services()
  ) throws -> RewardDesign {
    var models: [any RewardModel] = []
    for (index, term) in terms.enumerated() {
      let setting = RewardSetting(
        recipe: environment, seed: RandomSource.seed(seed, purpose: .rewardTerm, index: UInt64(index)),
        runSeed: seed, services: services)
      models.append(try term.recipe.makeModel(in: setting))
    }
    return RewardDesign(self, models: models)
  }
}
