/// A question about two clips, which of them is better, or about one, how good it is.
public struct ClipQuestion: Sendable {
  /// What it is called where it is kept.
  public var number: Int
  /// What is asked, in a sentence.
  public var prompt: String
  /// The environment's id.
  public var title: String
  /// The states of the left clip and the right one, or of the only one, in their order, at least one each; no reward is
  /// in them, nor in the lines about them, since a person is to judge by what is seen.
  public var clips: [[PlaybackFrame]]
  /// How many levels the only clip is rated on, 2...9; nil where two are compared.
  public var levels: Int?

  /// Two clips of a state or more that are compared.
  public init(number: Int, prompt: String, title: String, left: [PlaybackFrame], right: [PlaybackFrame]) {
    precondition(!left.isEmpty && !right.isEmpty, "a clip has a state or more")
    self.number = number
    self.prompt = prompt
    self.title = title
    clips = [left, right]
  }

  /// A clip of a state or more that is rated.
  public init(number: Int, prompt: String, title: String, clip: [PlaybackFrame], levels: Int) {
    precondition(!clip.isEmpty && (2...9).contains(levels), "a clip has a state or more, and each level a key")
    self.number = number
    self.prompt = prompt
    self.title = title
    self.levels = levels
    clips = [clip]
  }
}

/// What a person says of a question's clips.
public enum ClipAnswer: Sendable, Hashable {
  case left
  case right
  case equal
  case skip
  /// How good the only clip is: 1 is the worst.
  case level(Int)

  /// The answer that a word stands for.
  ///
  /// - Returns: nil where it is no answer to such a question.
  init?(_ word: String, to question: ClipQuestion) {
    switch (word, question.levels) {
    case ("skip", _): self = .skip
    case ("left", nil): self = .left
    case ("right", nil): self = .right
    case ("equal", nil): self = .equal
    default:
      guard let levels = question.levels, let level = Int(word), (1...levels).contains(level) else { return nil }
      self = .level(level)
    }
  }

  /// In words, for the person who gave it.
  var words: String {
    switch self {
    case .left: "left is better"
    case .right: "right is better"
    case .equal: "both are equal"
    case .skip: "skipped"
    case .level(let level): "rated \(level)"
    }
  }
}

/// How far a person, and everybody together, has come.
public struct AnswerProgress: Sendable, Hashable {
  /// Answers that this person has given since the program began.
  public var mine: Int
  /// Questions that anybody has answered.
  public var answered: Int
  /// Questions that were asked so far.
  public var asked: Int
  /// Those of the answered ones that were skipped, which do not count among the wanted.
  public var skipped: Int
  /// Answers that are wanted in all; nil where that is not known.
  public var wanted: Int?

  /// Counts.
  public init(mine: Int = 0, answered: Int = 0, asked: Int = 0, skipped: Int = 0, wanted: Int? = nil) {
    self.mine = mine
    self.answered = answered
    self.asked = asked
    self.skipped = skipped
    self.wanted = wanted
  }

  /// Answers that count, of how many.
  var goal: (done: Int, of: Int) { wanted.map { (answered - skipped, $0) } ?? (answered, asked) }

  /// What `goal` does not say, in words: how many questions wait, and this person's share.
  var remarks: String {
    let open = wanted == nil ? nil : "\(asked - answered) open"
    return [open, mine > 0 ? "\(mine) by you" : nil].compactMap(\.self).joined(separator: ", ")
  }
}

/// Where questions come from and answers go to: a store that others may use at the same time.
///
/// What went wrong with one question is said in a sentence and is no error: the person goes on with the next.
public protocol QuestionSource {
  /// Who answers.
  var person: String { get }

  /// The question that this person is asked now; the same until it is answered.
  ///
  /// - Returns: nil where none is open.
  mutating func next() throws -> ClipQuestion?
  /// Keeps the question for this person for another while.
  ///
  /// - Returns: Whether it still is this person's.
  mutating func keep(_ question: ClipQuestion) throws -> Bool
  /// Gives an answer.
  ///
  /// - Returns: Why it was not taken; nil where it was.
  mutating func answer(_ answer: ClipAnswer, to question: ClipQuestion) throws -> String?
  /// Takes this person's last answer back, so that its question is the next.
  ///
  /// - Returns: Why there is none to take back; nil where one was.
  mutating func undo() throws -> String?
  /// How far everybody has come.
  mutating func progress() throws -> AnswerProgress
  /// Why questions were passed over since this was last asked, a line each.
  mutating func takeRemarks() -> [String]
}
