public import ReinforcementLearning

extension Gridworld {
  /// How a step left the episode, before reward and time are reckoned.
  enum Ending: UInt8 {
    case none, success, failure
    /// At the lure of a deceptive level: a small reward and no success.
    case lured
    /// Lava or a collision: what `deathCost` turns into a price.
    case death
  }

  /// How far apart in `cells` a cell and its neighbour in a direction are.
  ///
  /// By arithmetic: a branch on a direction is mispredicted half the time, which costs more than two products.
  @inline(__always) func offset(_ direction: Int) -> Int {
    (1 &+ (rowStride &- 1) &* (direction & 1)) &* (1 &- (direction & 2))
  }

  /// The index of the cell that the agent faces.
  @inline(__always) var front: Int { agent &+ offset(direction) }

  /// Does the action, looks whether the level's rule ends the episode, and pays for it.
  ///
  /// Success pays 1 - 0.9 t / T in the t-th of T steps. The time limit itself is the batch's to apply: a step
  /// never truncates. Sticky and random actions are drawn in this order, before the action is done.
  public mutating func step(_ action: Action) -> Transition {
    event = .none
    stepCount &+= 1
    if isPlain {
      let ending = rule == .reachGoal ? move(action) : play(action)
      if ending == .none { return Transition(reward: 0) }
      return end(ending)
    }
    return stepWithOptions(action)
  }

  /// The transition of a step that ended the episode.
  private mutating func end(_ ending: Ending) -> Transition {
    if ending == .success {
      reached |= 1
      let reward = 1 - 0.9 * (Double(stepCount) / Double(maxSteps))
      return Transition(reward: Float(reward), outcome: .terminated, success: true)
    }
    if ending == .lured { return Transition(reward: plan.lureReward, outcome: .terminated) }
    let collided = ending == .death && rule == .dynamicObstacles && event == .collided
    return Transition(reward: collided ? -1 : 0, outcome: .terminated)
  }

  /// A step with the options that MiniGrid's wrappers stand for.
  private mutating func stepWithOptions(_ chosen: Action) -> Transition {
    let configuration = plan.configuration
    var action = chosen
    if configuration.stickyActionProbability > 0, stepCount > 1, random.chance(configuration.stickyActionProbability) {
      action = previousAction
    }
    if configuration.randomActionProbability > 0, random.chance(configuration.randomActionProbability) {
      action = Action(rawValue: UInt8(random.integer(in: 0..<plan.family.actionCount)))!
    }
    previousAction = action
    let ending = play(action)
    if !seen.isEmpty { markSeen() }
    guard ending != .none else { return Transition(reward: 0) }
    var transition = end(ending)
    if ending == .death, let cost = configuration.deathCost {
      transition.reward += cost
      transition.outcome = .running
    }
    return transition
  }

  /// The base rules: what the action does to the world.
  @inline(__always) mutating func move(_ action: Action) -> Ending {
    switch action {
    case .left: direction = (direction &- 1) & 3
    case .right: direction = (direction &+ 1) & 3
    case .forward: return goForward()
    case .pickUp: pickUp()
    case .drop: drop()
    case .toggle: toggle()
    case .done: break
    }
    return .none
  }

  /// Moves into what can be walked on; a goal is success, lava is death.
  @inline(__always) private mutating func goForward() -> Ending {
    let target = front
    let cell = cells[target]
    guard cell.isWalkable else { return .none }
    agent = target
    markVisited()
    if cell.is(.goal) {
      record(.reachedGoal, cell)
      return .success
    }
    if cell.is(.lava) {
      record(.steppedIntoLava, cell)
      return .death
    }
    return .none
  }

  /// Takes the object ahead into empty hands; a key counts as a subgoal while it fits a locked door.
  private mutating func pickUp() {
    let target = front
    let cell = cells[target]
    guard cell.isPortable, carried.bits == 0 else { return }
    carried = cell
    // Only BabyAI's verifier asks what a cell used to hold.
    cells[target] = rule == .instruction ? cell.vacated : .empty
    hasVacatedCells = hasVacatedCells || rule == .instruction
    record(.pickedUp, cell)
    if cell.is(.key) && opensLockedDoor(cell) { reached |= UInt128(1) << UInt128(cell.identity) }
  }

  /// Puts what is carried on the empty cell ahead; floor, goals and open doors are not empty.
  private mutating func drop() {
    let target = front
    guard carried.bits != 0, cells[target].isEmpty else { return }
    cells[target] = carried
    record(.dropped, carried)
    carried = Cell(bits: 0)
  }

  /// Opens or closes the door ahead, unlocks it with its key, or replaces a box by what is in it.
  private mutating func toggle() {
    let target = front
    let cell = cells[target]
    if cell.isDoor {
      if cell.isLockedDoor {
        guard carried.is(.key), carried.color == cell.color else { return }
        reached |= UInt128(1) << UInt128(cell.identity)
        record(.unlocked, cell)
      } else {
        record(cell.isOpenDoor ? .closed : .opened, cell)
      }
      cells[target] = cell.door(cell.isOpenDoor ? .closed : .open)
      noteOpacity(of: target)
      if !cell.isOpenDoor { doorsOpened &+= 1 }
    } else if cell.is(.box) {
      let content = contents.isEmpty ? Cell(bits: 0) : contents[cell.identity]
      record(.openedBox, cell)
      if content.bits != 0 {
        reached |= UInt128(1) << UInt128(cell.identity)
        cells[target] = content
      } else {
        cells[target] = rule == .instruction ? cell.vacated : .empty
        hasVacatedCells = hasVacatedCells || rule == .instruction
      }
    }
  }

  /// Whether some door is still locked that the key fits.
  private func opensLockedDoor(_ key: Cell) -> Bool {
    for door in doors where cells[Int(door)].isLockedDoor && cells[Int(door)].color == key.color { return true }
    return false
  }

  /// Keeps what happened, and to which object, for the signal `event`.
  @inline(__always) mutating func record(_ event: Event, _ cell: Cell) {
    self.event = event
    eventCell = cell
  }

  /// Sets the agent's cell's bit for the signal `cellsVisited`.
  @inline(__always) mutating func markVisited() {
    visited[agent >> 6] |= 1 << UInt64(agent & 63)
  }

  /// The agent's column and row.
  public var position: (x: Int, y: Int) {
    let place = agent - plan.first
    return (place % rowStride, place / rowStride)
  }

  /// - Note: An action is legal when it would change more than the time; turning and done always are.
  public func legalActions(into mask: inout MutableSpan<Bool>) {
    let cell = cells[front]
    // Running into an obstacle, and where done or toggle end the episode, doing so, is a choice.
    mask[2] = cell.isWalkable || rule == .dynamicObstacles
    guard mask.count == 7 else { return }
    mask[3] = cell.isPortable && carried.bits == 0 && rule != .memory
    mask[4] = cell.isEmpty && carried.bits != 0
    let opens = cell.isDoor && (!cell.isLockedDoor || carried.is(.key) && carried.color == cell.color)
    mask[5] = opens || cell.is(.box) || rule == .goTo
  }
}
