/// One operation on a column of numbers, a row for each transition.
struct Instruction: Hashable, Sendable {
  /// What is done. Operands of the first group are no registers.
  enum Operation: UInt8, Sendable {
    /// The number whose bits `a` holds.
    case constant
    /// Element `b` of field `a` before or after the step.
    case loadBefore, loadAfter
    /// Whether the text field `a` contains text `b`.
    case containsBefore, containsAfter
    /// Element `a` of the action, or its number.
    case action
    case reward, success, terminated, truncated

    case add, subtract, multiply, divide, negate
    case less, lessOrEqual, equal
    case and, or, not
    /// `a` is the condition.
    case choose
    case min, max, abs, sign, floor, exp, log, sqrt, sin, cos, tanh

    /// Registers that it reads: the first so many of `a`, `b`, `c`.
    var registers: Int {
      switch self {
      case .constant, .loadBefore, .loadAfter, .containsBefore, .containsAfter, .action, .reward, .success, .terminated,
        .truncated:
        0
      case .negate, .not, .abs, .sign, .floor, .exp, .log, .sqrt, .sin, .cos, .tanh: 1
      case .add, .subtract, .multiply, .divide, .less, .lessOrEqual, .equal, .and, .or, .min, .max: 2
      case .choose: 3
      }
    }
  }

  var operation: Operation
  var a: Int32 = 0
  var b: Int32 = 0
  var c: Int32 = 0
  /// The register that is written; equal instructions are told apart by what they read alone.
  var target: Int32 = 0

  /// The constant's value.
  var constant: Float { Float(bitPattern: UInt32(bitPattern: a)) }

  static func constant(_ value: Float) -> Instruction {
    // One zero: -0 and 0 are the same number to a program.
    Instruction(operation: .constant, a: Int32(bitPattern: (value == 0 ? 0 : value).bitPattern))
  }

  /// The registers that it reads.
  var sources: [Int] { [a, b, c].prefix(operation.registers).map(Int.init) }
}
