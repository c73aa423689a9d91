import Catalog
import Groundwork
import Labels
import ReinforcementLearning
import Viewer

/// A run's questions about clips as a person is shown them, and that person's answers.
///
/// Others may answer at the same time: a question is this person's for some time, and an answer is given in one
/// transaction, so that none is lost and none doubled.
struct LabelSource: QuestionSource {
  private let database: LabelDatabase
  /// Whose answers these are.
  private let teacher: Teacher
  /// What the file knows this program by: two people of one name are shown different questions.
  private let claimant: String
  /// The numbers of this program's answers, in their order.
  private var given: [Int] = []
  private var mine: Int { given.count }
  /// Questions that cannot be shown here, or are not what was asked.
  private var unshowable: Set<Int> = []
  /// Why, a line for all that were found at a time, since it was last told.
  private var remarks: [String] = []
  private var shown: ClipQuestion?
  private var clips = ClipFrames()

  /// Seconds for which a question is one person's; a program that is killed holds it no longer.
  private static let leaseSeconds = 90.0

  var person: String { teacher.name }

  /// Answers that the run is to learn from in all; nil where that is not known.
  private let wanted: Int?

  /// - Parameter token: Tells this program from others of the same person.
  init(_ database: LabelDatabase, name: String, token: String, wanted: Int? = nil) {
    self.database = database
    self.wanted = wanted
    teacher = Teacher(.person, name)
    claimant = "\(name) \(token)"
  }

  mutating func next() throws -> ClipQuestion? {
    if let shown { return shown }
    var after = -1
    while let label = try claim(after: after) {
      if !unshowable.contains(label.number) {
        do {
          shown = try clips.question(label)
          return shown
        } catch let error as UserError {
          // It stays open for a program that can show it.
          passOver([PassedOver(number: label.number, error: error)])
        }
      }
      after = label.number
    }
    return nil
  }

  /// The next open question of a higher number; those that were altered are said once and left alone.
  private mutating func claim(after number: Int) throws -> Label? {
    var altered: [PassedOver] = []
    let label = try database.claim(by: claimant, forSeconds: Self.leaseSeconds, after: number) {
      altered.append(PassedOver(number: $0, error: $1))
    }
    passOver(altered)
    return label
  }

  private mutating func passOver(_ questions: [PassedOver]) {
    var new: [PassedOver] = []
    for question in questions where unshowable.insert(question.number).inserted { new.append(question) }
    if let line = PassedOver.line(new) { remarks.append(line) }
  }

  mutating func takeRemarks() -> [String] {
    defer { remarks = [] }
    return remarks
  }

  mutating func keep(_ question: ClipQuestion) throws -> Bool {
    let label = try claim(after: question.number - 1)
    if label?.number == question.number { return true }
    shown = nil
    return false
  }

  mutating func answer(_ answer: ClipAnswer, to question: ClipQuestion) throws -> String? {
    let said: Answer =
      switch answer {
      case .left: .first
      case .right: .second
      case .equal: .equal
      case .skip: .skipped
      case .level(let level): .number(Double(level))
      }
    shown = nil
    do {
      try database.answer(question.number, said, by: teacher)
    } catch let error as UserError {
      // Somebody else was quicker, where this person was long about it.
      guard try database.isAnswered(question.number) else { throw error }
      return error.reason
    }
    given.append(question.number)
    return nil
  }

  mutating func undo() throws -> String? {
    guard let last = given.last else { return "there is no answer of yours to take back" }
    do {
      try database.withdraw(last, by: teacher)
    } catch let error as UserError {
      return error.reason
    }
    given.removeLast()
    // The oldest open one that is not another's is the next: this one, unless it is shown elsewhere by then.
    shown = nil
    try database.release(by: claimant)
    if let label = try claim(after: last - 1), label.number == last { shown = try clips.question(label) }
    return nil
  }

  func progress() throws -> AnswerProgress {
    let counts = try database.progress()
    return AnswerProgress(
      mine: mine, answered: counts.answered, asked: counts.asked, skipped: counts.skipped, wanted: wanted)
  }

  /// Gives up what is shown, for others.
  func leave() throws { try database.release(by: claimant) }
}

/// A question that is not what was asked, or cannot be shown, and is left alone.
struct PassedOver {
  var number: Int
  var error: UserError

  /// Numbers that a line names.
  private static let mostNamed = 5

  /// A line about all of them, since a file with one altered row may have hundreds: which come first, and why the first
  /// is one; nil where there is none.
  static func line(_ questions: [PassedOver]) -> String? {
    guard let first = questions.first else { return nil }
    guard questions.count > 1 else { return "passed over: \(first.error.description)" }
    let named = questions.prefix(mostNamed).map { "\($0.number)" }.joined(separator: ", ")
    let more = questions.count > mostNamed ? " and \(questions.count - mostNamed) more" : ""
    return "passed over: \(questions.count) questions (\(named)\(more)), the first because \(first.error.description)"
  }
}

extension LabelDatabase {
  /// Whether a question has an answer.
  fileprivate func isAnswered(_ number: Int) throws -> Bool {
    try labels(passingOver: { _, _ in }).contains { $0.number == number && $0.answer != nil }
  }
}

/// The states of clips, stepped again.
struct ClipFrames {
  /// Steps of a clip that are shown; more would take minutes to watch.
  private static let mostSteps = 1_000
  /// Steps from an episode's start to a clip's end: what takes seconds to step again at most.
  private static let mostStepsBefore = 1_000_000

  /// Environments by their contexts' texts: making one costs more than stepping it.
  private var recipes: [String: EnvironmentRecipe] = [:]

  /// The clips of a question.
  ///
  /// - Throws: `UserError` for a question about something else, an environment that is not here, or actions that it
  ///   refuses.
  mutating func question(_ label: Label) throws -> ClipQuestion {
    let question = label.question
    guard question.kind == .comparison || (2...9).contains(question.levels ?? 0),
      let environment = question.environment
    else {
      throw UserError(
        "question \(label.number) is a \(question.kind.rawValue) of no clips, which is not shown here",
        fix: "Answer it with --import")
    }
    let clips = try question.clips()
    let key = question.context.text()
    let recipe = try recipes[key] ?? Catalog.environment(environment.id).recipe(changes: environment.configuration)
    recipes[key] = recipe
    let frames = try clips.map { try Self.frames(of: $0, recipe, label.number) }
    guard frames.count == (question.kind == .comparison ? 2 : 1) else {
      throw UserError("question \(label.number) is about \(frames.count) clips", fix: "Restore the file of labels")
    }
    if let levels = question.levels {
      return ClipQuestion(
        number: label.number, prompt: question.prompt, title: environment.id, clip: frames[0], levels: levels)
    }
    return ClipQuestion(
      number: label.number, prompt: question.prompt, title: environment.id, left: frames[0], right: frames[1])
  }

  private static func frames(of clip: Clip, _ recipe: EnvironmentRecipe, _ number: Int) throws -> [PlaybackFrame] {
    var simulation = EpisodeSimulation(recipe)
    guard clip.width == simulation.width, clip.first + clip.count <= mostStepsBefore else {
      throw UserError(
        "a clip of question \(number) has \(clip.first + clip.count) steps of \(clip.width) numbers, which "
          + "'\(recipe.id)' cannot be stepped by", fix: "Answer it with --import")
    }
    var frames: [PlaybackFrame] = []
    var frame = simulation.start(seed: clip.seed)
    for step in 0..<clip.first + min(clip.count, mostSteps) {
      // People judge by what they see: rewards would tell them what the environment thinks.
      if step >= clip.first { frames.append(PlaybackFrame(sketch: frame.sketch, step: step)) }
      guard frame.outcome == .running else { break }
      frame = try simulation.take(Array(clip.actions[step * clip.width..<(step + 1) * clip.width]))
    }
    return frames + [PlaybackFrame(sketch: frame.sketch, step: frame.step, outcome: frame.outcome)]
  }
}
