import Groundwork
public import ReinforcementLearning

/// Potential-based shaping: F(s, s') = gamma * Phi(s') - Phi(s), which leaves the optimal policy unchanged.
///
/// The potential is a signal of the environment over a scale, by default minus the distance that remains, so that
/// it is 0 at the goal. Phi of a terminal state is 0; a truncated episode's last state keeps its potential, since
/// its value is bootstrapped.
///
/// Source: Ng, Harada and Russell 1999, theorem 1; Grzes 2017 on terminal states.
public struct PotentialReward: RewardModel {
  public let components = [RewardComponent("potential")]
  public let signals: [String]
  private let signal: String
  /// What the signal is multiplied by to give Phi.
  private let factor: Double
  private let discount: Double

  /// - Parameters:
  ///   - signal: A numeric signal of one element.
  ///   - factor: Phi is the signal times this.
  ///   - discount: The agent's discount (gamma), in 0...1.
  public init(signal: String, factor: Double, discount: Double) {
    self.signal = signal
    self.factor = factor
    self.discount = discount
    signals = [signal]
  }

  public mutating func score(_ rollouts: [Rollout], into scores: [RewardScores], workers: Workers) throws {
    for (rollout, score) in zip(rollouts, scores) {
      guard let place = rollout.layout.place(signal) else {
        preconditionFailure("the rollout does not hold the signal '\(signal)'")
      }
      let values = score[0]
      for time in 0..<rollout.steps {
        for slot in 0..<rollout.slots {
          let index = time * rollout.slots + slot
          let before = factor * Rollout.read(rollout.observation(time: time, slot: slot), place)
          let after =
            rollout.outcome(time: time, slot: slot) == .terminated
            ? 0 : factor * Rollout.read(rollout.nextObservation(time: time, slot: slot), place)
          values[index] = Float(discount * after - before)
        }
      }
    }
  }

  public static let description = RewardModelDescription(
    name: "potential", summary: "potential-based shaping by a signal, by default the distance that remains",
    source: "Ng, Harada and Russell 1999",
    parameters: [
      .init("signal", "distance", "the signal that the potential is made of"),
      .init("scale", "0", "Phi = -signal / scale; 0 takes the upper end of the signal's range"),
      .init("sign", "-1", "-1 when less of the signal is better, 1 when more is"),
      .init("discount", "0.99", "the agent's discount (gamma)"),
    ]
  ) { parameters, specification, _ in
    let name = parameters.text("signal")
    let numeric = specification.fields.filter { $0.count == 1 && $0.kind != .text }
    guard let field = numeric.first(where: { $0.name == name }) else {
      throw UserError.unknown(
        "signal", name, among: numeric.map(\.name),
        hint: "This environment has \(numeric.map(\.name).joined(separator: ", ")): potential(signal=...)")
    }
    var scale = try parameters.number("scale", in: 0...1e12)
    if scale == 0 { scale = field.range.upperBound.isFinite ? max(abs(field.range.upperBound), 1e-9) : 1 }
    let sign = try parameters.number("sign", in: -1...1)
    return PotentialReward(
      signal: name, factor: sign / scale, discount: try parameters.number("discount", in: 0...1))
  }
}
