internal import EnvironmentKit
public import ReinforcementLearning

extension XLand {
  /// The grid, the square that the agent sees a little lighter, its own view beside it, and goal, rules, what
  /// is carried and what just happened as captions: the viewer's person sees what the policy does not.
  public func sketch() -> Sketch {
    let size = plan.size
    var drawing = Drawing(columns: size, rows: size)
    for row in 0..<size {
      for column in 0..<size { drawing.cell(self[row, column], column, row) }
    }
    let (row, column) = position
    drawing.shade(view(row, column), side: plan.configuration.viewSize)
    drawing.agent(column, row, direction: direction)
    if carried != .empty { drawing.held(carried, column, row, direction: direction) }
    var sketch = drawing.sketch
    sketch.focus = Sketch.Point(Float(column) + 0.5, Float(row) + 0.5)
    sketch.insets = [Sketch.Inset(title: "what the agent sees", sketch: viewSketch())]
    sketch.captions = captions
    return sketch
  }

  /// The image in words of shapes, the agent in it.
  private func viewSketch() -> Sketch {
    let side = plan.configuration.viewSize
    var drawing = Drawing(columns: side, rows: side)
    let ahead = offset(direction)
    let right = offset((direction + 1) & 3)
    for row in 0..<side {
      for column in 0..<side {
        drawing.cell(cells[agent + ahead * (side - 1 - row) + right * (column - side / 2)], column, row)
      }
    }
    drawing.agent(side / 2, side - 1, direction: 0)
    return drawing.sketch
  }

  /// The upper left cell of the square that the agent sees.
  private func view(_ row: Int, _ column: Int) -> (row: Int, column: Int) {
    let side = plan.configuration.viewSize
    switch direction {
    case 0: return (row - side + 1, column - side / 2)
    case 1: return (row - side / 2, column)
    case 2: return (row, column - side / 2)
    default: return (row - side / 2, column - side + 1)
    }
  }

  /// Goal, rules, what is carried, trials and the last event, a line each.
  private var captions: [String] {
    var lines = ["goal: \(ruleset.goal.sentence)"]
    lines += ruleset.rules.enumerated().map { "rule \($0 + 1): \($1.sentence)" }
    if carried != .empty { lines.append("carried: \(carried.phrase)") }
    let trials = plan.configuration.trials
    if trials > 1 { lines.append("trial \(trial + 1) of \(trials), goals reached \(goalsReached)") }
    let event = eventText
    if !event.isEmpty { lines.append(event) }
    return lines
  }

  /// The signal `event` as a string.
  private var eventText: String {
    withUnsafeTemporaryAllocation(byteCount: XLand.eventCapacity, alignment: 1) { bytes in
      var text = RowText(bytes.baseAddress!, capacity: XLand.eventCapacity)
      writeEvent(to: &text)
      text.end()
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
