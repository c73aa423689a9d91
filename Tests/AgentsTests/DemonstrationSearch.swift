import Groundwork
import ReinforcementLearning

/// Finds demonstrations by breadth-first search over snapshots, states told apart by their digests.
enum DemonstrationSearch {
  /// The shortest successful episode of an environment whose steps draw nothing.
  ///
  /// - Returns: Nil when none is found within so many states.
  static func solve(_ recipe: EnvironmentRecipe, seed: UInt64, limit: Int = 300_000) throws -> Replay? {
    let arena = recipe.makeArena(capacity: 1024)
    let scratch = SnapshotArena.Scratch(recipe.specification)
    arena.start(0, seed: seed)
    var known: Set<UInt64> = [try digest(arena, 0)]
    var parents = [(snapshot: -1, action: 0)]
    var index = 0
    while index < parents.count, parents.count < limit {
      for action in 0..<recipe.specification.actions.count {
        let next = parents.count
        arena.reserve(next + 1)
        let transition = arena.advance(index, to: next, action: action, scratch)
        if transition.success {
          var actions = [Float(action)]
          var place = index
          while place > 0 {
            actions.append(Float(parents[place].action))
            place = parents[place].snapshot
          }
          return try Replay(of: recipe, seed: seed, actions: actions.reversed())
        }
        guard transition.outcome == .running, known.insert(try digest(arena, next)).inserted else { continue }
        parents.append((index, action))
      }
      index += 1
    }
    return nil
  }

  private static func digest(_ arena: SnapshotArena, _ index: Int) throws -> UInt64 {
    guard let digest = arena.digest(index) else { throw UserError("'\(arena.recipe.id)' has no digest") }
    return digest
  }
}
