import ReinforcementLearning

/// Fills what the learner imitates with steps of the archive's trajectories, as if a policy had followed them.
///
/// The goals and the rewards of a stored trajectory are what a follower of its own cells is shown and paid; the return
/// of a step is their discounted sum up to the last cell. So what random actions found teaches the policy how to get
/// there, as far as it does not expect as much already.
///
/// Source: Ecoffet et al. 2021, methods (self-imitation of selected trajectories; `SilEnv` in the authors' code, which
/// pays the trajectory's reward only).
struct TrajectoryImitation {
  let space: GoalSpace
  let rules: GoalRules
  let window: Int
  let discount: Float

  /// Replaces what is imitated by so many trajectories, drawn as goals are.
  func fill(_ imitation: SelfImitation, from archive: GoalArchive, trajectories: Int, random: inout RandomSource) {
    imitation.removeAll()
    let row = UnsafeMutableRawPointer.allocate(byteCount: space.layout.rowBytes, alignment: 64)
    row.initializeMemory(as: UInt8.self, repeating: 0, count: space.layout.rowBytes)
    defer { row.deallocate() }
    for _ in 0..<trajectories {
      guard let cell = archive.draw(&random) else { break }
      add(cell, archive, to: imitation, row: row)
    }
    imitation.candidates = (0..<Int32(truncatingIfNeeded: imitation.count)).map(\.self)
  }

  private func add(_ cell: Int, _ archive: GoalArchive, to imitation: SelfImitation, row: UnsafeMutableRawPointer) {
    let entry = archive.cells[cell]
    let trajectory = entry.trajectory!
    let length = Int(entry.best.length)
    guard length > 0 else { return }
    var follower = archive.follower(to: cell, window: window, at: Int(trajectory.cells[0]))
    guard !follower.isFinished else { return }
    // What is shown and paid at each step.
    var steps: [(goal: Int, present: Int, reward: Float)] = []
    var visit = 0
    while steps.count < length && !follower.isFinished {
      let (goal, present) = (Int(follower.goal), Int(trajectory.cells[visit]))
      if visit + 1 < entry.end, Int(trajectory.steps[visit + 1]) == steps.count + 1 { visit += 1 }
      steps.append((goal, present, rules.reward(follower.arrive(trajectory.cells[visit]))))
    }
    var returns = [Float](repeating: 0, count: steps.count)
    var sum: Float = 0
    for step in steps.indices.reversed() {
      sum = steps[step].reward + discount * sum
      returns[step] = sum
    }
    var mask = [Bool](repeating: true, count: space.specification.actions.count)
    for (step, shown) in steps.enumerated() {
      trajectory.rows.withUnsafeBytes {
        row.copyMemory(from: $0.baseAddress! + step * space.rowBytes, byteCount: space.rowBytes)
      }
      space.encoder.write(goal: archive.table[shown.goal], present: archive.table[shown.present], into: row)
      if !trajectory.masks.isEmpty { mask = Array(trajectory.masks[step * mask.count..<(step + 1) * mask.count]) }
      mask.withUnsafeMutableBufferPointer {
        imitation.add(
          row: row, action: CollectionOfOne(Float(trajectory.actions[step])), return: returns[step],
          mask: trajectory.masks.isEmpty ? nil : $0)
      }
    }
  }
}
