import RealModule

/// The loops of the operations that read registers.
enum Kernels {
  /// Writes `count` results; the target may be one of the operands.
  ///
  /// Conditions are 1 and 0. Nothing is checked here: what is not finite goes on to the component, where it is refused.
  /// What is no number (NaN) goes through every operation and comparison, wherever it stands among the operands, unless
  /// nothing depends on it: an `if` does not take it, or the other side decides an `and` or `or`.
  static func run(
    _ operation: Instruction.Operation, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int
  ) {
    switch operation {
    case .add: binary(a, b, target, count) { $0 + $1 }
    case .subtract: binary(a, b, target, count) { $0 - $1 }
    case .multiply: binary(a, b, target, count) { $0 * $1 }
    case .divide: binary(a, b, target, count) { $0 / $1 }
    case .less: binary(a, b, target, count) { $0 < $1 ? 1 : $0 >= $1 ? 0 : .nan }
    case .lessOrEqual: binary(a, b, target, count) { $0 <= $1 ? 1 : $0 > $1 ? 0 : .nan }
    case .equal: binary(a, b, target, count) { $0 == $1 ? 1 : $0 < $1 || $0 > $1 ? 0 : .nan }
    case .and: binary(a, b, target, count) { $0 == 0 || $1 == 0 ? 0 : $0 * $1 }
    case .or: binary(a, b, target, count) { $0 == 1 || $1 == 1 ? 1 : $0 + $1 }
    case .min: binary(a, b, target, count) { $1 < $0 || $1.isNaN ? $1 : $0 }
    case .max: binary(a, b, target, count) { $1 > $0 || $1.isNaN ? $1 : $0 }
    case .negate: unary(a, target, count) { -$0 }
    case .not: unary(a, target, count) { 1 - $0 }
    case .abs: unary(a, target, count) { Swift.abs($0) }
    case .sign: unary(a, target, count) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }
    case .floor: unary(a, target, count) { $0.rounded(.down) }
    case .exp: unary(a, target, count) { Float.exp($0) }
    case .log: unary(a, target, count) { Float.log($0) }
    case .sqrt: unary(a, target, count) { $0.squareRoot() }
    case .sin: unary(a, target, count) { Float.sin($0) }
    case .cos: unary(a, target, count) { Float.cos($0) }
    case .tanh: unary(a, target, count) { Float.tanh($0) }
    case .choose:
      for row in 0..<count { target[row] = a[row] == 0 ? c[row] : a[row] == 1 ? b[row] : a[row] }
    case .constant, .loadBefore, .loadAfter, .containsBefore, .containsAfter, .action, .reward, .success, .terminated,
      .truncated:
      preconditionFailure("what reads transitions is no kernel")
    }
  }

  @inline(__always)
  private static func unary(
    _ a: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ count: Int, _ body: (Float) -> Float
  ) {
    for row in 0..<count { target[row] = body(a[row]) }
  }

  @inline(__always)
  private static func binary(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ count: Int,
    _ body: (Float, Float) -> Float
  ) {
    for row in 0..<count { target[row] = body(a[row], b[row]) }
  }
}
