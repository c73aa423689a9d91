import Groundwork
public import ReinforcementLearning

/// Recordings of the Python package: seeds, actions and everything that came of them.
///
/// The first line's kind is `fetch-traces`; every other line is an episode: the id, the seed, the observation and goals
/// after the reset, and by step the float32 action, observation, achieved goal, reward and success.
public enum FetchTrace {
  /// What can be set about the check.
  public struct Settings: Codable, Sendable {
    /// How far numbers of observations and goals may differ.
    public var observationTolerance = 1e-12
    /// How far rewards may differ.
    public var rewardTolerance = 1e-6

    /// The tolerances that other machines' last bits need.
    public init() {}
  }

  /// Checks files whose first line says `fetch-traces`.
  public static let verifier = TraceVerifier(
    "fetch-traces", summary: "episodes of Fetch recorded by Gymnasium-Robotics", settings: Settings(),
    comparison: { settings in
      "starts from the seed, observations and goals within \(settings.observationTolerance), rewards within "
        + "\(settings.rewardTolerance), success equal"
    }, verify: verify)

  /// - Throws: `UserError` where the engine is not there, or a line is no recording.
  private static func verify(_ file: TraceFile, _ settings: Settings) throws -> [TracedEpisode] {
    try Check.all([
      Check("observationTolerance", settings.observationTolerance, in: 0...1),
      Check("rewardTolerance", settings.rewardTolerance, in: 0...1),
    ])
    #if MuJoCo
      var plans: [String: FetchPlan] = [:]
      func difference(_ mine: [Double], _ recorded: [Double]) -> String? {
        TracedEpisode.difference(mine, recorded, within: settings.observationTolerance, word: "number")
      }
      return try file.map { line in
        let record = try JSON(parsing: line, name: "an episode")
        guard let id = record["id"]?.string, let seed = record["seed"]?.unsigned, let reset = record["reset"],
          let start = reset["observation"]?.numbers, let goal = reset["desired_goal"]?.numbers,
          let steps = record["steps"], let actions = steps["action"]?.rows,
          let views = steps["observation"]?.rows,
          let achieved = steps["achieved_goal"]?.rows,
          let rewards = steps["reward"]?.numbers, let successes = steps["is_success"]?.numbers,
          views.count == actions.count, achieved.count == actions.count, rewards.count == actions.count,
          successes.count == actions.count, actions.allSatisfy({ $0.count == 4 })
        else {
          throw UserError("it is no episode of fetch-traces")
        }
        if plans[id] == nil { plans[id] = try FetchPlan(try configuration(of: id)) }
        var environment = Fetch(plan: plans[id]!)
        environment.reset(seed: seed)
        var result = TracedEpisode(
          task: id, name: "seed \(seed)", steps: actions.count, equalSteps: 0, difference: nil)
        let startDifference =
          difference(environment.view, start)
          ?? difference([environment.goal.x, environment.goal.y, environment.goal.z], goal)
        result.difference = startDifference.map { "reset: \($0)" }
        for (time, action) in actions.enumerated() {
          let transition = environment.step(VectorAction(recorded: action))
          let reached = environment.achieved
          var found =
            difference(environment.view, views[time]) ?? difference([reached.x, reached.y, reached.z], achieved[time])
          if !(abs(Double(transition.reward) - rewards[time]) <= settings.rewardTolerance) {
            found = found ?? "reward \(transition.reward) for \(rewards[time])"
          }
          if transition.success != (successes[time] != 0) { found = found ?? "success \(transition.success)" }
          result.count(found, after: time)
        }
        return result
      }
    #else
      throw UserError(ManipulationFamily.absence ?? "", fix: "Check it where the engine is")
    #endif
  }

  #if MuJoCo
    /// `FetchPushDense-v4` and its like.
    private static func configuration(of id: String) throws(UserError) -> FetchConfiguration {
      var name = Substring(id)
      guard name.hasPrefix("Fetch"), name.hasSuffix("-v4") else { throw UserError("'\(id)' is no task of Fetch v4") }
      name = name.dropFirst(5).dropLast(3)
      var configuration = FetchConfiguration()
      configuration.isDense = name.hasSuffix("Dense")
      configuration.name = String(configuration.isDense ? name.dropLast(5) : name)
      return configuration
    }
  #endif
}
