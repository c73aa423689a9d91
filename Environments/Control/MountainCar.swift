internal import EnvironmentKit
public import ReinforcementLearning

/// A car in a valley is too weak to drive up the hill and must swing up to the flag.
///
/// **Task.** Reach the flag at `goalPosition` in as few steps as possible.
///
/// **Actions.** 0 `left`: accelerate to the left; 1 `coast`; 2 `right`.
///
/// **Observation.** `observation` [2] float32: position (-1.2 to 0.6), velocity (±`maximumSpeed`).
///
/// **Signals.** `position`, `velocity`; `energy`, float32: v²/2 + gravity · sin(3x)/3, which coasting keeps;
/// `distance`, float32: goal position minus position, 0 or more; `cell`, uint8 [2]: both numbers in 16 bins each.
///
/// **Reward.** -1 for every step, the last one included.
///
/// **Start.** Position uniform in [-0.6, -0.4), velocity 0.
///
/// **End.** Terminated, and a success, at or right of the flag with a velocity of at least `goalVelocity`. The left
/// wall at -1.2 stops the car. Truncated after `timeLimit` steps.
///
/// **Configuration.** Force, gravity, speed limit, goal and time limit.
///
/// **Source.** Moore, "Efficient memory-based learning for robot control", 1990; constants and order of operations
/// as Gymnasium's `MountainCar-v0` (checked against 1.2.0).
public struct MountainCar: Environment, Drawable {
  /// Accelerate to the left, not at all, or to the right, by Gymnasium's numbers 0 to 2.
  public enum Action: UInt8, DiscreteAction { case left, coast, right }

  /// The car's force, the hill and the goal; the defaults are Gymnasium's.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Acceleration of one action, above 0.
    public var force = 0.001
    /// Slope's pull at the steepest place.
    public var gravity = 0.0025
    /// Largest size of the velocity, above 0.
    public var maximumSpeed = 0.07
    /// Where the flag stands, up to 0.6.
    public var goalPosition = 0.5
    /// Velocity with which the flag must be reached.
    public var goalVelocity = 0.0
    /// Steps of an episode.
    public var timeLimit = 200

    /// `MountainCar-v0`.
    public init() {}
  }

  /// The left wall and the right end, where the car is held.
  static let positions = -1.2...0.6

  /// The constants of this value.
  public let configuration: Configuration
  /// Along the valley, -1.2 to 0.6; the floor is at -π/6.
  public internal(set) var position = 0.0
  /// Position gained in a step, within ±`maximumSpeed`.
  public internal(set) var velocity = 0.0

  /// Still at 0 until the first `reset`.
  public init(plan configuration: Configuration) { self.configuration = configuration }

  /// - Throws: `UserError` when force or speed limit are not above 0, the flag not in (-0.4, 0.6] or the time
  ///   limit below 1.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try require(configuration.force > 0, "force", configuration.force, "above 0")
    try require(configuration.maximumSpeed > 0, "maximumSpeed", configuration.maximumSpeed, "above 0")
    try require(
      configuration.goalPosition > -0.4 && configuration.goalPosition <= 0.6, "goalPosition",
      configuration.goalPosition,
      "above -0.4, at most 0.6")
    try require(
      (1...1_000_000).contains(configuration.timeLimit), "timeLimit", Double(configuration.timeLimit), "1 to 1000000")
    return configuration
  }

  /// `observation` [2] float32 and five signals; solved at a return of -110.
  public static func specification(of configuration: Configuration) -> Specification {
    Specification(
      measures: [.return(in: -Double(max(configuration.timeLimit, 91))...(-90)), .success, .length()],
      fields: Valley.fields(speed: configuration.maximumSpeed, goal: configuration.goalPosition),
      actions: .discrete(Action.names), timeLimit: configuration.timeLimit, rewards: -1...(-1), solvedReturn: -110,
      cell: ["cell"])
  }

  /// Draws the position; the car stands still.
  public mutating func reset(seed: UInt64) {
    var random = RandomSource(seed: seed)
    position = random.uniform(-0.6, -0.4)
    velocity = 0
  }

  /// Nothing is drawn after the start.
  public mutating func reseed(_ seed: UInt64) {}

  /// Adds the action's force and the slope's pull to the velocity, cuts it, and moves; always pays -1.
  public mutating func step(_ action: Action) -> Transition {
    velocity +=
      (Double(action.rawValue) - 1) * configuration.force + sineCosine(3 * position).cosine * -configuration.gravity
    velocity = min(max(velocity, -configuration.maximumSpeed), configuration.maximumSpeed)
    position = min(max(position + velocity, Self.positions.lowerBound), Self.positions.upperBound)
    if position == Self.positions.lowerBound && velocity < 0 { velocity = 0 }
    let arrived = position >= configuration.goalPosition && velocity >= configuration.goalVelocity
    return Transition(reward: -1, outcome: arrived ? .terminated : .running, success: arrived)
  }

  /// Writes position and velocity, together and by name, and the signals that the row has.
  public func observe(into row: inout ObservationRow) {
    Valley.observe(
      position: position, velocity: velocity, gravity: configuration.gravity, goal: configuration.goalPosition,
      speed: configuration.maximumSpeed, into: &row)
  }

  /// The valley with the car on its slope and the flag.
  public func sketch() -> Sketch {
    Valley.sketch(position: position, velocity: velocity, goal: configuration.goalPosition)
  }
}

/// What the two mountain cars share: the hill sin(3x), the fields and the drawing.
enum Valley {
  /// The fields of both cars; the ranges follow from the speed limit and the flag.
  static func fields(speed: Double, goal: Double) -> [Field] {
    let limit = Double(Float(speed))
    let positions = Double(Float(-1.2))...Double(Float(0.6))
    return [
      // One range for both elements: the wider one.
      Field("observation", shape: [2], element: .float32, range: positions, summary: "position, velocity"),
      .signal("position", range: positions, summary: "along the valley, whose floor is at -0.52"),
      .signal("velocity", range: -limit...limit, summary: "per step"),
      .signal("energy", summary: "v²/2 + gravity · sin(3x)/3, which coasting keeps"),
      .signal("distance", range: 0...(goal + 1.2 + 1e-6), summary: "to the flag, 0 at it and right of it"),
      .signal("cell", shape: [2], element: .uint8, range: 0...15, summary: "position and velocity in 16 bins each"),
    ]
  }

  @inline(__always) static func observe(
    position: Double, velocity: Double, gravity: Double, goal: Double, speed: Double, into row: inout ObservationRow
  ) {
    row.write(SIMD2(Float(position), Float(velocity)), to: 0)
    row.write(Float(position), to: 1)
    row.write(Float(velocity), to: 2)
    if row.wants(3) {
      row.write(Float(velocity * velocity / 2 + gravity * sineCosine(3 * position).sine / 3), to: 3)
    }
    row.write(Float(max(0, goal - position)), to: 4)
    if row.wants(5) {
      row.write(bin(position + 0.3, in: 0.9, bins: 16), to: 5, at: 0)
      row.write(bin(velocity, in: speed, bins: 16), to: 5, at: 1)
    }
  }

  /// The height of the ground as drawn.
  private static func height(_ x: Double) -> Double { sineCosine(3 * x).sine * 0.45 + 0.55 }

  static func sketch(position: Double, velocity: Double, goal: Double) -> Sketch {
    var scene = Scene(left: -1.25, right: 0.65, bottom: -0.05, top: 1.3, columns: 57, rows: 14)
    scene.ground(under: height, from: -1.25, to: 0.65, strips: 76, bottom: -0.05)
    let flag = (x: goal, y: height(goal))
    scene.line(flag, (flag.x, flag.y + 0.17), width: 0.012, .joint, "|")
    scene.polygon([(flag.x, flag.y + 0.17), (flag.x + 0.08, flag.y + 0.14), (flag.x, flag.y + 0.11)], .goal)
    scene.mark((flag.x, flag.y + 0.17), "P", .goal)
    // The body stands on the slope: along the tangent, above it by the normal.
    let slope = 3 * 0.45 * sineCosine(3 * position).cosine
    let length = (1 + slope * slope).squareRoot()
    let along = (x: 1 / length, y: slope / length)
    let above = (x: -along.y, y: along.x)
    func place(_ forward: Double, _ up: Double) -> Scene.Place {
      (position + forward * along.x + up * above.x, height(position) + forward * along.y + up * above.y)
    }
    scene.polygon([place(-0.06, 0.03), place(0.06, 0.03), place(0.05, 0.075), place(-0.05, 0.075)], .cart)
    for wheel in [-0.035, 0.035] { scene.disc(place(wheel, 0.02), radius: 0.02, .joint) }
    scene.mark(place(0, 0.05), velocity < 0 ? "<" : velocity > 0 ? ">" : "A", .cart)
    scene.line(place(0, 0.05), place(velocity * 4, 0.05), width: 0.01, .pole, velocity < 0 ? "<" : ">")
    scene.caption("position \(fixed(position))   velocity \(fixed(velocity))")
    return scene.sketch
  }
}
