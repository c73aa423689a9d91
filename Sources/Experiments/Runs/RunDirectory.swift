public import Groundwork

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Where a run is kept: files that a person can read.
///
///     run.json         what the run is
///     metrics.jsonl    every metric, a line an iteration; progress.csv and the event file say the same
///     checkpoints/<step>/   state.safetensors and checkpoint.json
///     replays/         recorded episodes
///     best.json        the best trajectory of an agent that keeps an archive, a replay
///     evaluation.json  the last evaluation; its presence means that the run is finished
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

  /// Makes a directory for a new run and writes its description.
  ///
  /// - Throws: `UserError` when something is there already, or nothing can be written.
  public init(creating path: String, _ description: RunDescription) throws(UserError) {
    let path = RunDirectory.withoutSlash(path)
    if Files.exists(path) {
      guard Files.isDirectory(path) else {
        throw UserError("'\(path)' is a file", fix: "Name another directory (--out)")
      }
      if Files.exists(path + "/run.json") {
        throw UserError(
          "'\(path)' already holds a run",
          fix: "Continue it with `forage train --resume \(path)`, or name another (--out)")
      }
      // What a kill left half written does not count.
      guard Files.list(path).allSatisfy({ $0.hasSuffix(".tmp") }) else {
        throw UserError("the directory '\(path)' already exists and is not empty", fix: "Name another one (--out)")
      }
    }
    self.path = path
    try Files.makeDirectory(path)
    try Files.writeAtomically(description.text, to: path + "/run.json")
    try Files.makeDirectory(checkpoints)
    try Files.makeDirectory(replays)
  }

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
  public func finalEvaluation() throws(UserError) -> RunEvaluation? {
    guard isFinished else { return nil }
    return try RunEvaluation(reading: evaluation)
  }

  private static func withoutSlash(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// Refuses to go on with a run some of whose files were removed, moved or replaced while it was written: they would
  /// be made again without what they held, and the run reported as whole.
  ///
  /// - Parameter files: Paths of what was written.
  func checkPresence(of files: [String], _ lock: Lock) throws(UserError) {
    let missing = lock.isInPlace ? files.first { !Files.exists($0) } : path + "/run.json"
    guard let missing else { return }
    throw UserError(
      "'\(missing)' was removed or replaced while the run was being written",
      fix: "Begin the run anew, and leave its directory alone while it runs")
  }

  /// Keeps two programs from writing the same run; released when the value is, and by the system after a kill.
  final class Lock {
    private let descriptor: Int32
    private let path: String

    init(_ directory: RunDirectory) throws(UserError) {
      path = directory.path + "/run.json"
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw UserError("cannot read '\(path)'", fix: "Check the permissions") }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        close(descriptor)
        throw UserError("'\(directory.path)' is being trained by another process", fix: "Wait for it or stop it first")
      }
    }

    /// Whether the file that is locked is still the directory's.
    var isInPlace: Bool {
      var (opened, named) = (stat(), stat())
      return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino
        && opened.st_dev == named.st_dev
    }

    deinit { close(descriptor) }
  }
}
