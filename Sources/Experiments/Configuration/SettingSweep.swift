public import Groundwork
internal import RealModule
import ReinforcementLearning

/// A setting with several values, each of which is an arm of a comparison: `key=VALUES`, where `VALUES` is
///
///     1e-4,3e-4,1e-3      a list; commas inside of brackets or quotes belong to a value
///     1e-4..1e-2*5        five numbers from the first to the second, each the same factor above the one before
///     0.1..0.5+5          five numbers from the first to the second, each the same difference above the one before
///     1e-4..1e-2*         any number between them, drawn evenly by its logarithm; for random search alone
///     0.9..0.99           any number between them, drawn evenly; for random search alone
///
/// Numbers between the ends are rounded to four significant digits, whole ones to whole ones, so that what a report
/// says is what was run.
public struct SettingSweep: Sendable, Hashable {
  /// What a setting is given.
  public enum Values: Sendable, Hashable {
    /// Each as `--set` takes it.
    case list([String])
    /// Any number from the first to the second; by its logarithm or as it is.
    case range(low: Double, high: Double, isLogarithmic: Bool)
  }

  /// As it was written.
  public let key: String
  /// In the order in which they were written; at least two.
  public let values: Values
  /// Whether the setting takes whole numbers alone.
  private let isWhole: Bool

  /// The sweep that a text of `--set` describes; nil where it gives one value.
  ///
  /// - Parameters:
  ///   - text: `key=VALUES`.
  ///   - takes: Whether the setting takes that value; a value that it takes as it stands is one value, so that commas
  ///     of a text stay in it.
  /// - Throws: `UserError` for a range that cannot be: ends in the wrong order, a factor from 0 on, too few numbers.
  public init?(parsing text: String, takes: (SettingAssignment) -> Bool) throws(UserError) {
    let assignment = try SettingAssignment(parsing: text)
    let written = String(text[text.index(after: text.firstIndex(of: "=")!)...].trimmed)
    // A text in brackets or a number is one value, as is whatever nothing parts.
    guard case .string = assignment.value, !takes(assignment) else { return nil }
    key = assignment.key
    isWhole = !takes(SettingAssignment(path: assignment.path, value: 0.5))
    if let range = try SettingSweep.range(written, key: key, isWhole: isWhole) {
      values = range
      return
    }
    guard let pieces = try? NamedSettings.split(written[...], at: ","), pieces.count > 1 else { return nil }
    let list = pieces.map { String($0.trimmed) }
    guard list.allSatisfy({ !$0.isEmpty }) else {
      throw UserError("'--set \(text)' has an empty value in its list", fix: "Write --set \(key)=VALUE,VALUE")
    }
    if let twice = list.indices.first(where: { place in
      list[..<place].contains { JSON(scalar: $0) == JSON(scalar: list[place]) }
    }) {
      throw UserError("'--set \(text)' has '\(list[twice])' twice", fix: "Keep one of them")
    }
    values = .list(list)
  }

  /// The values of a list, the ends of a range.
  public var list: [String] {
    switch values {
    case .list(let list): list
    case .range(let low, let high, _): [low, high].map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" }
    }
  }

  /// One value.
  public var example: JSON { JSON(scalar: list[0]) }

  /// How many values there are; nil for more than can be told apart by counting.
  public var count: Int? {
    switch values {
    case .list(let list): list.count
    case .range(let low, let high, _): isWhole ? Int(high) - Int(low) + 1 : nil
    }
  }

  // MARK: Ranges

  /// The values of a text that is a range; nil where it is none.
  private static func range(_ text: String, key: String, isWhole: Bool) throws(UserError) -> Values? {
    guard let dots = text.firstRange(of: "..") else { return nil }
    var rest = text[dots.upperBound...]
    var kind: Character?
    var count = ""
    if let sign = rest.lastIndex(where: { $0 == "*" || $0 == "+" }),
      rest[sign] == "*" || !(sign > rest.startIndex && "eE".contains(rest[rest.index(before: sign)]))
    {
      kind = rest[sign]
      count = String(rest[rest.index(after: sign)...].trimmed)
      rest = rest[..<sign]
    }
    let ends = [String(text[..<dots.lowerBound].trimmed), String(rest.trimmed)]
    guard let low = Double(ends[0]), let high = Double(ends[1]), low.isFinite, high.isFinite else { return nil }
    let written = "'\(key)=\(text)'"
    guard low < high else {
      throw UserError("\(written) is no range: its first number is not below its second", fix: "Change their order")
    }
    guard kind != "*" || low > 0 else {
      throw UserError(
        "\(written) has no steps of one factor: its first number is not above 0",
        fix: "Begin above 0, or use steps of one difference (\(key)=\(ends[0])..\(ends[1])+5)")
    }
    guard !isWhole || (low == low.rounded() && high == high.rounded() && max(abs(low), abs(high)) < 1e15) else {
      throw UserError("\(written) has ends that are no whole numbers, and the setting takes those alone")
    }
    if kind == nil || (kind == "*" && count.isEmpty) { return .range(low: low, high: high, isLogarithmic: kind == "*") }
    guard let number = Int(count), (2...mostArms).contains(number) else {
      throw UserError(
        "\(written) asks for '\(count)' numbers", fix: "Use a whole number from 2 to \(mostArms)")
    }
    var list: [String] = []
    for place in 0..<number {
      let part = Double(place) / Double(number - 1)
      let value = kind == "*" ? low * (high / low).power(part) : low + (high - low) * part
      let isInside = place > 0 && place < number - 1
      list.append(isInside ? rounded(value, low, high, isWhole, kind == "*") : ends[place == 0 ? 0 : 1])
    }
    guard Set(list).count == list.count else {
      throw UserError("\(written) has fewer whole numbers than it asks for", fix: "Ask for fewer")
    }
    return .list(list)
  }

  /// A number of a range as it is typed: four significant digits, where steps are differences four of the range.
  private static func rounded(
    _ value: Double, _ low: Double, _ high: Double, _ isWhole: Bool, _ isLogarithmic: Bool
  ) -> String {
    guard !isWhole else { return "\(Int64(min(max(value.rounded(), low), high)))" }
    var size = isLogarithmic ? value : high - low
    var (factor, divisor) = (1.0, 1.0)
    // Powers of ten are exact up to this one, and a quotient by one is the number that its digits mean.
    while size < 1000 && factor < 1e22 { (size, factor) = (size * 10, factor * 10) }
    while size >= 10_000 { (size, divisor) = (size / 10, divisor * 10) }
    let result = min(max((value / divisor * factor).rounded() * divisor / factor, low), high)
    return result == result.rounded() && abs(result) < 1e15 ? "\(Int64(result))" : "\(result)"
  }

  /// A value at random.
  fileprivate func draw(_ random: inout RandomSource) -> String {
    switch values {
    case .list(let list): return list[random.integer(in: 0..<list.count)]
    case .range(let low, let high, let isLogarithmic):
      // Whole numbers are drawn from the middle of their share to the middle, so that the ends are as likely.
      let (from, to) = isWhole && !isLogarithmic ? (low - 0.5, high + 0.5) : (low, high)
      let part = random.uniform()
      let value = isLogarithmic ? from * (to / from).power(part) : from + (to - from) * part
      return SettingSweep.rounded(min(max(value, low), high), low, high, isWhole, isLogarithmic)
    }
  }
}

// MARK: Arms

extension SettingSweep {
  /// The most arms of a comparison: every pair of them is compared.
  public static let mostArms = 64

  /// Every combination of the values, the last sweep's changing fastest; each as texts of `--set`.
  ///
  /// - Throws: `UserError` for a range without a number of values, or more than `mostArms` combinations.
  public static func grid(_ sweeps: [SettingSweep]) throws(UserError) -> [[String]] {
    var arms: [[String]] = [[]]
    var sizes: [Int] = []
    for sweep in sweeps {
      guard case .list(let list) = sweep.values else {
        throw UserError(
          "the range of '\(sweep.key)' does not say how many values of it are to be tried",
          fix: "Add a number (\(sweep.key)=LOW..HIGH*5), or draw them at random (--trials)")
      }
      sizes.append(list.count)
      try check(arms: SizeLimit.product(arms.count, list.count), sizes: sizes)
      arms = arms.flatMap { arm in list.map { arm + ["\(sweep.key)=\($0)"] } }
    }
    return arms
  }

  /// Settings drawn at random, no two alike; the first of them are the same whatever their number, so that more can be
  /// added.
  ///
  /// - Throws: `UserError` for more than there are, or more than `mostArms`.
  public static func trials(_ count: Int, of sweeps: [SettingSweep]) throws(UserError) -> [[String]] {
    try check(arms: count, sizes: [])
    let counts = sweeps.compactMap(\.count)
    if counts.count == sweeps.count {
      let all = counts.reduce(1) { SizeLimit.product($0, $1) }
      guard count <= all else {
        throw UserError(
          "\(count) trials are more than the \(all) combinations that there are",
          fix: "Ask for at most \(all), or leave --trials out to try every one")
      }
    }
    var arms: [[String]] = []
    var index = 0
    while arms.count < count {
      var random = RandomSource(seed: 0, purpose: .settingTrials, index: index)
      let arm = sweeps.map { "\($0.key)=\($0.draw(&random))" }
      if !arms.contains(arm) { arms.append(arm) }
      index += 1
      // Far more than it takes to draw each of 64 combinations once.
      guard index < 10_000 else {
        throw UserError("the ranges have fewer than \(count) values that differ", fix: "Ask for fewer trials")
      }
    }
    return arms
  }

  /// - Throws: `UserError` when there are more arms than a comparison may have.
  public static func check(arms count: Int, sizes: [Int]) throws(UserError) {
    guard count <= mostArms else {
      let product = sizes.count > 1 ? " (\(sizes.map(String.init).joined(separator: " x ")))" : ""
      throw UserError(
        "these would be \(count) arms\(product), and a comparison has at most \(mostArms)",
        fix: "Name fewer values, or draw some at random (--trials \(mostArms))")
    }
  }

  /// What an arm's settings are called: the ends of the keys that tell them apart, with their values.
  ///
  /// - Parameters:
  ///   - settings: Texts of `--set`.
  ///   - keys: All keys that differ between arms.
  public static func label(_ settings: [String], among keys: [String]) -> String {
    settings.map { text in
      let key = String(text.prefix { $0 != "=" })
      let parts = key.split(separator: ".").map(String.init)
      var short = key
      for length in 1..<max(2, parts.count) {
        let end = parts.suffix(length).joined(separator: ".")
        guard !keys.contains(where: { $0 != key && ($0 == end || $0.hasSuffix("." + end)) }) else { continue }
        short = end
        break
      }
      return short + text.dropFirst(key.count)
    }.joined(separator: ", ")
  }
}

extension Double {
  /// This number, above 0, to a power from 0 to 1.
  fileprivate func power(_ exponent: Double) -> Double { .exp(.log(self) * exponent) }
}
