extension Gridworld {
  /// A room with different objects, none beside another: put one within a cell of where another started.
  ///
  /// Picking up the wrong one ends the episode, and so does any drop.
  ///
  /// **Layout.** One room with `objects` keys, balls and boxes of different looks, each at least two cells from
  /// every other.
  ///
  /// **End.** Success by dropping the named object within a cell of the other's place, diagonals counted;
  /// terminated without a reward by any other drop, a drop that found no free cell included, and by picking up
  /// anything else.
  ///
  /// **Ids.** `PutNear-6x6-N2`, `PutNear-8x8-N3`: side, then objects.
  ///
  /// **Source.** MiniGrid's `PutNearEnv`.
  public struct PutNear: Family {
    /// MiniGrid's `PutNearEnv`; `PutNear-6x6-N2` and `PutNear-8x8-N3` are its levels.
    public static let name = "PutNear"

    /// Side of the grid, 6 to 100.
    public var side = 6
    /// Number of objects, 2 to 18 and at most an eleventh of the room's cells, or 2.
    public var objects = 2

    /// The level of `PutNear-6x6-N2`.
    public init() {}

    /// A room of that side, 6 to 100, with so many objects that all look different.
    public init(side: Int, objects: Int) {
      self.side = side
      self.objects = objects
    }

    /// A square of `side` cells, the outer wall included.
    public var size: (width: Int, height: Int) { (side, side) }
    /// MiniGrid's 5 side steps, not 5 side²: 30 for side 6.
    public var timeLimit: Int? { 5 * side }
    /// True: there are no walls inside the room.
    public var seesThroughWalls: Bool { true }
    /// "put the red ball near the blue box"
    public var longestMission: Int { 8 }

    /// - Throws: `UserError` when the side is out of range or the objects could not be kept apart in the room.
    public func validate() throws {
      try require("side", side, in: 6...100)
      try require("objects", objects, in: 2...max(2, min(18, (side - 2) * (side - 2) / 11)))
    }

    /// Draws the objects, no two within a cell of each other, the agent, which object is to be moved and beside
    /// which.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      let placed = try world.placeDifferentObjects(objects, apart: true)
      try world.placeAgent()
      let moved = world.draw(0, placed.count)
      var target = moved
      while target == moved { target = world.draw(0, placed.count) }
      let (object, other) = (placed[moved].object, placed[target].object)
      world.rule = .putNear
      world.wanted = object.look
      world.place = placed[target].index
      world.mission.append(.put, .the, Word(object.color), Word(object.tile), .near, .the)
      world.mission.append(Word(other.color), Word(other.tile))
    }
  }
}
