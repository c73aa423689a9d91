import Groundwork

/// The script of an array job: its tasks are the lines of a file of runs, each carried out by one program.
///
/// What a task leaves is what a local run leaves, so that whoever reads the directory cannot tell the two. A task that
/// Slurm ends (its time is over, its node fails, somebody cancels it) gets SIGTERM first, which saves; a task that is
/// begun again goes on from its last checkpoint.
///
/// It is bash's: sites define `module` as one of bash's functions, which another shell does not take over. The lines of
/// who submits are as a shell reads them that is asked for nothing, since what activates an environment often reads
/// variables that are not set and calls what fails: one that fails is no reason to stop unless it says so itself.
struct SlurmScript {
  /// The job's name.
  var name: String
  /// How many tasks there are, numbered from 1.
  var tasks: Int
  var settings: SlurmSettings
  /// Where the file of runs lies, and the tasks' output: a path from the root.
  var folder: String
  /// The comparison's directory, from the root.
  var comparison: String
  /// Where the command was given: paths in configurations begin there.
  var workingDirectory: String
  /// The program, from the root.
  var program: String

  /// The file of runs, a path of the comparison a line.
  var runs: String { folder + "/runs.txt" }

  /// The text of the script.
  var text: String {
    let atATime = settings.atATime > 0 ? "%\(settings.atATime)" : ""
    var asked = [
      "--job-name=\(name)", "--array=1-\(tasks)\(atATime)", "--output=\"\(SlurmScript.pattern(folder))/task-%a.log\"",
      // A task that is begun again adds to its file.
      "--open-mode=append", "--requeue", "--ntasks=1", "--cpus-per-task=1",
    ]
    if let partition = settings.partition { asked.append("--partition=\(partition)") }
    if let time = settings.time { asked.append("--time=\(time)") }
    if let memory = settings.memory { asked.append("--mem=\(memory)") }
    let further = settings.lines.filter { $0.hasPrefix("#SBATCH") }
    let commands = settings.lines.filter { !$0.hasPrefix("#SBATCH") }
    return """
      #!/bin/bash
      # A run of a comparison a task, written by `forage compare --executor slurm`.
      \(asked.map { "#SBATCH \($0)" }.joined(separator: "\n"))
      \((further + commands + ["set -eu"]).joined(separator: "\n"))
      cd \(Shell.inQuotes(workingDirectory))
      run=$(sed -n "${SLURM_ARRAY_TASK_ID}p" \(Shell.inQuotes(runs)))
      # In the shell's place, so that Slurm's signals reach it.
      exec \(Shell.inQuotes(program)) compare --resume \(Shell.inQuotes(comparison)) --run "$run"

      """
  }

  /// A path in a file name's pattern, where a percent sign stands for something else.
  private static func pattern(_ path: String) -> String {
    path.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
  }

  /// Refuses a path that no line of a script can carry, above all `#SBATCH --output`.
  ///
  /// - Throws: `UserError` that names it.
  static func check(_ path: String) throws(UserError) {
    let isPlain = !path.unicodeScalars.contains {
      $0.steersTerminal || $0 == "\n" || $0 == "\t" || $0 == "\"" || $0 == "\\"
    }
    guard isPlain else {
      throw UserError(
        "the path '\(path)' has a character that Slurm's scripts cannot carry",
        fix: "Use a directory without quotes, backslashes and control characters in its path (--out)")
    }
  }
}
