@testable import Environments
@testable import GridworldEnvironments
import ReinforcementLearning

/// Searches a gridworld by snapshots.
enum GridworldSolver {
  /// What tells two moments of an episode apart.
  struct Key: Hashable {
    var cells: [Gridworld.Cell]
    var agent: Int
    var direction: Int
    var carried: Gridworld.Cell

    init(_ world: Gridworld) {
      cells = world.cells
      agent = world.agent
      direction = world.direction
      carried = world.carried
    }
  }

  /// The actions of a solution with the fewest moves, pick-ups, drops and toggles, turns being free (breadth first
  /// in layers of equal cost); nil when none is found within so many snapshots.
  static func solve(_ start: Gridworld, limit: Int = 400_000) -> [Gridworld.Action]? {
    var known: Set<Key> = [Key(start)]
    var layer: [(world: Gridworld, path: [Gridworld.Action])] = [(start, [])]
    while !layer.isEmpty {
      var next: [(world: Gridworld, path: [Gridworld.Action])] = []
      var index = 0
      while index < layer.count {
        let (world, path) = layer[index]
        index += 1
        for action in Gridworld.Action.allCases where action != .done {
          var copy = world
          // The search is not cut by the time limit.
          copy.stepCount = 0
          let transition = copy.step(action)
          if transition.success { return path + [action] }
          if transition.outcome != .running || !known.insert(Key(copy)).inserted { continue }
          if known.count > limit { return nil }
          if action == .left || action == .right {
            layer.append((copy, path + [action]))
          } else {
            next.append((copy, path + [action]))
          }
        }
      }
      layer = next
    }
    return nil
  }
}
