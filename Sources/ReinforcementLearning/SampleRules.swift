/// What a director tells the policy and the learner of each sample, beside what the batch went through; all
/// `[steps, slots]`, the place of `[time, slot]` being `time * slots + slot`.
///
/// A rollout without a director has none. Only the kinds that the director declares have room; the others are empty.
public final class SampleRules: @unchecked Sendable {
  /// What a director has to say.
  public struct Kinds: OptionSet, Sendable, Hashable {
    /// A bit each; in memory only.
    public let rawValue: Int

    /// The kinds of those bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// It pays the learner itself: the reward design is not asked.
    public static let rewards = Kinds(rawValue: 1)
    /// It leaves samples out of what is learnt from.
    public static let choice = Kinds(rawValue: 2)
    /// It sets the temperature at which the policy draws.
    public static let temperatures = Kinds(rawValue: 4)
    /// It ends the value inside episodes (`EpisodeVerdict.endsForTheValue`).
    public static let ends = Kinds(rawValue: 8)
  }

  /// Which of the buffers have room.
  public let kinds: Kinds
  /// What the learner is paid for the step.
  public let rewards: UnsafeMutableBufferPointer<Float>
  /// Whether the learner learns from it; true until a director says otherwise.
  public let isLearnt: UnsafeMutableBufferPointer<Bool>
  /// What the policy divides its logits by before it draws, above 0; 1 until a director says otherwise.
  public let temperatures: UnsafeMutableBufferPointer<Float>
  /// Whether the episode goes on although the step's outcome is an end: it is one for the value alone.
  public let isContinued: UnsafeMutableBufferPointer<Bool>

  /// - Parameter count: Samples of the rollout: steps x slots.
  init(_ kinds: Kinds, count: Int) {
    self.kinds = kinds
    func allocate<Element: BitwiseCopyable>(_ kind: Kinds, _ value: Element) -> UnsafeMutableBufferPointer<Element> {
      let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: kinds.contains(kind) ? count : 0)
      buffer.initialize(repeating: value)
      return buffer
    }
    rewards = allocate(.rewards, 0)
    isLearnt = allocate(.choice, true)
    temperatures = allocate(.temperatures, 1)
    isContinued = allocate(.ends, false)
  }

  deinit {
    rewards.deallocate()
    isLearnt.deallocate()
    temperatures.deallocate()
    isContinued.deallocate()
  }
}
