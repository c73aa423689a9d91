internal import EnvironmentKit
import Groundwork

extension Gridworld {
  /// A room with the goal in its lower right corner: the smallest test of an agent.
  ///
  /// The agent starts in the upper left corner and looks right, or anywhere.
  ///
  /// **End.** Success at the goal square; nothing else terminates an episode.
  ///
  /// **Ids.** `Empty-5x5`, `-6x6`, `-8x8`, `-16x16`, and `Empty-Random-5x5` and `-6x6` with `randomStart`.
  ///
  /// **What it tells.** In the larger ones the reward is far away and nothing else is there, so an agent that
  /// does not solve them does not explore at all.
  ///
  /// **Source.** MiniGrid's `EmptyEnv`.
  public struct Empty: Family {
    /// MiniGrid's `EmptyEnv`; `Empty-5x5` to `Empty-16x16` and `Empty-Random-5x5` and `-6x6` are its levels.
    public static let name = "Empty"

    /// Side of the grid, 4 to 100.
    public var side = 8
    /// Whether the agent starts anywhere, in any direction.
    public var randomStart = false

    /// The level of `Empty-8x8`.
    public init() {}

    /// A room of that side, 4 to 100.
    public init(side: Int, randomStart: Bool = false) {
      self.side = side
      self.randomStart = randomStart
    }

    /// A square of `side` cells, the outer wall included.
    public var size: (width: Int, height: Int) { (side, side) }
    /// MiniGrid's 4 side² steps: 256 for side 8.
    public var timeLimit: Int? { 4 * side * side }
    /// True, as MiniGrid has it; there is nothing to hide behind.
    public var seesThroughWalls: Bool { true }
    /// MiniGrid's words for a goal square.
    public var constantMission: String? { "get to the green goal square" }

    /// - Throws: `UserError` when the side is not in 4 to 100.
    public func validate() throws { try require("side", side, in: 4...100) }

    /// Draws the agent's cell and direction where it starts anywhere, else nothing: all episodes are then
    /// alike.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      world[side - 2, side - 2] = .goal
      if randomStart {
        try world.placeAgent()
      } else {
        world.putAgent(x: 1, y: 1)
      }
    }
  }
}
