extension Gridworld {
  /// A room of drawn size with a door in each wall: say *done* beside the one that the mission names.
  ///
  /// Toggling ends the episode, so no door can be opened.
  ///
  /// **Layout.** A room of drawn width and height in the grid's upper left corner, with one closed door in each
  /// wall, all four of different colours.
  ///
  /// **End.** Success by `done` with the agent in one of the four cells around the named door; the way it looks
  /// does not matter. `done` anywhere else and every `toggle` terminate without a reward.
  ///
  /// **Ids.** `GoToDoor-5x5`, `-6x6`, `-8x8`.
  ///
  /// **Source.** MiniGrid's `GoToDoorEnv`.
  public struct GoToDoor: Family {
    /// MiniGrid's `GoToDoorEnv`; `GoToDoor-5x5`, `-6x6` and `-8x8` are its levels.
    public static let name = "GoToDoor"

    /// Side of the grid, 5 to 100; the room's sides are drawn from 5 to this.
    public var side = 5

    /// The level of `GoToDoor-5x5`.
    public init() {}

    /// A level of that side, 5 to 100.
    public init(side: Int) { self.side = side }

    /// The largest room that can be drawn; what a smaller one leaves over stays empty outside its walls.
    public var size: (width: Int, height: Int) { (side, side) }
    /// MiniGrid's 4 side² steps, of the grid and not of the room that was drawn.
    public var timeLimit: Int? { 4 * side * side }
    /// True: the agent also sees what lies beyond the room.
    public var seesThroughWalls: Bool { true }
    /// "go to the red door"
    public var longestMission: Int { 5 }

    /// - Throws: `UserError` when the side is not in 5 to 100.
    public func validate() throws { try require("side", side, in: 5...100) }

    /// Draws the room's width and height, a door's place in each wall (top, bottom, left, right), four
    /// different colours, the agent, and which door is meant.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      let width = world.draw(5, side + 1)
      let height = world.draw(5, side + 1)
      world.wallRectangle(x: 0, y: 0, width: width, height: height)
      let top = world.draw(2, width - 2)
      let bottom = world.draw(2, width - 2)
      let left = world.draw(2, height - 2)
      let right = world.draw(2, height - 2)
      let places = [(top, 0), (bottom, height - 1), (0, left), (width - 1, right)]
      var colors: [Color] = []
      while colors.count < 4 {
        let color = world.drawColor()
        if !colors.contains(color) { colors.append(color) }
      }
      for (place, color) in zip(places, colors) { world.putDoor(color, .closed, atX: place.0, y: place.1) }
      try world.placeAgent(width: width, height: height)
      let target = world.draw(0, 4)
      world.rule = .goTo
      world.place = world.index(places[target].0, places[target].1)
      world.mission.append(.go, .to, .the, Word(colors[target]), .door)
    }
  }
}
