import ReinforcementLearning
import Testing

@testable import Viewer

@Suite struct KeyTests {
  @Test("MiniGrid's actions lie on arrows, space, p, d and enter")
  func mapsGridworld() {
    let keys = KeyboardActions(names: ["left", "right", "forward", "pickup", "drop", "toggle", "done"])
    #expect(
      keys.bindings.map(\.key) == [
        .left, .right, .up, .character("p"), .character("d"), .character(" "), .enter,
      ])
    #expect(keys.action(for: .up) == "forward")
    #expect(keys.action(for: .down) == nil)
  }

  @Test("eight directions lie on arrows and on y, u, b, n")
  func mapsCompass() {
    let names = ["north", "east", "south", "west", "north-east", "south-east", "south-west", "north-west", "wait"]
    let keys = KeyboardActions(names: names)
    #expect(
      keys.bindings.map(\.key) == [
        .up, .right, .down, .left, .character("u"), .character("n"), .character("b"), .character("y"),
        .character("."),
      ])
  }

  @Test("other actions get a letter of their own name, and no key means two things")
  func mapsOthers() {
    let names = ["push", "pull", "spin", "spit", "puu", "a", "aa"]
    let keys = KeyboardActions(names: names)
    #expect(keys.bindings.count == 7)
    #expect(Set(keys.bindings.map(\.key)).count == 7)
    #expect(keys.bindings[0].key == .character("p") && keys.bindings[1].key == .character("u"))
    #expect(keys.bindings[4].key == .character("1") && keys.bindings[6].key == .character("2"))
  }

  @Test("the squares of a board are typed, a letter and a digit, and other actions keep clear of both")
  func typesSquares() {
    let squares = (1...6).flatMap { row in ["a", "b", "c", "d", "e", "f"].map { "\($0)\(row)" } }
    let map = KeyMap(actions: KeyboardActions(names: squares + ["pass", "fold"]))
    #expect(map.command(for: .character("c")) == .begin("c"))
    #expect(map.command(for: .character("4"), after: "c") == .perform("c4"))
    // Another letter corrects the first; a digit alone, or one that is not on the board, means nothing.
    #expect(map.command(for: .character("d"), after: "c") == .begin("d"))
    #expect(map.command(for: .character("4")) == nil && map.command(for: .character("7"), after: "c") == nil)
    #expect(map.command(for: .character("p")) == .perform("pass"))
    #expect(map.command(for: .character("o")) == .perform("fold"))
    #expect(map.help.first == HelpLine(keys: "a1…f6", meaning: "the letter, then the digit"))
    // Few such names are ordinary actions.
    #expect(KeyboardActions(names: ["a1", "a2", "b1"]).typed.isEmpty)
  }

  @Test("an environment's own keys are its actions', arrows go the four ways, and control-C leaves where escape is one")
  func ownKeys() {
    let names = ["north", "east", "south", "west", "up", "kick", "pray", "more", "escape", "quote", "seeAmulet"]
    let keys: [ActionKey] = [
      .character("k"), .character("l"), .character("j"), .character("h"), .character("<"), .control("d"), .alt("p"),
      .enter, .escape, .character("\""), .character("\""),
    ]
    let map = KeyMap(actions: KeyboardActions(names: names, keys: keys))
    for (key, action) in [
      (Key.character("h"), "west"), (.left, "west"), (.up, "north"), (.character("<"), "up"), (.control("d"), "kick"),
      (.alt("p"), "pray"), (.enter, "more"), (.escape, "escape"), (.character("\""), "quote"),
    ] {
      #expect(map.command(for: key) == .perform(action))
    }
    #expect(map.command(for: .control("c")) == .quit)
    #expect(map.command(for: .character("?")) == .toggleHelp)
    #expect(map.help.contains(HelpLine(keys: "h  ←", meaning: "west")))
    #expect(map.help.contains(HelpLine(keys: "ctrl-c", meaning: "quit")))
    #expect(map.help.contains(HelpLine(keys: "alt-p", meaning: "pray")))
    // None: keys are found by the names.
    #expect(KeyboardActions(names: names, keys: []).action(for: .character("k")) == "kick")
  }

  @Test("keys that steer the viewer are never actions")
  func keepsViewerKeys() {
    let keys = KeyboardActions(names: (0..<80).map { "action \($0)" })
    let map = KeyMap(actions: keys)
    #expect(map.command(for: .escape) == .quit)
    #expect(map.command(for: .character("?")) == .toggleHelp)
    #expect(map.command(for: .backspace) == .restart)
    #expect(map.command(for: .tab) == .nextEpisode)
  }

  @Test("terminal bytes become keys, and an incomplete one waits for its rest")
  func decodes() {
    #expect(TerminalScreen.decode([0x1B, 0x5B, 0x41, 0x71]).keys == [.up, .character("q")])
    #expect(TerminalScreen.decode([0x1B, 0x4F, 0x43, 0x1B, 0x5B, 0x44]).keys == [.right, .left])
    #expect(TerminalScreen.decode([0x1B, 0x5B, 0x31, 0x31, 0x7E]).keys == [.help])
    #expect(TerminalScreen.decode([0x1B, 0x5B, 0x31, 0x3B, 0x35, 0x43]).keys == [.right])
    #expect(TerminalScreen.decode(Array("é ".utf8)).keys == [.character("é"), .character(" ")])
    let cut = TerminalScreen.decode([0x20, 0x1B, 0x5B])
    #expect(cut.keys == [.character(" ")] && cut.rest == [0x1B, 0x5B])
    #expect(TerminalScreen.decode([0x0D, 0x09, 0x7F, 0x00]).keys == [.enter, .tab, .backspace])
    #expect(TerminalScreen.decode([0x04, 0x1B, 0x65, 0x1B, 0x1B, 0x5B, 0x41]).keys == [.control("d"), .alt("e"), .escape, .up])
  }
}
