import ReinforcementLearning

extension Gridworld {
  /// Writes the signals that somebody asked for.
  @inline(__always) func writeSignals(into row: inout ObservationRow) {
    // Every signal is behind one test where none is wanted.
    guard hasSignals(in: row) else { return }
    writeAllSignals(into: &row)
  }

  /// Writes each signal that the row has; the distance is by far the dearest, the rest are look-ups.
  private func writeAllSignals(into row: inout ObservationRow) {
    row.withElements(of: FieldIndex.mission) { text in mission.write(to: &text) }
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
    row.withElements(of: FieldIndex.event) { text in event.write(eventCell, to: &text) }
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

extension Gridworld {
  /// Whether the row has a field beyond the image, the direction and the mission's words.
  @inline(__always) private func hasSignals(in row: ObservationRow) -> Bool {
    // Spelled out: a loop over the numbers costs more than all the tests.
    let wanted =
      row.wants(FieldIndex.mission) || row.wants(FieldIndex.position) || row.wants(FieldIndex.carried)
      || row.wants(FieldIndex.openDoors) || row.wants(FieldIndex.doorsOpened) || row.wants(FieldIndex.subgoals)
      || row.wants(FieldIndex.distance) || row.wants(FieldIndex.cellsVisited) || row.wants(FieldIndex.event)
    return wanted || !seen.isEmpty && row.wants(FieldIndex.cellsSeen)
  }
}
