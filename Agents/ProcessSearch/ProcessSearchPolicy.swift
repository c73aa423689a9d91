public import ReinforcementLearning

/// Acts by a search at the start of each episode whose solution it carries out; where it finds none, or is told to do
/// without, by the proposer.
public final class ProcessSearchPolicy: Policy {
  private let configuration: ProcessSearchConfiguration
  private let choice: ActionChoice
  private let searcher: ProcessSearcher
  /// Room for one copy, to see where a slot stands.
  private let probe: SnapshotArena
  /// What remains of each slot's solution, in reverse order.
  private var plans: [[Int]]
  private var hasStarted: [Bool]

  init(
    _ searcher: ProcessSearcher, probe: SnapshotArena, slots: Int, configuration: ProcessSearchConfiguration,
    choice: ActionChoice
  ) {
    self.configuration = configuration
    self.choice = choice
    self.searcher = searcher
    self.probe = probe
    plans = Array(repeating: [], count: slots)
    hasStarted = Array(repeating: false, count: slots)
  }

  /// Writes the next step of each slot's solution, searching first for the slots that stand at their episode's start.
  ///
  /// - Throws: What a proposer or a judge threw.
  public func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) throws {
    searcher.samples = choice == .sample
    // A slot that stands at the start of an episode, or that nobody has planned for, is searched.
    var new: [Int] = []
    for slot in 0..<batch.slots {
      probe.load(slot: slot, of: batch, to: 0)
      guard probe.elapsed(0) == 0 || !hasStarted[slot] else { continue }
      hasStarted[slot] = true
      plans[slot] = []
      new.append(slot)
    }
    if configuration.evaluation == .search && !new.isEmpty {
      let results = try searcher.search(slots: new, of: batch, seeds: new.map { _ in random.next() })
      for (slot, result) in zip(new, results) { plans[slot] = result.actions.reversed() }
    }
    let planless = (0..<batch.slots).filter { plans[$0].isEmpty }
    if !planless.isEmpty {
      let steps = try searcher.proposeSteps(
        slots: planless, of: batch, seeds: planless.map { _ in random.next() },
        temperature: choice == .sample ? configuration.temperature : 0)
      for (slot, step) in zip(planless, steps) { plans[slot] = [step] }
    }
    for slot in 0..<batch.slots {
      rollout.actions.discrete[time * rollout.slots + slot] = Int32(truncatingIfNeeded: plans[slot].removeLast())
    }
  }
}
