extension Parameters {
  /// Moves every parameter a share of the way to another's: `x += rate * (y - x)` (Polyak averaging of target
  /// networks).
  ///
  /// - Parameter rate: tau, in 0...1; 1 copies.
  /// - Complexity: O(parameters); allocates nothing.
  public mutating func average(toward other: Parameters, rate: Float) {
    precondition(values.count == other.values.count, "parameters of \(values.count) and \(other.values.count) elements")
    values.withUnsafeMutableBufferPointer { values in
      other.values.withUnsafeBufferPointer { other in
        for index in values.indices { values[index] += rate * (other[index] - values[index]) }
      }
    }
  }
}

/// Networks of one shape with parameters of their own: critics, reward models, predictors whose disagreement tells what
/// they do not know.
///
/// Their blocks lie in one layout, so one optimizer and one gradient serve all.
public struct Ensemble: Sendable {
  /// At least one, in the order in which they were made; `NAME.0`, `NAME.1`, ...
  public let members: [Network]

  /// - Parameter make: Makes the member of that name in the layout.
  /// - Throws: What `make` throws.
  public init(
    _ name: String, count: Int, in layout: inout ParameterLayout,
    _ make: (_ name: String, _ layout: inout ParameterLayout) throws -> Network
  ) rethrows {
    precondition(count > 0, "an ensemble has a member")
    var members: [Network] = []
    for number in 0..<count { members.append(try make("\(name).\(number)", &layout)) }
    self.members = members
  }

  /// Draws the first values of every member, one after the other, so that no two are alike.
  public func initialize(_ parameters: inout Parameters, random: inout some RandomNumberGenerator) {
    for member in members { member.initialize(&parameters, random: &random) }
  }

  /// One workspace a member.
  public func workspaces(rows: Int, inputGradient: Bool = false) -> [Workspace<Float>] {
    members.map { $0.workspace(rows: rows, inputGradient: inputGradient) }
  }

  /// Mean and standard deviation over the members of one output, given each member's, `[members]`, at least one.
  ///
  /// The deviation is the biased one, divided by the number of members: 0 for a single one.
  public static func statistics(_ values: [Float]) -> (mean: Float, deviation: Float) {
    let count = Float(values.count)
    let mean = values.reduce(0, +) / count
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return (mean, square.squareRoot())
  }
}
