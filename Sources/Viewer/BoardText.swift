import ReinforcementLearning

/// A sketch's board of characters for a part of a terminal: its cells drawn square where they are, the part around the
/// focus where there is less room, with a word on what is left out.
struct BoardText {
  let sketch: Sketch
  /// Characters across.
  var columns: Int
  /// Lines that it may have; at most the board's are used.
  var rows: Int

  /// Stretches of a line with their colours.
  typealias Line = [(text: String, color: Sketch.Color)]

  /// One a line of the board that is shown.
  var lines: [Line] {
    let board = sketch.board
    let rows = min(rows, board.count)
    let isSpread = isSpread
    let width = board.map(\.count).max() ?? 0
    let shown = isSpread ? width : min(width, columns)
    let focus = sketch.focusOnBoard
    let top = start(around: focus?.row ?? 0, showing: rows, of: board.count)
    let left = start(around: focus?.column ?? 0, showing: shown, of: width)
    return (top..<top + rows).map { number in
      let row = board[number].dropFirst(left).prefix(shown)
      var line: Line = []
      for index in row.indices {
        let cell = row[index]
        line.append((String(cell.character), cell.color))
        guard isSpread, index + 1 < row.endIndex else { continue }
        // Walls stay closed.
        let isJoined = row[index + 1].character == cell.character && "#█═─━▓▒░=-~".contains(cell.character)
        line.append((isJoined ? String(cell.character) : " ", cell.color))
      }
      let hidden = number == top ? top : number == top + rows - 1 ? board.count - top - rows : 0
      if hidden > 0 {
        line.append(("  \(number == top ? "↑" : "↓") \(hidden) more row\(hidden == 1 ? "" : "s")", Theme.faint))
      }
      return line
    }
  }

  /// The first of `shown` places of `count` that has the focus near its middle.
  private func start(around focus: Int, showing shown: Int, of count: Int) -> Int {
    max(0, min(focus - shown / 2, count - shown))
  }

  /// Whether cells are drawn two characters wide, so that a board of square cells looks square: a character is
  /// twice as high as wide.
  private var isSpread: Bool {
    let width = sketch.board.map(\.count).max() ?? 0
    guard width > 0, width <= 32, width * 2 <= columns, sketch.height > 0 else { return false }
    let ratio = sketch.width / sketch.height / (Float(width) / Float(sketch.board.count))
    return ratio > 0.8 && ratio < 1.25
  }
}
