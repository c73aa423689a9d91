public import Groundwork
import Labels
public import ReinforcementLearning

/// A reward that is learnt from answers to the question which of two clips is better, by the model of Bradley and
/// Terry, while an agent learns from it.
///
/// What slots go through is cut into clips. At the end of a collection, `interval` steps after the last time, it asks
/// about pairs of the latest clips, takes in the answers that came, and learns from all that it has; before the first
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
/// the first answers.
///
/// Source: Christiano et al. 2017; Lee et al. 2021 (PEBBLE, B-Pref); Coste et al. 2024 (ensembles).
public struct PreferenceReward: RewardModel {
  private let configuration: Configuration
  private let environment: (id: String, configuration: JSON)
  private let store: any LabelStore
  private var pool: ClipPool
  private var ensemble: RewardEnsemble
  private var teacher: SyntheticTeacher
  private var pairs: AnsweredPairs
  private var random: RandomSource
  /// Environment steps so far, and those at which the next session is due.
  private var (step, nextSession): (Int, Int)
  /// Questions that wait for their answers, by number: ascending, with both clips.
  private var waiting: [(number: Int, first: ClipRecord, second: ClipRecord)] = []
  /// Questions that were asked, and answers that were taken in by kind.
  private var asked = 0
  private var (equal, skipped) = (0, 0)
  /// Sessions in which something was learnt.
  private var learned = 0

  /// Draws the networks; asks nothing yet.
  ///
  /// - Throws: `UserError` when the policy has a field that no network reads, or people are to answer and nobody can be
  ///   asked.
  public init(_ configuration: Configuration, in setting: RewardSetting) throws {
    if configuration.teacher == .person, setting.services.labels == nil {
      throw UserError(
        "nobody can answer: this program keeps no labels in files",
        fix: "Build it with libsqlite3-dev and the default traits, or use preferences(teacher=synthetic)")
    }
    self.configuration = configuration
    environment = (setting.recipe.id, setting.recipe.configuration)
    store = setting.services.labels ?? MemoryLabelStore()
    let row = ClipRow(setting.specification)
    pool = ClipPool(
      row, configuration, runSeed: setting.runSeed, keepsActions: setting.services.labels != nil)
    ensemble = try RewardEnsemble(configuration, row: row.layout, seed: setting.seed)
    teacher = SyntheticTeacher(configuration, seed: setting.seed)
    pairs = AnsweredPairs(stride: row.stride)
    random = RandomSource(seed: setting.seed, purpose: .preferenceSelection, index: 0)
    (step, nextSession) = (0, configuration.interval)
  }

  /// One component, `preferences`; it reads no signals and relabels.
  ///
  /// - Throws: `UserError` when a number is out of its range or a field cannot be read.
  public static func outline(_ c: Configuration, for specification: Specification) throws -> RewardOutline {
    try Check.all(c.checks)
    let row = ClipRow(specification)
    try SizeLimit.check(
      "the pool and the answered clips have",
      SizeLimit.product(SizeLimit.product(c.pool + 2 * c.labels, c.segment), row.stride), "bytes",
      most: SizeLimit.collectionBytes,
      fix: "Use fewer labels, or shorter clips (preferences(labels=, segment=, pool=))")
    return RewardOutline(
      [RewardComponent("preferences")], parameters: try RewardEnsemble.parameterCount(c, row: row.layout))
  }

  /// How often something was learnt.
  public var revision: Int { learned }

  // MARK: What steps pay

  /// The networks' rewards, together; 0 before the first answers.
  ///
  /// - Parameter scores: [transitions]; component 0 is written.
  /// - Complexity: a pass of each network a row.
  public func reward(of transitions: Transitions, into scores: RewardScores, workers: Workers) {
    let values = scores[0]
    guard learned > 0 else {
      for index in 0..<transitions.count { values[index] = 0 }
      return
    }
    let stride = pool.row.stride
    let rows = UnsafeMutableRawPointer.allocate(byteCount: max(1, transitions.count * stride), alignment: 64)
    rows.initializeMemory(as: UInt8.self, repeating: 0, count: max(1, transitions.count * stride))
    defer { rows.deallocate() }
    for index in 0..<transitions.count { pool.row.write(transitions, index, to: rows + index * stride) }
    let rewards = ensemble.rewards(rows, count: transitions.count, stride: stride, workers)
    _ = values.update(fromContentsOf: ensemble.combined(rewards, count: transitions.count))
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
    pool.add(rollouts)
    step += rollouts.reduce(0) { $0 + $1.steps * $1.slots }
    guard step >= nextSession, pool.clips.count >= 2 else { return [] }
    while nextSession <= step { nextSession += configuration.interval }
    var metrics = try ask(workers)
    let (new, judged) = try takeIn(workers)
    // While nothing but ties is known nothing is better than anything else, and nothing is paid.
    if new > 0, pairs.targets.contains(where: { $0 != 0.5 }) {
      let start = Clock.seconds
      let result = try ensemble.learn(from: pairs, step: step, random: &random, workers: workers)
      metrics.append(Metric(.speedPairsPerSecond, Double(result.pairs) / max(1e-9, Clock.seconds - start)))
      learned += 1
      if let correlation = correlation(workers) { metrics.append(Metric(.preferencesCorrelation, correlation)) }
      metrics += [
        Metric(.preferencesLoss, result.loss), Metric(.preferencesAccuracy, result.accuracy),
        Metric(.preferencesEpochs, result.epochs),
      ]
    }
    if let judged { metrics.append(Metric(.preferencesNewAccuracy, judged)) }
    return metrics + [
      Metric(.preferencesAsked, Double(asked)), Metric(.preferencesAnswers, Double(pairs.count)),
      Metric(.preferencesEqual, Double(equal)), Metric(.preferencesSkipped, Double(skipped)),
    ]
  }

  /// Of what the pool's clips are paid with what the environment paid; nil where either is the same in all.
  private func correlation(_ workers: Workers) -> Double? {
    let designed = ensemble.returns(of: pool.clips, stride: pool.row.stride, workers).map { $0.reduce(0, +) }
    let real = pool.clips.map(\.environmentReturn)
    let count = Double(real.count)
    let (x, y) = (designed.reduce(0, +) / count, real.reduce(0, +) / count)
    let product = zip(designed, real).reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) }
    let squares = designed.reduce(0) { $0 + ($1 - x) * ($1 - x) } * real.reduce(0) { $0 + ($1 - y) * ($1 - y) }
    return squares > 0 ? product / squares.squareRoot() : nil
  }

  /// Asks as many questions as the session and the labels that are left allow.
  private mutating func ask(_ workers: Workers) throws -> [Metric] {
    // Of people who answer slowly no more is asked than they are behind.
    let room = max(0, 2 * configuration.questions - waiting.count)
    let wanted = min(configuration.questions, room, configuration.labels - pairs.count - waiting.count)
    guard wanted > 0 else { return [] }
    var returns: [[Double]]?
    let (ensemble, clips, stride) = (ensemble, pool.clips, pool.row.stride)
    let chosen = configuration.selection.pairs(
      wanted, ofClips: clips.count, candidates: configuration.candidates, random: &random
    ) {
      returns = ensemble.returns(of: clips, stride: stride, workers)
      return returns!
    }
    let questions = chosen.map { question(clips[$0.0], clips[$0.1]) }
    let before = asked == 0 ? try store.count() : 0
    let numbers = try store.ask(questions, at: step)
    // A run that is repeated with its file asks what it asked.
    guard before == 0 || numbers.allSatisfy({ $0 < before }) else {
      throw UserError(
        "the file of labels holds \(before) questions of another run", fix: "Begin the run in an empty directory")
    }
    let known = Set(waiting.map(\.number))
    var isNew = Set(numbers)
    for (number, pair) in zip(numbers, chosen) where !known.contains(number) && isNew.remove(number) != nil {
      waiting.append((number, clips[pair.0], clips[pair.1]))
    }
    asked += chosen.count
    if configuration.teacher == .synthetic { try answer() }
    guard let returns, ensemble.count > 1 else { return [] }
    let scores = chosen.map { PairSelection.disagreement.score(returns[$0.0], returns[$0.1]) }
    return [Metric(.preferencesDisagreement, scores.reduce(0, +) / Double(scores.count))]
  }

  /// What a person is asked: the clips by their actions where they are kept, otherwise by where they are.
  private func question(_ first: ClipRecord, _ second: ClipRecord) -> Question {
    func clip(_ record: ClipRecord) -> Clip? {
      let steps = record.first + record.count
      guard record.actions.count >= steps, record.actions.count.isMultiple(of: steps) else { return nil }
      return Clip(
        seed: record.seed, first: record.first, count: record.count, width: record.actions.count / steps,
        actions: record.actions)
    }
    let prompt = "Which clip is better?"
    if let left = clip(first), let right = clip(second) {
      return .comparison(
        prompt, of: left, and: right, environment: environment.id, configuration: environment.configuration)
    }
    func place(_ record: ClipRecord) -> JSON {
      ["seed": .string(String(record.seed)), "first": .integer(record.first), "count": .integer(record.count)]
    }
    return Question(
      .comparison, prompt, subjects: [.init("left", place(first)), .init("right", place(second))])
  }

  /// The synthetic teacher answers what waits; in a run that is repeated with its file it says what it said.
  private mutating func answer() throws {
    let scale = pool.scale
    let answers = waiting.map { question in
      (number: question.number, answer: teacher.answer(question.first.value, question.second.value, scale: scale))
    }
    let open = Set(try store.open().map(\.number))
    try store.answer(answers.filter { open.contains($0.number) }, by: SyntheticTeacher.teacher)
  }

  /// Takes in the answers that came since the last session.
  ///
  /// - Returns: How many can be learnt from, and the share of the decided ones that the networks expected, nil where
  ///   they have learnt nothing yet or nothing was decided.
  private mutating func takeIn(_ workers: Workers) throws -> (new: Int, expected: Double?) {
    var (decided, expected, new) = (0, 0, 0)
    let isJudged = learned > 0
    for label in try store.takeIn(at: step) {
      // What somebody else asked has no clips here.
      guard let place = waiting.firstIndex(where: { $0.number == label.number }), let answer = label.answer else {
        continue
      }
      let (_, first, second) = waiting.remove(at: place)
      let target: Float
      switch answer {
      case .first: target = 1
      case .second: target = 0
      case .equal:
        target = 0.5
        equal += 1
      default:
        skipped += 1
        continue
      }
      if isJudged, target != 0.5 {
        let returns = ensemble.returns(of: [first, second], stride: pool.row.stride, workers)
        decided += 1
        expected += (returns[0].reduce(0, +) > returns[1].reduce(0, +)) == (target == 1) ? 1 : 0
      }
      pairs.append(first, second, target: target)
      new += 1
    }
    return (new, decided > 0 ? Double(expected) / Double(decided) : nil)
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
    add("pairs", pairs.save)
    add("clips", pool.save)
    add("waiting") { part in
      part.set("numbers", waiting.map { Int64($0.number) })
      ClipRecord.save(waiting.flatMap { [$0.first, $0.second] }, to: &part)
    }
    state.set("selection", random.words)
    state.set("teacher", teacher.words)
    state.set("counters", [step, nextSession, asked, equal, skipped, learned].map { Int64($0) })
  }

  /// - Throws: `UserError` when something is missing or of another shape, or the file of labels lacks what was asked.
  public mutating func restore(from state: SavedState) throws {
    try ensemble.restore(from: state.get(prefix: "ensemble"))
    try pairs.restore(from: state.get(prefix: "pairs"))
    try pool.restore(from: state.get(prefix: "clips"))
    let part = state.get(prefix: "waiting")
    let numbers: [Int64] = try part.get("numbers")
    let clips = try ClipRecord.restore(from: part, stride: pool.row.stride)
    guard clips.count == 2 * numbers.count else { throw UserError("the checkpoint's questions are not whole") }
    waiting = numbers.enumerated().map { (Int($1), clips[2 * $0], clips[2 * $0 + 1]) }
    random = try RandomSource(words: try state.get("selection", count: 5))
    try teacher.restore(try state.get("teacher", count: 5))
    let counters = try state.get("counters", as: Int64.self, count: 6).map { Int($0) }
    (step, nextSession, asked) = (counters[0], counters[1], counters[2])
    (equal, skipped, learned) = (counters[3], counters[4], counters[5])
    if let last = waiting.last?.number, try store.count() <= last {
      throw UserError(
        "the file of labels lacks question \(last), which the run asked and nobody had answered",
        fix: "Restore the file (\(LabelDatabase.fileName) in the run's directory) from a copy, or begin the run anew")
    }
  }
}
