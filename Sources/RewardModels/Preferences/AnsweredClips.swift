import Groundwork

/// Answers about clips as the networks learn from them; the clips' rows lie one after the other.
struct AnsweredClips: Sendable {
  /// What an answer says.
  enum Answer: Hashable, Sendable {
    /// The probability that the first of two clips is better: 1, 0, or 1/2 where they are equal.
    case comparison(Float)
    /// The level of a clip, from 0.
    case rating(Int)

    /// Whether it says that something is better than something else: a rating does beside one of another level.
    var isDecided: Bool { self != .comparison(0.5) }
  }

  /// Rows of clips, `[steps of all clips, stride]`.
  private(set) var rows: [UInt8] = []
  /// The number of a clip's first row, by clip, and the rows of all clips at the end.
  private(set) var starts = [0]
  /// By answer.
  private(set) var answers: [Answer] = []
  /// The number of an answer's first clip; the second of a comparison follows it.
  private(set) var clips: [Int] = []
  /// The number of the aspect that an answer is about.
  private(set) var heads: [Int] = []
  let stride: Int

  init(stride: Int) { self.stride = stride }

  /// How many answers.
  var count: Int { answers.count }

  mutating func append(_ first: ClipRecord, _ second: ClipRecord, target: Float, head: Int = 0) {
    append(.comparison(target), of: [first, second], head: head)
  }

  /// - Parameter of: Two clips of a comparison, one of a rating.
  mutating func append(_ answer: Answer, of records: [ClipRecord], head: Int) {
    clips.append(starts.count - 1)
    for clip in records {
      rows += clip.rows
      starts.append(starts.last! + clip.count)
    }
    answers.append(answer)
    heads.append(head)
  }

  /// The numbers of a clip's rows.
  func steps(ofClip clip: Int) -> Range<Int> { starts[clip]..<starts[clip + 1] }

  /// The numbers of the rows of all clips that an answer is about.
  func steps(ofAnswer answer: Int) -> Range<Int> {
    let clip = clips[answer]
    if case .comparison = answers[answer] { return starts[clip]..<starts[clip + 2] }
    return starts[clip]..<starts[clip + 1]
  }

  /// By aspect, whether anything is known to be better than anything else; where nothing is, nothing is paid.
  func isInformed(heads count: Int) -> [Bool] {
    var informed = [Bool](repeating: false, count: count)
    var levels = [Int?](repeating: nil, count: count)
    for (answer, head) in zip(answers, heads) {
      switch answer {
      case .comparison(let target): informed[head] = informed[head] || target != 0.5
      case .rating(let level):
        informed[head] = informed[head] || levels[head].map { $0 != level } ?? false
        levels[head] = level
      }
    }
    return informed
  }

  // MARK: Saving

  /// Comparisons without aspects alone are written as before there was anything else.
  func save(to state: inout SavedState) {
    state.set("rows", rows)
    state.set("starts", starts.map { Int64($0) })
    state.set("targets", answers.map { answer -> Float in
      switch answer {
      case .comparison(let target): target
      case .rating(let level): Float(level)
      }
    })
    guard clips.count * 2 != starts.count - 1 || heads.contains(where: { $0 != 0 }) else { return }
    state.set("heads", heads.map { Int32($0) })
    state.set("ratings", answers.map { answer -> UInt8 in if case .rating = answer { 1 } else { 0 } })
  }

  /// - Throws: `UserError` when an array is missing or does not fit the others.
  mutating func restore(from state: SavedState) throws {
    let broken = UserError("the checkpoint's answered clips are not whole")
    let targets: [Float] = try state.get("targets")
    (heads, answers) = (Array(repeating: 0, count: targets.count), targets.map { .comparison($0) })
    if state.names.contains("heads") {
      heads = try state.get("heads", as: Int32.self, count: targets.count).map { Int($0) }
      let ratings: [UInt8] = try state.get("ratings", count: targets.count)
      for (index, isRating) in ratings.enumerated() where isRating != 0 {
        guard (0...255).contains(targets[index]) else { throw broken }
        answers[index] = .rating(Int(targets[index]))
      }
    }
    clips = []
    var count = 0
    for answer in answers {
      clips.append(count)
      if case .comparison = answer { count += 2 } else { count += 1 }
    }
    let saved: [Int64] = try state.get("starts", count: count + 1)
    starts = saved.map { Int($0) }
    guard starts.first == 0, zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 }), heads.allSatisfy({ $0 >= 0 })
    else { throw broken }
    rows = try state.get("rows", count: starts.last! * stride)
  }
}
