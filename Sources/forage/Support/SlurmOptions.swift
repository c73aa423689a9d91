import ArgumentParser
import Experiments
import Groundwork

/// Who carries out the runs of a comparison.
enum Executor: String, ExpressibleByArgument, CaseIterable {
  /// This program, before it ends.
  case local
  /// Slurm, as an array of one task a run; the program ends when it is submitted.
  case slurm
}

/// Who carries out the runs, and what Slurm is asked for.
struct SlurmOptions: ParsableArguments {
  /// `local` where nobody says.
  @Option(
    help: ArgumentHelp(
      "local, or slurm: submits an array job of one task a run, over the same directory. (default: local)",
      valueName: "name"))
  var executor: Executor?

  /// One of `ComparisonDescription.runs`' paths; beside `--resume` alone.
  @Option(help: ArgumentHelp("Carries out that run of --resume alone, as a task does; a path in its directory."))
  var run: String?

  @Option(help: ArgumentHelp("The partition of the tasks.", valueName: "name"))
  /// Nil: as the comparison's last array, else the cluster's default.
  var slurmPartition: String?

  @Option(help: ArgumentHelp("The time limit of a task: 90 (minutes), 2:00:00 or 1-12:00.", valueName: "time"))
  /// Nil: as the comparison's last array, else the partition's.
  var slurmTime: String?

  @Option(help: ArgumentHelp("The memory of a task: 2G.", valueName: "size"))
  /// Nil: as the comparison's last array, else the partition's.
  var slurmMemory: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A line of the tasks' script, '#SBATCH --account=lab' or 'module load cuda'; may be repeated.",
      valueName: "line"))
  /// Empty: as the comparison's last array, else none.
  var slurmLine: [String] = []

  /// The first of them that was given, for a refusal.
  var given: String? {
    if slurmPartition != nil { return "--slurm-partition" }
    if slurmTime != nil { return "--slurm-time" }
    if slurmMemory != nil { return "--slurm-memory" }
    return slurmLine.isEmpty ? nil : "--slurm-line"
  }

  /// - Throws: `ValidationError`, exit status 1, for options that would be ignored.
  func validate() throws {
    if let given, executor != .slurm {
      throw ValidationError("\(given) is for --executor slurm, and the runs are not handed to Slurm")
    }
    if run != nil && executor == .slurm {
      throw ValidationError("--run carries out a run here, so it cannot be had beside --executor slurm")
    }
  }

  /// What the options ask for, over what the last array was asked for.
  func settings(over last: SlurmSettings?, jobs: Int) -> SlurmSettings {
    var settings = last ?? SlurmSettings()
    if let slurmPartition { settings.partition = slurmPartition }
    if let slurmTime { settings.time = slurmTime }
    if let slurmMemory { settings.memory = slurmMemory }
    if !slurmLine.isEmpty { settings.lines = slurmLine }
    if jobs > 0 { settings.atATime = jobs }
    return settings
  }
}
