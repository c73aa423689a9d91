import Experiments
import Groundwork
import ReinforcementLearning

extension Claims {
  /// A task that is learnt from answers, and how.
  private struct Task {
    var name: String
    var environment: String
    var agent: String
    /// The name in the size of its budget.
    var steps: String
    /// Settings of the design beside the teacher's.
    var design: String
    /// What a random player's return is, which a share of a return is counted from.
    var random: Double
  }

  private static let tasks = [
    Task(
      name: "DoorKey-5x5", environment: "gridworld/DoorKey-5x5",
      agent: "ppo(normalizesAdvantages=false,entropyCoefficient=0.001)", steps: "doorKey",
      design: "questions=70,interval=10000,segment=25,epochs=6,selection=disagreement", random: 0),
    Task(
      name: "CartPole", environment: "control/CartPole", agent: "ppo", steps: "cartPole",
      design: "questions=100,interval=5000,segment=25,epochs=6,selection=disagreement", random: 22),
    Task(
      name: "Pendulum", environment: "control/Pendulum", agent: "sac", steps: "pendulum",
      design: "questions=100,interval=1000,segment=25,epochs=6,selection=disagreement", random: -1230),
  ]

  private static let teachers: [(name: String, settings: String)] = [
    ("answers", ""), ("10 % errors", ",mistakes=0.1"), ("ties", ",equal=0.5"), ("short memory", ",myopia=0.9"),
  ]

  /// Of a task that needs MuJoCo, in a claim of its own.
  private static let reach = [
    Task(
      name: "reach", environment: "metaworld/reach-v3", agent: "ppo", steps: "reach",
      design: "questions=50,interval=40000,epochs=20,accuracy=0.99,normalizesObservations=true", random: 846)
  ]

  private static let returnsSize =
    "1,000 answers of a script in all, three networks whose mean pays, questions about what they disagree about; PPO "
    + "in DoorKey-5x5 (advantages as they are, entropyCoefficient 0.001) and CartPole, SAC with its store relabelled "
    + "in Pendulum; the same seeds with the environment's reward. The share is (return with answers - random) / "
    + "(return with the environment's reward - random) over the last evaluation of 100 episodes; random is 0, 22 and "
    + "-1230, what a random player gets. Ties: equal within "
    + "half an average clip's return; short memory: 0.9 a step."

  private static let reachSize =
    "1,000 answers of a script in all, 50 every 40,000 steps about clips of 50 steps that are drawn evenly, three "
    + "networks of normalised observations whose mean pays; PPO, the same seeds with the environment's dense reward. "
    + "The share is (return with answers - random) / (return with the environment's reward - random) "
    + "over the last evaluation of 100 episodes; random is 846, what a random player gets."

  /// Whether a thousand answers do what the environment's reward does.
  static let preferenceReturns = returns(
    "preferences/returns", of: tasks, teachers,
    statement: "From 1,000 answers of a script agents learn 0.9 of what they learn from the environment's reward, on "
      + "every seed.",
    scaled: .init(
      seeds: 5, summary: returnsSize, values: ["doorKey": 150_000, "cartPole": 100_000, "pendulum": 20_000]),
    full: .init(
      seeds: 20, summary: returnsSize, values: ["doorKey": 500_000, "cartPole": 300_000, "pendulum": 100_000]))

  /// The same where a hand is to reach a place, which needs MuJoCo.
  static let preferenceReach = returns(
    "preferences/reach", of: reach, Array(teachers.prefix(1)),
    statement: "From 1,000 answers of a script a hand learns 0.9 of what it learns from the environment's dense "
      + "reward, on every seed.",
    scaled: .init(seeds: 5, summary: reachSize, values: ["reach": 1_500_000]),
    full: .init(seeds: 20, summary: reachSize, values: ["reach": 3_000_000]))

  private static func returns(
    _ id: String, of tasks: [Task], _ teachers: [(name: String, settings: String)], statement: String,
    scaled: Claim.Size, full: Claim.Size
  ) -> Claim {
    Claim(
      id,
      source: "Christiano et al., \"Deep reinforcement learning from human preferences\", 2017; Lee et al., \"PEBBLE\" "
        + "and \"B-Pref\", 2021",
      statement: statement, scaled: scaled, full: full,
      quantities: tasks.flatMap { task in
        [ClaimQuantity("\(task.name), environment's reward", unit: "return in \(task.name)")]
          + teachers.map { ClaimQuantity("\(task.name), \($0.name)", unit: "share of the return") }
          + [ClaimQuantity("\(task.name), 0.9 reached", unit: "1 or 0")]
      },
      figures: tasks.flatMap { task in
        [
          ClaimFigure("\(task.name), share", .mean(of: "\(task.name), answers"), digits: 3),
          ClaimFigure("\(task.name), seeds at 0.9", .mean(of: "\(task.name), 0.9 reached")),
        ] + teachers.dropFirst().map {
          ClaimFigure("\(task.name), share with \($0.name)", .mean(of: "\(task.name), \($0.name)"), digits: 3)
        } + [
          ClaimFigure(
            "\(task.name), return with the environment's reward", .mean(of: "\(task.name), environment's reward"),
            digits: 2)
        ]
      },
      criteria: tasks.flatMap { task in
        [ClaimCriterion("\(task.name), share", .above(0.9)), ClaimCriterion("\(task.name), seeds at 0.9", .above(0.99))]
      }, shownTrainings: tasks.flatMap { ["\($0.name)-environment", "\($0.name)-answers"] }
    ) { seed in
      var values: [String: Double] = [:]
      for task in tasks {
        func train(_ name: String, _ reward: String) throws -> Double {
          try seed.train(
            "\(task.name)-\(name)", in: task.environment, by: task.agent, reward: reward, steps: seed[task.steps],
            run: ["finalEpisodes": 100]
          ).mean("return")
        }
        let most = try train("environment", "environment")
        values["\(task.name), environment's reward"] = most
        for teacher in teachers {
          let reached = try train(
            teacher.name, "preferences(labels=1000,\(task.design)\(teacher.settings))")
          values["\(task.name), \(teacher.name)"] = (reached - task.random) / (most - task.random)
        }
        values["\(task.name), 0.9 reached"] = values["\(task.name), answers"]! >= 0.9 ? 1 : 0
      }
      return values
    }
  }
}
