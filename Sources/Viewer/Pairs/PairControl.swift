/// What the keys do to the pair of clips that is shown, and what time does; the same in a window and in a terminal.
struct PairControl<Source: PairSource>: TimedControl {
  private(set) var source: Source
  /// What is shown; nil while no question is open.
  private(set) var pair: ClipPair?
  /// How far everybody has come.
  private(set) var progress: PairProgress
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

  /// Steps for which the last states stand before the clips begin again.
  private static var pause: Double { 0.8 }
  /// A pair must be seen before it is judged: a key that is held down, or struck twice, would answer for the next one.
  private static var blindSeconds: Double { 0.25 }
  /// Seconds between looks at what others do.
  private static var pollSeconds: Double { 1 }
  /// Seconds after which a question is kept for another while.
  private static var keepSeconds: Double { 30 }

  private var time = 0.0
  private var shownFor = 0.0
  private var sincePoll = 0.0
  private var sinceKept = 0.0

  init(_ source: Source, speed: Double) throws {
    self.source = source
    self.speed = min(240, max(1, speed))
    progress = PairProgress()
    try show(message: "")
  }

  /// The state of a clip that is shown now: the last one where it is shorter than the other.
  func frame(_ clip: [PlaybackFrame]) -> PlaybackFrame { clip[min(step, clip.count - 1)] }

  /// The most steps of the two clips.
  var length: Int { pair.map { max($0.left.count, $0.right.count) - 1 } ?? 0 }

  /// The next question, or none.
  private mutating func show(message: String) throws {
    let before = pair?.number
    pair = try source.next()
    progress = try source.progress()
    self.message = message
    (sincePoll, sinceKept) = (0, 0)
    if pair?.number != before || pair == nil { (time, step, shownFor) = (0, 0, 0) }
  }

  /// Takes a key.
  ///
  /// - Returns: Whether anything has changed.
  mutating func press(_ key: Key) throws -> Bool {
    if showsHelp {
      showsHelp = false
      return true
    }
    switch key {
    case .left, .character("1"), .character("a"): return try answer(.left)
    case .right, .character("2"), .character("d"): return try answer(.right)
    case .down, .character("="), .character("e"): return try answer(.equal)
    case .character("s"): return try answer(.skip)
    case .character("u"), .backspace:
      let refusal = try source.undo()
      if refusal == nil { pair = nil }
      try show(message: refusal ?? "taken back: answer it again")
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

  private mutating func answer(_ answer: PairAnswer) throws -> Bool {
    guard let pair, shownFor >= Self.blindSeconds else { return false }
    let refusal = try source.answer(answer, to: pair)
    let words: [PairAnswer: String] = [
      .left: "left is better", .right: "right is better", .equal: "both are equal", .skip: "skipped",
    ]
    try show(message: refusal ?? "question \(pair.number): \(words[answer]!)")
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
    var isStale = false
    if let pair, sinceKept >= Self.keepSeconds {
      sinceKept = 0
      if try !source.keep(pair) {
        try show(message: "question \(pair.number) was answered by somebody else")
        isStale = true
      }
    }
    if sincePoll >= Self.pollSeconds {
      sincePoll = 0
      let known = progress
      if pair == nil {
        try show(message: message)
      } else {
        progress = try source.progress()
      }
      if progress != known || pair != nil && known.asked == 0 { isStale = true }
    }
    guard pair != nil, isPlaying, length > 0 else { return isStale }
    let before = step
    time += seconds * speed
    if time >= Double(length) + max(1, speed * Self.pause) { time = 0 }
    step = min(length, Int(time))
    return isStale || step != before
  }

  /// The keys of the line at the bottom, most needed first.
  static var hints: [HelpLine] {
    [
      HelpLine(keys: "←", meaning: "left is better"), HelpLine(keys: "→", meaning: "right"),
      HelpLine(keys: "↓", meaning: "equal"), HelpLine(keys: "s", meaning: "skip"),
      HelpLine(keys: "u", meaning: "undo"), HelpLine(keys: "space", meaning: "pause"),
      HelpLine(keys: "h", meaning: "help"), HelpLine(keys: "q", meaning: "quit"),
    ]
  }

  /// The rows of the help screen.
  static var help: [HelpLine] {
    [
      HelpLine(keys: "←  1  a", meaning: "the left clip is better"),
      HelpLine(keys: "→  2  d", meaning: "the right clip is better"),
      HelpLine(keys: "↓  =  e", meaning: "both are equally good"),
      HelpLine(keys: "s", meaning: "skip: I cannot say"),
      HelpLine(keys: "u  backspace", meaning: "take my last answer back"),
      HelpLine(keys: "space", meaning: "pause or play"),
      HelpLine(keys: ",  .", meaning: "one step back or forward"),
      HelpLine(keys: "r", meaning: "from the beginning"),
      HelpLine(keys: "+  -", meaning: "faster or slower"),
      HelpLine(keys: "q  esc", meaning: "quit; what was answered is kept"),
    ]
  }
}
