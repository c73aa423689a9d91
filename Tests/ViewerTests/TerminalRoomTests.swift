import ReinforcementLearning
import Testing

@testable import Viewer

/// A small terminal shows what matters: where the agent is, the mission, the keys.
@Suite struct TerminalRoomTests {
  /// A world of 40 by 40 with the agent at a place, a long mission and the keys of a person who watches.
  private func state(row: Int, column: Int, side: Int = 40) throws -> PictureState {
    var state = try stateOfGridworld(steps: 3)
    var sketch = Sketch(width: Float(side), height: Float(side))
    sketch.board = (0..<side).map { y in
      (0..<side).map { x in Sketch.Character(x == column && y == row ? ">" : "#") }
    }
    sketch.focus = Sketch.Point(Float(column) + 0.5, Float(row) + 0.5)
    sketch.captions = [
      "mission: pick up the grey box behind you, then go to the purple ball and put the red key next to the green door "
        + "after you open the blue door on your left"
    ]
    state.frame.sketch = sketch
    return state
  }

  private func lines(_ state: PictureState, columns: Int = 80, rows: Int = 24) -> [String] {
    TerminalPicture(state: state, columns: columns, rows: rows, hasColor: false).lines()
  }

  @Test("the agent is in sight wherever it is", arguments: [(0, 0), (39, 39), (20, 20), (0, 39), (39, 0), (31, 7)])
  func follows(row: Int, column: Int) throws {
    for (columns, rows) in [(80, 24), (60, 24), (40, 16), (200, 60)] {
      let lines = lines(try state(row: row, column: column), columns: columns, rows: rows)
      #expect(lines.contains { $0.contains(">") }, "\(columns) x \(rows)")
      #expect(lines.count <= rows)
      #expect(lines.allSatisfy { $0.count <= columns })
    }
  }

  @Test("what is left out of the board is said above and below")
  func hidden() throws {
    let lines = lines(try state(row: 20, column: 20))
    #expect(lines.contains { $0.contains("↑") && $0.contains("more row") })
    #expect(lines.contains { $0.contains("↓") && $0.contains("more row") })
    let whole = self.lines(try state(row: 2, column: 2, side: 8))
    #expect(!whole.contains { $0.contains("more row") })
    #expect(whole.filter { $0.hasPrefix("##") }.count == 8)
  }

  @Test("rows that always stay, a message and numbers, are shown beside the part around the focus", arguments: [0, 12, 23])
  func pinned(row: Int) throws {
    var state = try state(row: row, column: 20, side: 24)
    // Wide, so that it is not spread, with blanks up to the terminal's edge.
    state.frame.sketch.width = 80
    state.frame.sketch.board = (0..<24).map { y in
      if y == 0 { return "a message".map { Sketch.Character($0) } }
      if y >= 22 { return "numbers \(y)".map { Sketch.Character($0) } }
      return (0..<80).map { Sketch.Character($0 == 20 && y == row ? ">" : $0 < 30 ? "#" : " ") }
    }
    (state.frame.sketch.headRows, state.frame.sketch.footRows) = (1, 2)
    let shown = lines(state)
    #expect(shown.count <= 24)
    for text in ["a message", "numbers 22", "numbers 23"] { #expect(shown.contains { $0.hasPrefix(text) }, "\(text)") }
    if row == 12 { #expect(shown.contains { $0.contains(">") }) }
    #expect(shown.count { $0.contains("more row") } == (row == 12 ? 2 : 1))
  }

  @Test("a page, such as a menu, is shown whole before what stands around it")
  func page() throws {
    var state = try state(row: 0, column: 0, side: 24)
    state.frame.sketch.width = 80
    state.frame.sketch.board = (0..<24).map { y in "line \(y)".map { Sketch.Character($0) } }
    state.frame.sketch.isPage = true
    #expect(lines(state) == (0..<24).map { "line \($0)" })
    let high = lines(state, rows: 30)
    #expect(high.count <= 30 && (0..<24).allSatisfy { high.contains("line \($0)") })
    #expect(high.count > 24)
    // Where even that has no room, it says so.
    #expect(lines(state, rows: 12).contains { $0.contains("more row") })
  }

  @Test("a mission is wrapped between words, all of it")
  func mission() throws {
    let shown = lines(try state(row: 5, column: 5))
    let mission = try state(row: 5, column: 5).captions[0]
    let start = try #require(shown.firstIndex { $0.hasPrefix("mission:") })
    let joined = shown[start...].map { $0.drop { $0 == " " } }.joined(separator: " ")
    #expect(joined.hasPrefix(mission))
  }

  @Test("keys are whole, and go on in a further line where one is too short", arguments: [80, 60, 40, 30])
  func keys(columns: Int) throws {
    let state = try state(row: 5, column: 5)
    let shown = lines(state, columns: columns).joined(separator: " ")
    for hint in state.controls!.hints { #expect(shown.contains("\(hint.keys) \(hint.meaning)"), "\(hint.keys)") }
  }

  @Test("a long name of who acts gives way to the seed and the episode, which can be typed again")
  func seeds() throws {
    var state = try state(row: 5, column: 5)
    state.subtitle = String(repeating: "ppo, environment+0.01*count, ", count: 5)
    #expect(lines(state).contains { $0.hasSuffix("seed 42  ·  episode 0") })
    #expect(lines(state, columns: 30).contains { $0.contains("seed 42  ·  episode 0") })
  }

  @Test("all keys of the help are there in several columns where the terminal is low")
  func help() throws {
    var control = try PlaybackControl(
      EpisodePlayback(SmallGridworld(isPlayed: true)),
      options: WatchOptions(keyboard: KeyboardActions(names: (0..<30).map { "act\($0)" })))
    _ = try control.press(.help)
    let shown = lines(control.state)
    #expect(shown.count <= 24)
    for hint in control.state.controls!.help { #expect(shown.contains { $0.contains(hint.meaning) }, "\(hint.meaning)") }
  }

  @Test("keys that have no room in the help are counted")
  func longHelp() throws {
    let control = try PlaybackControl(
      EpisodePlayback(SmallGridworld(isPlayed: true)),
      options: WatchOptions(
        keyboard: KeyboardActions(
          names: (0..<200).map { "action\($0)" },
          keys: (0..<200).map { .character(Character(Unicode.Scalar(0x4E00 + $0)!)) })))
    var helped = control
    _ = try helped.press(.help)
    let shown = lines(helped.state)
    #expect(shown.count == 24)
    let named = shown.reduce(0) { $0 + $1.split(separator: " ").count { $0.hasPrefix("action") } }
    #expect(shown.last == "  … and \(200 - named) more in a higher or wider terminal")
    #expect(shown.contains { $0.contains("quit") })
  }

  @Test("a board without a focus is followed by its single @")
  func at() throws {
    var state = try state(row: 5, column: 5)
    var sketch = Sketch(width: 80, height: 80)
    sketch.board = (0..<80).map { y in (0..<100).map { Sketch.Character($0 == 90 && y == 70 ? "@" : ".") } }
    state.frame.sketch = sketch
    #expect(lines(state).contains { $0.contains("@") })
    sketch.board[0][0] = Sketch.Character("@")
    #expect(sketch.focusOnBoard == nil)
  }

  @Test("one word says how an episode stands: paused where time stands, running where it does not")
  func badges() throws {
    var options = WatchOptions()
    options.startsPaused = true
    var control = try PlaybackControl(EpisodePlayback(SmallGridworld()), options: options)
    #expect(control.state.badge.text == "paused")
    _ = try control.press(.character(" "))
    #expect(control.state.badge.text == "running")
    let played = try PlaybackControl(
      EpisodePlayback(SmallGridworld(isPlayed: true)), options: WatchOptions(keyboard: KeyboardActions(names: ["go"])))
    #expect(played.state.badge.text == "running")
    _ = try control.press(.character(" "))
    for columns in [30, 80] {
      let text = lines(control.state, columns: columns).joined(separator: "\n")
      #expect(text.contains("[paused]"))
      #expect(!text.contains("running"))
    }
  }
}
