import Bandits
import Experiments
import Groundwork
import RealModule
import ReinforcementLearning

/// Bandits with people in them: experts, auditors, customers, and judges who only rank.
extension Claims {
  private static let competences = [0, 1, 5]
  private static let counts = [0, 10, 100]

  /// Demonstrations help, the more the better they are.
  static let informedThompson = Claim(
    "bandit/informed-thompson",
    source: "Hao, Jain, Lattimore, Van Roy and Wen 2023, \"Leveraging demonstrations to improve online learning: "
      + "quality matters\"",
    statement: "Regret falls with the number of demonstrations and with the expert's competence; of an expert who "
      + "chooses at random nothing is learnt and nothing is lost.",
    scaled: .init(
      seeds: 5, summary: "Ten Gaussian arms, 200 pulls, 400 paired repetitions a seed; the expert chooses by "
        + "exp(beta mean), which the algorithm knows.", values: ["repetitions": 400]),
    full: .init(seeds: 20, summary: "The same.", values: ["repetitions": 400]),
    quantities: [ClaimQuantity("plain", unit: "regret")] + competences.flatMap { beta in
      counts.map { ClaimQuantity("beta \(beta), N = \($0)", unit: "regret") }
    } + [ClaimQuantity("bootstrap, beta 5, N = 10", unit: "regret")],
    figures: [
      ClaimFigure("plain", .mean(of: "plain"), digits: 1),
      ClaimFigure("beta 0, N = 100 less plain", .difference("beta 0, N = 100", minus: "plain")),
      ClaimFigure("beta 1, 10 less 0", .difference("beta 1, N = 10", minus: "beta 1, N = 0")),
      ClaimFigure("beta 1, 100 less 10", .difference("beta 1, N = 100", minus: "beta 1, N = 10")),
      ClaimFigure("beta 5, 10 less 0", .difference("beta 5, N = 10", minus: "beta 5, N = 0")),
      ClaimFigure("beta 5, 100 less 10", .difference("beta 5, N = 100", minus: "beta 5, N = 10")),
      ClaimFigure("N = 10, beta 5 less 1", .difference("beta 5, N = 10", minus: "beta 1, N = 10")),
      ClaimFigure(
        "bootstrap less exact, beta 5", .difference("bootstrap, beta 5, N = 10", minus: "beta 5, N = 10")),
    ],
    criteria: [
      ClaimCriterion("beta 0, N = 100 less plain", .within(3)), ClaimCriterion("beta 1, 10 less 0", .below(0)),
      ClaimCriterion("beta 1, 100 less 10", .below(0)), ClaimCriterion("beta 5, 10 less 0", .below(0)),
      ClaimCriterion("beta 5, 100 less 10", .below(0)), ClaimCriterion("N = 10, beta 5 less 1", .below(0)),
    ]
  ) { seed in
    func regret(_ agent: String, _ beta: Int, _ count: Int) throws -> Double {
      try seed.repetitions(
        seed["repetitions"], of: agent, in: "bandit/Demonstrated(demonstrations=\(count),deliberation=\(beta))"
      ).mean("regret")
    }
    var values = ["plain": try regret("informed-thompson(method=ignore)", 0, 0)]
    for beta in competences {
      for count in counts {
        values["beta \(beta), N = \(count)"] = try regret("informed-thompson(deliberation=\(beta))", beta, count)
      }
    }
    values["bootstrap, beta 5, N = 10"] = try regret("informed-thompson(method=bootstrap,deliberation=5)", 5, 10)
    return values
  }

  /// Accuracy and fairness at once, and what is lost by who looks at accuracy alone.
  static let fairBandit = Claim(
    "bandit/fairness",
    source: "Bechavod and Roth 2023, \"Individually fair learning with one-sided feedback\"",
    statement: "Learning from the labels of the accepted and from the pairs that auditors report, both the regret of "
      + "accuracy against the best fair policy and the number of violations grow sub-linearly, with Exp2 and with "
      + "perturbed leaders; who looks at accuracy alone violates linearly.",
    scaled: .init(
      seeds: 5, summary: "Four arrivals a round, 196 soft thresholds as steep as the strictest of a panel of three "
        + "auditors lets pass, whose slopes differ by a fifth; two repetitions at each of 2^11, 2^13, 2^15 and 2^17 "
        + "rounds; slopes over the rounds, of the regret or of their root where that is more.",
      values: ["repetitions": 2]),
    full: .init(seeds: 10, summary: "The same, ten repetitions.", values: ["repetitions": 10]),
    quantities: ["Exp2", "FTPL", "accuracy alone"].flatMap {
      [
        ClaimQuantity("\($0), violations", unit: "slope"), ClaimQuantity("\($0), regret", unit: "slope"),
        ClaimQuantity("\($0), regret a round", unit: "mistakes a round"),
        ClaimQuantity("\($0), violations a round", unit: "share of the rounds"),
      ]
    },
    figures: ["Exp2", "FTPL", "accuracy alone"].flatMap {
      [
        ClaimFigure("\($0), violations", .mean(of: "\($0), violations")),
        ClaimFigure("\($0), regret", .mean(of: "\($0), regret")),
        ClaimFigure("\($0), regret a round at 2^17", .mean(of: "\($0), regret a round"), digits: 4),
        ClaimFigure("\($0), violations a round at 2^17", .mean(of: "\($0), violations a round"), digits: 4),
      ]
    },
    criteria: [
      ClaimCriterion("Exp2, violations", .below(0.9)), ClaimCriterion("Exp2, regret", .below(0.9)),
      ClaimCriterion("FTPL, violations", .below(1)), ClaimCriterion("FTPL, regret", .below(1)),
      ClaimCriterion("accuracy alone, violations", .above(0.95)),
    ]
  ) { seed in
    var values: [String: Double] = [:]
    for (name, agent) in [
      ("Exp2", "fair(slope=3.2)"), ("FTPL", "fair(slope=3.2,method=ftpl)"),
      ("accuracy alone", "fair(slope=3.2,weight=0)"),
    ] {
      var violations: [(step: Int, value: Double)] = []
      var regrets: [(step: Int, value: Double)] = []
      for power in [11, 13, 15, 17] {
        let rounds = 1 << power
        let found = try seed.repetitions(
          seed["repetitions"], of: agent, in: "bandit/Fairness(auditors=3,inconsistency=0.2,horizon=\(rounds))")
        violations.append((rounds, max(0.5, found.mean("violations"))))
        regrets.append((rounds, max(Double(rounds).squareRoot(), found.mean("regret"))))
        values["\(name), regret a round"] = found.mean("regret") / Double(rounds)
        values["\(name), violations a round"] = found.mean("violations") / Double(rounds)
      }
      values["\(name), violations"] = ClaimSeed.slope(violations)
      values["\(name), regret"] = ClaimSeed.slope(regrets)
    }
    return values
  }

  /// Rankings are enough to descend, and more of them are better.
  static let rankedDescent = Claim(
    "bandit/ranked-descent",
    source: "Tang, Rybin and Chang 2024, \"Zeroth-order optimization meets human feedback: provable learning via "
      + "ranking oracles\"",
    statement: "ZO-RankSGD reaches 1/100 with fewer queries when all ten points of a query are ranked than when only "
      + "the best is named, on a quadratic and on Rosenbrock's function of twenty numbers; and a policy for CartPole "
      + "is found by rankings of policies alone.",
    scaled: .init(
      seeds: 20, summary: "Dimension 20, ten points a query, from a point of normal numbers; CartPole by "
        + "`rank-search`, 100 episodes of its policy after 300,000 steps.",
      values: ["steps": 300_000, "most": 4_000_000]),
    full: .init(
      seeds: 50, summary: "The same, a million steps of CartPole.", values: ["steps": 1_000_000, "most": 20_000_000]),
    quantities: ["quadratic", "Rosenbrock"].flatMap { function in
      [10, 1].map { ClaimQuantity("\(function), k = \($0)", unit: "queries") }
    } + [ClaimQuantity("CartPole", unit: "return")],
    figures: ["quadratic", "Rosenbrock"].map {
      ClaimFigure("\($0), k = 10 over k = 1", .ratio("\($0), k = 10", over: "\($0), k = 1"))
    } + [ClaimFigure("CartPole", .mean(of: "CartPole"), digits: 1)],
    criteria: [
      ClaimCriterion("quadratic, k = 10 over k = 1", .below(1)),
      ClaimCriterion("Rosenbrock, k = 10 over k = 1", .below(1)), ClaimCriterion("CartPole", .above(475)),
    ]
  ) { seed in
    var values: [String: Double] = [:]
    for (name, function) in [("quadratic", quadratic), ("Rosenbrock", rosenbrock)] {
      for ranked in [10, 1] {
        values["\(name), k = \(ranked)"] = try queries(function, ranked: ranked, seed)
      }
    }
    values["CartPole"] = try seed.train(
      "cartpole", in: "control/CartPole", by: "rank-search", steps: seed["steps"], run: ["finalEpisodes": 100]
    ).mean("return")
    return values
  }

  private static func quadratic(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 } }

  private static func rosenbrock(_ x: [Double]) -> Double {
    (0..<x.count - 1).reduce(0) { sum, place in
      let a = x[place + 1] - x[place] * x[place]
      let b = 1 - x[place]
      return sum + 100 * a * a + b * b
    }
  }

  /// Points that are asked about until the function is at most 1/100, or the most that are allowed.
  private static func queries(
    _ function: ([Double]) -> Double, ranked: Int, _ seed: ClaimSeed
  ) throws -> Double {
    var random = RandomSource(seed: seed.seed, purpose: .claimDraws, index: 0)
    var settings = RankedDescent.Settings()
    settings.ranked = ranked
    // Small enough that the ranking is by slope: with a curvature of 1,000 what a perturbation of 0.001 adds by it is
    // more than the slope of Rosenbrock's valley near its end.
    settings.radius = 1e-5
    var search = RankedDescent(settings, at: (0..<20).map { _ in random.normal() })
    var steps = 0
    while function(search.point) > 0.01, search.queries < seed["most"] {
      search.step(random: &random) { points, count in
        let scores = points.map(function)
        return Array(points.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }.prefix(count))
      }
      steps += 1
      if steps % 1000 == 0 { try seed.checkStop() }
    }
    return Double(search.queries)
  }

  /// Who is rated at once learns to please; who is rated later, to help.
  static let hindsightRatings = Claim(
    "bandit/hindsight",
    source: "Liang et al. 2025, \"RLHS: mitigating misalignment in RLHF with hindsight simulation\"",
    statement: "An assistant that learns from ratings given at once gets better ratings and leaves customers with less "
      + "than nothing; rated in hindsight, true, of the bought item alone, or simulated with a fifth of errors, it "
      + "raises satisfaction and utility.",
    scaled: .init(
      seeds: 5, summary: "LinUCB over nine features, forty repetitions of 5,000 customers a seed; against an assistant "
        + "that replies at random.", values: ["repetitions": 40]),
    full: .init(seeds: 20, summary: "The same.", values: ["repetitions": 40]),
    quantities: ["random", "immediate", "hindsight", "partial", "simulated"].flatMap { name in
      ["rating", "satisfaction", "utility"].map { ClaimQuantity("\(name), \($0)", unit: $0) }
    },
    figures: [
      ClaimFigure("immediate, rating more", .difference("immediate, rating", minus: "random, rating")),
      ClaimFigure("immediate, utility", .mean(of: "immediate, utility")),
    ] + ["hindsight", "partial", "simulated"].flatMap { name in
      [
        ClaimFigure("\(name), satisfaction more", .difference("\(name), satisfaction", minus: "random, satisfaction")),
        ClaimFigure("\(name), utility more", .difference("\(name), utility", minus: "random, utility")),
        ClaimFigure("\(name), utility", .mean(of: "\(name), utility")),
      ]
    },
    criteria: [
      ClaimCriterion("immediate, rating more", .above(0)), ClaimCriterion("immediate, utility", .below(0)),
    ] + ["hindsight", "partial", "simulated"].flatMap {
      [ClaimCriterion("\($0), satisfaction more", .above(0)), ClaimCriterion("\($0), utility more", .above(0))]
    }
  ) { seed in
    var values: [String: Double] = [:]
    for name in ["random", "immediate", "hindsight", "partial", "simulated"] {
      let feedback = name == "random" ? "immediate" : name
      let found = try seed.repetitions(
        seed["repetitions"], of: name == "random" ? "random" : "lin-ucb", in: "bandit/Hindsight(feedback=\(feedback))")
      for measure in ["rating", "satisfaction", "utility"] { values["\(name), \(measure)"] = found.mean(measure) }
    }
    return values
  }
}
