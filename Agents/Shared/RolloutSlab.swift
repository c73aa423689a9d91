import ReinforcementLearning

/// The rollouts of batches that an agent steps by itself, their observations one after the other in memory, as PPO
/// wants them: `[batches, steps + 1, slots of a batch, rowBytes]`.
final class RolloutSlab {
  let rollouts: [Rollout]
  private let memory: UnsafeMutableRawPointer

  /// - Parameter signals: What is observed beside the policy's fields.
  init(_ specification: Specification, batches: Int, slots: Int, steps: Int, signals: [String] = []) {
    let bytes = (steps + 1) * slots * ObservationLayout(specification, signals: signals).rowBytes
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes * batches, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes * batches)
    self.memory = memory
    rollouts = (0..<batches).map {
      Rollout(
        specification: specification, signals: signals, slots: slots, steps: steps, observations: memory + $0 * bytes)
    }
  }

  deinit { memory.deallocate() }
}
