import Groundwork

/// Slurm's own commands, called by name as a person calls them; nothing of it is linked.
enum Slurm {
  /// Asks whether jobs can be submitted from here, before anything is written.
  ///
  /// - Throws: `UserError` where there is no `sbatch`.
  static func checkPresence() throws(UserError) { _ = try call("sbatch", ["--version"]) }

  /// Submits a script.
  ///
  /// - Returns: The job's number.
  /// - Throws: `UserError` with Slurm's reason when it is refused.
  static func submit(_ script: String) throws(UserError) -> String {
    let call = try call("sbatch", ["--parsable", script])
    // NUMBER, or NUMBER;CLUSTER. Lines before it are a site's own remarks.
    let line = call.output.split(separator: "\n").last.map(String.init) ?? ""
    let id = String(line.prefix { $0 != ";" })
    guard !id.isEmpty, id.count <= 20, id.allSatisfy({ $0.isASCII && $0.isNumber }) else {
      throw UserError(
        "sbatch did not say the number of the job: '\(line.prefix(200))'",
        fix: "Look for the job with `squeue --me`, and for what sbatch prints with `sbatch --parsable`")
    }
    return id
  }

  /// The tasks that are in the queue or running.
  ///
  /// - Parameter names: Of jobs.
  /// - Returns: Each with its job's name.
  /// - Throws: `UserError` when the queue cannot be asked.
  static func tasks(of names: [String]) throws(UserError) -> [(name: String, task: Int)] {
    guard !names.isEmpty else { return [] }
    let call = try call(
      "squeue", ["--noheader", "--array", "--format=%j %K", "--name=\(names.joined(separator: ","))"])
    var tasks: [(name: String, task: Int)] = []
    for line in call.output.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 2, let task = Int(words[1]) else { continue }
      tasks.append((String(words[0]), task))
    }
    return tasks
  }

  /// The most tasks of an array.
  static func mostTasks() -> Int {
    let usual = 1_000
    guard let call = try? call("scontrol", ["show", "config"]) else { return usual }
    for line in call.output.split(separator: "\n") where line.hasPrefix("MaxArraySize") {
      // Tasks are numbered below it, and here from 1.
      if let size = line.split(separator: " ").last.flatMap({ Int($0) }), size > 1 { return size - 1 }
    }
    return usual
  }

  /// - Throws: `UserError` when the program is missing, or with its own reason when it fails.
  private static func call(_ name: String, _ arguments: [String]) throws(UserError) -> ProgramCall {
    let call = try ProgramCall.run(
      name, arguments,
      missing: UserError(
        "there is no '\(name)' on the PATH, so that nothing can be submitted to Slurm",
        fix: "Give the command where Slurm's programs are (a login node), or leave --executor out"))
    guard call.status == 0 else {
      // The last line says why; those before it repeat it, or are a site's own.
      let text = (call.errors + "\n" + call.output).split(separator: "\n")
        .first { $0.contains("error:") || $0.contains("fatal:") } ?? call.errors.split(separator: "\n").last ?? ""
      let prefix = "\(name): "
      let reason = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : String(text)
      throw UserError(
        "\(name) refuses: \(reason.isEmpty ? "it ended with status \(call.status)" : String(reason.prefix(300)))",
        fix: name == "sbatch"
          ? "Change what is asked for (--slurm-partition, --slurm-time, --slurm-memory, --slurm-line) and give the "
            + "command again" : "Ask whether Slurm runs: `sinfo`")
    }
    return call
  }
}
