/// What an environment's expert would do, for an agent that declares `Needs.expert`: the only door to it.
public struct Expert: Sendable {
  /// For whoever grants it, to agents in environments that have one.
  init() {}

  /// Writes the expert's action in a slot's present state.
  ///
  /// - Parameters:
  ///   - slot: Of that batch.
  ///   - index: time x slots + slot.
  public func writeAction(of slot: Int, in batch: BatchView, to actions: ActionBuffer, at index: Int) {
    batch.batch.expertAction(slot: slot, into: actions, at: index)
  }
}
