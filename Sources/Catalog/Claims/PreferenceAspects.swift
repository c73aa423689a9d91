import Experiments
import Groundwork
import ReinforcementLearning

/// Answers about aspects against one number for all.
extension Claims {
  /// The three parts of the environment's reward, whose weighted sum it is.
  private static let parts =
    "reward.angle = -before(angle)^2\nreward.speed weight 0.1 = -before(speed)^2\n"
    + "reward.torque weight 0.001 = -clamp(action[0], -2, 2)^2\n"

  private static let aspectsSize =
    "SAC in Pendulum for 20,000 steps, its store relabelled; 6 ratings every 1,200 steps of a perfect teacher on 9 "
    + "levels, 96 in all, three networks whose mean pays. One number an episode: each episode of 200 steps is rated "
    + "by the environment's return. One number a clip: clips of 25 steps are. Aspects: 2 clips of 25 steps each in the "
    + "three parts of the environment's reward, angle, speed and torque, weighed as there. Other weights: runs that "
    + "ask nothing and learn from the answers of the run with aspects, in 100 passes before the first step, once with "
    + "the same weights and once with -1 for the angle and 0 for the rest, so that hanging down is wanted; what hangs "
    + "has a return of about -1,950."

  /// Whether answers about aspects teach more than one number, and weights do what is asked of them.
  static let preferenceAspects = Claim(
    "preferences/aspects",
    source: "Wu et al., \"Fine-grained human feedback gives better rewards for language model training\", 2023, which "
      + "is about texts; ours in a task of control",
    statement: "Ratings of short clips in each aspect teach more than as many of whole episodes, and other weights "
      + "give other behaviour from the same answers.",
    scaled: .init(seeds: 10, summary: aspectsSize, values: ["steps": 20_000, "labels": 96]),
    full: .init(seeds: 30, summary: aspectsSize, values: ["steps": 20_000, "labels": 96]),
    quantities: [
      "one number an episode", "one number a clip", "aspects", "the same weights", "turned round",
    ].map { ClaimQuantity($0, unit: "return") },
    figures: [
      ClaimFigure("aspects minus an episode", .difference("aspects", minus: "one number an episode"), digits: 0),
      ClaimFigure("aspects minus a clip", .difference("aspects", minus: "one number a clip"), digits: 0),
      ClaimFigure("return, one number an episode", .mean(of: "one number an episode"), digits: 0),
      ClaimFigure("return, one number a clip", .mean(of: "one number a clip"), digits: 0),
      ClaimFigure("return, aspects", .mean(of: "aspects"), digits: 0),
      ClaimFigure("return, the same weights", .mean(of: "the same weights"), digits: 0),
      ClaimFigure("return, turned round", .mean(of: "turned round"), digits: 0),
    ],
    criteria: [
      ClaimCriterion("aspects minus an episode", .above(0)), ClaimCriterion("return, the same weights", .above(-400)),
      ClaimCriterion("return, turned round", .below(-1500)),
    ], shownTrainings: ["episode", "aspects", "turned"]
  ) { seed in
    func train(_ name: String, _ settings: String) throws -> Double {
      try seed.train(
        name, in: "control/Pendulum", by: "sac",
        reward: "preferences(feedback=ratings,levels=9,labels=\(seed["labels"]),questions=6,interval=1200,\(settings))",
        steps: seed["steps"], run: ["finalEpisodes": 100]
      ).mean("return")
    }
    let judged = "program='\(parts)'"
    // What was answered there is all that is learnt from: the labels are spent.
    let again = "\(judged),segment=25,epochs=100,answers='\(seed.directory(of: "aspects"))'"
    return [
      "one number an episode": try train("episode", "segment=200,pool=6"),
      "one number a clip": try train("clip", "segment=25"),
      "aspects": try train("aspects", "segment=25,\(judged)"),
      "the same weights": try train("again", again),
      "turned round": try train("turned", "\(again),weights=[-1,0,0]"),
    ]
  }
}
