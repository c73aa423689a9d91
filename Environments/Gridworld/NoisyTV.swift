internal import EnvironmentKit
public import ReinforcementLearning

/// A chain of rooms with a television in the first: a ball whose colour the agent can change at will, at random.
///
/// What rewards novelty or surprise alone watches the television for ever; what is to be found is behind the doors.
///
/// **Task.** Traverse the rooms to the goal, as in MiniGrid's MultiRoom.
///
/// **Actions.** MultiRoom's seven, but for two: 4 `drop` switches the channel (the ball takes a uniform one of the
/// six colours) wherever the agent is, and 3 `pickUp` does nothing, so the ball stays.
///
/// **Observation.** MultiRoom's: `image` uint8 [7, 7, 3], `direction` uint8.
///
/// **Signals.** Those of `Gridworld`; `channel` uint8: the ball's colour; `switches` int32: times that the channel was
/// switched.
///
/// **Reward.** MultiRoom's: 1 - 0.9 * steps / time limit at the goal, else 0.
///
/// **Start.** MultiRoom's level of the same seed; the ball is put into a uniform free cell of the agent's room that
/// is next to no door and is not the agent's, so that it bars no way.
///
/// **End.** Terminated, and a success, at the goal. Truncated after 20 steps a room.
///
/// **Configuration.** Number of rooms and their largest side; whether the channel can be switched at all, which
/// without is the same level without noise.
///
/// **Source.** Raileanu and Rocktäschel, "RIDE: Rewarding impact-driven exploration", 2020, MultiRoom-NoisyTV-N7-S4.
public struct NoisyTV: Environment, Drawable {
  /// MultiRoom's seven, of which two are redefined: see **Actions**.
  public typealias Action = Gridworld.Action

  /// How many rooms there are and whether the television can be switched; the defaults are RIDE's N7-S4.
  public struct Configuration: Codable, Hashable, Sendable {
    /// 2 to 12.
    public var rooms = 7
    /// Longest side of a room, walls included, 4 to 12.
    public var largestRoom = 4
    /// Whether the channel changes.
    public var isNoisy = true

    /// Seven rooms of at most four cells a side, the channel noisy.
    public init() {}

    /// So many rooms, 2 to 12, of at most that side, 4 to 12.
    public init(rooms: Int, largestRoom: Int) {
      self.rooms = rooms
      self.largestRoom = largestRoom
    }

    /// MultiRoom with the same rooms.
    var gridworld: Gridworld.Configuration {
      Gridworld.Configuration(Gridworld.MultiRoom(rooms: rooms, largestRoom: largestRoom))
    }
  }

  /// The rooms and whether the channel changes.
  public let configuration: Configuration
  /// The rooms; the television is a ball in them.
  var world: Gridworld
  /// The ball's cell in the world's array.
  private(set) var television = 0
  /// Times that the channel was switched in the episode.
  private(set) var switches = 0
  /// The channel's draws, apart from the level's.
  private var random = RandomSource(seed: 0)

  /// The configuration with the plan of the rooms.
  public struct Plan: Sendable {
    let configuration: Configuration
    let gridworld: Gridworld.Plan
  }

  /// Allocates the world; the first `reset` draws the rooms.
  public init(plan: Plan) {
    configuration = plan.configuration
    world = Gridworld(plan: plan.gridworld)
  }

  /// - Throws: `UserError` when the rooms, 2 to 12, or their largest side, 4 to 12, are out of range.
  public static func plan(_ configuration: Configuration) throws -> Plan {
    try require((2...12).contains(configuration.rooms), "rooms", Double(configuration.rooms), "2 to 12")
    try require(
      (4...12).contains(configuration.largestRoom), "largestRoom", Double(configuration.largestRoom), "4 to 12")
    return Plan(configuration: configuration, gridworld: try Gridworld.plan(configuration.gridworld))
  }

  /// The numbers of the fields that come after the world's.
  private static let channelField = 12
  private static let switchesField = 13

  /// The world's fields, then `channel` [1] uint8 and `switches` [1] int32; always stochastic.
  public static func specification(of plan: Plan) -> Specification {
    var specification = Gridworld.specification(of: plan.gridworld)
    precondition(specification.fields.count == channelField, "the world has other fields than this type knows")
    specification.fields += [
      Field(
        "channel", shape: [1], element: .uint8, role: .signal, kind: .categorical([6]), summary: "the ball's colour"),
      .signal("switches", element: .int32, range: 0...1e6, summary: "times that the channel was switched"),
    ]
    specification.isStochastic = true
    specification.stillSettings = []
    return specification
  }

  /// MultiRoom's level of that seed; the television's cell and first colour come from a stream of their own.
  public mutating func reset(seed: UInt64) {
    world.reset(seed: seed)
    // A stream of its own: the level stays MultiRoom's.
    random = RandomSource(seed: seed, purpose: .noisyTelevision, index: 0)
    switches = 0
    let cells = freeCells()
    television = cells[random.integer(in: 0..<cells.count)]
    show()
  }

  /// Changes the colours that are still to come and nothing else: MultiRoom draws nothing after the start.
  public mutating func reseed(_ seed: UInt64) {
    world.reseed(seed)
    random = RandomSource(seed: seed, purpose: .noisyTelevision, index: 0)
  }

  /// MultiRoom's: 20 steps a room.
  public func timeLimit(default limit: Int) -> Int { world.timeLimit(default: limit) }

  /// The empty cells of the agent's room that are not the agent's and next to no door; any of the room's if none is.
  private func freeCells() -> [Int] {
    var room = [world.agent]
    var next = 0
    while next < room.count {
      for direction in 0..<4 {
        let cell = room[next] + world.offset(direction)
        if world.cells[cell].isEmpty && !room.contains(cell) { room.append(cell) }
      }
      next += 1
    }
    room.removeFirst()
    let apart = room.filter { cell in (0..<4).allSatisfy { !world.cells[cell + world.offset($0)].isDoor } }
    return apart.isEmpty ? room : apart
  }

  /// Gives the ball a new colour.
  private mutating func show() {
    world.cells[television] = Gridworld.Cell(.ball, Gridworld.Color.allCases[random.integer(in: 0..<6)])
  }

  /// Switches the channel on `drop`, then does in the world what is left of the action: `drop` and `pickUp`
  /// only pass time.
  public mutating func step(_ action: Action) -> Transition {
    switch action {
    case .drop:
      if configuration.isNoisy {
        show()
        switches += 1
      }
      return world.step(.done)
    case .pickUp: return world.step(.done)
    default: return world.step(action)
    }
  }

  /// The world's row, then the two signals of this type.
  public func observe(into row: inout ObservationRow) {
    world.observe(into: &row)
    row.write(UInt8(truncatingIfNeeded: world.cells[television].bits >> 8), to: Self.channelField)
    row.write(Int32(switches), to: Self.switchesField)
  }

  /// The world's picture with the number of switches below it.
  public func sketch() -> Sketch {
    var sketch = world.sketch()
    sketch.captions.append("channel switched \(switches) times")
    return sketch
  }
}
