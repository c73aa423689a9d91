internal import EnvironmentKit
public import ReinforcementLearning

/// A pendulum with a motor too weak to lift it at once: swing it up and hold it there.
///
/// **Task.** Bring the pendulum upright and keep it so, with little speed and little torque.
///
/// **Actions.** A vector of one number in ±`maximumTorque`, the torque (N·m, positive counter-clockwise); what lies
/// outside is clipped.
///
/// **Observation.** `observation` [3] float32: cosine and sine of the angle (0 is upright), angular velocity (rad/s,
/// ±`maximumSpeed`).
///
/// **Signals.** `angle`, float32, in ±π; `speed`, float32: the angular velocity; `distance`, float32: the angle's
/// size; `energy`, float32: of a rod swinging about its end, J, 0 for hanging still; `cell`, uint8 [2]: angle and
/// velocity in 16 bins each.
///
/// **Reward.** -(angle² + 0.1 · velocity² + 0.001 · torque²) of the state before the step; 0 at best, -16.27 at worst.
///
/// **Start.** Angle uniform in ±π, velocity uniform in ±1.
///
/// **End.** Never terminated. Truncated after `timeLimit` steps; an episode is a success when its last state has an
/// angle below 0.1 rad and a velocity below 1 rad/s in size, so the environment counts its steps.
///
/// **Configuration.** Gravity, mass, length, limits and time limit.
///
/// **Source.** Gymnasium's `Pendulum-v1` (checked against 1.2.0); the torque's share is in single precision there and
/// here.
public struct Pendulum: Environment, Drawable {
  /// Element 0 is the torque in N·m, ±`maximumTorque`; the others are not read.
  public typealias Action = VectorAction

  /// The rod, its motor and the limits; the defaults are Gymnasium's.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Gravity, m/s² (g).
    public var gravity = 10.0
    /// The rod's mass, kg, above 0.
    public var mass = 1.0
    /// The rod's length, m, above 0.
    public var length = 1.0
    /// The largest torque, N·m, above 0.
    public var maximumTorque = 2.0
    /// The largest angular velocity, rad/s, above 0.
    public var maximumSpeed = 8.0
    /// Seconds of one step.
    public var timeStep = 0.05
    /// Steps of an episode, at least 1.
    public var timeLimit = 200

    /// `Pendulum-v1`.
    public init() {}
  }

  /// The constants of this value.
  public let configuration: Configuration
  /// Radians from upright, not wrapped.
  public internal(set) var angle = 0.0
  /// rad/s, within ±`maximumSpeed`, positive counter-clockwise.
  public internal(set) var angularVelocity = 0.0
  /// The torque of the last step, N·m, clipped: for the picture.
  var torque: Float = 0
  var elapsed = 0

  /// Upright and still until the first `reset`.
  public init(plan configuration: Configuration) { self.configuration = configuration }

  /// - Throws: `UserError` when mass, length or torque are not above 0, the speed limit not in 1 to 100, the
  ///   time step not in (0, 1] or the time limit not in 1 to 1000.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try require(configuration.mass > 0, "mass", configuration.mass, "above 0")
    try require(configuration.length > 0, "length", configuration.length, "above 0")
    try require(configuration.maximumTorque > 0, "maximumTorque", configuration.maximumTorque, "above 0")
    try require(
      configuration.maximumSpeed >= 1 && configuration.maximumSpeed <= 100, "maximumSpeed", configuration.maximumSpeed,
      "1 to 100")
    try require(
      configuration.timeStep > 0 && configuration.timeStep <= 1, "timeStep", configuration.timeStep,
      "above 0, at most 1")
    try require(
      configuration.timeLimit >= 1 && configuration.timeLimit <= 1000, "timeLimit", Double(configuration.timeLimit),
      "1 to 1000")
    return configuration
  }

  /// `observation` [3] float32 and five signals, one action in ±`maximumTorque`; rewards down to the worst
  /// state's.
  public static func specification(of configuration: Configuration) -> Specification {
    let c = configuration
    let speed = Double(Float(c.maximumSpeed))
    let worst = Double.pi * .pi + 0.1 * speed * speed + 0.001 * c.maximumTorque * c.maximumTorque
    var specification = Specification(
      measures: [.return(in: -8.5 * Double(c.timeLimit)...0)],
      fields: [
        // One range for all three elements: the velocity's is the widest.
        Field(
          "observation", shape: [3], element: .float32, range: -speed...speed,
          summary: "cosine and sine of the angle from upright, angular velocity"),
        .signal("angle", range: -3.1415928...3.1415928, unit: "rad", summary: "from upright, rad"),
        .signal("speed", range: -speed...speed, unit: "rad/s", summary: "angular velocity, rad/s"),
        .signal("distance", range: 0...3.1415928, unit: "rad", summary: "the angle's size, rad"),
        .signal("energy", unit: "J", summary: "kinetic and potential, J, 0 hanging still"),
        .signal("cell", shape: [2], element: .uint8, range: 0...15, summary: "angle and velocity in 16 bins each"),
      ],
      actions: .continuous(low: [Float(-c.maximumTorque)], high: [Float(c.maximumTorque)]), timeLimit: c.timeLimit,
      rewards: -(worst + 1e-3)...0, cell: ["cell"])
    specification.controlFrequency = 1 / configuration.timeStep
    return specification
  }

  /// Draws angle and velocity, in this order.
  public mutating func reset(seed: UInt64) {
    var random = RandomSource(seed: seed)
    angle = random.uniform(-.pi, .pi)
    angularVelocity = random.uniform(-1, 1)
    torque = 0
    elapsed = 0
  }

  /// Nothing is drawn after the start.
  public mutating func reseed(_ seed: UInt64) {}

  /// Pays for the state before the step, then adds gravity's and the motor's pull to the velocity and moves.
  public mutating func step(_ action: VectorAction) -> Transition {
    let c = configuration
    torque = min(max(action[0], Float(-c.maximumTorque)), Float(c.maximumTorque))
    let offset = normalizedAngle(angle)
    let cost = offset * offset + 0.1 * (angularVelocity * angularVelocity) + Double(0.001 * (torque * torque))
    let pull = 3 * c.gravity / (2 * c.length) * sineCosine(angle).sine
    let push = Double(Float(3 / (c.mass * c.length * c.length)) * torque)
    angularVelocity = min(max(angularVelocity + (pull + push) * c.timeStep, -c.maximumSpeed), c.maximumSpeed)
    angle += angularVelocity * c.timeStep
    elapsed &+= 1
    let success = elapsed >= c.timeLimit && abs(normalizedAngle(angle)) < 0.1 && abs(angularVelocity) < 1
    return Transition(reward: Float(-cost), success: success)
  }

  /// Writes cosine, sine and velocity, and the signals that the row has.
  public func observe(into row: inout ObservationRow) {
    let (sine, cosine) = sineCosine(angle)
    row.write(Float(cosine), to: 0, at: 0)
    row.write(Float(sine), to: 0, at: 1)
    row.write(Float(angularVelocity), to: 0, at: 2)
    if row.wants(1) || row.wants(3) || row.wants(5) {
      let offset = normalizedAngle(angle)
      row.write(Float(offset), to: 1)
      row.write(Float(abs(offset)), to: 3)
      if row.wants(5) {
        row.write(bin(offset, in: .pi, bins: 16), to: 5, at: 0)
        row.write(bin(angularVelocity, in: configuration.maximumSpeed, bins: 16), to: 5, at: 1)
      }
    }
    row.write(Float(angularVelocity), to: 2)
    let c = configuration
    row.write(
      Float(
        c.mass * c.length * (c.length * angularVelocity * angularVelocity / 6 + c.gravity * (cosine + 1) / 2)), to: 4)
  }

  /// The rod on its pivot with an arrow as long as the torque is strong.
  public func sketch() -> Sketch {
    let reach = 1.35 * configuration.length
    var scene = Scene(left: -reach, right: reach, bottom: -reach, top: reach, columns: 37, rows: 17)
    let (sine, cosine) = sineCosine(angle)
    // A positive angle is counter-clockwise: to the left of upright.
    let tip = (x: -sine * configuration.length, y: cosine * configuration.length)
    scene.line((0, configuration.length * 1.08), (0, configuration.length * 1.25), width: 0.02, .goal, "|")
    let uprightness = (cosine + 1) / 2
    scene.line((0, 0), tip, width: 0.16 * configuration.length, .blend(.danger, .pole, uprightness))
    scene.disc(tip, radius: 0.08 * configuration.length, .blend(.danger, .pole, uprightness), "O")
    scene.disc((0, 0), radius: 0.05 * configuration.length, .joint, "+")
    let strength = Double(torque) / configuration.maximumTorque
    scene.torque(around: (0, 0), radius: 0.3 * configuration.length, from: .pi / 2, turn: strength * 2.6, .torque)
    scene.caption(
      "angle \(fixed(normalizedAngle(angle)))   velocity \(fixed(angularVelocity))   torque \(fixed(Double(torque)))")
    return scene.sketch
  }
}
