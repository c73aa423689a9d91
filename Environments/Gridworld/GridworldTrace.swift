import Groundwork
import ReinforcementLearning

/// A recording of MiniGrid: one line of JSON with a level's id and seed, the level that was drawn, and for each
/// step the action, the image, the reward and the flags.
///
/// Images and the world are hexadecimal bytes in the order of the observation field `image`.
public struct GridworldTrace: Decodable, Sendable {
  /// MiniGrid's or BabyAI's id, for example "MiniGrid-DoorKey-8x8-v0".
  public var id: String
  /// What MiniGrid's `reset(seed:)` was called with.
  public var seed: UInt64
  /// Width and height.
  public var grid: [Int]
  /// MiniGrid's time limit of the episode, which BabyAI sets by the mission.
  public var max_steps: Int
  /// x, y and direction after the reset.
  public var agent: [Int]
  /// MiniGrid's text, with which ours must agree to the letter.
  public var mission: String
  /// The grid without the agent after the reset.
  public var world: String
  /// The actions by number, 0 to 6; one for each step.
  public var actions: [Int]
  /// One more than actions.
  public var images: [String]
  /// The agent's direction, 0 to 3: one more than actions, the first after the reset.
  public var directions: [Int]
  /// The reward of each step, in MiniGrid's double precision.
  public var rewards: [Double]
  /// MiniGrid's flag of each step.
  public var terminated: [Bool]
  /// MiniGrid's flag of each step, true in the last one that the time limit allows.
  public var truncated: [Bool]
  /// Object and colour of what is carried at the end.
  public var carrying: [String]?

  /// What a check found.
  public struct Result: Sendable, Hashable {
    /// The recording's id.
    public var id: String
    /// The recording's seed.
    public var seed: UInt64
    /// Steps of the recording.
    public var steps: Int
    /// How many of them go by before the first difference.
    public var equalSteps: Int
    /// The first difference in words, with its step; nil when all is the same.
    public var difference: String?
  }

  /// Checks one line of a recording against the level of that id.
  ///
  /// - Throws: `UserError` when the line is no recording or its id unknown.
  public static func verify(line: some Sequence<UInt8>) throws -> Result { try GridworldTrace(line: line).verify() }

  /// Reads a line of a recording.
  init(line: some Sequence<UInt8>) throws {
    self = try JSON(parsing: line, name: "the recording").decoded(as: GridworldTrace.self, name: "the recording")
  }

  /// Steps the level through the recorded actions and compares everything.
  ///
  /// - Parameter rewardTolerance: By how much a reward may differ.
  /// - Returns: How many steps agree and where the first difference is; differences are no errors.
  /// - Throws: `UserError` when the id is unknown or the recording's lists do not have the lengths that belong
  ///   together.
  public func verify(rewardTolerance: Float = 0) throws -> Result {
    guard let level = Gridworld.level(named: id) else {
      throw UserError.unknown("gridworld level", id, among: Gridworld.levels.flatMap(\.aliases))
    }
    guard images.count == actions.count + 1, directions.count == actions.count + 1, rewards.count == actions.count,
      terminated.count == actions.count, truncated.count == actions.count, grid.count == 2, agent.count == 3
    else { throw UserError("the recording of \(id), seed \(seed), is not whole", fix: "It may be cut off; restore it") }
    var player = Player(try Gridworld.plan(level.configuration))
    var equalSteps = 0
    let difference = difference(&player, rewardTolerance: rewardTolerance, equalSteps: &equalSteps)
    return Result(id: id, seed: seed, steps: actions.count, equalSteps: equalSteps, difference: difference)
  }

  /// Compares the drawn level, then observation, reward and flags step by step, then what is carried at the
  /// end.
  private func difference(_ player: inout Player, rewardTolerance: Float, equalSteps: inout Int) -> String? {
    player.world.reset(seed: seed)
    let world = player.world
    func differs<Value: Equatable>(_ what: String, _ ours: Value, _ recorded: Value) -> String? {
      ours == recorded ? nil : "\(what) is \(ours), recorded is \(recorded)"
    }
    if let found = differs("the grid's size", [world.width, world.height], grid)
      ?? differs("the level after the reset", GridworldTrace.hexadecimal(world.encodedGrid), self.world)
      ?? differs("the agent after the reset", [world.position.x, world.position.y, world.direction], agent)
      ?? differs("the mission", world.mission.text, mission)
      ?? differs("the time limit", world.maxSteps, max_steps)
      ?? compare(player.observe(), at: 0)
    { return "at the reset, \(found)" }
    for (step, action) in actions.enumerated() {
      guard let action = Gridworld.Action(rawValue: UInt8(clamping: action)) else {
        return "step \(step) has action \(action)"
      }
      let transition = player.world.step(action)
      let isTruncated = step + 1 >= player.world.maxSteps
      if let found = compare(player.observe(), at: step + 1)
        ?? (abs(transition.reward - Float(rewards[step])) <= rewardTolerance
          ? nil : differs("the reward", transition.reward, Float(rewards[step])))
        ?? differs("terminated", transition.outcome == .terminated, terminated[step])
        ?? differs("truncated", isTruncated, truncated[step])
      { return "after step \(step) (\(action)), \(found)" }
      equalSteps = step + 1
    }
    let carried = player.world.carried
    return differs(
      "what is carried at the end", carried.bits == 0 ? [] : ["\(carried.tile)", "\(carried.color)"], carrying ?? [])
  }

  /// The first cell in which an image differs.
  private func compare(_ observation: (image: [UInt8], direction: Int), at index: Int) -> String? {
    guard observation.direction == directions[index] else {
      return "the direction is \(observation.direction), recorded is \(directions[index])"
    }
    let ours = GridworldTrace.hexadecimal(observation.image)
    guard ours != images[index] else { return nil }
    let side = 7
    let (a, b) = (Array(ours.utf8), Array(images[index].utf8))
    guard a.count == b.count else { return "the image has \(a.count / 2) bytes, recorded are \(b.count / 2)" }
    let cell = zip(a, b).enumerated().first { $1.0 != $1.1 }!.offset / 6
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes[cell * 6..<cell * 6 + 6], as: UTF8.self) }
    return "the image at column \(cell / side), row \(cell % side) is \(text(a)), recorded is \(text(b))"
  }

  /// Two lower-case digits a byte.
  static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// A gridworld with a row to observe into.
  struct Player {
    var world: Gridworld
    /// Where the fields lie in the row.
    private let layout: ObservationLayout

    init(_ plan: Gridworld.Plan, signals: [String] = []) {
      world = Gridworld(plan: plan)
      layout = ObservationLayout(Gridworld.specification(of: plan), signals: signals)
    }

    /// The image's bytes in the field's order, and the direction.
    func observe() -> (image: [UInt8], direction: Int) {
      var bytes = [UInt8](repeating: 0xaa, count: layout.rowBytes + 8)
      let image = layout.places[0].field.count
      bytes.withUnsafeMutableBytes { bytes in
        layout.bytes.withUnsafeBufferPointer { fields in
          var row = ObservationRow(base: bytes.baseAddress!, fields: fields.baseAddress!)
          world.observe(into: &row)
        }
      }
      return (Array(bytes.prefix(image)), Int(bytes[Int(layout.offsets[1])]))
    }
  }
}

extension Gridworld {
  /// (object, colour, state) of every cell, column by column, without the agent.
  var encodedGrid: [UInt8] {
    var bytes: [UInt8] = []
    for x in 0..<width {
      for y in 0..<height {
        let cell = self[x, y].bits
        bytes += [
          UInt8(truncatingIfNeeded: cell), UInt8(truncatingIfNeeded: cell >> 8), UInt8(truncatingIfNeeded: cell >> 16),
        ]
      }
    }
    return bytes
  }
}
