import Experiments
import RealModule
import ReinforcementLearning
import Search

extension Claims {
  private static let danihelka =
    "Danihelka, Guez, Schrittwieser and Silver, \"Policy improvement by planning with Gumbel\", ICLR 2022"
  private static let positions =
    "Positions of one decision between 12 actions, of random priors and exactly known random values, searched from the "
    + "start: what a search does to a policy, without what a network gets wrong."

  /// Gumbel search improves with few simulations what PUCT does not.
  static let gumbelImprovement = Claim(
    "gumbel/improvement", source: danihelka,
    statement: "With few simulations Gumbel search improves on its prior in every position where values are exact; "
      + "PUCT does not.",
    scaled: .init(seeds: 5, summary: positions, values: ["positions": 10_000]),
    full: .init(
      seeds: 20, summary: positions + " The paper proves it; a hundred times as many positions say it again.",
      values: ["positions": 1_000_000]),
    quantities: [
      ClaimQuantity("Gumbel's action, 4 simulations", unit: "positions made worse", trials: "positions"),
      ClaimQuantity("Gumbel's action, 8 simulations", unit: "positions made worse", trials: "positions"),
      ClaimQuantity("Gumbel's action, 16 simulations", unit: "positions made worse", trials: "positions"),
      ClaimQuantity("Gumbel's policy, 16 simulations", unit: "positions made worse", trials: "positions"),
      ClaimQuantity("PUCT's policy, 16 simulations", unit: "positions made worse", trials: "positions"),
    ],
    figures: [
      ClaimFigure("action worse, n = 4", .mean(of: "Gumbel's action, 4 simulations"), digits: 5),
      ClaimFigure("action worse, n = 8", .mean(of: "Gumbel's action, 8 simulations"), digits: 5),
      ClaimFigure("action worse, n = 16", .mean(of: "Gumbel's action, 16 simulations"), digits: 5),
      ClaimFigure("policy worse, n = 16", .mean(of: "Gumbel's policy, 16 simulations"), digits: 5),
      ClaimFigure("PUCT worse, n = 16", .mean(of: "PUCT's policy, 16 simulations"), digits: 5),
    ],
    criteria: [
      ClaimCriterion("action worse, n = 4", .never(atMost: 0.0001)),
      ClaimCriterion("action worse, n = 8", .never(atMost: 0.0001)),
      ClaimCriterion("action worse, n = 16", .never(atMost: 0.0001)),
      ClaimCriterion("policy worse, n = 16", .never(atMost: 0.0001)),
      ClaimCriterion("PUCT worse, n = 16", .above(0)),
    ]
  ) { seed in
    var values: [String: Double] = [:]
    for simulations in [4, 8, 16] {
      let worse = try PositionSearch(.gumbel, simulations: simulations).worse(seed)
      values["Gumbel's action, \(simulations) simulations"] = worse.action
      if simulations == 16 { values["Gumbel's policy, 16 simulations"] = worse.policy }
    }
    values["PUCT's policy, 16 simulations"] = try PositionSearch(.puct, simulations: 16).worse(seed).policy
    return values
  }

  /// The policy that training learns from completes what was not visited with a mixed value, which is not exact.
  static let gumbelMixedValue = Claim(
    "gumbel/mixed-value", source: danihelka,
    statement: "The improvement that is proven where actions without a visit have the policy's exact value survives "
      + "the mixed value that stands in for it: down to 4 simulations the policy that Gumbel search gives to learn "
      + "from is worse than the prior in no position.",
    scaled: .init(seeds: 5, summary: positions, values: ["positions": 10_000]),
    full: .init(seeds: 20, summary: positions, values: ["positions": 1_000_000]),
    quantities: [
      ClaimQuantity("4 simulations", unit: "positions made worse", trials: "positions"),
      ClaimQuantity("8 simulations", unit: "positions made worse", trials: "positions"),
      ClaimQuantity("16 simulations", unit: "positions made worse", trials: "positions"),
    ],
    figures: [4, 8, 16].map { ClaimFigure("policy worse, n = \($0)", .mean(of: "\($0) simulations"), digits: 5) },
    criteria: [4, 8, 16].map { ClaimCriterion("policy worse, n = \($0)", .never(atMost: 0.0001)) }
  ) { seed in
    var values: [String: Double] = [:]
    for simulations in [4, 8, 16] {
      values["\(simulations) simulations"] = try PositionSearch(.gumbel, simulations: simulations).worse(seed).policy
    }
    return values
  }
}

/// A network-guided search of random positions of one step, whose values are known.
private struct PositionSearch {
  private static let actions = 12
  /// What rounding of single-precision sums may take away.
  private static let rounding = 1e-6
  private let search: NetworkSearch

  init(_ rule: NetworkSearchSettings.Rule, simulations: Int) {
    var settings = NetworkSearchSettings()
    settings.rule = rule
    settings.simulations = simulations
    search = NetworkSearch(settings, roots: 1, actions: PositionSearch.actions)
  }

  /// The shares of a seed's positions in which the search's action is worth less than the one that the same noise picks
  /// without a search, and in which the policy of the search is worth less than the prior.
  func worse(_ seed: ClaimSeed) throws -> (action: Double, policy: Double) {
    let count = seed["positions"]
    let model = OneStepModel(actions: PositionSearch.actions)
    var (actions, policies) = (0, 0)
    for position in 0..<count {
      if position % 1_000 == 0 { try seed.checkStop() }
      var random = RandomSource(seed: seed.seed, purpose: .claimDraws, index: position)
      for action in 0..<PositionSearch.actions { model.logits[action] = Float(1.5 * random.normal()) }
      for action in 0..<PositionSearch.actions { model.rewards[action] = Float(random.uniform(-1, 1)) }
      let before = model.valueOfPrior()
      search.run(model, random: &random)
      let noisy = search.noisyLogits(root: 0)
      let unsearched = noisy.indices.max { noisy[$0] < noisy[$1] }!
      if model.rewards[search.actions[0]] < model.rewards[unsearched] { actions += 1 }
      let after = (0..<PositionSearch.actions).reduce(0.0) {
        $0 + Double(search.policy(root: 0)[$1]) * Double(model.rewards[$1])
      }
      if after < before - PositionSearch.rounding { policies += 1 }
    }
    return (Double(actions) / Double(count), Double(policies) / Double(count))
  }
}

/// One step and the episode is over: every action has its reward.
private final class OneStepModel: SearchModel {
  let actions: Int
  /// `[actions]`, and eight more that a search may read.
  let logits: UnsafeMutablePointer<Float>
  /// `[actions]`
  let rewards: UnsafeMutablePointer<Float>
  private let value: UnsafeMutablePointer<Float>

  init(actions: Int) {
    self.actions = actions
    logits = .allocate(capacity: actions + 8)
    logits.initialize(repeating: 0, count: actions + 8)
    rewards = .allocate(capacity: actions)
    rewards.initialize(repeating: 0, count: actions)
    value = .allocate(capacity: 1)
    value.initialize(to: 0)
  }

  deinit {
    logits.deallocate()
    rewards.deallocate()
    value.deallocate()
  }

  /// What the prior is worth, which is also what the network says of the root.
  func valueOfPrior() -> Double {
    let top = (0..<actions).map { logits[$0] }.max()!
    let weights = (0..<actions).map { Double.exp(Double(logits[$0] - top)) }
    let total = weights.reduce(0, +)
    let worth = (0..<actions).reduce(0.0) { $0 + weights[$1] / total * Double(rewards[$1]) }
    value.pointee = Float(worth)
    return worth
  }

  func evaluateRoots(_ roots: Int) -> SearchEvaluation {
    SearchEvaluation(logits: logits, logitStride: 0, values: value, valueStride: 0)
  }

  func expand(_ leaves: UnsafeMutableBufferPointer<SearchLeaf>) -> SearchEvaluation {
    for index in leaves.indices {
      leaves[index].reward = rewards[Int(leaves[index].action)]
      leaves[index].outcome = .terminated
      leaves[index].row = -1
    }
    return evaluateRoots(0)
  }
}
