import Experiments
import Groundwork

extension Claims {
  /// The lines of `examples/rewards/doorkey.reward`, which a test holds against the file.
  static let doorKeyProgram = """
    way = if distance < 0 then 40 else distance
    reward.way = (before(way) - way) / 3
    stages = if openDoors > 0 then 2 else number(carried[0] == 5)
    reward.stages = stages - before(stages)

    """

  /// The lines of `examples/rewards/keycorridor.reward`.
  static let keyCorridorProgram = """
    way = if distance < 0 then 60 else distance
    reward.way = (before(way) - way) / 10
    reward.time = -0.02

    """

  static let programmedDoorKey = programmed(
    "program/doorkey", in: "gridworld/DoorKey-8x8", program: doorKeyProgram, steps: 300_000)

  static let programmedKeyCorridor = programmed(
    "program/keycorridor", in: "gridworld/KeyCorridorS3R3", program: keyCorridorProgram, steps: 3_000_000)

  /// A program written by hand against the design that is best among those that know nothing of the task.
  private static func programmed(_ id: String, in level: String, program text: String, steps: Int) -> Claim {
    let summary = "PPO in \(level), the environment's reward with a program of differences and with 0.01 times "
      + "counts, the same seeds; the first of 60 evaluations of 50 episodes with success 0.9, the budget where none "
      + "has. The program reads a shortest plan's length, which the policy does not see and counts do not know."
    return Claim(
      id, source: "ours, after Ma et al., \"Eureka: Human-level reward design via coding large language models\", 2023",
      statement: "A reward program of a few lines, written by hand, needs at most half the steps to 0.9 success that "
        + "counts need.",
      scaled: .init(seeds: 5, summary: summary, values: ["steps": steps, "evaluations": 60, "episodes": 50]),
      full: .init(seeds: 20, summary: summary, values: ["steps": steps, "evaluations": 60, "episodes": 50]),
      quantities: [
        ClaimQuantity("program", unit: "steps to 0.9 success"), ClaimQuantity("counts", unit: "steps to 0.9 success"),
        ClaimQuantity("at most half", unit: "1 or 0"),
      ],
      figures: [
        ClaimFigure("program over counts", .ratio("program", over: "counts"), digits: 3),
        ClaimFigure("seeds in which it is at most half", .mean(of: "at most half"), digits: 2),
        ClaimFigure("steps with the program", .mean(of: "program"), digits: 0),
        ClaimFigure("steps with counts", .mean(of: "counts"), digits: 0),
      ],
      criteria: [ClaimCriterion("program over counts", .below(0.5))], shownTrainings: ["program", "counts"]
    ) { seed in
      func steps(_ name: String, _ reward: String) throws -> Double {
        let training = try seed.train(
          name, in: level, by: "ppo", reward: reward, steps: seed["steps"],
          run: [
            "evaluations": .integer(seed["evaluations"]), "evaluationEpisodes": .integer(seed["episodes"]),
            "finalEpisodes": .integer(seed["episodes"]),
          ])
        guard let first = try training.firstStep(reaching: 0.9, of: "success") else {
          seed.note("with \(name) no evaluation had success 0.9, so its steps are the budget, which is too few")
          return Double(seed["steps"])
        }
        return Double(first)
      }
      let program = try steps("program", "environment+program(file=\"\(text)\")")
      let counts = try steps("counts", "environment+0.01*count")
      return ["program": program, "counts": counts, "at most half": program <= counts / 2 ? 1 : 0]
    }
  }
}
