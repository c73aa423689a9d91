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
  }
}
