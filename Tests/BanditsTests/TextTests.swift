import Catalog
import Groundwork
import ReinforcementLearning
import Testing

/// Bandits for agents that read.
@Suite("Bandits in words") struct TextTests {
  /// The text rules, layout and first rows of an environment.
  private func opened(_ id: String) throws -> (rules: TextRules, rollout: Rollout, batch: EnvironmentBatch) {
    let recipe = try Catalog.recipe(id)
    let batch = recipe.makeBatch(slots: 1, seed: 3)
    let rollout = batch.makeRollout(steps: 2, signals: ["text"])
    batch.reset(rollout)
    return (try #require(recipe.textRules), rollout, batch)
  }

  @Test("a context is a line that can be read back, of a visitor or of every arm, and changes with it")
  func contexts() throws {
    for (id, start, numbers) in [
      ("bandit/MovieLens(arms=3,dimension=2)", "assert user == [", 2),
      ("bandit/Logistic(arms=3,dimension=2)", "assert choices == {'arm0': [", 6),
    ] {
      let (rules, rollout, batch) = try opened(id)
      let first = rules.state(rollout.observation(time: 0, slot: 0), rollout.layout)
      let line = rules.line(of: first)
      #expect(line.hasPrefix(start) && rules.state(ofLine: String(line.dropLast())) == first)
      let place = try #require(rollout.layout.place("features"))
      let row = rollout.observation(time: 0, slot: 0)
      let written = (0..<numbers).map { TextRules.hundredths(Rollout.read(row, place, at: $0)) }
      let found = line.split { !"-.0123456789".contains($0) }.map(String.init).filter { $0.contains(".") }
      #expect(found == written)
      rollout.actions.discrete[0] = 1
      batch.step(rollout, at: 0)
      #expect(rules.state(rollout.observation(time: 1, slot: 0), rollout.layout) != first)
      #expect(rules.actions == (0..<3).map { "reward = recommend('arm\($0)')\n" })
      let words = try #require(rollout.layout.place("text"))
      #expect(Rollout.readText(row, words).hasPrefix("You recommend one of 3 items at a time: arm0, arm1, arm2."))
    }
  }

  @Test("arms have the words of their scenario")
  func arms() throws {
    let (rules, rollout, batch) = try opened("bandit/EVOLvE-K5-Clothes-Easy-Bernoulli")
    #expect(rules.actions[1] == "reward = choose('wool coat')\n")
    #expect(rules.state(rollout.observation(time: 0, slot: 0), rollout.layout).fact == "last == None")
    rollout.actions.discrete[0] = 1
    batch.step(rollout, at: 0)
    #expect(rules.state(rollout.observation(time: 1, slot: 0), rollout.layout).fact == "last == 'wool coat'")
  }
}
