/// What a number is measured in: powers of base units, for example m and s^-1.
///
/// It is there to refuse what is certainly wrong, a distance plus an angle. A unit that nobody declared is nil and fits
/// every other; so is that of a number that is written out, which may be a scale of any kind.
struct PhysicalUnit: Hashable, Sendable, CustomStringConvertible {
  /// The exponent of each base unit, none of them 0.
  private(set) var exponents: [String: Int] = [:]

  /// A plain number: a ratio, a count, a probability.
  static let one = PhysicalUnit()

  private init() {}

  /// - Parameter text: Units joined by `*` and `/`, each with an exponent from 2 where it has one: `m`, `rad/s`,
  ///   `kg*m/s^2`; `1` for a plain number. Nil for anything else.
  init?(parsing text: String) {
    guard !text.isEmpty else { return nil }
    var sign = 1
    var rest = text[...]
    while true {
      let end = rest.firstIndex { $0 == "*" || $0 == "/" } ?? rest.endIndex
      let parts = rest[..<end].split(separator: "^", omittingEmptySubsequences: false)
      guard let base = parts.first, !base.isEmpty, parts.count <= 2,
        base == "1" || base.allSatisfy(\.isLetter),
        let exponent = parts.count == 1 ? 1 : Int(parts[1]), (1...9).contains(exponent)
      else { return nil }
      if base != "1" { raise(String(base), by: sign * exponent) }
      guard end < rest.endIndex else { return }
      sign = rest[end] == "/" ? -1 : 1
      rest = rest[rest.index(after: end)...]
    }
  }

  private mutating func raise(_ base: String, by exponent: Int) {
    let sum = exponents[base, default: 0] + exponent
    exponents[base] = sum == 0 ? nil : sum
  }

  /// Whether exp, log and the like may take it; an angle is a ratio of lengths.
  var isPlain: Bool { exponents.keys.allSatisfy { $0 == "rad" } }

  /// The unit of a product, or with -1 of a quotient; nil where exponents leave all bounds.
  func times(_ other: PhysicalUnit, power: Int = 1) -> PhysicalUnit? {
    var result = self
    for (base, exponent) in other.exponents { result.raise(base, by: power * exponent) }
    return result.exponents.values.allSatisfy { abs($0) < 64 } ? result : nil
  }

  /// The unit of a square root; nil where an exponent is odd.
  var root: PhysicalUnit? {
    var result = PhysicalUnit()
    for (base, exponent) in exponents {
      guard exponent % 2 == 0 else { return nil }
      result.exponents[base] = exponent / 2
    }
    return result
  }

  /// As it is declared, in alphabetical order: `m/s^2`.
  var description: String {
    func written(_ sign: Int) -> [String] {
      exponents.filter { $0.value.signum() == sign }.sorted { $0.key < $1.key }.map {
        abs($0.value) == 1 ? $0.key : "\($0.key)^\(abs($0.value))"
      }
    }
    let above = written(1).joined(separator: "*")
    return ([above.isEmpty ? "1" : above] + written(-1)).joined(separator: "/")
  }
}
