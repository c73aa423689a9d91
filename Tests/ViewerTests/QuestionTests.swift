import Drawing
import ReinforcementLearning
import Testing

@testable import Viewer

/// Questions about clips of the small gridworld, kept in memory: what a person is shown and what the keys do.
private final class Desk {
  var open: [Int]
  var answers: [(number: Int, answer: ClipAnswer)] = []
  let asked: Int
  /// Questions that somebody else answers before this person does.
  var taken: Set<Int> = []
  var kept = 0
  /// Levels of ratings; nil where clips are compared.
  var levels: Int?
  var remarks: [String] = []
  /// What is asked, where it is not the usual.
  var prompt: String?
  /// Answers that are wanted in all.
  var wanted: Int?

  init(questions: Int) {
    open = Array(0..<questions)
    asked = questions
  }
}

private struct DeskSource: QuestionSource {
  let desk: Desk
  let person = "Ada"

  static func clip(_ first: Int, _ count: Int) throws -> [PlaybackFrame] {
    var world = SmallGridworld()
    var frames = [try world.start(episode: 0)!]
    for _ in 0..<first + count { frames.append(try world.step(nil)!) }
    return Array(frames[first...])
  }

  func next() throws -> ClipQuestion? {
    guard let number = desk.open.first else { return nil }
    if let levels = desk.levels {
      return ClipQuestion(
        number: number, prompt: desk.prompt ?? "How good is the clip in speed, from 1 to \(levels)?",
        title: "gridworld/DoorKey-8x8", clip: try Self.clip(0, 6), levels: levels)
    }
    return ClipQuestion(
      number: number, prompt: "Which clip is better?", title: "gridworld/DoorKey-8x8", left: try Self.clip(0, 6),
      right: try Self.clip(4, 9))
  }
  func keep(_ question: ClipQuestion) -> Bool {
    desk.kept += 1
    guard desk.taken.contains(question.number) else { return true }
    desk.open.removeAll { $0 == question.number }
    return false
  }
  func answer(_ answer: ClipAnswer, to question: ClipQuestion) -> String? {
    desk.open.removeAll { $0 == question.number }
    if desk.taken.contains(question.number) { return "question \(question.number) has been answered" }
    desk.answers.append((question.number, answer))
    return nil
  }
  func undo() -> String? {
    guard let last = desk.answers.popLast() else { return "there is no answer of yours to take back" }
    desk.open.insert(last.number, at: 0)
    return nil
  }
  func takeRemarks() -> [String] {
    defer { desk.remarks = [] }
    return desk.remarks
  }
  func progress() -> AnswerProgress {
    AnswerProgress(
      mine: desk.answers.count, answered: desk.asked - desk.open.count, asked: desk.asked,
      skipped: desk.answers.count { $0.answer == .skip }, wanted: desk.wanted)
  }
}

@Suite struct QuestionTests {
  private func control(_ desk: Desk) throws -> QuestionControl<DeskSource> {
    var control = try QuestionControl(DeskSource(desk: desk), speed: 10)
    _ = try control.advance(seconds: 0.3)
    return control
  }

  @Test("left, right, equal and skip answer the question that is shown, and undo takes the last answer back")
  func keys() throws {
    let desk = Desk(questions: 4)
    var control = try control(desk)
    for key in [Key.left, .right, .down, .character("s")] {
      #expect(try control.press(key))
      _ = try control.advance(seconds: 0.3)
    }
    #expect(desk.answers.map(\.answer) == [.left, .right, .equal, .skip] && desk.answers.map(\.number) == [0, 1, 2, 3])
    #expect(control.question == nil)
    #expect(QuestionState(control).prompt == "Everything that was asked is answered.")
    #expect(try !control.press(.left), "nothing is shown, so there is nothing to answer")
    #expect(try control.press(.character("u")))
    #expect(desk.answers.count == 3 && control.question?.number == 3 && control.message.hasPrefix("taken back"))
    _ = try control.advance(seconds: 0.3)
    _ = try control.press(.right)
    #expect(desk.answers.last?.answer == .right)
    for _ in 0..<5 { _ = try control.press(.backspace) }
    #expect(desk.answers.isEmpty && control.message == "there is no answer of yours to take back")
  }

  @Test("a key that is struck twice does not answer the question that follows unseen")
  func haste() throws {
    let desk = Desk(questions: 3)
    var control = try control(desk)
    _ = try control.press(.left)
    #expect(try !control.press(.left) && !control.press(.right))
    _ = try control.advance(seconds: 0.2)
    #expect(try !control.press(.left))
    #expect(desk.answers.count == 1)
    _ = try control.advance(seconds: 0.1)
    #expect(try control.press(.left))
    #expect(desk.answers.count == 2)
  }

  /// A control in a terminal, and how many are answered once keys have come at some times, in seconds.
  private func answersInTerminal(_ desk: Desk, _ keys: [(Double, Key)], until end: Double) throws -> Int {
    _ = try controlInTerminal(desk, keys, until: end)
    return desk.answers.count
  }

  /// The same, as it is then.
  private func controlInTerminal(
    _ desk: Desk, _ keys: [(Double, Key)], until end: Double
  ) throws -> QuestionControl<DeskSource> {
    var control = try QuestionControl(DeskSource(desk: desk), speed: 10, keysRepeat: true)
    _ = try control.advance(seconds: 1)
    var keys = keys[...]
    // As the terminal does: what came is taken, then time passes.
    for tick in 0..<Int(end / 0.016) {
      while let next = keys.first, next.0 <= Double(tick) * 0.016 { _ = try control.press(keys.removeFirst().1) }
      _ = try control.advance(seconds: 0.016)
    }
    return control
  }

  @Test(
    "a key that is held down in a terminal answers one question, however soon and fast it repeats",
    arguments: [0.2, 0.26, 0.4, 0.5, 0.66], [0.02, 0.033, 0.092])
  func held(delay: Double, interval: Double) throws {
    let times = [0] + Array(stride(from: delay, to: 3, by: interval))
    #expect(try answersInTerminal(Desk(questions: 20), times.map { ($0, .left) }, until: 4) == 1)
    // The last answers are not taken back one after the other either.
    let desk = Desk(questions: 4)
    let given: [(Double, Key)] = [(0, .left), (0.5, .right), (1, .down)]
    let undone: [(Double, Key)] = times.map { ($0 + 2, .character("u")) }
    #expect(try answersInTerminal(desk, given + undone, until: 6) == 2)
  }

  @Test("the same key, let go each time, answers one question after the other, another key at once")
  func struck() throws {
    for pause in [0.25, 0.27, 0.3, 0.36, 0.43, 0.5, 0.7, 2] {
      let times = (0..<10).map { Double($0) * pause }
      #expect(try answersInTerminal(Desk(questions: 20), times.map { ($0, .left) }, until: 20) == 10, "\(pause) s")
      // Ratings have their digits, and answers are taken back as quickly.
      let rated = Desk(questions: 20)
      rated.levels = 4
      #expect(try answersInTerminal(rated, times.map { ($0, .character("3")) }, until: 20) == 10, "\(pause) s")
      let undone: [(Double, Key)] = times.map { ($0, .left) }
      let undoing: [(Double, Key)] = times.map { ($0 + 20, .character("u")) }
      #expect(try answersInTerminal(Desk(questions: 20), undone + undoing, until: 40) == 0, "\(pause) s")
    }
    // A key between them shows that the other was let go.
    let paused: [(Double, Key)] = (0..<8).map { (Double($0) * 0.2, $0.isMultiple(of: 2) ? .left : .character(" ")) }
    #expect(try answersInTerminal(Desk(questions: 20), paused, until: 1.45) == 4)
    let other: [(Double, Key)] = [(0, .left), (0.3, .right), (0.6, .left), (0.9, .right)]
    #expect(try answersInTerminal(Desk(questions: 20), other, until: 0.95) == 4)
    // Who leaves at once has answered.
    let left: [(Double, Key)] = [(0, .left), (0.5, .left), (0.55, .character("q"))]
    #expect(try answersInTerminal(Desk(questions: 20), left, until: 0.6) == 2)
  }

  /// How many are answered while the clips stand and time is looked at ten times a second; keys wake the loop between.
  private func answersWhilePaused(_ desk: Desk, _ keys: [(Double, Key)], keysRepeat: Bool) throws -> Int {
    var control = try QuestionControl(DeskSource(desk: desk), speed: 10, keysRepeat: keysRepeat)
    _ = try control.advance(seconds: 1)
    _ = try control.press(.character(" "))
    var keys = keys[...]
    var (now, last) = (0.0, 0.0)
    let end = (keys.last?.0 ?? 0) + 1
    while now < end {
      let due = min(now + (control.needsTime ? 0.016 : 0.1), max(now, keys.first?.0 ?? end))
      let waited = due - now
      now = due
      var come: [Key] = []
      while let next = keys.first, next.0 <= now { come.append(keys.removeFirst().1) }
      let time = now
      _ = try control.take(come, waited: waited, since: &last) { time }
    }
    return desk.answers.count
  }

  @Test("while the clips stand a key that was let go counts as soon as when they move, and one that is held once")
  func pausedKeys() throws {
    for pause in [0.23, 0.25, 0.28, 0.3, 0.36] {
      let struck: [(Double, Key)] = (0..<10).map { (0.05 + Double($0) * pause, .left) }
      #expect(try answersWhilePaused(Desk(questions: 20), struck, keysRepeat: false) == 10, "\(pause) s")
      let other: [(Double, Key)] = struck.enumerated().map { ($1.0, $0.isMultiple(of: 2) ? .left : .right) }
      #expect(try answersWhilePaused(Desk(questions: 20), other, keysRepeat: true) == 10, "\(pause) s")
      guard pause >= 0.25 else { continue }
      #expect(try answersWhilePaused(Desk(questions: 20), struck, keysRepeat: true) == 10, "\(pause) s")
    }
    for delay in [0.2, 0.26, 0.4, 0.66] {
      for interval in [0.02, 0.033, 0.092] {
        let times = [0] + Array(stride(from: delay, to: 3, by: interval))
        let held: [(Double, Key)] = times.map { (0.05 + $0, .left) }
        #expect(try answersWhilePaused(Desk(questions: 20), held, keysRepeat: true) == 1, "\(delay), \(interval)")
      }
    }
    // One that is struck twice at once answers for no question that was not seen.
    let twice: [(Double, Key)] = [(0.09, .left), (0.15, .left)]
    #expect(try answersWhilePaused(Desk(questions: 20), twice, keysRepeat: false) == 1)
  }

  @Test("another key settles what is in doubt before it does its own, and undo takes back what is in doubt alone")
  func doubt() throws {
    let doubtful: [(Double, Key)] = [(0, .left), (0.5, .left)]
    let taken = Desk(questions: 20)
    let undo: (Double, Key) = (0.55, .character("u"))
    let control = try controlInTerminal(taken, doubtful + [undo], until: 1)
    #expect(taken.answers.map(\.number) == [0] && control.question?.number == 1)
    #expect(control.message.hasPrefix("taken back"))
    // Later it has been given, and is taken back as every answer is.
    #expect(try answersInTerminal(taken, [(0, .left), (0.5, .left), (0.8, .character("u"))], until: 1) == 2)
    // Who goes on has answered; the question that follows was not seen yet, or was.
    let cases: [(Double, [ClipAnswer])] = [(0.55, [.left, .left]), (0.78, [.left, .left, .right])]
    for (time, answers) in cases {
      let desk = Desk(questions: 20)
      let other: (Double, Key) = (time, .right)
      _ = try answersInTerminal(desk, doubtful + [other], until: 1)
      #expect(desk.answers.map(\.answer) == answers && desk.answers.map(\.number) == Array(0..<answers.count))
    }
    // An answer that is taken back is, before the question that then comes is answered.
    let back = Desk(questions: 20)
    let keys: [(Double, Key)] = [
      (0, .left), (0.5, .right), (1, .down), (1.5, .character("u")), (2, .character("u")), (2.05, .left),
    ]
    #expect(try answersInTerminal(back, keys, until: 3) == 1)
  }

  @Test("a key that is held down while nothing is asked does not answer what is asked then")
  func heldMeanwhile() throws {
    let desk = Desk(questions: 1)
    var control = try QuestionControl(DeskSource(desk: desk), speed: 10, keysRepeat: true)
    _ = try control.advance(seconds: 1)
    for tick in 0..<120 {
      _ = try control.press(.left)
      if tick == 10 { desk.open.append(1) }
      _ = try control.advance(seconds: 0.033)
    }
    #expect(desk.answers.count == 1 && control.question?.number == 1)
  }

  @Test("keys that came while the next clips were made answer nothing, be it one or many")
  func stalled() throws {
    for count in [1, 2, 30] {
      let desk = Desk(questions: 20)
      var control = try QuestionControl(DeskSource(desk: desk), speed: 10, keysRepeat: true)
      _ = try control.advance(seconds: 1)
      _ = try control.press(.left)
      _ = try control.advance(seconds: 0.016)
      for _ in 0..<count { _ = try control.press(.left) }
      _ = try control.advance(seconds: 2)
      _ = try control.advance(seconds: 0.016)
      #expect(desk.answers.count == 1)
    }
  }

  @Test("a question that somebody else answers meanwhile is said and counted once")
  func others() throws {
    let desk = Desk(questions: 3)
    var control = try control(desk)
    desk.taken = [0]
    _ = try control.press(.left)
    #expect(desk.answers.isEmpty && control.message == "question 0 has been answered" && control.question?.number == 1)
    desk.taken.insert(1)
    #expect(try control.advance(seconds: 31))
    #expect(desk.kept == 1 && control.question?.number == 2)
  }

  @Test("the clips move together, stand at their ends and begin again; keys pause and step them")
  func playing() throws {
    let desk = Desk(questions: 1)
    var control = try QuestionControl(DeskSource(desk: desk), speed: 10)
    #expect(control.length == 9)
    _ = try control.advance(seconds: 0.65)
    #expect(control.step == 6)
    let state = QuestionState(control)
    // The left one has six steps and stands there.
    _ = try control.advance(seconds: 0.25)
    #expect(state.sides[0].step == 6 && state.sides[1].step == 6 && QuestionState(control).sides[0].step == 6)
    #expect(control.step == 9)
    _ = try control.advance(seconds: 0.5)
    #expect(control.step == 9)
    _ = try control.advance(seconds: 0.5)
    #expect(control.step == 0)
    _ = try control.press(.character("."))
    _ = try control.advance(seconds: 5)
    #expect(control.step == 1 && !control.isPlaying)
    _ = try control.press(.character(","))
    #expect(control.step == 0)
  }

  @Test(
    "no line of the terminal is wider or more than it has, and both boards are in it where there is room",
    arguments: [(80, 24), (30, 12), (10, 5), (200, 60)])
  func terminal(columns: Int, rows: Int) throws {
    let desk = Desk(questions: 2)
    var control = try control(desk)
    for help in [false, true] {
      if help { _ = try control.press(.character("h")) }
      let lines = QuestionText(state: QuestionState(control), columns: columns, rows: rows, hasColor: false).lines()
      #expect(lines.count <= rows)
      for line in lines { #expect(line.count <= columns, "'\(line)'") }
    }
  }

  @Test("in few lines the clips are seen before what is said about them, and where they are not that is said")
  func fewLines() throws {
    let desk = Desk(questions: 2)
    var control = try control(desk)
    func lines(_ columns: Int, _ rows: Int) -> [String] {
      QuestionText(state: QuestionState(control), columns: columns, rows: rows, hasColor: false).lines()
    }
    let small = lines(40, 12)
    #expect(small.count <= 12 && small.allSatisfy { $0.count <= 40 })
    // Of eight rows of the room six or more, by its left wall, and how to see all keys.
    #expect(small.count { $0.hasPrefix("#") } >= 6, "\(small)")
    #expect(small.contains { $0.contains("h help") } && !small.contains { $0.contains("Mission") }, "\(small)")
    // Captions stay where they fit.
    #expect(lines(80, 24).contains { $0.contains("Mission") } && lines(80, 14).contains { $0.contains("Mission") })
    for rows in [6, 8, 12] {
      #expect(lines(40, rows).contains { $0 == "too small for the clips: 13 lines" }, "\(lines(40, rows))")
    }
    #expect(!lines(40, 13).contains { $0.contains("too small") || $0.contains("more row") }, "\(lines(40, 13))")
    #expect(lines(40, 13).count { $0.hasPrefix("#") } == 8)
    // What a key came to is more, and both are said where they have room.
    _ = try control.press(.left)
    #expect(lines(40, 6).contains { $0.contains("question 0: left is better") })
    #expect(lines(80, 6).contains { $0.hasSuffix("better  ·  too small for the clips: 13 lines or more") })
  }

  @Test("in few lines the rows of the clips are left out that are empty in both, above and below, before all others")
  func emptyRows() throws {
    func board(_ rows: [Int: String]) -> [[Sketch.Character]] {
      (0..<14).map { row in (rows[row] ?? "").padded(to: 18).map { Sketch.Character($0) } }
    }
    let pole = board([7: "        |", 8: "       ===", 9: "~~~~~~~~~~~~~~~~~~"])
    let tilted = board([6: "         /", 8: "       ===", 9: "~~~~~~~~~~~~~~~~~~"])
    var control = try control(Desk(questions: 1))
    #expect(control.boardSpan == 0..<8, "every row of the room has something on it")
    _ = try control.press(.character(" "))
    var state = QuestionState(control)
    for (side, board) in [pole, tilted].enumerated() {
      state.sides[side].frame.sketch.board = board
      state.sides[side].frame.sketch.focus = nil
    }
    // At no step is anything above or below, whatever there is at this one.
    state.boardSpan = BoardText.span(of: state.sides.map(\.frame.sketch))
    #expect(state.boardSpan == 6..<10)
    #expect(BoardText.span(of: [] as [Sketch]) == nil)
    func lines(_ columns: Int, _ rows: Int) -> [String] {
      QuestionText(state: state, columns: columns, rows: rows, hasColor: false).lines()
    }
    for (columns, rows) in [(40, 12), (40, 9), (60, 9)] {
      let shown = lines(columns, rows)
      #expect(shown.count <= rows)
      #expect(!shown.contains { $0.contains("too small") || $0.contains("more row") }, "\(shown)")
      let top = try #require(shown.firstIndex { $0.contains("/") && $0.contains("│") }, "\(shown)")
      #expect(shown[top - 1].contains("← left") && shown[top + 1].contains("|"), "\(shown)")
      #expect(shown[top + 3].hasPrefix("~~~"), "\(shown)")
    }
    #expect(lines(60, 8).contains("too small for the clips: 9 lines or more"), "\(lines(60, 8))")
    // Where the whole boards have room they are shown as they are.
    #expect(lines(80, 30).count { $0.contains("│") } >= 15)
  }

  @Test("two clips in plain text")
  func text() throws {
    let desk = Desk(questions: 2)
    var control = try control(desk)
    _ = try control.press(.character(" "))
    let lines = QuestionText(state: QuestionState(control), columns: 80, rows: 24, hasColor: false).lines()
    #expect(
      lines.joined(separator: "\n") == """
        Which clip is better?                                            0 of 2 answered
        gridworld/DoorKey-8x8  ·  question 0  ·  Ada
        ← left  step 3 of 6                    │ → right  step 3 of 9
        ###############                        │ ###############
        # . . . # . . #                        │ # . . . # . . #
        # . . . # . . #                        │ # . . . # . . #
        # > . . + . . #                        │ # . . . > . . #
        # . . . # . . #                        │ # . . . # . . #
        # . . . # . . #                        │ # . . . # . . #
        # . . . # . G #                        │ # . . . # . G #
        ###############                        │ ###############
        Mission: use the key to open the door  │ Mission: use the key to open the door
        and then get to the goal               │ and then get to the goal
        Carrying: yellow key                   │ Carrying: yellow key

        paused  ← left  → right  ↓ equal  s skip  u undo  space pause  h help  q quit
        """)
  }

  @Test(
    "the window's picture says the question, both clips, how far one is and the keys",
    arguments: [(1120, 760), (420, 340)])
  func picture(width: Int, height: Int) throws {
    let desk = Desk(questions: 2)
    var control = try control(desk)
    let canvas = ListCanvas(width: Float(width), height: Float(height))
    QuestionPicture(state: QuestionState(control)).draw(on: canvas)
    let words = canvas.texts.map(\.0)
    for expected in ["Which clip is better?", "left", "right", "0 / 2", "←", "→", "step 3 of 6", "step 3 of 9"] {
      #expect(words.contains(expected), "\(expected) is not in \(words)")
    }
    for (text, box) in canvas.texts {
      #expect(box.x >= 0 && box.right <= Float(width) + 1 && box.bottom <= Float(height) + 1, "\(text) at \(box)")
    }
    _ = try control.press(.left)
    _ = try control.advance(seconds: 0.3)
    _ = try control.press(.down)
    let end = ListCanvas(width: Float(width), height: Float(height))
    QuestionPicture(state: QuestionState(control)).draw(on: end)
    let last = end.texts.map(\.0)
    #expect(last.contains("Everything that was asked is answered.") && last.contains("2 of 2 answered, 2 by you"))
  }

  @Test("where it is known how many answers are wanted they are counted of those, and how many questions wait is said")
  func wanted() throws {
    let desk = Desk(questions: 4)
    desk.wanted = 200
    var control = try control(desk)
    for key in [Key.left, .character("s")] {
      _ = try control.press(key)
      _ = try control.advance(seconds: 0.3)
    }
    let lines = QuestionText(state: QuestionState(control), columns: 80, rows: 24, hasColor: false).lines()
    // A question that was skipped counts for nothing.
    #expect(lines[0].hasSuffix("1 of 200 answered, 2 open, 2 by you"), "\(lines[0])")
    let canvas = ListCanvas(width: 1120, height: 760)
    QuestionPicture(state: QuestionState(control)).draw(on: canvas)
    #expect(canvas.texts.map(\.0).contains("1 / 200"))
  }

  @Test("in the panel of keys every meaning is whole", arguments: [nil, 5] as [Int?])
  func keyPanel(levels: Int?) {
    let canvas = ListCanvas(width: 1120, height: 760)
    KeyPanel(lines: QuestionControl<DeskSource>.help(levels: levels)).draw(on: canvas)
    #expect(!canvas.texts.map(\.0).contains { $0.contains("…") }, "\(canvas.texts.map(\.0))")
  }

  // MARK: Ratings

  @Test("a long question is whole in 80 columns: how far one is stands in the next line")
  func longPrompt() throws {
    let desk = Desk(questions: 2)
    desk.levels = 9
    desk.prompt = "How good is the clip in \(String(repeating: "a", count: 40)), from 1 to 9?"
    let control = try control(desk)
    let lines = QuestionText(state: QuestionState(control), columns: 80, rows: 24, hasColor: false).lines()
    #expect(lines[0] == desk.prompt)
    #expect(lines[1].hasPrefix("gridworld/DoorKey-8x8  ·  question 0") && lines[1].hasSuffix("0 of 2 answered"))
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test("digits up to the number of levels rate a clip, nothing else does, and undo takes a rating back")
  func rating() throws {
    let desk = Desk(questions: 3)
    desk.levels = 4
    var control = try control(desk)
    for key in [Key.left, .right, .down, .character("5"), .character("0"), .character("a")] {
      #expect(try !control.press(key), "\(key) is no level")
    }
    #expect(try control.press(.character("4")))
    #expect(control.message == "question 0: rated 4")
    #expect(try !control.press(.character("1")), "it has not been seen yet")
    _ = try control.advance(seconds: 0.3)
    _ = try control.press(.character("1"))
    _ = try control.advance(seconds: 0.3)
    _ = try control.press(.character("s"))
    #expect(desk.answers.map(\.answer) == [.level(4), .level(1), .skip])
    _ = try control.press(.character("u"))
    _ = try control.press(.character("u"))
    #expect(desk.answers.map(\.answer) == [.level(4)] && control.question?.number == 1)
  }

  @Test("a clip that is rated in plain text, and the keys of its levels")
  func ratingText() throws {
    let desk = Desk(questions: 2)
    desk.levels = 5
    var control = try control(desk)
    _ = try control.press(.character(" "))
    let lines = QuestionText(state: QuestionState(control), columns: 80, rows: 24, hasColor: false).lines()
    #expect(
      lines.joined(separator: "\n") == """
        How good is the clip in speed, from 1 to 5?                      0 of 2 answered
        gridworld/DoorKey-8x8  ·  question 0  ·  Ada
        clip  step 3 of 6
        ###############
        # . . . # . . #
        # . . . # . . #
        # > . . + . . #
        # . . . # . . #
        # . . . # . . #
        # . . . # . G #
        ###############
        Mission: use the key to open the door and then get to the goal
        Carrying: yellow key

        paused  1-5 rate (5 is best)  s skip  u undo  space pause  h help  q quit
        """)
  }

  @Test(
    "the window's picture of a rating has its levels in order, within the window",
    arguments: [(1120, 760), (420, 340), (300, 220)])
  func ratingPicture(width: Int, height: Int) throws {
    let desk = Desk(questions: 2)
    desk.levels = 9
    let canvas = ListCanvas(width: Float(width), height: Float(height))
    QuestionPicture(state: QuestionState(try control(desk))).draw(on: canvas)
    let levels = canvas.texts.filter { Int($0.0) != nil }
    #expect(levels.map(\.0) == (1...9).map { "\($0)" })
    #expect(zip(levels, levels.dropFirst()).allSatisfy { $0.1.right < $1.1.x })
    let words = canvas.texts.map(\.0)
    #expect(words.contains("worst") && words.contains("best"))
    for (text, box) in canvas.texts {
      #expect(box.x >= 0 && box.right <= Float(width) + 1 && box.bottom <= Float(height) + 1, "\(text) at \(box)")
    }
  }

  @Test("why a question was passed over stands where messages do, and is told at the end")
  func remarks() throws {
    let desk = Desk(questions: 2)
    desk.remarks = ["passed over: question 0 was altered"]
    let control = try control(desk)
    #expect(control.message == "passed over: question 0 was altered" && control.remarks == [control.message])
  }
}

extension String {
  /// With spaces up to so many characters.
  fileprivate func padded(to count: Int) -> String { self + String(repeating: " ", count: max(0, count - self.count)) }
}
