import Catalog
import Groundwork
import Labels
import ReinforcementLearning
import Viewer

/// A run's questions about clips as a person is shown them, and that person's answers.
///
/// Others may answer at the same time: a question is this person's for some time, and an answer is given in one
/// transaction, so that none is lost and none doubled.
struct LabelSource: PairSource {
  private let database: LabelDatabase
  /// Whose answers these are.
  private let teacher: Teacher
  /// What the file knows this program by: two people of one name are shown different questions.
  private let claimant: String
  /// The numbers of this program's answers, in their order.
  private var given: [Int] = []
  private var mine: Int { given.count }
  /// Questions that cannot be shown here.
  private var unshowable: Set<Int> = []
  /// Why the last of them could not be.
  private(set) var remark: String?
  private var shown: ClipPair?
  private var clips = ClipFrames()

  /// Seconds for which a question is one person's; a program that is killed holds it no longer.
  private static let leaseSeconds = 90.0

  var person: String { teacher.name }

  /// - Parameter token: Tells this program from others of the same person.
  init(_ database: LabelDatabase, name: String, token: String) {
    self.database = database
    teacher = Teacher(.person, name)
    claimant = "\(name) \(token)"
  }

  mutating func next() throws -> ClipPair? {
    if let shown { return shown }
    var after = -1
    while let label = try database.claim(by: claimant, forSeconds: Self.leaseSeconds, after: after) {
      if !unshowable.contains(label.number) {
        do {
          shown = try clips.pair(label)
          return shown
        } catch let error as UserError {
          // It stays open for a program that can show it.
          unshowable.insert(label.number)
          remark = error.description
        }
      }
      after = label.number
    }
    return nil
  }

  mutating func keep(_ pair: ClipPair) throws -> Bool {
    let label = try database.claim(by: claimant, forSeconds: Self.leaseSeconds, after: pair.number - 1)
    if label?.number == pair.number { return true }
    shown = nil
    return false
  }

  mutating func answer(_ answer: PairAnswer, to pair: ClipPair) throws -> String? {
    let answers: [PairAnswer: Answer] = [.left: .first, .right: .second, .equal: .equal, .skip: .skipped]
    shown = nil
    do {
      try database.answer(pair.number, answers[answer]!, by: teacher)
    } catch let error as UserError {
      // Somebody else was quicker, where this person was long about it.
      guard try database.isAnswered(pair.number) else { throw error }
      return error.reason
    }
    given.append(pair.number)
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
    let label = try database.claim(by: claimant, forSeconds: Self.leaseSeconds, after: last - 1)
    if let label, label.number == last { shown = try clips.pair(label) }
    return nil
  }

  func progress() throws -> PairProgress {
    let counts = try database.progress()
    return PairProgress(mine: mine, answered: counts.answered, asked: counts.asked)
  }

  /// Gives up what is shown, for others.
  func leave() throws { try database.release(by: claimant) }

  /// How many questions were there that this program cannot show.
  var skipped: Int { unshowable.count }
}

extension LabelDatabase {
  /// Whether a question has an answer.
  fileprivate func isAnswered(_ number: Int) throws -> Bool { try open().allSatisfy { $0.number != number } }
}

/// The states of clips, stepped again.
struct ClipFrames {
  /// Steps of a clip that are shown; more would take minutes to watch.
  private static let mostSteps = 1_000
  /// Steps from an episode's start to a clip's end: what takes seconds to step again at most.
  private static let mostStepsBefore = 1_000_000

  /// Environments by their contexts' texts: making one costs more than stepping it.
  private var recipes: [String: EnvironmentRecipe] = [:]

  /// The two clips of a question.
  ///
  /// - Throws: `UserError` for a question about something else, an environment that is not here, or actions that it
  ///   refuses.
  mutating func pair(_ label: Label) throws -> ClipPair {
    let question = label.question
    guard question.kind == .comparison, let environment = question.environment else {
      throw UserError(
        "question \(label.number) is a \(question.kind.rawValue) of no two clips, which is not shown here",
        fix: "Answer it with --import")
    }
    let clips = try question.clips()
    let key = question.context.text()
    let recipe = try recipes[key] ?? Catalog.environment(environment.id).recipe(changes: environment.configuration)
    recipes[key] = recipe
    return ClipPair(
      number: label.number, prompt: question.prompt, title: environment.id,
      left: try Self.frames(of: clips[0], recipe, label.number),
      right: try Self.frames(of: clips[1], recipe, label.number))
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
