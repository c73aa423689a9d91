import RealModule

/// Pulls and sums of every arm: what most rules remember, `[arms]` of each, and more behind them.
struct SampleMeans {
  let arms: Int
  /// Whether rewards may be late, so that an arm that was pulled may still be as if it was not.
  private let isLate: Bool

  init(arms: Int) { (self.arms, isLate) = (arms, false) }

  init(_ problem: BanditProblem) { (arms, isLate) = (problem.arms, problem.arrivals > 0) }

  /// The arm that is looked at in that place: where rewards may be late another one first in every round, since the
  /// first of arms that are alike would be pulled until something comes.
  @inline(__always) func arm(_ place: Int, _ moment: BanditMoment) -> Int {
    isLate ? (place &+ moment.pulls) % arms : place
  }

  /// Numbers of a memory that these are.
  var width: Int { 2 * arms }
  /// Where they are.
  var places: [ArmPlaces] { [ArmPlaces(first: 0, step: 1), ArmPlaces(first: arms, step: 1)] }

  @inline(__always) func pulls(_ memory: BanditMemory, _ arm: Int) -> Double { memory[arm] }
  @inline(__always) func sum(_ memory: BanditMemory, _ arm: Int) -> Double { memory[arms &+ arm] }

  /// Of what an arm paid; 0 before its first pull.
  @inline(__always) func mean(_ memory: BanditMemory, _ arm: Int) -> Double {
    memory[arm] > 0 ? memory[arms &+ arm] / memory[arm] : 0
  }

  @inline(__always) func add(_ memory: BanditMemory, _ arm: Int, _ reward: Double) {
    memory[arm] += 1
    memory[arms &+ arm] += reward
  }

  /// The first arm that there is and that was never pulled.
  @inline(__always) func untried(_ memory: BanditMemory, _ moment: BanditMoment) -> Int? {
    for place in 0..<arms {
      let arm = arm(place, moment)
      if memory[arm] == 0 && moment.allows(arm) { return arm }
    }
    return nil
  }

  /// The first of the arms that there are with the largest value.
  @inline(__always) func best(_ moment: BanditMoment, _ value: (Int) -> Double) -> Int {
    var (chosen, top) = (-1, -Double.infinity)
    for place in 0..<arms {
      let arm = arm(place, moment)
      guard moment.allows(arm) else { continue }
      let value = value(arm)
      if chosen < 0 || value > top { (chosen, top) = (arm, value) }
    }
    return max(0, chosen)
  }
}

/// Weights of the arms that there are, and draws from them.
enum WeightedDraw {
  /// Exponential weights: probabilities in proportion to exp(-rate loss), mixed with the uniform law; 0 where there is
  /// no arm.
  ///
  /// - Parameters:
  ///   - losses: Of each arm, so far.
  ///   - mixing: Share of the uniform law, 0 to 1.
  @inline(__always) static func exponential(
    _ losses: BanditMemory, rate: Double, mixing: Double, arms: Int, _ moment: BanditMoment, into weights: BanditMemory
  ) {
    var (least, total, legal) = (Double.infinity, 0.0, 0.0)
    for arm in 0..<arms where moment.allows(arm) { least = min(least, losses[arm]) }
    for arm in 0..<arms {
      weights[arm] = moment.allows(arm) ? Double.exp(-rate * (losses[arm] - least)) : 0
      total += weights[arm]
      legal += moment.allows(arm) ? 1 : 0
    }
    for arm in 0..<arms where moment.allows(arm) {
      weights[arm] = (1 - mixing) * weights[arm] / total + mixing / legal
    }
  }

  /// An arm with a probability in proportion to its weight; the propensity is that probability.
  @inline(__always) static func draw(
    _ weights: BanditMemory, arms: Int, _ moment: BanditMoment, uniform: Double, propensity: inout Double
  ) -> Int {
    var total = 0.0
    for arm in 0..<arms where moment.allows(arm) { total += weights[arm] }
    var rest = uniform * total
    var last = 0
    for arm in 0..<arms where moment.allows(arm) {
      last = arm
      rest -= weights[arm]
      if rest < 0 { break }
    }
    propensity = weights[last] / total
    return last
  }
}
