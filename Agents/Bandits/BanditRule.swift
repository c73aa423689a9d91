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

/// One bandit algorithm: what may be set, what it keeps of a slot, how it learns of a pull and chooses the next.
///
/// A rule is what is the same for all slots; it draws from the stream that it is handed and keeps nothing else. It
/// knows no environment, no rollout and no batch: `BanditPolicy` runs it over the slots of a batch.
public protocol BanditRule: Sendable {
  /// What may be set of this algorithm alone; every field has a doc line with its symbol.
  associatedtype Parameters: ConfigurationPart

  /// The rule for a problem.
  ///
  /// - Throws: `UserError` for a number outside its range or a problem that it cannot work on.
  init(_ parameters: Parameters, for problem: BanditProblem) throws

  /// Numbers that it keeps of a slot.
  var width: Int { get }

  /// Where the numbers of an arm are, so that they can be put back to their start when another arm takes its place;
  /// empty for an algorithm that cannot forget an arm alone.
  var armPlaces: [ArmPlaces] { get }

  /// Whether an episode may begin with the pulls of a log.
  static var takesLog: Bool { get }

  /// Sets the memory of a slot whose episode begins; all numbers are 0 before.
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

  /// A step of a batch, `core.act(on:at:random:)`: a requirement so that its loop is compiled for every rule.
  static func act(_ core: inout BanditCore<Self>, on rollout: Rollout, at time: Int, random: inout RandomSource)
}

extension BanditRule {
  /// Default: it may.
  public static var takesLog: Bool { true }
  /// Default: all numbers stay 0.
  public func start(_ memory: BanditMemory) {}
  /// Default: no arm is forgotten alone.
  public var armPlaces: [ArmPlaces] { [] }
  /// Default: it does not.
  public var learnsFromContext: Bool { false }
  /// Default: nothing.
  public func note(_ memory: BanditMemory, _ moment: BanditMoment, arm: Int) {}
  /// Default: the core's own.
  public static func act(
    _ core: inout BanditCore<Self>, on rollout: Rollout, at time: Int, random: inout RandomSource
  ) {
    core.act(on: rollout, at: time, random: &random)
  }
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
