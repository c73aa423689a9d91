public import Groundwork
import Labels
import LanguageModels
import ReinforcementLearning

/// Carries out a run in its directory: trains, evaluates at the end, records an episode.
public struct TrainingRun {
  /// How it ended.
  public enum Ending: Sendable {
    case finished(RunEvaluation)
    /// It was asked to stop; everything up to that step is saved.
    case stopped(step: Int)
  }

  private static let beginAnew = "Use that version, or begin anew"

  private let plan: RunPlan
  private let directory: RunDirectory
  private let workers: Workers
  private let hooks: RunHooks
  private let isNew: Bool
  private let start: Start
  private let lock: DirectoryLock
  private let waits = WaitMeter()

  /// A new run in a new directory.
  public init(
    _ plan: RunPlan, creating path: String, workers: Workers, hooks: RunHooks = RunHooks()
  ) throws {
    // Whatever is wrong with the configuration shows before anything is written.
    try plan.description.run.validate()
    try Program.check(plan.description.forage, began: path, fix: TrainingRun.beginAnew)
    let plan = TrainingRun.serving(plan, in: path, hooks, waits)
    start = try Start(plan)
    lock = try DirectoryLock.claim(path) { () throws(UserError) in try RunDirectory.checkIsFree(path) }
    try TrainingRun.checkLabels(plan)
    directory = try RunDirectory(creating: path, plan.description, lock)
    self.plan = plan
    self.workers = workers
    self.hooks = hooks
    isNew = true
  }

  /// A run that goes on from its latest checkpoint, or from the beginning when it has none.
  ///
  /// - Parameter steps: A new budget above the run's, which goes on where it stands, finished or not; nil leaves it.
  ///   The run then ends as one that was begun with that budget, as far as nothing depends on it
  ///   (`Agent.budgetSettings`).
  /// - Throws: `UserError` for a budget that is not above the run's, a run of a comparison that is to be extended, or a
  ///   directory that is in use.
  public init(
    _ plan: RunPlan, resuming directory: RunDirectory, extendedTo steps: Int? = nil, workers: Workers,
    hooks: RunHooks = RunHooks()
  ) throws {
    lock = try DirectoryLock(directory.path)
    try directory.refuseLinks()
    if steps != nil || !directory.isFinished {
      try Program.check(plan.description.forage, began: directory.path, fix: TrainingRun.beginAnew)
    }
    start = Start()
    var plan = TrainingRun.serving(plan, in: directory.path, hooks, waits)
    try TrainingRun.checkLabels(plan)
    if let steps { plan.description = try directory.extend(plan.description, to: steps) }
    self.plan = plan
    self.directory = directory
    self.workers = workers
    self.hooks = hooks
    isNew = false
  }

  /// The plan with what a run in its directory has, and with somebody to tell what is waited for.
  private static func serving(
    _ plan: RunPlan, in path: String, _ hooks: RunHooks, _ waits: WaitMeter
  ) -> RunPlan {
    var plan = plan.keepingLabels(in: path)
    plan.services.tell = { line in
      if line != nil { waits.take(isWaiting: true, at: Clock.seconds) }
      hooks.report(.waiting(line))
      // Whoever was told may have held it up, which is not its work either.
      if line == nil { waits.take(isWaiting: false, at: Clock.seconds) }
    }
    return plan
  }

  /// Refuses a file of labels that is another run's or lacks questions, before anything is trained.
  private static func checkLabels(_ plan: RunPlan) throws {
    guard let labels = plan.services.labels as? LabelDatabase, labels.exists else { return }
    try labels.checkIsWhole()
  }

  /// Trains to the end of the budget or until the hooks say stop.
  ///
  /// - Throws: `UserError` when learning fails (the state is then saved for inspection) or a file cannot be
  ///   written; the last checkpoint remains.
  public func run() throws -> Ending {
    if !isNew, let evaluation = try directory.finalEvaluation() { return .finished(evaluation) }
    let settings = plan.description.run
    let checkpoint = isNew ? nil : try directory.latestCheckpoint()
    if let raised = plan.description.extensions?.last, (checkpoint?.step ?? 0) < raised.step {
      // From an earlier one the same steps would be taken under another budget than `run.json` says.
      throw UserError(
        "'\(directory.path)' lacks the checkpoint of step \(raised.step), at which its budget was raised",
        fix: "Restore it from a copy, or begin the run anew")
    }
    let (agent, design) = try start.take() ?? Start.make(plan, restoredFrom: checkpoint)
    try Files.makeDirectory(directory.checkpoints)
    try Files.makeDirectory(directory.replays)
    try directory.removeLeftovers(after: checkpoint)
    let observer = try RunObserver(
      plan: plan, directory: directory, lock: lock, workers: workers, hooks: hooks, waits: waits,
      resumedStep: checkpoint?.step)
    let session = TrainingSession(
      recipe: plan.environment, rewardModel: design, totalSteps: settings.steps, seed: settings.seed,
      workers: workers, signals: plan.signals, observer: observer)
    if let checkpoint {
      try checkpoint.naming { try session.restore(from: checkpoint.state) }
      try session.rewardModel.checkRecords()
    }
    hooks.report(.started(step: session.step, total: settings.steps))
    do {
      if checkpoint == nil {
        try observer.evaluateAtStart(agent)
        if plan.description.initial != nil { try observer.saveStart(session.save(agent)) }
      }
      if !session.isFinished { try train(agent, in: session, observer) }
      if observer.wasStopped || !session.isFinished { return .stopped(step: session.step) }
      return try finish(agent, session, observer)
    } catch is StopRequested {
      // Within an iteration, which is begun anew when the run goes on.
      return .stopped(step: try observer.saveKept())
    } catch {
      // What was answered before is on the bill all the same.
      for line in [session.rewardModel.usage.line, plan.modelUsage].compactMap(\.self) {
        hooks.report(.shortfall(line))
      }
      throw error
    }
  }

  private func train(_ agent: any Agent, in session: TrainingSession, _ observer: RunObserver) throws {
    do {
      try agent.train(in: session)
    } catch is TrainingStopped {
      return
    } catch let error as UserError where isNew && session.step == 0 {
      // The configuration cannot work: nothing was learnt, so nothing stays behind.
      try? Files.remove(directory.path)
      throw error
    } catch let error as UserError where !observer.writingFailed {
      guard let path = try? directory.writeFailure(session.save(agent), step: session.step) else { throw error }
      // Some say it themselves.
      let moment = "at step \(session.step)"
      var placed = error
      placed.place = (error.reason.contains(moment) ? "" : moment + "; ") + "the state is in '\(path)'"
      throw placed
    }
  }

  /// Evaluates, records the worst, the median and the best episode (and the best trajectory of an archive), and marks
  /// the run as finished.
  private func finish(_ agent: any Agent, _ session: TrainingSession, _ observer: RunObserver) throws -> Ending {
    let settings = plan.description.run
    for line in session.rewardModel.shortfalls { hooks.report(.shortfall(line)) }
    hooks.report(.finalEvaluation(episodes: settings.finalEpisodes))
    let seed = settings.evaluationSeed(1)
    let evaluation = try Evaluation.run(
      plan.environment, episodes: settings.finalEpisodes, seed: seed, workers: workers, signals: plan.signals,
      isSparing: plan.asksModel, shouldStop: hooks.shouldStop
    ) { try agent.makePolicy(slots: $0, choice: settings.evaluationChoice) }
    guard evaluation.episodes.count == settings.finalEpisodes else { return .stopped(step: session.step) }
    if let line = plan.modelUsage { hooks.report(.shortfall(line)) }
    let identity = try directory.description().identity(at: RunDescription.wholeRun)
    let origin = [
      "agent": plan.description.agent.id, "reward": plan.description.reward.text,
      "seed of the run": String(settings.seed), "step": String(session.step), "run": identity,
    ]
    let ranked = evaluation.ranked
    for choice in ReplayChoice.allCases {
      let episode = choice.episode(of: ranked)
      let replay = try Replay(
        of: plan.environment, seed: episode.seed,
        actions: recorded(episode.actions, components: session.rewardModel.components.count),
        scoredBy: session.rewardModel, origin: origin)
      try replay.write(to: "\(directory.replays)/\(choice.fileName)")
    }
    if let archive = agent as? any ArchiveKeeping, let best = archive.bestCell {
      // What it found, in the episode in which it found it.
      let replay = try Replay(
        of: plan.environment, seed: archive.exploredSeed,
        actions: recorded(archive.actions(toCell: best), components: 0), origin: origin)
      try replay.write(to: directory.path + "/best.json")
    }
    var result = RunEvaluation(evaluation, step: session.step, seed: seed, choice: settings.evaluationChoice)
    result.run = identity
    try observer.concludeMetrics()
    // The file that says that all is there.
    try observer.checkPresence()
    try result.write(to: directory.evaluation)
    hooks.report(.finished(result))
    return .finished(result)
  }

  /// The actions of an episode as far as a replay's file holds them.
  private func recorded(_ actions: [Float], components: Int) -> [Float] {
    let kind = plan.environment.specification.actions
    let width = kind.isDiscrete ? 1 : kind.count
    return Array(actions.prefix(Replay.mostSteps(width: width, components: components) * width))
  }

  /// The agent and the reward design that a new run is checked with before anything is written: it then begins with
  /// them, since a design may open a store or a client.
  private final class Start {
    private var parts: (agent: any Agent, design: RewardDesign)?

    init() {}

    init(_ plan: RunPlan) throws {
      let parts = try Start.make(plan)
      try parts.design.checkSources()
      self.parts = parts
    }

    static func make(
      _ plan: RunPlan, restoredFrom checkpoint: Checkpoint? = nil
    ) throws -> (agent: any Agent, design: RewardDesign) {
      let parts = (agent: try plan.makeAgent(restoredFrom: checkpoint), design: try plan.makeRewardDesign())
      try plan.services.languageModel?.prepare()
      try parts.design.prepare()
      return parts
    }

    func take() -> (agent: any Agent, design: RewardDesign)? {
      defer { parts = nil }
      return parts
    }
  }
}
