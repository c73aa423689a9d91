public import Groundwork

/// Thrown out of `Agent.train` when the run was asked to stop; everything so far has been saved.
public struct TrainingStopped: Error {
  /// Thrown by `endIteration`; agents let it through.
  public init() {}
}

/// One training run as its agent sees it: the budget, the batches, the reward design, the workers and the log.
public final class TrainingSession {
  /// The environment, as far as its agent may use it: see `AgentSetting.recipe`.
  public let recipe: EnvironmentRecipe
  /// The run's.
  public let seed: UInt64
  /// Budget in environment steps.
  public private(set) var totalSteps: Int
  /// The threads that everything of this run shares; their number changes no bit of a result.
  public let workers: Workers
  /// As it stands after the last collection that it watched.
  public private(set) var rewardModel: RewardDesign
  /// Environment steps so far.
  public private(set) var step = 0
  /// Iterations so far.
  public private(set) var iteration = 0
  /// The agent's rewards of the last collection, `[components, steps, slots]` for each rollout, weights applied: the
  /// reward design's components, or one where directors pay; none of another environment.
  public private(set) var scores: [RewardScores] = []
  /// The same before the weights, for who normalises every component by itself.
  public private(set) var unweightedScores: [RewardScores] = []
  /// Seconds that the reward design has taken in this program; nothing but the log's speeds depends on them.
  private var rewardSeconds = 0.0

  private weak var observer: (any TrainingObserver)?
  /// The signals that the agent's policies were granted.
  private let signals: [String]
  private var collector: Collector?
  /// Whether the collector's batches are of the run's environment.
  private var isOwnEnvironment = true
  /// Whether the reward design scores what is collected.
  private var isScored = false
  /// Where the collector stood in the run that is resumed, until the agent asks for it.
  private var resumedCollector: SavedState?
  private var random: RandomSource
  private var window: EpisodeWindow
  private var lastEpisodes: [EpisodeRecord] = []
  private var sums: ComponentSums
  /// What the reward models logged when they last learnt, until an iteration ends.
  private var rewardMetrics: [Metric] = []

  /// - Parameter signals: What the agent's policies read beside the policy's fields (`AgentRecipe.signals(in:)`).
  public init(
    recipe: EnvironmentRecipe, rewardModel: RewardDesign, totalSteps: Int, seed: UInt64, workers: Workers,
    signals: [String] = [], observer: (any TrainingObserver)? = nil
  ) {
    self.recipe = recipe.limited(toSignals: signals + rewardModel.signals)
    self.signals = signals
    self.rewardModel = rewardModel
    self.totalSteps = totalSteps
    self.seed = seed
    self.workers = workers
    self.observer = observer
    random = RandomSource(seed: seed, purpose: .rewardLearning, index: 0)
    window = EpisodeWindow(recipe.specification)
    sums = ComponentSums(components: rewardModel.components.count)
  }

  /// The environment's shapes and limits: the recipe's.
  public var specification: Specification { recipe.specification }

  /// Whether the budget is spent.
  public var isFinished: Bool { step >= totalSteps }

  /// The batches of this run; an agent calls this once, at the start of `train`. In a resumed run they stand where
  /// they stood.
  ///
  /// Rewards to learn from are the reward design's, or the directors' where they pay themselves. Steps in another
  /// environment than the run's, such as a game whose opponent is taken out, count as the run's; its episodes do not,
  /// and the design, which knows the run's environment, does not score them.
  ///
  /// - Parameters:
  ///   - other: The environment, where it is not the run's.
  ///   - signals: Signals that the directors read.
  ///   - fields: Policy fields after the environment's own, which the directors write.
  ///   - directors: One a batch; empty for none.
  ///   - recording: Without actions a run is only resumed from a checkpoint between episodes.
  public func makeCollector(
    of other: EnvironmentRecipe? = nil, slots: Int, batches: Int, steps: Int, signals: [String] = [],
    fields: [Field] = [], directors: [any Director] = [], recording: EpisodeRecording = .actions
  ) throws -> Collector {
    let recipe = other ?? recipe
    isOwnEnvironment = recipe.configuration == self.recipe.configuration
    let isPaid = directors.first?.sampleRules.contains(.rewards) ?? false
    isScored = isOwnEnvironment && !isPaid
    let seen = isOwnEnvironment ? self.signals + (isScored ? rewardModel.signals : []) : []
    let collector = try Collector(
      recipe: recipe, slots: slots, batches: batches, steps: steps,
      signals: seen + signals.filter { !seen.contains($0) }, fields: fields, directors: directors,
      recording: recording, seed: seed)
    if let resumedCollector { try collector.restore(from: resumedCollector) }
    resumedCollector = nil
    self.collector = collector
    unweightedScores = makeScores(collector, components: isPaid ? 1 : isScored ? rewardModel.components.count : 0)
    let isWeighted = isScored && rewardModel.components.contains { $0.weight != 1 }
    scores = isWeighted ? makeScores(collector, components: rewardModel.components.count) : unweightedScores
    return collector
  }

  private func makeScores(_ collector: Collector, components: Int) -> [RewardScores] {
    collector.rollouts.map { RewardScores(components: components, count: $0.steps * $0.slots) }
  }

  /// Collects one rollout a batch; scores it with the reward design and lets the design learn from it, or takes what
  /// its directors pay.
  public func collect<P: Policy>(_ policies: inout [P]) throws {
    guard let collector else { preconditionFailure("makeCollector comes before collect") }
    let ended = try collector.collect(&policies, workers: workers)
    lastEpisodes = isOwnEnvironment ? ended : []
    if isScored {
      try score(collector.rollouts)
    } else {
      for (rollout, score) in zip(collector.rollouts, scores) where score.components == 1 {
        _ = score[0].update(fromContentsOf: rollout.sampleRules!.rewards)
      }
    }
    window.add(lastEpisodes)
    if let time = lastEpisodes.lazy.filter(\.success).map(\.time).min() {
      window.noteSuccess(step: step + (time + 1) * (collector.stepsPerCollection / collector.rollouts[0].steps))
    }
    step += collector.stepsPerCollection
  }

  private func score(_ rollouts: [Rollout]) throws {
    let start = Clock.seconds
    defer { rewardSeconds += Clock.seconds - start }
    try rewardModel.watch(rollouts, into: unweightedScores, workers: workers)
    for (plain, weighted) in zip(unweightedScores, scores) where plain !== weighted {
      plain.weigh(by: rewardModel.components, into: weighted)
    }
    sums.add(rollouts, scores)
    rewardMetrics = try rewardModel.learn(from: rollouts, random: &random, workers: workers)
  }

  /// Changes when what the reward design pays for a transition was learnt anew, after which a learner that keeps
  /// transitions asks for their rewards again; never where a term cannot be asked for single transitions.
  public var rewardRevision: Int { isScored && rewardModel.recipe.relabels ? rewardModel.revision : 0 }

  /// What the reward design pays for transitions as it stands, all components together, weights applied.
  public func rewards(of transitions: Transitions) throws -> [Float] {
    let start = Clock.seconds
    defer { rewardSeconds += Clock.seconds - start }
    let scores = RewardScores(components: rewardModel.components.count, count: transitions.count)
    try rewardModel.reward(of: transitions, into: scores, workers: workers)
    scores.weigh(by: rewardModel.components, into: scores)
    return scores.sums
  }

  /// Counts steps that an agent took with batches or snapshots of its own, instead of `collect`.
  ///
  /// - Parameters:
  ///   - episodes: Those that ended in them, for the episode metrics and the run's replays.
  ///   - firstSuccess: The step of the run at which the first of them succeeded, where the agent knows it; otherwise
  ///     the last one counts.
  public func count(steps: Int, episodes: [EpisodeRecord], firstSuccess: Int? = nil) {
    lastEpisodes = episodes.map { $0.withMeasures(of: specification) }
    window.add(lastEpisodes)
    step += steps
    if episodes.contains(where: \.success) { window.noteSuccess(step: firstSuccess ?? step) }
  }

  /// Ends the budget here: the agent has what it was to find.
  public func endBudget() { totalSteps = min(totalSteps, step) }

  /// Ends an iteration: metrics are logged, a checkpoint may be written.
  ///
  /// - Throws: `TrainingStopped` when the run was asked to stop.
  public func endIteration(of agent: any Agent, metrics: [Metric]) throws {
    iteration += 1
    var all = window.metrics + metrics
    if isScored, let means = sums.means {
      for (component, mean) in zip(rewardModel.components, means) { all.append(Metric(.reward(component.name), mean)) }
    }
    all += rewardMetrics
    rewardMetrics = []
    let report = IterationReport(
      step: step, isLast: isFinished, metrics: all, episodes: lastEpisodes, rewardSeconds: rewardSeconds)
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
      sums.save(to: &$0)
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
    try sums.restore(from: part)
    // A checkpoint from before the first collection has none.
    let collector = state.get(prefix: "collector")
    resumedCollector = collector.names.isEmpty ? nil : collector
  }
}
