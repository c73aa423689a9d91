import Groundwork

/// Keeps a run's questions and their answers.
///
/// Answers may come at any time and in any order: from a person beside the program, from a slow model. **They are
/// taken in at recorded steps**: `takeIn(at:)` hands out what has been answered since the last step at which that was
/// asked, and records it; asked again for a step that is recorded, by a run that was resumed from an earlier
/// checkpoint or is repeated, it hands out the same again and nothing newer. So a resumed or repeated run ends on the
/// same bits. A run that learns from answers takes them in through this call alone, at steps that its configuration
/// determines.
public protocol LabelStore: Sendable {
  /// Asks a question; the same question asked again at the same step has the number that it had.
  ///
  /// - Parameter step: Environment steps of the run so far.
  /// - Returns: The label's number.
  func ask(_ question: Question, at step: Int) throws -> Int

  /// The same for several, all of them or none.
  ///
  /// - Returns: The labels' numbers in the order of the questions.
  func ask(_ questions: [Question], at step: Int) throws -> [Int]

  /// Answers a question.
  ///
  /// - Throws: `UserError` for a number that does not exist, an answer of another kind, or a second answer.
  func answer(_ number: Int, _ answer: Answer, by teacher: Teacher) throws

  /// The same for several, all of them or none.
  func answer(_ answers: [(number: Int, answer: Answer)], by teacher: Teacher) throws

  /// Hands out the answers that are taken in at a step, in the order of their numbers, and records that they were.
  ///
  /// - Throws: `UserError` for a step before one that is recorded and that is not itself recorded.
  func takeIn(at step: Int) throws -> [Label]

  /// All labels, in the order of their numbers.
  func labels() throws -> [Label]

  /// How many questions were asked.
  func count() throws -> Int

  /// How many answers were taken in up to a step.
  func count(takenInBy step: Int) throws -> Int

  /// The numbers of the questions that wait for an answer, ascending.
  func openNumbers() throws -> [Int]
}

extension LabelStore {
  /// Those that wait for an answer.
  public func open() throws -> [Label] { try labels().filter { $0.answer == nil } }

  /// How many questions were asked.
  public func count() throws -> Int { try labels().count }

  /// How many answers were taken in up to a step.
  public func count(takenInBy step: Int) throws -> Int {
    try labels().count { label in label.takenInAt.map { $0 <= step } ?? false }
  }

  /// The numbers of the questions that wait for an answer, ascending.
  public func openNumbers() throws -> [Int] { try open().map(\.number) }

  /// The same for equal contents: questions, answers, who gave them, and the steps of both.
  public func digest() throws -> UInt64 {
    let labels = try labels().map { label in
      var label = label
      label.answeredAt = nil
      return label
    }
    return StableDigest.of(JSON(encoding: labels).text())
  }
}

extension UserError {
  /// A question that the store does not have.
  static func unasked(_ number: Int, of count: Int) -> UserError {
    UserError(
      "there is no question \(number)",
      fix: count == 0 ? "The store is empty" : "The store has \(count), numbered from 0")
  }

  /// An answer of another kind than the question's.
  static func unfit(_ answer: Answer, to number: Int, _ question: Question) -> UserError {
    UserError(
      "question \(number) is a \(question.kind.rawValue) and cannot be answered by \(answer)",
      fix: "Answer what is asked, or skip it")
  }

  /// A second answer.
  static func answered(_ number: Int, by answer: Answer) -> UserError {
    UserError("question \(number) has been answered: \(answer)", fix: "Ask it again at another step")
  }

  /// Answers that are to be taken in before others were.
  static func takenIn(at last: Int, now step: Int) -> UserError {
    UserError(
      "answers were taken in at step \(last), and now at \(step), which no earlier run did",
      fix: "Resume with the configuration that the labels were collected with, or begin with an empty store")
  }
}
