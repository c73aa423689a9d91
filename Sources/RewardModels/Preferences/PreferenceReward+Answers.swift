import Groundwork
import Labels
import ReinforcementLearning

/// Answers of another run.
extension PreferenceReward {
  /// The answered questions in a run's file of labels, in the order in which they were asked.
  ///
  /// - Parameter identity: What tells that run from others; nil where it is not known.
  /// - Throws: `UserError` where there is no such file, it cannot be read, it is of another run, or it lacks questions
  ///   that were asked.
  static func answered(in run: String, of identity: String? = nil) throws -> [Label] {
    let database = LabelDatabase(ofRun: run, run: identity, isReadOnly: true)
    let fix = "Name the directory of a run with 'preferences' in its reward (preferences(answers=))"
    guard Files.isDirectory(run) else {
      throw UserError(
        Files.exists(run) ? "'\(run)' is no directory" : "there is no directory '\(run)'",
        fix: fix + (run.hasPrefix("/") ? "" : ", and go on with a run where it was begun"))
    }
    guard database.exists else {
      throw UserError("'\(run)' holds no answers: there is no \(LabelDatabase.fileName)", fix: fix)
    }
    try database.checkIsWhole()
    return try database.labels().filter { $0.answer != nil && $0.answer != .skipped }
  }

  /// The same for equal questions and answers, whoever gave them and whenever.
  static func digest(of labels: [Label]) -> String {
    var text = ""
    for label in labels { text += "\(label.question.digest) \(JSON(encoding: label.answer).text())\n" }
    let digest = String(StableDigest.of(text), radix: 16)
    return String(repeating: "0", count: 16 - digest.count) + digest
  }

  /// Takes in the answers of the run that `answers` names: each clip is stepped again, and its rows are those that the
  /// agent would have seen.
  ///
  /// - Returns: How many there were.
  /// - Throws: `UserError` where they are not those that the run was begun with, or of another environment.
  mutating func takeInOthers() throws -> Int {
    let run = configuration.answers
    let labels = try PreferenceReward.answered(in: run, of: identityOfRun(run))
    guard PreferenceReward.digest(of: labels) == configuration.answersDigest else {
      throw UserError(
        "the answers in '\(run)' are not those that the run was begun with, and it has no checkpoint that holds them",
        fix: "Begin a new run, or put the old ones back")
    }
    var known: [Clip: ClipRecord] = [:]
    var player = ClipPlayer(recipe, row: pool.row, run: run)
    for (label, head, value) in try usable(labels) {
      let records = try label.question.clips().map { clip in
        let record = try known[clip] ?? player.record(clip, of: label.number)
        known[clip] = record
        return record
      }
      answers.append(value, of: records, head: head)
      if value == .comparison(0.5) { equal += 1 }
    }
    return answers.count
  }

  /// Refuses answers that could not be taken in, as far as that is seen without stepping their clips: before anything
  /// else is done in the run. Others than those that it was begun with are left for `takeInOthers`, since a run that
  /// goes on needs none.
  func checkOthers() throws {
    guard let labels = try? PreferenceReward.answered(in: configuration.answers),
      PreferenceReward.digest(of: labels) == configuration.answersDigest
    else { return }
    _ = try usable(labels)
  }

  /// Refuses the answers of another run that a new one cannot begin with: those in a file that is not that run's own,
  /// and others than those of the digest that was given.
  public func checkSources() throws {
    let run = configuration.answers
    if run.isEmpty { return }
    let digest = PreferenceReward.digest(of: try PreferenceReward.answered(in: run, of: identityOfRun(run)))
    guard digest == configuration.answersDigest else {
      throw UserError(
        "the answers in '\(run)' have the digest \(digest), and answersDigest is "
          + "'\((configuration.answersDigest ?? "").prefix(40))'",
        fix: "Leave answersDigest out to learn from them, or put the answers back that are meant")
    }
  }

  /// The answers that are learnt from, at most `labels` of them.
  ///
  /// - Throws: `UserError` where one is of another environment or on other levels, or there are none.
  private func usable(_ labels: [Label]) throws -> [(label: Label, head: Int, value: AnsweredClips.Answer)] {
    let run = configuration.answers
    var usable: [(label: Label, head: Int, value: AnsweredClips.Answer)] = []
    for label in labels {
      let question = label.question
      guard let head = head(of: question) else { continue }
      guard usable.count < configuration.labels else { break }
      try checkEnvironment(of: question, "question \(label.number) in '\(run)'")
      switch label.answer {
      case .first: usable.append((label, head, .comparison(1)))
      case .second: usable.append((label, head, .comparison(0)))
      case .equal: usable.append((label, head, .comparison(0.5)))
      case .number(let level):
        guard configuration.hasRatings, question.levels == configuration.levels else {
          let levels = question.levels ?? 0
          let name = "question \(label.number) in '\(run)' is a rating on \(levels) levels"
          guard configuration.hasRatings else {
            throw UserError(name, fix: "Learn from ratings, too (preferences(feedback=both,levels=\(levels)))")
          }
          throw UserError(
            "\(name), and this run has \(configuration.levels)", fix: "Rate on as many (preferences(levels=\(levels)))")
        }
        usable.append((label, head, .rating(Int(level) - 1)))
      default: continue
      }
    }
    guard !labels.isEmpty else {
      throw UserError(
        "'\(run)' holds no answer: nothing was answered yet, or all was skipped", fix: "Name another run")
    }
    guard !usable.isEmpty else {
      let wanted = aspects.names.isEmpty ? "clips altogether" : aspects.names.joined(separator: ", ")
      throw UserError(
        "'\(run)' holds no answer about \(wanted)",
        fix: "Name the aspects that it was asked about (preferences(aspects=)), or another run")
    }
    return usable
  }

  /// Refuses a question about another environment, or the same with other settings.
  private func checkEnvironment(of question: Question, _ name: String) throws(UserError) {
    let asked = question.environment
    guard let asked, asked.id == recipe.id else {
      throw UserError(
        "\(name) is about '\(asked?.id ?? "no environment")', and this run is in '\(recipe.id)'",
        fix: "Train in the environment that the answers are about")
    }
    let (theirs, ours) = (asked.configuration.object ?? [:], recipe.configuration.object ?? [:])
    guard let key = Set(theirs.keys).union(ours.keys).sorted().first(where: { theirs[$0] != ours[$0] }) else { return }
    func text(_ value: JSON?) -> String? { value.map { $0.string ?? $0.text() } }
    let setting = "environment.\(key)"
    // Some settings stand there only where they are used, such as frameStack.
    guard let wanted = text(theirs[key]) else {
      throw UserError(
        "\(name) was asked without \(setting), and this run has \(text(ours[key]) ?? "none")",
        fix: "Train without --set \(setting)")
    }
    throw UserError(
      "\(name) was asked with \(setting)=\(wanted), and this run has \(text(ours[key]) ?? "none")",
      fix: "Train with --set \(setting)=\(wanted)")
  }

  /// The number of the aspect that a question is about; nil where it is none of ours.
  private func head(of question: Question) -> Int? {
    guard let aspect = question.aspect else { return aspects.names.isEmpty ? 0 : nil }
    return aspects.names.firstIndex(of: aspect)
  }
}

/// Steps clips again that another run asked about.
private struct ClipPlayer {
  private let walker: EpisodeWalker
  private let row: ClipRow
  private let run: String
  /// Steps from an episode's start to a clip's end.
  private static let mostSteps = 10_000_000

  init(_ recipe: EnvironmentRecipe, row: ClipRow, run: String) {
    walker = EpisodeWalker(recipe)
    self.row = row
    self.run = run
  }

  mutating func record(_ clip: Clip, of question: Int) throws -> ClipRecord {
    guard clip.width == walker.width, clip.first + clip.count <= ClipPlayer.mostSteps else {
      throw UserError(
        "a clip of question \(question) in '\(run)' has actions of \(clip.width) numbers, which "
          + "'\(walker.recipe.id)' cannot be stepped by", fix: "Restore the file of labels")
    }
    func action(_ step: Int) -> ArraySlice<Float> { clip.actions[step * clip.width..<(step + 1) * clip.width] }
    let rollout = Rollout(specification: walker.recipe.specification, slots: 1, steps: clip.count)
    var record = ClipRecord(
      count: clip.count, rows: Array(repeating: 0, count: clip.count * row.stride), seed: clip.seed, first: clip.first)
    do throws(UserError) {
      walker.start(seed: clip.seed)
      for step in 0..<clip.first { try walker.step(action(step)) }
      for step in 0..<clip.count { try walker.step(action(clip.first + step), into: rollout, at: step) }
    } catch {
      throw UserError("a clip of question \(question) in '\(run)' does not replay: \(error.reason)")
    }
    let transitions = Transitions(rollout)
    record.rows.withUnsafeMutableBytes { rows in
      for step in 0..<clip.count { row.write(transitions, step, to: rows.baseAddress! + step * row.stride) }
    }
    return record
  }
}
