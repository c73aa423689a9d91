/// Where an episode stands on the cell trajectory that it follows.
///
/// The goal is the next cell of the trajectory; reaching any of the next `window` cells counts, and the goal then is
/// the one after the farthest that was reached. The last cell counts wherever it is. It knows nothing of rewards and
/// time: `GoalRules` has those.
///
/// Source: Ecoffet et al. 2021, methods, "Policy-based Go-Explore" (soft trajectories; `SparseSoftTrajectoryTracker`).
struct TrajectoryFollower: Equatable {
  enum Arrival { case elsewhere, onTheWay, final }

  /// Numbers of the cells in order, the start's first; never empty.
  let cells: [Int32]
  /// The step at which the stored trajectory entered each of them.
  let steps: [Int32]
  let window: Int
  /// The place of the goal; the count when the last cell was reached.
  private(set) var index: Int

  /// - Parameter cell: Where the episode is.
  init(cells: [Int32], steps: [Int32], window: Int, at cell: Int32) {
    precondition(!cells.isEmpty && cells.count == steps.count, "a trajectory has cells and a step for each")
    self.init(cells: cells, steps: steps, window: window, index: cells[0] == cell ? 1 : 0)
    if cell == cells[cells.count - 1] { index = cells.count }
  }

  /// One that stood there.
  init(cells: [Int32], steps: [Int32], window: Int, index: Int) {
    (self.cells, self.steps, self.window, self.index) = (cells, steps, window, index)
  }

  var isFinished: Bool { index == cells.count }

  /// The cell to go to.
  var goal: Int32 { cells[min(index, cells.count - 1)] }

  /// Steps that the stored trajectory took to the goal from the cell before it.
  var expectedSteps: Int {
    index == 0 || isFinished ? 0 : Int(steps[index] - steps[index - 1])
  }

  /// Notes the cell that the episode is in after a step; -1 for one that is not in the archive.
  mutating func arrive(_ cell: Int32) -> Arrival {
    guard !isFinished else { return .elsewhere }
    if cell == cells[cells.count - 1] {
      index = cells.count
      return .final
    }
    for place in (index..<min(index + window, cells.count)).reversed() where cells[place] == cell {
      index = place + 1
      return .onTheWay
    }
    return .elsewhere
  }

  /// Begins anew: the episode is at the first cell again.
  mutating func restart() { index = min(1, cells.count) }
}

/// What steps towards goals are worth, and how long they may take.
struct GoalRules {
  private let subgoalReward: Float
  private let finalReward: Float
  private let gameRewardLimit: Float
  private let heatRate: Double
  let subgoalSteps: Int
  let newCellSteps: Int
  let explorationPatience: Int

  init(_ configuration: PolicyGoExploreConfiguration) {
    subgoalReward = Float(configuration.subgoalReward)
    finalReward = Float(configuration.finalReward)
    gameRewardLimit = Float(configuration.gameRewardLimit)
    heatRate = configuration.heatRate
    subgoalSteps = configuration.subgoalSteps
    newCellSteps = configuration.newCellSteps
    explorationPatience = configuration.explorationPatience
  }

  /// For the trajectory alone: what is imitated is paid by this.
  func reward(_ arrival: TrajectoryFollower.Arrival) -> Float {
    switch arrival {
    case .elsewhere: 0
    case .onTheWay: subgoalReward
    case .final: finalReward
    }
  }

  /// What the learner is paid for a step of an episode that follows a trajectory.
  func reward(game: Float, _ arrival: TrajectoryFollower.Arrival) -> Float {
    min(gameRewardLimit, max(-gameRewardLimit, game)) + reward(arrival)
  }

  /// What the policy's logits are divided by so many steps after it should have reached its goal.
  func temperature(stepsOverdue: Int) -> Float {
    guard stepsOverdue > 0 else { return 1 }
    let excess = heatRate * Double(stepsOverdue)
    return Float(1 + excess * excess)
  }

  /// Whether an episode that took so many steps towards the goal is given up.
  func isLost(steps: Int, expected: Int) -> Bool { steps > expected + subgoalSteps }
}
