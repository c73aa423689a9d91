public import Groundwork
public import ReinforcementLearning

/// Potential-based shaping: F(s, s') = gamma * Phi(s') - Phi(s), which leaves the optimal policy unchanged.
///
/// The potential is a signal over a scale, by default minus the distance that remains over the distance at the
/// episode's start: it rises from -1 to 0 along the way, whatever the size of the level. Phi of a terminal state is 0;
/// a truncated episode's last state keeps its potential, since its value is bootstrapped.
///
/// Source: Ng, Harada and Russell 1999, theorem 1; Grzes 2017 on terminal states.
///
/// **Configuration.** `potential(signal=distance, scale=0, sign=-1, discount=null)`.
///
/// **Component.** `potential`: sums to -Phi of the start over an episode that terminates, whatever way it took,
/// with a discount of 1.
public struct PotentialReward: RewardModel {
  /// The potential and its discount; `potential(signal=..., scale=...)` in a reward's text.
  public struct Configuration: Codable, Hashable, Sendable {
    /// A numeric signal of one element; a negative value means that it is not known, and counts as the start's.
    public var signal = "distance"
    /// What the signal is divided by; 0 for its value at the episode's start, at least 1.
    public var scale = 0.0
    /// -1 when less of the signal is better, 1 when more is; -1...1.
    public var sign = -1.0
    /// Gamma, 0...1. Null for the agent's discount, the only one that leaves its optimal policy as it is (1 for an
    /// agent that has none).
    public var discount: Double?

    /// Minus the signal `distance`, from -1 at the start to 0, with the agent's discount.
    public init() {}
  }

  private let configuration: Configuration
  private let discount: Double
  /// The signal at the start of each slot's episode, over all rollouts; empty before the first.
  private var starts: [Float] = []

  /// Starts without knowing any episode's first value; the first `watch` reads them from its first row.
  public init(_ configuration: Configuration, in setting: RewardSetting) {
    self.configuration = configuration
    discount = configuration.discount ?? 1
  }

  /// One component, `potential`, and the signal; a fixed scale can relabel, the episode's own cannot.
  ///
  /// - Throws: `UserError` when there is no such numeric signal of one element (with those that there are), or
  ///   a number is out of its range.
  public static func outline(_ c: Configuration, for specification: Specification) throws -> RewardOutline {
    let numeric = specification.fields.filter { $0.single.count == 1 && $0.kind != .text }.map(\.name)
    guard numeric.contains(c.signal) else {
      throw UserError.unknown(
        "signal", c.signal, among: numeric,
        hint: "This environment has \(numeric.joined(separator: ", ")): potential(signal=...)")
    }
    try Check.all([
      Check("potential.scale", c.scale, in: 0...1e12, fix: "potential(scale=)"),
      Check("potential.sign", c.sign, in: -1...1, fix: "potential(sign=)"),
      Check("potential.discount", c.discount ?? 1, in: 0...1, fix: "potential(discount=)"),
    ])
    return RewardOutline([RewardComponent("potential")], signals: [c.signal], relabels: c.scale > 0)
  }

  /// Takes the agent's discount where none is named.
  ///
  /// - Returns: A remark, too, where one is named that is not the agent's: the theorem holds for equal ones
  ///   only.
  public static func settled(
    _ configuration: Configuration, agentDiscount: Double?
  ) -> (configuration: Configuration, remark: String?) {
    var settled = configuration
    settled.discount = configuration.discount ?? agentDiscount ?? 1
    guard let discount = configuration.discount, let agentDiscount, discount != agentDiscount else {
      return (settled, nil)
    }
    let remark =
      "potential(discount=\(discount.written)) is not the agent's discount \(agentDiscount.written): "
      + "shaping may change which policy is best"
    return (settled, remark)
  }

  /// Pays each step its shaping, and keeps each slot's first value of the episode for the steps that come.
  ///
  /// - Parameter scores: A view [steps, slots] for each rollout; component 0 is written.
  public mutating func watch(_ rollouts: [Rollout], into scores: [RewardScores], workers: Workers) {
    let slots = rollouts.reduce(0) { $0 + $1.slots }
    let isFirst = starts.count != slots
    if isFirst { starts = [Float](repeating: 0, count: slots) }
    var first = 0
    for (rollout, score) in zip(rollouts, scores) {
      let place = place(in: rollout.layout)
      let values = score[0]
      for slot in 0..<rollout.slots {
        var start =
          isFirst ? Rollout.read(rollout.observation(time: 0, slot: slot), place) : Double(starts[first + slot])
        for time in 0..<rollout.steps {
          let outcome = rollout.outcome(time: time, slot: slot)
          values[time * rollout.slots + slot] = shaping(
            from: rollout.observation(time: time, slot: slot), to: rollout.nextObservation(time: time, slot: slot),
            isTerminal: outcome == .terminated, place, start: start)
          if outcome != .running { start = Rollout.read(rollout.observation(time: time + 1, slot: slot), place) }
        }
        starts[first + slot] = Float(start)
      }
      first += rollout.slots
    }
  }

  /// The same of any transitions; where the scale is the episode's, it is that of the first of those that hang
  /// together.
  ///
  /// - Parameter scores: [transitions]; component 0 is written.
  public func reward(of transitions: Transitions, into scores: RewardScores, workers: Workers) {
    let place = place(in: transitions.layout)
    let values = scores[0]
    var starts = [Double](repeating: 0, count: transitions.count)
    for index in 0..<transitions.count {
      let before = transitions.before(index)
      starts[index] = transitions.previous(index).map { starts[$0] } ?? Rollout.read(before, place)
      values[index] = shaping(
        from: before, to: transitions.after(index), isTerminal: transitions.outcome(index) == .terminated, place,
        start: starts[index])
    }
  }

  /// The signal's place in a row.
  private func place(in layout: ObservationLayout) -> ObservationLayout.Place {
    guard let place = layout.place(configuration.signal) else {
      preconditionFailure("the rows do not hold the signal '\(configuration.signal)'")
    }
    return place
  }

  /// F of one step; `start` stands in for values that are not known.
  private func shaping(
    from before: UnsafeRawPointer, to after: UnsafeRawPointer, isTerminal: Bool, _ place: ObservationLayout.Place,
    start: Double
  ) -> Float {
    let scale = configuration.scale
    func potential(_ row: UnsafeRawPointer) -> Double {
      let value = Rollout.read(row, place)
      if scale > 0 { return configuration.sign * value / scale }
      return configuration.sign * (value < 0 ? start : value) / max(1, abs(start))
    }
    return Float(discount * (isTerminal ? 0 : potential(after)) - potential(before))
  }

  /// `starts` [slots].
  public func save(to state: inout SavedState) { state.set("starts", starts) }

  /// - Throws: `UserError` when `starts` is missing.
  public mutating func restore(from state: SavedState) throws { starts = try state.get("starts") }
}
