import Groundwork
public import ReinforcementLearning

/// Recordings of the Python package: seeds, actions and everything that came of them.
///
/// The first line's kind is `fetch-traces`; every other line is an episode: the id, the seed, the observation and goals
/// after the reset, and by step the float32 action, observation, achieved goal, reward and success.
public enum FetchTrace {
  /// Checks files whose first line says `fetch-traces`.
  public static let verifier = TraceVerifier(
    "fetch-traces", summary: "episodes of Fetch recorded by Gymnasium-Robotics", settings: TraceTolerances(),
    comparison: { settings in
      "starts from the seed, observations and goals within \(settings.observationTolerance), rewards within "
        + "\(settings.rewardTolerance), success equal"
    }, verify: verify)

  /// - Throws: `UserError` where the engine is not there, or a line is no recording.
  private static func verify(_ file: TraceFile, _ settings: TraceTolerances) throws -> [TracedEpisode] {
    try settings.check()
    #if MuJoCo
      var plans: [String: FetchPlan] = [:]
      func difference(_ mine: [Double], _ recorded: [Double]) -> String? {
        TracedEpisode.difference(mine, recorded, within: settings.observationTolerance, word: "number")
      }
      return try file.map { line in
        let record = try JSON(parsing: line, name: "an episode")
        guard let id = record["id"]?.string, let seed = record["seed"]?.unsigned, let reset = record["reset"],
          let start = reset["observation"]?.numbers, let goal = reset["desired_goal"]?.numbers,
          let begun = reset["achieved_goal"]?.numbers,
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
        func placeDifference(_ mine: Vector, _ recorded: [Double]) -> String? {
          difference([mine.x, mine.y, mine.z], recorded)
        }
        let startDifference =
          difference(environment.view, start) ?? placeDifference(environment.goal, goal)
          ?? placeDifference(environment.achieved, begun)
        result.difference = startDifference.map { "reset: \($0)" }
        for (time, action) in actions.enumerated() {
          let transition = environment.step(VectorAction(recorded: action))
          var found =
            difference(environment.view, views[time]) ?? placeDifference(environment.achieved, achieved[time])
            ?? settings.difference("reward", transition.reward, rewards[time])
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
