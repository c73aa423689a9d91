/// What a batch writes down of the episodes that its slots play.
public enum EpisodeRecording: Sendable, Hashable {
  /// Nothing: `absorb` gives no records, and the batch cannot be saved.
  case none
  /// Measures and what goes with them, but no actions: memory does not grow with the length of an episode. A batch
  /// that is saved in the middle of an episode cannot be restored.
  case returns
  /// Actions too: replays are made of them, and a restored batch steps its running episodes again with them.
  case actions
}

/// What happened in the running episode of a slot so far.
struct EpisodeHistory {
  var episode = 0
  /// The seed that it was started with by hand; nil for the run's own.
  var seed: UInt64?
  var length = 0
  var environmentReturn = 0.0
  var success = false
  /// Actions in order, `width` numbers each; a discrete action is exact as a `Float` below 2^24.
  var actions: [Float] = []
  /// The totals of the traced measures.
  var totals: [Double] = []
  /// The curves of the traced measures, empty for one without.
  var curves: [[Double]] = []

  /// Where the value of a measure is found.
  enum Entry {
    case environmentReturn, length, success
    /// Among the traced ones, by number: what return, length and success do not give.
    case traced(Int)

    init(_ measure: Measure, traced: Int) {
      switch (measure.source, measure.accumulation, measure.hasCurve) {
      case (.environmentReturn, .sum, false): self = .environmentReturn
      case (.episodeLength, .sum, false): self = .length
      case (.success, .any, false): self = .success
      default: self = .traced(traced)
      }
    }
  }

  /// Adds a slot's steps of a rollout from a time on, up to the step that ends the episode or before `end`.
  ///
  /// - Returns: The time after the last step that was added, and whether it ended the episode.
  mutating func add(
    _ rollout: Rollout, slot: Int, from start: Int, to end: Int, traces: [MeasureTrace], keepsActions: Bool
  ) -> (time: Int, isOver: Bool) {
    var time = start
    var place = start &* rollout.slots &+ slot
    var total = environmentReturn
    var succeeded = success
    var isOver = false
    while time < end && !isOver {
      total += Double(rollout.rewards[place])
      succeeded = succeeded || rollout.successes[place]
      isOver = rollout.outcomes[place] != 0
      time &+= 1
      place &+= rollout.slots
    }
    environmentReturn = total
    success = succeeded
    if !traces.isEmpty { trace(rollout, slot: slot, steps: start..<time, traces: traces, isOver: isOver) }
    length += time - start
    if keepsActions { addActions(rollout, slot: slot, steps: start..<time) }
    return (time, isOver)
  }

  private mutating func trace(
    _ rollout: Rollout, slot: Int, steps: Range<Int>, traces: [MeasureTrace], isOver: Bool
  ) {
    for number in traces.indices {
      guard traces[number].readsEveryStep else {
        // Only how it ends is asked for.
        if isOver { totals[number] = traces[number].value(rollout, time: steps.upperBound - 1, slot: slot) }
        continue
      }
      let trace = traces[number]
      // The step that ends an episode leads to a final row, all others to the next time's; fields of the usual elements
      // are read with that known.
      let running = isOver ? steps.lowerBound..<steps.upperBound - 1 : steps
      if let place = trace.place, place.field.element == .float32 || place.field.element == .uint8 {
        let first = UnsafeRawPointer(
          rollout.observation(time: running.lowerBound + 1, slot: slot) + place.offset
            + trace.element * place.field.element.size)
        let stride = rollout.slots * rollout.layout.rowBytes
        if place.field.element == .float32 {
          add(number, trace, running) { Double((first + $0 &* stride).load(as: Float.self)) }
        } else {
          add(number, trace, running) { Double((first + $0 &* stride).load(as: UInt8.self)) }
        }
      } else {
        add(number, trace, running) { trace.value(rollout, time: running.lowerBound + $0, slot: slot) }
      }
      if isOver {
        let last = steps.upperBound - 1
        length += running.count
        add(number, trace, last..<steps.upperBound) { _ in trace.value(rollout, time: last, slot: slot) }
        length -= running.count
      }
    }
  }

  /// Adds numbers to a traced measure's total, and points to its curve where it has one.
  ///
  /// - Parameter read: The number of a step, counted from the first of these.
  @inline(__always) private mutating func add(
    _ number: Int, _ trace: MeasureTrace, _ steps: Range<Int>, read: (Int) -> Double
  ) {
    var total = totals[number]
    var nextPoint = trace.hasCurve ? Measure.curveStep(after: length) : .max
    let accumulation = trace.accumulation
    for step in 0..<steps.count {
      accumulation.add(read(step), to: &total)
      let taken = length &+ step &+ 1
      if taken == nextPoint {
        curves[number].append(accumulation.value(total, steps: taken))
        nextPoint = Measure.curveStep(after: taken)
      }
    }
    totals[number] = total
  }

  private mutating func addActions(_ rollout: Rollout, slot: Int, steps: Range<Int>) {
    let (buffer, slots, first) = (rollout.actions, rollout.slots, actions.count)
    let width = buffer.width
    actions.append(contentsOf: repeatElement(0, count: steps.count * width))
    actions.withUnsafeMutableBufferPointer { actions in
      var target = first
      for time in steps {
        let place = time &* slots &+ slot
        if rollout.isDiscrete {
          actions[target] = Float(buffer.discrete[place])
        } else {
          for element in 0..<width { actions[target &+ element] = buffer.continuous[place &* width &+ element] }
        }
        target &+= width
      }
    }
  }

  /// Adds a step that was taken again; traced measures are not among what it shows.
  mutating func count(_ transition: Transition) {
    length += 1
    environmentReturn += Double(transition.reward)
    success = success || transition.success
  }

  /// The value of a measure of the episode, which has a step or more.
  func value(_ entry: Entry, _ traces: [MeasureTrace]) -> Double {
    switch entry {
    case .environmentReturn: environmentReturn
    case .length: Double(length)
    case .success: success ? 1 : 0
    case .traced(let number): traces[number].accumulation.value(totals[number], steps: length)
    }
  }

  mutating func startEpisode(_ traces: [MeasureTrace]) {
    let next = episode + 1
    removeAll(traces)
    episode = next
  }

  /// Forgets everything, as `init` would, but keeps the memory of the actions: the next episode's are likely about as
  /// many, and where a reset costs nanoseconds two freed arrays are most of it.
  mutating func removeAll(_ traces: [MeasureTrace]) {
    episode = 0
    seed = nil
    length = 0
    environmentReturn = 0
    success = false
    actions.removeAll(keepingCapacity: true)
    guard !traces.isEmpty else { return }
    totals = traces.map(\.accumulation.start)
    for number in curves.indices { curves[number].removeAll(keepingCapacity: true) }
  }

  init(_ traces: [MeasureTrace]) {
    guard !traces.isEmpty else { return }
    totals = traces.map(\.accumulation.start)
    curves = Array(repeating: [], count: traces.count)
  }
}

/// A measure that is followed step by step, in the rollouts of one layout.
struct MeasureTrace {
  let source: Measure.Source
  let accumulation: Measure.Accumulation
  let hasCurve: Bool
  /// Where its field lies in a row; nil for one that reads no field.
  private(set) var place: ObservationLayout.Place?
  fileprivate var element = 0

  init(_ measure: Measure) {
    source = measure.source
    accumulation = measure.accumulation
    hasCurve = measure.hasCurve
    if case .field(_, let element) = source { self.element = element }
  }

  /// Finds the field in the rows of a layout.
  mutating func find(in layout: ObservationLayout) {
    guard case .field(let name, _) = source else { return }
    place = layout.place(name)
    precondition(
      place != nil, "a measure reads '\(name)', which the rollout lacks: EnvironmentBatch.makeRollout adds it")
  }

  var readsEveryStep: Bool { hasCurve || accumulation != .last }

  @inline(__always) func value(_ rollout: Rollout, time: Int, slot: Int) -> Double {
    switch source {
    case .environmentReturn: Double(rollout.rewards[time &* rollout.slots &+ slot])
    case .episodeLength: 1
    case .success: rollout.successes[time &* rollout.slots &+ slot] ? 1 : 0
    case .field: Rollout.read(rollout.nextObservation(time: time, slot: slot), place!, at: element)
    }
  }
}
