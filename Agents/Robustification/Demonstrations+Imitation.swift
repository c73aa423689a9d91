import ReinforcementLearning

extension Demonstrations {
  /// Adds every step with its discounted return to what is imitated; a step's number is its snapshot's.
  func add(to imitation: SelfImitation, discount: Double, rewardScale: Float) {
    let specification = arena.recipe.specification
    let row = UnsafeMutableRawPointer.allocate(byteCount: arena.layout.rowBytes, alignment: 8)
    row.initializeMemory(as: UInt8.self, repeating: 0, count: arena.layout.rowBytes)
    let mask = UnsafeMutableBufferPointer<Bool>.allocate(capacity: specification.actions.count)
    mask.initialize(repeating: true)
    defer {
      row.deallocate()
      mask.deallocate()
    }
    for demonstration in all {
      var returns = [Double](repeating: 0, count: demonstration.length + 1)
      for step in (0..<demonstration.length).reversed() {
        returns[step] = Double(demonstration.rewards[step] * rewardScale) + discount * returns[step + 1]
      }
      let width = demonstration.replay.width
      for step in 0..<demonstration.length {
        arena.observe(demonstration.first + step, into: row)
        if specification.hasIllegalActions { arena.legalActions(demonstration.first + step, into: mask) }
        imitation.add(
          row: row, action: demonstration.replay.actions[(step * width)..<((step + 1) * width)],
          return: Float(returns[step]), mask: specification.hasIllegalActions ? mask : nil)
      }
    }
  }
}
