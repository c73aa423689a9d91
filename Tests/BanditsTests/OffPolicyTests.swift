import Catalog
import Groundwork
import ReinforcementLearning
import Testing

@testable import Bandits

/// Estimates of a policy from another one's log.
@Suite("Off-policy evaluation") struct OffPolicyTests {
  /// Decisions of a policy with known arms.
  func log(_ policy: [Double], means: [Double], count: Int, random: inout RandomSource) -> OffPolicyLog {
    OffPolicyLog(
      (0..<count).map { _ in
        var rest = random.uniform()
        var arm = 0
        for other in policy.indices {
          arm = other
          rest -= policy[other]
          if rest < 0 { break }
        }
        return OffPolicyLog.Decision(
          arm: arm, reward: random.uniform() < means[arm] ? 1 : 0, propensity: policy[arm])
      }, arms: policy.count)
  }

  @Test("on four decisions the estimates are what is worked out by hand")
  func byHand() {
    let decisions = [(0, 1.0, 0.5), (1, 0.0, 0.5), (0, 0.0, 0.5), (1, 1.0, 0.5)]
    let log = OffPolicyLog(
      decisions.map { OffPolicyLog.Decision(arm: $0.0, reward: $0.1, propensity: $0.2) }, arms: 2)
    let target = OffPolicyTarget([0.75, 0.25])
    let found = log.estimates(of: target, clip: 1)
    // Weights 1.5, 0.5, 1.5, 0.5.
    #expect(abs(found[0].value - (1.5 + 0.5) / 4) < 1e-12)
    #expect(abs(found[1].value - (1.5 + 0.5) / 4) < 1e-12)
    // Halves: even decisions 0 and 2 have arm 0 alone, mean 1/2; odd ones arm 1 alone, mean 1/2. All models say 1/2.
    let robust = [0.5 + 1.5 * 0.5, 0.5 - 0.5 * 0.5, 0.5 - 1.5 * 0.5, 0.5 + 0.5 * 0.5]
    #expect(abs(found[2].value - robust.reduce(0, +) / 4) < 1e-12)
    // Above 1 the model alone.
    let switched = [0.5, 0.5 - 0.5 * 0.5, 0.5, 0.5 + 0.5 * 0.5]
    #expect(abs(found[3].value - switched.reduce(0, +) / 4) < 1e-12)
    let overlap = log.overlap(of: target, clip: 1)
    #expect(abs(overlap.effectiveDecisions - 16 / 5) < 1e-12 && overlap.largestWeight == 1.5)
    #expect(overlap.meanWeight == 1 && overlap.clippedShare == 0.5 && overlap.unseenArms.isEmpty)
  }

  @Test("intervals hold the truth about as often as they say, and the doubly robust one is the narrower")
  func coverage() {
    var random = RandomSource(seed: 4)
    let (policy, target, means) = ([0.6, 0.3, 0.1], [0.1, 0.3, 0.6], [0.8, 0.5, 0.7])
    let truth = zip(target, means).reduce(0) { $0 + $1.0 * $1.1 }
    var hits = [0, 0, 0, 0]
    var widths = [0.0, 0, 0, 0]
    for _ in 0..<400 {
      let found = log(policy, means: means, count: 600, random: &random)
        .estimates(of: OffPolicyTarget(target), clip: 100)
      for place in 0..<4 {
        hits[place] += found[place].low <= truth && truth <= found[place].high ? 1 : 0
        widths[place] += found[place].high - found[place].low
      }
    }
    for place in 0..<4 { #expect((365...396).contains(hits[place]), "\(hits)") }
    #expect(widths[2] < 0.9 * widths[0])
  }

  @Test("a log that a policy wrote tells what an arm is worth, in both formats, and bad rows are named")
  func files() throws {
    let path = "/tmp/forage-decisions-\(UInt64.random(in: 0...UInt64.max))"
    defer { try? Files.remove(path) }
    var random = RandomSource(seed: 6)
    let made = log([0.5, 0.5], means: [0.2, 0.9], count: 3_000, random: &random)
    for text in [made.csv, made.jsonLines] {
      try Files.writeAtomically(text, to: path)
      let read = try OffPolicyLog(reading: path, arms: 2)
      #expect(read.decisions == made.decisions)
      #expect(abs(read.estimates(of: OffPolicyTarget([0, 1]), clip: 10)[2].value - 0.9) < 0.03)
    }
    for (text, line) in [
      ("", "'\(path)' is empty. Name a file with rows"),
      ("arm,reward,propensity\n", "'\(path)' has no rows. Name a file with rows"),
      (
        "arm,reward,propensity\n0,1,0.5\n2,1,0.5\n",
        "row 2 of '\(path)' has the arm \"2\", and there are 2 arms. Use 0 to 1"
      ),
      (
        "arm,reward,propensity\n0,1,0\n1,1,1\n",
        "row 1 of '\(path)' has the propensity 0.0. Log with which probability the arm was chosen: above 0, to 1"
      ),
      ("arm,reward\n0,1\n1,0\n", "'\(path)' has no column 'propensity'. It has arm, reward"),
      ("arm;reward;propensity\n0;1;1\n1;0;1\n", "'\(path)' has no column 'arm'. Part its cells by commas"),
      ("arm,reward,propensity\n0,1,1\n", "'\(path)' has one decision, which tells nothing of chance. Log more"),
      (
        "{\"arm\":0,\"reward\":1,\"propensity\":1.5}\n{\"arm\":0}\n",
        "row 1 of '\(path)' has the propensity 1.5. Log with which probability the arm was chosen: above 0, to 1"
      ),
    ] {
      try Files.writeAtomically(text, to: path)
      #expect(refusal { _ = try OffPolicyLog(reading: path, arms: 2) } == line)
    }
  }

  /// Decisions in a context of two numbers: arms pay 2 x0 and `constant` - x1, and are chosen by the sign of x0.
  private func contextual(_ count: Int, constant: Float = 1, random: inout RandomSource) -> OffPolicyLog {
    var (decisions, contexts) = ([OffPolicyLog.Decision](), [Float]())
    for _ in 0..<count {
      let x = [Float(random.uniform(-1, 1)), Float(random.uniform(-1, 1))]
      let likely = x[0] > 0 ? 1 : 0
      let arm = random.uniform() < 0.8 ? likely : 1 - likely
      decisions.append(
        OffPolicyLog.Decision(
          arm: arm, reward: Double(arm == 0 ? 2 * x[0] : constant - x[1]) + 0.1 * random.normal(),
          propensity: arm == likely ? 0.8 : 0.2))
      contexts += x
    }
    return OffPolicyLog(decisions, arms: 2, features: [2], contexts: contexts)
  }

  @Test("with a context a policy of contexts is estimated, with a model of it far more exactly, and files keep it")
  func contexts() throws {
    var random = RandomSource(seed: 8)
    let log = contextual(4_000, random: &random)
    // Arm 0 where the first number is above 0: E[2 x; x > 0] = 1/2, and 1 of arm 1 elsewhere: 1/2 + 1/2.
    let target = OffPolicyTarget(
      log.decisions.indices.flatMap { log.contexts[2 * $0] > 0 ? [Float(1), 0] : [0, 1] }, arms: 2)
    let found = log.estimates(of: target, clip: 10)
    for estimate in found { #expect(estimate.low - 0.05 < 1 && 1 < estimate.high + 0.05, "\(estimate)") }
    // What is left of the doubly robust one is the noise of the context, not that of the weights.
    #expect(found[2].high - found[2].low < 0.5 * (found[0].high - found[0].low), "\(found)")
    // As good as a constant one is as a row a decision.
    let rows = OffPolicyTarget(Array(repeating: [Float(0.25), 0.75], count: 4_000).flatMap(\.self), arms: 2)
    let constant = log.estimates(of: OffPolicyTarget([0.25, 0.75]), clip: 10)
    for (one, other) in zip(log.estimates(of: rows, clip: 10), constant) {
      #expect(abs(one.value - other.value) < 1e-9)
    }
    let path = "/tmp/forage-contexts-\(UInt64.random(in: 0...UInt64.max))"
    defer { try? Files.remove(path) }
    for text in [log.csv, log.jsonLines] {
      try Files.writeAtomically(text, to: path)
      let read = try OffPolicyLog(reading: path, arms: nil)
      #expect(read.decisions == log.decisions && read.contexts == log.contexts && read.features == [2])
    }
  }

  @Test("a regression of rewards has the line that rewards lie on, for arms with vectors of their own too")
  func regression() {
    for features in [[2], [3, 2]] {
      var model = RewardRegression(arms: 3, features: features)
      var random = RandomSource(seed: 2)
      let width = features.reduce(1, *)
      func context() -> [Float] { (0..<width).map { _ in Float(random.normal()) } }
      func pay(_ context: [Float], _ arm: Int) -> Double {
        let x = features.count == 1 ? context[...] : context[2 * arm..<2 * arm + 2]
        let scale = features.count == 1 ? Double(arm + 1) : 1
        return scale * (0.5 + 2 * Double(x.first!) - Double(x.last!))
      }
      for number in 0..<6_000 {
        let drawn = context()
        model.add(drawn, arm: number % 3, reward: pay(drawn, number % 3))
      }
      model.solve()
      let drawn = context()
      for (arm, value) in model.values(drawn).enumerated() { #expect(abs(value - pay(drawn, arm)) < 0.02) }
    }
    var unseen = RewardRegression(arms: 2, features: [1])
    for _ in 0..<10 { unseen.add([1], arm: 0, reward: 3) }
    unseen.solve()
    #expect(abs(unseen.values([0.5])[1] - 3) < 1e-6)
  }

  @Test("an agent is asked what it would choose at every decision, having learnt from those before")
  func agents() throws {
    var random = RandomSource(seed: 9)
    let log = contextual(1_500, constant: 0, random: &random)
    let path = "/tmp/forage-replay-\(UInt64.random(in: 0...UInt64.max))"
    defer { try? Files.remove(path) }
    try Files.writeAtomically(log.csv, to: path)
    let target = try #require(try LogReplay.target(of: "lin-ucb(exploration=0.1)", in: log, path: path, seed: 1))
    // By the end it knows both lines: arm 0 where 2 x0 > -x1, which pays 0.54 where the log has -0.3.
    var right = 0
    for number in 1_000..<1_500 {
      let (x, y) = (log.contexts[2 * number], log.contexts[2 * number + 1])
      right += (target[number, 0] > 0.5) == (2 * x > -y) ? 1 : 0
    }
    #expect(right > 475, "\(right) of 500")
    let found = log.estimates(of: target, clip: 20)
    let logged = log.decisions.reduce(0) { $0 + $1.reward } / 1_500
    #expect(found[2].low > logged + 0.3, "\(found[2]), \(logged)")
    // One that draws has shares in between, and every row has the sum 1.
    let drawn = try #require(try LogReplay.target(of: "lin-thompson", in: log, path: path, seed: 1))
    #expect((0..<1_500).contains { drawn[$0, 0] > 0.1 && drawn[$0, 0] < 0.9 })
    #expect((0..<1_500).allSatisfy { abs(drawn[$0].reduce(0, +) - 1) < 1e-4 })
    #expect(
      refusal { _ = try LogReplay.target(of: "ppo(steps=0)", in: log, path: path, seed: 1) } != "nothing is refused")
  }

  @Test("a log with a context is what an algorithm with one may begin with")
  func warmStart() throws {
    var random = RandomSource(seed: 10)
    let path = "/tmp/forage-warm-\(UInt64.random(in: 0...UInt64.max))"
    defer { try? Files.remove(path) }
    // A log of other arms than the episode's: whoever believes it chooses by its lines.
    let log = contextual(2_000, constant: 0, random: &random)
    try Files.writeAtomically(log.csv, to: path)
    for agent in ["lin-ucb(exploration=0", "lin-thompson(deviation=0.000001", "logistic-thompson(precision=1"] {
      let isLogistic = agent.hasPrefix("logistic")
      // Arms that pay 1 or 0 take a log of 1 and 0: whether the line is above 0.
      let fitting = OffPolicyLog(
        log.decisions.map {
          OffPolicyLog.Decision(arm: $0.arm, reward: $0.reward > 0 ? 1 : 0, propensity: $0.propensity)
        },
        arms: 2, features: [2], contexts: log.contexts)
      try Files.writeAtomically((isLogistic ? fitting : log).csv, to: path)
      let recipe = try Catalog.recipe("bandit/Contextual(arms=2,dimension=2,logistic=\(isLogistic))")
      let name = try NamedSettings(parsing: agent + ",warmStart=\(path))", example: "")
      let made = try Catalog.agent(name.name).recipe(changes: name.changes()).makeAgent(
        in: recipe, rewards: [RewardComponent("environment")], seed: 1)
      var policy = try made.makePolicy(slots: 32, choice: .sample)
      let batch = recipe.makeBatch(slots: 32, seed: 4)
      let rollout = batch.makeRollout(steps: 1)
      rollout.reserveOutputs(policy.outputs)
      batch.reset(rollout)
      try policy.act(on: rollout, at: 0, in: batch.view, random: &random)
      let place = rollout.layout.place("features")!
      let right = (0..<32).count { slot in
        let row = rollout.observation(time: 0, slot: slot)
        let (x, y) = (Rollout.read(row, place, at: 0), Rollout.read(row, place, at: 1))
        return (rollout.actions.discrete[slot] == 0) == (2 * x > -y)
      }
      #expect(right >= (isLogistic ? 22 : 28), "\(agent) \(right) of 32")
    }
    #expect(
      refusal { _ = try Repetitions("bandit/Contextual", "lin-ucb(warmStart=\(path))", count: 1) }
        == "'\(path)' has a context of shape [2], and the environment's is [5]. Give every row the columns x0 to x4")
  }

  @Test("episodes of a log are not mixed: one is named, or all are taken as one, and the rest is as if alone")
  func episodes() throws {
    let path = "/tmp/forage-episodes-\(UInt64.random(in: 0...UInt64.max))"
    let target = path + "-target"
    defer {
      try? Files.remove(path)
      try? Files.remove(target)
    }
    var random = RandomSource(seed: 12)
    // The arms of the second are the first's the other way round.
    let parts = [
      log([0.5, 0.5], means: [0.1, 0.9], count: 800, random: &random),
      log([0.5, 0.5], means: [0.9, 0.1], count: 600, random: &random),
    ]
    let both = OffPolicyLog(
      parts[0].decisions + parts[1].decisions, arms: 2,
      episodes: Array(repeating: 0, count: 800) + Array(repeating: 1, count: 600))
    let rows = (0..<1400).map { $0 < 800 ? "0,0,1" : "1,1,0" }
    try Files.writeAtomically((["episode,p0,p1"] + rows).joined(separator: "\n"), to: target)
    for text in [both.csv, both.jsonLines] {
      try Files.writeAtomically(text, to: path)
      for number in 0..<2 {
        let read = try OffPolicyLog(reading: path, arms: 2, keeping: .number(number))
        #expect(read == parts[number])
        let policy = try OffPolicyTarget(reading: target, decisions: read.decisions.count, keeping: .number(number))
        #expect(read.estimates(of: policy, clip: 10)[2].value > 0.8)
      }
      #expect(try OffPolicyLog(reading: path, arms: 2, keeping: .all).decisions == both.decisions)
      let several = "'\(path)' has 2 episodes, each a problem with arms of its own. "
      #expect(
        refusal { _ = try OffPolicyLog(reading: path, arms: 2) } == several
          + "Name one (--episode 0), or take all as one where all have the same arms (--episode all)")
      #expect(
        refusal { _ = try OffPolicyLog(reading: path, arms: 2, keeping: .number(2)) }
          == "'\(path)' has no episode 2. It has 2, from 0 to 1")
      #expect(
        refusal { _ = try Repetitions("bandit/Bernoulli(arms=2)", "thompson(warmStart=\(path))", count: 1) }
          == several + "Keep the rows of one")
      // What an agent learns in one episode it does not know in the other.
      let read = try OffPolicyLog(reading: path, arms: 2, keeping: .number(1))
      let asked = try #require(try LogReplay.target(of: "thompson", in: read, path: path, episode: "1", seed: 1))
      #expect((0..<30).contains { asked[$0, 1] > 0.2 } && asked[500, 0] > 0.95)
    }
    try Files.writeAtomically(parts[0].csv, to: path)
    #expect(
      refusal { _ = try OffPolicyLog(reading: path, arms: 2, keeping: .number(0)) }
        == "'\(path)' has no column 'episode'. Leave --episode out, since all rows are of one")
    #expect(
      refusal { _ = try LogTable.Episodes(parsing: "-1") } == "an episode cannot be '-1'. Use a number from 0, or all")
    try Files.writeAtomically("episode,arm,reward,propensity\n0.5,0,1,1\n", to: path)
    #expect(
      refusal { _ = try OffPolicyLog(reading: path, arms: 2) }
        == "row 1 of '\(path)' has the episode \"0.5\", and there are 1000000000 episodes at most. Use 0 to 999999999")
  }

  @Test("lines may end as on any system, cells may stand in quotes, and what nobody reads is named")
  func foreign() throws {
    let path = "/tmp/forage-foreign-\(UInt64.random(in: 0...UInt64.max))"
    defer { try? Files.remove(path) }
    try Files.writeAtomically("arm,reward,propensity\n0,1,0.5\n1,0,0.25\n", to: path)
    let plain = try OffPolicyLog(reading: path, arms: 2)
    for text in [
      "arm,reward,propensity\r0,1,0.5\r1,0,0.25\r",
      "arm,reward,propensity\r\n0,1,0.5\r\n1,0,0.25\r\n", "\u{FEFF}arm,reward,propensity\r\n0,1,0.5\r\n1,0,0.25",
      "\"arm\",\"reward\",\"propensity\"\n\"0\",\"1\",\"0.5\"\n1,0,\"0.25\"\n",
      "{\"arm\":0,\"reward\":1,\"propensity\":0.5}\r\n{\"arm\":1,\"reward\":0,\"propensity\":0.25}\r\n",
    ] {
      try Files.writeAtomically(text, to: path)
      #expect(try OffPolicyLog(reading: path, arms: 2) == plain, "\(text)")
    }
    try Files.writeAtomically("arm,reward,propensity,age,x01\n0,1,0.5,3,2\n1,0,0.25,4,2\n", to: path)
    let more = try OffPolicyLog(reading: path, arms: 2)
    #expect(more.unread == ["age", "x01"] && more.features.isEmpty)
    try Files.writeAtomically("userId,movieId,rating,timestamp\r\n1,7,3,9\r\n2,7,4,9\r\n2,8,5,9\r\n", to: path)
    let films = try Catalog.recipe("bandit/MovieLens(arms=2,dimension=1,ratings=\(path))")
    #expect(films.specification.actions.count == 2)
  }

  @Test("the switch estimator's interval knows that its model was fitted, with a context and without")
  func switchCoverage() {
    var random = RandomSource(seed: 14)
    let (policy, target, means) = ([0.9, 0.05, 0.05], [0.0, 0.2, 0.8], [0.8, 0.3, 0.6])
    let truth = zip(target, means).reduce(0) { $0 + $1.0 * $1.1 }
    var hits = 0
    for _ in 0..<200 {
      // Weights of 4 and 16 are cut: what is left is the model.
      let found = log(policy, means: means, count: 800, random: &random)
        .estimates(of: OffPolicyTarget(target), clip: 3)[3]
      hits += found.low <= truth && truth <= found.high ? 1 : 0
    }
    #expect((178...200).contains(hits), "\(hits) of 200")
    var inside = 0
    for _ in 0..<100 {
      // Arm 1 pays 1 - x1 in a context that is uniform: 1 in the mean.
      let found = contextual(400, random: &random).estimates(of: OffPolicyTarget([0, 1]), clip: 1)[3]
      inside += found.low <= 1 && 1 <= found.high ? 1 : 0
    }
    #expect((85...100).contains(inside), "\(inside) of 100")
  }

  @Test("a log that tells nothing of the policy, or sums to no number, is refused")
  func nothing() throws {
    let log = OffPolicyLog(
      (0..<4).map { OffPolicyLog.Decision(arm: $0 % 2, reward: 1, propensity: 0.5) }, arms: 3)
    #expect(
      refusal { try log.check(OffPolicyTarget([0, 0, 1])) }
        == "the log has no decision of an arm that the policy chooses. Ask about a policy of the arms in the log")
    #expect(refusal { try log.check(OffPolicyTarget([0.5, 0, 0.5])) } == "nothing is refused")
    let huge = OffPolicyLog(
      (0..<4).map { OffPolicyLog.Decision(arm: $0 % 2, reward: 1e200, propensity: 1e-100) }, arms: 2)
    #expect(
      refusal { try huge.check(OffPolicyTarget([0.5, 0.5])) }
        == "rewards over propensities are too large to be summed. Use rewards and propensities nearer to 1")
  }

  @Test("policies that are files, and logs whose contexts do not fit, are refused by their row")
  func refusals() throws {
    let path = "/tmp/forage-refused-\(UInt64.random(in: 0...UInt64.max))"
    defer { try? Files.remove(path) }
    for (text, line) in [
      ("p0,p1\n0.5,0.5\n", "'\(path)' has 1 rows and the log 2 decisions. Write a row a decision"),
      (
        "p0,p1\n0.5,0.5\n0,0\n",
        "row 2 of '\(path)' are no probabilities. Use numbers from 0, one of them above"
      ),
      (
        "p0,p1\n0.5,0.5\n-1,2\n",
        "row 2 of '\(path)' are no probabilities. Use numbers from 0, one of them above"
      ),
      (
        "p1,p2\n1,1\n1,1\n",
        "'\(path)' has no columns 'p0' and 'p1'. Write the policy's probability of every arm, a row a decision"
      ),
    ] {
      try Files.writeAtomically(text, to: path)
      #expect(refusal { _ = try OffPolicyTarget(reading: path, decisions: 2) } == line)
    }
    for (text, line) in [
      ("arm,arm,reward\n0,0,1\n", "'\(path)' has two columns 'arm'. Name every column once"),
      (
        "arm,reward,propensity,x0,x2\n0,1,1,1,1\n1,1,1,1,1\n",
        "'\(path)' has a column 'x2' and no column 'x1'. Number them from x0 on"
      ),
      (
        "arm,reward,propensity,x0,x0_0\n0,1,1,1,1\n1,1,1,1,1\n",
        "'\(path)' has columns of one vector for all arms, such as 'x0', and of one an arm, such as 'x0_0'. "
          + "Leave the one kind out"
      ),
      (
        "arm,reward,propensity,x0_0\n1,1,0.5,3\n0,1,0.5,3\n",
        "'\(path)' has no column 'x1_0', and there are 2 arms of 1 numbers. Give every arm a vector in every row, or "
          + "one vector x0, x1, ... for all arms"
      ),
      (
        "arm,reward,propensity,x0\n1,1,0.5,1e60\n1,1,0.5,1\n",
        "row 1 of '\(path)' has a number in 'x0' that single precision cannot hold. Use a smaller one"
      ),
      (
        "arm,reward,propensity,x0\n1,1,0.5,nan\n1,1,0.5,1\n",
        "row 1 of '\(path)' has the x0 \"nan\". Use a finite number"
      ),
    ] {
      try Files.writeAtomically(text, to: path)
      #expect(refusal { _ = try OffPolicyLog(reading: path, arms: nil) } == line)
    }
  }
}
