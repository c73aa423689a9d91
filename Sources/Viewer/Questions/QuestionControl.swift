/// What the keys do to the question that is shown, and what time does; the same in a window and in a terminal.
struct QuestionControl<Source: QuestionSource>: TimedControl {
  private(set) var source: Source
  /// What is shown; nil while no question is open.
  private(set) var question: ClipQuestion?
  /// The rows of the clips' boards that have something on them at some step; nil where none has.
  private(set) var boardSpan: Range<Int>?
  /// How far everybody has come.
  private(set) var progress: AnswerProgress
  /// What the last key came to, in a sentence; empty for nothing.
  private(set) var message = ""
  /// Whether the clips move by themselves.
  private(set) var isPlaying = true
  /// Steps a second.
  private(set) var speed: Double
  /// Whether the keys are shown over everything.
  private(set) var showsHelp = false
  /// Whether the person has left.
  private(set) var hasQuit = false
  /// Steps from the clips' beginnings.
  private(set) var step = 0
  /// Why questions were passed over, a line each.
  private(set) var remarks: [String] = []

  /// Steps for which the last states stand before the clips begin again.
  private static var pause: Double { 0.8 }
  /// A question must be seen before it is judged: a key that is held down, or struck twice, would answer for the next.
  /// A little less than a quarter of a second, since keys are looked at some 60 times a second.
  private static var blindSeconds: Double { 0.22 }
  /// Seconds after which a key that comes again was let go meanwhile: one that is held comes at least ten times a
  /// second, once it has come a second time, which takes 0.2 to 0.7 s.
  private static var repeatSeconds: Double { 0.2 }
  /// Seconds between looks at what others do.
  private static var pollSeconds: Double { 1 }
  /// Seconds after which a question is kept for another while.
  private static var keepSeconds: Double { 30 }

  private var time = 0.0
  /// Seconds since the question was shown, or since the key was struck that answered the one before, if that was in
  /// doubt meanwhile: otherwise the doubt would be waited for twice.
  private var shownFor = 0.0
  private var sincePoll = 0.0
  private var sinceKept = 0.0

  /// What a key does that must not be done again by holding it down.
  private enum Act {
    case answer(ClipAnswer)
    case undo
  }

  /// Whether a key that is held down comes again and again, and nothing tells that from one that is struck.
  private let keysRepeat: Bool
  /// The key that came last, whatever it does: one that is held down may have begun where it did nothing.
  private var lastKey: Key?
  /// Seconds since it came; nil until time has passed, since what passes next may have passed before it.
  private var sinceKey: Double?
  /// What the same key as before does, if it does not come again at once: then it is held down.
  private var doubtful: Act?

  /// A doubt is settled as soon as it can be, also while the clips stand: until then the next question is not seen.
  var needsTime: Bool { isPlaying || doubtful != nil }

  /// - Parameter keysRepeat: Whether a key that is held down comes again and again, as in a terminal.
  init(_ source: Source, speed: Double, keysRepeat: Bool = false) throws {
    self.source = source
    self.keysRepeat = keysRepeat
    self.speed = min(240, max(1, speed))
    progress = AnswerProgress()
    try show(message: "")
  }

  /// The state of a clip that is shown now: the last one where it is shorter than the other.
  func frame(_ clip: [PlaybackFrame]) -> PlaybackFrame { clip[min(step, clip.count - 1)] }

  /// The most steps of a clip.
  var length: Int { (question?.clips.map(\.count).max() ?? 1) - 1 }

  /// The next question, or none.
  private mutating func show(message: String) throws {
    let before = question
    question = try source.next()
    progress = try source.progress()
    let passed = source.takeRemarks()
    remarks += passed
    self.message = passed.last ?? message
    (sincePoll, sinceKept) = (0, 0)
    if question?.number != before?.number || question == nil {
      doubtful = nil
      shownFor = 0
      (time, step) = (0, 0)
      boardSpan = question.flatMap { BoardText.span(of: $0.clips.joined().lazy.map(\.sketch)) }
    }
  }

  /// Takes a key.
  ///
  /// - Returns: Whether anything has changed.
  mutating func press(_ key: Key) throws -> Bool {
    if showsHelp {
      showsHelp = false
      (lastKey, sinceKey) = (key, nil)
      return true
    }
    if let act = act(of: key) { return try take(act, by: key) }
    // Whoever strikes another key has let that one go.
    let isSettled = try settle()
    (lastKey, sinceKey) = (key, nil)
    return command(key) || isSettled
  }

  /// What a key does to the answers; nil where it does nothing to them.
  private func act(of key: Key) -> Act? {
    if key == .character("u") || key == .backspace { return .undo }
    guard let question else { return nil }
    if key == .character("s") { return .answer(.skip) }
    if let levels = question.levels {
      guard case .character(let character) = key, let level = character.wholeNumberValue,
        (1...levels).contains(level)
      else { return nil }
      return .answer(.level(level))
    }
    switch key {
    case .left, .character("1"), .character("a"): return .answer(.left)
    case .right, .character("2"), .character("d"): return .answer(.right)
    case .down, .character("="), .character("e"): return .answer(.equal)
    default: return nil
    }
  }

  /// Does it at once, or once it is known that its key is not held down.
  private mutating func take(_ act: Act, by key: Key) throws -> Bool {
    let comesAgain = keysRepeat && key == lastKey
    let isHeld = (sinceKey ?? 0) < Self.repeatSeconds
    var isSettled = false
    if comesAgain {
      doubtful = nil
    } else if case .answer? = doubtful, case .undo = act {
      // It is the last answer, although it was not given yet.
      doubtful = nil
      (lastKey, sinceKey) = (key, nil)
      message = Self.takenBack
      return true
    } else {
      // Whoever strikes another key has let that one go.
      isSettled = try settle()
    }
    (lastKey, sinceKey) = (key, nil)
    if case .answer = act, shownFor < Self.blindSeconds { return isSettled }
    guard comesAgain else { return try perform(act) || isSettled }
    if !isHeld { doubtful = act }
    return isSettled
  }

  private static var takenBack: String { "taken back: answer it again" }

  /// Does what was in doubt.
  ///
  /// - Returns: Whether anything was.
  private mutating func settle() throws -> Bool {
    guard let act = doubtful else { return false }
    doubtful = nil
    let number = question?.number
    let isDone = try perform(act)
    // What came while the clips were made is about none of them.
    if question?.number != number { shownFor = min(sinceKey ?? 0, Self.blindSeconds - 0.01) }
    return isDone
  }

  private mutating func perform(_ act: Act) throws -> Bool {
    switch act {
    case .answer(let answer):
      guard let question else { return false }
      let refusal = try source.answer(answer, to: question)
      try show(message: refusal ?? "question \(question.number): \(answer.words)")
    case .undo:
      let refusal = try source.undo()
      if refusal == nil { question = nil }
      try show(message: refusal ?? Self.takenBack)
    }
    return true
  }

  /// What is shown, and how.
  ///
  /// - Returns: Whether anything has changed.
  private mutating func command(_ key: Key) -> Bool {
    switch key {
    case .character(" "): isPlaying.toggle()
    case .character("."):
      isPlaying = false
      move(to: Double(min(length, step + 1)))
    case .character(","):
      isPlaying = false
      move(to: Double(max(0, step - 1)))
    case .character("r"):
      isPlaying = true
      move(to: 0)
    case .up, .character("+"): speed = min(240, speed * 1.5)
    case .character("-"): speed = max(1, speed / 1.5)
    case .character("h"), .character("?"), .help: showsHelp = true
    case .character("q"), .escape: hasQuit = true
    default: return false
    }
    return true
  }

  private mutating func move(to time: Double) {
    self.time = time
    step = Int(time)
  }

  /// Lets time pass.
  ///
  /// - Returns: Whether anything has changed.
  mutating func advance(seconds: Double) throws -> Bool {
    shownFor += seconds
    sincePoll += seconds
    sinceKept += seconds
    sinceKey = sinceKey.map { $0 + seconds } ?? 0
    var isStale = false
    if let sinceKey, sinceKey >= Self.repeatSeconds, try settle() { isStale = true }
    if let question, sinceKept >= Self.keepSeconds {
      sinceKept = 0
      if try !source.keep(question) {
        try show(message: "question \(question.number) was answered by somebody else")
        isStale = true
      }
    }
    if sincePoll >= Self.pollSeconds {
      sincePoll = 0
      let known = progress
      if question == nil {
        try show(message: message)
      } else {
        progress = try source.progress()
      }
      if progress != known || question != nil && known.asked == 0 { isStale = true }
    }
    guard question != nil, isPlaying, length > 0 else { return isStale }
    let before = step
    time += seconds * speed
    if time >= Double(length) + max(1, speed * Self.pause) { time = 0 }
    step = min(length, Int(time))
    return isStale || step != before
  }

  /// The keys of the line at the bottom, most needed first.
  ///
  /// - Parameter levels: Of a rating; nil for a comparison.
  static func hints(levels: Int?) -> [HelpLine] {
    let answers =
      levels.map { [HelpLine(keys: "1-\($0)", meaning: "rate (\($0) is best)")] }
      ?? [
        HelpLine(keys: "←", meaning: "left"), HelpLine(keys: "→", meaning: "right"),
        HelpLine(keys: "↓", meaning: "equal"),
      ]
    return answers + [
      HelpLine(keys: "s", meaning: "skip"), HelpLine(keys: "u", meaning: "undo"),
      HelpLine(keys: "space", meaning: "pause"), HelpLine(keys: "h", meaning: "help"),
      HelpLine(keys: "q", meaning: "quit"),
    ]
  }

  /// The rows of the help screen.
  ///
  /// - Parameter levels: Of a rating; nil for a comparison.
  static func help(levels: Int?) -> [HelpLine] {
    let answers =
      levels.map {
        [
          HelpLine(keys: "1", meaning: "as bad as can be"),
          HelpLine(keys: "\($0)", meaning: "as good as can be"),
        ]
      }
      ?? [
        HelpLine(keys: "←  1  a", meaning: "the left clip is better"),
        HelpLine(keys: "→  2  d", meaning: "the right clip is better"),
        HelpLine(keys: "↓  =  e", meaning: "both are equally good"),
      ]
    return answers + [
      HelpLine(keys: "s", meaning: "skip: I cannot say"),
      HelpLine(keys: "u  backspace", meaning: "take my last answer back"),
      HelpLine(keys: "space", meaning: "pause or play"),
      HelpLine(keys: ",  .", meaning: "one step back or forward"),
      HelpLine(keys: "r", meaning: "from the beginning"),
      HelpLine(keys: "+  -", meaning: "faster or slower"),
      HelpLine(keys: "q  esc", meaning: "quit; answers are kept"),
    ]
  }
}
