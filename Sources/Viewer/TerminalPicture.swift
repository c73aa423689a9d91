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
  /// Where it is too high, a part of the board is shown, that with the agent in it.
  var rows: Int?
  /// Whether the terminal understands ANSI's 24-bit colours.
  var hasColor: Bool

  /// The lines, without line ends; no line is wider than `columns`.
  func lines() -> [String] {
    if let controls = state.controls, !controls.help.isEmpty { return help(controls) }
    var parts = Parts(
      header: header(), captions: state.ownCaptions.flatMap { wrapped($0) }.map { style($0, .muted) },
      rewards: rewardLines(), hints: state.controls.map(hints) ?? [])
    let board = state.frame.sketch.board
    let isPage = state.frame.sketch.isPage
    let least = isPage ? board.count : max(3, (rows ?? 0) / 3)
    if let rows { parts.makeRoom(for: board.count, least: min(board.count, least), isPage: isPage, in: rows) }
    let room = rows.map { max(0, $0 - parts.count) } ?? board.count
    return parts.around(boardLines(rows: min(room, board.count))).prefix(rows ?? .max).map { $0 }
  }

  /// What stands around the board, and how it gives way to it.
  private struct Parts {
    var header, captions, rewards, hints: [String]
    /// Blank lines below the header, the board and the captions and above the keys, as many as there is room for.
    var blanks = 4

    /// Lines, blank ones included.
    var count: Int { header.count + captions.count + rewards.count + hints.count + blanks }

    /// Blank lines go first, then captions but the first lines, rewards but the environment's, then the rest.
    ///
    /// - Parameters:
    ///   - least: Lines that the board must have where that can be.
    ///   - isPage: Whether the keys and the title give way, too.
    mutating func makeRoom(for whole: Int, least board: Int, isPage: Bool, in rows: Int) {
      if captions.isEmpty { blanks -= 1 }
      if hints.isEmpty { blanks -= 1 }
      while blanks > 1, count + whole > rows { blanks -= 1 }
      while count + board > rows {
        if blanks > 0 {
          blanks -= 1
        } else if captions.count > 3 {
          captions.removeLast()
        } else if rewards.count > 1 {
          rewards.removeLast()
        } else if !captions.isEmpty {
          captions.removeLast()
        } else if header.count > 1 {
          header.removeLast()
        } else if isPage, !hints.isEmpty {
          hints.removeLast()
        } else if isPage, !header.isEmpty {
          header.removeLast()
        } else if isPage, !rewards.isEmpty {
          rewards.removeLast()
        } else {
          return
        }
      }
    }

    func around(_ board: [String]) -> [String] {
      var lines = header + (blanks > 0 ? [""] : []) + board + (blanks > 1 ? [""] : []) + captions
      if blanks > 2, !captions.isEmpty { lines.append("") }
      lines += rewards
      if blanks > 3 || blanks > 2 && captions.isEmpty, !hints.isEmpty { lines.append("") }
      return lines + hints
    }
  }

  /// Title with the outcome, who acts, and the numbers.
  private func header() -> [String] {
    let (badge, tone) = state.badge
    var first = StyledLine(columns: columns)
    // How it stands is said whatever the title's length.
    first.add(cut(state.title, to: max(1, columns - badge.terminalColumns - 4)), Theme.text, isBold: true)
    first.add("  ", Theme.text)
    first.add("[\(badge)]", tone.color, isBold: true)
    var third = StyledLine(columns: columns)
    for (label, value) in [
      ("step ", String(state.frame.step)), ("  return ", shortNumber(state.frame.episodeReturn)),
      ("  action ", state.frame.action ?? "-"),
    ] {
      third.add(label, Theme.faint)
      third.add(value, Theme.text, isBold: true)
    }
    // The seed and the episode are to be typed again, however long the rest is.
    var details = state.details
    if details.terminalColumns > columns {
      let room = columns - state.place.terminalColumns - 5
      details = room < 8 ? state.place : cut(state.subtitle, to: room) + "  ·  " + state.place
    }
    return [first.text(hasColor: hasColor), style(details, .muted), third.text(hasColor: hasColor)]
  }

  /// A text between words in lines of the terminal's width, the later ones further in.
  private func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: true) {
      if line.isEmpty {
        line = String(word)
      } else if line.terminalColumns + 1 + word.terminalColumns <= columns {
        line += " " + word
      } else {
        lines.append(line)
        line = "  " + word
      }
    }
    return (lines + [line]).map { cut($0, to: columns) }
  }

  /// The environment's board of characters.
  ///
  /// - Parameter rows: Lines that it may have, at most the board's.
  private func boardLines(rows: Int) -> [String] {
    BoardText(sketch: state.frame.sketch, columns: columns, rows: rows).lines.map { pieces in
      var line = StyledLine(columns: columns)
      for piece in pieces { line.add(piece.text, piece.color) }
      return line.text(hasColor: hasColor)
    }
  }

  /// A row for each component: name, a line of small bars, value and sum.
  private func rewardLines() -> [String] {
    let nameWidth = min(max(20, columns / 3), state.trace.lanes.map(\.name.terminalColumns).max() ?? 0)
    let chartWidth = max(0, min(60, columns - nameWidth - 24))
    return state.trace.lanes.enumerated().map { index, lane in
      var line = StyledLine(columns: columns)
      let name = cut(lane.name, to: nameWidth)
      line.add(name + String(repeating: " ", count: nameWidth - name.terminalColumns + 1), Theme.text)
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

  /// How it is played, then the keys, whole ones only, in as many lines as they take.
  private func hints(_ controls: PictureState.Controls) -> [String] {
    var lines: [StyledLine] = []
    var line = StyledLine(columns: columns)
    let status =
      controls.isPlayed
      ? state.frame.outcome == .running ? "your move" : "over" : "\(shortNumber(controls.speed))/s"
    line.add(status, Theme.text, isBold: true)
    for hint in controls.hints {
      if line.room < hint.keys.count + hint.meaning.count + 3 {
        lines.append(line)
        line = StyledLine(columns: columns)
        // Where a hint is wider than the terminal, help has it in full.
        guard columns >= hint.keys.count + hint.meaning.count + 3 else { continue }
      }
      line.add("  \(hint.keys) ", Theme.muted)
      line.add(hint.meaning, Theme.faint)
    }
    lines.append(line)
    return lines.map { $0.text(hasColor: hasColor) }.filter { !$0.isEmpty }
  }

  /// The keys, a row each, in as many columns as it takes in a terminal that is low.
  private func help(_ controls: PictureState.Controls) -> [String] {
    let all = controls.help
    let room = max(1, (rows ?? .max) - 2)
    var across = min(all.count, (all.count + room - 1) / room)
    while across > 1, helpColumns(all, across).reduce(0, { $0 + $1.keys + $1.meaning + 5 }) > columns { across -= 1 }
    let widths = helpColumns(all, max(1, across))
    let down = (all.count + widths.count - 1) / widths.count
    // The last line says how many there is no room for.
    let shown = down <= room ? down : max(0, room - 1)
    let lines = (0..<shown).map { row in
      var line = StyledLine(columns: columns)
      for (place, width) in widths.enumerated() where place * down + row < all.count {
        let hint = all[place * down + row]
        line.add("  " + hint.keys + String(repeating: " ", count: width.keys - hint.keys.count + 1), Theme.accent)
        line.add(hint.meaning + String(repeating: " ", count: width.meaning - hint.meaning.count + 2), Theme.text)
      }
      return line.text(hasColor: hasColor)
    }
    let hidden = all.count - widths.indices.reduce(0) { $0 + max(0, min(shown, all.count - $1 * down)) }
    return [style("Keys", .text), ""] + lines
      + (hidden > 0 ? [style("  … and \(hidden) more in a higher or wider terminal", .faint)] : [])
  }

  /// What so many columns of the help take: characters of the longest key and meaning of each.
  private func helpColumns(_ help: [HelpLine], _ across: Int) -> [(keys: Int, meaning: Int)] {
    let down = (help.count + across - 1) / across
    return stride(from: 0, to: help.count, by: down).map { start in
      let part = help[start..<min(start + down, help.count)]
      return (part.map(\.keys.count).max() ?? 0, part.map(\.meaning.count).max() ?? 0)
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
    string.terminalColumns <= limit ? string : string.prefix(terminalColumns: limit - 1) + "…"
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
  /// Columns that are left of the line.
  private(set) var room: Int

  init(columns: Int) { room = columns }

  /// Adds what fits; what would steer the terminal becomes question marks.
  mutating func add(_ text: String, _ color: Sketch.Color, isBold: Bool = false) {
    // What an environment or a file wrote must not steer the terminal.
    let visible = String(text.map { $0.unicodeScalars.contains { $0.steersTerminal || $0.value < 32 } ? "?" : $0 })
    let clean = String(visible.prefix(terminalColumns: room))
    room -= clean.terminalColumns
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
