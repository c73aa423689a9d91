import Groundwork
public import ReinforcementLearning

/// Recordings of the Python package: vectors, actions and everything that came of them.
///
/// The first line's kind is `metaworld-traces`; every other line is an episode: the task, the random vector, the
/// observation after the reset, and by step the float32 action, the observation, the reward, the success and the five
/// numbers of `info`.
public enum MetaWorldTrace {
  /// What the package's `info` says of every step, each compared.
  private static let infoNames = [
    "near_object", "grasp_success", "grasp_reward", "in_place_reward", "obj_to_target",
  ]

  /// Checks files whose first line says `metaworld-traces`.
  public static let verifier = TraceVerifier(
    "metaworld-traces", summary: "episodes of MetaWorld recorded by the Python package", settings: TraceTolerances(),
    comparison: { settings in
      "resets from the vector, observations within \(settings.observationTolerance), rewards and infos within "
        + "\(settings.rewardTolerance), success equal"
    }, verify: verify)

  /// - Throws: `UserError` where the engine is not there, or a line is no recording.
  private static func verify(_ file: TraceFile, _ settings: TraceTolerances) throws -> [TracedEpisode] {
    try settings.check()
    #if MuJoCo
      var plans: [String: MetaWorldPlan] = [:]
      return try file.map { line in
        let record = try JSON(parsing: line, name: "an episode")
        guard let name = record["task"]?.string, let reset = record["reset"],
          let vector = reset["rand_vec"]?.numbers, let start = reset["observation"]?.numbers,
          let steps = record["steps"], let actions = steps["action"]?.rows,
          let views = steps["observation"]?.rows, let rewards = steps["reward"]?.numbers,
          let successes = steps["success"]?.numbers, actions.count == views.count, rewards.count == views.count,
          successes.count == views.count, start.count == 39, views.allSatisfy({ $0.count == 39 }),
          actions.allSatisfy({ $0.count == 4 })
        else {
          throw UserError("it is no episode of metaworld-traces")
        }
        let infos = try infoNames.map { name in
          guard let numbers = steps[name]?.numbers, numbers.count == actions.count else {
            throw UserError("its '\(name)' has not a number for each of the \(actions.count) steps")
          }
          return numbers
        }
        var configuration = MetaWorldConfiguration()
        configuration.name = name.hasSuffix("-v3") ? String(name.dropLast(3)) : name
        let plan: MetaWorldPlan
        if let made = plans[name] {
          plan = made
        } else {
          // One model at a time: recordings come task by task.
          plans.removeAll()
          plan = try MetaWorldPlan(configuration)
          plans[name] = plan
        }
        try MetaWorldPlan.check(vector, plan.task)
        var environment = MetaWorld(plan: plan)
        environment.reset(to: vector)
        var result = TracedEpisode(
          task: name, name: "episode \(record["index"]?.integer ?? 0)", steps: actions.count, equalSteps: 0,
          difference: nil)
        // Behind the package's 39 numbers stand eighteen of them as they are before they are clipped.
        func difference(_ recorded: [Double]) -> String? {
          TracedEpisode.difference(
            Array(environment.view.prefix(39)), recorded, within: settings.observationTolerance, word: "observation")
        }
        result.difference = difference(start).map { "reset: \($0)" }
        for (time, action) in actions.enumerated() {
          let transition = environment.step(VectorAction(recorded: action))
          let payment = environment.payment
          var found = difference(views[time]) ?? settings.difference("reward", payment.total.value, rewards[time])
          if transition.success != (successes[time] != 0) { found = found ?? "success \(transition.success)" }
          let mine = [
            payment.nearObject, payment.graspSuccess ? 1 : 0, payment.graspReward, payment.inPlaceReward,
            payment.objectToTarget,
          ]
          for (index, info) in infos.enumerated() {
            found = found ?? settings.difference(infoNames[index], mine[index], info[time])
          }
          result.count(found, after: time)
        }
        return result
      }
    #else
      throw UserError(ManipulationFamily.absence ?? "", fix: "Check it where the engine is")
    #endif
  }
}
