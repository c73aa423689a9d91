public import Groundwork

/// `metrics.jsonl`: every metric of a run, one JSON object a line; beside it `metrics.check`, which shows damage.
///
/// A kill in the middle of a write leaves at most one torn line at the end, which readers skip. Other damage to what
/// was written shows by `metrics.check`: for each line its step and a digest of what tells the run from others and all
/// lines up to it, and when the run is finished a last line that says so. The metrics themselves stay what a person or
/// a few lines of Python read.
public struct MetricFile: Sendable {
  /// Where the file lies.
  public let path: String
  /// Of all lines so far.
  private var digest: LineDigest

  /// Where the digests of a file of metrics lie.
  static func checkPath(_ path: String) -> String {
    (path.hasSuffix(".jsonl") ? String(path.dropLast(6)) : path) + ".check"
  }

  /// Opens the file for adding lines.
  ///
  /// - Parameters:
  ///   - run: What tells the run from others (`RunDescription.lineage`); lines of another run are then noticed.
  ///   - resumedStep: When a run goes on from a checkpoint, the step of that checkpoint: lines past it, which
  ///     the resumed run will write again, and a torn line are removed. `nil` for a new run: an old file is
  ///     replaced.
  /// - Throws: `UserError` when the file cannot be read or written, or a line up to the checkpoint is missing or
  ///   damaged.
  public init(path: String, run: RunLineage = "", resumedStep: Int? = nil) throws(UserError) {
    try self.init(
      path: path, run: run,
      kept: resumedStep.map { (step) throws(UserError) in try MetricFile.lines(path, upTo: step, run: run) })
  }

  /// The same with lines that were read before.
  init(path: String, run: RunLineage, kept: [Line]?) throws(UserError) {
    self.path = path
    digest = LineDigest(of: run)
    var bytes: [UInt8] = []
    var check = ""
    for line in kept ?? [] {
      bytes += line.bytes
      bytes.append(UInt8(ascii: "\n"))
      check += "\(line.metrics.step) \(digest.add(line.bytes, step: line.metrics.step))\n"
    }
    try Files.writeAtomically(bytes, to: path)
    try Files.writeAtomically(check, to: MetricFile.checkPath(path))
  }

  /// Adds a line.
  public mutating func write(step: Int, values: [(String, Double)], wallTime: Double? = nil) throws(UserError) {
    let line = MetricLine(step: step, wallTime: wallTime, values: values.map { (name: $0.0, value: $0.1) })
    let bytes = Array(line.text.utf8)
    try Files.append(bytes + [UInt8(ascii: "\n")], to: path)
    try Files.append(Array("\(step) \(digest.add(bytes, step: step))\n".utf8), to: MetricFile.checkPath(path))
  }

  /// Marks the lines as all that there will be: one that is missing afterwards is noticed.
  public func conclude() throws(UserError) {
    try Files.append(Array("\(MetricFile.end) \(digest.concluded)\n".utf8), to: MetricFile.checkPath(path))
  }

  /// Waits until all lines are on the disk.
  func sync() throws(UserError) {
    try Files.sync(path)
    try Files.sync(MetricFile.checkPath(path))
  }

  /// What stands in the place of a step when there are no more.
  private static let end = "finished"

  /// What a metric file holds.
  public struct Contents: Sendable {
    /// In the order of the file, which is that of their steps.
    public var lines: [MetricLine]
    /// A sentence when the last line was cut off, as after a kill, and was skipped.
    public var warning: String?
  }

  /// Reads a file, one still being written included; its digests are not compared.
  ///
  /// - Throws: `UserError` when the file cannot be read, or a line before the last is not a metric line.
  public static func read(_ path: String) throws(UserError) -> Contents {
    let parsed = try parse(try Files.read(path, as: .metrics), name: path)
    return Contents(lines: parsed.lines.map(\.metrics), warning: parsed.warning)
  }

  /// The lines of a run that is finished.
  ///
  /// - Parameter run: What tells the run from others, as when the file was opened.
  /// - Throws: `UserError` when the file or its digests cannot be read, a byte of them has changed or is missing, or
  ///   they are another run's.
  public static func readFinished(_ path: String, run: RunLineage = "") throws(UserError) -> [MetricLine] {
    let lines = try parse(try Files.read(path, as: .metrics), name: path).lines
    let isEnded = try check(lines, of: run, against: try Files.read(checkPath(path), as: .metrics), path, upTo: nil)
    guard isEnded else { throw damage(path) }
    return lines.map(\.metrics)
  }

  /// The lines up to a step, each as it was written.
  static func lines(_ path: String, upTo step: Int, run: RunLineage) throws(UserError) -> [Line] {
    let lines = try parse(try Files.read(path, as: .metrics), name: path).lines.filter { $0.metrics.step <= step }
    _ = try check(lines, of: run, against: try Files.read(checkPath(path), as: .metrics), path, upTo: step)
    return lines
  }

  /// Compares lines with their digests.
  ///
  /// - Parameter step: The last step of the lines; nil when they must be all, with the mark of the end.
  /// - Returns: Whether the mark of the end was there.
  private static func check(
    _ lines: [Line], of run: RunLineage, against bytes: [UInt8], _ path: String, upTo step: Int?
  ) throws(UserError) -> Bool {
    var digest = LineDigest(of: run)
    var number = 0
    var isEnded = false
    for entry in bytes.split(separator: UInt8(ascii: "\n")) {
      let parts = String(decoding: entry, as: UTF8.self).split(separator: " ")
      if parts.count == 2, parts[0] == end, parts[1] == digest.concluded.description, number == lines.count {
        isEnded = true
        continue
      }
      let entryStep = parts.first.flatMap { Int($0) }
      // What follows the checkpoint is written again, torn or not.
      if let step, number == lines.count, entryStep == nil || entryStep! > step { continue }
      guard parts.count == 2, number < lines.count, entryStep == lines[number].metrics.step else {
        throw damage(path, line: number + 1)
      }
      let found = digest.add(lines[number].bytes, step: lines[number].metrics.step)
      guard parts[1] == found.description else { throw damage(path, line: number + 1) }
      number += 1
    }
    guard number == lines.count else { throw damage(path, line: number + 1) }
    return isEnded
  }

  private static func damage(_ path: String, line: Int? = nil) -> UserError {
    UserError(
      "'\(path)' and '\(checkPath(path))' do not belong together"
        + (line.map { " from line \($0) on" } ?? ": the end is missing")
        + ": one of them was altered or cut off, or is of another run",
      fix: "Restore them from a copy, or begin the run anew")
  }

  /// A line with its bytes, without the line feed.
  struct Line {
    var metrics: MetricLine
    var bytes: ArraySlice<UInt8>
  }

  /// Each line with its bytes.
  static func parse(_ bytes: [UInt8], name: String) throws(UserError) -> (lines: [Line], warning: String?) {
    var lines: [Line] = []
    var start = 0
    var number = 0
    while start < bytes.count {
      number += 1
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let slice = bytes[start..<end]
      // Without its line feed a last line may be a shortened number: torn even if it happens to parse.
      let isTorn = end == bytes.count
      if !isTorn, let line = MetricLine(text: slice) {
        lines.append(Line(metrics: line, bytes: slice))
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
