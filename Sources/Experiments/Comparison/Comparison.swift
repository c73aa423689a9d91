public import Groundwork
public import ReinforcementLearning
import Synchronization

/// Carries out the runs of a comparison, several at a time; what is finished already is not run again.
public struct Comparison: Sendable {
  /// The comparison's directory.
  public let path: String
  /// What `comparison.json` there says.
  public let description: ComparisonDescription
  /// Makes the plan of a run's description: the catalog's.
  private let makePlan: @Sendable (RunDescription) throws -> RunPlan
  /// Nil where the comparison is only read.
  private let lock: DirectoryLock?

  /// What a comparison that is there is opened for.
  public enum Purpose: Sendable {
    case reading
    /// Nobody else does the same at the time, nor carries out a run.
    case writing
    /// One of its runs is carried out, as others may be by other programs.
    case oneRun
  }

  /// How one of the runs stands.
  public enum Status: Sendable {
    /// For a place among those that go on at a time: it was not begun, or stood still and may go on.
    case waiting
    /// Environment steps so far and in all, and what the last evaluation during training came to: the mean of each
    /// measure, empty before it.
    case running(step: Int, total: Int, means: [Metric])
    /// It stands still until somebody outside of the program has done something, in a line; then it is running again.
    case standing(String)
    case finished(RunEvaluation)
    case failed(UserError)
    case stopped
  }

  /// A comparison in its directory, which is made when it is missing.
  ///
  /// - Throws: `UserError` when the directory holds something else, another comparison above all.
  public init(
    _ description: ComparisonDescription, in path: String,
    makePlan: @escaping @Sendable (RunDescription) throws -> RunPlan
  ) throws {
    let file = path + "/comparison.json"
    if Files.exists(file) {
      lock = try DirectoryLock(path)
      let other = try ComparisonDescription(reading: file)
      guard other.isSame(as: description) else {
        throw UserError(
          "'\(path)' holds another comparison (\(Comparison.difference(other, description)))",
          fix:
            "Name another directory (--out), or go on with it: `forage compare --resume \(path)`, with --seeds, --env, "
            + "--agent or --reward to add runs")
      }
    } else {
      func checkIsFree() throws(UserError) {
        guard Files.exists(path), !DirectoryLock.isFree(path) else { return }
        throw UserError(
          "'\(path)' already exists and holds \(Files.exists(file) ? "a" : "no") comparison",
          fix: "Name another directory (--out)")
      }
      try checkIsFree()
      // Whatever is wrong with any arm shows before anything is written.
      for cell in description.cells { try Comparison.tryOut(makePlan(cell), in: path) }
      lock = try DirectoryLock.claim(path, check: checkIsFree)
      try Files.writeAtomically(description.text, to: file)
    }
    self.path = path
    self.description = description
    self.makePlan = makePlan
  }

  /// A comparison that was begun before.
  ///
  /// - Throws: `UserError` when there is none, it is damaged, or another program carries it out.
  public init(
    opening path: String, for purpose: Purpose = .reading,
    makePlan: @escaping @Sendable (RunDescription) throws -> RunPlan
  ) throws {
    guard Files.exists(path + "/comparison.json") else {
      if Files.exists(path + "/run.json") {
        let name = Shell.quoted(path)
        throw UserError(
          "'\(path)' holds a run, not a comparison",
          fix: "Use `forage evaluate \(name)` or `forage watch \(name)`; reports are of comparisons")
      }
      throw UserError(
        "'\(path)' holds no comparison: it has no comparison.json",
        fix: "Name the directory that `forage compare --out` made")
    }
    self.path = path
    lock = purpose == .reading ? nil : try DirectoryLock(path, isShared: purpose == .oneRun)
    description = try ComparisonDescription(reading: path + "/comparison.json")
    self.makePlan = makePlan
  }

  /// The comparison with more runs: seeds, arms or environments that were added to its description.
  ///
  /// What is there stays; the file changes when every new arm could be made.
  ///
  /// - Throws: `UserError` for an arm that cannot be made, or a file that cannot be written.
  public func extended(to description: ComparisonDescription) throws -> Comparison {
    let kept = Set(self.description.runs.map(\.path))
    precondition(kept.isSubset(of: description.runs.map(\.path)), "a comparison only grows")
    for cell in description.cells where !self.description.cells.contains(cell) {
      try Comparison.tryOut(makePlan(cell), in: path)
    }
    try Files.writeAtomically(description.text, to: path + "/comparison.json")
    return Comparison(path: path, description: description, makePlan: makePlan, lock: lock)
  }

  /// Makes what a run begins with, and drops it: with labels in files, as a run has them, of which none is made.
  private static func tryOut(_ plan: RunPlan, in path: String) throws {
    let plan = plan.keepingLabels(in: path)
    _ = try plan.makeAgent()
    try plan.makeRewardDesign().checkSources()
  }

  private init(
    path: String, description: ComparisonDescription, makePlan: @escaping @Sendable (RunDescription) throws -> RunPlan,
    lock: DirectoryLock?
  ) {
    self.path = path
    self.description = description
    self.makePlan = makePlan
    self.lock = lock
  }

  /// Whether a run has its last evaluation.
  public func isFinished(_ run: ComparisonDescription.Run) -> Bool {
    Files.exists(directory(of: run) + "/run.json") && Files.exists(directory(of: run) + "/evaluation.json")
  }

  /// Where a run is kept, whether or not it is there yet.
  public func directory(of run: ComparisonDescription.Run) -> String { "\(path)/\(run.path)" }

  /// A run of the comparison, made of its description.
  ///
  /// - Throws: `UserError` when the catalog cannot make what the description names.
  public func plan(of run: ComparisonDescription.Run) throws -> RunPlan {
    try makePlan(description.description(of: run))
  }

  /// Carries out what is missing.
  ///
  /// Every run has one worker, so `jobs` of them go on side by side; what they learn does not depend on `jobs`. One
  /// that stands still gives up its place meanwhile, so that those that need nobody are not held up by it.
  ///
  /// - Precondition: The comparison was opened to be written, or for the one run that is chosen.
  /// - Parameters:
  ///   - chosen: Which runs; nil for all.
  ///   - jobs: Runs at a time, at least 1.
  ///   - report: Told how a run stands; called from several threads, one at a time.
  ///   - everySecond: Called about once a second, also while every run stands still.
  /// - Returns: How each run ended, in the order of `description.runs` or of those that are chosen.
  public func carryOut(
    _ chosen: [ComparisonDescription.Run]? = nil, jobs: Int, shouldStop: @escaping @Sendable () -> Bool,
    report: @escaping @Sendable (Int, Status) -> Void, everySecond: () -> Void = {}
  ) -> [Status] {
    precondition(lock != nil, "a comparison that was opened to be read")
    let runs = chosen ?? description.runs
    let states = Mutex<[Status]>(Array(repeating: .waiting, count: runs.count))
    @Sendable func set(_ index: Int, _ status: Status) {
      states.withLock {
        $0[index] = status
        report(index, status)
      }
    }
    let places = RunPlaces(count: max(1, jobs))
    places.perform(runs.count) { index in
      if shouldStop() { return set(index, .stopped) }
      do {
        try Files.refuseLinks(in: path, to: runs[index].path)
        try Files.remove(failureFile(of: runs[index]))
        let status = try carryOut(runs[index], shouldStop: shouldStop) { status in
          set(index, status)
          switch status {
          case .standing: places.standStill(index)
          case .waiting: places.goOn(index, shouldStop: shouldStop)
          case .running, .finished, .failed, .stopped: break
          }
        }
        set(index, status)
      } catch {
        let error = error as? UserError ?? UserError("\(error)")
        writeFailure(error, of: runs[index])
        set(index, .failed(error))
      }
    } everySecond: {
      everySecond()
    }
    return states.withLock { $0 }
  }

  /// Where the reason is kept for which a run failed: beside its directory, which may not exist.
  private func failureFile(of run: ComparisonDescription.Run) -> String { directory(of: run) + ".failure.json" }

  /// Keeps the reason for reports to come. What cannot be written is told all the same, by the status.
  private func writeFailure(_ error: UserError, of run: ComparisonDescription.Run) {
    guard (try? Files.refuseLinks(in: path, to: run.path)) != nil else { return }
    let document: JSON = [
      "version": .integer(Self.failureVersion), "reason": .string(error.placedReason), "run": .string(run.path),
    ]
    try? Files.makeDirectory(Files.parent(of: directory(of: run)))
    try? Files.writeAtomically(SealedDocument.text(of: document), to: failureFile(of: run))
  }

  /// Why a run failed when it was last tried; nil where it did not. A file that was altered, or is another run's, does
  /// not speak for this one: what is wrong with it stands in the reason's place.
  func failure(of run: ComparisonDescription.Run) -> String? {
    let path = failureFile(of: run)
    guard Files.exists(path) else { return nil }
    do throws(UserError) {
      let document = try SealedDocument.read(
        path, kind: "a failure", version: Self.failureVersion, as: .document, fix: "Try the run again (--resume)")
      guard let reason = document["reason"]?.string, document["run"]?.string == run.path else {
        return "its reason is lost, '\(path)' is another run's"
      }
      return reason
    } catch {
      return "its reason is lost, \(error.reason)"
    }
  }

  /// Of the format of `seed-N.failure.json`.
  private static let failureVersion = 1

  /// - Parameter report: Told how it stands; after `waiting` it returns once the run may go on.
  private func carryOut(
    _ run: ComparisonDescription.Run, shouldStop: @escaping @Sendable () -> Bool,
    report: @escaping @Sendable (Status) -> Void
  ) throws -> Status {
    let known = Mutex<(step: Int, total: Int, means: [Metric])>((0, 0, []))
    @Sendable func tell(step: Int? = nil, total: Int? = nil, means: [Metric]? = nil) {
      let now = known.withLock { known in
        known = (step ?? known.step, total ?? known.total, means ?? known.means)
        return known
      }
      report(.running(step: now.step, total: now.total, means: now.means))
    }
    let hooks = RunHooks(shouldStop: shouldStop) { event in
      switch event {
      case .started(let step, let total), .iteration(let step, let total, _, _): tell(step: step, total: total)
      case .evaluated(let step, let total, let means): tell(step: step, total: total, means: means)
      case .waiting(let line?): report(.standing(line))
      case .waiting(nil):
        report(.waiting)
        tell()
      default: break
      }
    }
    let path = directory(of: run)
    let workers = Workers(count: 1)
    let training =
      if Files.exists(path + "/run.json") {
        try TrainingRun(try plan(of: run), resuming: try RunDirectory(opening: path), workers: workers, hooks: hooks)
      } else {
        try TrainingRun(try plan(of: run), creating: path, workers: workers, hooks: hooks)
      }
    switch try training.run() {
    case .finished(let evaluation): return .finished(evaluation)
    case .stopped: return .stopped
    }
  }

  /// What two comparisons differ in, in a few words.
  private static func difference(_ old: ComparisonDescription, _ new: ComparisonDescription) -> String {
    if old.environments != new.environments { return "of \(old.environments.joined(separator: ", "))" }
    if old.arms != new.arms { return "of the arms \(old.arms.joined(separator: ", "))" }
    if old.seeds.count != new.seeds.count { return "with \(old.seeds.count) seeds" }
    if old.seeds != new.seeds { return "with the seeds from \(old.seeds[0]) on" }
    if old.forage != new.forage { return "of version \(old.forage)" }
    if old.cells.first?.run.steps != new.cells.first?.run.steps { return "of \(old.cells.first?.run.steps ?? 0) steps" }
    return "with other settings"
  }
}
