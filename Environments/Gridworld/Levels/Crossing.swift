internal import EnvironmentKit
import ReinforcementLearning
import Groundwork

extension Gridworld {
  /// Rivers of lava, or walls, each with one opening, from side to side of the room.
  ///
  /// Rivers run along even rows and columns, so two parallel ones never touch, and every opening leads from one
  /// region to another. Source: MiniGrid 3.2's `CrossingEnv`.
  ///
  /// **Layout.** One room whose inside is cut by `crossings` rivers, vertical and horizontal ones in a drawn
  /// mixture. Each is straight, a cell wide and reaches from wall to wall; where two cross, the cell is the
  /// obstacle's.
  ///
  /// **End.** Success at the goal square. A step into lava terminates without a reward, walls only stop the
  /// agent.
  ///
  /// **Ids.** `LavaCrossingS9N1`, `S9N2`, `S9N3`, `S11N5`, and the same as `SimpleCrossing` with walls: side,
  /// then rivers.
  ///
  /// **Difficulty.** With lava a random policy nearly always dies before it crosses; the walls' version asks for
  /// the same way without that danger, so the two together tell exploration from safety.
  public struct Crossing: Family {
    /// MiniGrid's `CrossingEnv`; `LavaCrossingS9N1` to `SimpleCrossingS11N5` are levels of this family.
    public static let name = "Crossing"

    /// Side of the grid, odd, 5 to 99.
    public var side = 9
    /// Number of rivers, 1 to side - 3.
    public var crossings = 1
    /// Lava (stepping into it ends the episode without a reward) or wall; it also chooses the mission's words.
    public var obstacle = Obstacle.lava

    /// The level of `LavaCrossingS9N1`.
    public init() {}

    /// A room of that side with so many rivers; the ranges stand at the properties and are checked by
    /// `validate`.
    public init(side: Int, crossings: Int, obstacle: Obstacle) {
      self.side = side
      self.crossings = crossings
      self.obstacle = obstacle
    }

    /// A square of `side` cells, the outer wall included.
    public var size: (width: Int, height: Int) { (side, side) }
    /// MiniGrid's 4 side² steps: 324 for side 9.
    public var timeLimit: Int? { 4 * side * side }
    /// "avoid the lava and get to the green goal square", or "find the opening and get to the green goal
    /// square".
    public var constantMission: String? { obstacle.mission }

    /// - Throws: `UserError` when the side is even or out of range, or when there are more rivers than `side -
    ///   3`.
    public func validate() throws {
      try require("side", side, in: 5...99)
      guard side % 2 == 1 else {
        throw UserError(
          "side = \(side): rivers lie on even rows and columns", fix: "Use an odd number, for example \(side + 1)")
      }
      try require("crossings", crossings, in: 1...side - 3)
    }

    /// Draws which rivers there are, then in which order a path crosses them, then one opening for each
    /// crossing, so that there always is a way.
    ///
    /// The agent starts in the upper left corner, the goal is in the lower right one. Nothing is ever rejected.
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
