import Groundwork
import ReinforcementLearning

/// Directs by closures; writes 100 x slot + 10 x episode + steps into the field `tag`. With a stream of its own it
/// gives episodes up and replaces actions by chance.
final class ScriptedDirector: Director {
  var sampleRules: SampleRules.Kinds = []
  var starts: (_ slot: Int, _ episode: Int) -> EpisodeStart = { _, _ in .run }
  var verdict: (RunningEpisode) -> EpisodeVerdict = { _ in .goesOn }
  var replacement: (_ time: Int, _ slot: Int) -> Int32? = { _, _ in nil }
  /// What is paid for an environment's reward, where it pays.
  var pay: (Float) -> Float = { $0 }
  private(set) var judged: [RunningEpisode] = []
  private var random: RandomSource?
  /// Number and length of each slot's episode.
  private var numbers: [Int: Int] = [:]
  private var lengths: [Int: Int] = [:]

  init(drawing random: RandomSource? = nil) { self.random = random }

  func beginCollection() { judged.removeAll() }

  func start(slot: Int, episode: Int) -> EpisodeStart {
    numbers[slot] = episode
    return start(of: slot)
  }

  func start(of slot: Int) -> EpisodeStart { starts(slot, numbers[slot]!) }

  func begin(slot: Int, on rollout: Rollout, at time: Int) { lengths[slot] = 0 }

  func redirect(_ rollout: Rollout, at time: Int) {
    for slot in 0..<rollout.slots {
      if let action = replacement(time, slot) { rollout.actions.discrete[time * rollout.slots + slot] = action }
      if random?.chance(0.3) == true { rollout.actions.discrete[time * rollout.slots + slot] = 2 }
    }
  }

  func judge(slot: Int, _ episode: RunningEpisode, on rollout: Rollout, at time: Int) -> EpisodeVerdict {
    judged.append(episode)
    lengths[slot] = episode.length
    let place = time * rollout.slots + slot
    if sampleRules.contains(.rewards) { rollout.sampleRules!.rewards[place] = pay(rollout.rewards[place]) }
    return random?.chance(0.2) == true ? .isGivenUp : verdict(episode)
  }

  func write(slot: Int, into row: UnsafeMutableRawPointer) {
    // The last field: the collections here read no signals.
    let offset = DirectorLayout.tag
    row.storeBytes(of: Float(100 * slot + 10 * numbers[slot]! + lengths[slot]!), toByteOffset: offset, as: Float.self)
  }

  func save(to state: inout SavedState) {
    if let random { state.set("random", random.words) }
    let slots = numbers.keys.sorted()
    state.set("numbers", slots.map { Int64(numbers[$0]!) })
    state.set("lengths", slots.map { Int64(lengths[$0]!) })
  }

  func restore(from state: SavedState) throws {
    if random != nil { random = try RandomSource(words: try state.get("random", count: 5)) }
    for (slot, number) in try state.get("numbers", as: Int64.self).enumerated() { numbers[slot] = Int(number) }
    for (slot, length) in try state.get("lengths", as: Int64.self).enumerated() { lengths[slot] = Int(length) }
  }
}

/// Gives 3 for every step.
struct ConstantReward: RewardModel {
  struct Configuration: Codable, Hashable, Sendable {}

  static func outline(_ configuration: Configuration, for specification: Specification) -> RewardOutline {
    RewardOutline([RewardComponent("constant")])
  }

  static func design(in recipe: EnvironmentRecipe) throws -> RewardDesign {
    let listing = RewardListing(
      "constant", ConstantReward.self, configuration: Configuration(), summary: "3 a step", source: "a test")
    return try RewardDesign("constant", among: [listing], in: recipe, seed: 1)
  }

  init(_ configuration: Configuration, in setting: RewardSetting) {}

  func reward(of transitions: Transitions, into scores: RewardScores, workers: Workers) {
    scores[0].update(repeating: 3)
  }
}

/// Where the appended field lies: after the environment's own, which are the same bytes in both environments here.
private enum DirectorLayout {
  static let tag: Int = {
    var specification = CountingEnvironment.specification(of: .init())
    specification.fields.append(Field("tag", element: .float32))
    return ObservationLayout(specification).place("tag")!.offset
  }()
}

/// Rewards are draws; ends after three steps.
struct DrawingEnvironment: Environment {
  struct Configuration: Codable, Hashable, Sendable {}
  enum Action: UInt8, DiscreteAction { case zero, one }

  private var random = RandomSource(seed: 0)
  private var elapsed = 0

  init(plan: Configuration) {}

  static func specification(of plan: Configuration) -> Specification {
    Specification(
      fields: [Field("observation", shape: [1], element: .float32), Field("seed", shape: [8], element: .uint8)],
      actions: .discrete(Action.names), timeLimit: 100, rewards: 0...1)
  }

  mutating func reset(seed: UInt64) {
    elapsed = 0
    random = RandomSource(seed: seed)
  }

  mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  mutating func step(_ action: Action) -> Transition {
    elapsed += 1
    return Transition(reward: random.uniformFloat(), outcome: elapsed == 3 ? .terminated : .running)
  }

  func observe(into row: inout ObservationRow) { row.write(Float(elapsed), to: 0) }
}
