public import Groundwork
public import ReinforcementLearning

/// A weighted sum of reward models, as a reward specification writes it.
///
/// Every term keeps its own components, so each is logged by name and may have a value head of its own; the
/// reward that an agent sums up is the sum of all components.
public struct RewardDesign: RewardModel {
  public let components: [RewardComponent]
  public let signals: [String]
  private var terms: [(weight: Float, model: any RewardModel, key: String)]

  /// - Parameter available: The reward models that exist.
  /// - Throws: `UserError` when a term names a model, a parameter or a signal that does not exist.
  public init(
    _ text: RewardSpecification, available: [RewardModelDescription], specification: Specification, seed: UInt64
  ) throws {
    terms = []
    var components: [RewardComponent] = []
    var signals: [String] = []
    for (index, term) in text.terms.enumerated() {
      guard let description = available.first(where: { $0.name == term.name }) else {
        throw UserError.unknown(
          "reward", term.name, among: available.map(\.name), hint: "`forage list rewards` shows all")
      }
      let parameters = try RewardParameters(of: description, term.parameters)
      let model = try description.make(parameters, specification, RandomSource.mixed(seed, 5, UInt64(index)))
      terms.append((Float(term.weight), model, "\(index).\(term.name)"))
      for component in model.components {
        var component = component
        component.weight *= term.weight
        let taken = components.count { $0.name == component.name || $0.name.hasPrefix(component.name + "#") }
        if taken > 0 { component.name += "#\(taken + 1)" }
        components.append(component)
      }
      for signal in model.signals where !signals.contains(signal) { signals.append(signal) }
    }
    self.components = components
    self.signals = signals
  }

  public mutating func score(_ rollouts: [Rollout], into scores: [RewardScores], workers: Workers) throws {
    var first = 0
    for index in terms.indices {
      let count = terms[index].model.components.count
      let parts = scores.map { $0.part(first: first, count: count) }
      try terms[index].model.score(rollouts, into: parts, workers: workers)
      let weight = terms[index].weight
      if weight != 1 {
        for part in parts {
          for component in 0..<count {
            let values = part[component]
            for place in 0..<values.count { values[place] *= weight }
          }
        }
      }
      first += count
    }
  }

  public mutating func update(
    from rollouts: [Rollout], random: inout RandomSource, workers: Workers
  ) throws -> [Metric] {
    var metrics: [Metric] = []
    for index in terms.indices {
      metrics += try terms[index].model.update(from: rollouts, random: &random, workers: workers)
    }
    return metrics
  }

  public func save(to state: inout SavedState) {
    for term in terms {
      var part = SavedState()
      term.model.save(to: &part)
      state.set(prefix: term.key, part)
    }
  }

  public mutating func restore(from state: SavedState) throws {
    for index in terms.indices { try terms[index].model.restore(from: state.get(prefix: terms[index].key)) }
  }
}
