import Groundwork
import ReinforcementLearning

extension Gridworld {
  /// What BabyAI's level generator may draw: any sentence of the language, or some of them.
  public struct Language: Codable, Hashable, Sendable {
    /// What a clause tells to do: stand before a thing, take it, open a door, or put one thing beside another.
    public enum Verb: String, Codable, Hashable, Sendable { case goTo, pickUp, open, putNext }
    /// How clauses make a sentence; a sentence has at most four of them.
    public enum Form: String, Codable, Hashable, Sendable {
      /// One clause.
      case action
      /// Two clauses in any order.
      case and
      /// Two parts in a given order, each a clause or two.
      case sequence
    }

    /// Probability of a locked room, 0 to 1.
    public var lockedRoomProbability = 0.5
    /// Whether objects are also told by where they are.
    public var locations = true
    /// Whether other objects may have to be moved away.
    public var unblocking = true
    /// Whether objects in the locked room may be meant.
    public var implicitUnlock = true
    /// The verbs of which each clause draws one, uniformly; at least one. A verb that stands twice is drawn
    /// twice as often.
    public var verbs: [Verb] = [.goTo, .pickUp, .open, .putNext]
    /// The forms of which each sentence draws one, uniformly; at least one.
    public var forms: [Form] = [.action, .and, .sequence]

    /// The whole language, as BossLevel speaks it.
    public init() {}

    /// Reads what is given; what is missing is as `init()` sets it, so that one of the settings can be changed alone.
    public init(from decoder: any Decoder) throws {
      self.init()
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
        value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
      }
      try read(&lockedRoomProbability, .lockedRoomProbability)
      try read(&locations, .locations)
      try read(&unblocking, .unblocking)
      try read(&implicitUnlock, .implicitUnlock)
      try read(&verbs, .verbs)
      try read(&forms, .forms)
    }

    /// - Throws: `UserError` for a probability outside 0 to 1, or a language without verbs or forms.
    func validate() throws {
      try Check("environment.level.language.lockedRoomProbability", lockedRoomProbability, in: 0...1).enforce()
      guard !verbs.isEmpty && !forms.isEmpty else {
        throw UserError("a language without verbs or forms says nothing", fix: "Name at least one of each")
      }
    }

    /// Words of the longest sentence: "put a red ball in front of you next to a red ball in front of you" has 17.
    var longestMission: Int {
      let description = locations ? 7 : 3
      let clause = verbs.contains(.putNext) ? 3 + 2 * description : 2 + description
      if forms.contains(.sequence) { return min(64, 4 * clause + 4) }
      return forms.contains(.and) ? 2 * clause + 1 : clause
    }

    /// Draws rooms, doors, objects, the agent and an instruction.
    func say(
      _ rooms: inout RoomGrid, distractors: Int, in world: inout Gridworld
    ) throws(LevelRejected) -> Instruction {
      var lockedRoom: (column: Int, row: Int)?
      if world.random.uniform(0, 1) < lockedRoomProbability { lockedRoom = try addLockedRoom(&rooms, in: &world) }
      try rooms.connectAll(in: &world)
      try rooms.addDistractors(count: distractors, unique: false, in: &world)
      try BabyAI().placeAgent(outside: lockedRoom, rooms, in: &world)
      if !unblocking { try world.checkReachable() }
      var speaker = Speaker(language: self, rooms: rooms, lockedRoom: implicitUnlock ? nil : lockedRoom)
      return try speaker.instruction(in: &world)
    }

    /// Locks a door of a drawn room and puts its key into another room.
    private func addLockedRoom(
      _ rooms: inout RoomGrid, in world: inout Gridworld
    ) throws(LevelRejected) -> (column: Int, row: Int) {
      var room = (column: 0, row: 0)
      var side = 0
      repeat {
        room.column = world.draw(0, rooms.columns)
        room.row = world.draw(0, rooms.rows)
        side = world.draw(0, 4)
      } while !rooms.hasNeighbor(room.column, room.row, side: side)
      let door = rooms.addDoor(room.column, room.row, side: side, locked: true, in: &world).door
      while true {
        let column = world.draw(0, rooms.columns)
        let row = world.draw(0, rooms.rows)
        if column == room.column && row == room.row { continue }
        try rooms.addObject(column, row, .key, door.color, in: &world)
        return room
      }
    }

    /// Draws sentences about a level.
    private struct Speaker {
      let language: Language
      /// The level's rooms, for what lies where.
      let rooms: RoomGrid
      /// The room whose objects alone must not be meant.
      let lockedRoom: (column: Int, row: Int)?

      /// A whole sentence, its form drawn first.
      mutating func instruction(in world: inout Gridworld) throws(LevelRejected) -> Instruction {
        switch world.drawElement(language.forms) {
        case .action: return Instruction(try clause(in: &world))
        case .and: return Instruction(try pair(in: &world))
        case .sequence:
          let a = try part(in: &world)
          let b = try part(in: &world)
          return Instruction(a, world.draw(0, 2) == 0 ? .before : .after, b)
        }
      }

      /// A clause, or two that may be done in any order.
      private func part(in world: inout Gridworld) throws(LevelRejected) -> Part {
        if world.draw(0, 2) == 0 {
          // The only form that is left is still drawn, from a list of one, which draws nothing.
          return Part(try clause(in: &world))
        }
        return try pair(in: &world)
      }

      private func pair(in world: inout Gridworld) throws(LevelRejected) -> Part {
        let a = try clause(in: &world)
        return Part(a, and: try clause(in: &world))
      }

      /// A verb and its objects; doors can be gone to and opened, but not carried.
      private func clause(in world: inout Gridworld) throws(LevelRejected) -> Clause {
        switch world.drawElement(language.verbs) {
        case .goTo: return Clause(.goTo, try object([.box, .ball, .key, .door], in: &world))
        case .pickUp: return Clause(.pickUp, try object([.box, .ball, .key], in: &world))
        case .open: return Clause(.open, try object([.door], in: &world))
        case .putNext:
          let moved = try object([.box, .ball, .key], in: &world)
          return Clause(.putNext, moved, nextTo: try object([.box, .ball, .key, .door], in: &world))
        }
      }

      /// Draws descriptions until one means something.
      private func object(_ tiles: [Tile], in world: inout Gridworld) throws(LevelRejected) -> Description {
        for _ in 0...100 {
          var description = Description()
          let color = world.draw(0, 7)
          description.color = color == 0 ? nil : Color.drawn[color - 1]
          description.tile = world.drawElement(tiles)
          if language.locations && world.drawBool() {
            description.location = world.drawElement(Description.Location.allCases)
          }
          guard world.hasMatch(description, rooms: rooms) else { continue }
          if let lockedRoom, !world.hasMatch(description, rooms: rooms, outside: lockedRoom) { continue }
          return description
        }
        throw LevelRejected()
      }
    }
  }
}
