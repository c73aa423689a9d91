public import Groundwork
public import ReinforcementLearning

/// A count-based exploration reward: 1 / sqrt(N(s')), N being how often the state was entered so far.
///
/// Counts last for the whole run, or for the episode. Asked for transitions anew it gives what the counts now say, 1
/// for a state that was never entered; where counts are the episode's it counts in the episodes that it is asked for.
///
/// Source: Strehl and Littman 2008 (MBIE-EB); MiniGrid's PositionBonus.
///
/// **Configuration.** `count(of=cell|observation, episodic=false)`.
///
/// **Component.** `count`: in (0, 1], 1 at a state's first visit. Not scaled: the weight in the design does
/// that (`environment+0.01*count`).
public struct CountReward: RewardModel {
  /// What is counted and for how long; `count(of=observation, episodic=true)` in a reward's text.
  public struct Configuration: Codable, Hashable, Sendable {
    /// The signals of `Specification.cell`, or every byte of the policy's fields.
    public enum Subject: String, Codable, CaseIterable, Sendable { case cell, observation }

    /// What tells states apart: the environment's cell signals, or everything that the policy sees.
    public var of = Subject.cell
    /// Whether counts last for an episode only.
    public var episodic = false

    /// Cells, counted over the whole run.
    public init() {}
  }

  /// Fields whose values make up a state; empty for all that the policy sees.
  private let signals: [String]
  private let isEpisodic: Bool
  private var counts: [UInt64: Int32] = [:]
  /// Number of the episode that runs in each slot, over all rollouts; part of the key when counts are episodic.
  private var episodes: [UInt64] = []

  /// An empty table; its keys are hashes of 64 bits, so that among a million states any two share a count with
  /// a probability of about 3e-8.
  public init(_ configuration: Configuration, in setting: RewardSetting) {
    signals = configuration.of == .cell ? setting.specification.cell : []
    isEpisodic = configuration.episodic
  }

  /// One component, `count`; reads the cell's signals where they are counted. Episodic counts cannot relabel.
  public static func outline(_ configuration: Configuration, for specification: Specification) -> RewardOutline {
    RewardOutline(
      [RewardComponent("count")], signals: configuration.of == .cell ? specification.cell : [],
      relabels: !configuration.episodic)
  }

  /// Counts the state that each step entered, in the order of steps and slots, and pays by the count after it.
  ///
  /// - Parameter scores: A view [steps, slots] for each rollout; component 0 is written.
  /// - Complexity: O(steps * slots), a hash and a look-up each; grows by an entry of 12 bytes for each new
  ///   state.
  public mutating func watch(_ rollouts: [Rollout], into scores: [RewardScores], workers: Workers) {
    let slots = rollouts.reduce(0) { $0 + $1.slots }
    if episodes.count != slots { episodes = Array(repeating: 0, count: slots) }
    var firstSlot = 0
    for (rollout, score) in zip(rollouts, scores) {
      let ranges = byteRanges(of: rollout.layout)
      let values = score[0]
      for time in 0..<rollout.steps {
        for slot in 0..<rollout.slots {
          let index = time * rollout.slots + slot
          var key = StateHash.key(rollout.nextObservation(time: time, slot: slot), ranges)
          if isEpisodic { key = RandomSource.mixed(key, UInt64(firstSlot + slot), episodes[firstSlot + slot]) }
          let count = counts[key, default: 0] &+ 1
          counts[key] = count
          values[index] = 1 / Float(count).squareRoot()
          if rollout.outcomes[index] != 0 { episodes[firstSlot + slot] += 1 }
        }
      }
      firstSlot += rollout.slots
    }
    // Episodes that ended are never entered again, but a table that grows for ever would be a leak.
    if isEpisodic && counts.count > 1 << 22 { counts.removeAll(keepingCapacity: true) }
  }

  /// Pays by the counts as they stand, without counting.
  ///
  /// - Parameter scores: [transitions]; component 0 is written, 1 for a state that was never entered.
  public func reward(of transitions: Transitions, into scores: RewardScores, workers: Workers) {
    let ranges = byteRanges(of: transitions.layout)
    let values = scores[0]
    var visits: [UInt64: Int32] = [:]
    var episodes = [UInt64](repeating: 0, count: isEpisodic ? transitions.count : 0)
    for index in 0..<transitions.count {
      let key = StateHash.key(transitions.after(index), ranges)
      var count = counts[key] ?? 1
      if isEpisodic {
        episodes[index] = transitions.previous(index).map { episodes[$0] } ?? UInt64(index)
        count = visits[RandomSource.mixed(key, 0, episodes[index]), default: 0] + 1
        visits[RandomSource.mixed(key, 0, episodes[index])] = count
      }
      values[index] = 1 / Float(count).squareRoot()
    }
  }

  /// Nothing to learn; reports how many states the table holds.
  public func learn(from rollouts: [Rollout], random: inout RandomSource, workers: Workers) -> [Metric] {
    [Metric(.countStates, Double(counts.count))]
  }

  /// The bytes of a row that make up a state: the signals' or all of the policy's fields.
  private func byteRanges(of layout: ObservationLayout) -> [Range<Int>] {
    guard !signals.isEmpty else { return [0..<layout.policyBytes] }
    return signals.map { name in
      guard let place = layout.place(name) else { preconditionFailure("the rows do not hold '\(name)'") }
      return place.offset..<place.offset + place.field.count * place.field.element.size
    }
  }

  /// `keys` and `counts` [states], in the order of the keys, and `episodes` [slots].
  public func save(to state: inout SavedState) {
    // Sorted: the order of a dictionary differs from run to run.
    let sorted = counts.sorted { $0.key < $1.key }
    state.set("keys", sorted.map(\.key))
    state.set("counts", sorted.map(\.value))
    state.set("episodes", episodes)
  }

  /// - Throws: `UserError` when an array is missing or the two have different lengths.
  public mutating func restore(from state: SavedState) throws {
    let keys: [UInt64] = try state.get("keys")
    let values: [Int32] = try state.get("counts", count: keys.count)
    counts = Dictionary(zip(keys, values)) { _, last in last }
    episodes = try state.get("episodes")
  }
}
