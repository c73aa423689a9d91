extension Gridworld {
  /// One step of a level whose ending is not the goal square alone.
  mutating func play(_ action: Action) -> Ending {
    switch rule {
    case .reachGoal: return move(action)
    case .dynamicObstacles: return playDynamicObstacles(action)
    case .fetch:
      let ending = move(action)
      guard carried.bits != 0 else { return ending }
      return carried.look == wanted ? .success : .failure
    case .goTo:
      let ending = move(action)
      if action == .toggle { return .failure }
      guard action == .done else { return ending }
      let away = agent &- place
      return away == 1 || away == -1 || away == rowStride || away == -rowStride ? .success : .failure
    case .putNear: return playPutNear(action)
    case .memory:
      let ending = move(action == .pickUp ? .toggle : action)
      if agent == place { return .success }
      return agent == otherPlace ? .failure : ending
    case .redBlueDoors:
      let redWasOpen = cells[place].isOpenDoor
      let blueWasOpen = cells[otherPlace].isOpenDoor
      let ending = move(action)
      if cells[otherPlace].isOpenDoor { return redWasOpen ? .success : .failure }
      return blueWasOpen && cells[place].isOpenDoor ? .failure : ending
    case .unlock:
      let ending = move(action)
      return action == .toggle && cells[place].isOpenDoor ? .success : ending
    case .pickUp:
      let ending = move(action)
      return action == .pickUp && carried.bits != 0 && UInt32(carried.identity) == wanted ? .success : ending
    case .instruction:
      let ending = move(action)
      if action == .drop && hasVacatedCells { forgetVacatedCells() }
      switch verifyInstruction(action) {
      case .going: return ending
      case .done: return .success
      case .failed: return .failure
      }
    case .lure:
      let ending = move(action)
      return agent == place ? .lured : ending
    }
  }

  /// MiniGrid's `PutNearEnv.step`: the wrong object in hand ends the episode, and so does any drop.
  ///
  /// Near is at most one cell away in each direction, diagonals counted, from where the other object was drawn.
  private mutating func playPutNear(_ action: Action) -> Ending {
    let before = carried
    let ending = move(action)
    if action == .pickUp && carried.bits != 0 && carried.look != wanted { return .failure }
    guard action == .drop && before.bits != 0 else { return ending }
    guard carried.bits == 0 else { return .failure }
    let dropped = front &- plan.first
    let target = place &- plan.first
    let columns = abs(dropped % rowStride &- target % rowStride)
    let rows = abs(dropped / rowStride &- target / rowStride)
    return columns <= 1 && rows <= 1 ? .success : .failure
  }

  /// MiniGrid's `DynamicObstaclesEnv.step`: what was ahead before the balls moved decides about a collision.
  private mutating func playDynamicObstacles(_ action: Action) -> Ending {
    let action = action.rawValue > 2 ? .left : action
    let ahead = cells[front]
    let isBlocked = !ahead.isEmpty && !ahead.is(.goal)
    moveObstacles()
    let ending = move(action)
    guard action == .forward && isBlocked else { return ending }
    record(.collided, ahead)
    return .death
  }

  /// Lets steps go by in which the agent does nothing.
  mutating func wait(_ steps: Int) {
    for _ in 0..<steps { moveObstacles() }
    stepCount = steps
  }

  /// Each ball in turn goes to a free cell of the nine around it, or stays when a hundred draws found none.
  private mutating func moveObstacles() {
    for index in obstacles.indices {
      let old = Int(obstacles[index])
      let left = max(0, (old - plan.first) % rowStride - 1)
      let top = max(0, (old - plan.first) / rowStride - 1)
      let ball = cells[old]
      guard
        let new = freeCell(
          x: left..<min(left + 3, plan.width), y: top..<min(top + 3, plan.height), tries: 101, reject: { _, _ in false }
        )
      else { continue }
      cells[new] = ball
      cells[old] = .empty
      obstacles[index] = Int32(new)
    }
  }
}
