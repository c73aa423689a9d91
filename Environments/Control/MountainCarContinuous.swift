internal import EnvironmentKit
public import ReinforcementLearning

/// The mountain car with a throttle: the force is a number, and force costs.
///
/// **Task.** Reach the flag at `goalPosition` with as little force as possible.
///
/// **Actions.** A vector of one number in [-1, 1], the throttle; what lies outside is clipped for the force, not
/// for its cost.
///
/// **Observation.** `observation` [2] float32: position (-1.2 to 0.6), velocity (±`maximumSpeed`).
///
/// **Signals.** As the mountain car's: `position`, `velocity`, `energy`, `distance`, `cell`.
///
/// **Reward.** -0.1 · throttle² for every step, and 100 at the flag.
///
/// **Start.** Position uniform in [-0.6, -0.4), velocity 0.
///
/// **End.** Terminated, and a success, at or right of the flag with a velocity of at least `goalVelocity`.
/// Truncated after `timeLimit` steps.
///
/// **Configuration.** Power, gravity, speed limit, goal and time limit.
///
/// **Source.** Moore 1990; constants as Gymnasium's `MountainCarContinuous-v0` (checked against 1.2.0), which keeps
/// its state in float32 after the first step: so does this.
public struct MountainCarContinuous: Environment, Drawable {
  /// Element 0 is the throttle, [-1, 1]; the others are not read.
  public typealias Action = VectorAction

  /// The car's power, the hill and the goal; the defaults are Gymnasium's.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Acceleration at full throttle, above 0.
    public var power = 0.0015
    /// Slope's pull at the steepest place.
    public var gravity = 0.0025
    /// Largest size of the velocity, above 0.
    public var maximumSpeed = 0.07
    /// Where the flag stands, up to 0.6.
    public var goalPosition = 0.45
    /// Velocity with which the flag must be reached.
    public var goalVelocity = 0.0
    /// Steps of an episode.
    public var timeLimit = 999

    /// `MountainCarContinuous-v0`.
    public init() {}
  }

  /// The constants of this value.
  public let configuration: Configuration
  /// Along the valley, -1.2 to 0.6, in single precision.
  public internal(set) var position: Float = 0
  /// Position gained in a step, within ±`maximumSpeed`.
  public internal(set) var velocity: Float = 0
  /// The start position, which the first step reads in double precision; nan afterwards.
  var exactStart = Double.nan

  /// Still at 0 until the first `reset`.
  public init(plan configuration: Configuration) { self.configuration = configuration }

  /// - Throws: `UserError` when power or speed limit are not above 0, the flag not in (-0.4, 0.6] or the time
  ///   limit below 1.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try require(configuration.power > 0, "power", configuration.power, "above 0")
    try require(configuration.maximumSpeed > 0, "maximumSpeed", configuration.maximumSpeed, "above 0")
    try require(
      configuration.goalPosition > -0.4 && configuration.goalPosition <= 0.6, "goalPosition",
      configuration.goalPosition,
      "above -0.4, at most 0.6")
    try require(
      (1...1_000_000).contains(configuration.timeLimit), "timeLimit", Double(configuration.timeLimit), "1 to 1000000")
    return configuration
  }

  /// `observation` [2] float32 and five signals, one action in [-1, 1]; solved at a return of 90.
  public static func specification(of configuration: Configuration) -> Specification {
    Specification(
      measures: [.return(in: -100...100), .success, .length()],
      fields: Valley.fields(speed: configuration.maximumSpeed, goal: configuration.goalPosition),
      actions: .continuous(low: [-1], high: [1]), timeLimit: configuration.timeLimit, rewards: -0.1...100,
      solvedReturn: 90, cell: ["cell"])
  }

  /// Draws the position, kept in double precision for the first step; the car stands still.
  public mutating func reset(seed: UInt64) {
    var random = RandomSource(seed: seed)
    exactStart = random.uniform(-0.6, -0.4)
    position = Float(exactStart)
    velocity = 0
  }

  /// Nothing is drawn after the start.
  public mutating func reseed(_ seed: UInt64) {}

  /// Adds the throttle's push and the slope's pull to the velocity, cuts it, and moves.
  ///
  /// Pays -0.1 · throttle² of the throttle as given, and 100 at the flag.
  public mutating func step(_ action: VectorAction) -> Transition {
    let throttle = action[0]
    if exactStart.isNaN {
      let pull = configuration.gravity * sineCosine(Double(3 * position)).cosine
      velocity += push(throttle, against: pull)
      velocity = min(max(velocity, -Float(configuration.maximumSpeed)), Float(configuration.maximumSpeed))
      position += velocity
    } else {
      let pull = configuration.gravity * sineCosine(3 * exactStart).cosine
      let exact = min(
        max(Double(push(throttle, against: pull)), -configuration.maximumSpeed), configuration.maximumSpeed)
      position = Float(exactStart + exact)
      velocity = Float(exact)
      exactStart = .nan
    }
    position = min(max(position, -1.2), 0.6)
    if position == -1.2 && velocity < 0 { velocity = 0 }
    let arrived = position >= Float(configuration.goalPosition) && velocity >= Float(configuration.goalVelocity)
    let reward = (arrived ? 100 : 0) - Double(throttle) * Double(throttle) * 0.1
    return Transition(reward: Float(reward), outcome: arrived ? .terminated : .running, success: arrived)
  }

  /// The change of velocity, rounded as numpy rounds it: in single precision unless the throttle was clipped.
  private func push(_ throttle: Float, against pull: Double) -> Float {
    if abs(throttle) > 1 { return Float((throttle < 0 ? -1 : 1) * configuration.power - pull) }
    return throttle * Float(configuration.power) - Float(pull)
  }

  /// Writes position and velocity, together and by name, and the signals that the row has.
  public func observe(into row: inout ObservationRow) {
    Valley.observe(
      position: Double(position), velocity: Double(velocity), gravity: configuration.gravity,
      goal: configuration.goalPosition, speed: configuration.maximumSpeed, into: &row)
  }

  /// The valley with the car on its slope and the flag.
  public func sketch() -> Sketch {
    Valley.sketch(position: Double(position), velocity: Double(velocity), goal: configuration.goalPosition)
  }
}
