public import Groundwork
public import ReinforcementLearning

/// Runs a rule over the slots of a batch: hands it each slot's feedback, asks it for each slot's arm.
public struct BanditCore<Rule: BanditRule> {
  /// The algorithm.
  public let rule: Rule
  private let problem: BanditProblem
  /// `[slots, width]`
  private var memories: [Double]
  /// Pulls in the running episode, `[slots]`.
  private var pulls: [Int]
  /// What an episode begins with.
  private let first: [Double]
  private let places: [ArmPlaces]
  /// Which arms there were when a slot chose last, `[slots, arms]`; empty where there always are all.
  private var present: [Bool]

  /// - Parameter log: Pulls that every episode begins with knowing.
  init(_ rule: Rule, for problem: BanditProblem, slots: Int, log: [LoggedPull] = []) {
    self.rule = rule
    self.problem = problem
    var first = [Double](repeating: 0, count: rule.width)
    first.withUnsafeMutableBufferPointer { memory in
      rule.start(memory.baseAddress!)
      var random = RandomSource(seed: 0, purpose: .banditWarmStart, index: 0)
      for (number, pull) in log.enumerated() {
        pull.features.withUnsafeBufferPointer { features in
          let moment = BanditMoment(pulls: number, mask: nil, features: features.isEmpty ? nil : features.baseAddress)
          if moment.features != nil { rule.note(memory.baseAddress!, moment, arm: pull.arm) }
        }
        rule.learn(memory.baseAddress!, arm: pull.arm, reward: pull.reward, random: &random)
      }
    }
    self.first = first
    places = rule.armPlaces
    present = problem.hasMasks ? Array(repeating: true, count: problem.arms * slots) : []
    memories = Array(repeating: 0, count: rule.width * slots)
    pulls = Array(repeating: 0, count: slots)
  }

  /// What every algorithm says beside its arm: the arm's probability, NaN where it does not know.
  static var outputs: [PolicyOutput] { [PolicyOutput("propensity")] }

  /// Learns what came of the last pulls and writes the next ones. - Complexity: allocates nothing.
  @inline(__always) mutating func act(on rollout: Rollout, at time: Int, random: inout RandomSource) {
    let width = rule.width
    let slots = rollout.slots
    let (rule, first, problem) = (rule, first, problem)
    let features = problem.dimension > 0 ? rollout.layout.place("features")?.offset : nil
    let arrived = problem.arrivals > 0 ? rollout.layout.place("arrivedArm")?.offset : nil
    let paid = problem.arrivals > 0 ? rollout.layout.place("arrivedReward")?.offset : nil
    let propensities = rollout.output("propensity")
    if rollout.hasMasks { forgetReplaced(rollout, time) }
    // A copy that nobody else writes.
    var source = random
    memories.withUnsafeMutableBufferPointer { memories in
      pulls.withUnsafeMutableBufferPointer { pulls in
        first.withUnsafeBufferPointer { first in
          for slot in 0..<slots {
            let memory = memories.baseAddress! + slot &* width
            let row = rollout.observation(time: time, slot: slot)
            if rollout.startsEpisode(time: time, slot: slot) {
              memory.update(from: first.baseAddress!, count: width)
              pulls[slot] = 0
            } else if let arrived, let paid {
              for arrival in 0..<problem.arrivals {
                let arm = Int((row + arrived).load(fromByteOffset: 2 &* arrival, as: Int16.self))
                guard arm < problem.arms else { continue }
                let reward = Double((row + paid).load(fromByteOffset: 4 &* arrival, as: Float.self))
                rule.learn(memory, arm: arm, reward: reward, random: &source)
              }
            } else {
              rule.learn(
                memory, arm: rollout.lastAction(time: time, slot: slot),
                reward: Double(rollout.lastReward(time: time, slot: slot)), random: &source)
            }
            let moment = BanditMoment(
              pulls: pulls[slot], mask: rollout.mask(time: time, slot: slot).map { UnsafePointer($0.baseAddress!) },
              features: features.map {
                UnsafePointer((row + $0).assumingMemoryBound(to: Float.self))
              })
            var propensity = Double.nan
            let arm = rule.choose(memory, moment, propensity: &propensity, random: &source)
            pulls[slot] &+= 1
            let place = time &* slots &+ slot
            rollout.actions.discrete[place] = Int32(truncatingIfNeeded: arm)
            if let propensities { propensities[place] = Float(propensity) }
          }
        }
      }
    }
    random = source
  }

  /// Arms that come where there was none before are new ones.
  private mutating func forgetReplaced(_ rollout: Rollout, _ time: Int) {
    for slot in 0..<rollout.slots {
      let mask = rollout.mask(time: time, slot: slot)!
      for arm in 0..<problem.arms {
        let place = slot * problem.arms + arm
        if mask[arm] && !present[place] {
          for own in places {
            let number = own.first + arm * own.step
            memories[slot * rule.width + number] = first[number]
          }
        }
        present[place] = mask[arm]
      }
    }
  }

  func save(to state: inout SavedState) {
    state.set("present", present.map { UInt8($0 ? 1 : 0) })
    state.set("memories", memories)
    state.set("pulls", pulls.map { Int64($0) })
  }

  mutating func restore(from state: SavedState) throws {
    present = try state.get("present", as: UInt8.self, count: present.count).map { $0 != 0 }
    memories = try state.get("memories", count: memories.count)
    pulls = try state.get("pulls", as: Int64.self, count: pulls.count).map { Int($0) }
  }
}
