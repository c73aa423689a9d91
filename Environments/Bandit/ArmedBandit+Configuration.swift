import Groundwork
import ReinforcementLearning
import RealModule

extension ArmedBandit {
  /// How an arm pays.
  public enum Rewards: String, Codable, Hashable, Sendable, CaseIterable {
    /// 1 with the arm's mean as its probability, otherwise 0.
    case bernoulli
    /// The mean and a normal number times `deviation`.
    case gaussian
    /// The mean itself.
    case fixed
  }

  /// What the arms' means are drawn from at the start of every episode.
  public enum Prior: String, Codable, Hashable, Sendable, CaseIterable {
    /// Nothing: one arm is `gap` better than the others, or `means` says all.
    case none
    /// Uniform from 0 to 1.
    case uniform
    /// Normal with mean `center` and deviation `spread`.
    case normal
    /// Beta with both parameters 1 / `spread`, at least 1 each.
    case beta
    /// Evenly spaced from 0 to 1, one mean an arm (bsuite's bandit).
    case ladder
  }

  /// The arms, what they pay and for how long; the defaults are ten Bernoulli arms, one 0.6 and nine 0.4.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Number of arms (K), 2 to 1024.
    public var arms = 10
    /// How an arm pays.
    public var rewards = Rewards.bernoulli
    /// The best arm's mean less the others' (Delta), from 0; read where there is neither `means` nor `prior`.
    public var gap = 0.2
    /// Half way between the best arm and the others; of a normal prior its mean.
    public var center = 0.5
    /// The means one by one, `arms` of them; empty: by `gap` or `prior`.
    public var means: [Double] = []
    /// What the means are drawn from at the start of every episode.
    public var prior = Prior.none
    /// Deviation of a normal prior, above 0; 1 / the parameters of a beta one, above 0 to 1.
    public var spread = 1.0
    /// Deviation of what a Gaussian arm pays (sigma), from 0.
    public var deviation = 1.0
    /// All rewards and means are multiplied by it, 10^-6 to 10^6.
    public var scale = 1.0
    /// Deviation of what is added to every mean after every pull, from 0: a random walk. Bernoulli means are
    /// reflected at 0 and 1.
    public var walk = 0.0
    /// How often in an episode the means change at once, at times that are drawn: 0 to 100. The best arm then is
    /// another one; with a prior all means are drawn anew.
    public var changes = 0
    /// Whether which arm has which mean is drawn at the start of every episode.
    public var shuffled = true
    /// From 0: the same shuffling in all episodes, by this number; -1: each has its own.
    public var mapping = -1
    /// Pulls of an episode (T), 1 to 10^9.
    public var horizon = 1000
    /// What the arms are in the words of the signal `text`.
    public var scenario = BanditScenario.none
    /// Whether the words explain exploring and exploiting.
    public var detailed = false

    /// One arm of 0.6 and nine of 0.4, a thousand pulls.
    public init() {}

    /// The defaults with some changes.
    public init(_ change: (inout Configuration) -> Void) { change(&self) }
  }

  /// What follows from a configuration: the means before they are shuffled, the arms' names, the words.
  public final class Plan: Sendable {
    let configuration: Configuration
    /// By arm before shuffling, scale not applied; empty with a drawing prior.
    let means: [Double]
    let names: [String]
    /// UTF-8, padded with zeros.
    let text: [UInt8]

    init(_ configuration: Configuration) {
      self.configuration = configuration
      let arms = configuration.arms
      if !configuration.means.isEmpty {
        means = configuration.means
      } else {
        switch configuration.prior {
        case .none:
          means = (0..<arms).map { configuration.center + ($0 == 0 ? 0.5 : -0.5) * configuration.gap }
        case .ladder: means = (0..<arms).map { Double($0) / Double(arms - 1) }
        case .uniform, .normal, .beta: means = []
        }
      }
      names = configuration.scenario.names(arms)
      var bytes = Array(configuration.scenario.text(names, detailed: configuration.detailed).utf8.prefix(2048))
      bytes += Array(repeating: 0, count: 2048 - bytes.count)
      text = bytes
    }
  }

  /// - Throws: `UserError` for a number outside its range, means that are not one an arm, or a probability outside of
  ///   0 to 1.
  public static func plan(_ configuration: Configuration) throws -> Plan {
    let c = configuration
    try Check.all([
      Check("environment.arms", c.arms, in: 2...1024),
      Check("environment.gap", c.gap, in: 0...1e6),
      Check("environment.center", c.center, in: -1e6...1e6),
      Check("environment.spread", c.spread, in: 1e-6...1e6),
      Check("environment.deviation", c.deviation, in: 0...1e6),
      Check("environment.scale", c.scale, in: 1e-6...1e6),
      Check("environment.walk", c.walk, in: 0...1e6),
      Check("environment.changes", c.changes, in: 0...100),
      Check("environment.mapping", c.mapping, in: -1...1_000_000),
      Check("environment.horizon", c.horizon, in: 1...1_000_000_000),
    ])
    guard c.means.isEmpty || c.means.count == c.arms else {
      throw UserError(
        "\(c.means.count) means do not fit \(c.arms) arms",
        fix: "Name one an arm (--set environment.means=[0.4,0.6] --set environment.arms=2)")
    }
    guard c.means.isEmpty || c.prior == .none else {
      throw UserError(
        "the means are both named and drawn from a prior", fix: "Leave one out (--set environment.prior=none)")
    }
    if c.prior == .beta { try Check("environment.spread", c.spread, in: 0.001...1).enforce() }
    let plan = Plan(c)
    if c.rewards == .bernoulli {
      guard c.prior != .normal else {
        throw UserError(
          "a normal prior gives means that are no probabilities",
          fix: "Use another (--set environment.prior=uniform) or Gaussian arms (--set environment.rewards=gaussian)")
      }
      if let mean = plan.means.first(where: { !(0...1).contains($0) }) {
        let of = c.means.isEmpty ? "a gap of \(c.gap) around \(c.center) gives" : "environment.means has"
        throw UserError("\(of) the probability \(mean)", fix: "Probabilities lie in 0 to 1")
      }
    }
    if let mean = plan.means.first(where: { !$0.isFinite || abs($0) > 1e6 }) {
      throw UserError("an arm cannot have the mean \(mean)", fix: "Use numbers from -1000000 to 1000000")
    }
    // Rows and rewards are in single precision.
    let scaled = plan.means.map { $0 * c.scale }
    let top = scaled.max() ?? 0
    let gap = scaled.map { top - $0 }.filter { $0 > 0 }.min() ?? .infinity
    if let mean = scaled.first(where: { abs(Double(Float($0)) - $0) > 0.01 * gap }) {
      throw UserError(
        "single precision does not tell the mean \(mean) from one that is \(gap) away",
        fix: "Use means nearer to 0, or farther apart")
    }
    guard c.horizon > c.changes else {
      throw UserError(
        "\(c.changes) changes cannot fall into \(c.horizon) pulls", fix: "Use fewer (--set environment.changes=)")
    }
    return plan
  }

  /// The coefficient of ln T in Lai and Robbins's lower bound on the regret of arms with those means, 0 where it is not
  /// defined: the sum over the worse arms of gap over divergence.
  ///
  /// Source: Lai and Robbins 1985, "Asymptotically efficient adaptive allocation rules".
  static func laiRobbins(_ means: [Double], rewards: Rewards, deviation: Double) -> Double {
    let best = means.max()!
    return means.reduce(0) { sum, mean in
      let gap = best - mean
      guard gap > 0 else { return sum }
      switch rewards {
      case .fixed: return sum
      case .gaussian: return sum + 2 * deviation * deviation / gap
      case .bernoulli:
        guard best < 1 else { return sum }
        let first = mean > 0 ? mean * Double.log(mean / best) : 0
        let second = mean < 1 ? (1 - mean) * Double.log((1 - mean) / (1 - best)) : 0
        return sum + gap / (first + second)
      }
    }
  }
}
