/// Numbers that a policy puts out a step beside its action, for example log-probabilities.
public struct PolicyOutput: Sendable, Hashable {
  public var name: String
  /// Numbers a step.
  public var width: Int

  public init(_ name: String, width: Int) {
    self.name = name
    self.width = width
  }
}
