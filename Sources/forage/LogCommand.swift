import ArgumentParser
import Bandits
import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// `forage log`: decisions of a bandit algorithm with their propensities, as a file.
struct LogCommand: ParsableCommand {
  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Write down what a bandit algorithm chooses, with the probability of every choice.",
    discussion: """
      The agent must say its propensities: epsilon-greedy, softmax, exp2, exp3, tsallis-inf and random do. The file \
      has arm, reward, propensity and the context where there is one (x0, x1, ... or x0_0, ... for a vector an arm): \
      CSV, or JSON lines where its name ends in .jsonl. Every episode has other arms: where there is more than one, \
      the column episode tells them apart.

      Example:
        forage log 'bandit/Bernoulli(horizon=10000)' \\
          --agent 'epsilon-greedy(epsilon=0.3)' \\
          --steps 10k --out log.csv
      """)

  @Argument(help: ArgumentHelp("The environment's id.", valueName: "env"))
  /// With settings in parentheses.
  var environment: String

  /// With settings in parentheses.
  @Option(help: "The agent's id.")
  var agent: String

  /// 1 to 10 million.
  @Option(help: "Decisions, for example 10k.", transform: StepCount.reading)
  var steps: StepCount

  /// Of the first episode.
  @Option(help: "The seed.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The file.", valueName: "file"))
  /// An older one is replaced.
  var out: String

  /// - Throws: `UserError` for an agent without propensities, or a file that cannot be written.
  func run() throws {
    Interruption.listen()
    try Check("steps", steps.value, in: 1...10_000_000, fix: "--steps").enforce()
    let recipe = try Catalog.recipe(environment)
    let changes = try LogCommand.check(recipe)
    let name = try NamedSettings(parsing: agent, example: "--agent 'epsilon-greedy(epsilon=0.3)'")
    let made = try Catalog.agent(name.name).recipe(changes: name.changes(section: "agent")).makeAgent(
      in: recipe, rewards: [RewardComponent("environment")], seed: seed)
    guard !Files.exists(out) else {
      throw UserError("'\(out)' already exists, and would be lost", fix: "Name another file (--out), or remove it")
    }
    var policy = try made.makePolicy(slots: 1, choice: .sample)
    let refusal = UserError(
      "agent '\(name.name)' does not say with which probability it chooses",
      fix: "Use epsilon-greedy, softmax, exp2, exp3, tsallis-inf or random")
    guard recipe.specification.actions.isDiscrete, policy.outputs.contains(where: { $0.name == "propensity" }) else {
      throw refusal
    }
    let field = recipe.specification.field("features")
    let features = field?.role == .policy && field?.element == .float32 ? field!.shape : []
    let width = features.isEmpty ? 0 : features.reduce(1, *)
    guard steps.value * width <= OffPolicyLog.most else {
      throw UserError(
        "\(steps.value) decisions with \(width) numbers of a context are more than \(OffPolicyLog.most) numbers",
        fix: "Use at most --steps \(OffPolicyLog.most / width)")
    }
    let batch = recipe.makeBatch(slots: 1, seed: seed)
    batch.recording = .none
    let rollout = batch.makeRollout(steps: 256)
    rollout.reserveOutputs(policy.outputs)
    var random = RandomSource(seed: seed, purpose: .collection, index: 0)
    batch.reset(rollout)
    var decisions: [OffPolicyLog.Decision] = []
    decisions.reserveCapacity(steps.value)
    var contexts: [Float] = []
    var episodes: [Int] = []
    let place = rollout.layout.place("features")
    while decisions.count < steps.value {
      for time in 0..<rollout.steps where decisions.count < steps.value {
        let row = rollout.observation(time: time, slot: 0)
        for element in 0..<width { contexts.append(Float(Rollout.read(row, place!, at: element))) }
        let isFirst = rollout.startsEpisode(time: time, slot: 0)
        episodes.append((episodes.last ?? -1) + (isFirst ? 1 : 0))
        try policy.act(on: rollout, at: time, in: batch.view, random: &random)
        batch.step(rollout, at: time)
        let propensity = Double(rollout.output("propensity")![time])
        guard propensity > 0, propensity <= 1.000001 else { throw refusal }
        decisions.append(
          OffPolicyLog.Decision(
            arm: Int(rollout.actions.discrete[time]), reward: Double(rollout.rewards[time]),
            propensity: min(1, propensity)))
      }
      if decisions.count < steps.value { rollout.carry() }
      if Interruption.wasRequested { throw Interruption.exitStatus }
    }
    if changes {
      LineOutput.note("what an arm pays changes in this environment: estimates are of the time that the log is of")
    }
    let count = episodes.last! + 1
    let log = OffPolicyLog(
      decisions, arms: recipe.specification.actions.count, features: features, contexts: contexts,
      episodes: count > 1 ? episodes : [])
    try Files.writeAtomically(out.hasSuffix(".jsonl") ? log.jsonLines : log.csv, to: out)
    LineOutput.note("\(decisions.count) decisions of \(log.arms) arms in '\(out)'")
    if count > 1 {
      LineOutput.note("\(count) episodes, as a rule each with arms of its own: `off-policy` asks which (--episode)")
    }
  }

  /// Refuses environments of which a list of arms and rewards tells nothing of what other choices would have brought.
  ///
  /// - Returns: Whether what an arm pays changes with time.
  private static func check(_ recipe: EnvironmentRecipe) throws(UserError) -> Bool {
    let settings = recipe.configuration
    func isAbove0(_ key: String) -> Bool { settings[key]?.double.map { $0 > 0 } ?? false }
    let reason: String? =
      if !recipe.id.hasPrefix("bandit/") { "what an action earns depends on those before it" }
      else if isAbove0("delay") { "rewards come late, beside another arm than their own" }
      else if isAbove0("lifetime") { "an arm's number is another arm later" }
      else if ["bandit/LastSwitch", "bandit/Dynamical", "bandit/SwitchingCosts"].contains(recipe.id) {
        "what an arm pays depends on the pulls before"
      } else { nil }
    if let reason {
      throw UserError("\(reason) in '\(recipe.id)', of which no estimate from a log knows", fix: "Use another bandit")
    }
    return isAbove0("walk") || isAbove0("changes") || settings["phases"] == true
  }
}
