/// What an expression does with its operands: the operators, and the functions that a program calls by name.
enum Function: String, Sendable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case negate = "minus"
  case power = "^"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case unequal = "!="
  case and, or, not
  case choose = "if"

  case min, max, clamp
  case abs, sign, floor
  case exp, log, sqrt, sin, cos, tanh
  case norm, dot, sum, vector
  case tolerance, linearTolerance, longTolerance
  case contains, number
  case before, shaping

  /// Whether a program calls it as `name(...)`.
  var isCalled: Bool { Function.called.contains(self) }

  /// The functions in the order of the documentation.
  static let called: [Function] = [
    .min, .max, .clamp, .abs, .sign, .floor, .exp, .log, .sqrt, .sin, .cos, .tanh, .norm, .dot, .sum, .vector,
    .tolerance, .linearTolerance, .longTolerance, .contains, .number, .before, .shaping,
  ]

  /// How many operands it takes.
  var operands: ClosedRange<Int> {
    switch self {
    case .min, .max: 2...64
    case .vector: 1...64
    case .clamp: 3...3
    case .tolerance, .linearTolerance, .longTolerance: 4...4
    case .add, .subtract, .multiply, .divide, .power, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .unequal,
      .and, .or, .dot, .contains:
      2...2
    case .choose: 3...3
    case .negate, .not, .abs, .sign, .floor, .exp, .log, .sqrt, .sin, .cos, .tanh, .norm, .sum, .number, .before,
      .shaping:
      1...1
    }
  }

  /// How it is written, for errors.
  var example: String {
    switch self {
    case .min, .max: "\(rawValue)(a, b)"
    case .vector: "vector(a, b, c)"
    case .clamp: "clamp(x, low, high)"
    case .tolerance, .linearTolerance, .longTolerance: "\(rawValue)(x, low, high, margin)"
    case .contains: "contains(event, \"opened\")"
    case .dot: "dot(v, w)"
    case .norm, .sum: "\(rawValue)(v)"
    case .choose: "if a < b then x else y"
    case .not: "not (a < b)"
    case .power: "x^2"
    case .add, .subtract, .multiply, .divide, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .unequal, .and,
      .or:
      "a \(rawValue) b"
    case .negate: "-x"
    case .abs, .sign, .floor, .exp, .log, .sqrt, .sin, .cos, .tanh, .number, .before, .shaping: "\(rawValue)(x)"
    }
  }
}
