import Experiments
import Groundwork
import ReinforcementLearning

extension Claims {
  private static let repetitions =
    "A seed is a thousand repetitions of one episode, all stepped side by side."

  /// Two programs that know nothing of each other, and this one.
  static let banditPrograms = Claim(
    "bandit/known-regret",
    source: "Auer, Cesa-Bianchi and Fischer 2002 (UCB1); Thompson 1933; the figures are those of PyMAB 2.0.1 over 100 "
      + "repetitions and of a program in C over 200",
    statement: "Of ten Bernoulli arms, one of 0.6 and nine of 0.4, UCB1 has lost 525 to 531 after 10,000 pulls, Beta "
      + "Thompson sampling 110 to 111, give or take three standard errors of those figures.",
    scaled: .init(seeds: 5, summary: repetitions, values: ["repetitions": 1_000, "pulls": 10_000]),
    full: .init(seeds: 10, summary: repetitions, values: ["repetitions": 1_000, "pulls": 10_000]),
    quantities: [
      ClaimQuantity("UCB1", unit: "regret"), ClaimQuantity("Thompson", unit: "regret"),
      ClaimQuantity("UCB1 above 525", unit: "standard errors of 100 repetitions"),
      ClaimQuantity("UCB1 above 531", unit: "standard errors of 200 repetitions"),
      ClaimQuantity("Thompson above 110", unit: "standard errors of 100 repetitions"),
      ClaimQuantity("Thompson above 111", unit: "standard errors of 200 repetitions"),
    ],
    figures: [
      ClaimFigure("UCB1's regret", .mean(of: "UCB1"), digits: 1),
      ClaimFigure("Thompson's regret", .mean(of: "Thompson"), digits: 1),
      ClaimFigure("UCB1 over 525, in errors", .mean(of: "UCB1 above 525")),
      ClaimFigure("UCB1 over 531, in errors", .mean(of: "UCB1 above 531")),
      ClaimFigure("Thompson over 110, in errors", .mean(of: "Thompson above 110")),
      ClaimFigure("Thompson over 111, in errors", .mean(of: "Thompson above 111")),
    ],
    criteria: [
      ClaimCriterion("UCB1 over 525, in errors", .above(-3)), ClaimCriterion("UCB1 over 531, in errors", .below(3)),
      ClaimCriterion("Thompson over 110, in errors", .above(-3)),
      ClaimCriterion("Thompson over 111, in errors", .below(3)),
    ]
  ) { seed in
    let environment = "bandit/Bernoulli(horizon=\(seed["pulls"]))"
    var values: [String: Double] = [:]
    for (name, agent, low, high) in [("UCB1", "ucb1", 525.0, 531.0), ("Thompson", "thompson", 110, 111)] {
      let found = try seed.repetitions(seed["repetitions"], of: agent, in: environment)
      let deviation = found.deviation("regret")
      values[name] = found.mean("regret")
      values["\(name) above \(Int(low))"] = (found.mean("regret") - low) / (deviation / 10)
      values["\(name) above \(Int(high))"] = (found.mean("regret") - high) / (deviation / 200.0.squareRoot())
    }
    return values
  }

  /// EVOLvE's four Bernoulli settings: arms, gap and pulls with the regret of UCB and of Thompson sampling.
  private static let evolveSettings: [(arms: Int, gap: Double, pulls: Int, ucb: Double, thompson: Double)] = [
    (5, 0.5, 300, 16.8, 14.3), (5, 0.2, 1000, 38.4, 31.3), (20, 0.5, 300, 73.4, 62.9), (20, 0.2, 1000, 141.6, 119.4),
  ]

  /// The baselines of EVOLvE where the arms are easy and hard, few and many.
  static let banditEvolve = Claim(
    "bandit/evolve",
    source: "Nie et al. 2024, \"EVOLvE: Evaluating and Optimizing LLMs For In-Context Exploration\"",
    statement: "On EVOLvE's four Bernoulli settings UCB with a bonus of sqrt(0.5 ln t / n) and Beta Thompson sampling "
      + "lose what was measured of them by another program, within three standard errors of a thousand repetitions: "
      + "those of its figures, which more repetitions here do not make smaller.",
    scaled: .init(seeds: 20, summary: repetitions, values: ["repetitions": 1_000]),
    full: .init(seeds: 50, summary: repetitions, values: ["repetitions": 1_000]),
    quantities: evolveSettings.flatMap { setting in
      ["UCB", "Thompson"].flatMap { name in
        [
          ClaimQuantity("\(name) K\(setting.arms) gap \(setting.gap)", unit: "regret"),
          ClaimQuantity("\(name) K\(setting.arms) gap \(setting.gap), off", unit: "standard errors"),
        ]
      }
    },
    figures: evolveSettings.flatMap { setting in
      ["UCB", "Thompson"].flatMap { name in
        let text = "\(name) K\(setting.arms) gap \(setting.gap)"
        return [
          ClaimFigure(text, .mean(of: text), digits: 1), ClaimFigure("\(text), off", .mean(of: "\(text), off")),
        ]
      }
    },
    criteria: evolveSettings.flatMap { setting in
      ["UCB", "Thompson"].map { ClaimCriterion("\($0) K\(setting.arms) gap \(setting.gap), off", .within(3)) }
    }
  ) { seed in
    var values: [String: Double] = [:]
    for setting in evolveSettings {
      let ease = setting.gap > 0.3 ? "Easy" : "Hard"
      let environment = "bandit/EVOLvE-K\(setting.arms)-Videos-\(ease)-Bernoulli"
      for (name, agent, anchor) in [
        ("UCB", "ucb1(exploration=0.5)", setting.ucb), ("Thompson", "thompson", setting.thompson),
      ] {
        let found = try seed.repetitions(seed["repetitions"], of: agent, in: environment)
        let text = "\(name) K\(setting.arms) gap \(setting.gap)"
        values[text] = found.mean("regret")
        values["\(text), off"] = (found.mean("regret") - anchor) / (found.deviation("regret") / 1_000.0.squareRoot())
      }
    }
    return values
  }

  /// Greedy, UCB and Thompson sampling at three times.
  private static let dptAnchors: [(name: String, agent: String, regret: [Int: Double])] = [
    ("greedy", "ucb1(bonus=none)", [100: 5.1, 200: 8.1, 500: 17.0]),
    ("UCB", "ucb1(bonus=root)", [100: 6.7, 200: 8.3, 500: 10.4]),
    (
      "Thompson", "thompson-gaussian(mean=0.5,variance=0.08333333333333333,deviation=0.3)",
      [100: 6.0, 200: 7.3, 500: 9.4]
    ),
  ]

  /// The baselines of decision-pretrained transformers.
  static let banditDPT = Claim(
    "bandit/dpt",
    source: "Lee et al. 2023, \"Supervised pretraining can learn in-context reinforcement learning\" (DPT)",
    statement: "With five Gaussian arms, means from 0 to 1 and noise of 0.3, greedy choice, UCB with 1 / sqrt(n) and "
      + "Thompson sampling lose after 100, 200 and 500 pulls what another program measured over a thousand "
      + "environments, within three standard errors: those of its figures, which more repetitions here do not make "
      + "smaller.",
    scaled: .init(seeds: 20, summary: repetitions, values: ["repetitions": 1_000]),
    full: .init(seeds: 50, summary: repetitions, values: ["repetitions": 1_000]),
    quantities: dptAnchors.flatMap { anchor in
      [100, 200, 500].flatMap {
        [
          ClaimQuantity("\(anchor.name) after \($0)", unit: "regret"),
          ClaimQuantity("\(anchor.name) after \($0), off", unit: "standard errors"),
        ]
      }
    },
    figures: dptAnchors.flatMap { anchor in
      [100, 200, 500].flatMap { pulls in
        let text = "\(anchor.name) after \(pulls)"
        return [
          ClaimFigure(text, .mean(of: text), digits: 1), ClaimFigure("\(text), off", .mean(of: "\(text), off")),
        ]
      }
    },
    criteria: dptAnchors.flatMap { anchor in
      [100, 200, 500].map { ClaimCriterion("\(anchor.name) after \($0), off", .within(3)) }
    }
  ) { seed in
    var values: [String: Double] = [:]
    for anchor in dptAnchors {
      let found = try seed.repetitions(seed["repetitions"], of: anchor.agent, in: "bandit/DPT")
      for (pulls, expected) in anchor.regret {
        let sample = found.regrets(after: pulls)
        let mean = sample.reduce(0, +) / Double(sample.count)
        let square = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sample.count - 1)
        values["\(anchor.name) after \(pulls)"] = mean
        values["\(anchor.name) after \(pulls), off"] = (mean - expected) / (square.squareRoot() / 1_000.0.squareRoot())
      }
    }
    return values
  }
}

/// What an agent's repetitions of a bandit came to, for claims.
struct BanditRepetitions {
  let evaluation: Evaluation

  /// By repetition.
  func values(_ measure: String) -> [Double] {
    evaluation.values(ofMeasure: evaluation.measures.firstIndex { $0.name == measure }!)
  }

  func mean(_ measure: String) -> Double {
    let values = values(measure)
    return values.reduce(0, +) / Double(values.count)
  }

  /// Between repetitions.
  func deviation(_ measure: String) -> Double {
    let (values, mean) = (values(measure), mean(measure))
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }

  /// The first measure as it stood after so many pulls, 1, 2 or 5 times a power of ten.
  func regrets(after pulls: Int) -> [Double] {
    let place = Measure.curveSteps(40).firstIndex(of: pulls)!
    return evaluation.episodes.map { $0.curves[0][place] }
  }

  /// The slope of the logarithm of the mean of the first measure over that of the pulls, over the last two decades.
  var slope: Double {
    var curve = evaluation.meanCurve(ofMeasure: 0).map { (step: $0.step, value: $0.mean) }
    if let length = evaluation.episodes.map(\.length).min(), curve.last!.step < length {
      curve.append((length, evaluation.means[0]))
    }
    return RegretFit.slope(curve) ?? .nan
  }
}

extension ClaimSeed {
  /// Repetitions of a bandit by an agent, both with settings in parentheses; the same episodes for every agent.
  func repetitions(_ count: Int, of agent: String, in environment: String) throws -> BanditRepetitions {
    try checkStop()
    let recipe = try Catalog.recipe(environment)
    let name = try NamedSettings(parsing: agent, example: "'ucb1(exploration=0.5)'")
    let listed = try Catalog.agent(name.name).recipe(changes: name.changes(section: "agent"))
    let made = try listed.makeAgent(in: recipe, rewards: [RewardComponent("environment")], seed: seed)
    let evaluation = try RepetitionStudy.evaluate(
      recipe, by: made, repetitions: count, seed: seed, signals: try listed.signals(in: recipe.specification),
      workers: Workers(count: 1), shouldStop: { (try? self.checkStop()) == nil })
    guard evaluation.episodes.count == count else { throw ClaimStopped() }
    return BanditRepetitions(evaluation: evaluation)
  }
}
