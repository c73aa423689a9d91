internal import EnvironmentKit
import Groundwork

extension Gridworld {
  /// An object in a side room, a corridor, and a fork with two objects at its end: go to the one like the first.
  ///
  /// The agent has to remember what it saw; picking up does nothing.
  ///
  /// **Layout.** A small room on the left with a green key or ball beside the middle row, the corridor that
  /// leads right from it, and a column across its end with a key and a ball above and below.
  ///
  /// **End.** Success in the cell before the object like the first one, terminated without a reward in the cell
  /// before the other, truncated after 5 side² steps. `pickUp` acts as `toggle`, as MiniGrid has it.
  ///
  /// **Ids.** `MemoryS7`, `S9`, `S11`, `S13`, `S13Random`, `S17Random`.
  ///
  /// **What it tells.** Both ends are equally good for whoever forgot: a policy without memory succeeds half
  /// the time.
  ///
  /// **Source.** MiniGrid's `MemoryEnv`.
  public struct Memory: Family {
    /// MiniGrid's `MemoryEnv`; `MemoryS7` to `MemoryS13`, `MemoryS13Random` and `MemoryS17Random` are its
    /// levels.
    public static let name = "Memory"

    /// Side of the grid, odd, 7 to 99.
    public var side = 9
    /// Whether the corridor's length is drawn.
    public var randomLength = false

    /// The level of `MemoryS9`.
    public init() {}

    /// A level of that side, odd, 7 to 99.
    public init(side: Int, randomLength: Bool = false) {
      self.side = side
      self.randomLength = randomLength
    }

    /// A square of `side` cells, the outer wall included; the corridor is its middle row.
    public var size: (width: Int, height: Int) { (side, side) }
    /// MiniGrid's 5 side² steps.
    public var timeLimit: Int? { 5 * side * side }
    /// The mission does not say which object was first: only a memory of it can.
    public var constantMission: String? { "go to the matching object at the end of the hallway" }

    /// - Throws: `UserError` when the side is even or not in 7 to 99.
    public func validate() throws {
      try require("side", side, in: 7...99)
      guard side % 2 == 1 else {
        throw UserError(
          "side = \(side): the corridor is the middle row", fix: "Use an odd number, for example \(side + 1)")
      }
    }

    /// Draws the corridor's length where it varies, the agent's column in the middle row, the first object and
    /// which of the two at the fork is above.
    ///
    /// The agent looks right and may start anywhere in the corridor, so it may have to go back for a look at
    /// the first object.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      let middle = side / 2
      let end = randomLength ? world.draw(4, side - 2) : side - 3
      // The first room, then the corridor, then the fork.
      world.horizontalWall(x: 1, y: middle - 2, length: 4)
      world.horizontalWall(x: 1, y: middle + 2, length: 4)
      world[4, middle - 1] = .wall
      world[4, middle + 1] = .wall
      for x in 5..<max(5, end) {
        world[x, middle - 1] = .wall
        world[x, middle + 1] = .wall
      }
      for y in 0..<side where y != middle { world[end, y] = .wall }
      world.verticalWall(x: end + 2, y: 0, length: side)

      world.putAgent(x: world.draw(1, end + 1), y: middle)
      let first = world.drawElement([Tile.key, .ball])
      world[1, middle - 1] = world.makeObject(first, .green)
      let isBallAbove = world.draw(0, 2) == 0
      let above: Tile = isBallAbove ? .ball : .key
      world[end + 1, middle - 2] = world.makeObject(above, .green)
      world[end + 1, middle + 2] = world.makeObject(isBallAbove ? .key : .ball, .green)
      let upper = world.index(end + 1, middle - 1)
      let lower = world.index(end + 1, middle + 1)
      world.rule = .memory
      world.place = first == above ? upper : lower
      world.otherPlace = first == above ? lower : upper
    }
  }
}
