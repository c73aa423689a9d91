/// A learner's store of the last steps of some slots, by number: a ring for each slot, all in step.
///
/// Every row is stored once, as the bytes that it is: what a step led to is the row that follows it in its slot, and
/// only where an episode ended (or what is appended does not go on from what is held) a final row lies beside.
///
/// **Memory.** `(capacity + 1) x slots` rows with what belongs to a step, and a final row for each held step that ended
/// an episode, at most `capacity x slots` of them; `bytes` says what it takes now. Nothing else grows.
///
/// A class, so that its memory never moves; one thread at a time appends, while nobody reads.
public final class TransitionBuffer: @unchecked Sendable {
  /// Slots whose steps it holds: all those of the rollouts that are appended together.
  public let slots: Int
  /// Steps that are kept of each slot.
  public let capacity: Int
  /// Where fields lie in the rows: the policy's, then the signals that are kept.
  public let layout: ObservationLayout
  /// What the policy puts out a step and is kept.
  public let outputs: [PolicyOutput]
  let specification: Specification

  // All by place, `[capacity + 1, slots]`: the ring has one row more than steps, for what the newest step led to.
  let actions: ActionBuffer
  let rewards: UnsafeMutablePointer<Float>
  let outcomes: UnsafeMutablePointer<UInt8>
  let successes: UnsafeMutablePointer<Bool>
  let starts: UnsafeMutablePointer<Bool>
  let masks: UnsafeMutablePointer<Bool>?
  let outputValues: [UnsafeMutablePointer<Float>]
  private let rows: UnsafeMutableRawPointer
  /// The number of the final row, -1 where the next row follows.
  private let finalIndices: UnsafeMutablePointer<Int32>
  private var finals: FinalRows
  /// Steps of each slot that were ever appended.
  public private(set) var appended = 0

  private var ring: Int { capacity + 1 }
  var places: Int { ring * slots }
  private var actionCount: Int { specification.actions.count }

  /// - Parameters:
  ///   - signals: Kept beside the policy's fields.
  ///   - slots: Slots of all the rollouts that are appended together.
  ///   - capacity: Steps that are kept of each slot, from 1.
  public init(
    specification: Specification, signals: [String] = [], slots: Int, capacity: Int, outputs: [PolicyOutput] = []
  ) {
    precondition(slots > 0 && capacity > 0, "a buffer has at least one slot and one step")
    precondition(slots <= Int(Int32.max) / (capacity + 1), "a buffer has fewer than 2^31 places")
    self.specification = specification
    self.slots = slots
    self.capacity = capacity
    self.outputs = outputs
    layout = ObservationLayout(specification, signals: signals)
    let places = (capacity + 1) * slots
    func allocate<Element: BitwiseCopyable>(_ count: Int, _ value: Element) -> UnsafeMutablePointer<Element> {
      let pointer = UnsafeMutablePointer<Element>.allocate(capacity: max(1, count))
      pointer.initialize(repeating: value, count: max(1, count))
      return pointer
    }
    let isDiscrete = specification.actions.isDiscrete
    let width = isDiscrete ? 1 : specification.actions.count
    actions = ActionBuffer(
      discrete: allocate(isDiscrete ? places : 0, 0), continuous: allocate(isDiscrete ? 0 : places * width, 0),
      width: width)
    rewards = allocate(places, 0)
    outcomes = allocate(places, 0)
    successes = allocate(places, false)
    starts = allocate(places, false)
    masks = specification.hasIllegalActions ? allocate(places * specification.actions.count, true) : nil
    outputValues = outputs.map { allocate(places * $0.width, 0) }
    rows = .allocate(byteCount: places * layout.rowBytes, alignment: 64)
    rows.initializeMemory(as: UInt8.self, repeating: 0, count: places * layout.rowBytes)
    finalIndices = allocate(places, -1)
    finals = FinalRows(rowBytes: layout.rowBytes)
  }

  deinit {
    actions.discrete.deallocate()
    actions.continuous.deallocate()
    rewards.deallocate()
    outcomes.deallocate()
    successes.deallocate()
    starts.deallocate()
    masks?.deallocate()
    for values in outputValues { values.deallocate() }
    rows.deallocate()
    finalIndices.deallocate()
    finals.deallocate()
  }

  /// Steps of each slot that are held.
  public var held: Int { min(appended, capacity) }

  /// Transitions that are held: `held x slots`.
  public var count: Int { held * slots }

  /// Bytes that it takes now.
  public var bytes: Int {
    let outputBytes = outputs.reduce(0) { $0 + $1.width * 4 }
    let step = layout.rowBytes + actions.width * 4 + 4 + 3 + 4 + (masks == nil ? 0 : actionCount) + outputBytes
    return places * step + finals.bytes
  }

  /// All transitions that are held, the oldest first, slot by slot within a step.
  public var transitions: Transitions { Transitions(self, places: (0..<count).map(place)) }

  /// The transitions with these numbers, `0..<count`, counted from the oldest that is held.
  public func transitions(at numbers: [Int]) -> Transitions { Transitions(self, places: numbers.map(place)) }

  /// Numbers of transitions, each drawn uniformly from those that are held.
  public func sample(_ size: Int, random: inout RandomSource) -> [Int] {
    precondition(count > 0, "an empty buffer has nothing to draw")
    return (0..<size).map { _ in random.integer(in: 0..<count) }
  }

  /// How many later steps of the same episode are held: their numbers are `number + slots`, `number + 2 slots` and so
  /// on. What hindsight sets goals of, and returns of several steps are made of.
  ///
  /// - Parameter most: Where to stop counting.
  /// - Complexity: O(its result).
  public func laterSteps(of number: Int, most: Int = .max) -> Int {
    var (place, steps) = (place(number), 0)
    while steps < most, number + (steps + 1) * slots < count, outcomes[place] == 0, isLinked(place) {
      place = following(place)
      steps += 1
    }
    return steps
  }

  /// The place of the transition with a number.
  private func place(_ number: Int) -> Int {
    precondition(number >= 0 && number < count, "the buffer holds no such transition")
    return (appended - held + number / slots) % ring * slots + number % slots
  }

  func row(_ place: Int) -> UnsafeMutableRawPointer { rows + place * layout.rowBytes }

  /// The place of the same slot a step later.
  func following(_ place: Int) -> Int { (place + slots) % places }

  /// Whether what follows in the ring is what the step led to.
  func isLinked(_ place: Int) -> Bool { finalIndices[place] < 0 }

  func nextRow(_ place: Int) -> UnsafeMutableRawPointer {
    isLinked(place) ? row(following(place)) : finals.row(Int(finalIndices[place]))
  }

  func mask(_ place: Int) -> UnsafeBufferPointer<Bool>? {
    masks.map { UnsafeBufferPointer(start: $0 + place * actionCount, count: actionCount) }
  }

  func output(_ name: String, _ place: Int) -> UnsafeBufferPointer<Float>? {
    guard let index = outputs.firstIndex(where: { $0.name == name }) else { return nil }
    let width = outputs[index].width
    return UnsafeBufferPointer(start: outputValues[index] + place * width, count: width)
  }

  /// Replaces what was put out under a name at some transitions, `[numbers, width]`: a reward that was learnt anew, for
  /// example.
  public func setOutput(_ name: String, at numbers: Range<Int>, to values: some Collection<Float>) {
    guard let index = outputs.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("the buffer keeps no output '\(name)'")
    }
    let width = outputs[index].width
    precondition(values.count == numbers.count * width, "an output of \(width) numbers for each transition")
    for (offset, value) in values.enumerated() {
      outputValues[index][place(numbers.lowerBound + offset / width) * width + offset % width] = value
    }
  }

  /// Puts a row beside the place, as what its step led to.
  func setFinalRow(_ source: UnsafeRawPointer, at place: Int) {
    finalIndices[place] = Int32(finals.append(source, layout.fieldBytes))
  }

  /// The place is about to be written: its step is no longer held.
  func free(_ place: Int) {
    if finalIndices[place] >= 0 { finals.remove(Int(finalIndices[place])) }
    finalIndices[place] = -1
  }

  func setAppended(_ steps: Int) { appended = steps }

  /// The place of a slot's step, counted from the first that was ever appended.
  func place(step: Int, slot: Int) -> Int { step % ring * slots + slot }
}

/// Rows of steps that ended an episode, with the places that are free again.
struct FinalRows {
  private let rowBytes: Int
  private var base: UnsafeMutableRawPointer
  private var capacity = 0
  private var used = 0
  private var free: [Int32] = []

  init(rowBytes: Int) {
    self.rowBytes = rowBytes
    base = .allocate(byteCount: 1, alignment: 64)
  }

  func deallocate() { base.deallocate() }

  var bytes: Int { capacity * rowBytes }

  func row(_ index: Int) -> UnsafeMutableRawPointer { base + index * rowBytes }

  mutating func append(_ source: UnsafeRawPointer, _ bytes: Int) -> Int {
    let index: Int
    if let last = free.popLast() {
      index = Int(last)
    } else {
      if used == capacity { grow() }
      index = used
      used += 1
    }
    row(index).copyMemory(from: source, byteCount: bytes)
    return index
  }

  mutating func remove(_ index: Int) { free.append(Int32(index)) }

  private mutating func grow() {
    let larger = max(16, capacity * 2)
    let rows = UnsafeMutableRawPointer.allocate(byteCount: larger * rowBytes, alignment: 64)
    rows.initializeMemory(as: UInt8.self, repeating: 0, count: larger * rowBytes)
    rows.copyMemory(from: base, byteCount: capacity * rowBytes)
    base.deallocate()
    base = rows
    capacity = larger
  }
}
