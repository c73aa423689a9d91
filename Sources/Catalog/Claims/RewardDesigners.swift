import Experiments
import Groundwork
import ReinforcementLearning

extension Claims {
  /// The lines of `examples/rewards/pendulum.reward`, which a test holds against the file.
  static let pendulumProgram = """
    upright = tolerance(angle, -0.1, 0.1, 2)
    reward.upright = upright
    reward.calm weight 0.5 = upright * tolerance(speed, -0.5, 0.5, 4)
    reward.effort weight 0.01 = -action[0]^2

    """

  private static let designSize =
    "PPO; 4 programs in each of 4 iterations by the scripted designer, with reflection (the two best programs so far, "
    + "what their components paid) and without; each program takes the environment's reward's place. A score is the "
    + "mean of the task's measure over 6 evaluations of 10 episodes during a training; the winner's is of another "
    + "training, with a seed that it was not chosen on. The program written by hand is trained with that seed, too."

  /// Whether seeing what programs came to helps to write better ones.
  static let eureka = Claim(
    "design/eureka",
    source:
      "Ma et al., \"Eureka: Human-level reward design via coding large language models\", 2023; the designer is ours",
    statement: "With reflection on what programs came to a designer finds better rewards than by drawing as many "
      + "blindly, and in Pendulum one that is not worse than one written by hand.",
    scaled: .init(
      seeds: 5, summary: designSize, values: ["candidates": 4, "iterations": 4, "doorKey": 50_000, "pendulum": 80_000]),
    full: .init(
      seeds: 20, summary: designSize,
      values: ["candidates": 16, "iterations": 5, "doorKey": 100_000, "pendulum": 300_000]),
    quantities: ["reflection", "resampling", "by hand"].flatMap { name in
      [
        ClaimQuantity("DoorKey-8x8, \(name)", unit: "success over a training"),
        ClaimQuantity("Pendulum, \(name)", unit: "return over a training"),
      ]
    },
    figures: ["DoorKey-8x8", "Pendulum"].flatMap { task in
      let digits = task == "Pendulum" ? 0 : 3
      return [
        ClaimFigure(
          "\(task), reflection less resampling",
          .difference("\(task), reflection", minus: "\(task), resampling"), digits: digits),
        ClaimFigure(
          "\(task), reflection less by hand", .difference("\(task), reflection", minus: "\(task), by hand"),
          digits: digits),
        ClaimFigure("\(task), reflection", .mean(of: "\(task), reflection"), digits: digits),
        ClaimFigure("\(task), resampling", .mean(of: "\(task), resampling"), digits: digits),
        ClaimFigure("\(task), by hand", .mean(of: "\(task), by hand"), digits: digits),
      ]
    },
    criteria: [
      ClaimCriterion("DoorKey-8x8, reflection less resampling", .above(0)),
      ClaimCriterion("Pendulum, reflection less resampling", .above(0)),
      ClaimCriterion("Pendulum, reflection less by hand", .above(-20)),
    ]
  ) { seed in
    var values: [String: Double] = [:]
    for (task, environment, hand) in [
      ("DoorKey-8x8", "gridworld/DoorKey-8x8", "reward.task = step.reward\n" + doorKeyProgram),
      ("Pendulum", "control/Pendulum", pendulumProgram),
    ] {
      let steps = seed[task == "Pendulum" ? "pendulum" : "doorKey"]
      for (name, method) in [("reflection", DesignDescription.Method.eureka), ("resampling", .resample)] {
        var design = DesignDescription(method, environment: environment, agent: "ppo", model: "scripted")
        (design.candidates, design.iterations, design.steps) = (seed["candidates"], seed["iterations"], steps)
        (design.evaluations, design.episodes) = (6, 10)
        // Apart, so that no search's second seed is another one's first.
        design.seed = 1_000 * seed.seed
        let search = try RewardSearch(design, in: seed.directory(of: "\(task)-\(name)"))
        guard
          let result = try search.carryOut(
            jobs: 1, shouldStop: { (try? seed.checkStop()) == nil }, report: { _ in })
        else { throw ClaimStopped() }
        guard let score = result.confirmation?.score else {
          throw UserError("no program of the search could be trained with")
        }
        values["\(task), \(name)"] = score
      }
      let training = try seed.train(
        "\(task)-hand", in: environment, by: "ppo", reward: "program(file=\"\(hand)\")", steps: steps,
        seed: 1_000 * seed.seed + 1,
        run: ["evaluations": 6, "evaluationEpisodes": 10, "finalEpisodes": 10])
      values["\(task), by hand"] = try training.meanOfEvaluations(training.evaluation.judged.measure.name)
    }
    return values
  }
}
