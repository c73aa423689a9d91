public import ReinforcementLearning
import RealModule

/// Arms that pay by chance, each with a mean of its own: the multi-armed bandit.
///
/// **Task.** Pull the arm with the highest mean as often as possible, without knowing which it is.
///
/// **Actions.** The arms, 0 to `arms` - 1.
///
/// **Observation.** `lastArm` int16: the arm that was pulled last, `arms` before the first pull; `lastReward` float32:
/// what it paid. A policy that learns inside the episode needs no more.
///
/// **Signals.** `gap` float32: the best arm's mean less that of the arm that was pulled last; `isBest` uint8: whether
/// it was the best; `switched` uint8: whether it was another than the pull before; `laiRobbins` float32: the
/// coefficient of ln T in Lai and Robbins's bound, 0 where means move or nothing is random; `means` and `gaps` float32
/// [arms]; `optimum` float32; `bestArm` int16; `text`: the task in words.
///
/// **Reward.** By `rewards`: 1 or 0, the mean and noise, or the mean.
///
/// **Start.** Means by `gap`, `means` or `prior`; which arm has which is drawn.
///
/// **End.** Truncated after `horizon` pulls.
///
/// **Configuration.** Arms, means, noise, change over time, words.
///
/// **Source.** Robbins 1952; Sutton and Barto, "Reinforcement Learning", 2nd edition, chapter 2 (the testbed); Nie et
/// al. 2024, "EVOLvE" (the settings with words); Osband et al. 2020, "Behaviour suite" (bsuite's bandit).
public struct ArmedBandit: Environment, Drawable {
  /// The arm's number.
  public typealias Action = IndexAction

  /// One arm of the running episode.
  struct Arm {
    var mean: Float = 0
    var gap: Float = 0
    /// The probability in units of 2^-53.
    var threshold: UInt64 = 0
    var pulls: Int32 = 0
    var sum: Float = 0
  }

  let plan: Plan
  private let rewards: Rewards
  private let isMoving: Bool
  private let deviation: Double
  private let scale: Float
  private(set) var arms: [Arm]
  private var random = RandomSource(seed: 0)
  private(set) var pulls = 0
  private(set) var lastArm: Int
  private(set) var lastReward: Float = 0
  private var lastGap: Float = 0
  private var isBest = false
  private var switched = false
  private(set) var best = 0
  private var laiRobbins: Float = 0
  /// Pulls after which the means change, the next one last.
  private var changes: [Int] = []

  /// With all means 0 until the first `reset`.
  public init(plan: Plan) {
    self.plan = plan
    let configuration = plan.configuration
    rewards = configuration.rewards
    isMoving = configuration.walk > 0 || configuration.changes > 0
    deviation = configuration.deviation * configuration.scale
    scale = Float(configuration.scale)
    arms = Array(repeating: Arm(), count: configuration.arms)
    lastArm = configuration.arms
    changes.reserveCapacity(configuration.changes)
  }

  /// Two fields and nine signals; judged by the regret.
  public static func specification(of plan: Plan) -> Specification {
    let c = plan.configuration
    let poor: ClosedRange<Double>? =
      plan.means.isEmpty || plan.means.max()! == plan.means.min()!
      ? nil
      : 0...(plan.means.max()! - plan.means.reduce(0, +) / Double(c.arms)) * c.scale * Double(c.horizon)
    let means = BanditFamily.meanRange(plan)
    let spread = means.upperBound - means.lowerBound
    return Specification(
      measures: BanditFamily.measures(regret: poor),
      fields: [
        Field(
          "lastArm", shape: [1], element: .int16, kind: .categorical([c.arms + 1]),
          summary: "the arm that was pulled last"),
        Field("lastReward", element: .float32, summary: "what it paid"),
        .signal("gap", range: 0...spread, summary: "what the last pull lost against the best arm's mean"),
        .signal("isBest", element: .uint8, range: 0...1, summary: "whether the last arm was the best"),
        .signal("switched", element: .uint8, range: 0...1, summary: "whether it was another than before"),
        .signal("laiRobbins", range: 0...Double.infinity, summary: "coefficient of ln T in Lai and Robbins's bound"),
        .signal("means", shape: [c.arms], range: means, summary: "the arms' means"),
        .signal("gaps", shape: [c.arms], range: 0...spread, summary: "the best mean less each"),
        .signal("optimum", range: means, summary: "the best mean"),
        .signal("bestArm", element: .int16, range: 0...Double(c.arms - 1), summary: "the best arm"),
        .textSignal("text", bytes: plan.text.count, summary: "the task in words"),
      ],
      actions: .discrete(plan.names), timeLimit: c.horizon,
      rewards: c.rewards == .gaussian
        ? -Double.infinity...Double.infinity : c.rewards == .bernoulli ? 0...c.scale : means,
      isStochastic: c.rewards != .fixed || c.walk > 0 || c.changes > 0)
  }

  /// Draws means and their order.
  public mutating func reset(seed: UInt64) {
    let c = plan.configuration
    random = RandomSource(seed: seed)
    pulls = 0
    (lastArm, lastReward, lastGap, isBest, switched) = (arms.count, 0, 0, false, false)
    drawMeans()
    changes.removeAll(keepingCapacity: true)
    while changes.count < c.changes {
      let pull = random.integer(in: 1..<c.horizon)
      if !changes.contains(pull) { changes.append(pull) }
    }
    changes.sort(by: >)
    settle()
    laiRobbins =
      isMoving
      ? 0
      : Float(
        ArmedBandit.laiRobbins(arms.map { Double($0.mean) / c.scale }, rewards: rewards, deviation: c.deviation)
          * c.scale)
  }

  private mutating func drawMeans() {
    let c = plan.configuration
    for arm in arms.indices {
      let mean: Double
      switch c.prior {
      case .none, .ladder: mean = plan.means[arm]
      case .uniform: mean = random.uniform()
      case .normal: mean = c.center + c.spread * random.normal()
      case .beta: mean = drawBeta(1 / c.spread)
      }
      arms[arm] = Arm(mean: Float(mean * c.scale))
    }
    guard c.shuffled else { return }
    if c.mapping >= 0 {
      var mapping = RandomSource(seed: UInt64(c.mapping))
      mapping.shuffle(&arms)
    } else {
      random.shuffle(&arms)
    }
  }

  /// Beta with both parameters the same: by Best's way, from Student's law with twice as many degrees of freedom.
  private mutating func drawBeta(_ parameter: Double) -> Double {
    // Bailey's polar method for Student's t.
    let degrees = 2 * parameter
    while true {
      let u = 2 * random.uniform() - 1
      let v = 2 * random.uniform() - 1
      let square = u * u + v * v
      guard square > 0, square < 1 else { continue }
      let t = u * (degrees * (Double.pow(square, -2 / degrees) - 1) / square).squareRoot()
      return 0.5 + 0.5 * t / (degrees + t * t).squareRoot()
    }
  }

  /// What follows from the means: the best arm, gaps, thresholds.
  private mutating func settle() {
    best = 0
    for arm in arms.indices where arms[arm].mean > arms[best].mean { best = arm }
    let top = arms[best].mean
    for arm in arms.indices {
      arms[arm].gap = top - arms[arm].mean
      let probability = Double(arms[arm].mean / scale)
      arms[arm].threshold = UInt64(max(0, min(1, probability)) * 0x1p53)
    }
  }

  /// Changes what the arms pay from here on, not their means.
  public mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  /// Pays, then moves the means where they move.
  public mutating func step(_ action: IndexAction) -> Transition {
    let index = action.index
    let arm = arms[index]
    let reward: Float
    switch rewards {
    case .bernoulli: reward = random.next() >> 11 < arm.threshold ? scale : 0
    case .gaussian: reward = arm.mean + Float(deviation * random.normal())
    case .fixed: reward = arm.mean
    }
    switched = index != lastArm && pulls > 0
    isBest = arm.gap == 0
    lastGap = arm.gap
    lastArm = index
    lastReward = reward
    arms[index].pulls &+= 1
    arms[index].sum += reward
    pulls &+= 1
    if isMoving { move() }
    return Transition(reward: reward)
  }

  private mutating func move() {
    let c = plan.configuration
    if c.walk > 0 {
      for arm in arms.indices {
        var mean = Double(arms[arm].mean) + c.walk * c.scale * random.normal()
        if rewards == .bernoulli {
          let top = c.scale
          // However far it went, at most one reflection is left.
          if mean < -top || mean > 2 * top { mean = mean.remainder(dividingBy: 2 * top) }
          while mean < 0 || mean > top { mean = mean < 0 ? -mean : 2 * top - mean }
        }
        arms[arm].mean = Float(mean)
      }
      settle()
    }
    while let next = changes.last, pulls >= next {
      changes.removeLast()
      if c.prior == .none || c.prior == .ladder {
        // Another arm is the best one: the two exchange their means.
        let other = (best + random.integer(in: 1..<arms.count)) % arms.count
        let mean = arms[other].mean
        arms[other].mean = arms[best].mean
        arms[best].mean = mean
      } else {
        for arm in arms.indices {
          let mean: Double
          switch c.prior {
          case .uniform: mean = random.uniform()
          case .normal: mean = c.center + c.spread * random.normal()
          default: mean = drawBeta(1 / c.spread)
          }
          arms[arm].mean = Float(mean * c.scale)
        }
      }
      settle()
    }
  }

  // Inlined, so that the compiler need not copy the value to hand it over: 5 of 60 ns a pull.
  /// Writes the last pull, and the signals.
  @inline(__always)
  public func observe(into row: inout ObservationRow) {
    row.write(Int16(truncatingIfNeeded: lastArm), to: 0)
    row.write(lastReward, to: 1)
    row.write(lastGap, to: 2)
    row.write(UInt8(isBest ? 1 : 0), to: 3)
    row.write(UInt8(switched ? 1 : 0), to: 4)
    row.write(laiRobbins, to: 5)
    if row.wants(6) { for arm in arms.indices { row.write(arms[arm].mean, to: 6, at: arm) } }
    if row.wants(7) { for arm in arms.indices { row.write(arms[arm].gap, to: 7, at: arm) } }
    row.write(arms[best].mean, to: 8)
    row.write(Int16(truncatingIfNeeded: best), to: 9)
    if row.wants(10) {
      let text = plan.text
      row.write(text.span, to: 10)
    }
  }

  /// The arms as bars: the mean in truth, what has been seen of it, and how often each was pulled.
  public func sketch() -> Sketch {
    BanditPicture(
      names: plan.names,
      arms: arms.map { arm in
        BanditPicture.Arm(
          mean: Double(arm.mean), seen: arm.pulls > 0 ? Double(arm.sum) / Double(arm.pulls) : nil,
          pulls: Int(arm.pulls))
      }, best: best, last: pulls > 0 ? lastArm : nil, pulls: pulls
    ).sketch
  }
}
