public import ReinforcementLearning

extension Gridworld {
  /// What a step did, for the `event` signal.
  enum Event: UInt8, Sendable {
    case none, pickedUp, dropped, opened, unlocked, closed, openedBox, reachedGoal, steppedIntoLava, collided

    func text(_ cell: Cell) -> String {
      switch self {
      case .none: ""
      case .pickedUp: "picked up the \(cell.phrase)"
      case .dropped: "dropped the \(cell.phrase)"
      case .opened: "opened the \(cell.phrase)"
      case .unlocked: "unlocked the \(cell.phrase)"
      case .closed: "closed the \(cell.phrase)"
      case .openedBox: "opened the \(cell.phrase)"
      case .reachedGoal: "reached the goal"
      case .steppedIntoLava: "stepped into lava"
      case .collided: "ran into \(cell.isPortable ? "a ball" : "a wall")"
      }
    }
  }

  /// Writes the signals that somebody asked for.
  @inline(__always) func writeSignals(into row: inout ObservationRow) {
    // Every signal is behind one test where none is wanted.
    guard plan.hasSignals(in: row) else { return }
    writeAllSignals(into: &row)
  }

  private func writeAllSignals(into row: inout ObservationRow) {
    let capacity = Gridworld.missionCapacity(words: plan.longestMission)
    if let text = row.start(of: FieldIndex.mission) { mission.write(to: text, capacity: capacity) }
    let (x, y) = position
    row.write(Int16(x), to: FieldIndex.position, at: 0)
    row.write(Int16(y), to: FieldIndex.position, at: 1)
    row.write(carried.code, to: FieldIndex.carried, at: 0)
    row.write(UInt8(truncatingIfNeeded: carried.bits >> 8), to: FieldIndex.carried, at: 1)
    if row.wants(FieldIndex.openDoors) { row.write(openDoors, to: FieldIndex.openDoors) }
    row.write(Int32(truncatingIfNeeded: doorsOpened), to: FieldIndex.doorsOpened)
    if row.wants(FieldIndex.subgoals) { row.write(Int32(subgoals), to: FieldIndex.subgoals) }
    if row.wants(FieldIndex.distance) { row.write(Float(remainingDistance()), to: FieldIndex.distance) }
    if row.wants(FieldIndex.cellsVisited) { row.write(Gridworld.count(visited), to: FieldIndex.cellsVisited) }
    if row.wants(FieldIndex.event) { row.write(text: event.text(eventCell), to: FieldIndex.event, capacity: Gridworld.eventCapacity) }
    if !seen.isEmpty && row.wants(FieldIndex.cellsSeen) { row.write(Gridworld.count(seen), to: FieldIndex.cellsSeen) }
  }

  /// Bit k is set while the k-th door is open; doors beyond the thirty-second share bits.
  private var openDoors: Int32 {
    var bits: UInt32 = 0
    for (index, door) in doors.enumerated() where cells[Int(door)].isOpenDoor { bits |= 1 << UInt32(index & 31) }
    return Int32(bitPattern: bits)
  }

  /// Keys taken, locks opened, boxes with contents opened, clauses done, and the mission itself.
  private var subgoals: Int {
    reached.nonzeroBitCount + (rule == .instruction ? instruction.clausesDone : 0)
  }

  private static func count(_ bits: [UInt64]) -> Int32 {
    bits.reduce(0) { $0 + Int32($1.nonzeroBitCount) }
  }
}

extension Gridworld.Plan {
  /// Whether the row has a field beyond the image, the direction and the mission's words.
  @inline(__always) func hasSignals(in row: ObservationRow) -> Bool {
    for field in Gridworld.FieldIndex.mission...Gridworld.FieldIndex.event where row.wants(field) { return true }
    return configuration.countSeenCells && row.wants(Gridworld.FieldIndex.cellsSeen)
  }
}
