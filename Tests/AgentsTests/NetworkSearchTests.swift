import CAllocationCounter
import Encoders
import Environments
import NeuralNetworks
import ReinforcementLearning
import Testing

@testable import Search

/// One step and the episode is over: every action has its reward.
final class BanditModel: SearchModel {
  let actions: Int
  private let rewards: [Float]
  private let logits: UnsafeMutablePointer<Float>
  private let values: UnsafeMutablePointer<Float>
  private let legal: UnsafeMutablePointer<Bool>

  init(logits: [Float], rewards: [Float], rootValue: Float, legal: [Bool]) {
    actions = logits.count
    self.rewards = rewards
    self.logits = .allocate(capacity: logits.count + 8)
    self.logits.initialize(repeating: 0, count: logits.count + 8)
    for (index, logit) in logits.enumerated() { self.logits[index] = logit }
    values = .allocate(capacity: 1)
    values.initialize(to: rootValue)
    self.legal = .allocate(capacity: legal.count)
    for (index, isLegal) in legal.enumerated() { (self.legal + index).initialize(to: isLegal) }
  }

  deinit {
    logits.deallocate()
    values.deallocate()
    legal.deallocate()
  }

  func evaluateRoots(_ roots: Int) -> SearchEvaluation {
    SearchEvaluation(logits: logits, logitStride: 0, values: values, valueStride: 0, legal: legal)
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

@Suite("Network-guided search")
struct NetworkSearchTests {
  @Test("the hand-computed bandit: two legal actions of four, 17 simulations, visits [0, 9, 8, 0], action 1")
  func bandit() {
    var settings = NetworkSearchSettings()
    settings.simulations = 17
    settings.valueScale = 0.05
    settings.visitOffset = 60
    let search = NetworkSearch(settings, roots: 1, actions: 4)
    let model = BanditModel(
      logits: [0, -1, 2, 3], rewards: [20, 3, -1, 10], rootValue: -5, legal: [false, true, true, false])
    for seed in 0..<20 as Range<UInt64> {
      // With noise of scale 0 the choice is the values': sigma = (60 + 9) · 0.05 = 3.45 above a logit gap of 3.
      settings.gumbelScale = 0
      let still = NetworkSearch(settings, roots: 1, actions: 4)
      var random = RandomSource(seed: seed)
      still.run(model, random: &random)
      #expect(still.actions == [1])
      #expect((0..<4).map { still.visits(root: 0)[$0] } == [0, 9, 8, 0])
      #expect((0..<4).map { still.actionValues(root: 0)[$0] } == [0, 3, -1, 0])
      // Noise never makes an illegal action legal.
      search.run(model, random: &random)
      #expect([1, 2].contains(search.actions[0]))
    }
  }

  /// A search of four roots in a latent world whose weights are simple fractions.
  func latent(_ rule: NetworkSearchSettings.Rule, discount: Double, simulations: Int = 24) -> NetworkSearch {
    func fractions(_ count: Int, _ factor: Int) -> [Float] { (0..<count).map { Float($0 * factor % 17 - 8) / 8 } }
    let (width, actions, roots) = (4, 3, 4)
    var settings = NetworkSearchSettings()
    settings.rule = rule
    settings.simulations = simulations
    settings.discount = discount
    settings.gumbelScale = 0
    settings.dirichletFraction = 0
    settings.temperature = 0
    let model = LatentModel(roots: roots, simulations: simulations, actions: actions, latentWidth: width, seed: 1)
    model.setWeights(dynamics: fractions((width + actions) * width, 5), heads: fractions(width * (actions + 2), 7))
    let states = fractions(roots * width, 3)
    for root in 0..<roots { model.setRoot(root, Array(states[(root * width)..<((root + 1) * width)])) }
    let search = NetworkSearch(settings, roots: roots, actions: actions)
    var random = RandomSource(seed: 1)
    search.run(model, random: &random)
    return search
  }

  /// What mctx 0.0.5 gives for the same weights with `gumbel_scale=0`, or `dirichlet_fraction=0, temperature=0`.
  @Test("in a latent world, visits, values and policies are mctx's", arguments: [
    (
      NetworkSearchSettings.Rule.gumbel, 0.9, [0, 0, 2, 0], [[10, 4, 10], [10, 4, 10], [10, 4, 10], [10, 4, 10]],
      [[0.9987, 0.0005, 0.0008], [0.8550, 0.0021, 0.1429], [0.3354, 0.0038, 0.6607], [0.9974, 0.0013, 0.0013]],
      [[0.2569, -0.0925, 0.0329], [0.6125, 0.2198, 0.4259], [0.1626, -0.2312, 0.1455], [0.2700, -0.1284, -0.0317]]
    ),
    (
      .gumbel, -1, [0, 2, 2, 2], [[10, 10, 4], [10, 4, 10], [4, 10, 10], [10, 4, 10]],
      [[0.0740, 0.0136, 0.9123], [0.0047, 0.0009, 0.9944], [0.0152, 0.0044, 0.9804], [0.0196, 0.0200, 0.9603]],
      [[-0.6815, -0.6837, -0.5991], [0.7764, 0.4836, 1.5088], [-0.4566, -1.0318, 0.2131], [-0.7723, -0.7261, -0.3631]]
    ),
    (
      .puct, 0.9, [0, 2, 2, 1], [[24, 0, 0], [1, 1, 22], [0, 3, 21], [3, 21, 0]],
      [[1, 0, 0], [0.0417, 0.0417, 0.9167], [0, 0.125, 0.875], [0.125, 0.875, 0]],
      [[0.3665, 0, 0], [0.1453, 0.3519, 0.5809], [0, -0.1002, 0.0623], [-0.0404, 0.0566, 0]]
    ),
    (
      .puct, -1, [0, 2, 2, 0], [[15, 9, 0], [1, 1, 22], [0, 3, 21], [13, 7, 4]],
      [[0.625, 0.375, 0], [0.0417, 0.0417, 0.9167], [0, 0.125, 0.875], [0.5417, 0.2917, 0.1667]],
      [[-0.7708, -0.6537, 0], [0.9880, 0.0797, 2.2265], [0, -0.9405, 0.4639], [-0.7796, -0.7796, -0.2233]]
    ),
  ])
  func golden(
    rule: NetworkSearchSettings.Rule, discount: Double, actions: [Int], visits: [[Int]], policies: [[Double]],
    values: [[Double]]
  ) {
    let search = latent(rule, discount: discount)
    #expect(search.actions == actions)
    for root in 0..<4 {
      #expect((0..<3).map { Int(search.visits(root: root)[$0]) } == visits[root], "root \(root)")
      for action in 0..<3 {
        #expect(abs(Double(search.policy(root: root)[action]) - policies[root][action]) < 2e-4, "root \(root)")
        #expect(abs(Double(search.actionValues(root: root)[action]) - values[root][action]) < 2e-4, "root \(root)")
      }
    }
  }

  @Test(
    "after its first decision a search allocates nothing, in a game and against an opponent that draws",
    arguments: [NetworkSearchSettings.Rule.gumbel, .puct], [BoardOpponent.none, .random])
  func allocations(_ rule: NetworkSearchSettings.Rule, _ opponent: BoardOpponent) throws {
    var game = ConnectFour.Configuration()
    game.opponent = opponent
    let recipe = try EnvironmentRecipe(id: "board/ConnectFour", ConnectFour.self, configuration: game)
    var settings = NetworkSearchSettings()
    settings.rule = rule
    settings.simulations = 24
    settings.discount = opponent == .none ? -1 : 0.99
    let (roots, actions) = (8, recipe.specification.actions.count)
    var layout = ParameterLayout()
    let network = try ObservationNetwork.make(
      "network", layout: ObservationLayout(recipe.specification), hidden: [32], activation: .relu,
      imageEncoder: .dense, outputs: actions + 1, outputGain: 1, in: &layout)
    var random = RandomSource(seed: 1)
    var parameters = Parameters(layout)
    network.initialize(&parameters, random: &random)
    let model = SimulatorModel(
      recipe, network: network, parameters: parameters, roots: roots, simulations: settings.simulations,
      looksForWins: true)
    #expect(model.isOpenLoop == (opponent == .random))
    let search = NetworkSearch(settings, roots: roots, actions: actions)
    func decide(_ seed: UInt64) {
      for root in 0..<roots { model.arena.start(model.rootIndex(root), seed: seed + UInt64(root)) }
      model.reseed(seed)
      search.run(model, random: &random)
    }
    decide(0)
    let before = forage_allocations()
    for seed in 1..<6 { decide(UInt64(seed)) }
    #expect(forage_allocations() - before == 0)
    #expect(before > 0, "allocations are not counted here")
  }

  /// One step of exact values: what the search of `seed`'s random position finds.
  func exact(_ rule: NetworkSearchSettings.Rule, seed: UInt64) -> (gain: Double, expected: Double) {
    let actions = 12
    var random = RandomSource(seed: seed)
    let logits = (0..<actions).map { _ in Float(1.5 * random.normal()) }
    let values = (0..<actions).map { _ in Float(random.uniform(-1, 1)) }
    var settings = NetworkSearchSettings()
    settings.rule = rule
    settings.simulations = 16
    let weights = logits.map { Double($0) }.map { $0.exponential }
    let prior = weights.map { $0 / weights.reduce(0, +) }
    let priorValue = zip(prior, values).reduce(0) { $0 + $1.0 * Double($1.1) }
    let model = BanditModel(
      logits: logits, rewards: values, rootValue: Float(priorValue), legal: Array(repeating: true, count: actions))
    let search = NetworkSearch(settings, roots: 1, actions: actions)
    search.run(model, random: &random)
    let noisy = search.noisyLogits(root: 0)
    let before = noisy.firstIndex(of: noisy.max()!)!
    let improved = (0..<actions).reduce(0) { $0 + Double(search.policy(root: 0)[$1]) * Double(values[$1]) }
    return (Double(values[search.actions[0]] - values[before]), improved - priorValue)
  }

  @Test("Gumbel search with 16 simulations improves on the prior in each of 1,000 positions whose values are exact")
  func improvement() {
    for seed in 0..<1000 as Range<UInt64> {
      let result = exact(.gumbel, seed: seed)
      #expect(result.gain >= 0, "position \(seed)")
      #expect(result.expected >= -1e-6, "position \(seed)")
    }
  }

  @Test("PUCT with 16 simulations does not improve on the prior in every one of them")
  func noImprovement() {
    let worse = (0..<1000 as Range<UInt64>).count { exact(.puct, seed: $0).expected < -1e-6 }
    #expect(worse > 0)
  }

  @Test("no path is longer than the greatest depth")
  func depth() {
    for rule in NetworkSearchSettings.Rule.allCases {
      var settings = NetworkSearchSettings()
      settings.rule = rule
      settings.simulations = 40
      settings.maximumDepth = 2
      settings.discount = 0.9
      let search = NetworkSearch(settings, roots: 3, actions: 3)
      var random = RandomSource(seed: 4)
      search.run(LatentModel(roots: 3, simulations: 40, actions: 3, latentWidth: 8, seed: 2), random: &random)
      for root in 0..<3 {
        #expect(search.trees.nodeCount[root] <= 1 + 3 + 9)
        #expect((0..<3).reduce(0) { $0 + search.visits(root: root)[$1] } == 40)
      }
    }
  }
}

extension Double {
  /// e to this power, by its series: independent of what is tested.
  fileprivate var exponential: Double {
    var (sum, term) = (1.0, 1.0)
    for index in 1..<60 {
      term *= self / Double(index)
      sum += term
    }
    return sum
  }
}
