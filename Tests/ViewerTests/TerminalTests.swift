import ReinforcementLearning
import Testing

@testable import Viewer

@Suite struct TerminalTests {
  @Test("a frame in plain text")
  func plain() throws {
    var state = try stateOfGridworld(steps: 6)
    state.controls = nil
    let lines = TerminalPicture(state: state, columns: 80, rows: nil, hasColor: false).lines()
    #expect(
      lines.joined(separator: "\n") == """
        gridworld/DoorKey-8x8  [running]
        ppo after 200000 steps  ·  seed 42  ·  episode 0
        step 6  return 0  action toggle

        ###############
        # . . . # . . #
        # . . . # . . #
        # . . > / . . #
        # . . . # . . #
        # . . . # . . #
        # . . . # . G #
        ###############

        Mission: use the key to open the door and then get to the goal
        Carrying: yellow key
        value 0.71

        environment ······                                                0  Σ 0
        novelty     █▆▅▅▄▄                                            0.163  Σ 1.456
        program     ▃▁▁▃▃█                                              0.5  Σ 0.7
        """)
  }

  @Test(
    "no line is wider or more than the terminal has, whatever its size",
    arguments: [(80, 24), (30, 12), (10, 5), (200, 60)])
  func fits(columns: Int, rows: Int) throws {
    for help in [false, true] {
      let state = try stateOfGridworld(steps: 4, help: help)
      let lines = TerminalPicture(state: state, columns: columns, rows: rows, hasColor: false).lines()
      #expect(lines.count <= rows)
      for line in lines { #expect(line.count <= columns, "'\(line)'") }
    }
  }

  @Test("colours are 24-bit and end with each line")
  func colors() throws {
    let lines = TerminalPicture(
      state: try stateOfGridworld(steps: 0), columns: 80, rows: 40, hasColor: true).lines()
    let walls = try #require(lines.first { $0.contains("####") })
    #expect(walls == "\u{1B}[22;38;2;100;100;100m###############\u{1B}[0m")
  }

  @Test("control characters in captions do not reach the terminal")
  func cleans() throws {
    var state = try stateOfGridworld(steps: 0)
    state.frame.captions = ["\u{1B}[2Jgone\u{7}"]
    let lines = TerminalPicture(state: state, columns: 80, rows: 40, hasColor: false).lines()
    #expect(lines.contains("?[2Jgone?"))
    #expect(!lines.joined().unicodeScalars.contains { $0.value == 0x1B })
  }

  @Test("a board of text is not spread")
  func doesNotSpreadText() throws {
    var state = try stateOfGridworld(steps: 0)
    state.frame.sketch = Sketch(width: 1, height: 1)
    state.frame.sketch.board = [Array("up up up up").map { Sketch.Character($0) }]
    #expect(TerminalPicture(state: state, columns: 80, rows: 40, hasColor: false).lines().contains("up up up up"))
  }
}
