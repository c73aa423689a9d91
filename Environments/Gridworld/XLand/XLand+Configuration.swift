import Groundwork
import ReinforcementLearning

extension XLand {
  /// The rooms, the rulesets and the trials; the defaults are XLand-MiniGrid's.
  public struct Configuration: Codable, Hashable, Sendable {
    /// How walls divide the grid.
    public var layout = Layout.R1
    /// Side of the grid, walls included; which sizes there are depends on the layout, at most 64.
    public var size = 9
    /// The benchmark that rulesets are drawn from.
    public var rulesetSetting = Setting.small
    /// The seed of the rulesets.
    public var rulesetSeed: UInt64 = 42
    /// Number of rulesets, 1 to 2^32 - 1: every episode is about one of them, drawn anew.
    public var rulesetCount = 1
    /// A ruleset of one's own in place of drawn ones: a document or the path of a file, see `Ruleset`.
    public var ruleset: Ruleset?
    /// Trials of an episode, 1 to 10,000.
    public var trials = 1
    /// Steps of a trial, T; 0: three times the number of cells, walls included.
    public var timeLimit = 0
    /// Side of the square that the agent sees, odd, 3 to 15.
    public var viewSize = 5
    /// Whether the policy sees the fields `goal` and `rules`, which are signals otherwise.
    public var showRuleset = false

    /// One room of 9 x 9 cells, one ruleset of the benchmark `small`, one trial of 243 steps.
    public init() {}

    /// A layout at a size that it allows; the rest as by default.
    public init(layout: Layout, size: Int) {
      self.layout = layout
      self.size = size
    }

    /// Steps of a trial.
    var trialLimit: Int { timeLimit > 0 ? timeLimit : 3 * size * size }

    /// Rows of the field `rules`: at least one.
    var mostRules: Int { max(1, ruleset?.rules.count ?? rulesetSetting.mostRules) }
  }

  /// Checks the configuration, makes the grid without doors and, where there is only one, the ruleset.
  ///
  /// - Throws: `UserError` when the layout does not allow the size, a number is out of range, the objects and
  ///   the agent do not fit on the floor, or the goal is about a position outside the grid.
  public static func plan(_ configuration: Configuration) throws -> Plan {
    let c = configuration
    try Check.all([
      Check(
        "environment.size", c.size, c.layout.allows(size: c.size), "Use \(c.layout.sizes) with the layout \(c.layout)"),
      Check("environment.rulesetCount", c.rulesetCount, in: 1...4_294_967_295),
      Check("environment.trials", c.trials, in: 1...10_000),
      Check("environment.timeLimit", c.timeLimit, in: 0...1_000_000),
      // The agent looks out of the middle of a square's side.
      Check(
        "environment.viewSize", c.viewSize, c.viewSize % 2 == 1 && (3...15).contains(c.viewSize),
        "Use an odd number from 3 to 15"),
    ])
    let plan = Plan(configuration)
    guard plan.objects < plan.free.count else {
      throw UserError(
        """
        \(plan.objects) objects and the agent do not fit into the \(plan.free.count) free cells of \(c.layout) \
        at size \(c.size)
        """,
        fix: "Use a larger size, a lower rulesetSetting or fewer objects")
    }
    if let ruleset = c.ruleset, ruleset.isOutside(size: c.size) {
      throw UserError(
        "the ruleset's goal is about row \(ruleset.goal.row), column \(ruleset.goal.column), outside a grid of size "
          + "\(c.size)",
        fix: "Use a position from 1, 1 to \(c.size - 2), \(c.size - 2)")
    }
    return plan
  }
}
