import Groundwork
public import ReinforcementLearning

/// Plans each slot's next action by tree search in copies of its environment, whose future draws are replaced.
///
/// Slots are planned one after the other, each from a stream of its own, so what is decided does not depend on how
/// batches are shared out to workers; with `searchThreads` above 1 or a budget in seconds it depends on the machine.
public final class MCTSPolicy: Policy {
  /// What the searches of a policy were like so far.
  struct Statistics {
    var decisions = 0
    var simulations = 0
    /// Sum over simulations of the edges from the root.
    var depth = 0
    var deepest = 0
    /// Decisions whose root was proven, and those that went on with a tree.
    var solved = 0
    var reused = 0
    /// Sum over decisions of the root's value.
    var value = 0.0

    mutating func add(_ other: Statistics) {
      decisions += other.decisions
      simulations += other.simulations
      depth += other.depth
      deepest = max(deepest, other.deepest)
      solved += other.solved
      reused += other.reused
      value += other.value
    }
  }

  private let choice: ActionChoice
  private let planners: [Planner]

  /// What the searches were like since this was last asked.
  func takeStatistics() -> Statistics {
    var sum = Statistics()
    for planner in planners {
      sum.add(planner.statistics)
      planner.statistics = Statistics()
    }
    return sum
  }

  /// - Throws: `UserError` where the environment cannot be searched with this configuration.
  init(_ configuration: MCTSConfiguration, _ simulator: Simulator, slots: Int, choice: ActionChoice) throws {
    self.choice = choice
    // A tree that is kept belongs to one slot; else all slots use the same memory one after the other.
    let first = try Planner(configuration, recipe: simulator.recipe)
    planners = try [first] + (1..<(first.keepsTree ? max(1, slots) : 1)).map { _ in
      try Planner(configuration, recipe: simulator.recipe)
    }
  }

  /// Plans every slot. - Complexity: `simulations` times the length of a playout, a slot.
  public func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    for slot in 0..<rollout.slots {
      let planner = planners[planners.count == 1 ? 0 : slot]
      // Trees are not part of a checkpoint: at the start of a rollout a resumed run has none, so no run has.
      if time == 0 { planner.forget() }
      planner.decide(slot: slot, of: batch, choice: choice, seed: random.next())
      let place = time * rollout.slots + slot
      if rollout.isDiscrete {
        rollout.actions.discrete[place] = planner.action
      } else {
        for element in 0..<rollout.actions.width {
          rollout.actions.continuous[place * rollout.actions.width + element] = planner.vector[element]
        }
      }
    }
  }
}
