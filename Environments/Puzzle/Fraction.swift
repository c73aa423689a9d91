/// A rational number, exact: an integer over a positive integer, without a common factor.
///
/// Not a general rational type: five numbers of at most 99 keep every result of the Game of 24 below 2^38.
struct Fraction: Hashable, Sendable {
  /// Carries the sign.
  var numerator: Int64
  /// Above 0.
  var denominator: Int64

  /// Reduces to lowest terms; a sign goes to the numerator.
  init(_ numerator: Int64, over denominator: Int64 = 1) {
    precondition(denominator != 0, "a fraction over 0")
    var (a, b) = (abs(numerator), abs(denominator))
    while b != 0 { (a, b) = (b, a % b) }
    let factor = denominator < 0 ? -a : a
    self.numerator = numerator / factor
    self.denominator = denominator / factor
  }

  /// Whether it is a whole number.
  var isInteger: Bool { denominator == 1 }

  /// Compares exactly: the products stay below 2^63 for the sizes of this game.
  static func < (a: Fraction, b: Fraction) -> Bool {
    a.numerator * b.denominator < b.numerator * a.denominator
  }

  /// `3`, or `-8/3`.
  var text: String { isInteger ? "\(numerator)" : "\(numerator)/\(denominator)" }
}

/// One of the four operations of arithmetic.
enum ArithmeticOperation: UInt8, CaseIterable, Sendable {
  case add, subtract, multiply, divide

  /// As actions and texts write it.
  var symbol: StaticString {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    }
  }

  /// Whether the order of the operands does not matter.
  var isCommutative: Bool { self == .add || self == .multiply }

  /// Nil for a division by 0.
  func apply(_ a: Fraction, _ b: Fraction) -> Fraction? {
    switch self {
    case .add: Fraction(a.numerator * b.denominator + b.numerator * a.denominator, over: a.denominator * b.denominator)
    case .subtract:
      Fraction(a.numerator * b.denominator - b.numerator * a.denominator, over: a.denominator * b.denominator)
    case .multiply: Fraction(a.numerator * b.numerator, over: a.denominator * b.denominator)
    case .divide:
      b.numerator == 0 ? nil : Fraction(a.numerator * b.denominator, over: a.denominator * b.numerator)
    }
  }
}
