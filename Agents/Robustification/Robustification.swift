public import Groundwork
public import ReinforcementLearning

/// Robustification by the backward algorithm: makes of demonstrations that only work without noise a policy that
/// works with it. Go-Explore's second phase.
///
/// Read `train` from top to bottom. A demonstration is replayed without noise to a snapshot of every step. Episodes
/// start from snapshots in a window near its end, under the run's own rules (sticky actions, no-op starts); when
/// enough of them match its score the window moves towards its beginning. One start in `demonstrations + 1` is the
/// start of the game. The learner is PPO, which imitates the demonstrations' remaining steps beside what it collects.
///
/// Not a planner: it restores snapshots in training only; what it has learnt is a plain policy.
///
/// Source: Ecoffet et al. 2021, "First return, then explore", methods; Salimans and Chen 2018; facts of the reference
/// (`atari-reset`). Without its recurrent layer, whose purpose there is to see what one frame does not show.
public final class Robustification: Agent {
  /// What `agent.KEY` sets.
  public typealias Configuration = RobustifyConfiguration

  /// A simulator, recorded episodes and the environment's own reward.
  public static func requirements(_ configuration: RobustifyConfiguration) -> Requirements {
    Requirements(
      needs: [.simulator, .demonstrations], rewards: .environment, demonstrations: configuration.demonstrations)
  }

  let configuration: RobustifyConfiguration
  private let learner: PPO
  private let demonstrations: Demonstrations
  private(set) var windows: [StartWindow]

  /// Refuses values out of range, PPO's included.
  public static func check(_ configuration: RobustifyConfiguration) throws {
    try configuration.validate()
    try configuration.learner.validate(path: "agent.learner.")
  }

  /// An agent whose windows lie at the ends of its demonstrations. - Complexity: Every demonstration is stepped twice
  /// and one snapshot of each of its steps is kept.
  ///
  /// - Throws: `UserError` for values that cannot work together, and for demonstrations that are of another
  ///   environment, do not replay or show nothing worth imitating.
  public init(_ configuration: RobustifyConfiguration, in setting: AgentSetting) throws {
    try Self.check(configuration)
    self.configuration = configuration
    learner = try PPO(
      configuration.learner, in: setting, specification: setting.specification, path: "agent.learner.")
    let demonstrations = try Demonstrations(setting.demonstrations!, recipe: setting.simulator!.recipe)
    self.demonstrations = demonstrations
    windows = demonstrations.all.map { StartWindow(length: $0.length, size: configuration.window) }
  }

  /// Collects from the windows, learns and moves them in turns until the budget is spent.
  ///
  /// - Throws: `UserError` when a loss or the gradient's norm is no number, and what the session throws.
  public func train(in session: TrainingSession) throws {
    let settings = configuration.learner
    let scale = demonstrations.rewardScale(to: configuration.demonstrationReturn)
    let imitation = SelfImitation(
      coefficient: configuration.imitationCoefficient, valueCoefficient: configuration.imitationValueCoefficient,
      batch: configuration.imitationBatch, specification: demonstrations.arena.recipe.specification,
      rowBytes: demonstrations.arena.layout.rowBytes)
    demonstrations.add(to: imitation, discount: settings.discount, rewardScale: scale)
    let directors = (0..<settings.batches).map {
      DemonstrationDirector(
        demonstrations, rules: RestartRules(configuration), rewardScale: scale, index: $0,
        slots: settings.slots / settings.batches, seed: session.seed)
    }
    let collector = try session.makeCollector(
      slots: settings.slots, batches: settings.batches, steps: settings.steps, directors: directors)
    learner.prepare(for: collector, imitating: imitation)
    while !session.isFinished {
      // 1. Collect from starts in the windows.
      for director in directors { director.windows = windows }
      try learner.collect(in: session)

      // 2. Learn, imitating what the demonstrations do from the windows on.
      imitation.candidates = candidates
      var metrics = try learner.learn(in: session)

      // 3. Move the windows, log; the session may evaluate, save a checkpoint, or stop.
      metrics += moveWindows(directors.flatMap(\.results))
      try session.endIteration(of: self, metrics: metrics)
    }
  }

  /// A plain policy of what has been learnt so far: it restores nothing.
  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy {
    learner.makePolicy(slots: slots, choice: choice)
  }

  // MARK: The parts of an iteration

  /// The steps of the demonstrations from the windows' beginnings to their ends.
  private var candidates: [Int32] {
    guard configuration.imitationCoefficient > 0 || configuration.imitationValueCoefficient > 0 else { return [] }
    return zip(windows, demonstrations.all).flatMap { window, demonstration in
      (window.range.lowerBound..<demonstration.length).map { Int32(demonstration.first + $0) }
    }
  }

  /// Notes how episodes ended and moves the windows; the metrics say how far they are.
  private func moveWindows(_ results: [StartResult]) -> [Metric] {
    var (games, wonGames) = (0, 0)
    for result in results {
      if let demonstration = result.demonstration {
        windows[demonstration].record(start: result.start, success: result.success)
      } else {
        games += 1
        wonGames += result.success ? 1 : 0
      }
    }
    let count = Double(windows.count)
    let success = windows.reduce(0) { $0 + $1.successRate } / count
    for index in windows.indices {
      windows[index].move(
        threshold: configuration.moveThreshold, retreat: configuration.retreat,
        episodesPerStart: configuration.episodesPerStart)
    }
    var metrics = [
      Metric(.startWindowEnd, windows.reduce(0) { $0 + Double($1.end) } / count),
      Metric(.startRemaining, windows.reduce(0) { $0 + Double($1.end) / Double($1.length) } / count),
      Metric(.startWindowSuccess, success),
    ]
    if games > 0 { metrics.append(Metric(.startGameSuccess, Double(wonGames) / Double(games))) }
    return metrics
  }

  // MARK: Saving

  /// Takes over what the networks of another run learnt.
  public func adopt(_ state: SavedState) throws { try learner.adopt(state) }
  /// The learner's.
  public static func budgetSettings(_ configuration: RobustifyConfiguration) -> [String] {
    configuration.learner.budgetSettings(path: "agent.learner.")
  }

  /// Saves the learner, the windows and the demonstrations' text.
  public func save(to state: inout SavedState) {
    var part = SavedState()
    learner.save(to: &part)
    state.set(prefix: "learner", part)
    DemonstrationFiles.save(demonstrations.all.map(\.replay), to: &state)
    for (index, window) in windows.enumerated() {
      part = SavedState()
      window.save(to: &part)
      state.set(prefix: "window.\(index)", part)
    }
  }

  /// Puts learner and windows where they were saved; the demonstrations came with the setting.
  ///
  /// - Throws: `UserError` when an entry is missing or of another shape.
  public func restore(from state: SavedState) throws {
    try learner.restore(from: state.get(prefix: "learner"))
    for index in windows.indices { try windows[index].restore(from: state.get(prefix: "window.\(index)")) }
  }
}
