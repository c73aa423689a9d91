import Groundwork
import ReinforcementLearning

/// Where what networks read of a step lies: the policy's fields of the observation before it, then the action, a number
/// as one of zeros and a one, a vector's elements within -1...1 where they have limits.
struct ClipRow: Sendable {
  private static let action = "preferredAction"

  /// Of the rows; the action is a field of it.
  let layout: ObservationLayout
  private let policyBytes: Int
  private let place: Int
  let isDiscrete: Bool
  private let count: Int
  private let middle, half: [Float]

  init(_ specification: Specification) {
    var extended = specification
    count = specification.actions.count
    extended.fields.append(Field(ClipRow.action, shape: [count], element: .float32))
    layout = ObservationLayout(extended)
    place = layout.place(ClipRow.action)!.offset
    policyBytes = ObservationLayout(specification).policyBytes
    switch specification.actions {
    case .continuous(let low, let high):
      isDiscrete = false
      let limits = zip(low, high).map { $0.isFinite && $1.isFinite && $1 > $0 ? ($0, $1) : (-1, 1) }
      middle = limits.map { ($0.0 + $0.1) / 2 }
      half = limits.map { ($0.1 - $0.0) / 2 }
    default:
      isDiscrete = true
      (middle, half) = ([], [])
    }
  }

  /// Bytes of a row.
  var stride: Int { layout.rowBytes }

  /// Writes a row, whose bytes were zero or one of these before.
  func write(_ transitions: Transitions, _ index: Int, to target: UnsafeMutableRawPointer) {
    target.copyMemory(from: transitions.before(index), byteCount: policyBytes)
    // Where an action's field begins is a multiple of its element's size, and so are rows.
    let action = (target + place).assumingMemoryBound(to: Float.self)
    if isDiscrete {
      for element in 0..<count { action[element] = 0 }
      action[Int(transitions.discreteAction(index))] = 1
    } else {
      for (element, value) in transitions.continuousAction(index).enumerated() {
        action[element] = (value - middle[element]) / half[element]
      }
    }
  }
}

/// Cuts what slots go through into clips, and keeps the latest.
struct ClipPool: Sendable {
  /// What runs in a slot: the clip that is being recorded, and where its episode stands.
  private struct Running: Sendable {
    var clip: ClipRecord
    var episode = 0
    var actions: [Float] = []
    var length = 0
  }

  let row: ClipRow
  private let segment: Int
  private let capacity: Int
  private let myopia: Double
  private let runSeed: UInt64
  /// Whether actions are kept, so that clips can be stepped again.
  private let keepsActions: Bool
  /// A clip without a step.
  private let empty: ClipRecord
  private var running: [Running] = []
  /// The latest clips, in the order in which they ended.
  private(set) var clips: [ClipRecord] = []
  /// The least and the largest value of a clip so far by aspect, which ratings are given between.
  private(set) var ranges: [ClosedRange<Double>?]

  init(
    _ row: ClipRow, _ configuration: PreferenceReward.Configuration, aspects: Int = 1, runSeed: UInt64,
    keepsActions: Bool
  ) {
    self.row = row
    segment = configuration.segment
    capacity = configuration.pool
    myopia = configuration.myopia
    self.runSeed = runSeed
    self.keepsActions = keepsActions
    let none = [Double](repeating: 0, count: aspects)
    empty = ClipRecord(values: none, sums: none)
    ranges = Array(repeating: nil, count: aspects)
  }

  /// Takes in the rollouts of one collection.
  ///
  /// - Parameter judged: What a synthetic teacher makes of a rollout's steps, `[aspects][steps x slots]`; nil for the
  ///   environment's rewards.
  mutating func add(_ rollouts: [Rollout], judged: (Transitions) throws -> [[Float]]? = { _ in nil }) rethrows {
    let slots = rollouts.reduce(0) { $0 + $1.slots }
    if running.count != slots { running = Array(repeating: Running(clip: empty), count: slots) }
    var firstSlot = 0
    for rollout in rollouts {
      let transitions = Transitions(rollout)
      let worth = try judged(transitions)
      for time in 0..<rollout.steps {
        for slot in 0..<rollout.slots {
          step(transitions, time * rollout.slots + slot, worth, slot: firstSlot + slot)
        }
      }
      firstSlot += rollout.slots
    }
    if clips.count > capacity { clips.removeFirst(clips.count - capacity) }
  }

  private mutating func step(_ transitions: Transitions, _ index: Int, _ worth: [[Float]]?, slot: Int) {
    let stride = row.stride
    let place = running[slot].clip.rows.count
    running[slot].clip.rows.append(contentsOf: repeatElement(0, count: stride))
    running[slot].clip.rows.withUnsafeMutableBytes { row.write(transitions, index, to: $0.baseAddress! + place) }
    let reward = Double(transitions.reward(index))
    for aspect in ranges.indices {
      let value = worth.map { Double($0[aspect][index]) } ?? reward
      running[slot].clip.values[aspect] = running[slot].clip.values[aspect] * myopia + value
      running[slot].clip.sums[aspect] += value
    }
    running[slot].clip.environmentReturn += reward
    running[slot].clip.count += 1
    running[slot].length += 1
    if keepsActions {
      if row.isDiscrete {
        running[slot].actions.append(Float(transitions.discreteAction(index)))
      } else {
        running[slot].actions.append(contentsOf: transitions.continuousAction(index))
      }
    }
    let isOver = transitions.outcome(index) != .running
    guard isOver || running[slot].clip.count == segment else { return }
    running[slot].clip.seed = RandomSource.episodeSeed(run: runSeed, slot: slot, episode: running[slot].episode)
    running[slot].clip.first = running[slot].length - running[slot].clip.count
    running[slot].clip.actions = running[slot].actions
    for (aspect, value) in running[slot].clip.values.enumerated() {
      let known = ranges[aspect] ?? value...value
      ranges[aspect] = min(known.lowerBound, value)...max(known.upperBound, value)
    }
    clips.append(running[slot].clip)
    running[slot].clip = empty
    if isOver {
      running[slot].episode += 1
      running[slot].actions.removeAll(keepingCapacity: true)
      running[slot].length = 0
    }
  }

  /// Mean worth of the pool's clips in an aspect, and the least, or 0 where none is below; to a perfect memory.
  func scale(_ aspect: Int = 0) -> (mean: Double, least: Double) {
    let sum = clips.reduce(0) { $0 + $1.sums[aspect] }
    return (sum / Double(max(1, clips.count)), clips.reduce(0) { min($0, $1.sums[aspect]) })
  }

  // MARK: Saving

  /// The pool, and of every slot the clip that runs with its episode.
  func save(to state: inout SavedState) {
    var part = SavedState()
    ClipRecord.save(clips, to: &part)
    state.set(prefix: "pool", part)
    var slots = SavedState()
    ClipRecord.save(running.map { slot in
      var clip = slot.clip
      clip.actions = slot.actions
      clip.first = slot.length
      return clip
    }, to: &slots)
    slots.set("episodes", running.map { Int64($0.episode) })
    state.set(prefix: "running", slots)
    state.set("ranges", ranges.flatMap { $0.map { [$0.lowerBound, $0.upperBound] } ?? [1, -1] })
  }

  /// - Throws: `UserError` when something is missing or of another shape.
  mutating func restore(from state: SavedState) throws {
    clips = try ClipRecord.restore(from: state.get(prefix: "pool"), stride: row.stride, aspects: ranges.count)
    let slots = state.get(prefix: "running")
    let saved = try ClipRecord.restore(from: slots, stride: row.stride, aspects: ranges.count)
    let episodes: [Int64] = try slots.get("episodes", count: saved.count)
    running = zip(saved, episodes).map { clip, episode in
      var slot = Running(clip: clip, episode: Int(episode), actions: clip.actions, length: clip.first)
      slot.clip.actions = []
      slot.clip.first = 0
      return slot
    }
    // Checkpoints from before there were ratings have none, and need none.
    guard state.names.contains("ranges") else { return }
    let bounds: [Double] = try state.get("ranges", count: 2 * ranges.count)
    ranges = ranges.indices.map { bounds[2 * $0] <= bounds[2 * $0 + 1] ? bounds[2 * $0]...bounds[2 * $0 + 1] : nil }
  }
}
