import Groundwork
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
  /// What `agent.KEY` sets.
  public typealias Configuration = GoExploreConfiguration

  /// A simulator whose steps draw nothing, and the environment's own reward, which scores ways.
  public static func requirements(_ configuration: GoExploreConfiguration) -> Requirements {
    Requirements(needs: .simulator, rewards: .environment, isDeterministic: true)
  }

  /// As it was given.
  public let configuration: GoExploreConfiguration
  let simulator: Simulator
  let explorer: RandomExplorer
  private let seed: UInt64
  var random: RandomSource
  var function: CellFunction
  var archive: Archive
  /// The states of the archive's cells by number; nil until somebody asks for them: those of a checkpoint's archive are
  /// read or stepped again then.
  var states: CellStates?
  /// What a checkpoint says of the states: which cells have one (nil: all), and the states where it has them.
  var saved: (kept: [Bool]?, chunks: [SavedChunk]?) = (nil, nil)
  var downscaling: Downscaling?
  private var lanes: [ExplorationLane] = []
  /// Cycles so far: part of what the explorers' streams are made of.
  var cycle = 0
  /// Steps explored so far.
  var exploredSteps = 0
  /// Steps until the first success; nil before it.
  public internal(set) var firstSuccess: Int?
  /// Steps that were in the archive's log and are not any more.
  var forgottenSteps = 0
  /// Episodes that ended so far.
  var endedEpisodes = 0

  /// Pieces of a cycle. Nothing depends on their number but how evenly threads are loaded.
  private static let laneCount = 16

  /// Steps in the log above which what no cell needs is forgotten, if that is at least half.
  private var compactionLimit = 1 << 20

  /// An agent with an empty archive.
  ///
  /// - Throws: `UserError` for values that cannot work, a cell that the environment does not declare or that cannot be
  ///   read, or `cell=frame` where there is no picture.
  public init(_ configuration: GoExploreConfiguration, in setting: AgentSetting) throws {
    try configuration.validate()
    self.configuration = configuration
    simulator = setting.simulator!
    seed = setting.seed
    let specification = setting.specification
    if configuration.cell == "frame" && !setting.recipe.isDrawable {
      throw UserError("agent.cell=frame, and '\(setting.recipe.id)' draws no picture", fix: "Use cells of its fields")
    }
    random = RandomSource(seed: seed, purpose: .cellChoice, index: 0)
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
      keyWidth: function.width, actionWidth: explorer.width,
      selector: try CellSelector(configuration, expression: expression))
  }

  /// The last cycle: it explores from fewer cells, so that a run ends on its budget.
  public static func budgetSettings(_ configuration: GoExploreConfiguration) -> [String] {
    ["the cycle that was cut at the budget"]
  }

  /// Explores until the budget is spent, or a way succeeds and `stopsWhenSolved`.
  public func train(in session: TrainingSession) throws {
    try prepare()
    while !session.isFinished {
      if configuration.stopsWhenSolved && firstSuccess != nil { session.endBudget() }
      var steps = 0
      var episodes: [EpisodeRecord] = []
      for _ in 0..<configuration.cycles where session.step + steps < session.totalSteps {
        // 1. Choose cells; return to each and explore, no further than the budget goes.
        explore(upTo: session.totalSteps - session.step - steps, workers: session.workers)
        // 2. Take what is new or better into the archive.
        steps += merge(into: &episodes, workers: session.workers)
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

  /// - Parameter budget: Steps that are left: the last cycle explores from fewer cells, and the last of them less far,
  ///   so that a run ends on its budget. Ways back that are stepped count too.
  private func explore(upTo budget: Int, workers: Workers) {
    let archive = archive
    let states = states!
    var chosen: [Int] = []
    var limits: [Int] = []
    var left = budget
    while chosen.count < configuration.batchSize, left > 0 {
      var cell = archive.draw(&random)
      var back = way(to: cell)
      if back >= left {
        // The next cycle has what is left, and no cell is nearer than the start.
        guard chosen.isEmpty else { break }
        cell = (1..<archive.count).min { way(to: $0) < way(to: $1) }!
        back = way(to: cell)
      }
      let limit = max(1, min(configuration.exploreSteps, left - back))
      chosen.append(cell)
      limits.append(limit)
      left -= back + limit
    }
    let count = chosen.count
    let first = cycle * configuration.batchSize
    let (lanes, seed, configuration) = (lanes, seed, configuration)
    workers.perform(lanes.count) { index in
      let lane = lanes[index]
      lane.begin(cellCount: archive.count)
      for place in index * count / lanes.count..<(index + 1) * count / lanes.count {
        var random = RandomSource(seed: seed, purpose: .cellExploration, index: first + place)
        lane.explore(
          chosen[place], in: archive, states: states, returnsBy: configuration.returnsBy,
          steps: limits[place], random: &random)
      }
    }
    cycle += 1
  }

  /// Steps that going back to a cell takes.
  private func way(to cell: Int) -> Int {
    configuration.returnsBy == .snapshot && states!.has(cell) ? 0 : Int(archive.cells[cell].length)
  }

  /// Takes what the lanes found into the archive, in the order in which the cells were chosen.
  ///
  /// - Returns: Steps that the lanes took.
  private func merge(into episodes: inout [EpisodeRecord], workers: Workers) -> Int {
    var merger = ArchiveMerger(width: explorer.width)
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
    states!.take(merger.found, workers: workers)
    giveUpStates()
    exploredSteps += steps
    if archive.log.count > compactionLimit {
      compactLog()
      compactionLimit = max(1 << 20, archive.log.count * 2)
    }
    return steps
  }

  /// Where more cells have a state than may, those that are least likely to be chosen lose theirs, a tenth of the bound
  /// at a time: the weights are then compared once in many cycles.
  private func giveUpStates() {
    let states = states!
    let most = configuration.keptStates
    guard most > 0, states.keptCount > most else { return }
    let archive = archive
    let cells = (1..<archive.count).filter(states.has)
      .sorted { (archive.weight(of: $0), $0) < (archive.weight(of: $1), $1) }
    for cell in cells.prefix(states.keptCount - most + most / 10) { states.giveUp(cell) }
  }

  /// Forgets the steps that no trajectory needs any more, and counts them: a resumed run has forgotten them earlier,
  /// and what is logged must not show it.
  func compactLog() {
    let before = archive.log.count
    archive.compactLog()
    forgottenSteps += before - archive.log.count
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

  /// Lanes and states; the first cell is the start of the episode.
  ///
  /// - Throws: `UserError` when the file of states was altered.
  private func prepare() throws(UserError) {
    let seed = UInt64(configuration.episodeSeed)
    let states = try presentStates()
    lanes = (0..<min(GoExplore.laneCount, configuration.batchSize)).map { _ in
      ExplorationLane(simulator.recipe, function, explorer: explorer, seed: seed)
    }
    guard archive.count == 1 else { return }
    let lane = lanes[0]
    lane.keys.write(lane.arena, ExplorationLane.start)
    let start = archive.cell(of: lane.keys.key)
    states.take(ExplorationLane.start, of: lane.arena, to: start)
    archive.cells[start].score = 0
    archive.cells[start].length = 0
    archive.updateWeights(of: [start])
  }

  /// Gives every cell's state its key under the present function; of those that now share one the best stays.
  private func rekey() {
    let old = archive
    let oldStates = states!
    let recipe = simulator.recipe
    let fresh = CellStates(of: recipe, fields: fields, capacity: old.count)
    let arena = recipe.makeArena(capacity: 1, fields: fields)
    let scratch = SnapshotArena.Scratch(recipe.specification)
    let keys = CellKeys(function, arena)
    var archive = Archive(like: old, keyWidth: function.width)
    for index in 1..<old.count {
      if oldStates.has(index) {
        oldStates.load(index, into: arena, at: 0)
      } else {
        arena.start(0, seed: UInt64(configuration.episodeSeed))
        explorer.replay(old.log.actions(to: old.cells[index].experience)[...], arena, 0, scratch)
      }
      keys.write(arena, 0)
      let cell = archive.cell(of: keys.key)
      let candidate = old.cells[index]
      guard
        archive.cells[cell].isWorse(than: candidate.score, length: candidate.length, success: candidate.success)
      else { continue }
      archive.cells[cell] = candidate
      fresh.giveUp(cell)
      fresh.take(index, of: oldStates, to: cell)
    }
    archive.updateWeights(of: 1..<archive.count)
    self.archive = archive
    states = fresh
    for lane in lanes { lane.change(function) }
  }

  /// What the archive's states are observed for.
  var fields: [String] { function.fields }

  /// What an iteration logs; the same whether or not the run was resumed before it.
  var metrics: [Metric] {
    var metrics = [
      Metric(.archiveCells, Double(archive.count - 1)),
      Metric(.archiveSteps, Double(archive.log.count + forgottenSteps)),
      Metric(.archiveSolved, firstSuccess == nil ? 0 : 1),
    ]
    if let best = archive.best {
      metrics.append(Metric(.archiveBestScore, archive.cells[best].score))
      metrics.append(Metric(.archiveBestLength, Double(archive.cells[best].length)))
    }
    if let firstSuccess { metrics.append(Metric(.archiveFirstSuccess, Double(firstSuccess))) }
    if configuration.keptStates > 0, let states {
      metrics.append(Metric(.archiveStatesGivenUp, Double(archive.count - 1 - states.keptCount)))
    }
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
    TrajectoryPolicy(bestActions, specification: simulator.recipe.specification, slots: slots)
  }
}
