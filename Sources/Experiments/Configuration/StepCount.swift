public import Groundwork

/// A number of steps as people write it: `200000`, `1_000_000`, `1,000,000`, `1e6`, `200k`, `0.5M`, `1.5M`.
public struct StepCount: Sendable, Hashable {
  /// 1 to 10^15.
  public var value: Int

  /// Reads a text exactly: what comes to no whole number is refused, not rounded.
  ///
  /// - Throws: `UserError` that says the form.
  public init(parsing text: String) throws(UserError) {
    guard let value = StepCount.value(text), (1...1_000_000_000_000_000).contains(value) else {
      throw UserError(
        "'\(text)' is no number of steps",
        fix: "Write a whole number from 1 to 10^15, such as 200000, 1_000_000, 1e6, 200k or 0.5M")
    }
    self.value = value
  }

  /// The number, in digits and a power of ten; nil for what is none, or is not whole.
  private static func value(_ text: String) -> Int? {
    var rest = withoutGroups(text)[...]
    var power = 0
    if let last = rest.last, let unit = ["k": 3, "K": 3, "M": 6, "G": 9][last] {
      power = unit
      rest.removeLast()
    }
    if let mark = rest.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      guard let exponent = Int(rest[rest.index(after: mark)...]), abs(exponent) < 100 else { return nil }
      power += exponent
      rest = rest[..<mark]
    }
    let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.contains(where: { !$0.isEmpty }),
      parts.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } })
    else { return nil }
    var digits = parts.joined()
    power -= parts.count == 2 ? parts[1].count : 0
    while power < 0, digits.last == "0" {
      digits.removeLast()
      power += 1
    }
    guard power >= 0, digits.count + power < 40 else { return nil }
    return Int(digits + String(repeating: "0", count: power))
  }

  /// Without the marks between groups: underscores anywhere between digits, commas before groups of three.
  private static func withoutGroups(_ text: String) -> String {
    let groups = text.split(separator: ",", omittingEmptySubsequences: false)
    guard groups.count > 1 else {
      let words = text.split(separator: "_", omittingEmptySubsequences: false)
      return words.contains(where: \.isEmpty) ? text : words.joined()
    }
    let isGrouped = (1...3).contains(groups[0].count) && groups.dropFirst().allSatisfy { $0.count == 3 }
    return isGrouped ? groups.joined() : text
  }
}
