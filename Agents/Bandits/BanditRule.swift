public import Groundwork
public import ReinforcementLearning

/// The numbers that an algorithm keeps of one slot; as many as its rule says.
public typealias BanditMemory = UnsafeMutablePointer<Double>

/// What an algorithm sees when it chooses.
public struct BanditMoment {
  /// Pulls in this episode so far.
  public let pulls: Int
  /// Which arms there are now, `[arms]`; nil for all.
  public let mask: UnsafePointer<Bool>?
  /// The context, shaped as `BanditProblem.features`; nil where there is none.
  public let features: UnsafePointer<Float>?

  /// Whether there is that arm now.
  @inline(__always) public func allows(_ arm: Int) -> Bool { mask.map { $0[arm] } ?? true }
}

/// One bandit algorithm: what it keeps of a slot, how it learns of a pull and chooses the next.
///
/// A rule is what is the same for all slots; it draws from the stream that it is handed and keeps nothing else. It
/// knows no environment, no rollout and no batch: `BanditCore` runs it over the slots of a batch.
public protocol BanditRule: Sendable {
  /// Numbers that it keeps of a slot.
  var width: Int { get }

  /// Where the numbers of an arm are, so that they can be put back to their start when another arm takes its place;
  /// empty for an algorithm that cannot forget an arm alone.
  var armPlaces: [ArmPlaces] { get }

  /// The memory of a slot whose episode begins; all numbers are 0 before.
  func start(_ memory: BanditMemory)

  /// Whether it learns from a context, so that a log without one says nothing to it.
  var learnsFromContext: Bool { get }

  /// Takes note of what an arm is pulled in that it did not choose itself: one of a log.
  func note(_ memory: BanditMemory, _ moment: BanditMoment, arm: Int)

  /// Learns that an arm paid.
  func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource)

  /// The next arm.
  ///
  /// - Parameter propensity: To be set to the arm's probability, where the algorithm knows it; NaN before.
  func choose(
    _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
  ) -> Int
}

extension BanditRule {
  /// Default: no arm is forgotten alone.
  public var armPlaces: [ArmPlaces] { [] }
  /// Default: it does not.
  public var learnsFromContext: Bool { false }
  /// Default: nothing.
  public func note(_ memory: BanditMemory, _ moment: BanditMoment, arm: Int) {}
}

/// Numbers of a memory that belong to arms: that of arm a is at `first` + a `step`.
public struct ArmPlaces: Sendable, Hashable {
  /// Of arm 0.
  public var first: Int
  /// From arm to arm.
  public var step: Int

  /// Places; see the fields.
  public init(first: Int, step: Int) {
    self.first = first
    self.step = step
  }
}

/// How a bandit algorithm's experience is collected, and what it may know before the first pull.
public protocol BanditConfiguration: CollectionConfiguration {
  /// A log that every episode begins with, a file of CSV or JSON lines with `arm`, `reward` and, for those that learn
  /// from one, the context; empty for none.
  var warmStart: String { get }
}

extension BanditConfiguration {
  /// Default: 16.
  public var slots: Int { 16 }
  /// Default: 2.
  public var batches: Int { 2 }
  /// Default: 128.
  public var steps: Int { 128 }
  /// Default: no log.
  public var warmStart: String { "" }
}

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

/// A policy that is a rule: what is left to write of one is its configuration and its rule.
public protocol RuledPolicy: LearningPolicy where Configuration: BanditConfiguration {
  /// The algorithm.
  associatedtype Rule: BanditRule
  /// Runs it.
  var core: BanditCore<Rule> { get set }
  /// The rule of a configuration, where that can be.
  ///
  /// - Throws: `UserError` for a number outside its range or a problem that it cannot work on.
  static func rule(_ configuration: Configuration, for problem: BanditProblem) throws -> Rule
  /// A policy around a core.
  init(core: BanditCore<Rule>)
}

extension RuledPolicy {
  /// Numbered actions.
  public static func requirements(_ configuration: Configuration) -> Requirements { Requirements(actions: .discrete) }

  /// - Throws: What `rule(_:for:)` throws, and `UserError` for a log that does not fit.
  public init(_ configuration: Configuration, in setting: AgentSetting, slots: Int, choice: ActionChoice) throws {
    let problem = BanditProblem(setting.specification)
    let rule = try Self.rule(configuration, for: problem)
    let log = try LoggedPull.read(
      configuration.warmStart, arms: problem.arms, features: rule.learnsFromContext ? problem.features : [])
    self.init(core: BanditCore(rule, for: problem, slots: slots, log: log))
  }

  /// The arm's probability, where the algorithm knows it.
  public var outputs: [PolicyOutput] { BanditCore<Rule>.outputs }

  /// Learns what came of the last pulls and chooses the next ones, slot by slot. - Complexity: allocates nothing.
  public mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    core.act(on: rollout, at: time, random: &random)
  }

  /// Saves every slot's memory.
  public func save(to state: inout SavedState) { core.save(to: &state) }

  /// Puts the memories where they were saved.
  ///
  /// - Throws: `UserError` when they are of another size.
  public mutating func restore(from state: SavedState) throws { try core.restore(from: state) }
}
