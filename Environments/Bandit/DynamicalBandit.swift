public import ReinforcementLearning
import Groundwork
import RealModule

/// A dynamical linear bandit: what an arm pays depends on a hidden state that past pulls have moved.
///
/// **Task.** Find the arm that pays most when it is held: x' = A x + B u, reward <omega, x> + <theta, u> and noise,
/// where u is the arm's vector. The state is not seen. Held for good, an arm pays <h, u> with
/// h = theta + B^T (I - A)^-T omega.
///
/// **Actions.** The arms.
///
/// **Observation.** `features` float32 [arms, inputs]: the arms' vectors; `lastReward` float32.
///
/// **Signals.** As of every bandit; `gap` is what the best arm pays when it is held less what was expected of this pull
/// in the state that the pulls so far have led to, so it may be below 0; `state` float32 [states] without noise.
///
/// **Reward.** As above, cut at `limit` to both sides.
///
/// **Start.** The state 0.
///
/// **End.** Truncated after `horizon` pulls.
///
/// **Configuration.** The system; `system=budget` and `system=advertising` are the two of the paper's experiments, the
/// second one built to its reported h, immediate effects and spectral radius.
///
/// **Source.** Mussi, Metelli and Restelli 2023, "Dynamical linear bandits".
public struct DynamicalBandit: Environment {
  /// The arm's number.
  public typealias Action = IndexAction

  /// A system that is known by name.
  public enum System: String, Codable, Hashable, Sendable, CaseIterable {
    /// The simulated one: budget for three channels, of which one pays now and one later.
    case budget
    /// The one estimated from advertising data, where the channel that pays now is the wrong one.
    case advertising
    /// By `transition`, `input`, `output` and `direct`.
    case custom
  }

  /// The system's matrices and its noise.
  public struct Configuration: Codable, Hashable, Sendable {
    /// A system that is known by name, or `custom`.
    public var system = System.budget
    /// A, row by row, n x n; read with `system=custom`.
    public var transition: [Double] = []
    /// B, row by row, n x d.
    public var input: [Double] = []
    /// omega, n numbers.
    public var output: [Double] = []
    /// theta, d numbers.
    public var direct: [Double] = []
    /// Deviation of the noise of the state and of the reward (sigma), from 0.
    public var deviation = 0.01
    /// Pulls of an episode (T), 1 to 10^9.
    public var horizon = 10_000

    /// The simulated system.
    public init() {}

    /// The defaults with some changes.
    public init(_ change: (inout Configuration) -> Void) { change(&self) }
  }

  /// The system as it is stepped.
  public final class Plan: Sendable {
    let configuration: Configuration
    let transition, input, output, direct: [Double]
    let states, inputs: Int
    /// `[arms, inputs]`: all orders of (1, 1/2, 0), or of the unit vectors where there are not three inputs.
    let arms: [[Double]]
    /// h
    let steady: [Double]
    /// Of the best arm, held.
    let optimum: Double
    let best: Int
    /// The spectral radius of A.
    let radius: Double
    /// The most that is paid, up or down.
    let limit: Double
    /// Pulls that are looked back on at most for it.
    private static let longest = 1_000_000

    init(_ configuration: Configuration) throws(UserError) {
      self.configuration = configuration
      // What the closures below read must not be of an object that is not whole yet.
      let (transition, input, output, direct): ([Double], [Double], [Double], [Double])
      let states, inputs: Int
      let own = [configuration.transition, configuration.input, configuration.output, configuration.direct]
      guard configuration.system == .custom || own.allSatisfy(\.isEmpty) else {
        throw UserError(
          "matrices of your own are read with system=custom alone, and the system is \(configuration.system.rawValue)",
          fix: "Add --set environment.system=custom, or leave them out")
      }
      switch configuration.system {
      case .budget:
        (states, inputs) = (3, 3)
        transition = [0.2, 0, 0, 0, 0, 0, 0, 0, 0.1]
        input = [0.45, 0, 0, 0, 0, 0, 0, 0, 0.1]
        output = [1, 0, 0.1]
        direct = [0, 0.5, 0.1]
      case .advertising:
        // x' = rho x + u and omega = (1 - rho) (h - theta), so that h and theta are the reported ones.
        let (rho, h, theta) = (0.667, [0.25, -0.04, 0.11], [0.13, 0.41, 0.02])
        (states, inputs) = (3, 3)
        transition = [rho, 0, 0, 0, rho, 0, 0, 0, rho]
        input = [1, 0, 0, 0, 1, 0, 0, 0, 1]
        output = zip(h, theta).map { (1 - rho) * ($0 - $1) }
        direct = theta
      case .custom:
        states = configuration.output.count
        inputs = configuration.direct.count
        transition = configuration.transition
        input = configuration.input
        output = configuration.output
        direct = configuration.direct
      }
      let (n, d) = (states, inputs)
      guard (1...16).contains(n), (1...16).contains(d), transition.count == n * n, input.count == n * d else {
        throw UserError(
          "a system of \(n) states and \(d) inputs has A of \(transition.count) and B of \(input.count) numbers",
          fix: "Give A n x n, B n x d, omega n and theta d numbers, up to 16 states and inputs")
      }
      let all = transition + input + output + direct
      guard all.allSatisfy({ $0.isFinite && abs($0) <= 1e6 }) else {
        throw UserError("a system's matrices have a number that is not finite", fix: "Use numbers up to 1000000")
      }
      let radius = Plan.spectralRadius(transition, n)
      guard radius < 1 else {
        throw UserError(
          "the system matrix has spectral radius \((radius * 1000).rounded() / 1000), so its state grows without end",
          fix: "Use a matrix whose eigenvalues lie inside the unit circle (--set environment.transition=)")
      }
      let arms: [[Double]]
      if d == 3 {
        arms = [[1, 0.5, 0], [1, 0, 0.5], [0.5, 1, 0], [0, 1, 0.5], [0.5, 0, 1], [0, 0.5, 1]]
      } else {
        arms = (0..<max(2, d)).map { arm in (0..<d).map { $0 == arm ? 1 : 0 } }
      }
      // (I - A)^T y = omega, then h = theta + B^T y.
      var matrix = (0..<n).map { row in
        (0..<n).map { (row == $0 ? 1 : 0) - transition[$0 * n + row] } + [output[row]]
      }
      for pivot in 0..<n {
        let row = (pivot..<n).max { abs(matrix[$0][pivot]) < abs(matrix[$1][pivot]) }!
        matrix.swapAt(pivot, row)
        for other in 0..<n where other != pivot {
          let factor = matrix[other][pivot] / matrix[pivot][pivot]
          for column in pivot...n { matrix[other][column] -= factor * matrix[pivot][column] }
        }
      }
      let solution = (0..<n).map { matrix[$0][n] / matrix[$0][$0] }
      let h = (0..<d).map { column in
        direct[column] + (0..<n).reduce(0.0) { $0 + input[$1 * d + column] * solution[$1] }
      }
      (self.transition, self.input, self.output, self.direct) = (transition, input, output, direct)
      (self.states, self.inputs, self.arms, self.radius, steady) = (states, inputs, arms, radius, h)
      let values = arms.map { arm in zip(arm, h).reduce(0) { $0 + $1.0 * $1.1 } }
      best = values.indices.max { values[$0] < values[$1] }!
      optimum = values[best]
      // What t pulls ago adds to what is paid now is omega A^(t-1) B u: the most that any arms can add, at all times,
      // and ten deviations of what the noise adds.
      var power = output
      var (held, squares) = (arms.map { abs(zip($0, direct).reduce(0) { $0 + $1.0 * $1.1 }) }.max()!, 0.0)
      for _ in 0..<min(configuration.horizon, Plan.longest) {
        let reach = arms.map { arm in
          abs((0..<n).reduce(0.0) { sum, row in
            sum + power[row] * (0..<d).reduce(0.0) { $0 + input[row * d + $1] * arm[$1] }
          })
        }.max()!
        let square = power.reduce(0) { $0 + $1 * $1 }
        held += reach
        squares += square
        power = (0..<n).map { column in (0..<n).reduce(0.0) { $0 + power[$1] * transition[$1 * n + column] } }
        if power.reduce(0, { max($0, abs($1)) }) == 0 || (square <= 1e-30 * squares && reach <= 1e-15 * held) { break }
      }
      limit = held + 10 * configuration.deviation * (1 + squares).squareRoot() + 1e-6
      let most = max(limit, values.map(abs).max()!)
      guard most <= 1e9 else {
        throw UserError(
          "a system of spectral radius \(radius) pays up to \(most), and a billion is the most",
          fix: "Use smaller matrices, or a radius further below 1 (--set environment.transition=)")
      }
    }

    /// The arms by their inputs, a half as h.
    var names: [String] { arms.map { arm in "arm" + arm.map { $0 == 0.5 ? "h" : "\(Int($0))" }.joined() } }

    /// By Gelfand's formula, of A to the power 2^20, scaled at every squaring.
    static func spectralRadius(_ matrix: [Double], _ n: Int) -> Double {
      var power = matrix
      var logarithm = 0.0
      var exponent = 1.0
      for _ in 0..<20 {
        let norm = power.map { abs($0) }.max()!
        guard norm > 0 else { return 0 }
        logarithm += Double.log(norm) / exponent
        let scaled = power.map { $0 / norm }
        power = (0..<n * n).map { place in
          (0..<n).reduce(0.0) { $0 + scaled[place / n * n + $1] * scaled[$1 * n + place % n] }
        }
        exponent *= 2
      }
      let norm = power.map { abs($0) }.max()!
      return norm > 0 ? Double.exp(logarithm + Double.log(norm) / exponent) : 0
    }
  }

  /// - Throws: `UserError` for matrices that do not fit each other or are not stable.
  public static func plan(_ configuration: Configuration) throws -> Plan {
    try Check.all([
      Check("environment.deviation", configuration.deviation, in: 0...1e6),
      Check("environment.horizon", configuration.horizon, in: 1...1_000_000_000),
    ])
    return try Plan(configuration)
  }

  let plan: Plan
  /// As it is, and as it would be without noise.
  private var state: [Double]
  private(set) var mean: [Double]
  private var next, nextMean: [Double]
  private var random = RandomSource(seed: 0)
  private(set) var lastArm = -1
  private(set) var lastReward: Float = 0
  private var lastGap: Float = 0
  private var switched = false
  private(set) var tally: ArmTally

  /// In the state 0.
  public init(plan: Plan) {
    self.plan = plan
    state = Array(repeating: 0, count: plan.states)
    (mean, next, nextMean) = (state, state, state)
    tally = ArmTally(arms: plan.arms.count)
  }

  /// Two fields and six signals; judged by the regret.
  public static func specification(of plan: Plan) -> Specification {
    let c = plan.configuration
    return Specification(
      measures: BanditFamily.measures(regret: nil),
      fields: [
        Field(
          "features", shape: [plan.arms.count, plan.inputs], element: .float32, summary: "the arms' vectors"),
        Field("lastReward", element: .float32, summary: "what the last pull paid"),
        .signal("gap", summary: "what the best arm pays when held less what was expected of this pull"),
        .signal("isBest", element: .uint8, range: 0...1, summary: "whether the last arm pays most when held"),
        .signal("switched", element: .uint8, range: 0...1, summary: "whether it was another than before"),
        .signal("laiRobbins", range: 0...0, summary: "0: no bound is known"),
        .signal("state", shape: [plan.states], summary: "the hidden state, without its noise"),
      ],
      actions: .discrete(plan.names),
      timeLimit: c.horizon, rewards: -plan.limit...plan.limit, isStochastic: c.deviation > 0)
  }

  /// Back to the state 0.
  public mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    for place in state.indices { (state[place], mean[place]) = (0, 0) }
    (lastArm, lastReward, lastGap, switched) = (-1, 0, 0, false)
    tally.clear()
  }

  /// Changes the noise from here on.
  public mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  /// Pays by the state, then moves it.
  public mutating func step(_ action: IndexAction) -> Transition {
    let (n, d) = (plan.states, plan.inputs)
    let u = plan.arms[action.index]
    let sigma = plan.configuration.deviation
    var (paid, expected) = (0.0, 0.0)
    for place in 0..<n {
      paid += plan.output[place] * state[place]
      expected += plan.output[place] * mean[place]
    }
    for place in 0..<d {
      paid += plan.direct[place] * u[place]
      expected += plan.direct[place] * u[place]
    }
    if sigma > 0 { paid += sigma * random.normal() }
    advance(by: u, noise: sigma)
    switched = lastArm >= 0 && lastArm != action.index
    lastArm = action.index
    lastGap = Float(plan.optimum - expected)
    lastReward = Float(max(-plan.limit, min(plan.limit, paid)))
    tally.add(action.index, lastReward)
    return Transition(reward: lastReward)
  }

  private mutating func advance(by u: [Double], noise: Double) {
    let (n, d) = (plan.states, plan.inputs)
    for row in 0..<n {
      var (sum, expected) = (0.0, 0.0)
      for column in 0..<n {
        sum += plan.transition[row * n + column] * state[column]
        expected += plan.transition[row * n + column] * mean[column]
      }
      for column in 0..<d {
        sum += plan.input[row * d + column] * u[column]
        expected += plan.input[row * d + column] * u[column]
      }
      next[row] = sum
      nextMean[row] = expected
    }
    for row in 0..<n {
      state[row] = next[row] + (noise > 0 ? noise * random.normal() : 0)
      mean[row] = nextMean[row]
    }
  }

  /// Writes the arms' vectors, the last reward and the signals.
  public func observe(into row: inout ObservationRow) {
    for (arm, vector) in plan.arms.enumerated() {
      for place in 0..<plan.inputs { row.write(Float(vector[place]), to: 0, at: arm * plan.inputs + place) }
    }
    row.write(lastReward, to: 1)
    row.write(lastGap, to: 2)
    row.write(UInt8(lastArm == plan.best ? 1 : 0), to: 3)
    row.write(UInt8(switched ? 1 : 0), to: 4)
    row.write(Float(0), to: 5)
    if row.wants(6) { for place in mean.indices { row.write(Float(mean[place]), to: 6, at: place) } }
  }
}
