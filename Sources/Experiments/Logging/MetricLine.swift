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

  /// Reads a line; `nil` when it is not one. Values come in the order of their names.
  init?(text: some Sequence<UInt8>) {
    guard let members = (try? JSON(parsing: text, name: "line"))?.object, let step = members["step"]?.integer
    else { return nil }
    var values: [(name: String, value: Double)] = []
    for name in members.keys.sorted() where name != "step" && name != "wall" {
      guard let value = MetricLine.value(members[name]!) else { return nil }
      values.append((name, value))
    }
    self.init(step: step, wallTime: members["wall"].flatMap(MetricLine.value), values: values)
  }

  private static func number(_ value: Double) -> String {
    if value.isFinite { return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)" }
    return value.isNaN ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\""
  }

  private static func value(_ json: JSON) -> Double? {
    switch json.string {
    case "NaN": .nan
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    default: json.double
    }
  }
}
