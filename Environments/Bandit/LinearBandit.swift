public import ReinforcementLearning
public import Groundwork
import RealModule

/// Arms that pay a linear function of a context, which the policy sees.
///
/// **Task.** Pull the arm whose features and hidden parameters fit best.
///
/// **Actions.** The arms, 0 to `arms` - 1.
///
/// **Observation.** `features` float32: [arms, dimension], a vector an arm, where `context` is `fixed` or `fresh`;
/// [dimension], one that all arms share, where it is `shared` or `users`; `lastReward` float32.
///
/// **Signals.** `gap`, `isBest`, `switched`, `laiRobbins` (0) as of every bandit; `means` float32 [arms]: this pull's
/// means, before it is made; `text`: the task in words.
///
/// **Reward.** The inner product of features and parameters, and normal noise; with `logistic` 1 or 0, the logistic
/// function of the product being the probability.
///
/// **Start.** Parameters are normal with deviation 1 / sqrt(dimension), features with deviation 1, so that a product
/// has deviation 1.
/// `users`: every pull is for another user; users and items are rows of two low-rank matrices, as in MovieLens'
/// factorised ratings, and the policy sees the user's row; every item's row is what it has to learn.
///
/// **End.** Truncated after `horizon` pulls.
///
/// **Configuration.** Arms, dimension, noise, where the context comes from, a file of ratings of your own.
///
/// **Source.** Li et al. 2010, "A contextual-bandit approach to personalized news article recommendation" (LinUCB);
/// Nie et al. 2024, "EVOLvE" (the MovieLens setting, here on generated low-rank data).
public struct LinearBandit: Environment, Drawable {
  /// The arm's number.
  public typealias Action = IndexAction

  /// Where features come from.
  public enum Context: String, Codable, Hashable, Sendable, CaseIterable {
    /// A vector an arm, the same in the whole episode; parameters are shared.
    case fixed
    /// A vector an arm, new for every pull; parameters are shared.
    case fresh
    /// A vector for all arms, new for every pull; every arm has its parameters.
    case shared
    /// The same, of a user out of `users`.
    case users
  }

  /// Arms, features and noise.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Number of arms (K), 2 to 1024.
    public var arms = 10
    /// Length of a vector of features (d), 1 to 64.
    public var dimension = 5
    /// Where features come from.
    public var context = Context.fixed
    /// Deviation of the noise (sigma), from 0.
    public var deviation = 0.3
    /// Whether rewards are 1 or 0 with a logistic probability.
    public var logistic = false
    /// Number of users, 1 to 100,000.
    public var users = 1000
    /// A file of ratings instead of generated ones: CSV with `user`, `item`, `rating` or, as MovieLens's `ratings.csv`
    /// has them, `userId`, `movieId`, `rating`. The `arms` items with the most
    /// ratings are the arms; users and items are factorised to `dimension` numbers by alternating least squares.
    public var ratings = SettingFile()
    /// Pulls of an episode (T), 1 to 10^9.
    public var horizon = 1000

    /// Whether the context is one vector for all arms.
    var hasSharedContext: Bool { context == .shared || context == .users }

    /// Ten fixed arms in five dimensions.
    public init() {}

    /// The defaults with some changes.
    public init(_ change: (inout Configuration) -> Void) { change(&self) }
  }

  /// The configuration, and the rows of users and items where they come from a file.
  public final class Plan: Sendable {
    let configuration: Configuration
    /// `[users, dimension]`; empty where they are generated.
    let users: [Float]
    /// `[arms, dimension]`; empty where they are generated.
    let items: [Float]
    let names: [String]
    /// The task in words.
    let text: [UInt8]

    init(_ configuration: Configuration, users: [Float], items: [Float], names: [String]) {
      self.configuration = configuration
      text = LinearBandit.words(configuration, names)
      self.users = users
      self.items = items
      self.names = names
    }
  }

  /// - Throws: `UserError` for a number outside its range, or a file of ratings that cannot be used.
  public static func plan(_ configuration: Configuration) throws -> Plan {
    let c = configuration
    try Check.all([
      Check("environment.arms", c.arms, in: 2...1024), Check("environment.dimension", c.dimension, in: 1...64),
      Check("environment.deviation", c.deviation, in: 0...1e6), Check("environment.users", c.users, in: 1...100_000),
      Check("environment.horizon", c.horizon, in: 1...1_000_000_000),
    ])
    guard !c.ratings.isEmpty else {
      return Plan(c, users: [], items: [], names: (0..<c.arms).map { "arm\($0)" })
    }
    guard c.context == .users else {
      throw UserError("ratings are of users", fix: "Use --set environment.context=users")
    }
    try c.ratings.check()
    let factors = try RatingTable(reading: c.ratings.path).factorised(items: c.arms, dimension: c.dimension)
    return Plan(c, users: factors.users, items: factors.items, names: factors.names)
  }

  let plan: Plan
  private let arms: Int
  private let dimension: Int
  private let hasOwnFeatures: Bool
  /// `[arms, dimension]` or `[dimension]`.
  private var features: [Float]
  /// `[dimension]`, or `[arms, dimension]` where features are shared.
  private var parameters: [Float]
  /// Of this pull, `[arms]`.
  private(set) var means: [Float]
  private var random = RandomSource(seed: 0)
  private var pulls = 0
  private var lastArm = -1
  private var lastReward: Float = 0
  private var lastGap: Float = 0
  private var isBest = false
  private var switched = false
  private var counts: [Int32]
  private var sums: [Float]

  /// With everything 0 until the first `reset`.
  public init(plan: Plan) {
    self.plan = plan
    arms = plan.configuration.arms
    dimension = plan.configuration.dimension
    hasOwnFeatures = plan.configuration.context == .fixed || plan.configuration.context == .fresh
    features = Array(repeating: 0, count: hasOwnFeatures ? arms * dimension : dimension)
    parameters = Array(repeating: 0, count: hasOwnFeatures ? dimension : arms * dimension)
    means = Array(repeating: 0, count: arms)
    counts = Array(repeating: 0, count: arms)
    sums = means
  }

  /// Two fields and six signals; judged by the regret.
  public static func specification(of plan: Plan) -> Specification {
    let c = plan.configuration
    let own = c.context == .fixed || c.context == .fresh
    return Specification(
      measures: BanditFamily.measures(regret: nil),
      fields: [
        Field(
          "features", shape: own ? [c.arms, c.dimension] : [c.dimension], element: .float32,
          summary: own ? "a vector an arm" : "a vector that all arms share"),
        Field("lastReward", element: .float32, summary: "what the last pull paid"),
        .signal("gap", range: 0...Double.infinity, summary: "what the last pull lost against the best arm's mean"),
        .signal("isBest", element: .uint8, range: 0...1, summary: "whether the last arm was the best"),
        .signal("switched", element: .uint8, range: 0...1, summary: "whether it was another than before"),
        .signal("laiRobbins", range: 0...0, summary: "0: no bound is known"),
        .signal("means", shape: [c.arms], summary: "the arms' means in this context"),
        .textSignal("text", bytes: plan.text.count, summary: "the task in words"),
      ],
      actions: .discrete(plan.names), timeLimit: c.horizon,
      rewards: c.logistic ? 0...1 : -Double.infinity...Double.infinity, isStochastic: true)
  }

  /// Draws parameters and the first features.
  public mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    pulls = 0
    (lastArm, lastReward, lastGap, isBest, switched) = (-1, 0, 0, false, false)
    let scale = 1 / Double(dimension).squareRoot()
    if plan.items.isEmpty {
      for place in parameters.indices { parameters[place] = Float(scale * random.normal()) }
    } else {
      for place in parameters.indices { parameters[place] = plan.items[place] }
    }
    for arm in 0..<arms { (counts[arm], sums[arm]) = (0, 0) }
    drawFeatures()
  }

  private mutating func drawFeatures() {
    if plan.configuration.context == .users {
      let user = random.integer(in: 0..<(plan.users.isEmpty ? plan.configuration.users : plan.users.count / dimension))
      if plan.users.isEmpty {
        // A user's row follows from the episode's seed no more than the number of users: it is one of a fixed set.
        var own = RandomSource(seed: UInt64(user) &+ 0x7573_6572)
        for place in 0..<dimension { features[place] = Float(own.normal()) }
      } else {
        for place in 0..<dimension { features[place] = plan.users[user * dimension + place] }
      }
    } else {
      for place in features.indices { features[place] = Float(random.normal()) }
    }
    settle()
  }

  private mutating func settle() {
    for arm in 0..<arms {
      var product: Float = 0
      let feature = hasOwnFeatures ? arm * dimension : 0
      let parameter = hasOwnFeatures ? 0 : arm * dimension
      for place in 0..<dimension { product += features[feature + place] * parameters[parameter + place] }
      means[arm] = plan.configuration.logistic ? 1 / (1 + Float(Double.exp(Double(-product)))) : product
    }
  }

  /// Changes what is drawn from here on.
  public mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  /// Pays, then draws the next context.
  public mutating func step(_ action: IndexAction) -> Transition {
    let arm = action.index
    let mean = means[arm]
    var top = -Float.infinity
    for other in means { top = max(top, other) }
    let reward =
      plan.configuration.logistic
      ? (random.uniform() < Double(mean) ? 1 : 0) : mean + Float(plan.configuration.deviation * random.normal())
    switched = pulls > 0 && arm != lastArm
    isBest = mean == top
    lastGap = top - mean
    lastArm = arm
    lastReward = reward
    counts[arm] += 1
    sums[arm] += reward
    pulls += 1
    if plan.configuration.context != .fixed { drawFeatures() }
    return Transition(reward: reward)
  }

  /// Writes the context, the last reward and the signals.
  public func observe(into row: inout ObservationRow) {
    for place in features.indices { row.write(features[place], to: 0, at: place) }
    row.write(lastReward, to: 1)
    row.write(lastGap, to: 2)
    row.write(UInt8(isBest ? 1 : 0), to: 3)
    row.write(UInt8(switched ? 1 : 0), to: 4)
    row.write(Float(0), to: 5)
    if row.wants(6) { for arm in 0..<arms { row.write(means[arm], to: 6, at: arm) } }
    if row.wants(7) {
      let text = plan.text
      row.write(text.span, to: 7)
    }
  }

  /// The task for agents that read: EVOLvE's contextual one in our words, at most 2,048 bytes.
  private static func words(_ configuration: Configuration, _ names: [String]) -> [UInt8] {
    let described =
      configuration.hasSharedContext
      ? "Before every choice you are shown a visitor as \(configuration.dimension) numbers; what an item pays depends "
        + "on the visitor. "
      : "Every item is shown as \(configuration.dimension) numbers, which say what it pays. "
    let text =
      "You recommend one of \(names.count) items at a time: \(names.joined(separator: ", ")). \(described)Your aim is "
      + "the largest sum of rewards. Answer with the name of one item and nothing else."
    return Array(text.utf8.prefix(2048))
  }

  /// The arms as bars, with this context's means.
  public func sketch() -> Sketch {
    BanditPicture(
      names: plan.names,
      arms: (0..<arms).map { arm in
        BanditPicture.Arm(
          mean: Double(means[arm]), seen: counts[arm] > 0 ? Double(sums[arm]) / Double(counts[arm]) : nil,
          pulls: Int(counts[arm]))
      }, best: means.indices.max { means[$0] < means[$1] }, last: lastArm >= 0 ? lastArm : nil, pulls: pulls
    ).sketch
  }
}
