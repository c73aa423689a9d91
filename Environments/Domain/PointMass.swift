internal import EnvironmentKit
public import ReinforcementLearning

/// A mass on a line is to be brought to rest near the middle.
///
/// **Task.** Stand still within `radius` of 0.
///
/// **Actions.** 0 `decelerate`: velocity minus 1; 1 `accelerate`: velocity plus 1.
///
/// **Observation.** `state` float32 [2]: position, velocity.
///
/// **Signals.** `distance`, float32: from the middle's edge, 0 inside; `speed`, float32: the velocity's size; `cell`
/// uint8 [2]: position in 32 bins of ±16, velocity plus 8; `text`: the state as a line of Python, with hints.
///
/// **Reward.** 1 for any action taken while at rest in the middle, otherwise 0.
///
/// **Start.** Position uniform in [-6, -2) or [2, 6), either side with probability 1/2; velocity 0.
///
/// **End.** Terminated, and a success, by an action at rest in the middle: the state before the step counts.
/// Otherwise the position changes by the old velocity and then the velocity by the action. Truncated after
/// `timeLimit` steps.
///
/// **Configuration.** Radius, farthest start, time limit. The optimum under a discount of 0.8 is 0.8 to the power
/// 2·ceil(sqrt(|start| - 2)), 0.4672 on average over the starts.
///
/// **Source.** Brooks et al., ICPI, 2023, the domain point-mass.
public struct PointMass: Environment, Drawable {
  /// One less velocity, one more velocity: 0 and 1. There is no way to keep it.
  public enum Action: UInt8, DiscreteAction { case decelerate, accelerate }

  /// The middle and the starts; the defaults are ICPI's.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Half of the middle's width, above 0; starts lie outside it.
    public var radius = 2.0
    /// Farthest start, above `radius`.
    public var farthest = 6.0
    /// Steps, at least 1.
    public var timeLimit = 8

    /// A middle of ±2, starts up to ±6, eight steps.
    public init() {}
  }

  /// The line of this value.
  public let configuration: Configuration
  /// On the line, unlimited.
  public internal(set) var position = 0.0
  /// Position gained in a step: always a whole number.
  public internal(set) var velocity = 0.0

  /// At rest in the middle until the first `reset`.
  public init(plan configuration: Configuration) { self.configuration = configuration }

  /// - Throws: `UserError` when the radius is not above 0, the farthest start not beyond it or the time limit
  ///   below 1.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try require(configuration.radius > 0, "radius", configuration.radius, "above 0")
    try require(configuration.farthest > configuration.radius, "farthest", configuration.farthest, "above radius")
    try require(
      (1...1_000_000).contains(configuration.timeLimit), "timeLimit", Double(configuration.timeLimit), "1 to 1000000")
    return configuration
  }

  /// `state` [2] float32, unbounded, and four signals.
  public static func specification(of configuration: Configuration) -> Specification {
    Specification(
      measures: [.return(in: 0...1), .success, .length()],
      fields: [
        Field("state", shape: [2], element: .float32, summary: "position, velocity"),
        .signal("distance", range: 0...Double.infinity, summary: "from the edge of the middle, 0 inside"),
        .signal("speed", range: 0...Double.infinity, summary: "size of the velocity"),
        .signal("cell", shape: [2], element: .uint8, range: 0...31, summary: "position and velocity in bins"),
        .textSignal("text", bytes: 96, summary: "the state as a line of Python with its hints"),
      ],
      actions: .discrete(Action.names), timeLimit: configuration.timeLimit, rewards: 0...1, cell: ["cell"])
  }

  /// Draws the side, then the position on it.
  public mutating func reset(seed: UInt64) {
    var random = RandomSource(seed: seed)
    let isLeft = random.integer(in: 0..<2) == 0
    position =
      isLeft
      ? random.uniform(-configuration.farthest, -configuration.radius)
      : random.uniform(configuration.radius, configuration.farthest)
    velocity = 0
  }

  /// Nothing is drawn after the start.
  public mutating func reseed(_ seed: UInt64) {}

  /// Moves by the old velocity, then changes it; pays and ends when the step began at rest in the middle.
  public mutating func step(_ action: Action) -> Transition {
    let resting = abs(position) <= configuration.radius && velocity == 0
    position += velocity
    velocity += action == .accelerate ? 1 : -1
    return Transition(reward: resting ? 1 : 0, outcome: resting ? .terminated : .running, success: resting)
  }

  /// Writes position and velocity, and the signals that the row has.
  public func observe(into row: inout ObservationRow) {
    row.write(SIMD2(Float(position), Float(velocity)), to: 0)
    row.write(Float(max(0, abs(position) - configuration.radius)), to: 1)
    row.write(Float(abs(velocity)), to: 2)
    if row.wants(3) {
      row.write(bin(position, in: 16, bins: 32), to: 3, at: 0)
      row.write(UInt8(min(max(velocity + 8, 0), 31)), to: 3, at: 1)
    }
    if var text = RowText(row, 4) {
      text.add("assert pos == ")
      text.add(hundredths: position)
      text.add(" and vel == ")
      text.add(hundredths: velocity)
      let radius = configuration.radius
      if abs(position) <= radius {
        text.add(" and -")
        text.add(Int(radius))
        text.add(" <= pos <= ")
      } else {
        text.add(position < 0 ? " and pos < -" : " and pos > ")
      }
      text.add(Int(radius))
      text.add(velocity == 0 ? " and vel == 0" : velocity < 0 ? " and vel < 0" : " and vel > 0")
      text.end()
    }
  }

  /// The line with its middle, the mass and an arrow for its velocity.
  public func sketch() -> Sketch {
    let edge = configuration.farthest + 6
    var scene = Scene(left: -edge, right: edge, bottom: -1, top: 1.5, columns: 49, rows: 5)
    scene.line((-edge, 0), (edge, 0), width: 0.08, .track, "_")
    scene.line((-configuration.radius, 0), (configuration.radius, 0), width: 0.25, .goal, "=")
    scene.line((position, 0.45), (position + velocity, 0.45), width: 0.12, .danger, velocity < 0 ? "<" : ">")
    scene.disc((position, 0.45), radius: 0.4, .pole, "O")
    scene.caption("position \(fixed(position))   velocity \(fixed(velocity))")
    return scene.sketch
  }
}
