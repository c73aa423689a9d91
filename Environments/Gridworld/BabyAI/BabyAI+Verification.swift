extension Gridworld {
  /// How a mission stands.
  enum Verdict: UInt8 { case going, done, failed }

  /// What a clause may look at after a step.
  struct Situation {
    var action: Action
    /// The cell that the agent faces.
    var front: Cell
    var carried: Cell
    /// The four cells around the one in front; only looked up after a drop.
    var around: (Cell, Cell, Cell, Cell)
  }

  /// Judges the step that was just done.
  ///
  /// Turning and walking take and drop nothing, so after them only what the agent faces can matter, and what the
  /// clauses remember does not change; the first step is judged in any case, for them to remember.
  @inline(__always) mutating func verifyInstruction(_ action: Action) -> Verdict {
    let target = front
    let isQuiet = action.rawValue <= Action.forward.rawValue || action == .done
    if isQuiet && cells[target].identity == 0 && stepCount > 1 { return .going }
    return judge(action, at: target)
  }

  /// The slower half of `verifyInstruction`: gathers the situation and asks the instruction.
  private mutating func judge(_ action: Action, at target: Int) -> Verdict {
    let none = Cell(bits: 0)
    var situation = Situation(action: action, front: cells[target], carried: carried, around: (none, none, none, none))
    if action == .drop {
      situation.around = (cells[target - 1], cells[target + 1], cells[target - rowStride], cells[target + rowStride])
    }
    return instruction.verify(situation)
  }

  /// A drop refreshes where the mission's objects are: what was taken is no longer found at its old place.
  mutating func forgetVacatedCells() {
    for y in 0..<height {
      for x in 0..<width where self[x, y].isEmpty { self[x, y] = .empty }
    }
    hasVacatedCells = false
  }
}

/// BabyAI's verifier. Each function is one look at what changed; objects are compared by identity.
extension Gridworld.Instruction {
  /// One look at the whole sentence: parts in their order, a part that is done not looked at again.
  mutating func verify(_ situation: Gridworld.Situation) -> Gridworld.Verdict {
    switch order {
    case .single: return a.verify(situation)
    case .before: return Self.verify(&a, then: &b, situation)
    case .after: return Self.verify(&b, then: &a, situation)
    }
  }

  /// Parts in an order: the second is looked at once the first is done.
  private static func verify(
    _ first: inout Gridworld.Part, then second: inout Gridworld.Part, _ situation: Gridworld.Situation
  ) -> Gridworld.Verdict {
    if !first.isDone {
      let verdict = first.verify(situation)
      guard verdict == .done else { return verdict }
      first.isDone = true
      // The second part is judged in the same step.
    }
    return second.verify(situation)
  }

  /// Clauses that were done.
  var clausesDone: Int {
    (a.first.isDone ? 1 : 0) + (a.second.isDone ? 1 : 0) + (b.first.isDone ? 1 : 0) + (b.second.isDone ? 1 : 0)
  }
}

extension Gridworld.Part {
  /// A single clause as it is; of two, each until it is done.
  mutating func verify(_ situation: Gridworld.Situation) -> Gridworld.Verdict {
    guard isPair else { return first.verify(situation) }
    // In a pair a strict clause cannot fail the mission; it is judged again in the next step.
    if !first.isDone { _ = first.verify(situation) }
    if !second.isDone { _ = second.verify(situation) }
    return first.isDone && second.isDone ? .done : .going
  }
}

extension Gridworld.Clause {
  /// Judges, and remembers what is carried for the next step.
  @inline(__always) mutating func verify(_ situation: Gridworld.Situation) -> Gridworld.Verdict {
    let verdict = judge(situation)
    carriedBefore = UInt8(truncatingIfNeeded: situation.carried.identity)
    if verdict == .done { isDone = true }
    return verdict
  }

  /// The rules of BabyAI's `verify_action`, by the kind of clause; objects that were moved are known by their
  /// identity.
  @inline(__always) private func judge(_ situation: Gridworld.Situation) -> Gridworld.Verdict {
    let (front, carried) = (situation.front, situation.carried)
    switch kind {
    case .goTo:
      return Self.contains(objects, front) ? .done : .going
    case .open:
      guard situation.action == .toggle else { return .going }
      if Self.contains(objects, front) && front.isOpenDoor { return .done }
      return isStrict && front.isDoor ? .failed : .going
    case .pickUp:
      guard situation.action == .pickUp else { return .going }
      if carriedBefore == 0 && Self.contains(objects, carried) { return .done }
      return isStrict && carried.bits != 0 ? .failed : .going
    case .putNext:
      if isStrict && situation.action == .pickUp && carried.bits != 0 { return .failed }
      // What was carried before and no longer is has just been dropped in front.
      guard situation.action == .drop, carriedBefore != 0, carried.bits == 0 else { return .going }
      guard objects &>> UInt128(carriedBefore) & 1 != 0 else { return .going }
      let around = situation.around
      let isNext =
        Self.contains(fixedObjects, around.0) || Self.contains(fixedObjects, around.1)
        || Self.contains(fixedObjects, around.2) || Self.contains(fixedObjects, around.3)
      return isNext ? .done : .going
    }
  }

  /// Whether the cell holds, or remembers, one of the objects.
  @inline(__always) private static func contains(_ objects: UInt128, _ cell: Gridworld.Cell) -> Bool {
    let identity = cell.identity
    return identity != 0 && objects &>> UInt128(identity) & 1 != 0
  }
}
