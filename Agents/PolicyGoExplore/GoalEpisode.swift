import Groundwork
import ReinforcementLearning

/// What one slot's episode is about: first to follow a trajectory, then to explore.
struct GoalEpisode {
  enum Phase: UInt8 {
    /// Follows a trajectory of the archive; the only phase that the learner learns from.
    case following = 0
    /// Acts at random.
    case exploringAtRandom = 1
    /// The policy acts, with goals that the explorer sets.
    case exploringByPolicy = 2
  }

  var trace: EpisodeTrace
  var phase = Phase.exploringAtRandom
  var follower: TrajectoryFollower?
  /// The key that the policy is to reach.
  var goal: [Int32]
  /// Steps since the goal was set.
  var stepsToGoal = 0
  /// Steps explored since a cell was found that neither the archive nor this rollout had.
  var stepsSinceNew = 0
  /// The random action that is held; -1 for none.
  var heldAction: Int32 = -1

  /// - Parameter key: The cell where it begins.
  init(rowBytes: Int, key: [Int32]) {
    trace = EpisodeTrace(rowBytes: rowBytes, key: key)
    goal = key
  }

  /// What the policy's logits are divided by for the next action.
  func temperature(_ rules: GoalRules) -> Float {
    switch phase {
    case .following: rules.temperature(stepsOverdue: stepsToGoal - (follower?.expectedSteps ?? 0))
    case .exploringAtRandom: 1
    case .exploringByPolicy: rules.temperature(stepsOverdue: stepsSinceNew - rules.explorationPatience)
    }
  }

  // MARK: Saving

  func save(to state: inout SavedState) {
    var part = SavedState()
    trace.save(to: &part)
    state.set(prefix: "trace", part)
    state.set("phase", scalar: phase.rawValue)
    state.set("goal", goal)
    state.set("cells", follower?.cells ?? [])
    state.set("steps", follower?.steps ?? [])
    state.set(
      "counts", [Int64(follower?.index ?? 0), Int64(stepsToGoal), Int64(stepsSinceNew), Int64(heldAction)])
  }

  init(rowBytes: Int, keyWidth: Int, window: Int, restoring state: SavedState) throws(UserError) {
    trace = try EpisodeTrace(rowBytes: rowBytes, keyWidth: keyWidth, restoring: state.get(prefix: "trace"))
    guard let phase = Phase(rawValue: try state.scalar("phase")) else {
      throw UserError("the checkpoint has an episode of an unknown phase", fix: "Use another checkpoint")
    }
    self.phase = phase
    goal = try state.get("goal", count: keyWidth)
    let cells: [Int32] = try state.get("cells")
    let steps: [Int32] = try state.get("steps", count: cells.count)
    let counts: [Int64] = try state.get("counts", count: 4)
    (stepsToGoal, stepsSinceNew) = (Int(counts[1]), Int(counts[2]))
    heldAction = Int32(truncatingIfNeeded: counts[3])
    guard cells.isEmpty ? phase != .following : (0...cells.count).contains(Int(counts[0])) else {
      throw UserError("the checkpoint has an episode that follows nothing", fix: "Use another checkpoint")
    }
    if !cells.isEmpty {
      follower = TrajectoryFollower(cells: cells, steps: steps, window: window, index: Int(counts[0]))
    }
  }
}

/// How episodes explore once they have arrived: at random and sticking to it, or by goals for the policy.
///
/// Source: Ecoffet et al. 2021, methods; the constants of the authors' `DomKnowNeighborGoalExplorer`.
struct GoalExplorer {
  private let settings: PolicyGoExploreConfiguration
  private let encoder: GoalEncoder
  private let actionCount: Int

  init(_ settings: PolicyGoExploreConfiguration, _ encoder: GoalEncoder, actionCount: Int) {
    (self.settings, self.encoder, self.actionCount) = (settings, encoder, actionCount)
  }

  /// How an episode explores; at random while there is no archive.
  func phase(_ archive: GoalArchive, _ random: inout RandomSource) -> GoalEpisode.Phase {
    archive.count == 0 || random.chance(settings.randomShare) ? .exploringAtRandom : .exploringByPolicy
  }

  /// A goal for the policy.
  ///
  /// - Parameters:
  ///   - key: The present cell.
  ///   - isKnown: Whether the archive or this rollout has a cell.
  func goal(
    from key: [Int32], _ archive: GoalArchive, _ random: inout RandomSource, isKnown: ([Int32]) -> Bool
  ) -> [Int32] {
    let neighbours = encoder.neighbours(of: key)
    let unknown = neighbours.filter { !isKnown($0) }
    if !unknown.isEmpty && random.chance(settings.unknownNeighbourProbability) {
      return unknown[random.integer(in: 0..<unknown.count)]
    }
    if !neighbours.isEmpty && random.chance(settings.neighbourProbability) {
      return neighbours[random.integer(in: 0..<neighbours.count)]
    }
    guard let cell = archive.draw(&random) else { return key }
    return (0..<archive.table.width).map { archive.table[cell][$0] }
  }

  /// The next random action: the held one, or another that is legal.
  func action(
    held: Int32, mask: UnsafeMutableBufferPointer<Bool>?, _ random: inout RandomSource
  ) -> Int32 {
    if held >= 0, settings.meanHold > 1, !random.chance(1 / settings.meanHold), mask?[Int(held)] ?? true { return held }
    // Drawn again until it is legal: each legal action is as likely as the others.
    precondition(mask?.contains(true) ?? true, "a state without a legal action")
    while true {
      let action = random.integer(in: 0..<actionCount)
      if mask?[action] ?? true { return Int32(truncatingIfNeeded: action) }
    }
  }
}
