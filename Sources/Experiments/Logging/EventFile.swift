public import Groundwork

/// A TensorBoard event file: scalars over steps, and texts.
///
/// Each record is added whole by one write; a kill leaves at most a torn last record, where readers stop and
/// go on to the next file of the directory. Check one with `scripts/check_tensorboard.py DIR`.
public struct EventFile: Sendable {
  /// `events.out.tfevents.SECONDS.HOST.NUMBER` in the directory that it was made in.
  public let path: String

  /// Makes a new file in a directory; TensorBoard joins all event files of a directory into one run.
  ///
  /// - Parameters:
  ///   - startTime: Seconds since 1970; becomes part of the name, by which TensorBoard orders the files.
  ///   - host: Part of the name, by convention the machine's name.
  ///   - resumedStep: When a run goes on from a checkpoint, its step: readers then drop what the earlier files
  ///     say of later steps.
  /// - Throws: `UserError` when the directory cannot be written to.
  public init(
    directory: String, startTime: Double, host: String = "forage", resumedStep: Int? = nil
  ) throws(UserError) {
    precondition(startTime >= 0 && startTime < 1e15, "a start time is in seconds since 1970")
    let seconds = String(Int64(startTime))
    let stem = directory + "/events.out.tfevents." + String(repeating: "0", count: max(0, 10 - seconds.count)) + seconds
    var number = 0
    while Files.exists("\(stem).\(host).\(number)") { number += 1 }
    path = "\(stem).\(host).\(number)"
    var bytes = EventEncoding.record(EventEncoding.fileVersion(wallTime: startTime))
    if let resumedStep {
      bytes += EventEncoding.record(EventEncoding.restart(step: resumedStep + 1, wallTime: startTime))
    }
    try Files.writeAtomically(bytes, to: path)
  }

  /// Adds the values under Stable-Baselines3's and CleanRL's tags, or under their own names.
  public func write(step: Int, values: [(String, Double)], wallTime: Double) throws(UserError) {
    let tags = values.flatMap { MetricNames.eventTags(of: $0.0, value: $0.1) }
    try Files.append(EventEncoding.record(EventEncoding.scalars(tags, step: step, wallTime: wallTime)), to: path)
  }

  /// Adds a text, shown as markdown.
  public func write(text: String, tag: String, step: Int, wallTime: Double) throws(UserError) {
    let event = EventEncoding.text(text, tag: tag, step: step, wallTime: wallTime)
    try Files.append(EventEncoding.record(event), to: path)
  }

  /// Adds the hyper-parameters as a table under the tag `hyperparameters`, as CleanRL does.
  public func write(hyperparameters: [(String, String)], wallTime: Double) throws(UserError) {
    try write(
      text: EventFile.markdownTable(hyperparameters), tag: "hyperparameters/text_summary", step: 0, wallTime: wallTime)
  }

  /// A table of two columns.
  static func markdownTable(_ rows: [(String, String)]) -> String {
    func escaped(_ text: String) -> String {
      String(text.map { $0.isNewline ? " " : $0 }).split(separator: "|", omittingEmptySubsequences: false)
        .joined(separator: "\\|")
    }
    return "|param|value|\n|-|-|\n" + rows.map { "|\(escaped($0.0))|\(escaped($0.1))|" }.joined(separator: "\n")
  }
}
