import Groundwork
import ReinforcementLearning

/// Two clips side by side, or one, in lines of text, for a terminal of a given size; it says what `QuestionPicture`
/// says.
///
/// Where there are few lines the clips are what is left: rows of theirs that are always empty go first, then lines
/// about them, then all but one line of keys.
struct QuestionText {
  let state: QuestionState
  /// Characters across.
  var columns: Int
  /// Lines; nil for as many as it takes.
  var rows: Int?
  /// Whether the terminal understands ANSI's 24-bit colours.
  var hasColor: Bool

  /// The lines, without line ends; none is wider than `columns`.
  func lines() -> [String] {
    if !state.help.isEmpty { return help }
    var top = [header, details]
    var keys = hintLines(state.hints)
    guard !state.sides.isEmpty else {
      return fitted(top + ["", plain("  " + state.progressText, Theme.muted), "", message(state.message)] + keys)
    }
    top.append(titles)
    var captions = captionRows
    let tallest = state.sides.map(\.frame.sketch.board.count).max() ?? 0
    let drawn = min(tallest, state.boardSpan?.count ?? tallest)
    func room() -> Int { rows.map { $0 - top.count - 1 - keys.count - captions.count } ?? tallest }
    if let rows {
      // The whole clips where they can be had, else half of the lines.
      let enough = rows - top.count - 2 >= drawn ? drawn : min(drawn, rows / 2)
      while room() < enough, !captions.isEmpty { captions.removeLast() }
      // Help has all the others.
      let isHelp = { (hint: HelpLine) in hint.keys == "h" }
      if room() < enough, keys.count > 1 {
        keys = Array(hintLines(state.hints.filter(isHelp) + state.hints.filter { !isHelp($0) }).prefix(1))
      }
    }
    var said = state.message
    if room() < drawn {
      // With one line of keys, and no lines about the clips.
      let lack = "too small for the clips: \(top.count + 2 + drawn) lines"
      let all = [said, lack + " or more"].filter { !$0.isEmpty }.joined(separator: "  ·  ")
      said = all.count <= columns ? all : said.isEmpty ? lack : said
    }
    var bottom = [message(said)] + keys
    let boards = boardRows(min(max(1, room()), tallest), of: room() < tallest ? state.boardSpan : nil)
    // A blank line above the message where there is room for it.
    let count = top.count + boards.count + captions.count + bottom.count
    if !said.isEmpty, let rows, count < rows { bottom.insert("", at: 0) }
    return fitted(top + boards + captions + bottom)
  }

  private func fitted(_ lines: [String]) -> [String] { rows.map { Array(lines.prefix($0)) } ?? lines }

  /// Characters for one clip: half of what three in the middle leave where there are two.
  private var width: Int { state.sides.count == 2 ? max(1, (columns - 3) / 2) : columns }

  /// What is asked, whole where it fits: how far everybody is stands beside it, or else in the next line.
  private var header: String {
    withProgress(state.prompt, Theme.text, isBold: true, isBeside: hasRoomForProgress)
  }

  private var details: String {
    withProgress(
      state.details, Theme.muted, isBeside: !hasRoomForProgress && columns >= state.progressText.terminalColumns + 14)
  }

  private var hasRoomForProgress: Bool {
    columns - state.progressText.terminalColumns - 2 >= max(12, state.prompt.terminalColumns)
  }

  private func withProgress(
    _ text: String, _ color: Sketch.Color, isBold: Bool = false, isBeside: Bool
  ) -> String {
    let progress = state.progressText
    var line = StyledLine(columns: columns)
    let shown = cut(text, to: isBeside ? columns - progress.terminalColumns - 2 : columns)
    line.add(shown, color, isBold: isBold)
    if isBeside {
      line.add(String(repeating: " ", count: columns - shown.terminalColumns - progress.terminalColumns), color)
      line.add(progress, Theme.Tone.good.color, isBold: true)
    }
    return line.text(hasColor: hasColor)
  }

  private var titles: String {
    joined { side, line in
      let name = state.sides.count == 1 ? "clip" : side == 0 ? "← left" : "→ right"
      let clip = state.sides[side]
      line.append((name, Theme.accent))
      line.append(("  step \(clip.step) of \(clip.length)", Theme.muted))
    }
  }

  /// - Parameter span: The rows of the boards that are shown, or a part of them; nil for all.
  private func boardRows(_ rows: Int, of span: Range<Int>?) -> [String] {
    let boards = state.sides.map { side in
      BoardText(sketch: side.frame.sketch, columns: width, rows: rows, span: span).lines
    }
    return (0..<(boards.map(\.count).max() ?? 0)).map { row in
      joined { side, line in if row < boards[side].count { line += boards[side][row] } }
    }
  }

  /// The lines about the states, at most four of each.
  private var captionRows: [String] {
    let texts = state.sides.map { side in
      side.frame.sketch.captions.flatMap { Self.wrapped($0, to: width) }.prefix(4).map { String($0) }
    }
    return (0..<(texts.map(\.count).max() ?? 0)).map { row in
      joined { side, line in if row < texts[side].count { line.append((texts[side][row], Theme.muted)) } }
    }
  }

  /// A line of two halves with a bar between them, or of the only clip.
  private func joined(_ fill: (Int, inout BoardText.Line) -> Void) -> String {
    var line = StyledLine(columns: columns)
    for side in state.sides.indices {
      var pieces: BoardText.Line = []
      fill(side, &pieces)
      var room = width
      for (text, color) in pieces where room > 0 {
        let shown = String(text.prefix(terminalColumns: room))
        line.add(shown, color, isBold: color == Theme.accent)
        room -= shown.terminalColumns
      }
      if side + 1 < state.sides.count { line.add(String(repeating: " ", count: room) + " │ ", Theme.edge) }
    }
    return line.text(hasColor: hasColor)
  }

  private func message(_ text: String) -> String { plain(cut(text, to: columns), Theme.Tone.good.color, isBold: true) }

  /// The keys, whole ones only, in as many lines as they take.
  private func hintLines(_ hints: [HelpLine]) -> [String] {
    guard !hints.isEmpty else { return [] }
    var lines: [StyledLine] = []
    var line = StyledLine(columns: columns)
    if !state.sides.isEmpty {
      line.add(state.isPlaying ? "\(shortNumber(state.speed))/s" : "paused", Theme.text, isBold: true)
    }
    for hint in hints {
      if line.room < hint.keys.count + hint.meaning.count + 3 {
        lines.append(line)
        line = StyledLine(columns: columns)
        // Where a hint is wider than the terminal, help has it in full.
        guard columns >= hint.keys.count + hint.meaning.count + 3 else { continue }
      }
      line.add("  \(hint.keys) ", Theme.muted)
      line.add(hint.meaning, Theme.faint)
    }
    return (lines + [line]).map { $0.text(hasColor: hasColor) }.filter { !$0.isEmpty }
  }

  private var help: [String] {
    let keys = state.help.map(\.keys.count).max() ?? 0
    let lines = state.help.map { hint in
      var line = StyledLine(columns: columns)
      line.add("  " + hint.keys + String(repeating: " ", count: keys - hint.keys.count + 3), Theme.accent)
      line.add(hint.meaning, Theme.text)
      return line.text(hasColor: hasColor)
    }
    return fitted([plain("Keys", Theme.text, isBold: true), ""] + lines)
  }

  private func plain(_ text: String, _ color: Sketch.Color, isBold: Bool = false) -> String {
    var line = StyledLine(columns: columns)
    line.add(text, color, isBold: isBold)
    return line.text(hasColor: hasColor)
  }

  private func cut(_ text: String, to limit: Int) -> String {
    text.terminalColumns <= limit ? text : text.prefix(terminalColumns: limit - 1) + "…"
  }

  private static func wrapped(_ text: String, to limit: Int) -> [Substring] {
    var lines: [Substring] = []
    var rest = text[...]
    while rest.count > limit {
      let head = rest.prefix(limit)
      let end = head.lastIndex(of: " ") ?? head.endIndex
      lines.append(rest[..<end])
      rest = rest[end...].drop { $0 == " " }
    }
    return lines + [rest]
  }
}
