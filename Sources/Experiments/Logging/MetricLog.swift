public import Groundwork
public import ReinforcementLearning

/// The three records of a run's metrics, in its directory: `metrics.jsonl`, which we read back, `progress.csv`
/// for spreadsheets and Stable-Baselines3's tools, and an event file for TensorBoard and what imports it.
public struct MetricLog: Sendable {
  /// `metrics.jsonl`.
  public private(set) var file: MetricFile
  /// `progress.csv`.
  public private(set) var table: ProgressTable
  /// The event file that this program adds to; a resumed run has an older one beside it.
  public let events: EventFile

  /// The paths of the three, and of the digests of the first.
  public var paths: [String] { [file.path, MetricFile.checkPath(file.path), table.path, events.path] }

  /// - Parameters:
  ///   - directory: Exists already.
  ///   - run: What tells the run from others.
  ///   - startTime: Seconds since 1970.
  ///   - resumedStep: The step of the checkpoint from which the run goes on; `nil` for a new run.
  public init(
    directory: String, run: RunLineage = "", startTime: Double, host: String = "forage", resumedStep: Int? = nil
  ) throws(UserError) {
    let path = directory + "/metrics.jsonl"
    let kept = try resumedStep.map { (step) throws(UserError) in try MetricFile.lines(path, upTo: step, run: run) }
    file = try MetricFile(path: path, run: run, kept: kept)
    // What the table says the metrics say, too, and those are checked: so it is made again.
    table = try ProgressTable(path: directory + "/progress.csv", lines: (kept ?? []).map(\.metrics))
    events = try EventFile(directory: directory, startTime: startTime, host: host, resumedStep: resumedStep)
  }

  /// Records values at a step.
  ///
  /// - Parameters:
  ///   - step: Environment steps since the start of the run.
  ///   - values: Each name once, at most.
  ///   - wallTime: Seconds since 1970.
  public mutating func write(
    step: Int, values: [(String, Double)], wallTime: Double
  ) throws(UserError) {
    try file.write(step: step, values: values, wallTime: wallTime)
    try table.write(step: step, values: values)
    try events.write(step: step, values: values, wallTime: wallTime)
  }

  /// Records metrics at a step.
  ///
  /// - Parameter wallTime: Seconds since 1970.
  /// - Throws: `UserError` when a file cannot be written.
  public mutating func write(step: Int, metrics: [Metric], wallTime: Double) throws(UserError) {
    try write(step: step, values: metrics.map { ($0.name, $0.value) }, wallTime: wallTime)
  }

  /// Waits until the metrics are on the disk.
  func sync() throws(UserError) { try file.sync() }

  /// Marks the metrics as all that there will be.
  public func conclude() throws(UserError) { try file.conclude() }

  /// Records the configuration, for TensorBoard's text tab.
  public func write(hyperparameters: [(String, String)], wallTime: Double) throws(UserError) {
    try events.write(hyperparameters: hyperparameters, wallTime: wallTime)
  }
}
