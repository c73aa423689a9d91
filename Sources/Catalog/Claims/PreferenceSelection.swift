import Experiments
import Groundwork
import ReinforcementLearning

extension Claims {
  private static let selections = ["uniform", "disagreement", "entropy", "active", "optimistic"]

  private static let selectionSize =
    "SAC in Pendulum for 30,000 steps, its store relabelled; 10 questions every 1,000 steps to a perfect teacher, "
    + "three networks. Answers until one of 30 evaluations of 20 episodes first has a return of -250; those of the "
    + "whole budget, 300, where none has."

  /// Whether it matters what is asked about.
  static let preferenceSelection = Claim(
    "preferences/selection",
    source: "Lee et al., \"PEBBLE\" and \"B-Pref\", 2021; Houlsby et al., \"Bayesian active learning\", 2011; optimism "
      + "after Novoseller et al., \"Dueling posterior sampling\", 2020",
    statement: "Asking about what the networks disagree about, or about clips that may be the best, needs fewer "
      + "answers than asking about any.",
    scaled: .init(seeds: 10, summary: selectionSize, values: ["steps": 30_000]),
    full: .init(seeds: 30, summary: selectionSize, values: ["steps": 30_000]),
    quantities: selections.map { ClaimQuantity($0, unit: "answers to a return of -250") },
    figures: selections.dropFirst().map { ClaimFigure("\($0) over uniform", .ratio($0, over: "uniform"), digits: 3) }
      + selections.map { ClaimFigure("answers, \($0)", .mean(of: $0), digits: 0) },
    criteria: [
      ClaimCriterion("disagreement over uniform", .below(1)), ClaimCriterion("optimistic over uniform", .below(1)),
    ], shownTrainings: selections
  ) { seed in
    var values: [String: Double] = [:]
    for selection in selections {
      let training = try seed.train(
        selection, in: "control/Pendulum", by: "sac",
        reward: "preferences(labels=1000,questions=10,interval=1000,selection=\(selection))", steps: seed["steps"],
        run: ["evaluations": 30, "evaluationEpisodes": 20, "finalEpisodes": 20])
      let first = try training.firstStep(reaching: -250, of: "return")
      if first == nil { seed.note("with \(selection) no evaluation had a return of -250") }
      values[selection] = Double(10 * ((first ?? seed["steps"]) / 1000))
    }
    return values
  }
}
