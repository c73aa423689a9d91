extension Gridworld {
  /// A room with a red door on its left and a blue one on its right: open the red one, then the blue one.
  ///
  /// **Layout.** A square room in the middle of a grid twice as wide; both doors are closed, in drawn rows of
  /// its left and right wall.
  ///
  /// **End.** Success by opening the blue door while the red one stands open; opening the blue one first
  /// terminates without a reward. The agent cannot see both doors at once, so a memory of having opened one
  /// helps.
  ///
  /// **Ids.** `RedBlueDoors-6x6`, `RedBlueDoors-8x8`: the room's side.
  ///
  /// **Source.** MiniGrid's `RedBlueDoorEnv`.
  public struct RedBlueDoors: Family {
    /// MiniGrid's `RedBlueDoorEnv`; `RedBlueDoors-6x6` and `RedBlueDoors-8x8` are its levels.
    public static let name = "RedBlueDoors"

    /// Height of the grid, which is twice as wide, 5 to 50.
    public var side = 8

    /// The level of `RedBlueDoors-8x8`.
    public init() {}

    /// A level of that height, 5 to 50, and twice that width.
    public init(side: Int) { self.side = side }

    /// Twice as wide as high: the room is the middle half, and the doors lead into the quarters beside it.
    public var size: (width: Int, height: Int) { (2 * side, side) }
    /// MiniGrid's 20 side² steps.
    public var timeLimit: Int? { 20 * side * side }
    /// The order is part of the mission: opening the blue door first ends the episode without a reward.
    public var constantMission: String? { "open the red door then the blue door" }

    /// - Throws: `UserError` when the side is not in 5 to 50.
    public func validate() throws { try require("side", side, in: 5...50) }

    /// Draws the agent's cell and direction, the red door's row, then the blue one's.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      let left = side / 2
      let right = left + side - 1
      world.wallRectangle(x: left, y: 0, width: side, height: side)
      try world.placeAgent(x: left, y: 0, width: side, height: side)
      let red = world.draw(1, side - 1)
      world.putDoor(.red, .closed, atX: left, y: red)
      let blue = world.draw(1, side - 1)
      world.putDoor(.blue, .closed, atX: right, y: blue)
      world.rule = .redBlueDoors
      world.place = world.index(left, red)
      world.otherPlace = world.index(right, blue)
    }
  }
}
