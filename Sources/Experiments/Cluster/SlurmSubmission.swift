public import Groundwork

/// Hands the runs of a comparison to Slurm, as arrays of one task a run, over the comparison's own directory.
///
///     slurm/N/job.sh      the script of the Nth array; `sbatch` takes it by hand, too
///     slurm/N/runs.txt    its runs, a path a line: task 1 carries out the first
///     slurm/N/task-K.log  what task K printed
///     slurm/N/job.json    what was asked for, and the number that Slurm gave
///     slurm/lock          held while arrays are submitted
///
/// Which runs are still waited for is asked of Slurm by the jobs' names, so a program that is killed between the
/// submission and its record submits nothing twice.
public struct SlurmSubmission {
  /// An array that Slurm took.
  public struct Job: Codable, Hashable, Sendable {
    /// Slurm's number.
    public var id: String
    /// The job's name.
    public var name: String
    /// How many runs.
    public var tasks: Int
    /// What was asked for.
    public var settings: SlurmSettings
  }

  /// What came of it.
  public struct Outcome: Sendable {
    /// The arrays that were submitted now.
    public var jobs: [Job] = []
    /// Where each of them keeps its script and its tasks' output, relative to the working directory.
    public var folders: [String] = []
    /// Runs that were submitted now.
    public var submitted = 0
    /// Runs that have their last evaluation.
    public var finished = 0
    /// Runs that an array which was submitted before waits with or carries out.
    public var queued = 0
  }

  private let comparison: Comparison
  private var folder: String { comparison.path + "/slurm" }

  /// Of a comparison that is there; it need not be opened to be written.
  public init(_ comparison: Comparison) { self.comparison = comparison }

  /// Refuses what cannot work, before a comparison is written.
  ///
  /// - Throws: `UserError` for settings that Slurm could not read, or where there is no Slurm.
  public static func check(_ settings: SlurmSettings) throws(UserError) {
    try settings.validate()
    try Slurm.checkPresence()
  }

  /// What the last array was asked for with; nil where there is none.
  ///
  /// - Throws: `UserError` for a record that cannot be read.
  public func lastSettings() throws(UserError) -> SlurmSettings? {
    guard let last = numbers.last(where: { Files.exists("\(folder)/\($0)/job.json") }) else { return nil }
    let path = "\(folder)/\(last)/job.json"
    let settings = try JSON(parsing: Files.read(path, as: .document), name: "'\(path)'", kind: .document)
      .decoded(as: Job.self, name: "'\(path)'").settings
    try settings.validate()
    return settings
  }

  /// Submits every run that is neither finished nor waited for.
  ///
  /// - Parameters:
  ///   - program: What a task starts, from the root.
  ///   - workingDirectory: Where it starts it, from the root.
  /// - Throws: `UserError` when Slurm refuses, somebody else submits just now, or a file cannot be written.
  public func submit(
    _ settings: SlurmSettings, program: String, workingDirectory: String
  ) throws(UserError) -> Outcome {
    try Files.refuseLinks(in: comparison.path, to: "slurm")
    let root = try Files.absolute(comparison.path)
    for path in [root, program, workingDirectory] { try SlurmScript.check(path) }
    try Files.makeDirectory(folder)
    let lock = try DirectoryLock(folder)
    defer { withExtendedLifetime(lock) {} }
    let runs = comparison.description.runs
    let waiting = try waitedFor(root)
    var outcome = Outcome()
    outcome.finished = runs.count { comparison.isFinished($0) }
    let open = runs.filter { !comparison.isFinished($0) }
    outcome.queued = open.count { waiting.contains($0.path) }
    let missing = open.filter { !waiting.contains($0.path) }.map(\.path)
    let most = missing.isEmpty ? 1 : Slurm.mostTasks()
    for start in stride(from: 0, to: missing.count, by: most) {
      let part = Array(missing[start..<min(missing.count, start + most)])
      do {
        let (job, folder) = try submit(part, settings, root: root, program, workingDirectory)
        outcome.jobs.append(job)
        outcome.folders.append(folder)
        outcome.submitted += part.count
      } catch {
        guard outcome.submitted > 0 else { throw error }
        throw UserError(
          "\(outcome.submitted) of \(missing.count) runs are submitted, and then \(error.reason)", fix: error.fix)
      }
    }
    return outcome
  }

  /// The numbers of the arrays so far, rising.
  private var numbers: [Int] { Files.list(folder).compactMap { Int($0) }.filter { $0 > 0 }.sorted() }

  /// What an array's job is called: by a person's name for the comparison, a digest of where it is, and the number.
  private func name(_ number: Int, root: String) -> String {
    let last = root.split(separator: "/").last ?? "comparison"
    let plain = last.prefix(40).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    return "\(String(plain))-\(ByteDigest(root.utf8).description.prefix(8))-\(number)"
  }

  /// The paths of runs that arrays of before have in the queue or carry out.
  private func waitedFor(_ root: String) throws(UserError) -> Set<String> {
    let numbers = numbers
    let names = numbers.map { name($0, root: root) }
    let tasks = try Slurm.tasks(of: names)
    var waiting: Set<String> = []
    for (number, name) in zip(numbers, names) {
      let mine = tasks.filter { $0.name == name }.map(\.task)
      guard !mine.isEmpty else { continue }
      let lines = try Files.readText("\(folder)/\(number)/runs.txt", as: .document)
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      for task in mine where (1...lines.count).contains(task) { waiting.insert(lines[task - 1]) }
    }
    return waiting
  }

  /// One array.
  private func submit(
    _ runs: [String], _ settings: SlurmSettings, root: String, _ program: String, _ workingDirectory: String
  ) throws(UserError) -> (Job, String) {
    let number = (numbers.last ?? 0) + 1
    try Files.refuseLinks(in: comparison.path, to: "slurm/\(number)")
    let mine = "\(folder)/\(number)"
    try Files.makeDirectory(mine)
    let script = SlurmScript(
      name: name(number, root: root), tasks: runs.count, settings: settings, folder: "\(root)/slurm/\(number)",
      comparison: root, workingDirectory: workingDirectory, program: program)
    try Files.writeAtomically(runs.joined(separator: "\n") + "\n", to: mine + "/runs.txt")
    try Files.writeAtomically(script.text, to: mine + "/job.sh")
    let id: String
    do {
      id = try Slurm.submit(script.folder + "/job.sh")
    } catch {
      // Unless Slurm took it and did not say so, nothing waits for the files.
      if let tasks = try? Slurm.tasks(of: [script.name]), tasks.isEmpty { try? Files.remove(mine) }
      throw error
    }
    let job = Job(id: id, name: script.name, tasks: runs.count, settings: settings)
    try Files.writeAtomically(JSON(encoding: job).text(pretty: true) + "\n", to: mine + "/job.json")
    return (job, mine)
  }
}
