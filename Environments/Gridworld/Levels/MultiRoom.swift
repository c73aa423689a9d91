internal import EnvironmentKit
import Groundwork

extension Gridworld {
  /// A chain of rooms with closed doors of different colours between them; the goal is in the last.
  ///
  /// **Layout.** `rooms` rectangles of drawn sides that touch one another along their walls, a closed door in
  /// each wall that two share, two doors in a row never of one colour. What no room covers cannot be reached.
  ///
  /// **End.** Success at the goal square in the last room; truncated after 20 steps a room.
  ///
  /// **Ids.** `MultiRoom-N2-S4`, `-N4-S5` (which has six rooms, a slip in MiniGrid that its version 1 mends),
  /// `-N4-S5-v1`, `-N6`: rooms, then their largest side.
  ///
  /// **Source.** MiniGrid's `MultiRoomEnv`; with seven and more rooms a usual benchmark of intrinsic rewards.
  public struct MultiRoom: Family {
    /// MiniGrid's `MultiRoomEnv`; `MultiRoom-N2-S4` to `MultiRoom-N6` are its levels.
    public static let name = "MultiRoom"

    /// Number of rooms, 1 to 12.
    public var rooms = 6
    /// Longest side of a room, walls included, 4 to 20.
    public var largestRoom = 10
    /// Side of the grid, 10 to 100.
    public var side = 25

    /// The level of `MultiRoom-N6`: six rooms of up to ten cells a side.
    public init() {}

    /// A chain of so many rooms, 1 to 12, of at most that side, 4 to 20, in a grid of 25 x 25.
    public init(rooms: Int, largestRoom: Int = 10) {
      self.rooms = rooms
      self.largestRoom = largestRoom
    }

    /// A square of `side` cells; what no room takes is empty and cannot be reached.
    public var size: (width: Int, height: Int) { (side, side) }
    /// MiniGrid's 20 steps a room.
    public var timeLimit: Int? { 20 * rooms }
    /// The same words whatever the number of rooms.
    public var constantMission: String? { "traverse the rooms to get to the goal" }

    /// - Throws: `UserError` when a number is out of range, when so many rooms of nine cells need more than a
    ///   quarter of the grid, or when a room may be longer than half its side: such chains would hardly ever be
    ///   found.
    public func validate() throws {
      try require("rooms", rooms, in: 1...12)
      try require("largestRoom", largestRoom, in: 4...20)
      try require("side", side, in: 10...100)
      guard rooms * 9 <= side * side / 4 && largestRoom <= side / 2 else {
        throw UserError("\(rooms) rooms of up to \(largestRoom) do not fit \(side) x \(side)", fix: "Use a larger side")
      }
    }

    /// A placed room and the door by which it is entered.
    private struct Room {
      /// The upper left corner and the sides, walls included.
      var x, y, width, height: Int
      var door: (x: Int, y: Int)
    }

    /// Draws chains of rooms until one has them all, then a colour for each door that differs from the door
    /// before, the agent in the first room and the goal in the last.
    ///
    /// A chain of which 10,000 tries found none rejects the level.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      let count = world.draw(rooms, rooms + 1)
      var chain: [Room] = []
      var tries = 0
      while chain.count < count {
        tries += 1
        guard tries < 10_000 else { throw LevelRejected() }
        let door = (x: world.draw(0, side - 2), y: world.draw(0, side - 2))
        var next: [Room] = []
        next.reserveCapacity(count)
        _ = extend(&next, missing: count, entering: 2, by: door, in: &world)
        if next.count > chain.count { chain = next }
      }
      var colors = Color.drawn
      for (index, room) in chain.enumerated() {
        world.wallRectangle(x: room.x, y: room.y, width: room.width, height: room.height)
        guard index > 0 else { continue }
        let color = world.drawElement(colors)
        world.putDoor(color, .closed, atX: room.door.x, y: room.door.y)
        colors = Color.drawn.filter { $0 != color }
      }
      let (first, last) = (chain[0], chain[chain.count - 1])
      try world.placeAgent(x: first.x, y: first.y, width: first.width, height: first.height)
      try world.place(.goal, x: last.x, y: last.y, width: last.width, height: last.height)
    }

    /// Adds a room behind a door, and rooms behind that, as far as eight tries each go.
    ///
    /// - Parameters:
    ///   - missing: Rooms that are still to be placed, this one counted.
    ///   - wall: The side on which the room is entered: 0 right, 1 bottom, 2 left, 3 top.
    /// - Returns: Whether the room itself was placed.
    private func extend(
      _ chain: inout [Room], missing: Int, entering wall: Int, by door: (x: Int, y: Int), in world: inout Gridworld
    ) -> Bool {
      let width = world.draw(4, largestRoom + 1)
      let height = world.draw(4, largestRoom + 1)
      var (x, y) = door
      if !chain.isEmpty {
        // The door lies somewhere along the wall, not at its ends.
        if wall % 2 == 0 {
          if wall == 0 { x -= width - 1 }
          y = world.draw(door.y - height + 2, door.y)
        } else {
          x = world.draw(door.x - width + 2, door.x)
          if wall == 1 { y -= height - 1 }
        }
      }
      // MiniGrid's own bounds: one row at the bottom stays free.
      guard x >= 0, y >= 0, x + width <= side, y + height < side else { return false }
      for room in chain.dropLast() {
        let isApart = x + width < room.x || room.x + room.width <= x || y + height < room.y || room.y + room.height <= y
        if !isApart { return false }
      }
      chain.append(Room(x: x, y: y, width: width, height: height, door: door))
      if missing == 1 { return true }
      for _ in 0..<8 {
        let walls = [0, 1, 2, 3].filter { $0 != wall }
        let exit = world.drawElement(walls)
        let next =
          switch exit {
          case 0: (x: x + width - 1, y: y + world.draw(1, height - 1))
          case 1: (x: x + world.draw(1, width - 1), y: y + height - 1)
          case 2: (x: x, y: y + world.draw(1, height - 1))
          default: (x: x + world.draw(1, width - 1), y: y)
          }
        if extend(&chain, missing: missing - 1, entering: (exit + 2) % 4, by: next, in: &world) { break }
      }
      return true
    }
  }
}
