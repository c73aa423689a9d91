public import Groundwork
public import ReinforcementLearning

/// Go-Explore's first phase: remember good states, return to them, explore from there at random, until solved.
///
/// Read `train` from top to bottom; a cycle is `explore` (choose cells; return and act at random, in parallel) and
/// `merge` (take what is new or better into the archive, in a fixed order). What chosen cells lead to depends on their
/// places in the cycle, not on threads: one worker and many give the same bits.
///
/// It explores the one episode of `episodeSeed` on snapshots of its own, so it needs a simulator and an environment
/// whose steps draw nothing. What it learns is a list of actions: its policy plays the best one with its eyes closed.
///
/// Source: Ecoffet et al. 2021, "First return, then explore", Nature 590 (the exploration phase and its methods).
public final class GoExplore: Agent {
  public typealias Configuration = GoExploreConfiguration

  public static var needs: Needs { .simulator }

  public let configuration: GoExploreConfiguration
  let specification: Specification
  let explorer: RandomExplorer
  private let seed: UInt64
  var random: RandomSource
  var function: CellFunction
  var archive: Archive
  /// The states of the archive's cells by number; nil until `train` has a recipe.
  var states: SnapshotArena?
  var downscaling: Downscaling?
  private var lanes: [ExplorationLane] = []
  /// Cycles so far: part of what the explorers' streams are made of.
  var cycle = 0
  /// Steps explored so far.
  var exploredSteps = 0
  /// Steps until the first success; nil before it.
  public internal(set) var firstSuccess: Int?
  /// Episodes that ended so far.
  var endedEpisodes = 0
  /// The state of a resumed run whose archive waits for its recipe.
  var hasStaleStates = false

  /// Pieces of a cycle. Nothing depends on their number but how evenly threads are loaded.
  private static let laneCount = 16

  /// Steps in the log above which what no cell needs is forgotten, if that is at least half.
  private var compactionLimit = 1 << 20

  public init(
    configuration: GoExploreConfiguration, specification: Specification, rewards: [RewardComponent], seed: UInt64
  ) throws {
    try configuration.validate()
    guard rewards.allSatisfy({ $0.name == "environment" }) else {
      let others = rewards.map(\.name).filter { $0 != "environment" }
      throw UserError(
        "go-explore compares trajectories by the environment's own return and cannot use the reward '\(others[0])'",
        fix: "Use --reward environment, or train PPO with that design (--agent ppo)")
    }
    guard specification.players == 1 else {
      throw UserError("go-explore explores for one player", fix: "Give the game an opponent (--set opponent=random)")
    }
    guard !specification.isStochastic else {
      throw UserError(
        "go-explore returns to states by repeating actions, and the steps of this environment draw random numbers",
        fix: "Make them deterministic (where there are sticky or random actions: --set stickyActionProbability=0 "
          + "--set randomActionProbability=0), or use an agent that learns a policy")
    }
    self.configuration = configuration
    self.specification = specification
    self.seed = seed
    random = RandomSource(seed: seed, purpose: 30, index: 0)
    explorer = RandomExplorer(specification, meanHold: configuration.meanHold)
    var expression: CellExpression?
    if configuration.cell == "frame" {
      let downscaling = Downscaling(configuration.frame, seed: seed)
      self.downscaling = downscaling
      function = .frame(downscaling.representation, configuration.frame)
    } else {
      expression =
        configuration.cell.isEmpty
        ? try CellExpression(declaredBy: specification, id: "this environment")
        : try CellExpression(parsing: configuration.cell, specification: specification)
      function = .fields(expression!)
    }
    archive = Archive(
      keyWidth: function.width, actionWidth: explorer.width, selector: try CellSelector(configuration, expression: expression))
  }

  public func train(in session: TrainingSession) throws {
    if configuration.cell == "frame" && !session.recipe.isDrawable {
      throw UserError("agent.cell=frame, and '\(session.recipe.id)' draws no picture", fix: "Use cells of its fields")
    }
    prepare(session.recipe)
    while !session.isFinished {
      if configuration.stopsWhenSolved && firstSuccess != nil { session.endBudget() }
      var steps = 0
      var episodes: [EpisodeRecord] = []
      for _ in 0..<configuration.cycles where session.step + steps < session.totalSteps {
        // 1. Choose cells; return to each and explore.
        explore(workers: session.workers)
        // 2. Take what is new or better into the archive.
        steps += merge(into: &episodes)
        // 3. Where cells are downscaled frames: look for a better representation now and then.
        refit(workers: session.workers)
        if configuration.stopsWhenSolved && firstSuccess != nil { break }
      }
      session.count(steps: steps, episodes: episodes, firstSuccess: firstSuccess)
      if configuration.stopsWhenSolved && firstSuccess != nil { session.endBudget() }
      try session.endIteration(of: self, metrics: metrics)
    }
  }

  // MARK: A cycle

  private func explore(workers: Workers) {
    let archive = archive
    let states = states!
    let count = configuration.batchSize
    var chosen: [Int] = []
    for _ in 0..<count { chosen.append(archive.draw(&random)) }
    let first = cycle * count
    let (lanes, seed, configuration) = (lanes, seed, configuration)
    workers.perform(lanes.count) { index in
      let lane = lanes[index]
      lane.begin(cellCount: archive.count)
      for place in index * count / lanes.count..<(index + 1) * count / lanes.count {
        var random = RandomSource(seed: seed, purpose: 31, index: first + place)
        lane.explore(
          chosen[place], in: archive, states: states, returnsBy: configuration.returnsBy,
          steps: configuration.exploreSteps, random: &random)
      }
    }
    cycle += 1
  }

  /// Takes what the lanes found into the archive, in the order in which the cells were chosen.
  ///
  /// - Returns: Steps that the lanes took.
  private func merge(into episodes: inout [EpisodeRecord]) -> Int {
    var merger = ArchiveMerger(states: states!, width: explorer.width)
    var steps = 0
    for lane in lanes {
      merger.begin(lane)
      for trajectory in lane.trajectories {
        steps += trajectory.returnSteps + trajectory.steps
        if trajectory.success && firstSuccess == nil { firstSuccess = exploredSteps + steps }
        if trajectory.outcome != .running {
          episodes.append(
            merger.episode(
              of: trajectory, in: archive, seed: UInt64(configuration.episodeSeed), number: endedEpisodes))
          endedEpisodes += 1
        }
        merger.add(trajectory, to: &archive)
      }
    }
    merger.end(in: &archive)
    exploredSteps += steps
    if archive.log.count > compactionLimit {
      archive.compactLog()
      compactionLimit = max(1 << 20, archive.log.count * 2)
    }
    return steps
  }

  private func refit(workers: Workers) {
    guard var downscaling else { return }
    for lane in lanes { downscaling.add(lane.keys.frames) }
    if downscaling.isFitDue(steps: exploredSteps, cells: archive.count) {
      if downscaling.fit(steps: exploredSteps, workers: workers) {
        function = .frame(downscaling.representation, configuration.frame)
        rekey()
      }
      downscaling.noteCells(archive.count)
    }
    self.downscaling = downscaling
  }

  // MARK: The parts of it

  /// Lanes and states for a recipe; the first cell is the start of the episode.
  private func prepare(_ recipe: EnvironmentRecipe) {
    let seed = UInt64(configuration.episodeSeed)
    if states == nil || hasStaleStates {
      states = restoreStates(recipe)
      hasStaleStates = false
    }
    lanes = (0..<min(GoExplore.laneCount, configuration.batchSize)).map { _ in
      ExplorationLane(recipe, function, explorer: explorer, seed: seed)
    }
    guard archive.count == 1 else { return }
    let keys = CellKeys(function, states!)
    states!.start(1, seed: seed)
    keys.write(states!, 1)
    let start = archive.cell(of: keys.key)
    archive.cells[start].score = 0
    archive.cells[start].length = 0
    archive.updateWeights(of: [start])
  }

  /// Gives every cell's state its key under the present function; of those that now share one the best stays.
  private func rekey() {
    let old = archive
    let oldStates = states!
    let fresh = oldStates.recipe.makeArena(capacity: old.count, fields: fields)
    let keys = CellKeys(function, oldStates)
    var archive = Archive(like: old, keyWidth: function.width)
    for index in 1..<old.count {
      keys.write(oldStates, index)
      let cell = archive.cell(of: keys.key)
      let candidate = old.cells[index]
      guard
        archive.cells[cell].isWorse(than: candidate.score, length: candidate.length, success: candidate.success)
      else { continue }
      archive.cells[cell] = candidate
      fresh.copy(index, of: oldStates, to: cell)
    }
    archive.updateWeights(of: 1..<archive.count)
    self.archive = archive
    states = fresh
    for lane in lanes { lane.change(function) }
  }

  /// What the archive's states are observed for.
  var fields: [String] { function.fields }

  private var metrics: [Metric] {
    var metrics = [
      Metric("archive/cells", Double(archive.count - 1)), Metric("archive/steps", Double(archive.log.count)),
      Metric("archive/solved", firstSuccess == nil ? 0 : 1),
    ]
    if let best = archive.best {
      metrics.append(Metric("archive/bestScore", archive.cells[best].score))
      metrics.append(Metric("archive/bestLength", Double(archive.cells[best].length)))
    }
    if let firstSuccess { metrics.append(Metric("archive/firstSuccess", Double(firstSuccess))) }
    return metrics
  }

  // MARK: What it has found

  /// Cells found so far, that of ended episodes left out.
  public var cellCount: Int { archive.count - 1 }

  /// The actions of the best trajectory, `[steps, width]`; empty before anything was explored.
  public var bestActions: [Float] {
    archive.best.map { archive.log.actions(to: archive.cells[$0].experience) } ?? []
  }

  /// Plays the best trajectory, whatever happens, and random actions after it.
  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy {
    TrajectoryPolicy(bestActions, specification: specification, slots: slots)
  }
}
