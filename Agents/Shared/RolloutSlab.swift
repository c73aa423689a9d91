import ReinforcementLearning

/// The rollouts of batches that an agent steps by itself, their observations one after the other in memory, as PPO
/// wants them: `[batches, steps + 1, slots of a batch, rowBytes]`.
final class RolloutSlab {
  let rollouts: [Rollout]
  private let memory: UnsafeMutableRawPointer

  init(_ specification: Specification, batches: Int, slots: Int, steps: Int) {
    let bytes = (steps + 1) * slots * ObservationLayout(specification).rowBytes
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes * batches, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes * batches)
    self.memory = memory
    rollouts = (0..<batches).map {
      Rollout(specification: specification, slots: slots, steps: steps, observations: memory + $0 * bytes)
    }
  }

  deinit { memory.deallocate() }
}
