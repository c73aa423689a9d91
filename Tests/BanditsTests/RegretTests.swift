import CAllocationCounter
import Catalog
import Groundwork
import RealModule
import ReinforcementLearning
import Testing

@testable import Bandits

/// The plain algorithms: their actions against their formulas, their regret against other people's programs.
@Suite("Bandit algorithms") struct RegretTests {
  static let all = [
    "ucb1", "moss", "kl-ucb", "bayes-ucb", "thompson", "thompson-gaussian", "epsilon-greedy", "explore-then-commit",
    "softmax", "exp3", "tsallis-inf",
  ]

  /// Two other programs: PyMAB 2.0.1 over 100 repetitions and a program in C over 200 say 525 and 531.
  @Test("UCB1's regret after 10,000 pulls of ten arms is that of two independent programs")
  func ucb1() throws {
    let found = try Repetitions("bandit/Bernoulli(horizon=10000)", "ucb1", count: 1_000)
    let deviation = found.standardError("regret") * 1_000.0.squareRoot()
    #expect(found.mean("regret") > 525 - 3 * deviation / 10)
    #expect(found.mean("regret") < 531 + 3 * deviation / 200.0.squareRoot())
  }

  /// The same two programs: 110 and 111.
  @Test("Beta Thompson sampling's regret after 10,000 pulls is that of two independent programs")
  func thompson() throws {
    let found = try Repetitions("bandit/Bernoulli(horizon=10000)", "thompson", count: 400)
    let deviation = found.standardError("regret") * 400.0.squareRoot()
    #expect(found.mean("regret") > 110 - 3 * deviation / 10)
    #expect(found.mean("regret") < 111 + 3 * deviation / 200.0.squareRoot())
  }

  @Test("KL-UCB and Thompson sampling end near Lai and Robbins's bound, UCB1 far above, chance at its exact regret")
  func order() throws {
    func regret(_ agent: String, _ count: Int = 100) throws -> Double {
      try Repetitions("bandit/Bernoulli(horizon=5000)", agent, count: count).mean("regret")
    }
    let bound = 9 * 0.2 / (0.2 * Double.log(1.5)) * Double.log(5000)
    let (kl, bayes, ucb) = (try regret("kl-ucb"), try regret("bayes-ucb"), try regret("ucb1"))
    #expect(kl < 1.3 * bound && bayes < 1.3 * bound && ucb > 2 * bound, "\(bound): \(kl) \(bayes) \(ucb)")
    #expect(try regret("moss") < ucb)
    #expect(abs(try regret("random") - 5000 * 0.18) < 3)
  }

  @Test(
    "every algorithm does much better than chance, and an algorithm that follows a mean learns which arm is best",
    arguments: all)
  func better(_ agent: String) throws {
    let found = try Repetitions("bandit/Bernoulli(gap=0.4,horizon=3000)", agent, count: 64)
    let chance = 3000 * 0.36
    #expect(found.mean("regret") < 0.5 * chance, "\(agent): \(found.mean("regret"))")
  }

  @Test("on the ten-armed testbed greedy choice settles on the best arm in about a third of the problems")
  func testbed() throws {
    let greedy = try Repetitions("bandit/TenArmed", "epsilon-greedy(epsilon=0)", count: 1_000).mean("best")
    let often = try Repetitions("bandit/TenArmed", "epsilon-greedy(epsilon=0.1)", count: 1_000).mean("best")
    #expect((0.28...0.42).contains(greedy) && (0.6...0.75).contains(often), "\(greedy) \(often)")
  }

  @Test("UCB1 is its formula, written again without its tables, pull for pull")
  func formula() throws {
    let recipe = try Catalog.recipe("bandit/Bernoulli(arms=7,gap=0.3,horizon=500)")
    let batch = recipe.makeBatch(slots: 11, seed: 3)
    let rollout = batch.makeRollout(steps: 400)
    var policy = try UpperConfidence(
      UpperConfidence.Configuration(), in: AgentSetting(recipe, seed: 1), slots: 11, choice: .sample)
    var random = RandomSource(seed: 1)
    batch.reset(rollout)
    var counts = [[Double]](repeating: Array(repeating: 0, count: 7), count: 11)
    var sums = counts
    for time in 0..<400 {
      policy.act(on: rollout, at: time, in: batch.view, random: &random)
      for slot in 0..<11 {
        let indices = (0..<7).map { arm -> Double in
          guard counts[slot][arm] > 0 else { return .infinity }
          return sums[slot][arm] / counts[slot][arm]
            + (2 * Double.log(Double(time)) / counts[slot][arm]).squareRoot()
        }
        let arm = Int(rollout.actions.discrete[time * 11 + slot])
        // Ties and what single precision cannot tell apart aside, it is the first of the best.
        #expect(indices[arm] >= indices.max()! - 1e-5)
        if indices.max()! == .infinity { #expect(arm == indices.firstIndex(of: .infinity)!) }
      }
      batch.step(rollout, at: time)
      for slot in 0..<11 {
        let arm = Int(rollout.actions.discrete[time * 11 + slot])
        counts[slot][arm] += 1
        sums[slot][arm] += Double(rollout.rewards[time * 11 + slot])
      }
    }
  }

  @Test("Exp3's probabilities after given pulls are the exponentials of the weighted losses")
  func exp3() {
    let problem = BanditProblem(
      Specification(
        fields: [Field("lastReward", element: .float32)], actions: .discrete(["a", "b", "c"]), timeLimit: 10,
        rewards: 0...1))
    var configuration = Exp3.Parameters()
    configuration.stepSize = 0.5
    let rule = try! Exp3(configuration, for: problem)
    let memory = BanditMemory.allocate(capacity: rule.width)
    memory.initialize(repeating: 0, count: rule.width)
    defer { memory.deallocate() }
    rule.start(memory)
    var random = RandomSource(seed: 5)
    var losses = [0.0, 0, 0]
    for pull in 0..<6 {
      var propensity = 0.0
      let arm = rule.choose(
        memory, BanditMoment(pulls: pull, mask: nil, features: nil), propensity: &propensity, random: &random)
      let weights = losses.map { Double.exp(-0.5 * $0) }
      #expect(abs(propensity - weights[arm] / weights.reduce(0, +)) < 1e-12)
      rule.learn(memory, arm: arm, reward: 0.25, random: &random)
      losses[arm] += 0.75 / propensity
    }
  }

  @Test("Tsallis-INF's probabilities sum to 1 and are its formula of one normaliser")
  func tsallis() {
    let problem = BanditProblem(
      Specification(
        fields: [Field("lastReward", element: .float32)], actions: .discrete(["a", "b", "c", "d"]), timeLimit: 10,
        rewards: 0...1))
    var configuration = TsallisINF.Parameters()
    configuration.reducesVariance = false
    let rule = try! TsallisINF(configuration, for: problem)
    let memory = BanditMemory.allocate(capacity: rule.width)
    memory.initialize(repeating: 0, count: rule.width)
    defer { memory.deallocate() }
    rule.start(memory)
    var random = RandomSource(seed: 5)
    for pull in 0..<200 {
      var propensity = 0.0
      let arm = rule.choose(
        memory, BanditMoment(pulls: pull, mask: nil, features: nil), propensity: &propensity, random: &random)
      let rate = 2 / Double(pull + 1).squareRoot()
      let weights = (0..<4).map { 4 / Double.pow(rate * (memory[$0] - memory[12]), 2) }
      #expect(abs(weights.reduce(0, +) - 1) < 1e-8 && abs(weights[arm] - propensity) < 1e-8)
      rule.learn(memory, arm: arm, reward: arm == 2 ? 1 : 0.3, random: &random)
    }
  }

  @Test("a policy that was saved in the middle of its episodes goes on as the one that was not", arguments: all)
  func restoring(_ agent: String) throws {
    let recipe = try Catalog.recipe("bandit/Bernoulli(horizon=90)")
    let made = try Catalog.agent(agent).recipe().makeAgent(
      in: recipe, rewards: [RewardComponent("environment")], seed: 1)
    let batch = recipe.makeBatch(slots: 5, seed: 2)
    let rollout = batch.makeRollout(steps: 100)
    var policy = try made.makePolicy(slots: 5, choice: .sample)
    var random = RandomSource(seed: 9)
    batch.reset(rollout)
    var (other, otherRandom) = (try made.makePolicy(slots: 5, choice: .sample), random)
    for time in 0..<100 {
      try policy.act(on: rollout, at: time, in: batch.view, random: &random)
      let actions = (0..<5).map { rollout.actions.discrete[time * 5 + $0] }
      if time > 40 {
        try other.act(on: rollout, at: time, in: batch.view, random: &otherRandom)
        #expect((0..<5).map { rollout.actions.discrete[time * 5 + $0] } == actions, "pull \(time)")
      }
      batch.step(rollout, at: time)
      if time == 40 {
        var state = SavedState()
        policy.save(to: &state)
        try other.restore(from: state)
        otherRandom = random
      }
    }
  }

  @Test("choosing allocates nothing once warm", arguments: all)
  func allocations(_ agent: String) throws {
    let recipe = try Catalog.recipe("bandit/Bernoulli")
    let made = try Catalog.agent(agent).recipe().makeAgent(
      in: recipe, rewards: [RewardComponent("environment")], seed: 1)
    let batch = recipe.makeBatch(slots: 8, seed: 2)
    let rollout = batch.makeRollout(steps: 60)
    var policy = try made.makePolicy(slots: 8, choice: .sample)
    var random = RandomSource(seed: 9)
    batch.reset(rollout)
    var allocations: UInt64 = 0
    for time in 0..<60 {
      let before = forage_allocations()
      try policy.act(on: rollout, at: time, in: batch.view, random: &random)
      if time > 10 { allocations += forage_allocations() - before }
      batch.step(rollout, at: time)
    }
    #expect(allocations == 0)
  }

  @Test("propensities are the shares of the arms that are pulled")
  func propensities() throws {
    let recipe = try Catalog.recipe("bandit/Bernoulli(arms=3)")
    for agent in ["epsilon-greedy(epsilon=0.3)", "softmax", "exp3", "tsallis-inf"] {
      let name = try NamedSettings(parsing: agent, example: "")
      let made = try Catalog.agent(name.name).recipe(changes: name.changes()).makeAgent(
        in: recipe, rewards: [RewardComponent("environment")], seed: 1)
      let batch = recipe.makeBatch(slots: 4_000, seed: 2)
      let rollout = batch.makeRollout(steps: 12)
      var policy = try made.makePolicy(slots: 4_000, choice: .sample)
      rollout.reserveOutputs(policy.outputs)
      var random = RandomSource(seed: 9)
      batch.reset(rollout)
      for time in 0..<12 {
        try policy.act(on: rollout, at: time, in: batch.view, random: &random)
        batch.step(rollout, at: time)
      }
      // The mean of 1 / propensity over pulls is the number of arms that could be pulled.
      let output = try #require(rollout.output("propensity"))
      let inverse = (0..<4_000).map { 1 / Double(output[11 * 4_000 + $0]) }
      let mean = inverse.reduce(0, +) / 4_000
      let error = (inverse.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4_000).squareRoot() / 4_000.0.squareRoot()
      #expect(abs(mean - 3) < 4 * error + 1e-3, "\(agent): \(mean)")
    }
  }

  @Test("a policy that knows a log to begin with goes on from it")
  func warmStart() throws {
    let path = "/tmp/forage-bandit-log-\(UInt64.random(in: 0...UInt64.max)).csv"
    defer { try? Files.remove(path) }
    let rows = (0..<300).map { "\($0 % 10),\($0 % 10 == 3 ? 1 : 0)\n" }
    try Files.writeAtomically("arm,reward\n" + rows.joined(), to: path)
    for agent in ["ucb1(exploration=0,warmStart=\(path))", "epsilon-greedy(epsilon=0,warmStart=\(path))"] {
      let found = try Repetitions(
        "bandit/Bernoulli(rewards=fixed,means=[0,0,0,1,0,0,0,0,0,0],shuffled=false,horizon=50)", agent, count: 4)
      #expect(found.values("regret") == [0, 0, 0, 0], "\(agent)")
    }
    for (text, line) in [
      ("", "'\(path)' is empty. Name a file with rows"),
      ("arm,reward\n", "'\(path)' has no rows. Name a file with rows"),
      ("arm,reward\n1,0\n10,1\n", "row 2 of '\(path)' has the arm \"10\", and there are 10 arms. Use 0 to 9"),
      ("arm\n1\n", "'\(path)' has no column 'reward'. It has arm"),
      ("{\"arm\":1,\"reward\":\"x\"}\n", "row 1 of '\(path)' has the reward \"x\". Use a finite number"),
    ] {
      try Files.writeAtomically(text, to: path)
      #expect(refusal { _ = try Repetitions("bandit/Bernoulli", "ucb1(warmStart=\(path))", count: 1) } == line)
    }
  }

  @Test(
    "settings that cannot be are refused in one line",
    arguments: [
      (
        "bandit/Gaussian", "exp3",
        "Exp3 needs rewards with a lowest and a highest, and these have none. Use another agent, or Bernoulli arms"
      ),
      (
        "bandit/Bernoulli", "epsilon-greedy(epsilon=2)",
        "agent.epsilon cannot be 2. Use a number from 0 to 1 (--set agent.epsilon=)"
      ),
      (
        "bandit/Bernoulli", "thompson(alpha=0)",
        "agent.alpha cannot be 0. Use a number from 1 to 1000000000 (--set agent.alpha=)"
      ),
    ])
  func refusals(_ environment: String, _ agent: String, _ line: String) {
    #expect(refusal { _ = try Repetitions(environment, agent, count: 1) } == line)
  }
}
