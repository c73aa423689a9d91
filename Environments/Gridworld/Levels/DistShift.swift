extension Gridworld {
  /// A goal behind strips of lava whose second strip lies elsewhere in the test level: a distributional shift.
  public struct DistShift: Family {
    public static let name = "DistShift"

    /// The row of the second strip, 2 to 5.
    public var secondStrip = 2

    public init() {}

    public init(secondStrip: Int) { self.secondStrip = secondStrip }

    public var size: (width: Int, height: Int) { (9, 7) }
    public var timeLimit: Int? { 252 }
    public var seesThroughWalls: Bool { true }
    public var constantMission: String? { "get to the green goal square" }

    public func validate() throws { try require("secondStrip", secondStrip, in: 2...5) }

    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      world[7, 1] = .goal
      world.horizontalWall(x: 3, y: 1, length: 3, of: .lava)
      world.horizontalWall(x: 3, y: secondStrip, length: 3, of: .lava)
      world.putAgent(x: 1, y: 1)
    }
  }
}
