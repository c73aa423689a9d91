import Catalog
import Groundwork
import RealModule
import ReinforcementLearning
import Testing

@testable import BanditEnvironments
@testable import Bandits

/// Contexts, change, delay, structure and people: environments and algorithms against their formulas.
@Suite("Structured bandits") struct StructureTests {
  /// A memory for a rule, filled as an episode begins.
  func withMemory<R: BanditRule>(_ rule: R, _ body: (BanditMemory) -> Void) {
    let memory = BanditMemory.allocate(capacity: rule.width)
    memory.initialize(repeating: 0, count: rule.width)
    defer { memory.deallocate() }
    rule.start(memory)
    body(memory)
  }

  /// Solves a system by elimination.
  func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
    var rows = zip(matrix, right).map { $0 + [$1] }
    let n = right.count
    for pivot in 0..<n {
      for other in 0..<n where other != pivot {
        let factor = rows[other][pivot] / rows[pivot][pivot]
        for column in pivot...n { rows[other][column] -= factor * rows[pivot][column] }
      }
    }
    return (0..<n).map { rows[$0][n] / rows[$0][$0] }
  }

  func problem(_ environment: String) throws -> BanditProblem {
    BanditProblem(try Catalog.recipe(environment).specification)
  }

  @Test("LinUCB's regression is the ridge solution of all pulls, and its width x^T V^-1 x")
  func ridge() throws {
    let rule = try LinearUCB(LinearUCB.Parameters(), for: try problem("bandit/Linear(arms=3,dimension=4)"))
    var random = RandomSource(seed: 3)
    withMemory(rule) { memory in
      var matrix = (0..<4).map { row in (0..<4).map { row == $0 ? 1.0 : 0 } }
      var right = [0.0, 0, 0, 0]
      for _ in 0..<30 {
        let features = (0..<12).map { _ in Float(random.normal()) }
        features.withUnsafeBufferPointer { features in
          var propensity = 0.0
          let moment = BanditMoment(pulls: 0, mask: nil, features: features.baseAddress!)
          let arm = rule.choose(memory, moment, propensity: &propensity, random: &random)
          let indices = (0..<3).map { arm -> Double in
            let x = (0..<4).map { Double(features[arm * 4 + $0]) }
            let (estimate, inverse) = (solve(matrix, right), solve(matrix, x))
            let mean = zip(x, estimate).reduce(0) { $0 + $1.0 * $1.1 }
            return mean + zip(x, inverse).reduce(0) { $0 + $1.0 * $1.1 }.squareRoot()
          }
          #expect(abs(indices[arm] - indices.max()!) < 1e-9)
          let reward = random.normal()
          rule.learn(memory, arm: arm, reward: reward, random: &random)
          let x = (0..<4).map { Double(features[arm * 4 + $0]) }
          for row in 0..<4 {
            for column in 0..<4 { matrix[row][column] += x[row] * x[column] }
            right[row] += reward * x[row]
          }
        }
      }
    }
  }

  @Test("with orthogonal features Exp2's charges are Exp3's weighted losses, and they are shared where features are")
  func exp2() throws {
    func rule(_ arms: Int, _ d: Int) throws -> Exp2 {
      try Exp2(
        Exp2.Parameters(),
        for: BanditProblem(
          Specification(
            fields: [Field("features", shape: [arms, d], element: .float32)],
            actions: .discrete((0..<arms).map { "arm\($0)" }), timeLimit: 10, rewards: 0...1)))
    }
    var random = RandomSource(seed: 2)
    let unit: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    let alone = try rule(3, 3)
    withMemory(alone) { memory in
      unit.withUnsafeBufferPointer { features in
        var losses = [0.0, 0, 0]
        for pull in 0..<20 {
          var propensity = 0.0
          let moment = BanditMoment(pulls: pull, mask: nil, features: features.baseAddress!)
          let arm = alone.choose(memory, moment, propensity: &propensity, random: &random)
          alone.learn(memory, arm: arm, reward: 0.3, random: &random)
          losses[arm] += 0.7 / propensity
          for other in 0..<3 { #expect(abs(memory[other] - losses[other]) < 1e-5 * (1 + losses[other])) }
        }
      }
    }
    // Two arms with one vector: what one of them loses is charged to both.
    let twins: [Float] = [1, 0, 1, 0, 0, 1]
    let shared = try rule(3, 2)
    withMemory(shared) { memory in
      twins.withUnsafeBufferPointer { features in
        for pull in 0..<20 {
          var propensity = 0.0
          let moment = BanditMoment(pulls: pull, mask: nil, features: features.baseAddress!)
          let arm = shared.choose(memory, moment, propensity: &propensity, random: &random)
          shared.learn(memory, arm: arm, reward: 0.5, random: &random)
          #expect(memory[0] == memory[1])
        }
      }
    }
  }

  @Test("logistic Thompson sampling's step is the minimum of the regularised loss of the pull")
  func logistic() throws {
    let rule = try LogisticThompson(
      LogisticThompson.Parameters(), for: try problem("bandit/Logistic(arms=2,dimension=3)"))
    var random = RandomSource(seed: 4)
    withMemory(rule) { memory in
      for _ in 0..<40 {
        let features = (0..<6).map { _ in Float(random.normal()) }
        features.withUnsafeBufferPointer { features in
          var propensity = 0.0
          let moment = BanditMoment(pulls: 0, mask: nil, features: features.baseAddress!)
          let arm = rule.choose(memory, moment, propensity: &propensity, random: &random)
          let (before, precision) = ((0..<3).map { memory[$0] }, (0..<3).map { memory[3 + $0] })
          let reward = random.uniform() < 0.5 ? 1.0 : 0
          rule.learn(memory, arm: arm, reward: reward, random: &random)
          let x = (0..<3).map { Double(features[arm * 3 + $0]) }
          let product = (0..<3).reduce(0.0) { $0 + memory[$1] * x[$1] }
          let p = 1 / (1 + Double.exp(-product))
          for place in 0..<3 {
            // The gradient of precision / 2 (w - m)² - log-likelihood.
            let gradient = precision[place] * (memory[place] - before[place]) - (reward - p) * x[place]
            #expect(abs(gradient) < 1e-7)
            #expect(abs(memory[3 + place] - precision[place] - x[place] * x[place] * p * (1 - p)) < 1e-9)
          }
        }
      }
    }
  }

  @Test(
    "algorithms with a context lose far less than chance where there is one, and are refused where there is none",
    arguments: [
      ("bandit/Linear", "lin-ucb"), ("bandit/Linear", "lin-thompson"), ("bandit/Contextual", "lin-ucb"),
      ("bandit/Contextual", "lin-thompson"), ("bandit/Logistic(horizon=3000)", "logistic-thompson"),
      ("bandit/MovieLens(horizon=1000)", "lin-ucb"),
    ])
  func contexts(_ environment: String, _ agent: String) throws {
    let chance = try Repetitions(environment, "random", count: 32).mean("regret")
    let found = try Repetitions(environment, agent, count: 32).mean("regret")
    #expect(found < 0.55 * chance, "\(found) of \(chance)")
    #expect(refusal { _ = try Repetitions("bandit/Bernoulli", agent, count: 1) }.contains("the field 'features'"))
  }

  @Test("what a system pays is not cut, however far it swings: return and regret make up the optimum")
  func uncut() throws {
    for system in [
      // A double pole at 0.9; a nilpotent part that rises by a thousand first.
      "transition=[1.8,-0.81,1,0],input=[1,0.5,0,0],output=[1,0],direct=[0,0],deviation=0",
      "transition=[0.5,1000,0,0.5],input=[0,0,1,0.5],output=[1,0],direct=[0,0],deviation=0",
    ] {
      let recipe = try Catalog.recipe("bandit/Dynamical(system=custom,horizon=300,\(system))")
      let batch = recipe.makeBatch(slots: 1, seed: 1)
      let rollout = batch.makeRollout(steps: 300)
      batch.reset(rollout)
      for time in 0..<300 {
        rollout.actions.discrete[time] = 0
        batch.step(rollout, at: time)
      }
      let paid = (250..<299).map { Double(rollout.rewards[$0]) }
      // What the best arm pays when it is held: omega (I - A)^-1 B u.
      let steady = system.hasPrefix("transition=[1.8") ? 100.0 : 4000
      #expect(paid.allSatisfy { abs($0 - steady) < 0.01 * steady }, "\(system): \(paid.last ?? 0)")
    }
  }

  @Test("means that leap far beyond 0 and 1 come back at once")
  func leaps() throws {
    let start = Clock.seconds
    let leaping = try Repetitions("bandit/Bernoulli(walk=1e6,horizon=1000)", "random", count: 8)
    #expect(Clock.seconds - start < 30)
    // A mean that has leapt is anywhere: half on average, and so is what is paid.
    #expect(abs(leaping.mean("return") / 1000 - 0.5) < 0.05)
  }

  @Test("algorithms for duels and for arms that tire are refused elsewhere, whatever the number of actions")
  func otherProblems() throws {
    let pairs = "these 9 actions are no pairs of arms. Use bandit/Dueling"
    #expect(refusal { _ = try Repetitions("bandit/Bernoulli(arms=9)", "rucb", count: 1) } == pairs)
    let resting = "this algorithm needs arms that tire and recover, and a number of pulls. Use bandit/LastSwitch"
    for environment in ["bandit/Bernoulli", "bandit/Dueling(arms=3)", "bandit/Linear"] {
      #expect(refusal { _ = try Repetitions(environment, "last-switch", count: 1) } == resting)
    }
    _ = try Repetitions("bandit/Dueling(arms=3,horizon=20)", "rucb", count: 1)
    _ = try Repetitions("bandit/LastSwitch(horizon=500)", "last-switch", count: 1)
  }

  @Test("the adversary's means are those that are paid, phase by phase")
  func phases() throws {
    let recipe = try Catalog.recipe("bandit/Adversarial(arms=2,gap=0.2,horizon=400)")
    let batch = recipe.makeBatch(slots: 1, seed: 3)
    let rollout = batch.makeRollout(steps: 400, signals: ["means"])
    let place = rollout.layout.place("means")!
    batch.reset(rollout)
    var (seen, expected, paid) = (Set<Int>(), 0.0, 0.0)
    for time in 0..<400 {
      let row = rollout.observation(time: time, slot: 0)
      let mean = Rollout.read(row, place, at: 0)
      seen.insert(Int((mean * 10).rounded()))
      rollout.actions.discrete[time] = 0
      batch.step(rollout, at: time)
      expected += mean
      paid += Double(rollout.rewards[time])
    }
    #expect(seen == [10, 2] || seen == [8, 0], "\(seen)")
    #expect(abs(expected - paid) < 3 * (400 * 0.16).squareRoot() + 1)
  }

  @Test("with much slack the fair benchmark treats groups apart as far as no auditor reports it")
  func slack() throws {
    func benchmark(_ slack: Double) throws -> Double {
      var configuration = FairnessBandit.Configuration()
      configuration.slack = slack
      return try FairnessBandit.plan(configuration).fairMistakes
    }
    let (none, some, all) = (try benchmark(0), try benchmark(0.5), try benchmark(1))
    // Found by a program of its own over all pairs of the class's thresholds.
    let isAlike = abs(none - 0.2180) < 5e-4 && abs(some - 0.1797) < 5e-4 && abs(all - 0.1284) < 5e-4
    #expect(isAlike, "\(none) \(some) \(all)")
    #expect(try benchmark(0.05) == none)
  }

  @Test("with nothing to be informed of, the bootstrap draws from the rewards' posterior")
  func uninformed() throws {
    for environment in [
      "bandit/Demonstrated(deliberation=0,arms=30,demonstrations=0,horizon=200)",
      "bandit/Demonstrated(deliberation=0,arms=10,demonstrations=10,horizon=200)",
    ] {
      func regret(_ method: String) throws -> (mean: Double, error: Double) {
        let found = try Repetitions(
          environment, "informed-thompson(deliberation=0,method=\(method))", count: 600, seed: 5001)
        return (found.mean("regret"), found.standardError("regret"))
      }
      let (plain, bootstrap) = (try regret("ignore"), try regret("bootstrap"))
      let error = (plain.error * plain.error + bootstrap.error * bootstrap.error).squareRoot()
      #expect(abs(plain.mean - bootstrap.mean) < 3.5 * error, "\(environment): \(plain) \(bootstrap)")
    }
  }

  @Test("an arm's pulls are counted beyond 2^24")
  func manyPulls() throws {
    var table = IndexTable(arms: 1, slots: 1)
    table.counts[0] = 1 << 24
    table.counts[0] += 1
    #expect(Int(table.counts[0]) == 1 << 24 + 1)
  }

  @Test("memory that grows with a setting is bounded before it is taken")
  func memory() throws {
    for (environment, agent) in [
      ("bandit/Bernoulli(horizon=20)", "sliding-ucb(window=1000000)"),
      ("bandit/Contextual(arms=1024,dimension=64,horizon=20)", "lin-ucb"),
    ] {
      let line = refusal { _ = try Repetitions(environment, agent, count: 64) }
      #expect(line.contains("the memory of 64 slots of ") && line.contains("bytes; the most are 536870912"), "\(line)")
    }
  }

  @Test("DynLin-UCB is refused where there is no hidden state to wait for")
  func noHiddenState() throws {
    for environment in ["bandit/Linear(context=fresh)", "bandit/Contextual", "bandit/Bernoulli"] {
      #expect(
        refusal { _ = try Repetitions(environment, "dynlin-ucb", count: 1) }
          == "DynLin-UCB holds an arm while a hidden state settles, and this environment has none. Use "
            + "bandit/Dynamical, or --agent lin-ucb")
    }
  }

  @Test("means change as often as was asked, and gaps that single precision loses are refused")
  func changes() throws {
    let recipe = try Catalog.recipe("bandit/ChangePoints(changes=100,horizon=101)")
    let batch = recipe.makeBatch(slots: 1, seed: 1)
    let rollout = batch.makeRollout(steps: 101, signals: ["bestArm"])
    let place = rollout.layout.place("bestArm")!
    batch.reset(rollout)
    var best: [Double] = []
    for time in 0..<101 {
      best.append(Rollout.read(rollout.observation(time: time, slot: 0), place, at: 0))
      rollout.actions.discrete[time] = 0
      batch.step(rollout, at: time)
    }
    #expect(zip(best, best.dropFirst()).allSatisfy { $0 != $1 })
    #expect(
      refusal { _ = try Catalog.recipe("bandit/Gaussian(arms=2,means=[100000,100000.004])") }
        .hasPrefix("single precision does not tell the mean 100000.004 from one that is 0.00"))
    _ = try Catalog.recipe("bandit/Gaussian(arms=2,means=[100,100.004])")
  }

  @Test("the task in words keeps its question, however many arms there are")
  func words() throws {
    for scenario in BanditScenario.allCases {
      for arms in [3, 300, 1024] {
        let text = scenario.text(scenario.names(arms), detailed: true)
        #expect(text.utf8.count <= 2048 && text.hasSuffix("and nothing else."), "\(scenario), \(arms)")
      }
    }
  }

  @Test("a window that does not hold the arms is refused")
  func narrowWindow() throws {
    #expect(
      refusal { _ = try Repetitions("bandit/Bernoulli", "sliding-ucb(window=9)", count: 1) }
        == "a window of 9 pulls does not hold one of each of 10 arms. Use more (--set agent.window=10)")
    _ = try Repetitions("bandit/Bernoulli(horizon=20)", "sliding-ucb(window=10)", count: 1)
  }

  @Test("a file of ratings is factorised: its products are near the ratings; what it lacks is named")
  func ratings() throws {
    let path = "/tmp/forage-ratings-\(UInt64.random(in: 0...UInt64.max)).csv"
    defer { try? Files.remove(path) }
    var random = RandomSource(seed: 1)
    let (users, items) = ((0..<30).map { _ in random.normal() }, (0..<6).map { _ in random.normal() })
    var text = "user,item,rating\n"
    for user in 0..<30 { for item in 0..<6 { text += "u\(user),i\(item),\(3 + users[user] * items[item])\n" } }
    try Files.writeAtomically(text, to: path)
    let factors = try RatingTable(reading: path).factorised(items: 6, dimension: 2)
    #expect(Set(factors.names) == Set((0..<6).map { "i\($0)" }))
    let mean = (0..<30).reduce(0.0) { sum, user in sum + items.reduce(0) { $0 + users[user] * $1 } } / 180
    for user in 0..<30 {
      for (place, name) in factors.names.enumerated() {
        let product = (0..<2).reduce(0.0) {
          $0 + Double(factors.users[user * 2 + $1]) * Double(factors.items[place * 2 + $1])
        }
        #expect(abs(product - (users[user] * items[Int(name.dropFirst())!] - mean)) < 0.35)
      }
    }
    let found = try Repetitions("bandit/MovieLens(ratings=\(path),arms=6,dimension=2)", "lin-ucb", count: 16)
    let chance = try Repetitions("bandit/MovieLens(ratings=\(path),arms=6,dimension=2)", "random", count: 16)
    #expect(found.mean("regret") < 0.6 * chance.mean("regret"))
    for (text, line) in [
      ("", "'\(path)' is empty. Name a file with rows"),
      ("user,item\n1,2\n", "'\(path)' lacks a header with user, item and rating. Begin it with user,item,rating or MovieLens's userId,movieId,rating"),
      ("user,item,rating\na,b,x\n", "row 1 of '\(path)' has the rating \"x\". Use a finite number"),
      ("user,item,rating\n,b,1\n", "row 1 of '\(path)' has an empty 'user'. Give every row one"),
      (
        "user,item,rating\na,b\u{1B}[31m,1\n",
        "row 1 of '\(path)' has a control character in 'item'. Use names that can be printed"
      ),
      (
        "user,item,rating\na,b,1e39\n",
        "row 1 of '\(path)' has a number in 'rating' that single precision cannot hold. Use a smaller one"
      ),
      (
        "user,item,rating\na,b,1\n",
        "'\(path)' has ratings of 1 items, which do not fit 6 arms. Use fewer (--set environment.arms=2)"
      ),
    ] {
      try Files.writeAtomically(text, to: path)
      #expect(refusal { _ = try Catalog.recipe("bandit/MovieLens(ratings=\(path),arms=6,dimension=2)") } == line)
    }
  }

  @Test("where means change, algorithms that forget lose less than those that do not")
  func change() throws {
    func regret(_ agent: String) throws -> Double {
      try Repetitions("bandit/ChangePoints", agent, count: 64).mean("regret")
    }
    // Who commits for good loses all that comes after; KL-UCB notices late.
    let committed = try regret("explore-then-commit")
    for agent in ["sliding-ucb", "discounted-ucb", "glr-ucb"] {
      #expect(try regret(agent) < 0.6 * committed, "\(agent)")
    }
    #expect(try regret("glr-ucb") < 0.8 * regret("kl-ucb"))
  }

  @Test("rewards that could be late and are not are learnt from as those of ordinary arms", arguments: [
    "ucb1", "moss", "thompson", "kl-ucb", "bayes-ucb", "exp3", "tsallis-inf", "glr-ucb", "discounted-ucb",
    "sliding-ucb", "successive-elimination", "explore-then-commit", "softmax", "epsilon-greedy",
  ])
  func lateRewards(_ agent: String) throws {
    let plain = try Repetitions("bandit/Bernoulli(gap=0.4,horizon=1500)", agent, count: 128)
    let late = try Repetitions("bandit/Delayed(delay=0,gap=0.4,horizon=1500)", agent, count: 128)
    let error = plain.standardError("regret") + late.standardError("regret")
    let (one, other) = (plain.mean("regret"), late.mean("regret"))
    #expect(abs(one - other) < 4 * error + 1, "\(agent): \(one) and \(other), \(error)")
  }

  @Test("while nothing has come of any arm they take turns", arguments: [
    "ucb1", "kl-ucb", "bayes-ucb", "sliding-ucb", "explore-then-commit", "successive-elimination",
  ])
  func turns(_ agent: String) throws {
    let found = try Repetitions("bandit/Delayed(delay=100,geometric=false,horizon=100)", agent, count: 16)
    // A hundred pulls of ten arms in turn.
    #expect(found.values("switches").allSatisfy { $0 == 99 } && abs(found.mean("best") - 0.1) < 1e-6, "\(agent)")
  }

  @Test("a log of rewards that no arm pays is no warm start")
  func impossibleLogs() throws {
    let path = "/tmp/forage-impossible-\(UInt64.random(in: 0...UInt64.max))"
    defer { try? Files.remove(path) }
    try Files.writeAtomically("arm,reward\n0,1\n1,7\n", to: path)
    for agent in ["ucb1", "thompson", "kl-ucb"] {
      #expect(
        refusal { _ = try Repetitions("bandit/Bernoulli", "\(agent)(warmStart=\(path))", count: 1) }
          == "row 2 of '\(path)' has the reward 7.0, which no arm of this environment pays. "
            + "Use rewards from 0.0 to 1.0")
    }
    #expect(
      refusal { _ = try Repetitions("bandit/Gaussian", "ucb1(warmStart=\(path))", count: 1) } == "nothing is refused")
  }

  @Test("the window holds the last pulls and no others")
  func window() throws {
    var configuration = SlidingWindowUCB.Parameters()
    configuration.window = 7
    let rule = try SlidingWindowUCB(configuration, for: try problem("bandit/Bernoulli(arms=3)"))
    var random = RandomSource(seed: 4)
    withMemory(rule) { memory in
      var log: [(arm: Int, reward: Double)] = []
      for _ in 0..<40 {
        log.append((random.integer(in: 0..<3), random.uniform()))
        rule.learn(memory, arm: log.last!.arm, reward: log.last!.reward, random: &random)
        for arm in 0..<3 {
          let own = log.suffix(7).filter { $0.arm == arm }
          #expect(memory[arm] == Double(own.count))
          #expect(abs(memory[3 + arm] - own.reduce(0) { $0 + $1.reward }) < 1e-9)
        }
      }
    }
  }

  @Test("successive elimination loses the best arm in fewer cases than it says")
  func elimination() throws {
    let found = try Repetitions(
      "bandit/Bernoulli(arms=5,gap=0.4,horizon=4000)", "successive-elimination(confidence=0.1)", count: 200)
    // Who has kept the best arm pulls it more and more: over half of all pulls.
    #expect(found.values("best").count { $0 < 0.5 } <= 20)
    #expect(found.mean("regret") < 500)
  }

  @Test("a late reward comes once, as late as was asked, and the algorithms learn from it")
  func delay() throws {
    for setting in ["delay=7,geometric=false", "delay=5"] {
      let isFixed = setting.hasPrefix("delay=7")
      let recipe = try Catalog.recipe("bandit/Delayed(arms=3,\(setting))")
      let batch = recipe.makeBatch(slots: 1, seed: 5)
      let rollout = batch.makeRollout(steps: 400, signals: ["waiting"])
      batch.reset(rollout)
      var pulled = [0, 0, 0]
      var came = [0, 0, 0]
      var total: Float = 0
      for time in 0..<400 {
        rollout.actions.discrete[time] = Int32(time % 3)
        pulled[time % 3] += 1
        batch.step(rollout, at: time)
        let row = rollout.nextObservation(time: time, slot: 0)
        let (arms, rewards) = (rollout.layout.place("arrivedArm")!, rollout.layout.place("arrivedReward")!)
        for place in 0..<8 {
          let arm = Int(Rollout.read(row, arms, at: place))
          guard arm < 3 else { continue }
          came[arm] += 1
          total += Float(Rollout.read(row, rewards, at: place))
          if isFixed { #expect(arm == (time - 7) % 3) }
        }
        let waiting = Int(Rollout.read(row, rollout.layout.place("waiting")!))
        #expect(pulled.reduce(0, +) - came.reduce(0, +) == waiting)
        if isFixed { #expect(waiting == min(7, time + 1)) }
      }
      #expect(total == (0..<400).reduce(0) { $0 + rollout.rewards[$1] })
    }
    for agent in ["ucb1", "thompson", "kl-ucb"] {
      let found = try Repetitions("bandit/Delayed(gap=0.4)", agent, count: 32).mean("regret")
      #expect(found < 0.6 * 5000 * 0.36, "\(agent): \(found)")
    }
  }

  @Test("arms come and go, only those that are there are pulled, and what was known of a place is forgotten")
  func mortal() throws {
    for agent in ["ucb1", "thompson", "kl-ucb", "epsilon-greedy", "random"] {
      let found = try Repetitions("bandit/Mortal(lifetime=300)", agent, count: 16)
      if agent != "random" {
        let chance = try Repetitions("bandit/Mortal(lifetime=300)", "random", count: 16).mean("regret")
        #expect(found.mean("regret") < 0.75 * chance, "\(agent): \(found.mean("regret")) of \(chance)")
      }
    }
    let recipe = try Catalog.recipe("bandit/Mortal(arms=3,lifetime=20)")
    let batch = recipe.makeBatch(slots: 4, seed: 1)
    let rollout = batch.makeRollout(steps: 300, signals: ["means"])
    var policy = try UpperConfidence(
      UpperConfidence.Configuration(.init(.none)), in: AgentSetting(recipe, seed: 1), slots: 4, choice: .sample)
    var random = RandomSource(seed: 1)
    batch.reset(rollout)
    var isKnown = [[Bool]](repeating: [false, false, false], count: 4)
    for time in 0..<300 {
      policy.act(on: rollout, at: time, in: batch.view, random: &random)
      for slot in 0..<4 {
        let mask = rollout.mask(time: time, slot: slot)!
        #expect(mask.count { $0 } >= 2)
        for arm in 0..<3 where !mask[arm] { isKnown[slot][arm] = false }
        let arm = Int(rollout.actions.discrete[time * 4 + slot])
        #expect(mask[arm])
        // An arm that is new is tried before any other.
        let untried = (0..<3).filter { mask[$0] && !isKnown[slot][$0] }
        #expect(untried.isEmpty || untried.contains(arm))
        isKnown[slot][arm] = true
      }
      batch.step(rollout, at: time)
    }
  }

  @Test("the dynamical system pays <h, u> when an arm is held, h is the paper's, and unstable ones are refused")
  func dynamical() throws {
    let plan = try DynamicalBandit.plan(DynamicalBandit.Configuration())
    for (found, expected) in zip(plan.steady, [0.5625, 0.5, 0.1 + 0.1 * 0.1 / 0.9]) {
      #expect(abs(found - expected) < 1e-12)
    }
    #expect(abs(plan.optimum - 0.8125) < 1e-12 && plan.arms[plan.best] == [1, 0.5, 0])
    #expect(abs(plan.radius - 0.2) < 1e-6)
    let other = try DynamicalBandit.plan(DynamicalBandit.Configuration { $0.system = .advertising })
    for (found, expected) in zip(other.steady, [0.25, -0.04, 0.11]) { #expect(abs(found - expected) < 1e-12) }
    #expect(abs(other.radius - 0.667) < 1e-6)
    let recipe = try Catalog.recipe("bandit/Dynamical(deviation=0)")
    let batch = recipe.makeBatch(slots: 6, seed: 1)
    let rollout = batch.makeRollout(steps: 60)
    batch.reset(rollout)
    for time in 0..<60 {
      for slot in 0..<6 { rollout.actions.discrete[time * 6 + slot] = Int32(slot) }
      batch.step(rollout, at: time)
    }
    for slot in 0..<6 {
      let value = zip(plan.arms[slot], plan.steady).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(Double(rollout.rewards[59 * 6 + slot]) - value) < 1e-6)
    }
    // What pays most at once is another arm.
    #expect((0..<6).max { rollout.rewards[$0] < rollout.rewards[$1] }! != plan.best)
    #expect(
      refusal {
        _ = try Catalog.recipe(
          "bandit/Dynamical(system=custom,transition=[1.1],input=[1],output=[1],direct=[1])")
      } == "the system matrix has spectral radius 1.1, so its state grows without end. Use a matrix whose eigenvalues "
        + "lie inside the unit circle (--set environment.transition=)")
    #expect(
      refusal {
        _ = try Catalog.recipe("bandit/Dynamical(system=custom,transition=[0.1,0],input=[1],output=[1],direct=[1])")
      }.hasPrefix("a system of 1 states and 1 inputs has A of 2 and B of 1 numbers"))
    #expect(
      refusal {
        _ = try Catalog.recipe(
          "bandit/Dynamical(system=custom,transition=[0.999999999999],input=[1],output=[1],direct=[1])")
      }.hasSuffix(
        "and a billion is the most. Use smaller matrices, or a radius further below 1 "
          + "(--set environment.transition=)"))
    // Rotations have complex eigenvalues.
    #expect(abs(DynamicalBandit.Plan.spectralRadius([0, -0.5, 0.5, 0], 2) - 0.5) < 1e-6)
  }

  @Test("the exact optimum of last-switch arms is that of policy by policy search, and plans earn what they say")
  func lastSwitch() throws {
    var random = RandomSource(seed: 8)
    for _ in 0..<12 {
      let tables = LastSwitchTables.random(arms: 2, depth: 2, random: &random)
      #expect(tables.isMonotone)
      let optimum = try #require(LastSwitchOptimum.value(of: tables))
      // Every schedule of eight rounds, repeated: the optimal cycles of so small a problem are no longer.
      var best = 0.0
      for number in 0..<6561 {
        var (rest, schedule) = (number, [Int]())
        for _ in 0..<8 {
          schedule.append(rest % 3)
          rest /= 3
        }
        for length in 1...8 where length == 8 || number < Int(Double.pow(3, Double(length))) {
          let planner = LastSwitchPlanner(rest: tables.rest, run: tables.run)
          best = max(best, planner.average(of: Array(schedule.prefix(length))))
        }
      }
      #expect(best <= optimum + 1e-9 && best > optimum - 0.02 * optimum, "\(best) of \(optimum)")
      let planner = LastSwitchPlanner(rest: tables.rest, run: tables.run)
      let value = planner.average(of: planner.schedule(random: &random))
      #expect(value <= optimum + 1e-9 && optimum <= planner.upperBound + 1e-6 && value > 0.25 * optimum)
    }
    // The spike: rest four rounds, then pull it; greedy choice never lets it rest.
    var configuration = LastSwitchBandit.Configuration()
    configuration.instance = .spike
    configuration.arms = 2
    let plan = try LastSwitchBandit.plan(configuration)
    let planner = LastSwitchPlanner(rest: plan.tables.rest, run: plan.tables.run)
    #expect(abs(planner.greedyAverage - 0.16) < 1e-9)
    #expect(try #require(plan.optimum) > 0.29)
    #expect(planner.average(of: planner.schedule(random: &random)) > 0.95 * plan.optimum!)
  }

  @Test("observations are counted, and the dartboard has the law of its weights with few switches")
  func dartboard() throws {
    func found(_ agent: String) throws -> Repetitions {
      try Repetitions("bandit/SwitchingCosts(horizon=4096,gap=0.2)", agent, count: 48)
    }
    let full = try found("shrinking-dartboard(budget=4096,feedback=full)")
    #expect(full.values("observations").allSatisfy { abs($0 - 4096) <= 2 })
    let bandit = try found("shrinking-dartboard(budget=4096,feedback=bandit)")
    #expect(bandit.values("observations").allSatisfy { abs($0 - 256) <= 2 })
    // About sqrt(N ln K) switches of N = 2048 batches, far fewer than half of them.
    #expect(full.mean("switches") < 120 && full.mean("best") > 0.8)
    #expect(full.mean("regret") < bandit.mean("regret"))
  }

  @Test("RUCB finds the arm that beats all, and with a circle the arms of the circle")
  func dueling() throws {
    for environment in ["bandit/Dueling", "bandit/DuelingCyclic"] {
      let found = try Repetitions(environment, "rucb", count: 16)
      let chance = try Repetitions(environment, "random", count: 16)
      #expect(found.mean("regret") < 0.4 * chance.mean("regret"), "\(environment) \(found.mean("regret"))")
    }
    #expect(
      refusal { _ = try Repetitions("bandit/Bernoulli(arms=5)", "rucb", count: 1) }
        == "these 5 actions are no pairs of arms. Use bandit/Dueling")
  }

  @Test(
    "informed Thompson sampling's draws have the posterior that a grid has, by slices and about so by bootstrap",
    arguments: [0, 1.5])
  func informed(knowledge: Double) throws {
    let recipe = try Catalog.recipe("bandit/Demonstrated(arms=2,demonstrations=6,deliberation=2,horizon=4000)")
    let batch = recipe.makeBatch(slots: 1, seed: 12)
    let rollout = batch.makeRollout(steps: 1)
    batch.reset(rollout)
    let row = rollout.observation(time: 0, slot: 0)
    let place = rollout.layout.place("demonstrations")!
    let shown = (0..<2).map { Rollout.read(row, place, at: $0) }
    // The probability that arm 0 is drawn as the best, by quadrature over the difference of the means, N(0, 2), and
    // what the expert's belief of it is off by, N(0, 2 / lambda²).
    var (mass, favour) = (0.0, 0.0)
    for cell in -200...200 {
      let difference = Double(cell) * 0.04
      var likelihood = 0.0
      for error in knowledge > 0 ? -100...100 : 0...0 {
        let off = Double(error) * 0.05
        let p = 1 / (1 + Double.exp(-2 * (difference + off)))
        likelihood +=
          Double.exp(-off * off * knowledge * knowledge / 4) * Double.pow(p, shown[0]) * Double.pow(1 - p, shown[1])
      }
      let density = Double.exp(-difference * difference / 4) * likelihood
      mass += density
      favour += difference > 0 ? density : difference == 0 ? density / 2 : 0
    }
    for method in [InformedThompson.Method.exact, .bootstrap] {
      var configuration = InformedThompson.Configuration()
      configuration.method = method
      configuration.deliberation = 2
      configuration.knowledge = knowledge
      configuration.moves = 10
      var random = RandomSource(seed: 3)
      var count = 0
      for _ in 0..<6_000 {
        var policy = try InformedThompson(
          configuration, in: AgentSetting(recipe, seed: 1), slots: 1, choice: .sample)
        policy.act(on: rollout, at: 0, in: batch.view, random: &random)
        count += rollout.actions.discrete[0] == 0 ? 1 : 0
      }
      let share = Double(count) / 6_000
      let expected = favour / mass
      #expect(abs(share - expected) < (method == .exact ? 0.025 : 0.12), "\(method): \(share), \(expected)")
    }
  }

  @Test("with many arms and an expert who is unsure, the bootstrap still loses less than without demonstrations")
  func bootstrap() throws {
    let environment = "bandit/Demonstrated(arms=40,demonstrations=40,deliberation=3,knowledge=2,horizon=200)"
    func regret(_ agent: String) throws -> (mean: Double, error: Double) {
      let found = try Repetitions(environment, agent, count: 64)
      return (found.mean("regret"), found.standardError("regret"))
    }
    let automatic = try regret("informed-thompson(deliberation=3,knowledge=2)")
    let plain = try regret("informed-thompson(method=ignore)")
    #expect(automatic.mean + 3 * automatic.error < plain.mean - 3 * plain.error, "\(automatic), \(plain)")
    // Forty arms are beyond those that are exact: the same draws.
    let bootstrap = try regret("informed-thompson(deliberation=3,knowledge=2,method=bootstrap)")
    #expect(automatic == bootstrap)
  }

  @Test("the direction of a ranking is wins less losses over the ordered pairs")
  func ranking() {
    let offsets: [[Double]] = [[1, 0], [0, 1], [-1, 0], [0, -1]]
    // 2 before 0 before 1 and 3, all pairs but 1 against 3: five.
    let two = RankedDescent.direction(offsets, order: [2, 0])
    // Weights: 2 wins 3, 0 wins 2 and loses 1, 1 and 3 lose 2 each.
    #expect(abs(two[0] - (1 * 1 - 3) / 5) < 1e-12 && abs(two[1] - 0) < 1e-12)
    let all = RankedDescent.direction(offsets, order: [2, 0, 1, 3])
    #expect(abs(all[0] - (1.0 - 3) / 6) < 1e-12 && abs(all[1] - (-1.0 + 3) / 6) < 1e-12)
    // Only the best is named: it wins 3, the others lose 1 each.
    let one = RankedDescent.direction(offsets, order: [1])
    #expect(abs(one[1] - (3.0 + 1) / 3) < 1e-12 && abs(one[0]) < 1e-12)
    var random = RandomSource(seed: 1)
    var search = RankedDescent(RankedDescent.Settings(), at: [3, -2, 1])
    for _ in 0..<200 {
      search.step(random: &random) { points, count in
        let values = points.map { $0.reduce(0) { $0 + $1 * $1 } }
        return Array(points.indices.sorted { values[$0] < values[$1] }.prefix(count))
      }
    }
    #expect(search.point.reduce(0) { $0 + $1 * $1 } < 1e-2)
  }

  @Test("an auditor reports the pair that is treated too differently, and a fair learner stops being reported")
  func fairness() throws {
    let recipe = try Catalog.recipe("bandit/Fairness(arrivals=2)")
    let batch = recipe.makeBatch(slots: 1, seed: 2)
    let rollout = batch.makeRollout(steps: 200, signals: ["violation"])
    batch.reset(rollout)
    for time in 0..<200 {
      let now = rollout.observation(time: time, slot: 0)
      let applicants = rollout.layout.place("applicants")!
      let scores = [0, 2].map { Rollout.read(now, applicants, at: $0) }
      let difference = time % 2 == 0 ? 0.9 : 0.02
      rollout.actions.continuous[2 * time] = Float(difference)
      rollout.actions.continuous[2 * time + 1] = 0
      batch.step(rollout, at: time)
      let next = rollout.nextObservation(time: time, slot: 0)
      let isReported = difference > 4 * abs(scores[0] - scores[1]) + 0.05
      #expect(Rollout.read(next, rollout.layout.place("violation")!) == (isReported ? 1 : 0))
      let reported = rollout.layout.place("reported")!
      #expect((0..<2).map { Rollout.read(next, reported, at: $0) } == (isReported ? [0, 1] : [-1, -1]))
    }
    let fair = try Repetitions("bandit/Fairness(horizon=4000)", "fair", count: 4)
    let accurate = try Repetitions("bandit/Fairness(horizon=4000)", "fair(weight=0)", count: 4)
    #expect(fair.mean("violations") < 0.6 * accurate.mean("violations"))
    let leader = try Repetitions("bandit/Fairness(horizon=4000)", "fair(method=ftpl)", count: 4)
    #expect(leader.mean("violations") < 0.8 * accurate.mean("violations"))
  }

  @Test("a separator set of Laplace losses costs each threshold what its acceptances do, and one too small is refused")
  func separator() throws {
    let policies = FairPolicies(slope: 4)
    let separator = try FairSeparator(of: policies, scores: 14)
    var random = RandomSource(seed: 5)
    let n = FairPolicies.thresholds
    var noise = [Double](repeating: 0, count: 2 * n)
    var squares = [Double](repeating: 0, count: 2 * n)
    var product = 0.0
    for _ in 0..<20_000 {
      separator.perturb(&noise, scale: 2, random: &random)
      for place in noise.indices { squares[place] += noise[place] * noise[place] / 20_000 }
      product += noise[3] * noise[n + 3] / 20_000
    }
    // A Laplace number of scale 2 has variance 8; the groups are independent.
    for threshold in [0, 6, 13] {
      let accepts = (0..<14).map { policies.accept(threshold, 0.15 + 0.7 * Double($0) / 13) }
      let variance = accepts.reduce(0) { $0 + 8 * $1 * $1 }
      #expect(abs(squares[threshold] / variance - 1) < 0.1 && abs(squares[n + threshold] / variance - 1) < 0.1)
    }
    #expect(abs(product) < 0.05 * (squares[3] * squares[n + 3]).squareRoot())
    #expect(
      refusal { _ = try FairSeparator(of: policies, scores: 1) }
        == "1 scores a group do not tell all thresholds of slope 4.0 apart. Use more (--set agent.separator=14)")
  }

  @Test("rated at once an assistant learns to claim, rated in hindsight to help")
  func hindsight() throws {
    func utility(_ feedback: String, _ agent: String = "lin-ucb") throws -> Double {
      try Repetitions("bandit/Hindsight(feedback=\(feedback),horizon=2000)", agent, count: 8).mean("utility")
    }
    #expect(try utility("immediate") < 0 && utility("hindsight") > 0.3 && utility("simulated") > 0.2)
  }
}
