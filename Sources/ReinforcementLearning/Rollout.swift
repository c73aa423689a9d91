/// What a batch went through: `steps` steps of `slots` slots, in buffers that are written in place.
///
/// All arrays are time-major: the element of `[time, slot]` is at `time * slots + slot`. Observations and masks
/// have one time more than the rest: row `time` is what the action at `time` answered to, and row `time + 1`
/// what came of it, or the next episode's first observation where the episode ended, whose own last observation
/// is then a final row.
///
/// A rollout is a class so that its buffers never move or copy; one worker at a time writes it.
public final class Rollout: @unchecked Sendable {
  /// Steps of every slot, at least 1.
  public let steps: Int
  /// Slots of the batch, at least 1.
  public let slots: Int
  /// Where fields lie in a row: the policy's, appended ones included, then the signals that were asked for.
  public let layout: ObservationLayout
  /// The memory that the observations lie in, this rollout's or that of all rollouts of a collection.
  public let slab: ObservationSlab
  /// `[steps + 1, slots, rowBytes]`, in the slab.
  public let observations: UnsafeMutableRawPointer
  /// `[steps, slots]`, or `[steps, slots, count]` for vectors.
  public let actions: ActionBuffer
  /// The environment's rewards, `[steps, slots]`.
  public let rewards: UnsafeMutablePointer<Float>
  /// `Outcome` by raw value, `[steps, slots]`.
  public let outcomes: UnsafeMutablePointer<UInt8>
  /// `[steps, slots]`
  public let successes: UnsafeMutablePointer<Bool>
  /// Legal actions, `[steps + 1, slots, actions]`; one element when every action is always legal.
  public let masks: UnsafeMutablePointer<Bool>
  /// Number of actions, or length of the action vector.
  public let actionCount: Int
  /// Whether an action is ever illegal; if not, `masks` is not to be read.
  public let hasMasks: Bool
  /// Whether actions are numbered; else they are vectors.
  public let isDiscrete: Bool
  /// The specification's time limit, or `Int.max`.
  public let defaultTimeLimit: Int

  @usableFromInline let fields: UnsafeMutablePointer<ObservationLayout.Bytes>
  /// Number of the final row by `[steps, slots]`; only meaningful where an episode ended.
  @usableFromInline let finalIndices: UnsafeMutablePointer<Int32>
  @usableFromInline var finalRows: UnsafeMutableRawPointer
  @usableFromInline var finalCapacity: Int
  /// How many episodes ended, which is how many final rows there are.
  public internal(set) var finalCount = 0

  /// What a director says of the samples; nil where there is none, or it says nothing.
  public let sampleRules: SampleRules?
  /// What came before row 0: whether an episode starts there, and the action and reward that led to it.
  let before: StepBefore
  /// What the policy that fills this rollout writes beside its actions, by `reserveOutputs(_:)`.
  var outputs = OutputStorage()

  /// - Parameters:
  ///   - rules: What a director is to say of the samples.
  ///   - shared: The slab of the rollouts of one collection; nil for one of its own.
  ///   - part: Its number among rollouts of this size in the slab.
  public init(
    specification: Specification, signals: [String] = [], slots: Int, steps: Int, rules: SampleRules.Kinds = [],
    slab shared: ObservationSlab? = nil, part: Int = 0
  ) {
    precondition(slots > 0 && steps > 0, "a rollout has at least one slot and one step")
    self.steps = steps
    self.slots = slots
    layout = ObservationLayout(specification, signals: signals)
    actionCount = specification.actions.count
    hasMasks = specification.hasIllegalActions
    isDiscrete = specification.actions.isDiscrete
    defaultTimeLimit = specification.timeLimit ?? .max
    func allocate<Element: BitwiseCopyable>(_ count: Int, _ zero: Element) -> UnsafeMutablePointer<Element> {
      let pointer = UnsafeMutablePointer<Element>.allocate(capacity: max(1, count))
      pointer.initialize(repeating: zero, count: max(1, count))
      return pointer
    }
    func allocate(bytes: Int) -> UnsafeMutableRawPointer {
      let pointer = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      pointer.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
      return pointer
    }
    let places = steps * slots
    let discrete = specification.actions.isDiscrete
    let size = (steps + 1) * slots * layout.rowBytes
    slab = shared ?? ObservationSlab(byteCount: size)
    precondition(part >= 0 && (part + 1) * size <= slab.byteCount, "the slab is too small for that many rollouts")
    observations = slab.base + part * size
    sampleRules = rules.isEmpty ? nil : SampleRules(rules, count: places)
    actions = ActionBuffer(
      discrete: allocate(discrete ? places : 0, 0), continuous: allocate(discrete ? 0 : places * actionCount, 0),
      width: discrete ? 1 : actionCount)
    before = StepBefore(slots: slots, width: actions.width)
    rewards = allocate(places, 0)
    outcomes = allocate(places, 0)
    successes = allocate(places, false)
    masks = allocate(hasMasks ? (steps + 1) * slots * actionCount : 1, true)
    finalIndices = allocate(places, -1)
    finalCapacity = max(slots, places / 16)
    finalRows = allocate(bytes: finalCapacity * layout.rowBytes)
    fields = .allocate(capacity: max(1, layout.bytes.count))
    for (index, bytes) in layout.bytes.enumerated() { fields.advanced(by: index).initialize(to: bytes) }
  }

  deinit {
    actions.discrete.deallocate()
    actions.continuous.deallocate()
    rewards.deallocate()
    outcomes.deallocate()
    successes.deallocate()
    masks.deallocate()
    finalIndices.deallocate()
    finalRows.deallocate()
    fields.deallocate()
  }

  /// Bytes of the observations.
  public var observationBytes: Int { (steps + 1) * slots * layout.rowBytes }

  /// The observation row at `[time, slot]`, for an environment to write.
  @inlinable public func row(time: Int, slot: Int) -> ObservationRow {
    ObservationRow(base: observation(time: time, slot: slot), fields: fields)
  }

  /// The bytes of the observation row at `[time, slot]`.
  @inlinable public func observation(time: Int, slot: Int) -> UnsafeMutableRawPointer {
    observations + (time &* slots &+ slot) &* layout.rowBytes
  }

  /// The bytes of the last observation of the episode that ended at `[time, slot]`.
  @inlinable public func finalObservation(time: Int, slot: Int) -> UnsafeMutableRawPointer {
    let index = time &* slots &+ slot
    precondition(outcomes[index] != 0, "no episode ended at that step")
    return finalRows + Int(finalIndices[index]) &* layout.rowBytes
  }

  /// The final rows, one after the other in the order in which their episodes ended: `[finalCount, rowBytes]`.
  public var finalObservations: UnsafeRawPointer { UnsafeRawPointer(finalRows) }

  /// The number of the final row of the episode that ended at `[time, slot]`.
  @inlinable public func finalIndex(time: Int, slot: Int) -> Int { Int(finalIndices[time &* slots &+ slot]) }

  /// What the action at `[time, slot]` led to: the next row, or the final row where the episode ended.
  @inlinable public func nextObservation(time: Int, slot: Int) -> UnsafeMutableRawPointer {
    outcomes[time &* slots &+ slot] == 0
      ? observation(time: time &+ 1, slot: slot) : finalObservation(time: time, slot: slot)
  }

  /// The legal actions at `[time, slot]`, nil when every action is always legal.
  @inlinable public func mask(time: Int, slot: Int) -> UnsafeMutableBufferPointer<Bool>? {
    guard hasMasks else { return nil }
    return UnsafeMutableBufferPointer(start: masks + (time &* slots &+ slot) &* actionCount, count: actionCount)
  }

  /// Sets the action at `[time, slot]` from the numbers that a replay records: one, or a vector's elements.
  public func setAction(_ numbers: some Collection<Float>, time: Int, slot: Int) {
    precondition(numbers.count == actions.width, "an action has \(actions.width) numbers, not \(numbers.count)")
    let start = (time * slots + slot) * actions.width
    for (element, number) in numbers.enumerated() {
      if isDiscrete {
        actions.discrete[start] = Int32(number)
      } else {
        actions.continuous[start + element] = number
      }
    }
  }

  /// How the episode stood after the step at `[time, slot]`; `terminated` also where a director ended the value alone.
  @inlinable public func outcome(time: Int, slot: Int) -> Outcome {
    Outcome(rawValue: outcomes[time &* slots &+ slot])!
  }
}
