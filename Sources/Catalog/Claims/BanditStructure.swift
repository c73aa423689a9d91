import BanditEnvironments
import Bandits
import Experiments
import Groundwork
import RealModule
import ReinforcementLearning

/// Bandits with structure: hidden states, rest, switching costs, duels.
extension Claims {
  /// The two systems with what DynLin-UCB is told of them: bounds of the radius and of the norms of theta, omega and B.
  private static let systems: [(name: String, agent: String)] = [
    ("budget", "dynlin-ucb(radius=0.2,direct=0.51,output=1.01,input=0.46,deviation=0.01)"),
    ("advertising", "dynlin-ucb(radius=0.667,direct=0.431,output=0.158,input=1,deviation=0.01)"),
  ]

  private static let dynamicalSizes = (
    scaled: Claim.Size(
      seeds: 5, summary: "Four repetitions of 200,000 pulls a seed; sub-linear: slope below 0.9, linear: above 0.95.",
      values: ["repetitions": 4, "pulls": 200_000]),
    full: Claim.Size(
      seeds: 10, summary: "One repetition of a million pulls a seed, as published.",
      values: ["repetitions": 1, "pulls": 1_000_000])
  )

  /// What pays later is found by who holds an arm long enough.
  static let dynamicalBandit = Claim(
    "bandit/dynamical",
    source: "Mussi, Metelli and Restelli 2023, \"Dynamical linear bandits\"",
    statement: "On both systems of the paper DynLin-UCB comes to pull the arm that pays most when it is held, more "
      + "than all others together in the second half, and its regret is sub-linear.",
    scaled: dynamicalSizes.scaled, full: dynamicalSizes.full,
    quantities: systems.flatMap { system in
      [
        ClaimQuantity("DynLin-UCB, \(system.name)", unit: "slope of the regret"),
        ClaimQuantity("best arm, \(system.name)", unit: "share of the second half's pulls"),
      ]
    },
    figures: systems.flatMap { system in
      ["DynLin-UCB", "best arm"].map { ClaimFigure("\($0), \(system.name)", .mean(of: "\($0), \(system.name)")) }
    },
    criteria: systems.flatMap { system in
      [
        ClaimCriterion("DynLin-UCB, \(system.name)", .below(0.9)),
        ClaimCriterion("best arm, \(system.name)", .above(0.5)),
      ]
    }
  ) { seed in
    var values: [String: Double] = [:]
    for system in systems {
      let found = try seed.repetitions(
        seed["repetitions"], of: system.agent, in: "bandit/Dynamical(system=\(system.name),horizon=\(seed["pulls"]))")
      values["DynLin-UCB, \(system.name)"] = found.slope
      let place = found.evaluation.measures.firstIndex { $0.name == "best" }!
      let points = found.evaluation.meanCurve(ofMeasure: place)
      let half = points.last { 2 * $0.step <= seed["pulls"] }!
      let (all, part) = (Double(seed["pulls"]), Double(half.step))
      values["best arm, \(system.name)"] = (found.mean("best") * all - half.mean * part) / (all - part)
    }
    return values
  }

  /// What algorithms without a notion of a state make of it.
  static let dynamicalOthers = Claim(
    "bandit/dynamical-others",
    source: "Mussi, Metelli and Restelli 2023, \"Dynamical linear bandits\"",
    statement: "On both systems the regret of LinUCB and of Exp3 is linear.",
    scaled: dynamicalSizes.scaled, full: dynamicalSizes.full,
    quantities: systems.flatMap { system in
      ["LinUCB", "Exp3"].map { ClaimQuantity("\($0), \(system.name)", unit: "slope of the regret") }
    },
    figures: systems.flatMap { system in
      ["LinUCB", "Exp3"].map { ClaimFigure("\($0), \(system.name)", .mean(of: "\($0), \(system.name)")) }
    },
    criteria: systems.flatMap { system in
      ["LinUCB", "Exp3"].map { ClaimCriterion("\($0), \(system.name)", .above(0.95)) }
    }
  ) { seed in
    var values: [String: Double] = [:]
    for system in systems {
      for (name, agent) in [("LinUCB", "lin-ucb"), ("Exp3", "exp3")] {
        values["\(name), \(system.name)"] = try seed.repetitions(
          seed["repetitions"], of: agent, in: "bandit/Dynamical(system=\(system.name),horizon=\(seed["pulls"]))"
        ).slope
      }
    }
    return values
  }

  /// How near a plan in cycles comes to the optimum.
  static let lastSwitchPlanner = Claim(
    "bandit/last-switch-planner",
    source: "Foussoul, Goyal, Papadigenopoulos and Zeevi 2023, \"Last switch dependent bandits with monotone payoff "
      + "functions\"",
    statement: "With monotone payoffs a plan made of a relaxation and virtual states earns a constant factor of the "
      + "optimum: on random instances of up to three arms and five delays never below 1/4 of it; greedy choice is "
      + "fooled by a spike.",
    scaled: .init(
      seeds: 5, summary: "Forty instances a seed against the exact optimum by dynamic programming.",
      values: ["instances": 40]),
    full: .init(
      seeds: 20, summary: "Two hundred instances a seed; the paper proves its factor.", values: ["instances": 200]),
    quantities: [
      ClaimQuantity("below a quarter", unit: "share of instances", trials: "instances"),
      ClaimQuantity("ratio", unit: "plan over optimum"), ClaimQuantity("least ratio", unit: "plan over optimum"),
      ClaimQuantity("plan on the spike", unit: "reward a round"),
      ClaimQuantity("greedy on the spike", unit: "reward a round"),
    ],
    figures: [
      ClaimFigure("instances below 1/4", .mean(of: "below a quarter"), digits: 4),
      ClaimFigure("ratio, mean", .mean(of: "ratio"), digits: 3),
      ClaimFigure("ratio, least of a seed", .mean(of: "least ratio"), digits: 3),
      ClaimFigure("spike, plan over greedy", .ratio("plan on the spike", over: "greedy on the spike")),
    ],
    criteria: [
      ClaimCriterion("instances below 1/4", .never(atMost: 0.02)), ClaimCriterion("spike, plan over greedy", .above(1)),
    ]
  ) { seed in
    var ratios: [Double] = []
    for instance in 0..<seed["instances"] {
      try seed.checkStop()
      var random = RandomSource(seed: seed.seed, purpose: .claimDraws, index: instance)
      let tables = LastSwitchTables.random(
        arms: random.integer(in: 1..<4), depth: random.integer(in: 2..<6), random: &random)
      guard let optimum = LastSwitchOptimum.value(of: tables), optimum > 0 else {
        throw UserError("an instance of three arms has no optimum")
      }
      let planner = LastSwitchPlanner(rest: tables.rest, run: tables.run)
      ratios.append(planner.average(of: planner.schedule(random: &random)) / optimum)
    }
    ratios.sort()
    func quantile(_ share: Double) -> String { ClaimSeed.text(ratios[Int(share * Double(ratios.count - 1))]) }
    seed.note(
      "plan over optimum, least, tenth, half, most: \(quantile(0)), \(quantile(0.1)), \(quantile(0.5)), "
        + "\(quantile(1))")
    var configuration = LastSwitchBandit.Configuration()
    configuration.instance = .spike
    configuration.arms = 2
    let spike = try LastSwitchBandit.plan(configuration).tables
    let planner = LastSwitchPlanner(rest: spike.rest, run: spike.run)
    var random = RandomSource(seed: seed.seed, purpose: .claimDraws, index: -1)
    return [
      "below a quarter": Double(ratios.count { $0 < 0.25 }) / Double(ratios.count),
      "ratio": ratios.reduce(0, +) / Double(ratios.count), "least ratio": ratios[0],
      "plan on the spike": planner.average(of: planner.schedule(random: &random)),
      "greedy on the spike": planner.greedyAverage,
    ]
  }

  /// The same plan of payoffs that have to be learnt.
  static let lastSwitchLearner = Claim(
    "bandit/last-switch-learning",
    source: "Foussoul, Goyal, Papadigenopoulos and Zeevi 2023, \"Last switch dependent bandits with monotone payoff "
      + "functions\"",
    statement: "The plan can be learnt: the regret against the plan that knows the payoffs is sub-linear.",
    scaled: .init(
      seeds: 10, summary: "One random instance of two arms and three delays a seed, four repetitions at each of 2^13, "
        + "2^15, 2^17 and 2^19 pulls; slope over the pulls of the regret, or of their root where that is more: a "
        + "learnt plan may be better than the planner's.", values: ["repetitions": 4]),
    full: .init(seeds: 20, summary: "The same, sixteen repetitions.", values: ["repetitions": 16]),
    quantities: [ClaimQuantity("slope", unit: "slope of the regret over the horizon")],
    figures: [ClaimFigure("slope", .mean(of: "slope"))], criteria: [ClaimCriterion("slope", .below(0.9))]
  ) { seed in
    var configuration = LastSwitchBandit.Configuration()
    configuration.number = Int(seed.seed)
    configuration.arms = 2
    configuration.depth = 3
    let tables = try LastSwitchBandit.plan(configuration).tables
    let planner = LastSwitchPlanner(rest: tables.rest, run: tables.run)
    var random = RandomSource(seed: seed.seed, purpose: .claimDraws, index: 0)
    let value = planner.average(of: planner.schedule(random: &random))
    var points: [(step: Int, value: Double)] = []
    for power in [13, 15, 17, 19] {
      let pulls = 1 << power
      let found = try seed.repetitions(
        seed["repetitions"], of: "last-switch(depth=3)",
        in: "bandit/LastSwitch(number=\(seed.seed),arms=2,depth=3,horizon=\(pulls))")
      points.append((pulls, max(Double(pulls).squareRoot(), value * Double(pulls) - found.mean("expected"))))
    }
    return ["slope": ClaimSeed.slope(points)]
  }

  /// What each part of T observations may cost.
  private static let budgets: [(name: String, power: Double, slope: Double)] = [
    ("0", 0, 2.0 / 3), ("1/2", 0.5, 2.0 / 3), ("2/3", 2.0 / 3, 2.0 / 3), ("0.8", 0.8, 0.6), ("1", 1, 0.5),
  ]

  /// Extra observations help from T^(2/3) of them on.
  static let switchingCosts = Claim(
    "bandit/switching-costs",
    source: "Shi, Lin and Shroff 2022, \"On the power of extra observations with switching costs\"; Dekel, Ding, Koren "
      + "and Peres 2014 (the adversary)",
    statement: "With a price on switches and T^b extra observations the regret grows as T^(2/3) up to b = 2/3 and as "
      + "T^(1 - b/2) beyond; of B observations in all, those of the pulled arm are as good as those of all arms while "
      + "B is small, and not when it is T.",
    scaled: .init(
      seeds: 5, summary: "Two arms, T from 2^12 to 2^20, the declared adversary (multi-scale walk, a coin a loss, a "
        + "gap that so many observations just cannot tell); slope of regret and switches over T.",
      values: ["repetitions": 24]),
    full: .init(seeds: 20, summary: "The same, a hundred repetitions.", values: ["repetitions": 100]),
    quantities: budgets.map { ClaimQuantity("b = \($0.name)", unit: "slope less the expected one") } + [
      ClaimQuantity("own, small", unit: "regret and switches"),
      ClaimQuantity("all, small", unit: "regret and switches"),
      ClaimQuantity("own, T", unit: "regret and switches"), ClaimQuantity("all, T", unit: "regret and switches"),
    ],
    figures: budgets.map { ClaimFigure("b = \($0.name), off", .mean(of: "b = \($0.name)"), digits: 3) } + [
      ClaimFigure("B = T^(1/2), own over all", .ratio("own, small", over: "all, small")),
      ClaimFigure("B = T, own over all", .ratio("own, T", over: "all, T")),
    ],
    criteria: budgets.map { ClaimCriterion("b = \($0.name), off", .within(0.07)) } + [
      ClaimCriterion("B = T^(1/2), own over all", .above(0.5)),
      ClaimCriterion("B = T^(1/2), own over all", .below(2)), ClaimCriterion("B = T, own over all", .above(2)),
    ]
  ) { seed in
    func regret(_ agent: String, _ pulls: Int, budget: Int, repetitions: Int) throws -> Double {
      try seed.repetitions(
        repetitions, of: agent, in: "bandit/SwitchingCosts(horizon=\(pulls),budget=\(budget))"
      ).mean("regret")
    }
    var values: [String: Double] = [:]
    for budget in budgets {
      var points: [(step: Int, value: Double)] = []
      for power in [12, 14, 16, 18, 20] {
        let pulls = 1 << power
        let observations = max(1, Int(Double.pow(Double(pulls), budget.power).rounded()))
        points.append(
          (
            pulls,
            try regret(
              "shrinking-dartboard(budget=\(observations))", pulls, budget: observations,
              repetitions: seed["repetitions"])
          ))
      }
      values["b = \(budget.name)"] = ClaimSeed.slope(points) - budget.slope
    }
    let pulls = 1 << 18
    for (name, budget) in [("small", 1 << 9), ("T", pulls)] {
      for (kind, feedback) in [("own", "bandit"), ("all", "full")] {
        values["\(kind), \(name)"] = try regret(
          "shrinking-dartboard(budget=\(budget),feedback=\(feedback))", pulls, budget: budget,
          repetitions: seed["repetitions"])
      }
    }
    return values
  }

  /// Duels with a winner, and without.
  static let duelingBandit = Claim(
    "bandit/dueling",
    source: "Zoghi, Whiteson, Munos and de Rijke 2014, \"Relative upper confidence bound for the K-armed dueling "
      + "bandit problem\"; Zoghi, Karnin, Whiteson and de Rijke 2015, \"Copeland dueling bandits\"",
    statement: "RUCB's regret is sub-linear where an arm beats all others, and with Copeland's scores where the best "
      + "three beat one another in a circle.",
    scaled: .init(
      seeds: 5, summary: "Five arms, ten repetitions of 100,000 comparisons a seed; slope of the regret.",
      values: ["repetitions": 10, "pulls": 100_000]),
    full: .init(
      seeds: 20, summary: "The same, a million comparisons.", values: ["repetitions": 10, "pulls": 1_000_000]),
    quantities: ["condorcet", "cyclic"].map { ClaimQuantity($0, unit: "slope of the regret") },
    figures: ["condorcet", "cyclic"].map { ClaimFigure($0, .mean(of: $0)) },
    criteria: ["condorcet", "cyclic"].map { ClaimCriterion($0, .below(0.9)) }
  ) { seed in
    var values: [String: Double] = [:]
    for kind in ["condorcet", "cyclic"] {
      values[kind] = try seed.repetitions(
        seed["repetitions"], of: "rucb", in: "bandit/Dueling(preferences=\(kind),horizon=\(seed["pulls"]))"
      ).slope
    }
    return values
  }
}

extension ClaimSeed {
  /// The slope of the logarithms of points by least squares; NaN where a value is not above 0.
  static func slope(_ points: [(step: Int, value: Double)]) -> Double {
    guard points.allSatisfy({ $0.value > 0 }) else { return .nan }
    let xs = points.map { Double.log(Double($0.step)) }
    let ys = points.map { Double.log($0.value) }
    let count = Double(points.count)
    let (x, y) = (xs.reduce(0, +) / count, ys.reduce(0, +) / count)
    return zip(xs, ys).reduce(0.0) { $0 + ($1.0 - x) * ($1.1 - y) } / xs.reduce(0.0) { $0 + ($1 - x) * ($1 - x) }
  }

  /// Three digits after the point.
  static func text(_ value: Double) -> String {
    let scaled = Int((value * 1000).rounded())
    let digits = String(scaled % 1000)
    return "\(scaled / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
