public import Groundwork

/// Chooses actions for every slot of a batch.
///
/// A policy belongs to one batch: it may keep buffers of that batch's size and a memory of its slots. Where a slot's
/// episode starts, and what its last action was and brought, it asks of the rollout (`startsEpisode`, `lastAction`,
/// `lastReward`), at time 0 as at any other. A memory is saved and restored with the run. One that learns what outlives
/// an episode is an agent's; one that learns inside the episode is a `LearningPolicy`.
public protocol Policy {
  /// What it says of every step beside the action; a collector keeps it in the rollout. None by default.
  var outputs: [PolicyOutput] { get }

  /// Writes the actions at `time` of the rollout, from its observations (and masks) at `time`, and its outputs where
  /// the rollout keeps them.
  ///
  /// - Parameters:
  ///   - batch: Which slots these are.
  ///   - random: The stream for sampled actions.
  /// - Throws: `UserError` for what it depends on and that failed: a language model, a search's judge.
  mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) throws

  /// What it thought of a step that it has just chosen the actions of, for whoever watches; nil by default.
  ///
  /// - Parameters:
  ///   - rollout: The one that `act` was given, as it was then.
  func thought(on rollout: Rollout, at time: Int, slot: Int) -> PolicyThought?

  /// Saves its memory of the slots, as it stands after a whole rollout. Nothing by default.
  func save(to state: inout SavedState)

  /// Puts the memory where it was saved; called before the resumed run's first action.
  mutating func restore(from state: SavedState) throws
}

extension Policy {
  /// Default: nothing beside the action.
  public var outputs: [PolicyOutput] { [] }
  /// Default: it does not say.
  public func thought(on rollout: Rollout, at time: Int, slot: Int) -> PolicyThought? { nil }
  /// Default: it remembers nothing.
  public func save(to state: inout SavedState) {}
  /// Default: it needs nothing.
  public mutating func restore(from state: SavedState) throws {}
}

/// What a policy thought of a step: shown beside the picture, and used for nothing else.
public struct PolicyThought: Sendable, Hashable {
  /// Of every action; empty where actions are vectors.
  public var probabilities: [Float]
  /// What it expects to be paid from here on, discounted, as its learner was paid (normalised where that normalises);
  /// nil where it does not say.
  public var value: Float?

  /// - Parameter probabilities: Adding up to 1.
  public init(probabilities: [Float], value: Float? = nil) {
    self.probabilities = probabilities
    self.value = value
  }
}

/// Draws every legal action with the same probability; vectors uniformly within their limits.
public struct UniformPolicy: Policy {
  private let actions: ActionSpecification

  /// Draws among the actions of that specification.
  public init(_ specification: Specification) { actions = specification.actions }

  /// With which probability a numbered action was drawn: the same for all that are legal.
  public var outputs: [PolicyOutput] {
    if case .discrete = actions { [PolicyOutput("propensity")] } else { [] }
  }

  /// Draws an action a slot; a vector's unlimited elements lie within ±10^6.
  public mutating func act(
    on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource
  ) {
    let propensities = rollout.output("propensity")
    for slot in 0..<rollout.slots {
      let place = time * rollout.slots + slot
      switch actions {
      case .discrete(let names):
        let mask = rollout.mask(time: time, slot: slot)
        rollout.actions.discrete[place] = Int32(draw(names.count, mask, &random))
        if let propensities { propensities[place] = 1 / Float(mask?.count { $0 } ?? names.count) }
      case .continuous(let low, let high):
        for element in 0..<low.count {
          let lower = max(low[element], -1e6)
          let upper = min(high[element], 1e6)
          rollout.actions.continuous[place * low.count + element] = lower + (upper - lower) * random.uniformFloat()
        }
      }
    }
  }

  private func draw(_ count: Int, _ mask: UnsafeMutableBufferPointer<Bool>?, _ random: inout RandomSource) -> Int {
    guard let mask else { return random.integer(in: 0..<count) }
    var remaining = random.integer(in: 0..<max(1, mask.count { $0 }))
    for action in 0..<count where mask[action] {
      if remaining == 0 { return action }
      remaining -= 1
    }
    return 0
  }
}
