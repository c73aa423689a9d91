public import Groundwork
public import ReinforcementLearning

/// 1 / (1 + the size of a signal) of the state that a step led to: more, the nearer to 0.
///
/// Not shaping: it changes which policy is best.
///
/// **Configuration.** `near(signal=distance)`.
///
/// **Component.** `near`: in (0, 1].
///
/// Source: ours.
public struct NearReward: RewardModel {
  /// What is read.
  public struct Configuration: Codable, Hashable, Sendable {
    /// A signal of one number.
    public var signal = "distance"

    /// The signal that most environments call `distance`.
    public init() {}
  }

  private let signal: String

  /// A model; it has no state.
  public init(_ configuration: Configuration, in setting: RewardSetting) { signal = configuration.signal }

  /// - Throws: `UserError` where the environment has no such signal of one number.
  public static func outline(_ configuration: Configuration, for specification: Specification) throws -> RewardOutline {
    guard let field = specification.field(configuration.signal), field.role == .signal, field.count == 1 else {
      let names = specification.signals.filter { $0.count == 1 }.map(\.name)
      throw UserError.unknown(
        "signal of one number", configuration.signal, among: names, hint: "There are \(names.joined(separator: ", "))")
    }
    return RewardOutline([RewardComponent("near")], signals: [configuration.signal])
  }

  /// - Parameter scores: [1, transitions].
  public func reward(of transitions: Transitions, into scores: RewardScores, workers: Workers) {
    let place = transitions.layout.place(signal)!
    for index in 0..<transitions.count {
      scores[0][index] = Float(1 / (1 + abs(Rollout.read(transitions.after(index), place))))
    }
  }
}
