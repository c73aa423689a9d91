import Groundwork
import ReinforcementLearning

/// Writes down what a session goes through: metrics, evaluations, checkpoints.
///
/// It reads the agent and the session's state and changes neither; its evaluations have their own streams.
final class RunObserver: TrainingObserver {
  private let plan: RunPlan
  private let directory: RunDirectory
  private let lock: DirectoryLock
  private let document: Files.Identity?
  private let workers: Workers
  private let hooks: RunHooks
  private let waits: WaitMeter
  private var log: MetricLog
  private var lastStep: Int
  /// The arrays of the last checkpoint.
  private var checkpointFiles: [String] = []
  private var checkpointTime: Double
  /// The step of the last checkpoint; 0 where there is none.
  private var checkpointStep: Int
  /// The end of a later iteration, kept where an iteration may wait for somebody outside of the program: a signal then
  /// ends it in its middle.
  private var kept: (step: Int, state: SavedState)?
  private let awaitsAnswers: Bool
  private let startTime: Double
  private let startStep: Int
  /// Seconds that the run took before it was resumed, and those of them that its reward design took.
  private let secondsBefore: (all: Double, reward: Double)
  private var speed: SpeedMeter
  /// Since the run began, whichever program made them.
  private var iterations = 0
  /// An error of writing, as opposed to one of learning.
  private(set) var writingFailed = false
  /// Whether the run was asked to stop before its budget was spent.
  private(set) var wasStopped = false

  init(
    plan: RunPlan, directory: RunDirectory, lock: DirectoryLock, workers: Workers, hooks: RunHooks,
    waits: WaitMeter, resumedStep: Int?
  ) throws(UserError) {
    self.plan = plan
    self.directory = directory
    self.lock = lock
    document = Files.identity(directory.document)
    self.workers = workers
    self.hooks = hooks
    self.waits = waits
    startTime = Clock.seconds
    checkpointTime = startTime
    lastStep = resumedStep ?? 0
    startStep = lastStep
    checkpointStep = lastStep
    awaitsAnswers = plan.services.languageModel != nil || plan.reward.terms.contains { $0.recipe.outline.awaitsAnswers }
    checkpointFiles = resumedStep.map { directory.checkpointFiles(step: $0) } ?? []
    speed = SpeedMeter(step: lastStep, time: startTime)
    let before = try RunObserver.clock(resumedStep, in: directory)
    secondsBefore = (before.seconds, before.rewardSeconds)
    iterations = before.iterations
    log = try MetricLog(
      directory: directory.path, run: try directory.description().lineage, startTime: Clock.wallSeconds,
      resumedStep: resumedStep)
    if resumedStep == nil {
      try log.write(hyperparameters: RunObserver.hyperparameters(plan.description), wallTime: Clock.wallSeconds)
    }
  }

  /// What clock and counter of a run showed at the checkpoint from which it goes on; 0 for a new run.
  private static func clock(
    _ step: Int?, in directory: RunDirectory
  ) throws(UserError) -> (seconds: Double, rewardSeconds: Double, iterations: Int) {
    guard let step, Files.exists(directory.metrics) else { return (0, 0, 0) }
    let lines = try MetricFile.read(directory.metrics).lines
    guard step == 0 || lines.contains(where: { $0.step == step }) else {
      throw UserError(
        "'\(directory.metrics)' has no line of step \(step), at which the latest checkpoint was saved",
        fix: "Put the run's own there, or remove '\(directory.checkpoints)/\(step)' to use the one before")
    }
    guard let last = lines.last(where: { $0.step <= step && $0[.speedWallSeconds] != nil }) else { return (0, 0, 0) }
    let iterations = last[.speedIterations].flatMap { Int(exactly: $0) } ?? 0
    return (last[.speedWallSeconds] ?? 0, last[.speedRewardSeconds] ?? 0, iterations)
  }

  private var settings: RunSettings { plan.description.run }

  /// The evaluation of the agent before it has learnt anything.
  func evaluateAtStart(_ agent: any Agent) throws {
    guard settings.evaluations > 0 else { return }
    try log.write(step: 0, values: try evaluate(agent, step: 0), wallTime: Clock.wallSeconds)
  }

  /// The checkpoint of a run that begins with what another one learnt: it must not need that one again.
  func saveStart(_ state: SavedState) throws(UserError) {
    try log.sync()
    try directory.writeCheckpoint(state, step: 0, kept: settings.keptCheckpoints)
    checkpointFiles = directory.checkpointFiles(step: 0)
  }

  func iterationEnded(_ report: IterationReport, agent: any Agent, save: () -> SavedState) throws -> Bool {
    let now = Clock.seconds
    iterations += 1
    speed.leaveOut(seconds: waits.takeSeconds())
    let stepsPerSecond = speed.add(step: report.step, time: now)
    hooks.report(
      .iteration(
        step: report.step, total: settings.steps, stepsPerSecond: stepsPerSecond, metrics: report.metrics))
    var values = report.metrics.map { (name: $0.name, value: $0.value) }
    values.append((MetricName.speedStepsPerSecond.text, stepsPerSecond))
    values.append((MetricName.speedIterations.text, Double(iterations)))
    values.append((MetricName.speedWallSeconds.text, secondsBefore.all + now - startTime))
    values.append((MetricName.speedRewardSeconds.text, secondsBefore.reward + report.rewardSeconds))
    if settings.isEvaluationDue(from: lastStep, to: report.step) { values += try evaluate(agent, step: report.step) }
    lastStep = report.step
    do {
      return try write(report, values, endedAt: now, save: save)
    } catch {
      writingFailed = true
      throw error
    }
  }

  /// - Parameter now: When the iteration ended, before its evaluation.
  /// - Returns: Whether the run goes on.
  private func write(
    _ report: IterationReport, _ values: [(name: String, value: Double)], endedAt now: Double, save: () -> SavedState
  ) throws(UserError) -> Bool {
    let isFinished = report.isLast
    try checkPresence()
    try log.write(step: report.step, values: values, wallTime: Clock.wallSeconds)
    let stops = !isFinished && hooks.shouldStop()
    if isFinished || stops || now - checkpointTime >= settings.checkpointSeconds {
      // A checkpoint promises that the metrics before it are there, after a failure of the power, too.
      try log.sync()
      try Interruption.withoutEnding { () throws(UserError) in
        try directory.writeCheckpoint(save(), step: report.step, kept: settings.keptCheckpoints)
      }
      checkpointTime = Clock.seconds
      checkpointStep = report.step
      kept = nil
      checkpointFiles = directory.checkpointFiles(step: report.step)
      hooks.report(.checkpoint(step: report.step))
    } else if awaitsAnswers {
      kept = (report.step, save())
    }
    wasStopped = stops
    return !stops
  }

  /// Writes the checkpoint of the last iteration that ended, where there is none of it yet.
  ///
  /// - Returns: The step that a resumed run goes on from.
  func saveKept() throws(UserError) -> Int {
    guard let kept else { return checkpointStep }
    try log.sync()
    try Interruption.withoutEnding { () throws(UserError) in
      try directory.writeCheckpoint(kept.state, step: kept.step, kept: settings.keptCheckpoints)
    }
    return kept.step
  }

  /// Marks the metrics as all that there will be.
  func concludeMetrics() throws(UserError) { try log.conclude() }

  /// - Throws: `UserError` that names a file of the run that is no longer there.
  func checkPresence() throws(UserError) {
    try directory.checkPresence(of: log.paths + [directory.checkpoints] + checkpointFiles, document: document, lock)
  }

  /// The metrics of an evaluation. It is not interrupted: a resumed run would not make up for it.
  private func evaluate(_ agent: any Agent, step: Int) throws -> [(name: String, value: Double)] {
    let evaluation = try Evaluation.run(
      plan.environment, episodes: settings.evaluationEpisodes, seed: settings.evaluationSeed(0), workers: workers,
      signals: plan.signals, isSparing: plan.asksModel
    ) { try agent.makePolicy(slots: $0, choice: self.settings.evaluationChoice) }
    speed.restart(time: Clock.seconds)
    let means = zip(evaluation.measures, evaluation.means).map { Metric(.measure($0.name), $1) }
    hooks.report(.evaluated(step: step, total: settings.steps, means: means))
    return means.map { (MetricName.evaluation($0.name).text, $0.value) }
  }

  /// Every setting as a dotted key with its value.
  private static func hyperparameters(_ description: RunDescription) -> [(name: String, value: String)] {
    var rows: [(name: String, value: String)] = []
    func add(_ value: JSON, _ path: String) {
      if case .object(let members) = value {
        for key in members.keys.sorted() { add(members[key]!, path.isEmpty ? key : "\(path).\(key)") }
      } else {
        rows.append((path, value.string ?? value.text()))
      }
    }
    add(JSON(encoding: description), "")
    return rows
  }
}

/// Steps a second over the last few seconds; evaluations and what is waited for are left out.
struct SpeedMeter {
  private var samples: [(steps: Int, seconds: Double)] = []
  private var lastStep: Int
  private var lastTime: Double

  init(step: Int, time: Double) {
    lastStep = step
    lastTime = time
  }

  /// - Returns: Steps a second over the last iterations, up to five seconds of them.
  mutating func add(step: Int, time: Double) -> Double {
    samples.append((step - lastStep, time - lastTime))
    lastStep = step
    lastTime = time
    var seconds = samples.reduce(0) { $0 + $1.seconds }
    while samples.count > 1, seconds - samples[0].seconds > 5 { seconds -= samples.removeFirst().seconds }
    return Double(samples.reduce(0) { $0 + $1.steps }) / max(seconds, 1e-9)
  }

  /// Leaves out some of the time since the last iteration.
  mutating func leaveOut(seconds: Double) { lastTime += seconds }

  /// Leaves out what happened since the last iteration.
  mutating func restart(time: Double) { lastTime = time }
}
