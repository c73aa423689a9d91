import Groundwork
import ReinforcementLearning

/// Some steps of an episode as a reward model learns from them: rows, what the environment paid, and what it takes to
/// step them again.
struct ClipRecord: Sendable {
  /// Steps, 1 or more.
  var count = 0
  /// Rows of observation and action, `[count, stride]`.
  var rows: [UInt8] = []
  /// What a synthetic teacher adds up: the environment's rewards, the last step's with weight 1.
  var value = 0.0
  /// The sum of the environment's rewards.
  var environmentReturn = 0.0
  /// What the episode was reset with.
  var seed: UInt64 = 0
  /// The first step, counted from the episode's start.
  var first = 0
  /// The episode's actions from its start to the clip's end.
  var actions: [Float] = []
}

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
    var clip = ClipRecord()
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
  private var running: [Running] = []
  /// The latest clips, in the order in which they ended.
  private(set) var clips: [ClipRecord] = []

  init(
    _ row: ClipRow, _ configuration: PreferenceReward.Configuration, runSeed: UInt64, keepsActions: Bool
  ) {
    self.row = row
    segment = configuration.segment
    capacity = configuration.pool
    myopia = configuration.myopia
    self.runSeed = runSeed
    self.keepsActions = keepsActions
  }

  /// Takes in the rollouts of one collection.
  mutating func add(_ rollouts: [Rollout]) {
    let slots = rollouts.reduce(0) { $0 + $1.slots }
    if running.count != slots { running = Array(repeating: Running(), count: slots) }
    var firstSlot = 0
    for rollout in rollouts {
      let transitions = Transitions(rollout)
      for time in 0..<rollout.steps {
        for slot in 0..<rollout.slots {
          step(transitions, time * rollout.slots + slot, slot: firstSlot + slot)
        }
      }
      firstSlot += rollout.slots
    }
    if clips.count > capacity { clips.removeFirst(clips.count - capacity) }
  }

  private mutating func step(_ transitions: Transitions, _ index: Int, slot: Int) {
    let stride = row.stride
    let place = running[slot].clip.rows.count
    running[slot].clip.rows.append(contentsOf: repeatElement(0, count: stride))
    running[slot].clip.rows.withUnsafeMutableBytes { row.write(transitions, index, to: $0.baseAddress! + place) }
    let reward = Double(transitions.reward(index))
    running[slot].clip.value = running[slot].clip.value * myopia + reward
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
    clips.append(running[slot].clip)
    running[slot].clip = ClipRecord()
    if isOver {
      running[slot].episode += 1
      running[slot].actions.removeAll(keepingCapacity: true)
      running[slot].length = 0
    }
  }

  /// Mean of the environment's reward of a step over the pool, and the least sum of a clip, or 0 where none is below.
  var scale: (mean: Double, least: Double) {
    let steps = clips.reduce(0) { $0 + $1.count }
    let sum = clips.reduce(0) { $0 + $1.environmentReturn }
    let least = clips.reduce(0) { min($0, $1.environmentReturn / Double($1.count)) }
    return (sum / Double(max(1, steps)), least)
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
  }

  /// - Throws: `UserError` when something is missing or of another shape.
  mutating func restore(from state: SavedState) throws {
    clips = try ClipRecord.restore(from: state.get(prefix: "pool"), stride: row.stride)
    let slots = state.get(prefix: "running")
    let saved = try ClipRecord.restore(from: slots, stride: row.stride)
    let episodes: [Int64] = try slots.get("episodes", count: saved.count)
    running = zip(saved, episodes).map { clip, episode in
      var slot = Running(clip: clip, episode: Int(episode), actions: clip.actions, length: clip.first)
      slot.clip.actions = []
      slot.clip.first = 0
      return slot
    }
  }
}

extension ClipRecord {
  /// Saves clips as arrays by clip, by step and by number.
  static func save(_ clips: [ClipRecord], to state: inout SavedState) {
    state.set("counts", clips.map { Int32($0.count) })
    state.set("rows", clips.flatMap(\.rows))
    state.set("values", clips.map(\.value))
    state.set("returns", clips.map(\.environmentReturn))
    state.set("seeds", clips.map(\.seed))
    state.set("firsts", clips.map { Int64($0.first) })
    state.set("actionCounts", clips.map { Int64($0.actions.count) })
    state.set("actions", clips.flatMap(\.actions))
  }

  /// - Throws: `UserError` when an array is missing or does not fit the others.
  static func restore(from state: SavedState, stride: Int) throws -> [ClipRecord] {
    let counts: [Int32] = try state.get("counts")
    let total = counts.reduce(0) { $0 + Int($1) }
    let rows: [UInt8] = try state.get("rows", count: total * stride)
    let values: [Double] = try state.get("values", count: counts.count)
    let returns: [Double] = try state.get("returns", count: counts.count)
    let seeds: [UInt64] = try state.get("seeds", count: counts.count)
    let firsts: [Int64] = try state.get("firsts", count: counts.count)
    let actionCounts: [Int64] = try state.get("actionCounts", count: counts.count)
    let actions: [Float] = try state.get("actions", count: actionCounts.reduce(0) { $0 + Int($1) })
    var clips: [ClipRecord] = []
    var (row, action) = (0, 0)
    for index in counts.indices {
      let (rowEnd, actionEnd) = (row + Int(counts[index]) * stride, action + Int(actionCounts[index]))
      guard counts[index] >= 0, actionCounts[index] >= 0 else {
        throw UserError("the checkpoint's clips are not whole")
      }
      clips.append(
        ClipRecord(
          count: Int(counts[index]), rows: Array(rows[row..<rowEnd]), value: values[index],
          environmentReturn: returns[index], seed: seeds[index], first: Int(firsts[index]),
          actions: Array(actions[action..<actionEnd])))
      (row, action) = (rowEnd, actionEnd)
    }
    return clips
  }
}
