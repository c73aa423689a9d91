import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// Bandits, which are compared over repetitions instead of runs.
extension CompareCommand {
  /// Whether these are bandits and agents that learn inside the episode, with nothing that would need a training.
  var isOfRepetitions: Bool {
    resume == nil && rewards.isEmpty && options.config == nil && options.assignments.isEmpty && trials == nil
      && RepetitionComparing.applies(environments: environments, agents: agents)
  }

  /// Goes on with repetitions that were stopped, adds agents, environments or repetitions, or reports those that are
  /// finished.
  ///
  /// - Throws: `UserError` when anything else is to be changed.
  func resumeRepetitions(in path: String) throws {
    guard
      firstSeed == nil, trials == nil, rewards.isEmpty, out == nil, steps == nil, totalSteps == nil,
      options.config == nil, options.assignments.isEmpty
    else {
      throw UserError(
        "'\(path)' is of repetitions, to which --agent, --env and --seeds can be added",
        fix: "Leave the other options out, or begin a new comparison (--out)")
    }
    let old = try RepetitionStudy(opening: path).description
    guard seeds != nil || !environments.isEmpty || !agents.isEmpty else {
      return try RepetitionComparing(old).run(in: path, jobs: jobs, json: json)
    }
    if let text = environments.first(where: { (try? Catalog.listing($0))?.family != "bandit" }) {
      throw UserError("'\(text)' is no bandit, and '\(path)' is of repetitions of those", fix: "Use a bandit/...")
    }
    let comparing = try RepetitionComparing(
      adding: environments, agents: agents, repetitions: seeds, to: old, out: path)
    if comparing.description.repetitions != old.repetitions {
      LineOutput.note("all \(comparing.description.repetitions) repetitions are stepped, those that were there again")
    }
    try comparing.run(in: path, isExtension: true, jobs: jobs, json: json)
  }

  /// Steps repetitions instead of training runs.
  ///
  /// - Throws: What `RepetitionComparing` throws, and `UserError` without a directory.
  func compareRepetitions() throws {
    guard let out else {
      throw UserError("no directory is named for the comparison", fix: "Add for example --out runs/arms")
    }
    guard totalSteps == nil else {
      throw UserError(
        "--total-steps is shared out to runs, and bandits are compared over repetitions",
        fix: "Say the pulls of one (--steps) and how many there are (--seeds)")
    }
    let comparing = try RepetitionComparing(
      environments: environments, agents: agents, repetitions: seeds ?? RepetitionComparing.usual,
      pulls: steps?.value, seed: firstSeed ?? 1, out: out)
    try comparing.run(in: out, jobs: jobs, json: json)
  }
}
