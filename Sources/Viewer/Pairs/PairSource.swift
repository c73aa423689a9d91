/// Two clips that a person is asked about.
public struct ClipPair: Sendable {
  /// What it is called where it is kept.
  public var number: Int
  /// What is asked, in a sentence.
  public var prompt: String
  /// The environment's id.
  public var title: String
  /// The states of the left clip in their order, at least one; no reward is in them, since a person is to judge by
  /// what is seen.
  public var left: [PlaybackFrame]
  /// The states of the right clip.
  public var right: [PlaybackFrame]

  /// Two clips of a state or more.
  public init(number: Int, prompt: String, title: String, left: [PlaybackFrame], right: [PlaybackFrame]) {
    precondition(!left.isEmpty && !right.isEmpty, "a clip has a state or more")
    self.number = number
    self.prompt = prompt
    self.title = title
    self.left = left
    self.right = right
  }
}

/// What a person says of two clips.
public enum PairAnswer: String, Sendable, CaseIterable {
  case left
  case right
  case equal
  case skip
}

/// How far a person, and everybody together, has come.
public struct PairProgress: Sendable, Hashable {
  /// Answers that this person has given since the program began.
  public var mine: Int
  /// Questions that anybody has answered.
  public var answered: Int
  /// Questions that were asked so far.
  public var asked: Int

  /// Counts.
  public init(mine: Int = 0, answered: Int = 0, asked: Int = 0) {
    self.mine = mine
    self.answered = answered
    self.asked = asked
  }
}

/// Where pairs come from and answers go to: a store that others may use at the same time.
///
/// What went wrong with one question is said in a sentence and is no error: the person goes on with the next.
public protocol PairSource {
  /// Who answers.
  var person: String { get }

  /// The question that this person is asked now; the same until it is answered.
  ///
  /// - Returns: nil where none is open.
  mutating func next() throws -> ClipPair?
  /// Keeps the question for this person for another while.
  ///
  /// - Returns: Whether it still is this person's.
  mutating func keep(_ pair: ClipPair) throws -> Bool
  /// Gives an answer.
  ///
  /// - Returns: Why it was not taken; nil where it was.
  mutating func answer(_ answer: PairAnswer, to pair: ClipPair) throws -> String?
  /// Takes this person's last answer back, so that its question is the next.
  ///
  /// - Returns: Why there is none to take back; nil where one was.
  mutating func undo() throws -> String?
  /// How far everybody has come.
  mutating func progress() throws -> PairProgress
}
