import Experiments
import Groundwork

/// Bandits, which are compared over repetitions instead of runs.
extension CompareCommand {
  /// Whether these are bandits and agents that learn inside the episode, with nothing that would need a training.
  var isOfRepetitions: Bool {
    resume == nil && rewards.isEmpty && options.config == nil && options.assignments.isEmpty && trials == nil
      && totalSteps == nil && RepetitionComparing.applies(environments: environments, agents: agents)
  }

  /// Goes on with repetitions that were stopped, or reports those that are finished.
  ///
  /// - Throws: `UserError` when anything is to be added: all repetitions of an agent are stepped as one batch.
  func resumeRepetitions(in path: String) throws {
    guard
      seeds == nil, firstSeed == nil, trials == nil, environments.isEmpty, agents.isEmpty, rewards.isEmpty, out == nil,
      steps == nil, totalSteps == nil, options.config == nil, options.assignments.isEmpty
    else {
      throw UserError(
        "'\(path)' is of repetitions, which are stepped as one batch, so that nothing can be added",
        fix: "Leave all but --resume out, or begin a new comparison with all of them (--out)")
    }
    try RepetitionComparing(try RepetitionStudy(opening: path).description).run(in: path, jobs: jobs, json: json)
  }

  /// Steps repetitions instead of training runs.
  ///
  /// - Throws: What `RepetitionComparing` throws, and `UserError` without a directory.
  func compareRepetitions() throws {
    guard let out else {
      throw UserError("no directory is named for the comparison", fix: "Add for example --out runs/arms")
    }
    let repetitions = seeds ?? RepetitionComparing.usual
    var words = ["forage", "compare"]
    words += environments.flatMap { ["--env", $0] } + agents.flatMap { ["--agent", $0] }
    words += ["--seeds", String(repetitions)]
    if let firstSeed { words += ["--first-seed", String(firstSeed)] }
    if let steps { words += ["--steps", String(steps.value)] }
    let command = (words + ["--out", out]).map(Shell.quoted).joined(separator: " ")
    let comparing = try RepetitionComparing(
      environments: environments, agents: agents, repetitions: repetitions, pulls: steps?.value, seed: firstSeed ?? 1,
      command: command)
    try comparing.run(in: out, jobs: jobs, json: json)
  }
}
