extension Gridworld {
  /// A room with keys and balls, one of which is to be picked up; picking up another ends the episode.
  ///
  /// **Layout.** One room with `objects` keys and balls in drawn colours and cells; boxes do not occur.
  ///
  /// **Mission.** "get a", "go get a", "fetch a", "go fetch a" or "you must fetch a", then colour and kind, by
  /// a draw: the same task in five wordings.
  ///
  /// **End.** Success by picking up what looks like the object that is meant, terminated without a reward by
  /// picking up anything else, truncated after 5 side² steps.
  ///
  /// **Ids.** `Fetch-5x5-N2`, `Fetch-6x6-N2`, `Fetch-8x8-N3`: side, then objects.
  ///
  /// **Source.** MiniGrid's `FetchEnv`.
  public struct Fetch: Family {
    /// MiniGrid's `FetchEnv`; `Fetch-5x5-N2`, `Fetch-6x6-N2` and `Fetch-8x8-N3` are its levels.
    public static let name = "Fetch"

    /// Side of the grid, 5 to 100.
    public var side = 8
    /// Number of objects, 1 to a quarter of the room's cells, at most 100.
    public var objects = 3

    /// The level of `Fetch-8x8-N3`.
    public init() {}

    /// A room of that side, 5 to 100, with so many objects.
    public init(side: Int, objects: Int) {
      self.side = side
      self.objects = objects
    }

    /// A square of `side` cells, the outer wall included.
    public var size: (width: Int, height: Int) { (side, side) }
    /// MiniGrid's 5 side² steps.
    public var timeLimit: Int? { 5 * side * side }
    /// True: there are no walls inside the room.
    public var seesThroughWalls: Bool { true }
    /// "you must fetch a red ball"
    public var longestMission: Int { 6 }

    /// - Throws: `UserError` when the side is out of range, or the objects are more than a quarter of the
    ///   room's cells.
    public func validate() throws {
      try require("side", side, in: 5...100)
      try require("objects", objects, in: 1...min(100, (side - 2) * (side - 2) / 4))
    }

    /// Draws each object's kind, colour and cell, the agent, which object is meant, and one of five ways to say
    /// it.
    ///
    /// Two objects may look alike: then either of them is right, since the mission names a look, not an object.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      var placed: [Cell] = []
      for _ in 0..<objects {
        let kind = world.drawElement([Tile.key, .ball])
        let object = world.makeObject(kind, world.drawColor())
        try world.place(object)
        placed.append(object)
      }
      try world.placeAgent()
      let target = world.drawElement(placed)
      world.rule = .fetch
      world.wanted = target.look
      switch world.draw(0, 5) {
      case 0: world.mission.append(.get)
      case 1: world.mission.append(.go, .get)
      case 2: world.mission.append(.fetch)
      case 3: world.mission.append(.go, .fetch)
      default: world.mission.append(.you, .must, .fetch)
      }
      world.mission.append(.a, Word(target.color), Word(target.tile))
    }
  }
}
