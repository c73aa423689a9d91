import Groundwork
public import ReinforcementLearning

/// A room with a heater that is on or off, and weather outside.
///
/// **Task.** Keep the room within a degree of 20 for as many minutes as possible.
///
/// **Actions.** 0 `off`, 1 `on`: what the heater does for a minute.
///
/// **Observation.** `observation` [2] float32: degrees in the room and outside, 0...60.
///
/// **Signals.** `distance`, float32, 0...40: degrees to 20.
///
/// **Reward.** 1 for each minute that ends within a degree of 20, otherwise 0.
///
/// **Start.** Room and outside uniform in 10...20.
///
/// **End.** Never terminated. Truncated after `timeLimit` minutes.
///
/// **Configuration.** The heater's power, the time limit.
///
/// **Source.** Newton's law of cooling; ours.
public struct Thermostat: Drawable {
  /// The heater's two states.
  public enum Action: UInt8, DiscreteAction { case off, on }

  /// The heater and the length of an episode.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Degrees a minute that the heater adds, 0.1 to 4.
    public var power = 1.0
    /// Minutes, at least 1.
    public var timeLimit = 120

    /// A heater that reaches 20 degrees in any weather.
    public init() {}
  }

  private let configuration: Configuration
  private var room = 20.0
  private var outside = 20.0
  private var random = RandomSource(seed: 0)

  /// - Throws: `UserError` for a power or a time limit outside of its range.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try Check.all([
      Check("environment.power", configuration.power, in: 0.1...4),
      Check("environment.timeLimit", configuration.timeLimit, in: 1...1_000_000),
    ])
    return configuration
  }

  /// Two numbers, a signal; judged by the return.
  public static func specification(of configuration: Configuration) -> Specification {
    Specification(
      measures: [.return(in: 0...Double(configuration.timeLimit)), .length(.higher)],
      fields: [
        Field("observation", shape: [2], element: .float32, range: 0...60, summary: "degrees in the room, outside"),
        .signal("distance", range: 0...40, summary: "degrees to 20"),
      ],
      actions: .discrete(Action.names), timeLimit: configuration.timeLimit, rewards: 0...1, isStochastic: true)
  }

  /// A room of 20 degrees until the first `reset`.
  public init(plan configuration: Configuration) { self.configuration = configuration }

  /// Draws the room's temperature, then the one outside.
  public mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    room = random.uniform(10, 20)
    outside = random.uniform(10, 20)
  }

  /// Replaces the weather to come.
  public mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  /// The weather changes, then the room follows it by a tenth and the heater heats.
  public mutating func step(_ action: Action) -> Transition {
    outside = min(max(outside + random.uniform(-0.5, 0.5), 0), 20)
    room += 0.1 * (outside - room) + (action == .on ? configuration.power : 0)
    return Transition(reward: abs(room - 20) <= 1 ? 1 : 0)
  }

  /// Writes the fields by their numbers in the specification.
  public func observe(into row: inout ObservationRow) {
    row.write(SIMD2(Float(room), Float(outside)), to: 0)
    row.write(Float(abs(room - 20)), to: 1)
  }

  /// A bar of mercury, and the degrees in words.
  public func sketch() -> Sketch {
    var sketch = Sketch(width: 60, height: 6)
    sketch.shapes = [
      .rectangle(corner: .init(0, 0), width: 60, height: 6, .init(40, 44, 52)),
      .rectangle(corner: .init(0, 1), width: Float(room), height: 4, .init(220, 90, 60)),
    ]
    sketch.board = [(0..<60).map { Sketch.Character(Double($0) < room ? "=" : ".") }]
    sketch.captions = ["room \(Int(room.rounded())), outside \(Int(outside.rounded()))"]
    return sketch
  }
}
