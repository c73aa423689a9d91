import Groundwork
import ReinforcementLearning

/// The picture of one moment of an episode in lines of text, for a terminal of a given size.
///
/// It says what `EpisodePicture` says: header, board, captions, a row for each reward component, keys.
struct TerminalPicture {
  /// The moment that is shown.
  let state: PictureState
  /// Characters across and down; nil down for as many lines as it takes.
  var columns: Int
  /// Where it is too high, the board is cut before captions, rewards and keys are.
  var rows: Int?
  /// Whether the terminal understands ANSI's 24-bit colours.
  var hasColor: Bool

  /// The lines, without line ends; no line is wider than `columns`.
  func lines() -> [String] {
    if let controls = state.controls, !controls.help.isEmpty { return fit(help(controls), into: []) }
    let board = boardLines()
    let captions = state.captions.map { style(cut($0, to: columns), .muted) }
    let rewards = rewardLines()
    var below = [""] + captions
    if !captions.isEmpty { below.append("") }
    below += rewards
    if let controls = state.controls { below += ["", hints(controls)] }
    return fit(header() + [""] + board, into: below)
  }

  /// Cuts the upper part where both parts are higher than the terminal.
  private func fit(_ upper: [String], into lower: [String]) -> [String] {
    guard let rows else { return upper + lower }
    let room = max(0, rows - lower.count)
    guard upper.count > room else { return upper + lower }
    return Array((Array(upper.prefix(max(0, room - 1))) + [style("…", .faint)] + lower).prefix(rows))
  }

  /// Title with the outcome, who acts, and the numbers.
  private func header() -> [String] {
    let (badge, tone) = state.badge
    var first = StyledLine(columns: columns)
    first.add(state.title, Theme.text, isBold: true)
    first.add("  ", Theme.text)
    first.add("[\(badge)]", tone.color, isBold: true)
    var second = StyledLine(columns: columns)
    second.add(state.details, Theme.muted)
    var third = StyledLine(columns: columns)
    for (label, value) in [
      ("step ", String(state.frame.step)), ("  return ", shortNumber(state.frame.episodeReturn)),
      ("  action ", state.frame.action ?? "-"),
    ] {
      third.add(label, Theme.faint)
      third.add(value, Theme.text, isBold: true)
    }
    return [first, second, third].map { $0.text(hasColor: hasColor) }
  }

  /// The environment's board of characters, its cells drawn square where they are.
  private func boardLines() -> [String] {
    let board = state.frame.sketch.board
    let isSpread = spreads(board)
    return board.map { row in
      var line = StyledLine(columns: columns)
      for (index, cell) in row.enumerated() {
        line.add(String(cell.character), cell.color)
        guard isSpread, index + 1 < row.count else { continue }
        // Walls stay closed.
        let isJoined = row[index + 1].character == cell.character && "#█═─━▓▒░=-~".contains(cell.character)
        line.add(isJoined ? String(cell.character) : " ", cell.color)
      }
      return line.text(hasColor: hasColor)
    }
  }

  /// Whether cells are drawn two characters wide, so that a board of square cells looks square: a character is
  /// twice as high as wide.
  private func spreads(_ board: [[Sketch.Character]]) -> Bool {
    let width = board.map(\.count).max() ?? 0
    let sketch = state.frame.sketch
    guard width > 0, width <= 32, width * 2 <= columns, sketch.height > 0 else { return false }
    let ratio = sketch.width / sketch.height / (Float(width) / Float(board.count))
    return ratio > 0.8 && ratio < 1.25
  }

  /// A row for each component: name, a line of small bars, value and sum.
  private func rewardLines() -> [String] {
    let nameWidth = min(20, state.trace.lanes.map(\.name.count).max() ?? 0)
    let chartWidth = max(0, min(60, columns - nameWidth - 24))
    return state.trace.lanes.enumerated().map { index, lane in
      var line = StyledLine(columns: columns)
      let name = cut(lane.name, to: nameWidth)
      line.add(name + String(repeating: " ", count: nameWidth - name.count + 1), Theme.text)
      line.add(sparkline(lane, width: chartWidth), Theme.lane(index))
      let value = lane.value(at: state.frame.step).map { shortNumber(Double($0)) } ?? "-"
      line.add(" " + String(repeating: " ", count: max(0, 9 - value.count)) + value, Theme.lane(index), isBold: true)
      line.add("  Σ " + shortNumber(lane.sum(state.frame.step)), Theme.muted)
      return line.text(hasColor: hasColor)
    }
  }

  /// The last values, from the least to the greatest so far in eight heights; `·` for nothing.
  private func sparkline(_ lane: RewardTrace.Lane, width: Int) -> String {
    let blocks = Array("▁▂▃▄▅▆▇█")
    let first = max(1, state.frame.step - width + 1)
    var text = ""
    for step in first..<(first + width) {
      guard step <= state.frame.step, let value = lane.value(at: step) else {
        text.append(" ")
        continue
      }
      guard value != 0, value.isFinite, lane.high > lane.low else {
        text.append("·")
        continue
      }
      let height = (value - lane.low) / (lane.high - lane.low)
      text.append(blocks[min(7, Int(height * 8))])
    }
    return text
  }

  /// How it is played, then as many keys as the line holds.
  private func hints(_ controls: PictureState.Controls) -> String {
    var line = StyledLine(columns: columns)
    if controls.isPlayed {
      line.add(state.frame.outcome == .running ? "your move" : "over", Theme.text, isBold: true)
    } else {
      line.add(controls.isPlaying ? "▶ " : "paused ", Theme.text, isBold: true)
      line.add("\(shortNumber(controls.speed))/s", Theme.text, isBold: true)
    }
    for hint in controls.hints {
      line.add("  \(hint.keys) ", Theme.muted)
      line.add(hint.meaning, Theme.faint)
    }
    return line.text(hasColor: hasColor)
  }

  /// The keys, a row each.
  private func help(_ controls: PictureState.Controls) -> [String] {
    let width = controls.help.map(\.keys.count).max() ?? 0
    return [style("Keys", .text), ""]
      + controls.help.map { row in
        var line = StyledLine(columns: columns)
        line.add("  " + row.keys + String(repeating: " ", count: width - row.keys.count + 3), Theme.accent)
        line.add(row.meaning, Theme.text)
        return line.text(hasColor: hasColor)
      }
  }

  private enum Shade { case text, muted, faint }

  /// A whole line in one shade.
  private func style(_ string: String, _ shade: Shade) -> String {
    var line = StyledLine(columns: columns)
    switch shade {
    case .text: line.add(string, Theme.text, isBold: true)
    case .muted: line.add(string, Theme.muted)
    case .faint: line.add(string, Theme.faint)
    }
    return line.text(hasColor: hasColor)
  }

  /// The string, its end replaced by an ellipsis where it is longer than that many characters.
  private func cut(_ string: String, to limit: Int) -> String {
    string.count <= limit ? string : string.prefix(max(0, limit - 1)) + "…"
  }
}

/// A line of coloured pieces that ends at the terminal's edge.
struct StyledLine {
  /// A stretch of one style.
  private struct Piece {
    var text: String
    var color: Sketch.Color
    var isBold: Bool
  }
  /// The line from left to right; neighbours of one style are joined.
  private var pieces: [Piece] = []
  /// Characters that are left of the line.
  private var room: Int

  init(columns: Int) { room = columns }

  /// Adds what fits; what would steer the terminal becomes question marks.
  mutating func add(_ text: String, _ color: Sketch.Color, isBold: Bool = false) {
    // What an environment or a file wrote must not steer the terminal.
    let clean = String(
      text.map { $0.unicodeScalars.contains { $0.steersTerminal || $0.value < 32 } ? "?" : $0 }.prefix(room))
    room -= clean.count
    guard !clean.isEmpty else { return }
    if let last = pieces.last, last.color == color, last.isBold == isBold {
      pieces[pieces.count - 1].text += clean
    } else {
      pieces.append(Piece(text: clean, color: color, isBold: isBold))
    }
  }

  /// With ANSI's 24-bit colours, or plain without spaces at the end.
  func text(hasColor: Bool) -> String {
    guard hasColor else {
      var plain = pieces.map(\.text).joined()
      while plain.last == " " { plain.removeLast() }
      return plain
    }
    return pieces.map { piece in
      let color = piece.color
      return "\u{1B}[\(piece.isBold ? "1" : "22");38;2;\(color.red);\(color.green);\(color.blue)m\(piece.text)"
    }.joined() + "\u{1B}[0m"
  }
}
