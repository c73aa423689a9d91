import ReinforcementLearning
import Groundwork

extension Gridworld {
  /// Rivers of lava, or walls, each with one opening, from side to side of the room.
  public struct Crossing: Family {
    public static let name = "Crossing"

    /// Side of the grid, odd, 5 to 99.
    public var side = 9
    /// Number of rivers, 1 to side - 3.
    public var crossings = 1
    public var obstacle = Obstacle.lava

    public init() {}

    public init(side: Int, crossings: Int, obstacle: Obstacle) {
      self.side = side
      self.crossings = crossings
      self.obstacle = obstacle
    }

    public var size: (width: Int, height: Int) { (side, side) }
    public var timeLimit: Int? { 4 * side * side }
    public var constantMission: String? { obstacle.mission }

    public func validate() throws {
      try require("side", side, in: 5...99)
      guard side % 2 == 1 else {
        throw UserError("side = \(side): rivers lie on even rows and columns", fix: "Use an odd number, for example \(side + 1)")
      }
      try require("crossings", crossings, in: 1...side - 3)
    }

    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      world.putAgent(x: 1, y: 1)
      world[side - 2, side - 2] = .goal

      // All places of rivers, vertical ones first; the first few after the shuffle stay.
      let lines = Array(stride(from: 2, to: side - 2, by: 2))
      var rivers = lines.map { (isVertical: true, line: $0) } + lines.map { (isVertical: false, line: $0) }
      world.random.shuffle(&rivers)
      let chosen = rivers.prefix(crossings)
      let vertical = chosen.filter(\.isVertical).map(\.line).sorted()
      let horizontal = chosen.filter { !$0.isVertical }.map(\.line).sorted()
      for y in horizontal { world.horizontalWall(x: 1, y: y, length: side - 2, of: obstacle.cell) }
      for x in vertical { world.verticalWall(x: x, y: 1, length: side - 2, of: obstacle.cell) }

      // A path to the goal crosses the rivers in a drawn order; each crossing is an opening in a drawn cell of
      // the room's side where the path stands.
      var crossesVertical = vertical.map { _ in true } + horizontal.map { _ in false }
      world.random.shuffle(&crossesVertical)
      let columns = [0] + vertical + [side - 1]
      let rows = [0] + horizontal + [side - 1]
      var (roomX, roomY) = (0, 0)
      for isVertical in crossesVertical {
        if isVertical {
          world[columns[roomX + 1], world.draw(rows[roomY] + 1, rows[roomY + 1])] = .empty
          roomX += 1
        } else {
          world[world.draw(columns[roomX] + 1, columns[roomX + 1]), rows[roomY + 1]] = .empty
          roomY += 1
        }
      }
    }
  }
}
