import Foundation
import Groundwork
import ReinforcementLearning

/// UCB1: the arm whose mean reward plus `c sqrt(ln t / n)` is largest; every arm once to begin with.
///
/// Source: Auer, Cesa-Bianchi and Fischer 2002, "Finite-time analysis of the multiarmed bandit problem".
struct UCB1: LearningPolicy {
  struct Configuration: CollectionConfiguration {
    /// c
    var exploration = 2.0.squareRoot()
  }

  private let exploration: Double
  private let arms: Int
  /// Pulls and summed rewards, `[slots, arms]`.
  private var pulls: [Double]
  private var sums: [Double]

  static func requirements(_ configuration: Configuration) -> Requirements { Requirements(actions: .discrete) }

  init(_ configuration: Configuration, in setting: AgentSetting, slots: Int, choice: ActionChoice) throws {
    guard configuration.exploration >= 0 else {
      throw UserError("exploration cannot be \(configuration.exploration)", fix: "Use 0 or more (--set exploration=)")
    }
    exploration = configuration.exploration
    arms = setting.specification.actions.count
    pulls = Array(repeating: 0, count: slots * arms)
    sums = pulls
  }

  var outputs: [PolicyOutput] { [PolicyOutput("index", width: arms)] }

  mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    let indices = rollout.output("index")
    for slot in 0..<rollout.slots {
      let own = slot * arms..<(slot + 1) * arms
      if rollout.startsEpisode(time: time, slot: slot) {
        for arm in own { (pulls[arm], sums[arm]) = (0, 0) }
      } else {
        let arm = own.lowerBound + rollout.lastAction(time: time, slot: slot)
        pulls[arm] += 1
        sums[arm] += Double(rollout.lastReward(time: time, slot: slot))
      }
      let total = own.reduce(0) { $0 + pulls[$1] }
      let bounds = own.map {
        pulls[$0] == 0 ? .infinity : sums[$0] / pulls[$0] + exploration * (log(total) / pulls[$0]).squareRoot()
      }
      rollout.actions.discrete[time * rollout.slots + slot] = Int32(bounds.firstIndex(of: bounds.max()!)!)
      for arm in 0..<arms { indices?[(time * rollout.slots + slot) * arms + arm] = Float(bounds[arm]) }
    }
  }

  func save(to state: inout SavedState) {
    state.set("pulls", pulls)
    state.set("sums", sums)
  }

  mutating func restore(from state: SavedState) throws {
    pulls = try state.get("pulls", count: pulls.count)
    sums = try state.get("sums", count: sums.count)
  }
}
