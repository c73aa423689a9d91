import Experiments
import Groundwork
import ReinforcementLearning

extension Claims {
  /// Whether it matters what is said of messages, or only that there are some.
  static let messageLabels = Claim(
    "messages/keycorridor",
    source: "Zheng et al., \"Online intrinsic rewards for decision making agents from large language model feedback\" "
      + "(ONI), 2024; Klissarov et al., \"Motif\", 2023; the labels are a script's",
    statement: "Paying for messages that a teacher calls good for the goal teaches more than paying for all of them, "
      + "for some drawn by a coin, or for none.",
    scaled: .init(seeds: 5, summary: messageSize, values: ["steps": 400_000]),
    full: .init(seeds: 20, summary: messageSize, values: ["steps": 3_000_000]),
    quantities: messageArms.map { ClaimQuantity($0.name, unit: "success over a training") },
    figures: messageArms.dropFirst().map {
      ClaimFigure("labels less \($0.name)", .difference("labels", minus: $0.name), digits: 3)
    } + messageArms.map { ClaimFigure("success with \($0.name)", .mean(of: $0.name), digits: 3) },
    criteria: ["every message", "random labels", "no messages"].map { ClaimCriterion("labels less \($0)", .above(0)) },
    shownTrainings: messageArms.map(\.name)
  ) { seed in
    var values: [String: Double] = [:]
    for arm in messageArms {
      let training = try seed.train(
        arm.name, in: "gridworld/KeyCorridorS3R3", by: "ppo", reward: arm.reward, steps: seed["steps"],
        run: ["evaluations": 10, "evaluationEpisodes": 20, "finalEpisodes": 20])
      values[arm.name] = try training.meanOfEvaluations("success")
    }
    return values
  }

  private static let messageSize =
    "PPO in gridworld/KeyCorridorS3R3, the environment's reward with 0.1 times messages, the same seeds: labels of a "
    + "script for the goal \"get through the doors and pick up what is wanted\", the same with a fifth of them wrong, "
    + "every message, labels of a coin, and no messages. The mean success of 10 evaluations of 20 episodes over a "
    + "training."

  private static let messageArms: [(name: String, reward: String)] = [
    ("labels", "environment+0.1*messages"), ("labels, a fifth wrong", "environment+0.1*messages(errorRate=0.2)"),
    ("every message", "environment+0.1*messages(labels=count)"),
    ("random labels", "environment+0.1*messages(labels=random)"), ("no messages", "environment"),
  ]
}
