public import Groundwork

/// What a teacher is asked: a person, a model, or a program that stands in for either.
public struct Question: Codable, Hashable, Sendable {
  /// What answers a question takes; see `Answer.fits`.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Which of two subjects is better.
    case comparison
    /// How good one subject is: a number, or one of the question's `levels`.
    case rating
    /// Which of the choices fits the subjects.
    case choice
    /// Anything in words.
    case text
  }

  /// One thing that is asked about: a clip of a replay (seed, first and last step), an event, a program, a text.
  public struct Subject: Codable, Hashable, Sendable {
    /// What it is called where the question is shown, for example `left`.
    public var name: String
    /// What identifies it, for whoever shows or answers it.
    public var content: JSON

    /// A subject under a name, with what identifies it.
    public init(_ name: String, _ content: JSON) {
      self.name = name
      self.content = content
    }
  }

  /// What is asked for.
  public var kind: Kind
  /// The question in words.
  public var prompt: String
  /// What all subjects have in common, for example the environment with its settings; null where there is nothing.
  public var context: JSON
  /// Two for a comparison.
  public var subjects: [Subject]
  /// What may be chosen, for a choice.
  public var choices: [String]

  /// - Precondition: A comparison is of two subjects, a choice is between at least two.
  public init(
    _ kind: Kind, _ prompt: String, context: JSON = .null, subjects: [Subject] = [], choices: [String] = []
  ) {
    precondition(kind != .comparison || subjects.count == 2, "a comparison is of two subjects, not \(subjects.count)")
    precondition(kind != .choice || choices.count >= 2, "a choice is between two or more, not \(choices.count)")
    self.kind = kind
    self.prompt = prompt
    self.context = context
    self.subjects = subjects
    self.choices = choices
  }

  /// The same for equal questions, in every run.
  public var digest: UInt64 { StableDigest.of(JSON(encoding: self).text()) }
}

/// What came of a question.
public enum Answer: Codable, Hashable, Sendable {
  /// The first subject of a comparison is better.
  case first
  case second
  /// Neither is better.
  case equal
  /// The teacher does not say.
  case skipped
  /// A rating.
  case number(Double)
  /// The number of a choice.
  case choice(Int)
  case text(String)

  /// Whether it answers such a question.
  public func fits(_ question: Question) -> Bool {
    switch (question.kind, self) {
    case (_, .skipped), (.comparison, .first), (.comparison, .second), (.comparison, .equal), (.text, .text): true
    case (.rating, .number(let value)):
      question.levels.map { value >= 1 && value <= Double($0) && value == value.rounded() } ?? value.isFinite
    case (.choice, .choice(let number)): question.choices.indices.contains(number)
    default: false
    }
  }
}

extension Answer: CustomStringConvertible {
  /// As a file of answers has it, for messages: `left`, `skip`, `0.25`.
  public var description: String {
    switch self {
    case .first: "left"
    case .second: "right"
    case .equal: "equal"
    case .skipped: "skip"
    case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    case .choice(let number): "\(number)"
    case .text(let text): "'\(text.prefix(40))'"
    }
  }
}
