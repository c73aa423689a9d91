internal import EnvironmentKit
public import ReinforcementLearning

/// A pole stands on a cart and falls over unless the cart is pushed left and right in time.
///
/// **Task.** Keep the pole upright and the cart on its track until the time limit.
///
/// **Actions.** 0 `left`: push with `force` newtons to the left; 1 `right`: to the right.
///
/// **Observation.** `observation` [4] float32: the cart's position (m, ±2 `positionLimit`), its velocity (m/s,
/// unlimited), the pole's angle from upright (rad, ±2 `angleLimit`, positive clockwise), its angular velocity
/// (rad/s, unlimited). A state outside the observation's ranges is past the end of an episode, by one step.
///
/// **Signals.** `position`, `velocity`, `angle`, `angularVelocity` (float32, the four numbers by name), `cell`
/// uint8 [4]: the four numbers in 8 bins each.
///
/// **Reward.** 1 for every step, the last one included; with `suttonBartoReward` 0, and -1 for the step that ends
/// the episode by a fall.
///
/// **Start.** All four numbers uniform in ±`startRange`.
///
/// **End.** Terminated when the position leaves ±`positionLimit` or the angle ±`angleLimit`. Truncated after
/// `timeLimit` steps; a pole that is then still up is a success, so the environment counts its steps.
///
/// **Configuration.** The constants of the physics, the limits, the integrator, the reward and the time limit.
///
/// **Source.** Barto, Sutton and Anderson, "Neuronlike adaptive elements that can solve difficult learning control
/// problems", 1983; equations, limits and the order of draws as Gymnasium's `CartPole-v1` (checked against 1.2.0).
public struct CartPole: Environment, Drawable {
  /// The direction of the push, by Gymnasium's numbers 0 and 1.
  public enum Action: UInt8, DiscreteAction { case left, right }

  /// The constants of cart, pole and task; the defaults are Gymnasium's.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Gravity, m/s² (g).
    public var gravity = 9.8
    /// The cart's mass, kg, above 0.
    public var cartMass = 1.0
    /// The pole's mass, kg, above 0.
    public var poleMass = 0.1
    /// Half of the pole's length, m, above 0.
    public var halfLength = 0.5
    /// The push of an action, newtons.
    public var force = 10.0
    /// Seconds of one step (tau).
    public var timeStep = 0.02
    /// Velocities are updated before positions (semi-implicit Euler) rather than after.
    public var semiImplicit = false
    /// How far the pole may lean, rad; by default 12 degrees.
    public var angleLimit = 12 * 2 * Double.pi / 360
    /// How far the cart may go from the middle, m.
    public var positionLimit = 2.4
    /// Largest size of each number at the start.
    public var startRange = 0.05
    /// 0 a step and -1 for a fall, instead of 1 a step.
    public var suttonBartoReward = false
    /// Steps of an episode.
    public var timeLimit = 500

    /// `CartPole-v1`.
    public init() {}
  }

  /// The constants of this value.
  public let configuration: Configuration
  /// The cart's, m from the middle of the track, positive to the right.
  public internal(set) var position = 0.0
  /// The cart's, m/s.
  public internal(set) var velocity = 0.0
  /// The pole's, rad from upright, positive clockwise.
  public internal(set) var angle = 0.0
  /// The pole's, rad/s.
  public internal(set) var angularVelocity = 0.0
  /// Steps of the episode, for the success of a pole that is still up at the end.
  var elapsed = 0

  /// Upright and still in the middle until the first `reset`.
  public init(plan configuration: Configuration) { self.configuration = configuration }

  /// - Throws: `UserError` when a mass or length is not above 0, the time step not in (0, 1], the angle's limit
  ///   not in (0, 3] rad, the position's not above 0, the starts not within both, or the time limit below 1.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try require(configuration.cartMass > 0, "cartMass", configuration.cartMass, "above 0")
    try require(configuration.poleMass > 0, "poleMass", configuration.poleMass, "above 0")
    try require(configuration.halfLength > 0, "halfLength", configuration.halfLength, "above 0")
    try require(
      configuration.timeStep > 0 && configuration.timeStep <= 1, "timeStep", configuration.timeStep,
      "above 0, at most 1")
    try require(
      configuration.angleLimit > 0 && configuration.angleLimit <= 3, "angleLimit", configuration.angleLimit,
      "above 0, at most 3")
    try require(configuration.positionLimit > 0, "positionLimit", configuration.positionLimit, "above 0")
    try require(
      configuration.startRange >= 0
        && configuration.startRange < min(configuration.angleLimit, configuration.positionLimit),
      "startRange", configuration.startRange, "0 or more, and below both limits")
    try require(
      (1...1_000_000).contains(configuration.timeLimit), "timeLimit", Double(configuration.timeLimit), "1 to 1000000")
    return configuration
  }

  /// `observation` [4] float32, unbounded, and five signals; solved at 0.95 of the time limit, with the
  /// Sutton-Barto reward at 0.
  public static func specification(of configuration: Configuration) -> Specification {
    var specification = Specification(
      measures: [
        .return(in: configuration.suttonBartoReward ? -1...0 : 0...Double(configuration.timeLimit)), .length(.higher),
      ],
      fields: [
        Field("observation", shape: [4], element: .float32, summary: "position, velocity, angle, angular velocity"),
        .signal("position", unit: "m", summary: "the cart's place on the track, m"),
        .signal("velocity", unit: "m/s", summary: "of the cart, m/s"),
        .signal("angle", unit: "rad", summary: "of the pole from upright, rad"),
        .signal("angularVelocity", unit: "rad/s", summary: "of the pole, rad/s"),
        .signal("cell", shape: [4], element: .uint8, range: 0...7, summary: "the four numbers in 8 bins each"),
      ],
      actions: .discrete(Action.names), timeLimit: configuration.timeLimit,
      rewards: configuration.suttonBartoReward ? -1...0 : 0...1,
      solvedReturn: configuration.suttonBartoReward ? 0 : 0.95 * Double(configuration.timeLimit), cell: ["cell"])
    specification.controlFrequency = 1 / configuration.timeStep
    return specification
  }

  /// Draws position, velocity, angle and angular velocity, in this order.
  public mutating func reset(seed: UInt64) {
    var random = RandomSource(seed: seed)
    let range = configuration.startRange
    position = random.uniform(-range, range)
    velocity = random.uniform(-range, range)
    angle = random.uniform(-range, range)
    angularVelocity = random.uniform(-range, range)
    elapsed = 0
  }

  /// Nothing is drawn after the start.
  public mutating func reseed(_ seed: UInt64) {}

  /// Integrates one time step of the frictionless cart and pole, by Euler's rule, and ends past either limit.
  ///
  /// The last step of a pole that falls pays 1, too.
  public mutating func step(_ action: Action) -> Transition {
    let force = action == .right ? configuration.force : -configuration.force
    let (sine, cosine) = sineCosine(angle)
    let totalMass = configuration.poleMass + configuration.cartMass
    let poleMoment = configuration.poleMass * configuration.halfLength
    let push = (force + poleMoment * (angularVelocity * angularVelocity) * sine) / totalMass
    let angularAcceleration =
      (configuration.gravity * sine - cosine * push)
      / (configuration.halfLength * (4.0 / 3.0 - configuration.poleMass * (cosine * cosine) / totalMass))
    let acceleration = push - poleMoment * angularAcceleration * cosine / totalMass
    let step = configuration.timeStep
    if configuration.semiImplicit {
      velocity += step * acceleration
      position += step * velocity
      angularVelocity += step * angularAcceleration
      angle += step * angularVelocity
    } else {
      position += step * velocity
      velocity += step * acceleration
      angle += step * angularVelocity
      angularVelocity += step * angularAcceleration
    }
    elapsed &+= 1
    let fallen = abs(position) > configuration.positionLimit || abs(angle) > configuration.angleLimit
    let reward: Float = configuration.suttonBartoReward ? (fallen ? -1 : 0) : 1
    return Transition(
      reward: reward, outcome: fallen ? .terminated : .running, success: !fallen && elapsed >= configuration.timeLimit)
  }

  /// Writes the four numbers, together and by name, and the cell.
  public func observe(into row: inout ObservationRow) {
    row.write(SIMD4(Float(position), Float(velocity), Float(angle), Float(angularVelocity)), to: 0)
    row.write(Float(position), to: 1)
    row.write(Float(velocity), to: 2)
    row.write(Float(angle), to: 3)
    row.write(Float(angularVelocity), to: 4)
    if row.wants(5) {
      let (place, speed) = (bin(position, in: configuration.positionLimit), bin(velocity, in: 3))
      row.write(SIMD4(place, speed, bin(angle, in: configuration.angleLimit), bin(angularVelocity, in: 3)), to: 5)
    }
  }

  /// The track with the cart and its pole; the pole turns red as it nears its limit.
  public func sketch() -> Sketch {
    let limit = configuration.positionLimit
    var scene = Scene(left: -limit - 0.4, right: limit + 0.4, bottom: -0.5, top: 1.6, columns: 57, rows: 11)
    scene.line((-limit - 0.4, 0), (limit + 0.4, 0), width: 0.02, .track, "_")
    for side in [-limit, limit] { scene.line((side, -0.12), (side, 0.12), width: 0.04, .danger, "#") }
    scene.box(center: (position, 0.17), width: 0.56, height: 0.22, .cart, "=")
    for wheel in [-0.17, 0.17] { scene.disc((position + wheel, 0.06), radius: 0.06, .wheel, "o") }
    let (sine, cosine) = sineCosine(angle)
    let tip = (position + 2 * configuration.halfLength * sine, 0.28 + 2 * configuration.halfLength * cosine)
    let danger = min(1, abs(angle) / configuration.angleLimit)
    scene.line((position, 0.28), tip, width: 0.09, .blend(.pole, .danger, danger))
    scene.disc((position, 0.28), radius: 0.06, .joint, "O")
    scene.disc(tip, radius: 0.045, .joint)
    scene.caption("step \(elapsed)   position \(fixed(position))   angle \(fixed(angle))")
    return scene.sketch
  }
}
