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
    let isSpread = isSpread
    let width = board.map(\.count).max() ?? 0
    let shown = isSpread ? width : min(width, columns)
    let left = start(around: sketch.focusOnBoard?.column ?? 0, showing: shown, of: width)
    let (numbers, hidden) = shownRows
    return numbers.map { number in
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
      if let hidden = hidden[number] {
        // A row may have blanks up to the edge.
        while line.last?.text == " " { line.removeLast() }
        line.append(("  \(hidden.arrow) \(hidden.count) more row\(hidden.count == 1 ? "" : "s")", Theme.faint))
      }
      return line
    }
  }

  /// The rows that are shown, and on which of them it is said how many are not: those that always are, and between
  /// them a part around the focus.
  private var shownRows: (numbers: [Int], hidden: [Int: (arrow: String, count: Int)]) {
    let count = sketch.board.count
    guard rows < count else { return (Array(0..<count), [:]) }
    let keepsEnds = rows >= sketch.headRows + sketch.footRows + 3
    let (head, foot) = keepsEnds ? (sketch.headRows, sketch.footRows) : (0, 0)
    let middle = count - head - foot
    let room = max(0, rows - head - foot)
    let focus = min(max(0, (sketch.focusOnBoard?.row ?? 0) - head), max(0, middle - 1))
    let top = start(around: focus, showing: room, of: middle)
    var hidden: [Int: (arrow: String, count: Int)] = [:]
    if top + room < middle { hidden[head + top + room - 1] = ("↓", middle - top - room) }
    if top > 0 { hidden[head + top] = ("↑", top) }
    return (Array(0..<head) + Array(head + top..<head + top + room) + Array(count - foot..<count), hidden)
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
