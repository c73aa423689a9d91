public import Groundwork
import Synchronization

/// A store in memory, for tests and for teachers that answer at once.
public final class MemoryLabelStore: LabelStore {
  private struct Contents {
    var labels: [Label] = []
    /// The steps at which answers were taken in, also those at which there were none; ascending.
    var steps: [Int] = []
  }

  private let contents = Mutex(Contents())

  /// An empty store.
  public init() {}

  /// Finds the question at that step, or adds it.
  ///
  /// - Complexity: O(labels).
  public func ask(_ question: Question, at step: Int) -> Int {
    contents.withLock { contents in
      if let known = contents.labels.first(where: { $0.askedAt == step && $0.question == question }) {
        return known.number
      }
      let label = Label(number: contents.labels.count, question: question, askedAt: step)
      contents.labels.append(label)
      return label.number
    }
  }

  /// Finds each question at that step, or adds it.
  ///
  /// - Complexity: O(labels) each.
  public func ask(_ questions: [Question], at step: Int) -> [Int] { questions.map { ask($0, at: step) } }

  /// - Throws: `UserError` when there is no question of that number, the answer is of another kind, or one was
  ///   given.
  public func answer(_ number: Int, _ answer: Answer, by teacher: Teacher) throws(UserError) {
    try self.answer([(number, answer)], by: teacher)
  }

  /// The same for several; none of them is kept where one is refused.
  public func answer(_ answers: [(number: Int, answer: Answer)], by teacher: Teacher) throws(UserError) {
    try contents.withLock { contents throws(UserError) in
      var labels = contents.labels
      for (number, answer) in answers {
        guard labels.indices.contains(number) else { throw .unasked(number, of: labels.count) }
        guard answer.fits(labels[number].question) else { throw .unfit(answer, to: number, labels[number].question) }
        if let given = labels[number].answer { throw .answered(number, by: given) }
        labels[number].answer = answer
        labels[number].teacher = teacher
        labels[number].answeredAt = Clock.wallSeconds
      }
      contents.labels = labels
    }
  }

  /// All answers that were given and not yet taken in; at a step that is recorded the same ones as before.
  ///
  /// - Throws: `UserError` for a step that is not recorded and lies before one that is.
  public func takeIn(at step: Int) throws(UserError) -> [Label] {
    try contents.withLock { contents throws(UserError) in
      if !contents.steps.contains(step) {
        if let last = contents.steps.last, last > step { throw .takenIn(at: last, now: step) }
        contents.steps.append(step)
        for index in contents.labels.indices where contents.labels[index].answer != nil {
          if contents.labels[index].takenInAt == nil { contents.labels[index].takenInAt = step }
        }
      }
      return contents.labels.filter { $0.takenInAt == step }
    }
  }

  /// A copy of all labels, in the order of their numbers.
  public func labels() -> [Label] { contents.withLock { $0.labels } }
}
