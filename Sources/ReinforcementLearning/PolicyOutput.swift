/// Something that a policy says of every step beside its action and that a learner wants: the action's log-probability,
/// a propensity, a search's policy or value, a sample before it was clipped.
public struct PolicyOutput: Sendable, Hashable {
  /// What a learner asks for it by; no two of a policy alike.
  public let name: String
  /// Numbers a step.
  public let width: Int

  /// An output of `width` numbers a step, at least 1.
  public init(_ name: String, width: Int = 1) {
    precondition(width > 0, "an output of no numbers")
    self.name = name
    self.width = width
  }
}

extension Rollout {
  /// Makes room for what a policy says of every step; what is there already stays. Collectors do it, evaluations do
  /// not: there nobody reads it.
  public func reserveOutputs(_ declared: [PolicyOutput]) {
    for output in declared { outputs.reserve(output, places: steps * slots) }
  }

  /// The numbers of an output, `[steps, slots, width]`; nil where nobody keeps them, and none need be written.
  public func output(_ name: String) -> UnsafeMutablePointer<Float>? { outputs.values(of: name) }
}

/// The outputs of one rollout, by name.
struct OutputStorage {
  private final class Values: @unchecked Sendable {
    let output: PolicyOutput
    let pointer: UnsafeMutablePointer<Float>

    init(_ output: PolicyOutput, places: Int) {
      self.output = output
      pointer = .allocate(capacity: places * output.width)
      pointer.initialize(repeating: 0, count: places * output.width)
    }

    deinit { pointer.deallocate() }
  }

  private var all: [Values] = []

  mutating func reserve(_ output: PolicyOutput, places: Int) {
    if let known = all.first(where: { $0.output.name == output.name }) {
      precondition(known.output == output, "two policies give '\(output.name)' another width")
      return
    }
    all.append(Values(output, places: places))
  }

  func values(of name: String) -> UnsafeMutablePointer<Float>? {
    all.first { $0.output.name == name }?.pointer
  }
}
