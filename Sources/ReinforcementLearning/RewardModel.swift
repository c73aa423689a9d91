public import Groundwork

/// One named part of a reward design.
public struct RewardComponent: Sendable, Hashable {
  public var name: String
  /// What its numbers have been multiplied by already.
  public var weight: Double
  /// Whether its return ends with the episode; an exploration reward's may go on (RND).
  public var isEpisodic: Bool
  /// Its own discount (gamma), where it has one.
  public var discount: Double?

  public init(_ name: String, weight: Double = 1, isEpisodic: Bool = true, discount: Double? = nil) {
    self.name = name
    self.weight = weight
    self.isEpisodic = isEpisodic
    self.discount = discount
  }
}

/// Scores what a batch went through: it supplies the reward that an agent learns from.
///
/// A reward model never touches the environment's own reward, which evaluation reports. It reads the policy's
/// fields and the signals that it asked for; its randomness is passed in, so a resumed run goes on exactly.
public protocol RewardModel: Sendable {
  /// The parts it writes, in order.
  var components: [RewardComponent] { get }

  /// Names of the signals that it reads.
  var signals: [String] { get }

  /// Writes every component of every step of the rollouts, which are the parallel parts of one iteration.
  ///
  /// What it counts or normalises may change with what it sees here; what it learns changes in `update`.
  mutating func score(_ rollouts: [Rollout], into scores: [RewardScores], workers: Workers) throws

  /// Learns from the rollouts that were just scored; returns what should be logged.
  mutating func update(from rollouts: [Rollout], random: inout RandomSource, workers: Workers) throws -> [Metric]

  /// Saves everything that a resumed run needs.
  func save(to state: inout SavedState)
  mutating func restore(from state: SavedState) throws
}

extension RewardModel {
  public var signals: [String] { [] }

  public mutating func update(
    from rollouts: [Rollout], random: inout RandomSource, workers: Workers
  ) throws -> [Metric] { [] }

  public func save(to state: inout SavedState) {}
  public mutating func restore(from state: SavedState) throws {}
}

/// The components' values of one rollout: `[components, steps, slots]`, weights applied.
public final class RewardScores: @unchecked Sendable {
  public let components: Int
  /// Elements of one component: steps x slots.
  public let count: Int
  private let values: UnsafeMutablePointer<Float>
  private let owner: RewardScores?

  public init(components: Int, count: Int) {
    self.components = components
    self.count = count
    values = .allocate(capacity: max(1, components * count))
    values.initialize(repeating: 0, count: max(1, components * count))
    owner = nil
  }

  private init(part first: Int, components: Int, of owner: RewardScores) {
    precondition(first + components <= owner.components, "there are not so many components")
    self.components = components
    self.owner = owner
    count = owner.count
    values = owner.values + first * owner.count
  }

  deinit { if owner == nil { values.deallocate() } }

  /// One component's values, `[steps, slots]`.
  public subscript(component: Int) -> UnsafeMutableBufferPointer<Float> {
    precondition(component >= 0 && component < components, "there is no such component")
    return UnsafeMutableBufferPointer(start: values + component * count, count: count)
  }

  /// Some of the components, for the model that writes them; they share this one's memory.
  public func part(first: Int, count: Int) -> RewardScores {
    RewardScores(part: first, components: count, of: self)
  }
}
