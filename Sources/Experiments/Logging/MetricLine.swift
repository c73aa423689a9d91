internal import Groundwork
public import ReinforcementLearning

/// The metrics of one moment of a run: one line of `metrics.jsonl`.
///
/// `{"step":2048,"wall":1.5,"episode/return":0.25}`: the step and the wall time first, then the values in the
/// order in which they were given. A value that is not a number is written as the text "NaN", "Infinity" or
/// "-Infinity", since JSON has no word for it, and is read back as what it was.
public struct MetricLine: Sendable {
  /// Environment steps since the start of the run.
  public var step: Int
  /// Seconds, on whatever clock the writer was given; `nil` when it had none.
  public var wallTime: Double?
  /// Each name once, at most.
  public var values: [(name: String, value: Double)]

  /// A line of those values.
  public init(step: Int, wallTime: Double?, values: [(name: String, value: Double)]) {
    self.step = step
    self.wallTime = wallTime
    self.values = values
  }

  /// The value of that name.
  public subscript(name: MetricName) -> Double? { self[name.text] }

  /// The value of that name, as it stands in the file.
  public subscript(name: String) -> Double? { values.first { $0.name == name }?.value }

  /// The line, without its line feed.
  var text: String {
    var text = "{\"step\":\(step)"
    if let wallTime { text += ",\"wall\":\(MetricLine.number(wallTime))" }
    for (name, value) in values { text += ",\(JSON.string(name).text()):\(MetricLine.number(value))" }
    return text + "}"
  }

  /// Reads a line; `nil` when it is not one. Values keep their order.
  init?(text: ArraySlice<UInt8>) {
    var scanner = Scanner(rest: text)
    guard scanner.skip("{") else { return nil }
    var step: Int?
    var wallTime: Double?
    var values: [(name: String, value: Double)] = []
    repeat {
      guard let name = scanner.name(), scanner.skip(":") else { return nil }
      if name == "step" {
        guard step == nil, let number = scanner.token() else { return nil }
        step = Int(number)
      } else {
        guard let value = scanner.value() else { return nil }
        if name == "wall" { wallTime = value } else { values.append((name, value)) }
      }
    } while scanner.skip(",")
    guard scanner.skip("}"), scanner.isAtEnd, let step else { return nil }
    self.init(step: step, wallTime: wallTime, values: values)
  }

  /// Reads the few forms of JSON that a line has: an object of numbers and of texts that stand for numbers.
  private struct Scanner {
    var rest: ArraySlice<UInt8>

    private mutating func skipSpace() {
      while let byte = rest.first, byte == 32 || byte == 9 || byte == 13 { rest.removeFirst() }
    }

    var isAtEnd: Bool { rest.allSatisfy { $0 == 32 || $0 == 9 || $0 == 13 } }

    mutating func skip(_ mark: Unicode.Scalar) -> Bool {
      skipSpace()
      guard rest.first == UInt8(ascii: mark) else { return false }
      rest.removeFirst()
      return true
    }

    /// A text in quotes.
    mutating func name() -> String? {
      guard skip("\"") else { return nil }
      var end = rest.startIndex
      var isEscaped = false
      while end < rest.endIndex, rest[end] != UInt8(ascii: "\"") {
        if rest[end] < 32 { return nil }
        if rest[end] == UInt8(ascii: "\\") {
          isEscaped = true
          end += 1
        }
        end += 1
      }
      guard end < rest.endIndex else { return nil }
      let bytes = rest[..<end]
      rest = rest[(end + 1)...]
      guard isEscaped else { return String(validating: bytes, as: UTF8.self) }
      return (try? JSON(parsing: [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")], name: "name"))?.string
    }

    /// What stands up to the next comma, bracket or space.
    mutating func token() -> String? {
      skipSpace()
      let token = rest.prefix { (48...57).contains($0) || $0 == 45 || $0 == 43 || $0 == 46 || $0 == 101 || $0 == 69 }
      rest = rest[token.endIndex...]
      return token.isEmpty ? nil : String(decoding: token, as: UTF8.self)
    }

    mutating func value() -> Double? {
      skipSpace()
      guard rest.first == UInt8(ascii: "\"") else { return token().flatMap { Double($0) } }
      switch name() {
      case "NaN": return .nan
      case "Infinity": return .infinity
      case "-Infinity": return -.infinity
      default: return nil
      }
    }
  }

  private static func number(_ value: Double) -> String {
    // Python reads "0" as a number without a sign.
    if value == 0 && value.sign == .minus { return "-0.0" }
    if value.isFinite { return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)" }
    return value.isNaN ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\""
  }
}
