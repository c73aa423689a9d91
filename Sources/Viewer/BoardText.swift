import ReinforcementLearning

/// A sketch's board of characters for a part of a terminal: its cells drawn square where they are, the part around the
/// focus where there is less room, with a word on what is left out.
struct BoardText {
  let sketch: Sketch
  /// Characters across.
  var columns: Int
  /// Lines that it may have; at most the board's are used.
  var rows: Int
  /// The rows of the board that count, the others being as good as not there; nil for all.
  var span: Range<Int>?

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
    let all = 0..<sketch.board.count
    let span = span?.clamped(to: all) ?? all
    guard rows < span.count else { return (Array(span), [:]) }
    let keepsEnds = rows >= sketch.headRows + sketch.footRows + 3
    // Those of them that count.
    let head = keepsEnds ? max(0, sketch.headRows - span.lowerBound) : 0
    let foot = keepsEnds ? max(0, sketch.footRows - (all.upperBound - span.upperBound)) : 0
    let middle = span.count - head - foot
    let room = max(0, rows - head - foot)
    let first = span.lowerBound + head
    let focus = min(max(0, (sketch.focusOnBoard?.row ?? 0) - first), max(0, middle - 1))
    let top = first + start(around: focus, showing: room, of: middle)
    let end = top + room
    var hidden: [Int: (arrow: String, count: Int)] = [:]
    if end < first + middle { hidden[end - 1] = ("↓", first + middle - end) }
    if top > first { hidden[top] = ("↑", top - first) }
    return (Array(span.lowerBound..<first) + Array(top..<end) + Array(first + middle..<span.upperBound), hidden)
  }

  /// The rows of boards from the first that has anything on it to the last; nil where none has.
  static func span(of sketches: some Sequence<Sketch>) -> Range<Int>? {
    var span: Range<Int>?
    for sketch in sketches {
      let isBare = { (row: Int) in sketch.board[row].allSatisfy { $0.character == " " } }
      // What lies within what is known needs no look.
      let (start, end) = (span?.lowerBound ?? sketch.board.count, span?.upperBound ?? 0)
      let first = (0..<min(start, sketch.board.count)).first { !isBare($0) }
      let last = (end..<max(end, sketch.board.count)).last { !isBare($0) }
      guard let low = first ?? span?.lowerBound, let high = last.map({ $0 + 1 }) ?? span?.upperBound else { continue }
      span = low..<high
    }
    return span
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
