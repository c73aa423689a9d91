import Groundwork
import ReinforcementLearning

/// The steps that led to the cells of an archive, each with the number of the step before it: trajectories that share
/// their beginning share its steps.
struct ExperienceLog {
  /// What came before the first step.
  static let root: Int32 = -1

  /// Numbers of an action.
  let width: Int
  /// The step before; always a smaller number.
  private(set) var previous: [Int32] = []
  private(set) var rewards: [Float] = []
  /// `[count, width]`; a discrete action is exact as a `Float` below 2^24.
  private(set) var actions: [Float] = []

  init(width: Int) { self.width = width }

  var count: Int { previous.count }

  /// Bytes that the steps take.
  var bytes: Int { count * (8 + 4 * width) }

  /// The steps without what they brought.
  var tree: EpisodeTree { EpisodeTree(previous: previous, actions: actions) }

  /// - Returns: The step's number.
  mutating func append(after step: Int32, action: UnsafePointer<Float>, reward: Float) -> Int32 {
    previous.append(step)
    rewards.append(reward)
    actions.append(contentsOf: UnsafeBufferPointer(start: action, count: width))
    return Int32(truncatingIfNeeded: previous.count - 1)
  }

  /// The actions from the start to a step, `[steps, width]`.
  func actions(to step: Int32) -> [Float] {
    var path: [Int32] = []
    var step = step
    while step != ExperienceLog.root {
      path.append(step)
      step = previous[Int(step)]
    }
    var result: [Float] = []
    result.reserveCapacity(path.count * width)
    for step in path.reversed() { result += actions[Int(step) * width..<(Int(step) + 1) * width] }
    return result
  }

  /// Forgets the steps that lead to none of the given ones, and gives the rest new numbers in the same order.
  ///
  /// - Returns: The new number by old number; meaningless for steps that were forgotten.
  mutating func keep(only ends: some Sequence<Int32>) -> [Int32] {
    var isLive = [Bool](repeating: false, count: count)
    for end in ends where end != ExperienceLog.root {
      var step = end
      while step != ExperienceLog.root, !isLive[Int(step)] {
        isLive[Int(step)] = true
        step = previous[Int(step)]
      }
    }
    var numbers = [Int32](repeating: ExperienceLog.root, count: count)
    var kept = 0
    for step in 0..<count where isLive[step] {
      numbers[step] = Int32(truncatingIfNeeded: kept)
      let before = previous[step]
      previous[kept] = before == ExperienceLog.root ? before : numbers[Int(before)]
      rewards[kept] = rewards[step]
      for element in 0..<width { actions[kept * width + element] = actions[step * width + element] }
      kept += 1
    }
    previous.removeLast(count - kept)
    rewards.removeLast(rewards.count - kept)
    actions.removeLast(actions.count - kept * width)
    return numbers
  }

  // MARK: Saving

  func save(to state: inout SavedState) {
    state.set("previous", previous)
    state.set("rewards", rewards)
    state.set("actions", actions)
  }

  init(width: Int, restoring state: SavedState) throws(UserError) {
    self.width = width
    previous = try state.get("previous")
    rewards = try state.get("rewards", count: previous.count)
    actions = try state.get("actions", count: previous.count * width)
    for (step, before) in previous.enumerated() {
      guard before >= ExperienceLog.root, Int(before) < step else {
        throw UserError("the checkpoint's step \(step) comes after step \(before)", fix: "Use another checkpoint")
      }
    }
  }
}
