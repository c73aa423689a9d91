public import ReinforcementLearning

/// XLand-MiniGrid: tasks made of a goal and of rules by which things turn into other things, in rooms with doors.
///
/// Not one task but a space of them: a ruleset names a goal, production rules and initial objects, and millions of
/// rulesets can be drawn. The agent sees neither goal nor rules; it is to find them out by trying, over the trials of
/// an episode.
///
/// **Task.** Bring about what the ruleset's goal says, for which the right things have to be made by the rules first.
///
/// **Actions.** 0 `forward`: one cell ahead, onto floor, a goal tile or an open door; 1 `turnClockwise`; 2
/// `turnCounterclockwise`; 3 `pickUp`: take the ball, square, pyramid, key, hex or star ahead into empty hands; 4
/// `putDown`: lay what is carried on the floor ahead; 5 `toggle`: open or close the door ahead; a locked one opens to
/// a carried key of its colour. A toggle changes a door once. After the action the rules are tried in their order, then
/// the goal is looked for; which action brings which of them into play stands at `Rule` and `Goal`.
///
/// **Observation.** `image` uint8 [5, 5, 2]: (tile, colour) of the square before the agent, turned so that it looks
/// up, row 0 farthest, the agent in row 4, column 2. Walls hide nothing; outside the grid is 0, 0; the agent's own cell
/// shows what it stands on, never what it carries. Tiles: 0 nothing, 1 floor, 2 wall, 3 ball, 4 square, 5 pyramid, 6
/// goal, 7 key, 8 locked door, 9 closed door, 10 open door, 11 hex, 12 star. Colours: 0 none, 1 red, 2 green, 3 blue, 4
/// purple, 5 yellow, 6 grey, 7 black, 8 orange, 9 white, 10 brown, 11 pink. `direction` uint8 [1]: 0 up, 1 right, 2
/// down, 3 left. With `showRuleset` also `goal` and `rules`.
///
/// **Signals.** `goal` uint8 [5] and `rules` uint8 [rules, 7]: XLand-MiniGrid's encodings, padded with zeros;
/// `position` uint8 [2]: row and column; `carried` uint8 [2]: tile and colour; `goalDistance` int32: cells between what
/// the goal wants together, across and down, walls disregarded, -1 while one of them does not exist; `rulesTriggered`
/// int32: effects of rules in the episode; `goalsReached` int32; `trial` int32: the trial's number, from 0; `event`
/// text: what the last step did.
///
/// **Reward.** 1 - 0.9 t / T when the goal is reached with the t-th step of a trial of at most T steps, otherwise 0.
///
/// **Start.** Doors in drawn places and colours, the ruleset's objects and the agent on different uniform cells of
/// floor, a uniform direction, empty hands. Every trial starts so, with the same ruleset. An object may block a way.
///
/// **End.** A trial ends when the goal is reached, a success, or after T steps; the episode ends with its last trial:
/// terminated by the goal, otherwise truncated.
///
/// **Configuration.** Layout and size, where rulesets come from, trials of an episode, steps of a trial, the view,
/// whether the policy is shown the ruleset.
///
/// **Source.** Nikulin et al., "XLand-MiniGrid: Scalable Meta-Reinforcement Learning Environments in JAX", 2023; rules,
/// encodings, layouts and generator settings as in version 0.9.3, with whose steps this is compared in the tests. The
/// trials of an episode are what automatic resets are there. Direction, signals and words are this project's.
public struct XLand: Environment, Drawable {
  /// XLand-MiniGrid's actions by their numbers, 0 to 5; see the type's documentation.
  public enum Action: UInt8, DiscreteAction {
    case forward, turnClockwise, turnCounterclockwise, pickUp, putDown, toggle
  }

  /// What follows from the configuration, shared by all copies.
  let plan: Plan
  /// Cells of `cells` from one row to the next.
  let rowStride: Int
  /// The grid with a margin of nothing, row by row.
  var cells: [Cell]
  /// The index of the agent's cell.
  var agent: Int
  /// 0 up, 1 right, 2 down, 3 left.
  public internal(set) var direction = 0
  /// What is in the agent's hands.
  public internal(set) var carried = Cell.empty
  /// Steps of the running trial.
  var stepCount = 0
  /// The running trial's number, from 0.
  public internal(set) var trial = 0
  /// The running episode's goal, rules and objects; the same in all of its trials.
  public internal(set) var ruleset: Ruleset
  /// The tiles that rules about the agent's neighbours are about, a bit each.
  var nearTiles: UInt32 = 0
  var hasNearRules: Bool { nearTiles != 0 }
  /// Draws the ruleset and each trial's world; a step draws nothing unless it ends a trial.
  var random = RandomSource(seed: 0)

  // What signals report.
  var event = Event.none
  var eventCell = Cell.empty
  /// The last rule that took effect in this step; -1 for none.
  var lastRule: Int8 = -1
  /// Whether the last step reached the goal.
  var justReached = false
  /// Effects of rules in the episode.
  var rulesTriggered = 0
  /// Trials of the episode that ended at the goal.
  var goalsReached = 0

  /// Allocates the grid; the first `reset` draws ruleset and world.
  public init(plan: Plan) {
    self.plan = plan
    rowStride = plan.rowStride
    cells = plan.template
    agent = plan.first + rowStride + 1
    ruleset = plan.ruleset ?? XLand.ruleset(plan.configuration.rulesetSetting, seed: plan.configuration.rulesetSeed)
    prepareRuleset()
  }

  /// Draws the episode's ruleset where there are several, then the first trial's world.
  public mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    if plan.ruleset == nil {
      let configuration = plan.configuration
      let number = random.integer(in: 0..<configuration.rulesetCount)
      XLand.draw(&ruleset, configuration.rulesetSetting, seed: configuration.rulesetSeed, number: number)
      prepareRuleset()
    }
    trial = 0
    rulesTriggered = 0
    goalsReached = 0
    event = .none
    lastRule = -1
    justReached = false
    drawWorld()
  }

  /// Only the worlds of later trials change: a running trial draws nothing.
  public mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  /// Notes which neighbours concern any rule.
  mutating func prepareRuleset() {
    nearTiles = 0
    for rule in ruleset.rules {
      if case .agentNear = rule.kind { nearTiles |= rule.a.tileBit }
    }
  }

  @inline(__always) func index(_ row: Int, _ column: Int) -> Int { plan.first &+ row &* rowStride &+ column }

  /// What lies in a cell of the grid.
  ///
  /// - Precondition: Row and column are within the grid.
  public internal(set) subscript(row: Int, column: Int) -> Cell {
    get { cells[index(row, column)] }
    set { cells[index(row, column)] = newValue }
  }

  /// Rows and columns of the grid, the outer wall included, 5 to 64.
  public var size: Int { plan.size }

  /// The agent's row and column.
  public internal(set) var position: (row: Int, column: Int) {
    get {
      let place = agent &- plan.first
      return (place / rowStride, place % rowStride)
    }
    set { agent = index(newValue.row, newValue.column) }
  }
}
