public import Groundwork

/// A recorded episode: environment, configuration, seed and actions, with a digest of every step that shows where
/// a re-simulation parts from it.
///
/// Any episode can be one, a training episode too, since an episode is a pure function of these.
public struct Replay: Sendable, Hashable {
  /// The format's version; a file of another one is refused.
  public static let version = 2

  /// The catalog's id of the environment.
  public var environment: String
  /// The environment's whole configuration, as `EnvironmentRecipe.configuration` has it.
  public var configuration: JSON
  /// What the episode was reset with.
  public var seed: UInt64
  /// Actions in order, `width` numbers each.
  public var actions: [Float]
  /// Numbers of one action: 1, or the length of the vector.
  public var width: Int
  /// One digest for the start, then one for each step.
  public var digests: [UInt64]
  /// What the reward design gave: a list of values, one a step, by component.
  public var components: [(name: String, values: [Float])] = []
  /// The undiscounted sum of the environment's rewards.
  public var environmentReturn: Double
  /// Whether any step of it was a success.
  public var success: Bool
  /// Where it comes from: agent, reward design, run, step.
  public var origin: [String: String] = [:]

  /// Number of steps.
  public var length: Int { actions.count / max(1, width) }

  /// Equal as documents.
  public static func == (a: Replay, b: Replay) -> Bool { a.json == b.json }
  /// By the document.
  public func hash(into hasher: inout Hasher) { hasher.combine(json) }
}

extension Replay {
  /// Records an episode by stepping it again.
  ///
  /// - Throws: `UserError` when the actions do not fit the environment.
  public init(
    of recipe: EnvironmentRecipe, seed: UInt64, actions: [Float], origin: [String: String] = [:]
  ) throws {
    let width = recipe.specification.actions.isDiscrete ? 1 : recipe.specification.actions.count
    let steps = try Replay.simulate(recipe, seed: seed, actions: actions)
    environment = recipe.id
    configuration = recipe.configuration
    self.seed = seed
    self.actions = Array(actions.prefix((steps.count - 1) * width))
    self.width = width
    digests = steps.map(\.digest)
    environmentReturn = steps.reduce(0) { $0 + Double($1.transition.reward) }
    success = steps.contains { $0.transition.success }
    self.origin = origin
  }

  /// Where a re-simulation parts from a replay.
  public struct Difference: Sendable, Hashable, CustomStringConvertible {
    /// Number of the step, from 1; 0 is the start.
    public var step: Int
    /// What differs at that step, in words.
    public var description: String

    /// A difference at that step.
    public init(step: Int, description: String) {
      self.step = step
      self.description = description
    }
  }

  /// Steps the episode again and compares every step; nil when all are equal. Actions that do not fit the environment
  /// are a difference at the start, not an error.
  public func firstDifference(in recipe: EnvironmentRecipe) throws -> Difference? {
    let steps: [(transition: Transition, digest: UInt64)]
    do {
      steps = try Replay.simulate(recipe, seed: seed, actions: actions)
    } catch let error as UserError {
      return Difference(step: 0, description: error.reason)
    }
    for (index, digest) in digests.enumerated() {
      guard index < steps.count else {
        return Difference(step: index, description: "step \(index): the episode has already ended here")
      }
      if steps[index].digest != digest {
        let action = index == 0 ? "the start" : "the action, observation, reward or outcome"
        return Difference(step: index, description: "step \(index): \(action) differs from the recording")
      }
    }
    if digests.count < steps.count {
      return Difference(step: digests.count, description: "step \(digests.count): the recording has no such step")
    }
    // What the recording says of the whole episode.
    let total = steps.reduce(0) { $0 + Double($1.transition.reward) }
    if environmentReturn != total {
      return Difference(
        step: length, description: "the recording says that the return is \(environmentReturn), it is \(total)")
    }
    let succeeds = steps.contains { $0.transition.success }
    if success != succeeds {
      return Difference(
        step: length,
        description: "the recording says that the episode is \(success ? "a" : "no") success, it is "
          + (succeeds ? "one" : "none"))
    }
    return nil
  }

  /// The transitions of an episode with their digests, the start's first.
  static func simulate(
    _ recipe: EnvironmentRecipe, seed: UInt64, actions: [Float]
  ) throws -> [(transition: Transition, digest: UInt64)] {
    let walker = EpisodeWalker(recipe)
    let (bytes, width) = (walker.layout.policyBytes, walker.width)
    walker.start(seed: seed)
    var steps = [(transition: Transition(reward: 0), digest: digest(walker.row, bytes, []))]
    var place = 0
    try walker.walk(actions) { transition in
      let head =
        actions[place..<place + width].map { UInt64($0.bitPattern) }
        + [UInt64(transition.reward.bitPattern), UInt64(transition.outcome.rawValue) | (transition.success ? 256 : 0)]
      place += width
      steps.append((transition, digest(walker.row, bytes, head)))
    }
    return steps
  }

  /// A 64-bit hash of an observation's bytes and some words (the finalizer of SplitMix64 over 8-byte words).
  static func digest(_ bytes: UnsafeRawPointer, _ count: Int, _ words: [UInt64]) -> UInt64 {
    var hash: UInt64 = UInt64(count)
    for word in words { hash = RandomSource.mixed(hash, word, 1) }
    var offset = 0
    while offset + 8 <= count {
      hash = RandomSource.mixed(hash, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self), 2)
      offset += 8
    }
    var rest: UInt64 = 0
    while offset < count {
      rest = rest << 8 | UInt64(bytes.load(fromByteOffset: offset, as: UInt8.self))
      offset += 1
    }
    return RandomSource.mixed(hash, rest, 3)
  }
}
