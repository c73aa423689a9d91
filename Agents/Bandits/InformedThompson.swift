public import Groundwork
public import ReinforcementLearning
import RealModule

/// Informed Thompson sampling: means are drawn from what is believed of them after an expert's choices and the rewards
/// so far.
///
/// The expert chose arm a with a probability in proportion to exp(beta belief_a). Her beliefs are the means, or where
/// she does not know them exactly, the means and normal noise of deviation 1 / lambda, which is drawn along with them.
/// With rewards that are normal the law to draw from is a normal one times the likelihood of the choices.
///
/// - `exact`: slice sampling on ellipses of the normal law, which has exactly that law as its own: `moves` a pull from
///   where it stood.
/// - `bootstrap`: the Bayesian bootstrap: every choice's term of the logarithm gets an exponential weight, the prior's
///   mean, the rewards' (and the noise of the beliefs) are drawn, and the maximum is found by Newton's steps.
///   Independent of the pull before, and so for many arms, where a slice sampler goes far too slowly.
/// - `automatic`: `exact` up to twenty arms, `bootstrap` beyond.
/// - `ignore`: plain Thompson sampling.
///
/// Source: Hao, Jain, Lattimore, Van Roy and Wen 2023, "Leveraging demonstrations to improve online learning: quality
/// matters"; Murray, Adams and MacKay 2010, "Elliptical slice sampling".
public struct InformedThompson: LearningPolicy {
  /// How the posterior is drawn from.
  public enum Method: String, Codable, Hashable, Sendable, CaseIterable {
    /// Elliptical slice sampling up to twenty arms, the Bayesian bootstrap beyond.
    case automatic
    /// Elliptical slice sampling.
    case exact
    /// The Bayesian bootstrap.
    case bootstrap
    /// Without the demonstrations.
    case ignore
  }

  /// The method, prior and noise.
  public struct Parameters: ConfigurationPart {
    /// How the posterior is drawn from.
    public var method = Method.automatic
    /// What is assumed of the expert (beta), from 0.
    public var deliberation = 1.0
    /// What is assumed of how well she knows the means (lambda), from 0; 0: exactly.
    public var knowledge = 0.0
    /// Deviation of the noise (sigma), above 0.
    public var deviation = 1.0
    /// Moves of the slice sampler a pull, 1 to 1000.
    public var moves = 3
    /// An expert who knows the means.
    public init() {}
  }

  /// The method, prior and noise, and how experience is collected.
  public typealias Configuration = BanditConfiguration<Parameters>

  /// Up to how many arms `automatic` is exact.
  static let exactArms = 20
  private let parameters: Parameters
  private let method: Method
  /// Deviation of the noise in the expert's beliefs; 0 where she knows the means.
  private let spread: Double
  private let arms: Int
  /// Pulls, sums, the means that were drawn and the beliefs of the expert, `[slots, arms]` each.
  private var pulls, sums, places, beliefs: [Double]
  /// Room for six vectors.
  private var scratch: [Double]

  /// Numbered actions.
  public static func requirements(_ configuration: Configuration) -> Requirements { Requirements(actions: .discrete) }

  /// - Throws: `UserError` for an environment without demonstrations, or a number outside its range.
  public init(_ configuration: Configuration, in setting: AgentSetting, slots: Int, choice: ActionChoice) throws {
    let parameters = configuration.own
    arms = setting.specification.actions.count
    guard let field = setting.specification.field("demonstrations"), field.count == arms else {
      throw UserError("informed Thompson sampling learns from demonstrations", fix: "Use bandit/Demonstrated")
    }
    try Check.all([
      Check("agent.deliberation", parameters.deliberation, in: 0...1000),
      Check("agent.knowledge", parameters.knowledge, in: 0...1000),
      Check("agent.deviation", parameters.deviation, in: 1e-6...1e6),
      Check("agent.moves", parameters.moves, in: 1...1000),
    ])
    try configuration.shared.own.refuse(by: "informed Thompson sampling")
    self.parameters = parameters
    method =
      parameters.method != .automatic
      ? parameters.method : arms <= InformedThompson.exactArms ? .exact : .bootstrap
    spread = parameters.knowledge > 0 ? 1 / parameters.knowledge : 0
    pulls = Array(repeating: 0, count: slots * arms)
    (sums, places, beliefs) = (pulls, pulls, pulls)
    scratch = Array(repeating: 0, count: 6 * arms)
  }

  /// Draws means and takes the best. - Complexity: O(slots * moves * arms); allocates nothing.
  public mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    let offset = rollout.layout.place("demonstrations")!.offset
    for slot in 0..<rollout.slots {
      let own = slot * arms
      let row = rollout.observation(time: time, slot: slot) + offset
      if rollout.startsEpisode(time: time, slot: slot) {
        for arm in 0..<arms {
          (pulls[own + arm], sums[own + arm], places[own + arm]) = (0, 0, random.quickNormal())
          beliefs[own + arm] = places[own + arm] + noise(&random)
        }
        if method == .exact {
          // From the prior to the posterior of the choices.
          for _ in 0..<20 * parameters.moves { slice(slot, row, &random) }
        }
      } else {
        let arm = rollout.lastAction(time: time, slot: slot)
        pulls[own + arm] += 1
        sums[own + arm] += Double(rollout.lastReward(time: time, slot: slot))
      }
      switch method {
      case .exact, .automatic: for _ in 0..<parameters.moves { slice(slot, row, &random) }
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
    let noise = 1 / (parameters.deviation * parameters.deviation)
    let precision = 1 + pulls[place] * noise
    return (sums[place] * noise / precision, 1 / precision.squareRoot())
  }

  /// What the expert's belief of a mean is off by; draws nothing where she knows it.
  private func noise(_ random: inout RandomSource) -> Double { spread > 0 ? spread * random.quickNormal() : 0 }

  /// The logarithm of the choices' likelihood at beliefs that stand in `scratch`.
  private func likelihood(_ row: UnsafeMutableRawPointer) -> Double {
    let beta = parameters.deliberation
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

  /// One move of means and beliefs on an ellipse through both and a fresh draw of their normal law.
  private mutating func slice(_ slot: Int, _ row: UnsafeMutableRawPointer, _ random: inout RandomSource) {
    let own = slot * arms
    for arm in 0..<arms {
      scratch[arm] = beliefs[own + arm]
      scratch[2 * arms + arm] = normal(own + arm).deviation * random.quickNormal()
      scratch[arms + arm] = scratch[2 * arms + arm] + noise(&random)
    }
    let level = likelihood(row) - random.exponential()
    var angle = random.uniform() * 2 * Double.pi
    var (low, high) = (angle - 2 * Double.pi, angle)
    while true {
      let (cosine, sine) = (Double.cos(angle), Double.sin(angle))
      for arm in 0..<arms {
        let mean = normal(own + arm).mean
        scratch[arm] = mean + (beliefs[own + arm] - mean) * cosine + scratch[arms + arm] * sine
      }
      if likelihood(row) >= level || high - low < 1e-12 { break }
      if angle < 0 { low = angle } else { high = angle }
      angle = random.uniform(low, high)
    }
    let (cosine, sine) = (Double.cos(angle), Double.sin(angle))
    for arm in 0..<arms {
      let mean = normal(own + arm).mean
      places[own + arm] = mean + (places[own + arm] - mean) * cosine + scratch[2 * arms + arm] * sine
      beliefs[own + arm] = scratch[arm]
    }
  }

  /// The maximum of the logarithm with random weights: over the beliefs by Newton's steps on the diagonal with half of
  /// it as reserve, then the means that go with them.
  private mutating func bootstrap(_ slot: Int, _ row: UnsafeMutableRawPointer, _ random: inout RandomSource) {
    let own = slot * arms
    let beta = parameters.deliberation
    let noise = 1 / (parameters.deviation * parameters.deviation)
    // By arm: slope and precision of the belief's normal law, then precision, centre and noise that led to them.
    let (slopes, precisions, weights, centers, errors) = (arms, 2 * arms, 3 * arms, 4 * arms, 5 * arms)
    var count = 0.0
    for arm in 0..<arms {
      // Rewards are normal: a mean that is perturbed by its own noise gives the posterior's law, exactly. Choices alone
      // are weighted; a sum of n exponential weights is a gamma number.
      let n = pulls[own + arm]
      let mean = n > 0 ? sums[own + arm] / n + parameters.deviation * random.quickNormal() / n.squareRoot() : 0
      let prior = random.quickNormal()
      let shown = Double(row.load(fromByteOffset: 4 * arm, as: Float.self))
      let weighted = shown > 0 ? random.gamma(shape: shown) : 0
      count += weighted
      scratch[weights + arm] = 1 + n * noise
      scratch[centers + arm] = (prior + n * noise * mean) / scratch[weights + arm]
      scratch[errors + arm] = self.noise(&random)
      // A belief is the mean and its noise: variances add up.
      scratch[precisions + arm] = 1 / (1 / scratch[weights + arm] + spread * spread)
      let center = scratch[centers + arm] + scratch[errors + arm]
      scratch[slopes + arm] = scratch[precisions + arm] * center + beta * weighted
      beliefs[own + arm] = center
    }
    for _ in 0..<60 {
      var (top, total, change) = (-Double.infinity, 0.0, 0.0)
      for arm in 0..<arms { top = max(top, beta * beliefs[own + arm]) }
      for arm in 0..<arms { total += Double.exp(beta * beliefs[own + arm] - top) }
      for arm in 0..<arms {
        let p = Double.exp(beta * beliefs[own + arm] - top) / total
        let precision = scratch[precisions + arm]
        let slope = scratch[slopes + arm] - precision * beliefs[own + arm] - beta * count * p
        // The curvature of the choices is at most twice its diagonal.
        let step = slope / (precision + 2 * beta * beta * count * max(p * (1 - p), 0.02))
        beliefs[own + arm] += step
        change = max(change, abs(step))
      }
      if change < 1e-6 { break }
    }
    for arm in 0..<arms {
      // Of the way from what rewards say to the belief, as much as belongs to the mean.
      let moved = beliefs[own + arm] - scratch[errors + arm] - scratch[centers + arm]
      places[own + arm] =
        scratch[centers + arm] + moved * scratch[precisions + arm] / scratch[weights + arm]
    }
  }

  /// Saves pulls, sums, means and beliefs.
  public func save(to state: inout SavedState) {
    state.set("pulls", pulls)
    state.set("sums", sums)
    state.set("places", places)
    state.set("beliefs", beliefs)
  }

  /// Puts the slots where they were saved.
  ///
  /// - Throws: `UserError` when the state is of other slots or arms.
  public mutating func restore(from state: SavedState) throws {
    pulls = try state.get("pulls", count: pulls.count)
    sums = try state.get("sums", count: sums.count)
    places = try state.get("places", count: places.count)
    beliefs = try state.get("beliefs", count: beliefs.count)
  }
}
