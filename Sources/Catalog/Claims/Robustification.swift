import Experiments
import Groundwork

extension Claims {
  /// The backward algorithm makes of trajectories a policy that noise does not stop.
  static let robustification = Claim(
    "go-explore/robustification",
    source: "Ecoffet, Huizinga, Lehman, Stanley and Clune, \"First return, then explore\", Nature 2021",
    statement: "Under sticky actions and random no-ops the policy that the backward algorithm makes of Go-Explore's "
      + "trajectories succeeds, where the trajectories played open loop do not.",
    scaled: .init(
      seeds: 5,
      summary: "gridworld/KeyCorridorS6R3, a layout of its own for each seed: ten explorations without noise, then two "
        + "million steps of the backward algorithm with sticky actions (0.25) and up to 30 no-ops, the same noise in "
        + "the evaluation. The paper's games are Atari's.",
      values: ["explorations": 10, "explorationSteps": 5_000_000, "steps": 2_000_000, "episodes": 300]),
    full: .init(
      seeds: 5,
      summary: "As the scaled size with the paper's budgets: ten explorations of 500 million steps and 2.5 billion "
        + "steps of the backward algorithm. Atari's games are not here.",
      values: ["explorations": 10, "explorationSteps": 500_000_000, "steps": 2_500_000_000, "episodes": 1_000]),
    quantities: [
      ClaimQuantity("robustified", unit: "success", trials: "episodes"),
      ClaimQuantity("open loop", unit: "success", trials: "episodes"),
    ],
    figures: [
      ClaimFigure("robustified minus open loop", .difference("robustified", minus: "open loop"), digits: 3),
      ClaimFigure("success of the policy", .mean(of: "robustified"), digits: 3),
      ClaimFigure("success of the trajectories", .mean(of: "open loop"), digits: 3),
    ],
    criteria: [
      ClaimCriterion("robustified minus open loop", .above(0)), ClaimCriterion("success of the policy", .above(0.9)),
    ],
    shownTrainings: ["robustified", "open loop"]
  ) { seed in
    let level = "gridworld/KeyCorridorS6R3"
    for part in 0..<seed["explorations"] {
      _ = try seed.train(
        "explored/\(part + 1)", in: "\(level)(layoutSeed=\(seed.seed))", by: "go-explore",
        steps: seed["explorationSteps"], seed: seed.seed(part: part), run: ["finalEpisodes": 1])
    }
    let noisy = "\(level)(layoutSeed=\(seed.seed),stickyActionProbability=0.25,noOpStarts=30)"
    func success(_ name: String, _ agent: String, steps: Int, _ evaluations: Int) throws -> Double {
      let training = try seed.train(
        name, in: noisy, by: agent, steps: steps,
        run: ["finalEpisodes": .integer(seed["episodes"]), "evaluations": .integer(evaluations)],
        demonstrations: seed.directory(of: "explored"))
      return try training.mean("success")
    }
    return [
      // Nothing is learnt: a rollout, then the evaluation.
      "open loop": try success("open loop", "replay", steps: 1, 0),
      "robustified": try success("robustified", "robustify", steps: seed["steps"], 10),
    ]
  }
}
