import Experiments
import Groundwork
import Labels
import ReinforcementLearning

/// What a run whose reward asks says beside its file of labels: in its description and in its log.
struct AskingRun {
  /// Answers that it is to learn from in all, those of another run included.
  let labels: Int?
  /// The directory of that other run; nil where there is none.
  let source: String?
  /// Whether people answer.
  let isOfPeople: Bool
  /// Whether it has its last evaluation.
  let isFinished: Bool
  /// Whether anybody is asked: without a program a script has nothing to judge aspects by.
  private let asks: Bool
  private let path: String

  /// - Parameter path: The run's directory, which need not be there yet.
  /// - Returns: nil for a run that asks nobody.
  init?(_ description: RunDescription, in path: String) {
    guard let term = description.reward.terms.first(where: { $0.id == "preferences" }) else { return nil }
    func text(_ key: String) -> String { term.configuration[key]?.string ?? "" }
    labels = term.configuration["labels"]?.integer
    source = text("answers").isEmpty ? nil : text("answers")
    isOfPeople = text("teacher") == "person"
    asks = isOfPeople || text("aspects").isEmpty || !text("program").isEmpty
    isFinished = Files.exists(path + "/evaluation.json")
    self.path = path
  }

  /// How many answers of the other run it learnt from; nil where its log does not say so yet.
  func takenOver(_ database: LabelDatabase) throws -> Int? {
    guard source != nil else { return 0 }
    guard let first = logged.first else { return nil }
    // Before its first line it may have had a session of its own.
    return max(0, first.takenIn - (try database.count(takenInBy: first.step)))
  }

  /// Answers to its own questions that it is to learn from; nil where that is not known yet.
  func wanted(_ database: LabelDatabase) throws -> Int? {
    guard let labels, let taken = try takenOver(database) else { return nil }
    return max(0, labels - taken)
  }

  /// Whether another run's answers are all that it learns from.
  ///
  /// - Parameter wanted: What `wanted` says.
  func asksNothing(wanting wanted: Int?) -> Bool { source != nil && (!asks || wanted == 0) }

  /// That the file is no longer there, of a run that has none; nil where nothing says that it ever had one.
  var loss: String? {
    guard let asked = logged.last?.asked, asked > 0 else { return nil }
    return "the file of labels '\(path)/\(LabelDatabase.fileName)' is missing: by its log the run has asked "
      + Format.number(of: asked, "question")
  }

  /// What the lines of sessions, and the first, say: questions that were asked, and answers that were taken in, skipped
  /// ones and those of another run included.
  private var logged: [(step: Int, asked: Int, takenIn: Int)] {
    // A log that cannot be read is named by whoever goes on with the run.
    let lines = (try? MetricFile.read(path + "/metrics.jsonl").lines) ?? []
    return lines.compactMap { line -> (step: Int, asked: Int, takenIn: Int)? in
      guard let asked = line[.preferencesAsked].flatMap({ Int(exactly: $0) }),
        let answers = line[.preferencesAnswers].flatMap({ Int(exactly: $0) }),
        let skipped = line[.preferencesSkipped].flatMap({ Int(exactly: $0) })
      else { return nil }
      return (line.step, asked, answers + skipped)
    }
  }
}
