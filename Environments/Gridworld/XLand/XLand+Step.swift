internal import EnvironmentKit
public import ReinforcementLearning

extension XLand {
  /// The order: the action, then all rules in their order, then the goal, which is looked for in what the rules left.
  ///
  /// A trial's last step, by the goal or by time, draws the next trial's world at once, so that the observation
  /// after it is the new one; only the last trial ends the episode.
  public mutating func step(_ action: Action) -> Transition {
    stepCount &+= 1
    event = .none
    lastRule = -1
    justReached = false
    var changed = agent
    switch action {
    case .forward:
      let target = agent &+ offset(direction)
      if cells[target].isOne(of: Tiles.walkable) { agent = target }
      if hasNearRules { applyNearRules(after: .forward) }
    case .turnClockwise: direction = (direction &+ 1) & 3
    case .turnCounterclockwise: direction = (direction &- 1) & 3
    case .pickUp:
      changed = agent &+ offset(direction)
      pickUp(at: changed)
    case .putDown:
      changed = agent &+ offset(direction)
      putDown(at: changed)
    case .toggle: toggle(at: agent &+ offset(direction))
    }
    let isReached = goalIsReached(after: action, at: changed)
    if !isReached && stepCount < plan.trialLimit { return Transition(reward: 0) }
    return endTrial(reached: isReached)
  }

  /// Pays for the goal; then either the next trial starts or the episode ends.
  private mutating func endTrial(reached: Bool) -> Transition {
    var transition = Transition(reward: 0, success: reached)
    if reached {
      transition.reward = Float(1 - 0.9 * Double(stepCount) / Double(plan.trialLimit))
      goalsReached &+= 1
    }
    justReached = reached
    if trial &+ 1 < plan.configuration.trials {
      trial &+= 1
      drawWorld()
    } else {
      transition.outcome = reached ? .terminated : .truncated
    }
    return transition
  }

  /// The cell one step away in a direction: 0 up, 1 right, 2 down, 3 left.
  @inline(__always) func offset(_ direction: Int) -> Int {
    let distance = direction & 1 == 0 ? rowStride : 1
    return direction == 0 || direction == 3 ? 0 &- distance : distance
  }

  /// Only empty hands take, and only things that can be carried; the rules about hands follow in any case.
  private mutating func pickUp(at target: Int) {
    let cell = cells[target]
    if cell.isOne(of: Tiles.portable) && carried.tileCode == 0 {
      carried = cell
      cells[target] = .floor
      record(.pickedUp, cell)
    }
    for index in ruleset.rules.indices {
      let rule = ruleset.rules[index]
      guard case .agentHold = rule.kind, rule.a == carried else { continue }
      carried = rule.product
      fired(index)
    }
  }

  /// Things go on floor only; the rules about things that lie there and about the agent's neighbours follow in any
  /// case, in one order.
  private mutating func putDown(at target: Int) {
    if cells[target].tileCode == Tile.floor.rawValue && carried.tileCode != 0 {
      cells[target] = carried
      record(.putDown, carried)
      carried = .empty
    }
    for index in ruleset.rules.indices {
      let rule = ruleset.rules[index]
      switch rule.kind {
      case .tileNear(let side): applyTileNear(rule, side, index, at: target)
      case .agentNear(let side?): applyAgentNear(rule, side, index)
      default: break
      }
    }
  }

  /// Each toggle changes a door once: what was locked is open, what was closed is open, what was open is closed.
  private mutating func toggle(at target: Int) {
    let cell = cells[target]
    switch cell.tileCode {
    case Tile.lockedDoor.rawValue:
      guard carried == cell.with(.key) else { return }
      cells[target] = cell.with(.openDoor)
      record(.unlocked, cell)
    case Tile.closedDoor.rawValue:
      cells[target] = cell.with(.openDoor)
      record(.opened, cell)
    case Tile.openDoor.rawValue:
      cells[target] = cell.with(.closedDoor)
      record(.closed, cell)
    default: break
    }
  }

  /// The rules about the agent's neighbours, where one of the neighbours is of a tile that some such rule is about.
  @inline(__always) private mutating func applyNearRules(after action: Action) {
    let tiles =
      cells[agent &- rowStride].tileBit | cells[agent &+ 1].tileBit | cells[agent &+ rowStride].tileBit
      | cells[agent &- 1].tileBit
    if tiles & nearTiles != 0 { applyAllNearRules() }
  }

  /// Rules without a side look up, right, down, left, and can fire on each.
  private mutating func applyAllNearRules() {
    for index in ruleset.rules.indices {
      let rule = ruleset.rules[index]
      guard case .agentNear(let side) = rule.kind else { continue }
      if let side {
        applyAgentNear(rule, side, index)
      } else {
        for side in 0..<4 { applyAgentNear(rule, Side(rawValue: UInt8(side))!, index) }
      }
    }
  }

  /// Turns the neighbour on that side into the product where it is the rule's thing.
  @inline(__always) private mutating func applyAgentNear(_ rule: Rule, _ side: Side, _ index: Int) {
    let place = agent &+ offset(Int(side.rawValue))
    guard cells[place] == rule.a else { return }
    cells[place] = rule.product
    fired(index)
  }

  /// The thing at `place` and its neighbours as they were before the rule: a rule can make several products at once.
  private mutating func applyTileNear(_ rule: Rule, _ only: Side?, _ index: Int, at place: Int) {
    let cell = cells[place]
    guard cell == rule.a || cell == rule.b else { return }
    for side in 0..<4 {
      let neighbor = place &+ offset(side)
      guard isPair(cell, cells[neighbor], rule.a, rule.b, side: side, only: only) else { continue }
      cells[neighbor] = rule.product
      cells[place] = .floor
      fired(index)
    }
  }

  /// Whether a thing and its neighbour on a side are `a` and `b`, the latter where it has to be.
  @inline(__always) private func isPair(
    _ cell: Cell, _ neighbor: Cell, _ a: Cell, _ b: Cell, side: Int, only: Side?
  ) -> Bool {
    guard let only else { return cell == a && neighbor == b || cell == b && neighbor == a }
    return cell == a && neighbor == b && side == Int(only.rawValue)
      || cell == b && neighbor == a && side == Int(only.opposite.rawValue)
  }

  /// - Parameter place: Where the action took effect: the cell ahead after `pickUp` and `putDown`.
  private func goalIsReached(after action: Action, at place: Int) -> Bool {
    let goal = ruleset.goal
    switch goal.kind {
    case .none: return false
    case .agentHold: return action == .pickUp && carried == goal.a
    case .agentOnTile: return action == .forward && cells[agent] == goal.a
    case .agentNear(nil):
      guard action == .forward else { return false }
      return cells[agent &- rowStride] == goal.a || cells[agent &+ 1] == goal.a || cells[agent &+ rowStride] == goal.a
        || cells[agent &- 1] == goal.a
    case .agentNear(let side?):
      guard action == .forward || action == .putDown else { return false }
      return cells[agent &+ offset(Int(side.rawValue))] == goal.a
    case .tileNear(let only):
      guard action == .putDown else { return false }
      let cell = cells[place]
      guard cell == goal.a || cell == goal.b else { return false }
      for side in 0..<4 {
        if isPair(cell, cells[place &+ offset(side)], goal.a, goal.b, side: side, only: only) { return true }
      }
      return false
    case .tileOnPosition: return cells[index(Int(goal.row), Int(goal.column))] == goal.a
    case .agentOnPosition: return agent == index(Int(goal.row), Int(goal.column))
    }
  }

  @inline(__always) private mutating func record(_ event: Event, _ cell: Cell) {
    self.event = event
    eventCell = cell
  }

  /// Counts the effect and keeps the rule for the signal `event`.
  @inline(__always) private mutating func fired(_ index: Int) {
    lastRule = Int8(truncatingIfNeeded: index)
    rulesTriggered &+= 1
  }
}
