public import Groundwork
public import ReinforcementLearning
import RealModule

/// Informed Thompson sampling: means are drawn from what is believed of them after an expert's choices and the rewards
/// so far.
///
/// The expert chose arm a with a probability in proportion to exp(beta mean_a), of means that she knows exactly. With
/// rewards that are normal the law to draw from is a normal one times the likelihood of the choices.
///
/// - `exact`: slice sampling on ellipses of the normal law, which has exactly that law as its own: `moves` a pull from
///   where it stood.
/// - `bootstrap`: the Bayesian bootstrap: every term of the logarithm gets an exponential weight, the prior's mean is
///   drawn, and the maximum is found by Newton's steps.
/// - `ignore`: plain Thompson sampling.
///
/// Source: Hao, Jain, Lattimore, Van Roy and Wen 2023, "Leveraging demonstrations to improve online learning: quality
/// matters"; Murray, Adams and MacKay 2010, "Elliptical slice sampling".
public struct InformedThompson: LearningPolicy {
  /// How the posterior is drawn from.
  public enum Method: String, Codable, Hashable, Sendable, CaseIterable {
    /// Elliptical slice sampling.
    case exact
    /// The Bayesian bootstrap.
    case bootstrap
    /// Without the demonstrations.
    case ignore
  }

  /// The method, prior and noise, and how experience is collected.
  public struct Configuration: BanditConfiguration {
    /// How the posterior is drawn from.
    public var method = Method.exact
    /// What is assumed of the expert (beta), from 0.
    public var deliberation = 1.0
    /// Deviation of the noise (sigma), above 0.
    public var deviation = 1.0
    /// Moves of the slice sampler a pull, 1 to 1000.
    public var moves = 3
    /// Not for this algorithm: leave it empty.
    public var warmStart = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128
    /// Slice sampling.
    public init() {}
  }

  private let configuration: Configuration
  private let arms: Int
  /// Pulls, sums and the sampler's place, `[slots, arms]` each.
  private var pulls, sums, places: [Double]
  /// Room for two vectors.
  private var scratch: [Double]

  /// Numbered actions.
  public static func requirements(_ configuration: Configuration) -> Requirements { Requirements(actions: .discrete) }

  /// - Throws: `UserError` for an environment without demonstrations, or a number outside its range.
  public init(_ configuration: Configuration, in setting: AgentSetting, slots: Int, choice: ActionChoice) throws {
    arms = setting.specification.actions.count
    guard let field = setting.specification.field("demonstrations"), field.count == arms else {
      throw UserError("informed Thompson sampling learns from demonstrations", fix: "Use bandit/Demonstrated")
    }
    try Check.all([
      Check("agent.deliberation", configuration.deliberation, in: 0...1000),
      Check("agent.deviation", configuration.deviation, in: 1e-6...1e6),
      Check("agent.moves", configuration.moves, in: 1...1000),
    ])
    self.configuration = configuration
    pulls = Array(repeating: 0, count: slots * arms)
    (sums, places) = (pulls, pulls)
    scratch = Array(repeating: 0, count: 3 * arms)
  }

  /// Draws means and takes the best. - Complexity: O(slots * moves * arms); allocates nothing.
  public mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    let offset = rollout.layout.place("demonstrations")!.offset
    for slot in 0..<rollout.slots {
      let own = slot * arms
      let row = rollout.observation(time: time, slot: slot) + offset
      if rollout.startsEpisode(time: time, slot: slot) {
        for arm in 0..<arms { (pulls[own + arm], sums[own + arm], places[own + arm]) = (0, 0, random.quickNormal()) }
        if configuration.method == .exact {
          // From the prior to the posterior of the choices.
          for _ in 0..<20 * configuration.moves { slice(slot, row, &random) }
        }
      } else {
        let arm = rollout.lastAction(time: time, slot: slot)
        pulls[own + arm] += 1
        sums[own + arm] += Double(rollout.lastReward(time: time, slot: slot))
      }
      switch configuration.method {
      case .exact: for _ in 0..<configuration.moves { slice(slot, row, &random) }
      case .bootstrap: bootstrap(slot, row, &random)
      case .ignore:
        for arm in 0..<arms {
          let (mean, deviation) = normal(own + arm)
          places[own + arm] = mean + deviation * random.quickNormal()
        }
      }
      var best = 0
      for arm in 0..<arms where places[own + arm] > places[own + best] { best = arm }
      rollout.actions.discrete[time * rollout.slots + slot] = Int32(best)
    }
  }

  /// The normal law of an arm's mean by prior and rewards: its mean and deviation.
  private func normal(_ place: Int) -> (mean: Double, deviation: Double) {
    let noise = 1 / (configuration.deviation * configuration.deviation)
    let precision = 1 + pulls[place] * noise
    return (sums[place] * noise / precision, 1 / precision.squareRoot())
  }

  /// The logarithm of the choices' likelihood at means that stand in `scratch`.
  private func likelihood(_ row: UnsafeMutableRawPointer) -> Double {
    let beta = configuration.deliberation
    var (top, total, count, value) = (-Double.infinity, 0.0, 0.0, 0.0)
    for arm in 0..<arms { top = max(top, beta * scratch[arm]) }
    for arm in 0..<arms {
      total += Double.exp(beta * scratch[arm] - top)
      let shown = Double(row.load(fromByteOffset: 4 * arm, as: Float.self))
      count += shown
      value += shown * (beta * scratch[arm] - top)
    }
    return value - count * Double.log(total)
  }

  /// One move on an ellipse through the place and a fresh draw of the normal law.
  private mutating func slice(_ slot: Int, _ row: UnsafeMutableRawPointer, _ random: inout RandomSource) {
    let own = slot * arms
    for arm in 0..<arms {
      scratch[arm] = places[own + arm]
      scratch[arms + arm] = normal(own + arm).deviation * random.quickNormal()
    }
    let level = likelihood(row) - random.exponential()
    var angle = random.uniform() * 2 * Double.pi
    var (low, high) = (angle - 2 * Double.pi, angle)
    while true {
      let (cosine, sine) = (Double.cos(angle), Double.sin(angle))
      for arm in 0..<arms {
        let mean = normal(own + arm).mean
        scratch[arm] = mean + (places[own + arm] - mean) * cosine + scratch[arms + arm] * sine
      }
      if likelihood(row) >= level || high - low < 1e-12 { break }
      if angle < 0 { low = angle } else { high = angle }
      angle = random.uniform(low, high)
    }
    for arm in 0..<arms { places[own + arm] = scratch[arm] }
  }

  /// The maximum of the logarithm with random weights, by Newton's steps on the diagonal with half of it as reserve.
  private mutating func bootstrap(_ slot: Int, _ row: UnsafeMutableRawPointer, _ random: inout RandomSource) {
    let own = slot * arms
    let beta = configuration.deliberation
    let noise = 1 / (configuration.deviation * configuration.deviation)
    var count = 0.0
    for arm in 0..<arms {
      // A sum of n exponential weights is a gamma number: the rewards of an arm weigh together, around a mean that
      // their weights move.
      let n = pulls[own + arm]
      let weight = n > 0 ? random.gamma(shape: n) : 0
      let mean = n > 0 ? sums[own + arm] / n + configuration.deviation * random.quickNormal() / n.squareRoot() : 0
      let prior = random.quickNormal()
      let shown = Double(row.load(fromByteOffset: 4 * arm, as: Float.self))
      let weighted = shown > 0 ? random.gamma(shape: shown) : 0
      count += weighted
      scratch[arm] = (prior + weight * noise * mean) / (1 + weight * noise)
      scratch[arms + arm] = 1 + weight * noise
      scratch[2 * arms + arm] = prior + weight * noise * mean + beta * weighted
    }
    for arm in 0..<arms { places[own + arm] = scratch[arm] }
    for _ in 0..<60 {
      var (top, total, change) = (-Double.infinity, 0.0, 0.0)
      for arm in 0..<arms { top = max(top, beta * places[own + arm]) }
      for arm in 0..<arms { total += Double.exp(beta * places[own + arm] - top) }
      for arm in 0..<arms {
        let p = Double.exp(beta * places[own + arm] - top) / total
        let slope = scratch[2 * arms + arm] - scratch[arms + arm] * places[own + arm] - beta * count * p
        // The curvature of the choices is at most twice its diagonal.
        let step = slope / (scratch[arms + arm] + 2 * beta * beta * count * max(p * (1 - p), 0.02))
        places[own + arm] += step
        change = max(change, abs(step))
      }
      if change < 1e-6 { break }
    }
  }

  /// Saves pulls, sums and places.
  public func save(to state: inout SavedState) {
    state.set("pulls", pulls)
    state.set("sums", sums)
    state.set("places", places)
  }

  /// Puts the slots where they were saved.
  ///
  /// - Throws: `UserError` when the state is of other slots or arms.
  public mutating func restore(from state: SavedState) throws {
    pulls = try state.get("pulls", count: pulls.count)
    sums = try state.get("sums", count: sums.count)
    places = try state.get("places", count: places.count)
  }
}
