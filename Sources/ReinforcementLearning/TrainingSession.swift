public import Groundwork

/// Thrown out of `Agent.train` when the run was asked to stop; everything so far has been saved.
public struct TrainingStopped: Error {
  public init() {}
}

/// What a session tells about an iteration that ended.
public struct IterationReport {
  /// Environment steps so far.
  public var step: Int
  /// Whether the budget is spent, or the agent has ended it.
  public var isLast: Bool
  public var metrics: [Metric]
  public var episodes: [EpisodeRecord]
}

/// Who writes down what a session goes through: a run directory, a test, nobody.
public protocol TrainingObserver: AnyObject {
  /// Called after every iteration.
  ///
  /// - Parameter save: Gives the state of the whole session, for a checkpoint; costly, so only when it is kept.
  /// - Returns: Whether to go on.
  func iterationEnded(
    _ report: IterationReport, agent: any Agent, save: () -> SavedState
  ) throws -> Bool
}

/// One training run as its agent sees it: the budget, the batches, the reward design, the workers and the log.
public final class TrainingSession {
  /// The environment, as far as its agent may use it: see `AgentSetting.recipe`.
  public let recipe: EnvironmentRecipe
  public let seed: UInt64
  /// Budget in environment steps.
  public private(set) var totalSteps: Int
  public let workers: Workers
  public private(set) var rewardModel: any RewardModel
  /// Environment steps so far.
  public private(set) var step = 0
  /// Iterations so far.
  public private(set) var iteration = 0
  /// The agent's rewards of the last collection, `[components, steps, slots]` for each rollout.
  public private(set) var scores: [RewardScores] = []

  private weak var observer: (any TrainingObserver)?
  /// The signals that the agent's policies were granted.
  private let signals: [String]
  private var collector: Collector?
  /// Where the collector stood in the run that is resumed, until the agent asks for it.
  private var resumedCollector: SavedState?
  private var random: RandomSource
  private var window = EpisodeWindow()
  private var lastEpisodes: [EpisodeRecord] = []

  /// - Parameter signals: What the agent's policies read beside the policy's fields (`AgentRecipe.signals(in:)`).
  public init(
    recipe: EnvironmentRecipe, rewardModel: any RewardModel, totalSteps: Int, seed: UInt64, workers: Workers,
    signals: [String] = [], observer: (any TrainingObserver)? = nil
  ) {
    self.recipe = recipe.limited(toSignals: signals + rewardModel.signals)
    self.signals = signals
    self.rewardModel = rewardModel
    self.totalSteps = totalSteps
    self.seed = seed
    self.workers = workers
    self.observer = observer
    random = RandomSource(seed: seed, purpose: 2, index: 0)
  }

  public var specification: Specification { recipe.specification }

  /// Whether the budget is spent.
  public var isFinished: Bool { step >= totalSteps }

  /// The batches of this run; an agent calls this once, at the start of `train`. In a resumed run they stand where
  /// they stood.
  public func makeCollector(slots: Int, batches: Int, steps: Int) throws -> Collector {
    let collector = try Collector(
      recipe: recipe, slots: slots, batches: batches, steps: steps, signals: signals + rewardModel.signals, seed: seed)
    if let resumedCollector { try collector.restore(from: resumedCollector) }
    resumedCollector = nil
    self.collector = collector
    scores = collector.rollouts.map {
      RewardScores(components: rewardModel.components.count, count: $0.steps * $0.slots)
    }
    return collector
  }

  /// Collects one rollout a batch and scores it with the reward design.
  public func collect<P: Policy>(_ policies: inout [P]) throws {
    guard let collector else { preconditionFailure("makeCollector comes before collect") }
    lastEpisodes = try collector.collect(&policies, workers: workers)
    window.add(lastEpisodes)
    if let time = lastEpisodes.lazy.filter(\.success).map(\.time).min() {
      window.noteSuccess(step: step + (time + 1) * (collector.stepsPerCollection / collector.rollouts[0].steps))
    }
    step += collector.stepsPerCollection
    try rewardModel.score(collector.rollouts, into: scores, workers: workers)
  }

  /// Counts steps that an agent took with batches or snapshots of its own, instead of `collect`.
  ///
  /// - Parameters:
  ///   - episodes: Those that ended in them, for the episode metrics and the run's replays.
  ///   - firstSuccess: The step of the run at which the first of them succeeded, where the agent knows it; otherwise the
  ///     last one counts.
  public func count(steps: Int, episodes: [EpisodeRecord], firstSuccess: Int? = nil) {
    lastEpisodes = episodes
    window.add(episodes)
    step += steps
    if episodes.contains(where: \.success) { window.noteSuccess(step: firstSuccess ?? step) }
  }

  /// Ends the budget here: the agent has what it was to find.
  public func endBudget() { totalSteps = min(totalSteps, step) }

  /// Ends an iteration: the reward model learns, metrics are logged, a checkpoint may be written.
  ///
  /// - Throws: `TrainingStopped` when the run was asked to stop.
  public func endIteration(of agent: any Agent, metrics: [Metric]) throws {
    iteration += 1
    var all = window.metrics + metrics
    for (index, component) in rewardModel.components.enumerated() where collector != nil {
      var sum = 0.0
      var count = 0
      for score in scores {
        for value in score[index] { sum += Double(value) }
        count += score.count
      }
      all.append(Metric("reward/\(component.name)", sum / Double(max(1, count))))
    }
    if let collector { all += try rewardModel.update(from: collector.rollouts, random: &random, workers: workers) }
    let report = IterationReport(step: step, isLast: isFinished, metrics: all, episodes: lastEpisodes)
    let goesOn = try observer?.iterationEnded(report, agent: agent) { self.save(agent) } ?? true
    if !goesOn { throw TrainingStopped() }
  }

  /// The state of the session and its agent, everything that a resumed run needs.
  public func save(_ agent: any Agent) -> SavedState {
    var state = SavedState()
    func add(_ prefix: String, _ write: (inout SavedState) -> Void) {
      var part = SavedState()
      write(&part)
      state.set(prefix: prefix, part)
    }
    add("agent", agent.save)
    add("reward", rewardModel.save)
    if let collector { add("collector", collector.save) }
    add("session") {
      $0.set("step", scalar: Int64(step))
      $0.set("iteration", scalar: Int64(iteration))
      $0.set("random", random.words)
      window.save(to: &$0)
    }
    return state
  }

  /// Puts the session and its reward model where they stood; call before `Agent.train`. The agent is restored when it
  /// is made (`AgentRecipe.makeAgent`).
  public func restore(from state: SavedState) throws {
    try rewardModel.restore(from: state.get(prefix: "reward"))
    let part = state.get(prefix: "session")
    step = Int(try part.scalar("step", as: Int64.self))
    iteration = Int(try part.scalar("iteration", as: Int64.self))
    random = try RandomSource(words: try part.get("random", count: 5))
    try window.restore(from: part)
    resumedCollector = state.get(prefix: "collector")
  }
}

/// The last hundred episodes, over which the episode metrics are averaged (as Stable-Baselines3 does).
struct EpisodeWindow {
  private static let capacity = 100
  private var returns: [Double] = []
  private var lengths: [Double] = []
  private var successes: [Double] = []
  private var total = 0
  /// The step of the run's first success; nil before it.
  private var firstSuccess: Int?

  mutating func noteSuccess(step: Int) { firstSuccess = firstSuccess ?? step }

  mutating func add(_ episodes: [EpisodeRecord]) {
    total += episodes.count
    for episode in episodes.suffix(EpisodeWindow.capacity) {
      returns.append(episode.environmentReturn)
      lengths.append(Double(episode.length))
      successes.append(episode.success ? 1 : 0)
    }
    let excess = max(0, returns.count - EpisodeWindow.capacity)
    returns.removeFirst(excess)
    lengths.removeFirst(excess)
    successes.removeFirst(excess)
  }

  var metrics: [Metric] {
    guard !returns.isEmpty else { return [Metric("episode/count", 0)] }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    return [
      Metric("episode/return", mean(returns)), Metric("episode/length", mean(lengths)),
      Metric("episode/success", mean(successes)), Metric("episode/count", Double(total)),
    ] + (firstSuccess.map { [Metric("episode/firstSuccess", Double($0))] } ?? [])
  }

  func save(to state: inout SavedState) {
    state.set("window.returns", returns)
    state.set("window.lengths", lengths)
    state.set("window.successes", successes)
    state.set("window.total", scalar: Int64(total))
    state.set("window.firstSuccess", scalar: Int64(firstSuccess ?? -1))
  }

  mutating func restore(from state: SavedState) throws {
    returns = try state.get("window.returns")
    lengths = try state.get("window.lengths", count: returns.count)
    successes = try state.get("window.successes", count: returns.count)
    total = Int(try state.scalar("window.total", as: Int64.self))
    let first = try state.scalar("window.firstSuccess", as: Int64.self)
    firstSuccess = first < 0 ? nil : Int(first)
  }
}
