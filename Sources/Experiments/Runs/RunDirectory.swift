public import Groundwork
import Labels

/// Where a run is kept: files that a person can read.
///
///     run.json         what the run is
///     metrics.jsonl    every metric, a line an iteration; progress.csv and the event file say the same
///     checkpoints/<step>/   policy.safetensors, state.safetensors and checkpoint.json
///     replays/         recorded episodes
///     labels.sqlite    questions that were asked, and their answers (`LabelDatabase`)
///     best.json        the best trajectory of an agent that keeps an archive, a replay
///     evaluation.json  the last evaluation; its presence means that the run is finished
///     lock             what keeps a second program away; empty
public struct RunDirectory: Sendable, Hashable {
  /// As it was given, without slashes at its end.
  public let path: String

  /// A directory that holds a run.
  ///
  /// - Throws: `UserError` when it does not.
  public init(opening path: String) throws(UserError) {
    let path = RunDirectory.withoutSlash(path)
    guard Files.exists(path) else {
      throw UserError("there is no directory '\(path)'", fix: "Check the path; `forage train` makes runs")
    }
    guard Files.exists(path + "/run.json") else {
      if Files.exists(path + "/comparison.json") {
        throw UserError(
          "'\(path)' holds a comparison, not a run",
          fix: "Name one of its runs (in \(path)/runs), or use `forage report`")
      }
      throw UserError(
        "'\(path)' holds no run: it has no run.json", fix: "Name the directory that `forage train --out` made")
    }
    self.path = path
  }

  /// What tells the run in a directory from others, as its file of labels names it; nil where there is no `run.json`,
  /// as before a run is begun anew with a file of labels.
  ///
  /// - Throws: `UserError` when `run.json` cannot be read.
  public static func identity(of path: String) throws(UserError) -> String? {
    guard Files.exists(path + "/run.json") else { return nil }
    return try RunDirectory(opening: path).description().identity(at: 0)
  }

  /// Makes a directory for a new run and writes its description.
  ///
  /// - Throws: `UserError` when something is there already, or nothing can be written.
  public init(creating path: String, _ description: RunDescription) throws(UserError) {
    try self.init(creating: path, description, DirectoryLock.claim(path) { () throws(UserError) in
      try RunDirectory.checkIsFree(path)
    })
  }

  /// - Throws: `UserError` when something is there that a new run must not be mixed with.
  static func checkIsFree(_ path: String) throws(UserError) {
    let path = withoutSlash(path)
    guard Files.exists(path) else { return }
    guard Files.isDirectory(path) else { throw UserError("'\(path)' is a file", fix: "Name another directory (--out)") }
    if Files.exists(path + "/run.json") {
      throw UserError(
        "'\(path)' already holds a run",
        fix: "Continue it with `forage train --resume \(path)`, or name another (--out)")
    }
    guard DirectoryLock.isFree(path) else {
      throw UserError("the directory '\(path)' already exists and is not empty", fix: "Name another one (--out)")
    }
  }

  /// Writes the description of a new run into a directory that is free and locked.
  init(creating path: String, _ description: RunDescription, _ lock: DirectoryLock) throws(UserError) {
    self.path = RunDirectory.withoutSlash(path)
    let path = self.path
    try Files.writeAtomically(description.text, to: path + "/run.json")
    try Files.makeDirectory(checkpoints)
    try Files.makeDirectory(replays)
  }

  /// The file that says what the run is.
  var document: String { path + "/run.json" }
  /// The directory of the checkpoints, each in one of its own that is named by its step.
  public var checkpoints: String { path + "/checkpoints" }
  /// The directory of recorded episodes.
  public var replays: String { path + "/replays" }
  /// The file of metrics (`MetricFile`).
  public var metrics: String { path + "/metrics.jsonl" }
  var evaluation: String { path + "/evaluation.json" }

  /// What `run.json` says.
  ///
  /// - Throws: `UserError` when it is of another version, or a byte of it has changed.
  public func description() throws(UserError) -> RunDescription { try RunDescription(reading: path + "/run.json") }

  /// Whether the run has reached its budget and its last evaluation.
  public var isFinished: Bool { Files.exists(evaluation) }

  /// The last evaluation; nil when the run is not finished.
  ///
  /// - Throws: `UserError` when it cannot be read, a byte of it has changed, or it is another run's.
  public func finalEvaluation() throws(UserError) -> RunEvaluation? {
    isFinished ? try finalEvaluation(of: try description()) : nil
  }

  func finalEvaluation(of description: RunDescription) throws(UserError) -> RunEvaluation {
    let result = try RunEvaluation(reading: evaluation)
    guard result.run == description.identity(at: RunDescription.wholeRun) else {
      throw UserError(
        "'\(evaluation)' is the evaluation of another run than '\(document)' describes",
        fix: "Put the run's own there, or remove it, and `forage train --resume` makes it again")
    }
    return result
  }

  /// The metrics of a run that is finished.
  ///
  /// - Throws: `UserError` when they cannot be read, a byte of them has changed or is missing, or they are another
  ///   run's.
  public func finalMetrics() throws(UserError) -> [MetricLine] { try finalMetrics(of: try description()) }

  func finalMetrics(of description: RunDescription) throws(UserError) -> [MetricLine] {
    try MetricFile.readFinished(metrics, run: description.lineage)
  }

  /// Refuses a run some part of which is a link: what is written there would land outside of it.
  func refuseLinks() throws(UserError) {
    for name in ["checkpoints", "replays", LabelDatabase.fileName] { try Files.refuseLinks(in: path, to: name) }
  }

  private static func withoutSlash(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// Refuses to go on with a run some of whose files were removed, moved or replaced while it was written: they would
  /// be made again without what they held, and the run reported as whole.
  ///
  /// - Parameters:
  ///   - files: Paths of what was written.
  ///   - document: `run.json` as it was when the run was opened.
  func checkPresence(of files: [String], document: Files.Identity?, _ lock: DirectoryLock) throws(UserError) {
    let missing: String? =
      if Files.identity(self.document) != document { self.document }
      else if !lock.isInPlace { path + "/" + DirectoryLock.name }
      else { files.first { !Files.exists($0) } }
    guard let missing else { return }
    throw UserError(
      "'\(missing)' was removed or replaced while the run was being written",
      fix: "Begin the run anew, and leave its directory alone while it runs")
  }

  /// Raises a run's budget, in a directory that is locked.
  ///
  /// The last evaluation goes first: a kill in between leaves a run that is not finished, at the end of the old budget.
  ///
  /// - Returns: What `run.json` says now.
  /// - Throws: `UserError` for a budget that is not above the run's, or a run of a comparison.
  func extend(_ description: RunDescription, to steps: Int) throws(UserError) -> RunDescription {
    let before = description.run.steps
    guard steps >= before else {
      throw UserError(
        "the run has a budget of \(before) steps, and \(steps) are fewer",
        fix: "Use more (--steps), or leave --steps out")
    }
    guard steps > before else { return description }
    let place = try Files.absolute(path).split(separator: "/")
    // runs/ENVIRONMENT/ARM/seed-N
    guard place.suffix(4).first != "runs" || !Files.exists(path + "/../../../../comparison.json") else {
      throw UserError(
        "'\(path)' is a run of a comparison, whose arms would no longer have the same budget",
        fix: "Copy it and extend the copy, or begin a comparison with more steps")
    }
    var extended = description
    extended.run.steps = steps
    extended.extensions = (description.extensions ?? []) + [
      RunDescription.Extension(step: checkpointSteps.last ?? 0, steps: before)
    ]
    try extended.run.validate()
    try Files.remove(evaluation)
    try Files.writeAtomically(extended.text, to: document)
    return extended
  }
}
