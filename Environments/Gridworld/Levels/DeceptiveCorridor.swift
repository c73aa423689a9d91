internal import EnvironmentKit
import Groundwork

extension Gridworld {
  /// A long winding corridor with the goal at its far end, and a small reward in the dead end beside the start.
  ///
  /// The corridor is one cell wide and has a single way to go. The agent starts near its beginning and looks at the
  /// lure, a yellow square that pays a little, is no success and ends the episode: whoever learns from the rewards it
  /// meets learns to end there. The goal pays as in every level. Nothing is drawn, so all episodes are alike.
  ///
  /// Source: the deceptive and detached rewards that Go-Explore was made for (Ecoffet et al. 2021, introduction); the
  /// shape is this project's.
  ///
  /// **Layout.** `lanes` corridors of `columns` cells, one below the other, joined by turns at the right and at
  /// the left; the lure is the first cell, the goal the last one.
  ///
  /// **End.** Success at the goal, terminated without success at the lure, truncated after eight steps a cell.
  ///
  /// **Reward.** `lureReward` at the lure; MiniGrid's 1 - 0.9 t / T at the goal, never below 0.1.
  ///
  /// **What it tells.** A method that follows rewards alone ends at the lure, and one whose bonus fades on the
  /// way back is left in front of it; the measure `success` tells them from one that explores.
  public struct DeceptiveCorridor: Family {
    /// Not one of MiniGrid's: the catalog has it as `gridworld/DeceptiveCorridor`.
    public static let name = "DeceptiveCorridor"

    /// Cells of the corridor from one bend to the next, 3 to 98.
    public var columns = 20
    /// Straight pieces of the corridor, one below the other, 1 to 49.
    public var lanes = 5
    /// Steps from the start to the lure, 1 to columns - 2.
    public var lureDistance = 2
    /// What the lure pays, 0 to 1.
    public var lureReward: Float = 0.1

    /// Five lanes of twenty cells with the lure two steps from the start: 104 cells of corridor.
    public init() {}

    /// A corridor of that many cells a lane, 3 to 98, and lanes, 1 to 49; the lure keeps its defaults.
    public init(columns: Int, lanes: Int) {
      self.columns = columns
      self.lanes = lanes
    }

    /// The corridor's cells with the walls between lanes and around all of them.
    public var size: (width: Int, height: Int) { (columns + 2, 2 * lanes + 1) }
    /// Cells of the corridor.
    var length: Int { lanes * columns + lanes - 1 }
    /// Eight steps for each cell of the corridor, where a straight walk with its turns takes a little more than
    /// one.
    public var timeLimit: Int? { 8 * length }
    /// MiniGrid's words for a goal square; nothing in them warns of the lure.
    public var constantMission: String? { "get to the green goal square" }

    /// - Throws: `UserError` when a number is out of its range, the lure's distance from the start included.
    public func validate() throws {
      try require("columns", columns, in: 3...98)
      try require("lanes", lanes, in: 1...49)
      try require("lureDistance", lureDistance, in: 1...columns - 2)
      try Check("environment.level.lureReward", Double(lureReward), in: 0...1).enforce()
    }

    /// Draws nothing: walls, goal, lure and agent follow from the parameters, so every seed gives the same
    /// level.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      for lane in 1..<max(1, lanes) {
        world.horizontalWall(x: 1, y: 2 * lane, length: columns)
        // The bends are at the right and at the left by turns.
        world[lane % 2 == 1 ? columns : 1, 2 * lane] = .empty
      }
      world[lanes % 2 == 1 ? columns : 1, 2 * lanes - 1] = .goal
      world[1, 1] = Cell(.floor, .yellow)
      world.rule = .lure
      world.place = world.index(1, 1)
      world.putAgent(x: 1 + lureDistance, y: 1, direction: 2)
    }
  }
}
