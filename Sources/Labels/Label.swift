/// Who or what answered.
public struct Teacher: Codable, Hashable, Sendable {
  /// Who answers; methods are measured with all three.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case person
    case model
    /// A program that knows the true reward, to measure methods with.
    case synthetic
  }

  /// What kind of teacher it is.
  public var kind: Kind
  /// The person's or the model's name with its version.
  public var name: String

  /// A teacher of that kind and name.
  public init(_ kind: Kind, _ name: String) {
    self.kind = kind
    self.name = name
  }
}

/// A question, when it was asked, and what came of it.
public struct Label: Codable, Hashable, Sendable {
  /// Its number in the store, from 0.
  public var number: Int
  /// What was asked.
  public var question: Question
  /// The environment step of the run at which it was asked.
  public var askedAt: Int
  /// nil while nobody has answered.
  public var answer: Answer?
  /// Who gave the answer; nil while nobody has.
  public var teacher: Teacher?
  /// When the answer was given, in seconds since 1970; nothing depends on it, and it is in no digest.
  public var answeredAt: Double?
  /// The step at which the run took the answer in; nil before it.
  public var takenInAt: Int?

  /// A question that waits for its answer.
  public init(number: Int, question: Question, askedAt: Int) {
    self.number = number
    self.question = question
    self.askedAt = askedAt
  }
}
