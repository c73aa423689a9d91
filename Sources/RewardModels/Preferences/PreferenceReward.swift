public import Groundwork
import Labels
public import ReinforcementLearning
import RewardPrograms

/// A reward that is learnt from answers to the questions which of two clips is better, and how good one is, while an
/// agent learns from it.
///
/// What slots go through is cut into clips. At the end of a collection, `interval` steps after the last time, it asks
/// about the latest clips, takes in the answers that came, and learns from all that it has; before the first
/// answers it pays nothing. Questions and answers are in the run's file of labels, and are taken in at steps that the
/// configuration determines: a run that is resumed or repeated with the file takes in the same ones at the same steps
/// and ends on the same bits, whoever answered when.
///
/// What a step pays changes with every session, so an agent with a store of transitions asks for their rewards anew
/// (`revision`).
///
/// **Configuration.** `preferences(labels=1000, selection=disagreement, mistakes=0.1)`.
///
/// **Component.** `preferences`: what the networks say together, each within -1...1 unless `bounded=false`; 0 before
/// the first answers. With aspects one of each, under its name.
///
/// Source: Christiano et al. 2017; Lee et al. 2021 (PEBBLE, B-Pref); Coste et al. 2024 (ensembles); White et al. 2024
/// (ratings).
public struct PreferenceReward: RewardModel {
  /// A question that waits for its answer.
  struct Waiting: Sendable {
    var number: Int
    /// The aspect's number.
    var head: Int
    /// Two that are compared, or one that is rated.
    var clips: [ClipRecord]
  }

  let configuration: Configuration
  let recipe: EnvironmentRecipe
  let aspects: PreferenceAspects
  let store: any LabelStore
  /// Whether the store outlives the program.
  private let keepsLabels: Bool
  let tell: @Sendable (String?) -> Void
  /// What tells the run in a directory from others.
  let identityOfRun: @Sendable (String) throws -> String?
  var pool: ClipPool
  var ensemble: RewardEnsemble
  var teacher: SyntheticTeacher
  var answers: AnsweredClips
  var random: RandomSource
  /// Environment steps so far, and those at which the next session is due.
  var (step, nextSession): (Int, Int)
  /// Environment steps of a collection; 0 before the first of this program.
  private var collected = 0
  /// By number, ascending.
  var waiting: [Waiting] = []
  /// Questions that were asked, and answers that were taken in by kind.
  var asked = 0
  var (equal, skipped) = (0, 0)
  /// Sessions in which something was learnt.
  private(set) var learned = 0
  /// What learning from another run's answers came to, until it is logged.
  private var learntAtFirst: [Metric] = []
  /// By aspect, whether the networks learnt that anything is better than anything else.
  private var isInformed: [Bool]

  /// Draws the networks; asks nothing yet.
  ///
  /// - Throws: `UserError` when the policy has a field that no network reads, people are to answer and nobody can be
  ///   asked, or another run's answers are about something else.
  public init(_ configuration: Configuration, in setting: RewardSetting) throws {
    if configuration.teacher == .person, setting.services.labels == nil {
      throw UserError(
        "nobody can answer: this program keeps no labels in files",
        fix: "Build it with libsqlite3-dev and the default traits, or use preferences(teacher=synthetic)")
    }
    self.configuration = configuration
    recipe = setting.recipe
    aspects = try PreferenceAspects(configuration, for: setting.specification)
    store = setting.services.labels ?? MemoryLabelStore()
    keepsLabels = setting.services.labels != nil
    tell = setting.services.tell
    identityOfRun = setting.services.identityOfRun
    let row = ClipRow(setting.specification)
    pool = ClipPool(
      row, configuration, aspects: aspects.count, runSeed: setting.runSeed,
      keepsActions: setting.services.labels != nil)
    ensemble = try RewardEnsemble(configuration, heads: aspects.count, row: row.layout, seed: setting.seed)
    teacher = SyntheticTeacher(configuration, seed: setting.seed)
    answers = AnsweredClips(stride: row.stride)
    isInformed = Array(repeating: false, count: aspects.count)
    random = RandomSource(seed: setting.seed, purpose: .preferenceSelection, index: 0)
    (step, nextSession) = (0, configuration.interval)
    if !configuration.answers.isEmpty { try checkOthers() }
  }

  /// One component, `preferences`, or one an aspect; it reads the signals of its program and relabels.
  ///
  /// - Throws: `UserError` when a number is out of its range, a field cannot be read, aspects cannot be judged, or
  ///   there are no such answers.
  public static func outline(_ c: Configuration, for specification: Specification) throws -> RewardOutline {
    try Check.all(c.checks)
    try c.refuseIdle()
    let aspects = try PreferenceAspects(c, for: specification)
    guard c.questions >= aspects.count else {
      throw UserError(
        "\(c.questions) questions are less than one about each of \(aspects.count) aspects",
        fix: "Ask more at a time (preferences(questions=))")
    }
    // A run that is begun has taken the answers' digest over.
    if !c.answers.isEmpty, c.answersDigest == nil { _ = try answered(in: c.answers) }
    let row = ClipRow(specification)
    try SizeLimit.check(
      "the pool and the answered clips have",
      SizeLimit.product(SizeLimit.product(c.pool + 2 * c.labels, c.segment), row.stride), "bytes",
      most: SizeLimit.collectionBytes,
      fix: "Use fewer labels, or shorter clips (preferences(labels=, segment=, pool=))")
    let components =
      aspects.names.isEmpty
      ? [RewardComponent("preferences", weight: aspects.weights[0])]
      : zip(aspects.names, aspects.weights).map { RewardComponent($0, weight: $1) }
    return RewardOutline(
      components, signals: aspects.program?.signals ?? [],
      parameters: try RewardEnsemble.parameterCount(c, heads: aspects.count, row: row.layout),
      awaitsAnswers: c.waits, keepsLabels: true)
  }

  /// Fills in the digest of the answers of another run.
  public static func settled(
    _ configuration: Configuration, agentDiscount: Double?
  ) -> (configuration: Configuration, remark: String?) {
    var settled = configuration
    // What cannot be read is refused by `outline`.
    if !configuration.answers.isEmpty, configuration.answersDigest == nil {
      // The path stays as it was written: what tells a run from others would differ from machine to machine.
      settled.answersDigest = (try? answered(in: configuration.answers)).map { digest(of: $0) }
    }
    return (settled, nil)
  }

  /// How often something was learnt.
  public var revision: Int { learned }

  // MARK: What steps pay

  /// Learns from another run's answers before the first step is paid, where there are any.
  ///
  /// - Parameter scores: `[aspects, steps, slots]` for each rollout.
  /// - Throws: `UserError` where those answers cannot be taken in.
  public mutating func watch(_ rollouts: [Rollout], into scores: [RewardScores], workers: Workers) throws {
    if !configuration.answers.isEmpty, step == 0, answers.count == 0, try takeInOthers() > 0 {
      var order = random
      learntAtFirst = try learnFromAnswers(&order, workers)
      random = order
    }
    for (rollout, score) in zip(rollouts, scores) {
      reward(of: Transitions(rollout), into: score, workers: workers)
    }
  }

  /// The networks' rewards, together; 0 before the first answers.
  ///
  /// - Parameter scores: `[aspects, transitions]`.
  /// - Complexity: a pass of each network a row.
  public func reward(of transitions: Transitions, into scores: RewardScores, workers: Workers) {
    let paid = isInformed.indices.filter { isInformed[$0] }
    for aspect in isInformed.indices where !isInformed[aspect] { scores[aspect].update(repeating: 0) }
    guard !paid.isEmpty else { return }
    let stride = pool.row.stride
    let rows = UnsafeMutableRawPointer.allocate(byteCount: max(1, transitions.count * stride), alignment: 64)
    rows.initializeMemory(as: UInt8.self, repeating: 0, count: max(1, transitions.count * stride))
    defer { rows.deallocate() }
    for index in 0..<transitions.count { pool.row.write(transitions, index, to: rows + index * stride) }
    let rewards = ensemble.rewards(rows, count: transitions.count, stride: stride, workers)
    for aspect in paid {
      _ = scores[aspect].update(
        fromContentsOf: ensemble.combined(rewards, count: transitions.count, head: aspect))
    }
  }

  // MARK: Asking and learning

  /// Takes in clips; in a session it asks, takes in answers and learns.
  ///
  /// - Throws: `UserError` when the file of labels cannot be used, or a loss is no longer a number.
  public mutating func learn(
    from rollouts: [Rollout], random: inout RandomSource, workers: Workers
  ) throws -> [Metric] {
    if configuration.teacher == .person, rollouts.contains(where: { $0.sampleRules != nil }) {
      throw UserError(
        "people are shown episodes from their starts, and this agent begins them elsewhere",
        fix: "Use an agent that plays whole episodes, such as ppo or sac, or preferences(teacher=synthetic)")
    }
    let aspects = aspects
    let isFirst = step == 0
    try pool.add(rollouts) { try aspects.values(of: $0, workers: workers) }
    collected = rollouts.reduce(0) { $0 + $1.steps * $1.slots }
    step += collected
    defer { learntAtFirst = [] }
    // That a run whose budget ends before its first session has learnt from nothing is in its log, too.
    guard step >= nextSession, pool.clips.count >= 2 else { return learntAtFirst + (isFirst ? counts : []) }
    while nextSession <= step { nextSession += configuration.interval }
    var metrics = learntAtFirst + (try ask(workers))
    if configuration.waits { try awaitAnswers() }
    let (new, judged) = try takeIn(workers)
    if new > 0 { metrics += try learnFromAnswers(&random, workers) }
    if let judged { metrics.append(Metric(.preferencesNewAccuracy, judged)) }
    return metrics + counts
  }

  /// Of questions and answers so far.
  private var counts: [Metric] {
    [
      Metric(.preferencesAsked, Double(asked)), Metric(.preferencesAnswers, Double(answers.count)),
      Metric(.preferencesEqual, Double(equal)), Metric(.preferencesSkipped, Double(skipped)),
    ]
  }

  /// That nothing was learnt, so that all steps were paid 0, and why; what is still open; where neither is so, that
  /// there were fewer answers than are wanted.
  public var shortfalls: [String] {
    var lines: [String] = []
    if learned == 0 {
      lines.append(
        "preferences: nothing was learnt, so every step was paid 0: \(asked) asked, \(skipped) skipped, "
          + "\(answers.count) answered, \(equal) of them equal")
    }
    if configuration.teacher == .person, let open = try? store.openNumbers().count, open > 0 {
      lines.append(
        "preferences: \(open) \(open == 1 ? "question waits" : "questions wait") for answers; "
          + "a higher budget goes on with them (--resume, --steps)")
    }
    // Of fewer than one about each aspect none is asked.
    if lines.isEmpty, asks, configuration.labels - answers.count >= aspects.count {
      lines.append(
        "preferences: learnt from \(answers.count) of \(configuration.labels) wanted answers, \(asked) asked, "
          + "\(skipped) skipped: a session asks \(configuration.questions) at most, every \(configuration.interval) "
          + "steps or more, at the end of a collection" + (collected > 0 ? " (\(collected) steps here)" : "")
          + "; more come with more questions, or a higher budget (--resume, --steps)")
    }
    return lines
  }

  /// Passes over all answers. While nothing but ties is known nothing is better than anything else, and nothing is
  /// paid.
  private mutating func learnFromAnswers(_ random: inout RandomSource, _ workers: Workers) throws -> [Metric] {
    isInformed = answers.isInformed(heads: aspects.count)
    guard isInformed.contains(true) else { return [] }
    let start = Clock.seconds
    let result = try ensemble.learn(from: answers, step: step, random: &random, workers: workers)
    var metrics = [Metric(.speedPairsPerSecond, Double(result.answers) / max(1e-9, Clock.seconds - start))]
    learned += 1
    if let correlation = correlation(workers) { metrics.append(Metric(.preferencesCorrelation, correlation)) }
    return metrics + [
      Metric(.preferencesLoss, result.loss), Metric(.preferencesAccuracy, result.accuracy),
      Metric(.preferencesEpochs, result.epochs),
    ]
  }

  /// Of what the pool's clips are paid with what the environment paid; nil where either is the same in all.
  private func correlation(_ workers: Workers) -> Double? {
    guard !pool.clips.isEmpty else { return nil }
    let designed = ensemble.paid(pool.clips, stride: pool.row.stride, workers).map { clip in
      // An aspect of which nothing is known pays nothing.
      clip.indices.reduce(0) { isInformed[$1] ? $0 + clip[$1] * aspects.weights[$1] : $0 }
    }
    let real = pool.clips.map(\.environmentReturn)
    let count = Double(real.count)
    let (x, y) = (designed.reduce(0, +) / count, real.reduce(0, +) / count)
    let product = zip(designed, real).reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) }
    let squares = designed.reduce(0) { $0 + ($1 - x) * ($1 - x) } * real.reduce(0) { $0 + ($1 - y) * ($1 - y) }
    return squares > 0 ? product / squares.squareRoot() : nil
  }

  // MARK: Saving

  /// Networks and optimizers, the answered pairs, the pool, the clips that run, what waits, streams and counters.
  public func save(to state: inout SavedState) {
    func add(_ prefix: String, _ write: (inout SavedState) -> Void) {
      var part = SavedState()
      write(&part)
      state.set(prefix: prefix, part)
    }
    add("ensemble", ensemble.save)
    add("pairs", answers.save)
    add("clips", pool.save)
    add("waiting") { part in
      part.set("numbers", waiting.map { Int64($0.number) })
      if waiting.contains(where: { $0.head != 0 || $0.clips.count != 2 }) {
        part.set("heads", waiting.map { Int32($0.head) })
        part.set("clips", waiting.map { UInt8($0.clips.count) })
      }
      ClipRecord.save(waiting.flatMap(\.clips), to: &part)
    }
    state.set("selection", random.words)
    state.set("teacher", teacher.words)
    state.set("counters", [step, nextSession, asked, equal, skipped, learned].map { Int64($0) })
  }

  /// - Throws: `UserError` when something is missing or of another shape, or the file of labels lacks what was asked.
  public mutating func restore(from state: SavedState) throws {
    try ensemble.restore(from: state.get(prefix: "ensemble"))
    try answers.restore(from: state.get(prefix: "pairs"))
    try pool.restore(from: state.get(prefix: "clips"))
    let part = state.get(prefix: "waiting")
    let numbers: [Int64] = try part.get("numbers")
    let clips = try ClipRecord.restore(from: part, stride: pool.row.stride, aspects: aspects.count)
    var (heads, counts) = ([Int32](repeating: 0, count: numbers.count), [UInt8](repeating: 2, count: numbers.count))
    if part.names.contains("heads") {
      heads = try part.get("heads", count: numbers.count)
      counts = try part.get("clips", count: numbers.count)
    }
    let broken = UserError("the checkpoint's questions are not whole")
    guard counts.reduce(0, { $0 + Int($1) }) == clips.count,
      (heads.map { Int($0) } + answers.heads).allSatisfy({ (0..<aspects.count).contains($0) })
    else { throw broken }
    waiting = []
    var place = 0
    for (index, number) in numbers.enumerated() {
      guard counts[index] == 1 || counts[index] == 2 else { throw broken }
      let end = place + Int(counts[index])
      waiting.append(Waiting(number: Int(number), head: Int(heads[index]), clips: Array(clips[place..<end])))
      place = end
    }
    random = try RandomSource(words: try state.get("selection", count: 5))
    try teacher.restore(try state.get("teacher", count: 5))
    let counters = try state.get("counters", as: Int64.self, count: 6).map { Int($0) }
    (step, nextSession, asked) = (counters[0], counters[1], counters[2])
    (equal, skipped, learned) = (counters[3], counters[4], counters[5])
    if learned > 0 { isInformed = answers.isInformed(heads: aspects.count) }
  }

  /// Holds the file of labels against what was asked and taken in.
  ///
  /// - Throws: `UserError` where it was lost or is an older copy.
  public func checkRecords() throws {
    guard keepsLabels else { return }
    let (taken, known) = (asked - waiting.count, try store.count())
    let found = try store.count(takenInBy: step)
    guard known >= asked, waiting.last.map({ $0.number < known }) ?? true, found == taken else {
      throw UserError(
        "the file of labels has \(known) questions and \(found) answers that were taken in by step \(step), where the "
          + "run had asked \(asked) and taken in \(taken)",
        fix: "Restore the file (\(LabelDatabase.fileName) in the run's directory) from a copy, or begin the run anew")
    }
  }
}
