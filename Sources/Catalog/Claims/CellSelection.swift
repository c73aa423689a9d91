import Experiments
import Groundwork

extension Claims {
  /// Go-Explore chooses where to go on from by how often a cell was seen.
  static let cellSelection = Claim(
    "go-explore/cell-selection",
    source: "Ecoffet, Huizinga, Lehman, Stanley and Clune, \"First return, then explore\", Nature 2021",
    statement: "Returning to cells with weights 1/sqrt(seen + 1) reaches the goal in fewer steps than returning to "
      + "cells chosen uniformly.",
    scaled: .init(
      seeds: 10,
      summary: "Steps of exploration to the first success in gridworld/MultiRoom-N6, a layout of its own for each "
        + "seed, by the same Go-Explore with both choices. The paper's games are Atari's, with billions of frames.",
      values: ["steps": 5_000_000]),
    full: .init(
      seeds: 100,
      summary: "As the scaled size, with a hundred seeds and layouts and the paper's 500 million steps for each. "
        + "Atari's games are not here.",
      values: ["steps": 500_000_000]),
    quantities: [
      ClaimQuantity("weights", unit: "steps to the first success"),
      ClaimQuantity("uniform", unit: "steps to the first success"),
    ],
    figures: [
      ClaimFigure("uniform over weights", .ratio("uniform", over: "weights")),
      ClaimFigure("steps with weights", .mean(of: "weights"), digits: 0),
      ClaimFigure("steps with uniform choice", .mean(of: "uniform"), digits: 0),
    ],
    criteria: [ClaimCriterion("uniform over weights", .above(1))],
    shownTrainings: ["weights", "uniform"]
  ) { seed in
    func steps(_ name: String, _ selection: String) throws -> Double {
      let training = try seed.train(
        name, in: "gridworld/MultiRoom-N6(layoutSeed=\(seed.seed))",
        by: "go-explore(selection=\(selection),stopsWhenSolved=true)", steps: seed["steps"], run: ["finalEpisodes": 1])
      if let found = try training.firstSuccess() { return Double(found) }
      // A lower bound. Where the weights do not succeed it speaks against the claim: no ratio is above 1 then.
      seed.note("'\(name)' did not succeed within \(seed["steps"]) steps, and these count as its steps")
      return Double(seed["steps"])
    }
    return ["weights": try steps("weights", "weighted"), "uniform": try steps("uniform", "uniform")]
  }
}
