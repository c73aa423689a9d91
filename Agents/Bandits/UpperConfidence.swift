public import Groundwork
public import ReinforcementLearning
import RealModule

/// UCB1 and its relatives: the arm whose mean and bonus together are largest; every arm once to begin with.
///
/// The bonus of an arm with n pulls of t in all:
///
/// | `bonus` | | source |
/// |---|---|---|
/// | `logarithmic` | sqrt(alpha ln t / n) | Auer et al. 2002: UCB1 with alpha 2; EVOLvE's UCB with 0.5 |
/// | `moss` | sqrt(max(0, ln(T / (K n))) / n), T the horizon | Audibert and Bubeck 2009 |
/// | `root` | 1 / sqrt(n) | the baseline of decision-pretrained transformers |
/// | `none` | 0: greedy after one pull each | the same |
///
/// All slots of a batch are decided together, eight at a time.
public struct UpperConfidence: LearningPolicy {
  /// What is added to a mean.
  public enum Bonus: String, Codable, Hashable, Sendable, CaseIterable {
    /// sqrt(alpha ln t / n)
    case logarithmic
    /// MOSS.
    case moss
    /// 1 / sqrt(n)
    case root
    /// Nothing.
    case none
  }

  /// The bonus.
  public struct Parameters: ConfigurationPart {
    /// What is added to an arm's mean.
    public var bonus = Bonus.logarithmic
    /// Of the logarithmic bonus (alpha), from 0.
    public var exploration = 2.0
    /// UCB1.
    public init() {}

    /// The defaults with another bonus.
    public init(_ bonus: Bonus) { self.bonus = bonus }
  }

  /// The bonus, and how experience is collected.
  public typealias Configuration = BanditConfiguration<Parameters>

  private let parameters: Parameters
  private let problem: BanditProblem
  private let log: [LoggedPull]
  private var table: IndexTable
  /// Pulls in the running episode, those of the log included, `[slots]`.
  private var pulls: [Int32]
  /// Which arms there were when a slot chose last, `[slots, arms]`; empty where there always are all.
  private var present: [Bool]
  /// Of the widths, `[stride]`.
  private var coefficients: [Float]

  /// Numbered actions.
  public static func requirements(_ configuration: Configuration) -> Requirements { Requirements(actions: .discrete) }

  /// - Throws: `UserError` for a negative exploration, MOSS without a horizon, or a log that does not fit.
  public init(_ configuration: Configuration, in setting: AgentSetting, slots: Int, choice: ActionChoice) throws {
    parameters = configuration.own
    try Check("agent.exploration", parameters.exploration, in: 0...1e6).enforce()
    problem = BanditProblem(setting.specification)
    if parameters.bonus == .moss, problem.horizon == nil {
      throw UserError("MOSS needs to know how many pulls there are", fix: "Use an environment with a time limit")
    }
    log = try LoggedPull.read(configuration.warmStart, for: problem)
    table = IndexTable(arms: problem.arms, slots: slots)
    pulls = Array(repeating: 0, count: slots)
    present = problem.hasMasks ? Array(repeating: true, count: slots * problem.arms) : []
    coefficients = Array(repeating: 1, count: table.stride)
  }

  /// Learns what came of the last pulls and writes the next ones. - Complexity: O(slots * arms); allocates nothing.
  public mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    learn(rollout, time)
    setCoefficients()
    let actions = rollout.actions.discrete + time * rollout.slots
    if rollout.hasMasks {
      for slot in 0..<rollout.slots {
        let mask = UnsafePointer(rollout.mask(time: time, slot: slot)!.baseAddress!)
        // Arms that come where there was none before are new ones.
        for arm in 0..<problem.arms {
          if mask[arm] && !present[slot * problem.arms + arm] { table.forget(slot, arm) }
          present[slot * problem.arms + arm] = mask[arm]
        }
        actions[slot] = Int32(table.best(slot, coefficient: coefficients[slot], mask: mask))
      }
    } else {
      coefficients.withUnsafeBufferPointer { table.best(coefficients: $0.baseAddress!, into: actions) }
    }
    if problem.arrivals > 0 { takeTurns(rollout, time) }
    for slot in pulls.indices { pulls[slot] &+= 1 }
  }

  /// Where rewards may be late the first of the arms of which nothing has come would be pulled until something does:
  /// they take turns.
  private func takeTurns(_ rollout: Rollout, _ time: Int) {
    for slot in 0..<rollout.slots {
      let mask = rollout.mask(time: time, slot: slot)
      for place in 0..<problem.arms {
        let arm = (place + Int(pulls[slot])) % problem.arms
        guard table.counts[arm * table.stride + slot] == 0, mask.map({ $0[arm] }) ?? true else { continue }
        rollout.actions.discrete[time * rollout.slots + slot] = Int32(arm)
        break
      }
    }
  }

  private mutating func learn(_ rollout: Rollout, _ time: Int) {
    let arrived = problem.arrivals > 0 ? rollout.layout.place("arrivedArm")?.offset : nil
    let paid = problem.arrivals > 0 ? rollout.layout.place("arrivedReward")?.offset : nil
    for slot in 0..<rollout.slots {
      if rollout.startsEpisode(time: time, slot: slot) {
        table.restart(slot)
        pulls[slot] = Int32(log.count)
        for pull in log { add(slot, arm: pull.arm, reward: pull.reward) }
      } else if let arrived, let paid {
        let row = rollout.observation(time: time, slot: slot)
        for arrival in 0..<problem.arrivals {
          let arm = Int((row + arrived).load(fromByteOffset: 2 * arrival, as: Int16.self))
          guard arm < problem.arms else { continue }
          add(slot, arm: arm, reward: Double((row + paid).load(fromByteOffset: 4 * arrival, as: Float.self)))
        }
      }
    }
    guard arrived == nil else { return }
    // Mean and width of what was pulled, in memory that nobody else writes meanwhile.
    let (stride, bonus, problem) = (table.stride, parameters.bonus, problem)
    let isRoot = bonus != .moss
    table.counts.withUnsafeMutableBufferPointer { counts in
      table.sums.withUnsafeMutableBufferPointer { sums in
        table.means.withUnsafeMutableBufferPointer { means in
          table.widths.withUnsafeMutableBufferPointer { widths in
            for slot in 0..<rollout.slots where !rollout.startsEpisode(time: time, slot: slot) {
              let place = rollout.lastAction(time: time, slot: slot) &* stride &+ slot
              let count = counts[place] &+ 1
              let sum = sums[place] + Double(rollout.lastReward(time: time, slot: slot))
              counts[place] = count
              sums[place] = sum
              means[place] = Float(sum / Double(count))
              widths[place] =
                bonus == .none
                ? 0 : isRoot ? 1 / Float(count).squareRoot() : UpperConfidence.mossWidth(count, problem)
            }
          }
        }
      }
    }
  }

  /// sqrt(max(0, ln(T / (K n))) / n)
  private static func mossWidth(_ count: Int32, _ problem: BanditProblem) -> Float {
    let ratio = Double(problem.horizon!) / (Double(problem.arms) * Double(count))
    return Float((max(0, Double.log(ratio)) / Double(count)).squareRoot())
  }

  @inline(__always) private mutating func add(_ slot: Int, arm: Int, reward: Double) {
    let place = arm &* table.stride &+ slot
    let count = table.counts[place] &+ 1
    let sum = table.sums[place] + reward
    table.counts[place] = count
    table.sums[place] = sum
    table.means[place] = Float(sum / Double(count))
    table.widths[place] =
      parameters.bonus == .none
      ? 0 : parameters.bonus == .moss ? UpperConfidence.mossWidth(count, problem) : 1 / Float(count).squareRoot()
  }

  /// sqrt(alpha ln t), the same for all slots that have pulled equally often.
  private mutating func setCoefficients() {
    guard parameters.bonus == .logarithmic else { return }
    var last: Int32 = -1
    var value: Float = 1
    for slot in pulls.indices {
      if pulls[slot] != last {
        last = pulls[slot]
        value = Float((parameters.exploration * Double.log(Double(max(1, last)))).squareRoot())
      }
      coefficients[slot] = value
    }
  }

  /// Saves counts and sums; all else follows from them.
  public func save(to state: inout SavedState) {
    state.set("counts", table.counts)
    state.set("sums", table.sums)
    state.set("means", table.means)
    state.set("widths", table.widths)
    state.set("pulls", pulls)
    state.set("present", present.map { UInt8($0 ? 1 : 0) })
  }

  /// Puts the slots where they were saved.
  ///
  /// - Throws: `UserError` when the state is of other slots or arms.
  public mutating func restore(from state: SavedState) throws {
    table.counts = try state.get("counts", count: table.counts.count)
    table.sums = try state.get("sums", count: table.sums.count)
    table.means = try state.get("means", count: table.means.count)
    table.widths = try state.get("widths", count: table.widths.count)
    pulls = try state.get("pulls", count: pulls.count)
    present = try state.get("present", as: UInt8.self, count: present.count).map { $0 != 0 }
  }
}
