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

  /// Answers a question.
  ///
  /// - Throws: `UserError` for a number that does not exist, an answer of another kind, or a second answer.
  func answer(_ number: Int, _ answer: Answer, by teacher: Teacher) throws

  /// Hands out the answers that are taken in at a step, in the order of their numbers, and records that they were.
  ///
  /// - Throws: `UserError` for a step before one that is recorded and that is not itself recorded.
  func takeIn(at step: Int) throws -> [Label]

  /// All labels, in the order of their numbers.
  func labels() throws -> [Label]
}

extension LabelStore {
  /// Those that wait for an answer.
  public func open() throws -> [Label] { try labels().filter { $0.answer == nil } }

  /// The same for equal contents: questions, answers, who gave them, and the steps of both.
  public func digest() throws -> UInt64 { StableDigest.of(JSON(encoding: try labels()).text()) }
}
