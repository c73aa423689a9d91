import Catalog
import Groundwork
import ReinforcementLearning
import Testing

@testable import Bandits

/// What bandit algorithms share is declared once, and nobody who types a setting, reads a run or repeats one sees it.
@Suite("Settings of bandit algorithms") struct BanditSettingsTests {
  /// Of every algorithm a problem, its own settings with their defaults in order, and a digest of what it does in 200
  /// pulls of three slots.
  static let algorithms: [(id: String, environment: String, own: String, digest: UInt64)] = [
    ("ucb1", "bandit/Bernoulli", "bonus=logarithmic,exploration=2", 9570387242740944841),
    ("moss", "bandit/Bernoulli", "bonus=moss,exploration=2", 318337061639592027),
    ("kl-ucb", "bandit/Bernoulli", "logarithms=0", 11395423326700523287),
    ("bayes-ucb", "bandit/Bernoulli", "logarithms=0", 2704728787008636604),
    ("thompson", "bandit/Bernoulli", "alpha=1,beta=1", 17150122182412629108),
    ("thompson-gaussian", "bandit/Gaussian", "mean=0,variance=1,deviation=1", 4650133954154134516),
    ("epsilon-greedy", "bandit/Bernoulli", "epsilon=0.1,decay=0,initial=0", 16968895101750123093),
    ("explore-then-commit", "bandit/Bernoulli", "pulls=20", 15103868832950449818),
    ("softmax", "bandit/Bernoulli", "temperature=0.1", 1805714682914228990),
    ("exp3", "bandit/Bernoulli", "stepSize=0,mixing=0", 2275208930197644627),
    ("exp2", "bandit/Dynamical", "stepSize=0,mixing=0.05", 17894710611184404433),
    ("tsallis-inf", "bandit/Bernoulli", "reducesVariance=true", 10387072215677960974),
    ("sliding-ucb", "bandit/ChangePoints", "window=500,exploration=0.6", 1489860541117067066),
    ("discounted-ucb", "bandit/ChangePoints", "discount=0.998,exploration=0.15", 6351880430270829800),
    ("glr-ucb", "bandit/ChangePoints", "confidence=0.01,forced=0.02,every=5,memory=2000", 869518794619684449),
    ("successive-elimination", "bandit/Bernoulli", "confidence=0.05", 15103868832950449818),
    ("lin-ucb", "bandit/Linear", "exploration=1,ridge=1", 3125067771673210159),
    ("lin-thompson", "bandit/Contextual", "deviation=0.3,ridge=1", 10749241844144523464),
    ("logistic-thompson", "bandit/Logistic", "precision=1", 12649777792890037133),
    (
      "dynlin-ucb", "bandit/Dynamical",
      "radius=0.2,direct=1,output=1,input=1,transient=1,deviation=0.01,ridge=0,scale=1", 4452747939464842712
    ),
    ("last-switch", "bandit/LastSwitch", "exploration=2,depth=5", 4316259041766371513),
    ("shrinking-dartboard", "bandit/SwitchingCosts", "budget=1,feedback=best", 611587985015176012),
    ("rucb", "bandit/Dueling", "exploration=0.51,patience=1", 5359399081281915225),
    (
      "informed-thompson", "bandit/Demonstrated",
      "method=automatic,deliberation=1,knowledge=0,deviation=1,moves=3", 18352285565987305854
    ),
    (
      "fair", "bandit/Fairness",
      "method=exp2,weight=-1,stepSize=0,exploration=-1,draws=30,separator=14,slope=4", 16794465756356960614
    ),
    ("random", "bandit/Bernoulli", "", 10697725165209883230)
  ]

  @Test("keys, their order and the document of a run are an algorithm's own and the shared ones, side by side")
  func documents() throws {
    for algorithm in Self.algorithms {
      let own = try NamedSettings(parsing: "it(\(algorithm.own))", example: "")
      let log = algorithm.id == "random" ? [] : ["warmStart"]
      let listing = try Catalog.agent(algorithm.id)
      #expect(listing.keys == own.settings.map(\.key) + log + ["slots", "batches", "steps"], "\(algorithm.id)")
      var document = own.changes()
      for key in log { document[key] = "" }
      (document["slots"], document["batches"], document["steps"]) = (16, 2, 128)
      #expect(listing.configuration.text() == document.text(), "\(algorithm.id)")
      // And back, with a changed value of either part.
      let changed = try listing.recipe(changes: ["steps": 64, "slots": 8])
      document["steps"] = 64
      document["slots"] = 8
      #expect(changed.configuration.text() == document.text(), "\(algorithm.id)")
    }
    let known = Self.algorithms.map(\.id)
    let missing = Catalog.agents.map(\.id).filter { id in
      !known.contains(id) && ((try? Catalog.agent(id).keys.contains("warmStart")) ?? false)
    }
    #expect(missing.isEmpty, "every algorithm is in the table: \(missing)")
  }

  @Test("a shared setting is described where it is declared, and refused as an own one is")
  func descriptions() throws {
    for id in ["thompson", "ucb1", "fair", "replay"] {
      let settings = try Catalog.describe(id).settings
      for key in ["slots", "batches", "steps"] {
        let setting = try #require(settings.first { $0.key == "agent." + key })
        #expect(!setting.summary.isEmpty && setting.range != nil, "\(id) \(key)")
      }
      #expect(settings.allSatisfy { !$0.summary.isEmpty }, "\(id)")
    }
    #expect(try Catalog.describe("thompson").source.isEmpty == false, "an algorithm's source is its rule's")
    for (changes, line) in [
      (["slotz": 1], "there is no setting 'agent.slotz'. Did you mean 'agent.slots'? "
        + "Those of agent 'thompson' are alpha, beta, warmStart, slots, batches, steps"),
      (["steps": "many"], "steps of agent 'thompson' cannot be \"many\". It is a whole number"),
    ] as [(JSON, String)] {
      let found = refusal { _ = try Catalog.agent("thompson").recipe(changes: changes) }
      #expect(found.hasSuffix(line), "\(found)")
    }
  }

  @Test("an algorithm that cannot begin with a log refuses one, whatever is in it")
  func refusedLogs() throws {
    for algorithm in Self.algorithms
    where [
      "exp2", "exp3", "tsallis-inf", "successive-elimination", "dynlin-ucb", "last-switch", "shrinking-dartboard",
      "rucb", "informed-thompson", "fair",
    ].contains(algorithm.id) {
      let line = refusal { _ = try Repetitions(algorithm.environment, "\(algorithm.id)(warmStart=log.csv)", count: 1) }
      #expect(line.contains("takes no log") && line.contains("agent.warmStart"), "\(algorithm.id): \(line)")
    }
  }

  @Test("every algorithm does bit for bit what it did before its settings were taken apart", arguments: algorithms)
  func bits(_ algorithm: (id: String, environment: String, own: String, digest: UInt64)) throws {
    let recipe = try Catalog.recipe(algorithm.environment)
    let made = try Catalog.agent(algorithm.id).recipe().makeAgent(
      in: recipe, rewards: [RewardComponent("environment")], seed: 5)
    var policy = try made.makePolicy(slots: 3, choice: .sample)
    let batch = recipe.makeBatch(slots: 3, seed: 5)
    let rollout = batch.makeRollout(steps: 200)
    rollout.reserveOutputs(policy.outputs)
    var random = RandomSource(seed: 5)
    batch.reset(rollout)
    var words: [UInt32] = []
    for time in 0..<200 {
      try policy.act(on: rollout, at: time, in: batch.view, random: &random)
      batch.step(rollout, at: time)
      for slot in 0..<3 {
        let place = time * 3 + slot
        if recipe.specification.actions.isDiscrete { words.append(UInt32(rollout.actions.discrete[place])) }
        words.append(rollout.rewards[place].bitPattern)
      }
    }
    let digest = StableDigest.of(words.map(String.init).joined(separator: " "))
    #expect(digest == algorithm.digest, "\(algorithm.id): \(digest)")
  }
}
