public import Groundwork

/// `metrics.jsonl`: every metric of a run, one JSON object a line.
///
/// A kill in the middle of a write leaves at most one torn line at the end, which readers skip.
public struct MetricFile: Sendable {
  /// Where the file lies.
  public let path: String

  /// Opens the file for adding lines.
  ///
  /// - Parameters:
  ///   - resumedStep: When a run goes on from a checkpoint, the step of that checkpoint: lines past it, which
  ///     the resumed run will write again, and a torn line are removed. `nil` for a new run: an old file is
  ///     replaced.
  /// - Throws: `UserError` when the file cannot be read or written, or is damaged in the middle.
  public init(path: String, resumedStep: Int? = nil) throws(UserError) {
    self.path = path
    var kept: [UInt8] = []
    if let resumedStep {
      for (line, bytes) in try MetricFile.parse(try Files.read(path), name: path).lines where line.step <= resumedStep {
        kept += bytes
        kept.append(UInt8(ascii: "\n"))
      }
    }
    try Files.writeAtomically(kept, to: path)
  }

  /// Adds a line.
  public func write(step: Int, values: [(String, Double)], wallTime: Double? = nil) throws(UserError) {
    let line = MetricLine(step: step, wallTime: wallTime, values: values.map { (name: $0.0, value: $0.1) })
    try Files.append(Array(line.text.utf8) + [UInt8(ascii: "\n")], to: path)
  }

  /// What a metric file holds.
  public struct Contents: Sendable {
    /// In the order of the file, which is that of their steps.
    public var lines: [MetricLine]
    /// A sentence when the last line was cut off, as after a kill, and was skipped.
    public var warning: String?
  }

  /// Reads a file, one still being written included.
  ///
  /// - Throws: `UserError` when the file cannot be read, or a line before the last is not a metric line.
  public static func read(_ path: String) throws(UserError) -> Contents {
    let parsed = try parse(try Files.read(path), name: path)
    return Contents(lines: parsed.lines.map(\.line), warning: parsed.warning)
  }

  /// Each line with its bytes.
  static func parse(_ bytes: [UInt8], name: String) throws(UserError) -> (
    lines: [(line: MetricLine, bytes: ArraySlice<UInt8>)], warning: String?
  ) {
    var lines: [(line: MetricLine, bytes: ArraySlice<UInt8>)] = []
    var start = 0
    var number = 0
    while start < bytes.count {
      number += 1
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let slice = bytes[start..<end]
      // Without its line feed a last line may be a shortened number: torn even if it happens to parse.
      let isTorn = end == bytes.count
      if !isTorn, let line = MetricLine(text: slice) {
        lines.append((line, slice))
      } else if isTorn || end + 1 == bytes.count {
        return (lines, "line \(number) of '\(name)' is cut off and was skipped")
      } else if !slice.isEmpty {
        throw UserError(
          "line \(number) of '\(name)' is not a line of metrics", fix: "Remove the line, or the file to start anew")
      }
      start = end + 1
    }
    return (lines, nil)
  }
}
