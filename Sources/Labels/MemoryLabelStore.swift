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

  /// - Throws: `UserError` when there is no question of that number, the answer is of another kind, or one was
  ///   given.
  public func answer(_ number: Int, _ answer: Answer, by teacher: Teacher) throws(UserError) {
    try contents.withLock { contents throws(UserError) in
      guard contents.labels.indices.contains(number) else {
        throw UserError(
          "there is no question \(number)", fix: "The store has \(contents.labels.count), numbered from 0")
      }
      guard answer.fits(contents.labels[number].question) else {
        throw UserError(
          """
          question \(number) is a \(contents.labels[number].question.kind.rawValue) and cannot be answered by \
          \(answer)
          """,
          fix: "Answer what is asked, or skip it")
      }
      if let given = contents.labels[number].answer {
        throw UserError("question \(number) has been answered by \(given)", fix: "Ask it again at another step")
      }
      contents.labels[number].answer = answer
      contents.labels[number].teacher = teacher
    }
  }

  /// All answers that were given and not yet taken in; at a step that is recorded the same ones as before.
  ///
  /// - Throws: `UserError` for a step that is not recorded and lies before one that is.
  public func takeIn(at step: Int) throws(UserError) -> [Label] {
    try contents.withLock { contents throws(UserError) in
      if !contents.steps.contains(step) {
        if let last = contents.steps.last, last > step {
          throw UserError(
            "answers were taken in at step \(last), and now at \(step), which no earlier run did",
            fix: "Resume with the configuration that the labels were collected with, or begin with an empty store")
        }
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
