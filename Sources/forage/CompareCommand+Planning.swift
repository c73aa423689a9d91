import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// What is compared: of the options, or of a comparison that is there and what the options add to it.
extension CompareCommand {
  /// The comparison that `--resume` names, with what is added to it, or the one that the options describe.
  ///
  /// - Throws: `UserError` when something beside `--resume` cannot be changed, `--out` is missing, or the directory
  ///   holds another comparison.
  func plannedComparison() throws -> Comparison {
    let makePlan: @Sendable (RunDescription) throws -> RunPlan = { try Catalog.plan($0) }
    if let resume {
      guard steps == nil, totalSteps == nil, out == nil, options.config == nil, options.assignments.isEmpty else {
        throw UserError(
          "--resume goes on with a comparison as it was begun: its budget and its settings stay",
          fix: "Leave --steps, --out, --config and --set out, or name --out without --resume for a new one")
      }
      let comparison = try Comparison(opening: resume, for: .writing, makePlan: makePlan)
      return try added(to: comparison)
    }
    guard let out else {
      throw UserError("no directory is named for the comparison", fix: "Add for example --out runs/doors")
    }
    return try Comparison(try description(), in: out, makePlan: makePlan)
  }

  /// Seeds of every arm where nobody says.
  static let usualSeeds = 5

  /// Every arm in every environment, of the options.
  private func description() throws -> ComparisonDescription {
    let suite = try suite.map(SuiteFiles.suite)
    var base = try options.configuration()
    // What a run.json records of its own environment and agent goes over no others.
    for environment in environments { base.setEnvironment(environment) }
    for agent in agents { base.setAgent(agent) }
    if let steps = suite?.steps { base.setRun("steps", .integer(steps)) }
    base.setRun("seed", 1)
    var given = ["run.seed": "a comparison's own seeds (--first-seed, --seeds)"]
    if steps != nil { given["run.steps"] = "--steps" }
    if totalSteps != nil { given["run.steps"] = "--total-steps" }
    _ = try options.parsedAssignments(beside: given)
    let environments =
      suite?.tasks.map(\.environment) ?? (environments.isEmpty ? [base.environment].compactMap(\.self) : environments)
    guard !environments.isEmpty else {
      throw UserError("no environment is named", fix: "Add for example --env gridworld/DoorKey-5x5")
    }
    let rewards = CompareCommand.first(rewards, suite?.rewards ?? [], [base.reward ?? "environment"])
    let agents = CompareCommand.first(agents, suite?.agents ?? [], [base.agent ?? Catalog.defaultAgent])
    let (assignments, sweeps) = try Catalog.sweeps(
      in: options.assignments, environment: environments[0], agent: agents[0])
    let settings = try settings(of: sweeps, trials: trials)
    let arms = CompareCommand.arms(agents, rewards, settings)
    if arms.count > SettingSweep.mostArms {
      try SettingSweep.check(arms: arms.count, sizes: [agents.count, rewards.count, settings.count])
    }
    let count = seeds ?? suite?.seeds ?? CompareCommand.usualSeeds
    if let steps = try steps?.value ?? share(of: environments.count * arms.count * count) {
      base.setRun("steps", .integer(steps))
    }
    var request = ComparisonRequest(environments: environments, arms: arms, base: base, assignments: assignments)
    request.config = options.config
    if !sweeps.isEmpty { request.sweeps = options.assignments.filter { !assignments.contains($0) } }
    request.trials = trials
    let keepsBudgets = steps == nil && totalSteps == nil
    request.environmentSettings = suite.map { suite in
      suite.tasks.map { task in
        suite.settings + task.settings + (keepsBudgets ? task.steps.map { ["run.steps=\($0)"] } ?? [] : [])
      }
    }
    let first = firstSeed ?? suite?.firstSeed ?? 1
    var planning = ComparisonPlanning()
    var description = try planning.description(of: request, seeds: Array(first..<first + UInt64(count)), command: "")
    if let suite {
      description.suite = SuiteRecord(
        suite, changes: changes, seeds: suite.seeds ?? CompareCommand.usualSeeds, firstSeed: suite.firstSeed ?? 1)
      description.command = Shell.command(
        ["forage", "compare", "--suite", self.suite ?? ""] + changeWords.joined() + ["--out", out ?? ""])
    } else {
      description.command = command(environments, rewards, agents, steps: description.cells[0].run.steps)
    }
    for remark in planning.remarks { LineOutput.note(remark) }
    return description
  }

  /// The first list that has anything.
  private static func first(_ lists: [String]...) -> [String] { lists.first { !$0.isEmpty } ?? [] }

  /// What is said in place of what a suite declares, as words of the command line.
  private var changeWords: [[String]] {
    var words = named([], rewards, agents)
    if let seeds { words.append(["--seeds", String(seeds)]) }
    if let firstSeed { words.append(["--first-seed", String(firstSeed)]) }
    if let steps { words.append(["--steps", String(steps.value)]) }
    if let totalSteps { words.append(["--total-steps", String(totalSteps.value)]) }
    words += options.assignments.map { ["--set", $0] }
    if let trials { words.append(["--trials", String(trials)]) }
    return words
  }

  /// The same as texts.
  private var changes: [String] { changeWords.map(Shell.command) }

  /// Agents with designs with settings, in the order in which a report shows them.
  private static func arms(
    _ agents: [String], _ rewards: [String], _ settings: [[String]]
  ) -> [ComparisonRequest.Arm] {
    agents.flatMap { agent in
      rewards.flatMap { reward in
        settings.map { ComparisonRequest.Arm(agent: agent, reward: reward, settings: $0) }
      }
    }
  }

  /// The settings of the arms: one without any where nothing is swept.
  private func settings(of sweeps: [SettingSweep], trials: Int?) throws(UserError) -> [[String]] {
    guard !sweeps.isEmpty else {
      guard trials == nil else {
        throw UserError(
          "--trials draws settings, and no --set gives a setting several values",
          fix: "Add for example --set 'agent.learningRate=1e-4..1e-2*'")
      }
      return [[]]
    }
    if let trials { return try SettingSweep.trials(trials, of: sweeps) }
    return try SettingSweep.grid(sweeps)
  }

  /// The budget of one of so many runs; nil where no budget of all is given.
  private func share(of runs: Int) throws(UserError) -> Int? {
    guard let totalSteps else { return nil }
    guard totalSteps.value >= runs else {
      throw UserError(
        "\(totalSteps.value) steps are fewer than the \(runs) runs",
        fix: "Raise --total-steps, or name fewer arms or seeds")
    }
    return totalSteps.value / runs
  }

  /// The comparison with the seeds, arms and environments that the options add.
  ///
  /// Agents that are named meet the designs that are named, or all that are there where none is, and the other way
  /// round; every new arm is run in every environment, and every old one in the new environments.
  private func added(to comparison: Comparison) throws -> Comparison {
    let old = comparison.description
    guard
      seeds != nil || firstSeed != nil || trials != nil || !environments.isEmpty || !agents.isEmpty || !rewards.isEmpty
    else { return comparison }
    try Program.check(
      old.forage, began: comparison.path, fix: "Use that version, or begin a new comparison (--out)")
    let first = firstSeed ?? old.seeds.min()!
    // Arms and environments alone get the seeds that are there.
    let wanted = seeds == nil && firstSeed == nil ? old.seeds : Array(first..<first + UInt64(seeds ?? old.seeds.count))
    let all = old.seeds + wanted.filter { !old.seeds.contains($0) }
    guard all.count <= 1000 else {
      throw UserError(
        "a comparison has at most 1000 seeds, and these would be \(all.count)", fix: "Add fewer (--seeds)")
    }
    var planning = ComparisonPlanning()
    var description = old
    if environments.isEmpty && agents.isEmpty && rewards.isEmpty && trials == nil {
      description.seeds = all
    } else {
      guard var request = old.request else {
        throw UserError(
          "'\(comparison.path)' does not say how its arms were named, so that none can be added",
          fix: "Begin a new comparison with all of them (--out); seeds can be added (--seeds)")
      }
      try add(to: &request)
      request.environments += environments
      description = try planning.description(of: request, seeds: all, command: old.command, addingTo: old)
    }
    for remark in planning.remarks { LineOutput.note(remark) }
    let more = description.runs.count - old.runs.count
    guard more > 0 else {
      LineOutput.note(
        "nothing is added: the comparison has the \(Format.number(of: wanted.count, "seed")) from \(first) on already")
      return comparison
    }
    description.command += " && " + additionCommand
    description.suite?.add(named(environments, [], []).map(Shell.command) + changes, seeds: all)
    LineOutput.note(
      "\(Format.number(of: more, "run")) \(more == 1 ? "is" : "are") added to the \(old.runs.count) that are there")
    return try comparison.extended(to: description)
  }

  /// Adds the arms that the options name.
  ///
  /// A new design is tried with all settings that are there. A new agent is tried as it is: settings of the others need
  /// not be among its own.
  private func add(to request: inout ComparisonRequest) throws {
    let settings = request.arms.map { $0.settings ?? [] }.uniqued()
    if !agents.isEmpty || !rewards.isEmpty {
      let arms = CompareCommand.arms(
        agents.isEmpty ? request.arms.map(\.agent).uniqued() : agents,
        rewards.isEmpty ? request.arms.map(\.reward).uniqued() : rewards, agents.isEmpty ? settings : [[]])
      let new = arms.filter { !request.arms.contains($0) }
      if new.isEmpty { throw UserError("these arms are there already", fix: "Leave --agent and --reward out") }
      request.arms += new
    }
    if let trials {
      guard request.trials != nil, let texts = request.sweeps else {
        throw UserError(
          "--trials adds to a comparison that was begun with --trials, and this one was not",
          fix: "Begin a new one with --trials and --out")
      }
      let sweeps = try Catalog.sweeps(in: texts, environment: request.environments[0], agent: request.arms[0].agent)
      let drawn = try self.settings(of: sweeps.sweeps, trials: trials)
      let swept = request.arms.filter { $0.settings != nil }
      let arms = CompareCommand.arms(swept.map(\.agent).uniqued(), swept.map(\.reward).uniqued(), drawn)
      request.arms += arms.filter { !request.arms.contains($0) }
      request.trials = max(trials, request.trials!)
    }
    try SettingSweep.check(arms: request.arms.count, sizes: [])
  }

  // MARK: The commands that repeat it

  /// The command line that repeats a new comparison; the report shows it, so that it can be repeated from its page
  /// alone.
  private func command(_ environments: [String], _ rewards: [String], _ agents: [String], steps: Int) -> String {
    var words = ["forage", "compare"] + named(environments, rewards, agents).joined()
    words += ["--seeds", String(seeds ?? 5)]
    if let firstSeed { words += ["--first-seed", String(firstSeed)] }
    words += ["--steps", String(steps)]
    if let config = options.config { words += ["--config", config] }
    for assignment in options.assignments { words += ["--set", assignment] }
    if let trials { words += ["--trials", String(trials)] }
    return Shell.command(words + ["--out", out ?? ""])
  }

  /// The command line that added to it.
  private var additionCommand: String {
    var words = ["forage", "compare", "--resume", resume ?? ""] + named(environments, rewards, agents).joined()
    if let seeds { words += ["--seeds", String(seeds)] }
    if let firstSeed { words += ["--first-seed", String(firstSeed)] }
    if let trials { words += ["--trials", String(trials)] }
    return Shell.command(words)
  }

  private func named(_ environments: [String], _ rewards: [String], _ agents: [String]) -> [[String]] {
    environments.map { ["--env", $0] } + rewards.map { ["--reward", $0] } + agents.map { ["--agent", $0] }
  }
}
