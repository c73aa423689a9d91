internal import EnvironmentKit
public import ReinforcementLearning

/// Two links hang from a joint, and only the joint between them has a motor: swing the tip up.
///
/// **Task.** Raise the tip of the outer link more than one link's length above the fixed joint.
///
/// **Actions.** 0 `negative`: torque of -1 N·m on the middle joint; 1 `none`; 2 `positive`: +1 N·m.
///
/// **Observation.** `observation` [6] float32: cosine and sine of the first angle (0 hangs down), cosine and sine of
/// the second angle (relative to the first link), both angular velocities (rad/s, ±4π and ±9π).
///
/// **Signals.** `height`, float32: -cos(a1) - cos(a1 + a2), the tip over the fixed joint; `distance`, float32: what
/// the tip is short of the goal's height, 0 or more; `energy`, float32: kinetic and potential, J, which a zero torque
/// keeps but for the integrator's error; `cell`, uint8 [4]: both angles and both velocities in 8 bins each.
///
/// **Reward.** -1 for every step, 0 for the one that reaches the goal.
///
/// **Start.** Both angles and both velocities uniform in ±0.1, rounded to single precision.
///
/// **End.** Terminated, and a success, when `height` > 1. Truncated after `timeLimit` steps.
///
/// **Configuration.** Links, limits, the paper's or the book's equations, torque noise and time limit.
///
/// **Source.** Sutton, "Generalization in reinforcement learning: successful examples using sparse coarse coding",
/// 1996; Sutton and Barto's book for the equation of the second acceleration; constants, the Runge-Kutta step and
/// the order of operations as Gymnasium's `Acrobot-v1` (checked against 1.2.0).
public struct Acrobot: Environment, Drawable {
  /// Torque of -1, 0 or +1 N·m on the joint between the links, by Gymnasium's numbers 0 to 2.
  public enum Action: UInt8, DiscreteAction { case negative, none, positive }

  /// The links, limits and equations; the defaults are Gymnasium's.
  public struct Configuration: Codable, Hashable, Sendable {
    /// m, above 0.
    public var firstLength = 1.0
    /// The inner link's mass, kg, above 0.
    public var firstMass = 1.0
    /// The outer link's mass, kg, above 0.
    public var secondMass = 1.0
    /// From the fixed joint to the inner link's centre of mass, m.
    public var firstCenter = 0.5
    /// From the middle joint to the outer link's centre of mass, m.
    public var secondCenter = 0.5
    /// Moment of inertia of either link, kg·m².
    public var inertia = 1.0
    /// Gravity, m/s² (g).
    public var gravity = 9.8
    /// Seconds of one step.
    public var timeStep = 0.2
    /// The inner joint's largest velocity, rad/s.
    public var firstSpeedLimit = 4 * Double.pi
    /// The outer joint's largest velocity, rad/s; beyond it the velocity is cut, as the inner one's is.
    public var secondSpeedLimit = 9 * Double.pi
    /// Largest size of a uniform disturbance of the torque, N·m, 0 or more.
    public var torqueNoise = 0.0
    /// The equations as printed in the 1996 paper, which lack a term of the book's.
    public var paperDynamics = false
    /// Steps of an episode.
    public var timeLimit = 500

    /// `Acrobot-v1`.
    public init() {}
  }

  /// The links, limits and equations of this value.
  public let configuration: Configuration
  /// Both angles, then both angular velocities.
  public internal(set) var state = SIMD4<Double>.zero
  var torque = 0.0
  var random = RandomSource(seed: 0)

  /// Hangs still until the first `reset`.
  public init(plan configuration: Configuration) { self.configuration = configuration }

  /// - Throws: `UserError` when a length, mass or inertia is not above 0, the time step not in (0, 1], a speed
  ///   limit not in (0, 1000), the noise negative or the time limit below 1.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try require(configuration.firstLength > 0, "firstLength", configuration.firstLength, "above 0")
    try require(configuration.firstMass > 0, "firstMass", configuration.firstMass, "above 0")
    try require(configuration.secondMass > 0, "secondMass", configuration.secondMass, "above 0")
    try require(configuration.inertia > 0, "inertia", configuration.inertia, "above 0")
    try require(
      configuration.timeStep > 0 && configuration.timeStep <= 1, "timeStep", configuration.timeStep,
      "above 0, at most 1")
    try require(
      configuration.firstSpeedLimit > 0 && configuration.firstSpeedLimit < 1000, "firstSpeedLimit",
      configuration.firstSpeedLimit, "above 0, below 1000")
    try require(
      configuration.secondSpeedLimit > 0 && configuration.secondSpeedLimit < 1000, "secondSpeedLimit",
      configuration.secondSpeedLimit, "above 0, below 1000")
    try require(configuration.torqueNoise >= 0, "torqueNoise", configuration.torqueNoise, "0 or more")
    try require(
      (1...1_000_000).contains(configuration.timeLimit), "timeLimit", Double(configuration.timeLimit), "1 to 1000000")
    return configuration
  }

  /// `observation` [6] float32 and four signals; solved at a return of -100, stochastic only with torque noise.
  public static func specification(of configuration: Configuration) -> Specification {
    let speed = Double(Float(max(configuration.firstSpeedLimit, configuration.secondSpeedLimit)))
    var specification = Specification(
      measures: [.return(in: -Double(max(configuration.timeLimit, 61))...(-60)), .success, .length()],
      fields: [
        // One range for all six elements: the velocities' is the widest.
        Field(
          "observation", shape: [6], element: .float32, range: -max(1, speed)...max(1, speed),
          summary: "cosine and sine of both angles, both angular velocities"),
        .signal("height", range: -2.0001...2.0001, summary: "of the tip over the fixed joint, in links"),
        .signal("distance", range: 0...3.0001, summary: "of the tip below the goal's height, 0 above it"),
        .signal("energy", unit: "J", summary: "kinetic and potential, J"),
        .signal("cell", shape: [4], element: .uint8, range: 0...7, summary: "angles and velocities in 8 bins each"),
      ],
      actions: .discrete(Action.names), timeLimit: configuration.timeLimit, rewards: -1...0, solvedReturn: -100,
      cell: ["cell"], isStochastic: configuration.torqueNoise > 0)
    if specification.isStochastic { specification.stillSettings = ["torqueNoise=0"] }
    specification.controlFrequency = 1 / configuration.timeStep
    return specification
  }

  /// Draws angles and velocities in Gymnasium's order.
  public mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    for index in 0..<4 { state[index] = Double(Float(random.uniform(-0.1, 0.1))) }
    torque = 0
  }

  /// Changes the torque noise from here on; without it nothing is drawn.
  public mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  /// Integrates one time step by Runge-Kutta, wraps the angles into ±π and cuts the velocities to their limits.
  ///
  /// Pays -1, or 0 and the end when the tip is more than one link above the fixed joint.
  public mutating func step(_ action: Action) -> Transition {
    torque = Double(action.rawValue) - 1
    if configuration.torqueNoise > 0 { torque += random.uniform(-configuration.torqueNoise, configuration.torqueNoise) }
    let step = configuration.timeStep
    // The classic fourth-order Runge-Kutta step.
    let k1 = derivative(state)
    let k2 = derivative(state + step / 2 * k1)
    let k3 = derivative(state + step / 2 * k2)
    let k4 = derivative(state + step * k3)
    state += step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    for joint in 0..<2 {
      while state[joint] > .pi { state[joint] -= 2 * .pi }
      while state[joint] < -.pi { state[joint] += 2 * .pi }
    }
    state[2] = min(max(state[2], -configuration.firstSpeedLimit), configuration.firstSpeedLimit)
    state[3] = min(max(state[3], -configuration.secondSpeedLimit), configuration.secondSpeedLimit)
    let arrived = height > 1
    return Transition(reward: arrived ? 0 : -1, outcome: arrived ? .terminated : .running, success: arrived)
  }

  /// The tip over the fixed joint, in links.
  var height: Double { -sineCosine(state[0]).cosine - sineCosine(state[1] + state[0]).cosine }

  /// The time derivative of the state under the present torque.
  private func derivative(_ s: SIMD4<Double>) -> SIMD4<Double> {
    let c = configuration
    let (sine2, cosine2) = sineCosine(s[1])
    let coupling = c.secondMass * c.firstLength * c.secondCenter
    let d1 =
      c.firstMass * (c.firstCenter * c.firstCenter)
      + c.secondMass
      * (c.firstLength * c.firstLength + c.secondCenter * c.secondCenter + 2 * c.firstLength * c.secondCenter * cosine2)
      + c.inertia + c.inertia
    let d2 = c.secondMass * (c.secondCenter * c.secondCenter + c.firstLength * c.secondCenter * cosine2) + c.inertia
    // cos(x - pi/2) is the sine of x: the pull of gravity on an arm at the angle x from hanging.
    let phi2 = c.secondMass * c.secondCenter * c.gravity * sineCosine(s[0] + s[1] - .pi / 2).cosine
    let phi1 =
      -coupling * (s[3] * s[3]) * sine2 - 2 * coupling * s[3] * s[2] * sine2
      + (c.firstMass * c.firstCenter + c.secondMass * c.firstLength) * c.gravity * sineCosine(s[0] - .pi / 2).cosine
      + phi2
    let centrifugal = c.paperDynamics ? 0 : coupling * (s[2] * s[2]) * sine2
    let acceleration2 =
      (torque + d2 / d1 * phi1 - centrifugal - phi2)
      / (c.secondMass * (c.secondCenter * c.secondCenter) + c.inertia - d2 * d2 / d1)
    let acceleration1 = -(d2 * acceleration2 + phi1) / d1
    return SIMD4(s[2], s[3], acceleration1, acceleration2)
  }

  /// Kinetic and potential energy, J; hanging still it is the lowest.
  var energy: Double {
    let c = configuration
    let both = state[2] + state[3]
    let (_, cosine1) = sineCosine(state[0])
    let (_, cosine2) = sineCosine(state[1])
    let (_, cosineBoth) = sineCosine(state[0] + state[1])
    let first = 0.5 * (c.firstMass * c.firstCenter * c.firstCenter + c.inertia) * state[2] * state[2]
    let second =
      0.5 * c.secondMass
      * (c.firstLength * c.firstLength * state[2] * state[2] + c.secondCenter * c.secondCenter * both * both
        + 2 * c.firstLength * c.secondCenter * state[2] * both * cosine2) + 0.5 * c.inertia * both * both
    let potential =
      -c.gravity
      * (c.firstMass * c.firstCenter * cosine1 + c.secondMass * (c.firstLength * cosine1 + c.secondCenter * cosineBoth))
    return first + second + potential
  }

  /// Writes cosines and sines of both angles, both velocities, and the signals that the row has.
  public func observe(into row: inout ObservationRow) {
    let (sine1, cosine1) = sineCosine(state[0])
    let (sine2, cosine2) = sineCosine(state[1])
    row.write(SIMD4(Float(cosine1), Float(sine1), Float(cosine2), Float(sine2)), to: 0)
    row.write(Float(state[2]), to: 0, at: 4)
    row.write(Float(state[3]), to: 0, at: 5)
    if row.wants(1) || row.wants(2) {
      let height = self.height
      row.write(Float(height), to: 1)
      row.write(Float(max(0, 1 - height)), to: 2)
    }
    if row.wants(3) { row.write(Float(energy), to: 3) }
    if row.wants(4) {
      row.write(bin(state[0], in: .pi), to: 4, at: 0)
      row.write(bin(state[1], in: .pi), to: 4, at: 1)
      row.write(bin(state[2], in: configuration.firstSpeedLimit), to: 4, at: 2)
      row.write(bin(state[3], in: configuration.secondSpeedLimit), to: 4, at: 3)
    }
  }

  /// Both links with the goal's height; the arrow at the middle joint is the torque.
  public func sketch() -> Sketch {
    var scene = Scene(left: -2.2, right: 2.2, bottom: -2.2, top: 2.2, columns: 45, rows: 21)
    scene.line((-2.2, 1), (2.2, 1), width: 0.03, .goal, "-")
    let (sine1, cosine1) = sineCosine(state[0])
    let (sineBoth, cosineBoth) = sineCosine(state[0] + state[1])
    let elbow = (x: sine1, y: -cosine1)
    let tip = (x: elbow.x + sineBoth, y: elbow.y - cosineBoth)
    scene.line((0, 0), elbow, width: 0.16, .cart)
    scene.line(elbow, tip, width: 0.13, .pole)
    scene.disc((0, 0), radius: 0.11, .joint, "+")
    scene.disc(elbow, radius: 0.09, .joint, "o")
    scene.disc(tip, radius: 0.06, tip.y > 1 ? .goal : .danger, "*")
    scene.torque(around: elbow, radius: 0.3, from: .pi / 2, turn: torque * 1.6, .torque)
    scene.caption("height \(fixed(height)) of 1   torque \(fixed(torque))")
    return scene.sketch
  }
}
