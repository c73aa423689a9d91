internal import EnvironmentKit
import Groundwork

extension Gridworld {
  /// Two rooms with a locked door between: take the key, open the door, reach the goal.
  ///
  /// Hard to explore with a sparse reward, easy to shape: the standard test of both.
  ///
  /// **Layout.** A wall from top to bottom in a drawn column, a yellow locked door in it, the key and the agent
  /// on its left, the goal in the lower right corner.
  ///
  /// **End.** Success at the goal square; nothing else terminates an episode. Taking the key and opening the
  /// door count as subgoals, and `distance` leads to the key first.
  ///
  /// **Ids.** `DoorKey-5x5`, `-6x6`, `-8x8`, `-16x16`.
  ///
  /// **Source.** MiniGrid's `DoorKeyEnv`.
  public struct DoorKey: Family {
    /// MiniGrid's `DoorKeyEnv`; `DoorKey-5x5` to `DoorKey-16x16` are its levels.
    public static let name = "DoorKey"

    /// Side of the grid, 5 to 100.
    public var side = 8

    /// The level of `DoorKey-8x8`.
    public init() {}

    /// A level of that side, 5 to 100.
    public init(side: Int) { self.side = side }

    /// A square of `side` cells, the outer wall included.
    public var size: (width: Int, height: Int) { (side, side) }
    /// MiniGrid's 10 side² steps: 640 for side 8.
    public var timeLimit: Int? { 10 * side * side }
    /// The same words in every episode: the key and the door are always yellow.
    public var constantMission: String? { "use the key to open the door and then get to the goal" }

    /// - Throws: `UserError` when the side is not in 5 to 100.
    public func validate() throws { try require("side", side, in: 5...100) }

    /// Draws the wall's column, the agent's cell and direction left of it, the door's row, then the key's cell
    /// left of it.
    ///
    /// The goal is in the lower right corner, always behind the door. A placement that finds no free cell
    /// rejects the level.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      world[side - 2, side - 2] = .goal
      let wall = world.draw(2, side - 2)
      world.verticalWall(x: wall, y: 0, length: side)
      try world.placeAgent(width: wall, height: side)
      let row = world.draw(1, side - 2)
      world.putDoor(.yellow, .locked, atX: wall, y: row)
      try world.place(world.makeObject(.key, .yellow), width: wall, height: side)
    }
  }
}
