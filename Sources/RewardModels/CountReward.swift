public import Groundwork
public import ReinforcementLearning

/// A count-based exploration reward: 1 / sqrt(N(s')), N being how often the state was entered so far.
///
/// States are told apart by the environment's cell signals, or by everything the policy sees. Counts last for the
/// whole run, or with `episodic=true` for the episode.
///
/// Source: Strehl and Littman 2008 (MBIE-EB); MiniGrid's PositionBonus.
public struct CountReward: RewardModel {
  public enum Subject: String, CaseIterable, Sendable { case cell, observation }

  public let components: [RewardComponent]
  public let signals: [String]
  private let isEpisodic: Bool
  private var counts: [UInt64: Int32] = [:]
  /// Number of the episode that runs in each slot, over all rollouts; part of the key when counts are episodic.
  private var episodes: [UInt64] = []

  /// - Parameter signals: Fields whose values make up a state; empty for all that the policy sees.
  public init(signals: [String], isEpisodic: Bool) {
    self.signals = signals
    self.isEpisodic = isEpisodic
    components = [RewardComponent("count")]
  }

  public mutating func score(_ rollouts: [Rollout], into scores: [RewardScores], workers: Workers) throws {
    let slots = rollouts.reduce(0) { $0 + $1.slots }
    if episodes.count != slots { episodes = Array(repeating: 0, count: slots) }
    var firstSlot = 0
    for (rollout, score) in zip(rollouts, scores) {
      let ranges = byteRanges(of: rollout.layout)
      let values = score[0]
      for time in 0..<rollout.steps {
        for slot in 0..<rollout.slots {
          let index = time * rollout.slots + slot
          var key = hash(rollout.nextObservation(time: time, slot: slot), ranges)
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

  private func byteRanges(of layout: ObservationLayout) -> [Range<Int>] {
    guard !signals.isEmpty else { return [0..<layout.policyBytes] }
    return signals.map { name in
      guard let place = layout.place(name) else { preconditionFailure("the rollout does not hold '\(name)'") }
      return place.offset..<place.offset + place.field.count * place.field.element.size
    }
  }

  private func hash(_ row: UnsafeRawPointer, _ ranges: [Range<Int>]) -> UInt64 {
    var key: UInt64 = 0
    for range in ranges {
      var offset = range.lowerBound
      while offset < range.upperBound {
        var word: UInt64 = 0
        let count = min(8, range.upperBound - offset)
        if count == 8 {
          word = row.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        } else {
          for byte in 0..<count { word = word << 8 | UInt64(row.load(fromByteOffset: offset + byte, as: UInt8.self)) }
        }
        key = RandomSource.mixed(key, word, 7)
        offset += count
      }
    }
    return key
  }

  public mutating func update(
    from rollouts: [Rollout], random: inout RandomSource, workers: Workers
  ) throws -> [Metric] {
    [Metric("count/states", Double(counts.count))]
  }

  public func save(to state: inout SavedState) {
    // Sorted: the order of a dictionary differs from run to run.
    let sorted = counts.sorted { $0.key < $1.key }
    state.set("keys", sorted.map(\.key))
    state.set("counts", sorted.map(\.value))
    state.set("episodes", episodes)
  }

  public mutating func restore(from state: SavedState) throws {
    let keys: [UInt64] = try state.get("keys")
    let values: [Int32] = try state.get("counts", count: keys.count)
    counts = Dictionary(zip(keys, values)) { _, last in last }
    episodes = try state.get("episodes")
  }

  public static let description = RewardModelDescription(
    name: "count", summary: "1 / sqrt(visits) of the state that was entered", source: "Strehl and Littman 2008",
    parameters: [
      .init("of", "cell", "what tells states apart: cell (the environment's cell signals) or observation"),
      .init("episodic", "false", "true counts within the episode only"),
    ]
  ) { parameters, specification, _ in
    let subject = try parameters.choice("of", of: Subject.self)
    guard let isEpisodic = Bool(parameters.text("episodic")) else {
      throw UserError("episodic=\(parameters.text("episodic")) of the reward 'count' is not true or false")
    }
    return CountReward(signals: subject == .cell ? specification.cell : [], isEpisodic: isEpisodic)
  }
}
