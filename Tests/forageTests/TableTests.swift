import Experiments
import Groundwork
import Testing

@testable import forage

/// Tables on terminals of any width.
@Suite struct TableTests {
  private let table = Table(
    columns: [
      .init(title: "id"), .init(title: "runs", isRight: true), .init(title: "bytes", isRight: true, rank: 1),
      .init(title: "what it is", wraps: true),
    ],
    rows: [
      ["gridworld/DoorKey-8x8", "12", "4096", "two rooms with a locked door between: take the key, open the door"],
      ["control/CartPole", "3", "64", "a pole on a cart"],
    ])

  @Test("what a comparison waits for is one line, which the terminal breaks, so that its command is copied whole")
  func standing() {
    let command = "seed 1 waits: `forage label runs/liked/runs/gridworld-DoorKey-8x8~preferences~1 --terminal`"
    for columns in [20, command.count - 1, command.count, command.count + 1, 200] {
      let (text, lines) = ComparisonProgress.standing([command], columns: columns)
      #expect(text.hasPrefix(command) && !text.contains("\n") && text.dropFirst(command.count).allSatisfy { $0 == " " })
      // No line is full to its end: whether the next has begun then is the terminal's to say.
      #expect(!text.count.isMultiple(of: columns) && lines == text.count / columns + 1, "\(columns)")
    }
    let several = ComparisonProgress.standing([command, "other"], columns: 80)
    #expect(several.text == "2 runs wait for somebody; the first: \(command)" && several.lines == 2)
    let none = ComparisonProgress.standing([], columns: 80)
    #expect(none.text.isEmpty && none.lines == 0)
  }

  @Test("of a comparison's table only lines that changed are drawn again, so that what is marked stays marked")
  func redrawn() {
    typealias Line = ComparisonProgress.ScreenLine
    let old = [Line(text: "a"), Line(text: "1s so far"), Line(text: "`forage label x`", rows: 2)]
    var new = old
    new[1].text = "2s so far"
    func change(_ old: [Line], _ new: [Line], isAnew: Bool = false) -> String {
      ComparisonProgress.change(from: old, to: new, isAnew: isAnew)
    }
    #expect(change(old, new) == "\u{1b}[4A\r\n\r2s so far\u{1b}[K\n\r\n\n\u{1b}[J")
    let whole = "\ra\u{1b}[K\n\r1s so far\u{1b}[K\n\r\u{1b}[J`forage label x`\n\u{1b}[J"
    #expect(change([], old) == whole)
    // In a terminal of another size nothing is where it was; nor is what stands below a line that came or went.
    #expect(change(old, old, isAnew: true) == "\u{1b}[4A" + whole)
    #expect(change([old[0]] + old, old).hasSuffix("\r\u{1b}[J`forage label x`\n\u{1b}[J"))
    #expect(change(old, [old[0], old[1]]) == "\u{1b}[4A\r\n\r\n\u{1b}[J")
  }

  @Test("on a narrow terminal a comparison says whom it waits for rather than what its runs have come to")
  func awaited() {
    let rows = [
      ["control/CartPole", "", "", "", ""],
      ["  preferences(tea…e)", "0/2", "512 of 8.00k", "return 21.33", "waits for answers"],
    ]
    let awaited = Table(columns: ComparisonProgress.columns(isSomebodyAwaited: true), rows: rows).text(width: 49)
    #expect(awaited.contains("waits for answers") && awaited.contains("0/2") && !awaited.contains("21.33"))
    let others = Table(columns: ComparisonProgress.columns(isSomebodyAwaited: false), rows: rows).text(width: 49)
    #expect(others.contains("21.33") && !others.contains("waits for answers"))
    for line in (awaited + "\n" + others).split(separator: "\n") { #expect(line.count <= 49, "\(line)") }
  }

  @Test("signs of two columns count as two: in the lines of what is waited for, in tables, and in what is cut")
  func wide() {
    // 4 and 3 signs of two columns in a row of 9, the first of which they do not fill.
    let (text, lines) = ComparisonProgress.standing(["日本語日本語日"], columns: 9)
    #expect(text == "日本語日本語日" && lines == 2)
    #expect(ComparisonProgress.standing(["日本語日本"], columns: 5).lines == 3)
    #expect(ComparisonProgress.standing(["日本語日"], columns: 4) == ("日本語日 ", 3))
    let table = Table(columns: [.init(), .init(isRight: true)], rows: [["日本", "1"], ["ascii", "12"]])
    #expect(table.text(width: nil) == "日本    1\nascii  12")
    #expect(Format.table([["日本", "a"], ["ascii", "b"]]) == "日本   a\nascii  b")
    #expect(Format.shortened("日本語のとても長い", to: 9) == "日本…長い")
    #expect(Format.wrapped("日本語 日本語 a", columns: 10) == "日本語\n日本語 a")
    #expect(Format.fitted(["日本語", "日本語"], ranks: [0, 1], to: 10) == "日本語")
    #expect(RunProgress.wrapped("日本語 日本語", columns: 12) == (["日本語", "日本語"], 2))
  }

  @Test("what a run waits for is wrapped on a narrow terminal, and its command is whole in a line of its own")
  func waiting() {
    let (words, command) = ("waiting for answers to 4 questions", "`forage label runs/asked-by-somebody`")
    #expect(RunProgress.wrapped("\(words): \(command)", columns: 80) == (["\(words): \(command)"], 1))
    #expect(RunProgress.wrapped("\(words): \(command)", columns: 40) == ([words + ":", command], 2))
    let narrow = RunProgress.wrapped("\(words): \(command)", columns: 20)
    #expect(narrow.lines == ["waiting for answers", "to 4 questions:", command] && narrow.rows == 2 + 2)
    // What is as wide as the terminal would stand in the next row, too.
    let plain = RunProgress.wrapped("evaluating 100 episodes ...", columns: 27)
    #expect(plain.lines == ["evaluating 100 episodes", "..."] && plain.rows == 2)
    #expect(RunProgress.wrapped("", columns: 80) == ([""], 1))
  }

  @Test("a line about a command ends between words, and before or behind the command, not inside it")
  func commands() {
    func wrapped(_ text: String, _ columns: Int) -> [String] {
      Format.wrapped(text, columns: columns, indent: 2, keepsCommands: true).split(separator: "\n").map(String.init)
    }
    let (words, resume) = ("stopped, everything so far is saved; go on with", "`forage compare --resume 'runs/a  b'`")
    let text = "\(words) \(resume), or look at what is finished with `forage report 'runs/a  b'`"
    #expect(
      wrapped(text, 50) == [
        words, "  \(resume), or look", "  at what is finished with", "  `forage report 'runs/a  b'`",
      ])
    // What is wider than the terminal has a line of its own, which the terminal breaks.
    #expect(wrapped("\(words) \(resume)", 30).last == "  " + resume)
    #expect(wrapped(text, 200) == [text])
    #expect(wrapped("a word ` more", 8) == ["a word `", "  more"])
  }

  @Test("without a width a row is a line and nothing is left out")
  func whole() {
    #expect(
      table.text(width: nil) == """
        id                     runs  bytes  what it is
        gridworld/DoorKey-8x8    12   4096  two rooms with a locked door between: take the key, open the door
        control/CartPole          3     64  a pole on a cart
        """)
  }

  @Test("texts are wrapped between words, in their column")
  func wraps() {
    #expect(
      table.text(width: 80) == """
        id                     runs  bytes  what it is
        gridworld/DoorKey-8x8    12   4096  two rooms with a locked door between: take
                                            the key, open the door
        control/CartPole          3     64  a pole on a cart
        """)
  }

  @Test("columns are left out by their rank, and at last the text stands below")
  func drops() {
    let narrow = table.text(width: 54)
    #expect(!narrow.contains("bytes"))
    #expect(narrow.contains("what it is"))
    #expect(
      table.text(width: 34) == """
        id                     runs
            what it is
        gridworld/DoorKey-8x8    12
            two rooms with a locked door
            between: take the key, open
            the door
        control/CartPole          3
            a pole on a cart
        """)
  }

  @Test("no line is too wide and no word is broken", arguments: [30, 40, 60, 80, 100, 200])
  func fits(width: Int) {
    let text = table.text(width: width)
    for line in text.split(separator: "\n") { #expect(line.count <= width, "'\(line)'") }
    let words = Set(text.split { $0 == " " || $0 == "\n" })
    for word in table.rows.flatMap({ $0[0].split(separator: " ") + $0[3].split(separator: " ") }) {
      #expect(words.contains(word), "\(word)")
    }
  }

  @Test("of a line's parts the least important go first, whole ones")
  func parts() {
    let parts = ["[####] 50 %", "12k steps/s", "return 3.2", "4m left", "evaluation: return 3"]
    let ranks = [0, 4, 2, 1, 3]
    #expect(Format.fitted(parts, ranks: ranks, to: 200) == parts.joined(separator: "  "))
    #expect(Format.fitted(parts, ranks: ranks, to: 60) == "[####] 50 %  return 3.2  4m left  evaluation: return 3")
    #expect(Format.fitted(parts, ranks: ranks, to: 40) == "[####] 50 %  return 3.2  4m left")
    #expect(Format.fitted(parts, ranks: ranks, to: 12) == "[####] 50 %")
  }

  @Test("an error of a claim names its directory as it was typed")
  func claimPaths() {
    let error = UserError(
      "'/home/me/runs/claims/x/seeds/1/run.json' is damaged", fix: "Remove /home/me/runs/claims/x/seeds/1")
    let status = ReproduceCommand.named(.failed(error), "/home/me/runs/claims/x", as: "runs/claims/x")
    guard case .failed(let named) = status else {
      Issue.record("the status is another one")
      return
    }
    #expect(named.description == "'runs/claims/x/seeds/1/run.json' is damaged. Remove runs/claims/x/seeds/1")
  }
}
