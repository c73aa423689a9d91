import Catalog
import Groundwork
import RealModule
import ReinforcementLearning
import Testing

@testable import Experiments

/// Comparisons of repetitions: their figures, their directory.
@Suite("Repetitions") struct RepetitionTests {
  func description(_ repetitions: Int = 100, seed: UInt64 = 1) throws -> RepetitionDescription {
    let recipe = try Catalog.recipe("bandit/Bernoulli(horizon=500)")
    return RepetitionDescription(
      command: "forage compare",
      environments: [.init(name: recipe.id, id: recipe.id, configuration: recipe.configuration)],
      agents: try ["thompson", "random"].map {
        let agent = try Catalog.agent($0).recipe()
        return .init(name: $0, id: $0, configuration: agent.configuration)
      }, repetitions: repetitions, seed: seed)
  }

  func measure(_ study: RepetitionStudy, workers: Int = 2) throws {
    let recipe = try Catalog.recipe("bandit/Bernoulli(horizon=500)")
    for (number, part) in study.description.agents.enumerated() {
      let agent = try Catalog.agent(part.id).recipe().makeAgent(
        in: recipe, rewards: [RewardComponent("environment")], seed: 1)
      _ = try study.measure(
        environment: 0, agent: number, in: recipe, by: agent, workers: Workers(count: workers), shouldStop: { false })
    }
  }

  func withDirectory(_ body: (String) throws -> Void) throws {
    let path = "/tmp/forage-repetitions-\(UInt64.random(in: 0...UInt64.max))"
    defer { try? Files.remove(path) }
    try body(path)
  }

  @Test("regret, bound, win rates and slopes of two agents are what the repetitions say, whatever the workers")
  func figures() throws {
    try withDirectory { path in
      let study = try RepetitionStudy(try description(), in: path)
      try measure(study)
      let figures = try RepetitionFigures(study)
      let section = figures.sections[0]
      let chance = section.arms[1].estimates[0]
      #expect(abs(chance.value - 500 * 0.18) < 3 * (chance.interval!.width / 3.92))
      #expect(section.arms[0].estimates[0].value < 0.75 * chance.value)
      #expect(section.pairs[0][1].wins.value > 0.95 && section.pairs[0][1].isDistinguishable)
      #expect(abs(section.pairs[0][1].wins.value + section.pairs[1][0].wins.value - 1) < 1e-12)
      #expect(abs(section.laiRobbins! - 9 / Double.log(1.5)) < 1e-3)
      // Chance loses the same at every pull.
      let slope = section.arms[1].slope
      #expect(abs(slope.value - 1) < 0.05 && section.arms[0].slope.value < 0.95)
      #expect(section.arms[1].curves[0].last!.step == 500)
      #expect(figures.winRate(of: 0) == 1 && figures.winRate(of: 1) == 0)
      let page = try Files.readText(RepetitionPage(figures).write(to: path))
      #expect(page.contains("Lai and Robbins") && page.contains("<svg") && !page.contains("NaN"))
      #expect(figures.terminalText().contains("Lai and Robbins's bound: 22.20 ln T"))
      try withDirectory { other in
        let again = try RepetitionStudy(try description(), in: other)
        try measure(again, workers: 1)
        #expect(try RepetitionFigures(again).json == figures.json)
      }
    }
  }

  @Test("what is there is not stepped again, and what was altered or is of another comparison is named")
  func directory() throws {
    try withDirectory { path in
      try measure(try RepetitionStudy(try description(), in: path))
      let bytes = try Files.read(path + "/cells/0-1.json")
      try measure(try RepetitionStudy(try description(), in: path))
      #expect(try Files.read(path + "/cells/0-1.json") == bytes)
      #expect(
        refusal { _ = try RepetitionStudy(try description(101), in: path) }
          == "'\(path)' holds another comparison. Name another directory (--out)")
      var damaged = bytes
      damaged[bytes.count / 2] ^= 1
      try Files.writeAtomically(damaged, to: path + "/cells/0-1.json")
      let partial = try RepetitionFigures(try RepetitionStudy(opening: path))
      #expect(partial.notes.count == 1 && partial.notes[0].hasPrefix("Damaged: "))
      #expect(partial.notes[0].contains("0-1.json"))
      #expect(partial.sections[0].arms.map(\.name) == ["thompson"])
      try Files.remove(path + "/cells/0-1.json")
      let rest = try RepetitionFigures(try RepetitionStudy(opening: path))
      let note = "1 of 2 parts are not finished and are left out (random in bandit/Bernoulli). "
        + "Go on with `forage compare --resume \(path)`."
      #expect(rest.notes == [note] && rest.winRate(of: 1).isNaN)
      #expect(try Files.readText(RepetitionPage(rest).write(to: path)).contains("1 of 2 parts are not finished"))
      #expect(rest.terminalText().hasPrefix("1 of 2 parts"))
      try Files.remove(path + "/cells")
      #expect(
        refusal { _ = try RepetitionFigures(try RepetitionStudy(opening: path)) }
          == "nothing of '\(path)' is finished. Go on with `forage compare --resume \(path)`")
    }
  }

  @Test("what is left of a comparison keeps the colours and the places of its agents")
  func places() throws {
    try withDirectory { path in
      let study = try RepetitionStudy(try description(), in: path)
      try measure(study)
      let whole = try RepetitionFigures(study)
      try Files.remove(path + "/cells/0-0.json")
      let rest = try RepetitionFigures(study)
      #expect(rest.sections[0].arms.map(\.place) == [1])
      #expect(rest.sections[0].arms[0].estimates[0].value == whole.sections[0].arms[1].estimates[0].value)
      #expect(RepetitionPage(rest).html.contains("<td class=\"a1\">random"))
    }
  }

  /// Figures of agents in an environment.
  func figures(
    _ environment: String, _ agents: [String], _ repetitions: Int, seed: UInt64 = 1
  ) throws -> RepetitionFigures {
    let recipe = try Catalog.recipe(environment)
    let recipes = try agents.map { text in
      let name = try NamedSettings(parsing: text, example: "")
      return try Catalog.agent(name.name).recipe(changes: name.changes())
    }
    let description = RepetitionDescription(
      command: "forage compare",
      environments: [.init(name: recipe.id, id: recipe.id, configuration: recipe.configuration)],
      agents: zip(agents, recipes).map { .init(name: $0, id: $1.id, configuration: $1.configuration) },
      repetitions: repetitions, seed: seed)
    var figures: RepetitionFigures?
    try withDirectory { path in
      let study = try RepetitionStudy(description, in: path)
      for (number, agent) in recipes.enumerated() {
        let made = try agent.makeAgent(in: recipe, rewards: [RewardComponent("environment")], seed: 1)
        _ = try study.measure(
          environment: 0, agent: number, in: recipe, by: made, workers: Workers(count: 2), shouldStop: { false })
      }
      figures = try RepetitionFigures(study)
    }
    return try #require(figures)
  }

  @Test("an interval has its mean in it and ends where the measure does, not at what chance loses")
  func limits() throws {
    for (environment, agent, seed) in [
      ("bandit/Bernoulli(arms=2,gap=0.02,horizon=100)", "epsilon-greedy(epsilon=0)", 7 as UInt64),
      ("bandit/ChangePoints(changes=1,horizon=1000)", "explore-then-commit", 1),
      ("bandit/Bernoulli(arms=2,horizon=3)", "ucb1", 1),
    ] {
      let arm = try figures(environment, [agent], 20, seed: seed).sections[0].arms[0]
      for estimate in arm.estimates {
        let interval = try #require(estimate.interval)
        #expect(interval.low <= estimate.value && estimate.value <= interval.high, "\(environment): \(estimate)")
      }
      #expect(arm.estimates[0].interval!.low >= 0)
      #expect(arm.curves.joined().allSatisfy { $0.low <= $0.mean && $0.mean <= $0.high })
    }
  }

  @Test("a test is won by who has the better mean, however often the other is ahead")
  func wins() throws {
    // Who commits early mostly loses a little, and sometimes much.
    let figures = try figures(
      "bandit/Bernoulli(means=[0.2,0.35,0.5,0.55,0.7],arms=5,horizon=2000)",
      ["kl-ucb", "explore-then-commit(pulls=20)"], 400)
    let section = figures.sections[0]
    #expect(section.arms[0].estimates[0].value < 0.7 * section.arms[1].estimates[0].value)
    #expect(section.pairs[1][0].wins.value > 0.55 && section.pairs[1][0].isDistinguishable)
    #expect(figures.winRate(of: 0) == 1 && figures.winRate(of: 1) == 0)
    #expect(section.isWon(section.pairs[0][1]) && !section.isWon(section.pairs[1][0]))
    let rows = figures.terminalText().split(separator: "\n").filter { $0.contains("* ") && $0.contains("[0.") }
    #expect(rows.count == 1 && rows[0].hasPrefix("kl-ucb"), "\(rows)")
  }

  @Test("there is one bound where all repetitions have the same gaps, and none where arms are drawn")
  func bounds() throws {
    #expect(try figures("bandit/Bernoulli(horizon=20)", ["random"], 20).sections[0].bound != nil)
    #expect(try figures("bandit/Uniform(horizon=20)", ["random"], 20).sections[0].bound == nil)
  }

  @Test("where the optimum is not known there is no regret, and nothing that is made of it")
  func unknownOptimum() throws {
    let section = try figures("bandit/LastSwitch(arms=6,depth=16,horizon=200)", ["ucb1", "random"], 20).sections[0]
    #expect(section.measures[0].name == "expected" && !section.measures.contains { $0.name == "regret" })
    #expect(section.arms.allSatisfy { $0.slope.value.isNaN && $0.fit == nil })
    let known = try figures("bandit/LastSwitch(horizon=200)", ["ucb1", "random"], 20).sections[0]
    #expect(known.measures[0].name == "regret" && !known.arms[0].slope.value.isNaN)
  }

  @Test("repetition r has the same arms for every agent, and another seed has others")
  func pairing() throws {
    func seeds(_ agent: String, _ seed: UInt64) throws -> [UInt64] {
      let recipe = try Catalog.recipe("bandit/Uniform(horizon=5)")
      let made = try Catalog.agent(agent).recipe().makeAgent(
        in: recipe, rewards: [RewardComponent("environment")], seed: 1)
      return try RepetitionStudy.evaluate(
        recipe, by: made, repetitions: 70, seed: seed, workers: Workers(count: 1)
      ).episodes.map(\.seed)
    }
    #expect(try seeds("ucb1", 1) == seeds("thompson", 1))
    #expect(try Set(seeds("ucb1", 1)).intersection(seeds("ucb1", 2)).isEmpty)
  }

  @Test("the fit finds a logarithm's power and a linear rest, and the slope of a power is the power")
  func fit() throws {
    let steps = Measure.curveSteps(16)
    let logarithm = try #require(RegretFit(steps.map { ($0, 12 * Double.log(Double($0)) + 3) }))
    #expect(abs(logarithm.power - 1) < 0.051 && logarithm.linear < 1e-6 && abs(logarithm.constant - 3) < 1)
    let linear = try #require(RegretFit(steps.map { ($0, 0.18 * Double($0)) }))
    #expect(abs(linear.linear - 0.18) < 1e-3)
    let mixed = try #require(RegretFit(steps.map { ($0, 5 * Double.log(Double($0)) + 0.02 * Double($0)) }))
    #expect(abs(mixed.linear - 0.02) < 2e-3)
    let slope = try #require(RegretFit.slope(steps.map { ($0, 4 * Double.pow(Double($0), 2.0 / 3)) }))
    #expect(abs(slope - 2.0 / 3) < 1e-9)
    #expect(RegretFit.slope([(1, 0), (10, 0), (100, 0)]) == nil && RegretFit([(1, 1)]) == nil)
  }
}
