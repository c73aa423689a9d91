import Experiments
import Groundwork

extension Claims {
  private static let ng = "Ng, Harada and Russell, \"Policy invariance under reward transformations\", ICML 1999"

  /// Shaping by a potential changes nothing of what is learnt in the end.
  static let shapingInvariance = shaping(
    "shaping/invariance", source: ng,
    statement: "Potential-based shaping leaves what is learnt unchanged: with it the environment's return after "
      + "training is the same.",
    potential: "minus the way that remains", reward: "environment+potential")

  /// The same of a potential that points away from the goal: the theorem is about optimal policies, not about budgets.
  static let misleadingPotential = shaping(
    "shaping/misleading-potential", source: ng,
    statement: "Potential-based shaping leaves what is learnt unchanged whatever the potential is, so with one that "
      + "rises the farther the goal is, too: the environment's return after training is the same.",
    potential: "the way that remains, so that going away from the goal is rewarded",
    reward: "environment+potential(sign=1)")

  private static func shaping(
    _ id: String, source: String, statement: String, potential: String, reward: String
  ) -> Claim {
    let summary = "PPO in gridworld/DoorKey-5x5 with and without shaping, the same seeds, judged by the environment's "
      + "own return; the potential is \(potential). The theorem is about optimal policies, the figure about "
    return Claim(
      id, source: source, statement: statement,
      scaled: .init(
        seeds: 10, summary: summary + "200,000 steps of training.", values: ["steps": 200_000, "episodes": 400]),
      full: .init(
        seeds: 50, summary: summary + "10 million steps of training; the paper has no training of this size.",
        values: ["steps": 10_000_000, "episodes": 1_000]),
      quantities: [ClaimQuantity("shaped", unit: "return"), ClaimQuantity("not shaped", unit: "return")],
      figures: [
        ClaimFigure("shaped minus not shaped", .difference("shaped", minus: "not shaped"), digits: 4),
        ClaimFigure("return with shaping", .mean(of: "shaped"), digits: 4),
        ClaimFigure("return without", .mean(of: "not shaped"), digits: 4),
      ],
      criteria: [ClaimCriterion("shaped minus not shaped", .within(0.02))], shownTrainings: ["shaped", "not shaped"]
    ) { seed in
      func learned(_ name: String, _ reward: String) throws -> Double {
        let training = try seed.train(
          name, in: "gridworld/DoorKey-5x5", by: "ppo", reward: reward, steps: seed["steps"],
          run: ["evaluations": 10, "evaluationEpisodes": 50, "finalEpisodes": .integer(seed["episodes"])])
        return try training.mean("return")
      }
      return ["shaped": try learned("shaped", reward), "not shaped": try learned("not shaped", "environment")]
    }
  }
}
