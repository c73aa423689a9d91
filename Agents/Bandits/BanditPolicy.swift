public import Groundwork
public import ReinforcementLearning

/// What an episode begins with.
public struct WarmStart: ConfigurationPart {
  /// A log that every episode begins with: CSV or JSON lines with `arm`, `reward` and, for an algorithm that learns
  /// from a context, `x0`, `x1`, ... or, a vector an arm, `x0_0`, ...; empty for none. It fits where arms stay the
  /// same: most environments shuffle them in every episode, unless they are told not to (`mapping`, `shuffled`).
  public var warmStart = SettingFile()

  /// No log.
  public init() {}

  /// - Throws: `UserError` when a log is named, which this algorithm cannot begin with.
  func refuse(by algorithm: String) throws(UserError) {
    guard warmStart.isEmpty else {
      throw UserError(
        "\(algorithm) begins every episode knowing nothing, so it takes no log",
        fix: "Leave it out (--set agent.warmStart=''), or use --agent ucb1, thompson, lin-ucb, ...")
    }
  }
}

/// An algorithm's own settings, what its episodes begin with, and how its experience is collected.
public typealias BanditConfiguration<Parameters: ConfigurationPart> =
  JointConfiguration<Parameters, JointConfiguration<WarmStart, CollectionSettings>>

/// A bandit algorithm as a policy: hands its rule each slot's feedback and asks it for each slot's arm.
public struct BanditPolicy<Rule: BanditRule>: LearningPolicy {
  /// The rule's own settings, and those of all bandits.
  public typealias Configuration = BanditConfiguration<Rule.Parameters>

  private var core: BanditCore<Rule>

  /// Numbered actions.
  public static func requirements(_ configuration: Configuration) -> Requirements { Requirements(actions: .discrete) }

  /// - Throws: What the rule's `init` throws, and `UserError` for a log that does not fit.
  public init(_ configuration: Configuration, in setting: AgentSetting, slots: Int, choice: ActionChoice) throws {
    let problem = BanditProblem(setting.specification)
    let rule = try Rule(configuration.own, for: problem)
    if !Rule.takesLog { try configuration.shared.own.refuse(by: "this algorithm") }
    try SizeLimit.check(
      "the memory of \(slots) slots of \(rule.width) numbers has", SizeLimit.product(slots, rule.width, 8), "bytes",
      most: SizeLimit.banditBytes, fix: "Keep less of the past (a smaller window or memory), or use fewer arms")
    let log = try LoggedPull.read(
      configuration.warmStart, for: problem, features: rule.learnsFromContext ? problem.features : [])
    core = BanditCore(rule, for: problem, slots: slots, log: log)
  }

  /// The arm's probability, where the algorithm knows it.
  public var outputs: [PolicyOutput] { BanditCore<Rule>.outputs }

  /// Learns what came of the last pulls and chooses the next ones, slot by slot. - Complexity: allocates nothing.
  public mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    Rule.act(&core, on: rollout, at: time, random: &random)
  }

  /// Saves every slot's memory.
  public func save(to state: inout SavedState) { core.save(to: &state) }

  /// Puts the memories where they were saved.
  ///
  /// - Throws: `UserError` when they are of another size.
  public mutating func restore(from state: SavedState) throws { try core.restore(from: state) }
}
