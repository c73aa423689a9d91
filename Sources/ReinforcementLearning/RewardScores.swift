/// The components' values of some transitions: `[components, transitions]`, those of a rollout `[components, steps, slots]`.
public final class RewardScores: @unchecked Sendable {
  public let components: Int
  /// Elements of one component: transitions, or steps x slots.
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

  /// One component's values.
  public subscript(component: Int) -> UnsafeMutableBufferPointer<Float> {
    precondition(component >= 0 && component < components, "there is no such component")
    return UnsafeMutableBufferPointer(start: values + component * count, count: count)
  }

  /// Some of the components, for the model that writes them; they share this one's memory.
  public func part(first: Int, count: Int) -> RewardScores {
    RewardScores(part: first, components: count, of: self)
  }

  /// Writes every component's values times its weight to other scores, which may be these.
  public func weigh(by parts: [RewardComponent], into target: RewardScores) {
    precondition(parts.count == components && target.components == components && target.count == count)
    for (component, part) in parts.enumerated() {
      let (from, to) = (self[component], target[component])
      let weight = Float(part.weight)
      for place in 0..<count { to[place] = from[place] * weight }
    }
  }
}
