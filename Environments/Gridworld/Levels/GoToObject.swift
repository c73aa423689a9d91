extension Gridworld {
  /// A room with different objects: say *done* beside the place of the one that the mission names.
  ///
  /// **Layout.** One room with `objects` keys, balls and boxes, no two of the same kind and colour.
  ///
  /// **End.** Success by `done` in one of the four cells around the place; `done` anywhere else and every
  /// `toggle` terminate without a reward.
  ///
  /// **Ids.** `GoToObject-6x6-N2`, `GoToObject-8x8-N2`.
  ///
  /// **Source.** MiniGrid's `GoToObjectEnv`.
  public struct GoToObject: Family {
    /// MiniGrid's `GoToObjectEnv`; `GoToObject-6x6-N2` and `GoToObject-8x8-N2` are its levels.
    public static let name = "GoToObject"

    /// Side of the grid, 5 to 100.
    public var side = 6
    /// Number of objects, 1 to 18 and at most a quarter of the room's cells.
    public var objects = 2

    /// The level of `GoToObject-6x6-N2`.
    public init() {}

    /// A room of that side, 5 to 100, with so many objects that all look different.
    public init(side: Int, objects: Int = 2) {
      self.side = side
      self.objects = objects
    }

    /// A square of `side` cells, the outer wall included.
    public var size: (width: Int, height: Int) { (side, side) }
    /// MiniGrid's 5 side² steps.
    public var timeLimit: Int? { 5 * side * side }
    /// True: there are no walls inside the room.
    public var seesThroughWalls: Bool { true }
    /// "go to the red ball"
    public var longestMission: Int { 5 }

    /// - Throws: `UserError` when the side is out of range, or there are more objects than looks or than a
    ///   quarter of the room's cells.
    public func validate() throws {
      try require("side", side, in: 5...100)
      try require("objects", objects, in: 1...min(18, (side - 2) * (side - 2) / 4))
    }

    /// Draws the objects, the agent, then which object is meant.
    ///
    /// What counts is the cell where the object was drawn: carrying it elsewhere does not move the target, as
    /// in MiniGrid.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      let placed = try world.placeDifferentObjects(objects)
      try world.placeAgent()
      let target = world.drawElement(placed)
      world.rule = .goTo
      world.place = target.index
      world.mission.append(.go, .to, .the, Word(target.object.color), Word(target.object.tile))
    }
  }

  /// Places keys, balls and boxes no two of which look alike, each where it is not rejected.
  mutating func placeDifferentObjects(
    _ count: Int, apart: Bool = false
  ) throws(LevelRejected) -> [(object: Cell, index: Int)] {
    var placed: [(object: Cell, index: Int)] = []
    while placed.count < count {
      let kind = drawElement([Tile.key, .ball, .box])
      let color = drawColor()
      if placed.contains(where: { $0.object.is(kind) && $0.object.color == color }) { continue }
      let object = makeObject(kind, color)
      let others = placed.map { coordinates($0.index) }
      let index = try place(object) { x, y in
        apart && others.contains { abs($0.x - x) <= 1 && abs($0.y - y) <= 1 }
      }
      placed.append((object, index))
    }
    return placed
  }
}
