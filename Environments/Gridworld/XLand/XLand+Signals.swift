internal import EnvironmentKit
import ReinforcementLearning

extension XLand {
  /// What the agent did in a step, for the `event` signal; what rules and the goal did comes on top.
  enum Event: UInt8, Sendable {
    case none, pickedUp, putDown, opened, unlocked, closed

    var verb: StaticString {
      switch self {
      case .none: ""
      case .pickedUp: "picked up"
      case .putDown: "put down"
      case .opened: "opened"
      case .unlocked: "unlocked"
      case .closed: "closed"
      }
    }
  }

  /// Writes the signals that somebody asked for. - Complexity: allocates nothing.
  func writeSignals(into row: inout ObservationRow) {
    let (line, column) = position
    row.write(SIMD2(UInt8(truncatingIfNeeded: line), UInt8(truncatingIfNeeded: column)), to: FieldIndex.position)
    row.write(carried.bits, to: FieldIndex.carried)
    if row.wants(FieldIndex.goalDistance) { row.write(Int32(goalDistance), to: FieldIndex.goalDistance) }
    row.write(Int32(truncatingIfNeeded: rulesTriggered), to: FieldIndex.rulesTriggered)
    row.write(Int32(truncatingIfNeeded: goalsReached), to: FieldIndex.goalsReached)
    row.write(Int32(truncatingIfNeeded: trial), to: FieldIndex.trial)
    if var text = RowText(row, FieldIndex.event) {
      writeEvent(to: &text)
      text.end()
    }
  }

  /// "picked up a red ball; a red ball in your hands became a blue key; reached the goal; another trial
  /// starts"
  func writeEvent(to text: inout RowText) {
    var isFirst = true
    func separate(_ text: inout RowText) {
      if !isFirst { text.add("; ") }
      isFirst = false
    }
    if event != .none {
      separate(&text)
      text.add(event.verb)
      text.add(" ")
      text.add(eventCell)
    }
    if lastRule >= 0 {
      let rule = ruleset.rules[Int(lastRule)]
      separate(&text)
      text.add(rule.a)
      if rule.b != .empty {
        text.add(" and ")
        text.add(rule.b)
      }
      if rule.product == .floor {
        text.add(" disappeared")
      } else {
        text.add(" became ")
        text.add(rule.product)
      }
    }
    if justReached {
      separate(&text)
      text.add("reached the goal")
    }
    if stepCount == 0 && trial > 0 {
      separate(&text)
      text.add("another trial starts")
    }
  }

  /// Cells between what the goal wants together, across and down, walls disregarded; 0 where it is reached or one
  /// step of the right kind is missing, -1 while one of the things does not exist.
  ///
  /// Beside counts as 0, so does holding. - Complexity: O(cells), for two things O(cells + pairs of them).
  var goalDistance: Int {
    let goal = ruleset.goal
    let here = position
    switch goal.kind {
    case .none: return -1
    case .agentOnPosition: return distance(here, (Int(goal.row), Int(goal.column)))
    case .agentHold where carried == goal.a: return 0
    case .agentOnTile: return nearest(goal.a, to: here)
    case .agentHold, .agentNear:
      let nearest = nearest(goal.a, to: here)
      return nearest < 0 ? -1 : max(0, nearest - 1)
    case .tileOnPosition: return nearest(goal.a, to: (Int(goal.row), Int(goal.column)), carriedAt: here)
    case .tileNear: return nearestPair(goal.a, goal.b, carriedAt: here)
    }
  }

  /// Rows plus columns between two places.
  private func distance(_ a: (row: Int, column: Int), _ b: (row: Int, column: Int)) -> Int {
    abs(a.row - b.row) + abs(a.column - b.column)
  }

  /// Cells to the nearest such thing; what is carried counts at `carriedAt` where given.
  private func nearest(
    _ cell: Cell, to place: (row: Int, column: Int), carriedAt here: (row: Int, column: Int)? = nil
  ) -> Int {
    var best = Int.max
    if let here, carried == cell { best = distance(here, place) }
    for row in 0..<plan.size {
      for column in 0..<plan.size where self[row, column] == cell { best = min(best, distance((row, column), place)) }
    }
    return best == .max ? -1 : best
  }

  /// Cells between the nearest two different things, less one.
  private func nearestPair(_ a: Cell, _ b: Cell, carriedAt here: (row: Int, column: Int)) -> Int {
    var best = Int.max
    for row in 0..<plan.size {
      for column in 0..<plan.size where self[row, column] == a {
        if carried == b { best = min(best, distance((row, column), here)) }
        // Only a nearer thing is of interest, so only rows near enough are looked at.
        for otherRow in max(0, row - min(best, plan.size))..<min(plan.size, row + min(best, plan.size) + 1) {
          for otherColumn in 0..<plan.size
          where self[otherRow, otherColumn] == b && (otherRow, otherColumn) != (row, column) {
            best = min(best, distance((row, column), (otherRow, otherColumn)))
          }
        }
      }
    }
    if carried == a {
      let nearest = nearest(b, to: here)
      if nearest >= 0 { best = min(best, nearest) }
    }
    return best == .max ? -1 : max(0, best - 1)
  }
}

extension RowText {
  /// "a red ball"
  fileprivate mutating func add(_ cell: XLand.Cell) {
    add(cell.color == .orange ? "an " : "a ")
    if cell != .floor {
      add(XLand.Color.names[Int(cell.colorCode)])
      add(" ")
    }
    add(XLand.Tile.names[Int(cell.tileCode)])
  }
}
