public import Groundwork
public import ReinforcementLearning

/// Potential-based shaping: F(s, s') = gamma * Phi(s') - Phi(s), which leaves the optimal policy unchanged.
///
/// The potential is a signal of the environment over a scale, by default minus the distance that remains over the
/// distance at the episode's start: it rises from -1 to 0 along the way, whatever the size of the level, and is a
/// potential still, since the scale does not change within an episode. Phi of a terminal state is 0; a truncated
/// episode's last state keeps its potential, since its value is bootstrapped.
///
/// Source: Ng, Harada and Russell 1999, theorem 1; Grzes 2017 on terminal states.
public struct PotentialReward: RewardModel {
  public let components = [RewardComponent("potential")]
  public let signals: [String]
  private let signal: String
  private let sign: Double
  private let scale: Double?
  private let discount: Double
  /// The signal at the start of each slot's episode, over all rollouts; empty before the first.
  private var starts: [Float] = []

  /// - Parameters:
  ///   - signal: A numeric signal of one element; a negative value means that it is not known, and counts as the
  ///     start's.
  ///   - sign: -1 when less of the signal is better, 1 when more is.
  ///   - scale: What the signal is divided by; nil for its value at the episode's start, at least 1.
  ///   - discount: The agent's discount (gamma), in 0...1.
  public init(signal: String, sign: Double = -1, scale: Double? = nil, discount: Double = 0.99) {
    self.signal = signal
    self.sign = sign
    self.scale = scale
    self.discount = discount
    signals = [signal]
  }

  public mutating func score(_ rollouts: [Rollout], into scores: [RewardScores], workers: Workers) throws {
    let slots = rollouts.reduce(0) { $0 + $1.slots }
    let isFirst = starts.count != slots
    if isFirst { starts = [Float](repeating: 0, count: slots) }
    var first = 0
    for (rollout, score) in zip(rollouts, scores) {
      guard let place = rollout.layout.place(signal) else {
        preconditionFailure("the rollout does not hold the signal '\(signal)'")
      }
      let values = score[0]
      for slot in 0..<rollout.slots {
        var start = isFirst ? Rollout.read(rollout.observation(time: 0, slot: slot), place) : Double(starts[first + slot])
        func potential(_ row: UnsafeRawPointer) -> Double {
          let value = Rollout.read(row, place)
          let divisor = scale ?? max(1, abs(start))
          return sign * (scale == nil && value < 0 ? start : value) / divisor
        }
        for time in 0..<rollout.steps {
          let before = potential(rollout.observation(time: time, slot: slot))
          let outcome = rollout.outcome(time: time, slot: slot)
          let after = outcome == .terminated ? 0 : potential(rollout.nextObservation(time: time, slot: slot))
          values[time * rollout.slots + slot] = Float(discount * after - before)
          if outcome != .running { start = Rollout.read(rollout.observation(time: time + 1, slot: slot), place) }
        }
        starts[first + slot] = Float(start)
      }
      first += rollout.slots
    }
  }

  public func save(to state: inout SavedState) { state.set("starts", starts) }

  public mutating func restore(from state: SavedState) throws { starts = try state.get("starts") }

  public static let description = RewardModelDescription(
    name: "potential", summary: "potential-based shaping by a signal, by default the distance that remains",
    source: "Ng, Harada and Russell 1999",
    parameters: [
      .init("signal", "distance", "the signal that the potential is made of"),
      .init("scale", "0", "what the signal is divided by; 0 for its value at the episode's start"),
      .init("sign", "-1", "-1 when less of the signal is better, 1 when more is"),
      .init("discount", "0.99", "the agent's discount (gamma)"),
    ]
  ) { parameters, specification, _ in
    let name = parameters.text("signal")
    let numeric = specification.fields.filter { $0.count == 1 && $0.kind != .text }
    guard numeric.contains(where: { $0.name == name }) else {
      throw UserError.unknown(
        "signal", name, among: numeric.map(\.name),
        hint: "This environment has \(numeric.map(\.name).joined(separator: ", ")): potential(signal=...)")
    }
    let scale = try parameters.number("scale", in: 0...1e12)
    let sign = try parameters.number("sign", in: -1...1)
    return PotentialReward(
      signal: name, sign: sign, scale: scale == 0 ? nil : scale, discount: try parameters.number("discount", in: 0...1))
  }
}
