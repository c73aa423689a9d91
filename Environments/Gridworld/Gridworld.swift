public import ReinforcementLearning

/// Rooms of cells seen from a corner of one's eye: MiniGrid and BabyAI, step for step and byte for byte.
///
/// One type plays all levels. A level is a `Family` with parameters; `Gridworld.levels` lists those that have
/// an id, with MiniGrid's and BabyAI's ids as aliases.
///
/// ## Task
/// Reach the goal square, or do what the mission says. The level's documentation is its family's.
///
/// ## Actions
/// 0 left and 1 right turn by 90 degrees. 2 forward moves into the cell in front if that is empty, floor, goal,
/// lava or an open door. 3 pick up takes the key, ball or box in front when nothing is carried. 4 drop puts it
/// into the cell in front if that is truly empty. 5 toggle opens and closes the door in front (a locked door
/// opens with a carried key of its colour, for good) and replaces a box by what is in it. 6 done does nothing
/// by itself. Dynamic obstacles have the first three only.
///
/// ## Observation
/// - `image` uint8 [viewSize, viewSize, 3]: (object, colour, state) of each cell, first axis the column from left
///   to right, second the row from far to near; the agent stands in the middle of the nearest row, where it sees
///   what it carries. With `view = full` [width, height, 3], the agent as object 10 with its direction as state;
///   with `oneHot` the last axis is 11 + 6 + 3 bytes of 0 or 1.
/// - `direction` uint8: 0 right, 1 down, 2 left, 3 up.
/// - `missionTokens` uint8 [words, 1]: the mission's words by number, padded with 0. A policy field where
///   missions differ between episodes, else a signal, so that networks stay small.
///
/// ## Signals
/// `mission` (text), `position` (x, y), `carried` (object and colour, 0 for nothing), `openDoors` (bit k: the
/// k-th door is open), `doorsOpened` (times a door was opened), `subgoals` (keys, locked doors, boxes with
/// contents and clauses of the mission got through, and the mission itself), `distance` (moves, pick-ups and
/// toggles that remain along a shortest plan; -1 where none was found), `cellsVisited`, `cellsSeen`
/// (configuration `countSeenCells`), `event` (text).
///
/// ## Reward
/// 1 - 0.9 * steps / time limit in the step that succeeds, else 0; dynamic obstacles cost 1, a deceptive corridor's
/// lure pays a little.
///
/// ## Start
/// The level that MiniGrid 3.2 draws with the same seed; with `noOpStarts` some steps have gone by.
///
/// ## End
/// Terminated by success, lava, a collision, a lure or a mission that failed; truncated after the level's time limit.
///
/// ## Configuration
/// `Gridworld.Configuration`.
///
/// ## Source
/// Chevalier-Boisvert et al. 2023, "Minigrid & Miniworld" (arXiv 2306.13831); Chevalier-Boisvert et al. 2019,
/// "BabyAI" (arXiv 1810.08272). Checked against recordings of minigrid 3.2.0 by `GridworldTrace`.
public struct Gridworld: Mapped, Searchable {
  /// MiniGrid's actions by their numbers, 0 to 6: turn left, turn right, forward, pick up, drop, toggle, done.
  public enum Action: UInt8, DiscreteAction {
    case left, right, forward, pickUp, drop, toggle, done
  }

  /// How a level ends, apart from what every level has (the goal square, lava).
  enum Rule: UInt8, Sendable {
    /// Nothing more.
    case reachGoal
    /// Balls move first; running into one, or into a wall, ends the episode with -1.
    case dynamicObstacles
    /// Carrying ends it, with success when it looks as `wanted`.
    case fetch
    /// Toggle and done end it, with success when done beside `place`.
    case goTo
    /// Taking what does not look as `wanted` ends it; so does a drop, with success near `place`.
    case putNear
    /// Standing at `place` is success, at `otherPlace` failure; pick up is toggle.
    case memory
    /// The door at `place` must be opened before the one at `otherPlace`.
    case redBlueDoors
    /// Success when, after a toggle, the door at `place` is open.
    case unlock
    /// Success when the object `wanted` (an identity) is picked up.
    case pickUp
    /// BabyAI's: `instruction` says.
    case instruction
    /// Standing at `place` pays the family's lure and ends the episode without success.
    case lure
  }

  /// What follows from the configuration, shared by all copies.
  let plan: Plan
  // Copies of what the plan says, since reading them through the reference costs a count in the hot loop.
  let viewSize: Int
  let isPlain: Bool
  /// Which way of writing the agent's view applies.
  let viewKind: ViewKind
  /// Whether the image is something else than the agent's view in codes.
  let hasOtherImage: Bool
  let spread: SpreadTable

  // The world.
  /// Rows of `rowStride` cells: the grid with `margin` cells of wall around it, so that no view leaves the array.
  var cells: [Cell]
  /// Cells of `cells` from one row to the next.
  let rowStride: Int
  /// Which of `cells` block sight, as bits: a word for each row, then one for each column. Kept for views of up to
  /// seven columns in grids of up to 64 cells a side, margin included.
  var opaque: [UInt64] = []
  /// What is in a box, by identity; empty where no box of the level holds anything.
  var contents: [Cell] = []
  /// The cells of all doors in the order in which they were made.
  var doors: [Int32] = []
  /// The cells of moving obstacles.
  var obstacles: [Int32] = []
  /// The agent's cell; -1 while the level is drawn and it has no place.
  var agent = -1 { didSet { agentRow = agent / rowStride } }
  /// The row of `cells` in which the agent is: kept, since a division costs as much as the rest of a turn.
  private(set) var agentRow = 0
  /// 0 right, 1 down, 2 left, 3 up.
  var direction = 0
  /// What the agent carries; zero bits for nothing.
  var carried = Cell(bits: 0)
  /// MiniGrid's generator of the same seed; levels are drawn from it and, where there are any, steps.
  var random = RandomSource(seed: 0)

  // The episode.
  /// Steps since the reset, those of a no-op start included.
  var stepCount = 0
  /// The episode's limit, T of the reward.
  var maxSteps = 1
  /// What ends the episode besides goal squares and lava.
  var rule = Rule.reachGoal
  /// The cell that the rule is about, as an index of `cells`; -1 for none.
  var place = -1
  /// The second cell of rules about two; where an object starts in the agent's hands, its place.
  var otherPlace = -1
  /// A look or an identity, depending on the rule.
  var wanted: UInt32 = 0
  /// The episode's mission; empty in the playground.
  var mission = Mission()
  /// BabyAI's instruction with what is done of it; of the rule `instruction` only.
  var instruction = Instruction()
  /// Some empty cell remembers an object.
  var hasVacatedCells = false
  /// The identity that the next object gets.
  var nextIdentity: UInt8 = 1

  // What signals report.
  var previousAction = Action.done
  /// What the last step did.
  var event = Event.none
  /// What it did it to.
  var eventCell = Cell.empty
  /// Times that a door was opened in the episode.
  var doorsOpened = 0
  /// Identities of keys, doors and boxes that counted as subgoals.
  var reached = UInt128(0)
  /// The cells that the agent stood on, and that it saw, a bit for each of `cells`.
  var visited: [UInt64]
  /// Empty unless `countSeenCells` is set.
  var seen: [UInt64] = []

  /// A gridworld without a level: the first `reset` draws one. Allocates the grid, its margin and the bits of
  /// signals.
  public init(plan: Plan) {
    self.plan = plan
    viewSize = plan.viewSize
    isPlain = plan.isPlain
    viewKind = plan.viewKind
    if viewKind == .small { opaque = Array(repeating: 0, count: plan.rowStride + plan.height + 2 * plan.margin) }
    hasOtherImage = plan.hasOtherImage
    spread = .shared
    rowStride = plan.rowStride
    cells = Array(repeating: Cell.wall, count: plan.rowStride * (plan.height + 2 * plan.margin))
    let words = (cells.count + 63) / 64
    visited = Array(repeating: 0, count: words)
    if plan.configuration.countSeenCells { seen = Array(repeating: 0, count: words) }
  }

  /// Draws the level of that seed, or of `layoutSeed`, until one is not rejected, and lets the no-op steps go
  /// by.
  ///
  /// Levels are MiniGrid 3.2's of the same seed. With a layout seed the episode's own seed only serves what is
  /// drawn afterwards.
  public mutating func reset(seed: UInt64) {
    random = RandomSource(seed: plan.layoutSeed ?? seed)
    clear()
    while true {
      do throws(LevelRejected) {
        try plan.family.generate(in: &self)
        break
      } catch {
        clear()
      }
    }
    start()
    if plan.layoutSeed != nil { random = RandomSource(seed: seed) }
    if plan.configuration.noOpStarts > 0 { wait(random.integer(in: 0..<(plan.configuration.noOpStarts + 1))) }
  }

  /// Whether the agent starts with an object in its hands that the first observation still shows in its place
  /// (`otherPlace`), as MiniGrid's does.
  @inline(__always) var showsInitialObject: Bool { stepCount == 0 && rule == .instruction && otherPlace >= 0 }

  /// Only what is drawn from here on changes: obstacles, sticky and random actions.
  public mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  /// Asked at the start of an episode: steps that went by before the agent's first are spent.
  public func timeLimit(default limit: Int) -> Int { max(1, maxSteps - stepCount) }

  /// An empty grid without an agent, as `Family.generate` expects it.
  private mutating func clear() {
    let (width, height, first, rowStride) = (plan.width, plan.height, plan.first, rowStride)
    cells.withUnsafeMutableBufferPointer { cells in
      for y in 0..<height {
        let row = first + y * rowStride
        cells[row..<row + width].update(repeating: .empty)
      }
    }
    contents.removeAll(keepingCapacity: true)
    doors.removeAll(keepingCapacity: true)
    obstacles.removeAll(keepingCapacity: true)
    agent = -1
    direction = 0
    carried = Cell(bits: 0)
    rule = .reachGoal
    instruction.order = .single
    place = -1
    otherPlace = -1
    mission = plan.mission
    maxSteps = plan.timeLimit
    hasVacatedCells = false
    nextIdentity = 1
  }

  /// The first moment of the episode in the level that was drawn.
  private mutating func start() {
    noteOpaqueCells()
    stepCount = 0
    previousAction = .done
    event = .none
    doorsOpened = 0
    reached = 0
    for index in visited.indices { visited[index] = 0 }
    for index in seen.indices { seen[index] = 0 }
    markVisited()
    if !seen.isEmpty { markSeen() }
  }
}

extension Gridworld {
  /// The ways of writing the agent's view.
  enum ViewKind: UInt8 {
    /// Through walls; with walls, small enough for `opaque`; with walls, larger.
    case seeThrough, small, large
  }

  /// What follows from a configuration and never changes: the family with its level's drawing, sizes and limits.
  public final class Plan: Sendable {
    /// The configuration that was checked.
    let configuration: Configuration
    /// The level's family with its parameters.
    let family: any Family
    /// Columns and rows, 3 to 100.
    let width, height: Int
    let viewSize: Int
    /// Cells of wall around the grid: the view's side less one.
    let margin: Int
    /// Cells from one row to the next.
    let rowStride: Int
    /// The index of the grid's upper left cell.
    let first: Int
    /// Steps of an episode where the mission does not say.
    let timeLimit: Int
    /// The mission of every episode; empty where missions differ.
    let mission: Mission
    /// Words of the field `missionTokens`, 1 to 64.
    let longestMission: Int
    /// Whether walls and closed doors hide nothing.
    let seesThroughWalls: Bool
    /// Neither sticky nor random actions, nor deaths survived, nor seen cells counted: the step of MiniGrid itself.
    let isPlain: Bool
    /// Decided here, once, since a step must not.
    let viewKind: ViewKind
    /// Whether the image is a full view or one byte of 0 or 1 a code.
    let hasOtherImage: Bool
    /// The seed of every episode's layout; nil for the episode's own.
    let layoutSeed: UInt64?
    /// What a deceptive level's lure pays.
    let lureReward: Float

    /// - Precondition: `Gridworld.plan` found nothing wrong.
    init(_ configuration: Configuration) {
      self.configuration = configuration
      family = configuration.level.family
      (width, height) = family.size
      viewSize = configuration.viewSize
      margin = configuration.viewSize - 1
      rowStride = width + 2 * margin
      first = margin * rowStride + margin
      timeLimit = configuration.timeLimit > 0 ? configuration.timeLimit : family.timeLimit ?? 1
      mission = family.constantMission.map { Mission($0) } ?? Mission()
      longestMission = max(1, family.longestMission)
      seesThroughWalls = configuration.seeThroughWalls ?? family.seesThroughWalls
      viewKind =
        seesThroughWalls ? .seeThrough : viewSize <= 7 && max(width, height) + 2 * margin <= 64 ? .small : .large
      layoutSeed = configuration.layoutSeed.map { UInt64($0) }
      lureReward = (family as? DeceptiveCorridor)?.lureReward ?? 0
      hasOtherImage = configuration.view == .full || configuration.oneHot
      isPlain =
        configuration.stickyActionProbability == 0 && configuration.randomActionProbability == 0
        && configuration.deathCost == nil && !configuration.countSeenCells
    }
  }
}
