import Catalog
import Groundwork
import ReinforcementLearning
import Testing

/// What `forage describe` says comes from declarations: doc comments, checks and specifications.
@Suite("Descriptions") struct DescriptionTests {
  private func unexplained(_ description: Description) -> [String] {
    description.settings.filter { $0.summary.split(separator: " ").count < 2 }.map { "\(description.id): \($0.key)" }
  }

  @Test("every setting of every agent, reward and run has a doc comment that says what it is")
  func everySetting() throws {
    let ids = Catalog.agents.map(\.id) + Catalog.rewards.map(\.id) + ["run"]
    let missing = try ids.flatMap { try unexplained(Catalog.describe($0)) }
    #expect(missing == [])
    // The test can fail: settings are there, and a declaration without a comment has no summary.
    #expect(try Catalog.describe("ppo").settings.count > 25)
  }

  @Test("so has every setting of every environment, and every environment says what it is about")
  func everyEnvironment() throws {
    for listing in Catalog.environments where listing.isRepresentative {
      let description = try Catalog.describe(listing.id)
      #expect(unexplained(description) == [])
      #expect(description.sections.contains { $0.heading == "Task" || $0.heading == "Layout" }, "\(listing.id)")
      #expect(!description.source.isEmpty, "\(listing.id) names no source")
      #expect(description.settings.map(\.key).last == "environment.frameStack")
    }
  }

  @Test("keys are those that --set takes, with the values that a run would have")
  func keys() throws {
    for agent in Catalog.agents {
      for setting in try Catalog.describe(agent.id).settings {
        var changes = JSON.object([:])
        changes.set(setting.key.split(separator: ".").dropFirst().map(String.init), setting.defaultValue)
        #expect(agent.takes(changes), "\(setting.key)")
      }
    }
    for listing in Catalog.environments where listing.isRepresentative {
      for setting in try Catalog.describe(listing.id).settings where !setting.key.hasSuffix("map") {
        var changes = JSON.object([:])
        changes.set(setting.key.split(separator: ".").dropFirst().map(String.init), setting.defaultValue)
        #expect(listing.takes(changes), "\(listing.id): \(setting.key)")
      }
    }
  }

  @Test("a range that a setting's words state is one that the program checks")
  func statedRanges() throws {
    let ids = Catalog.agents.map(\.id) + Catalog.rewards.map(\.id) + ["run"]
      + Catalog.environments.filter(\.isRepresentative).map(\.id)
    var stated = 0
    for id in ids {
      for setting in try Catalog.describe(id).settings
      where setting.type.contains("number") && setting.summary.contains(/, (above 0|at least \d|at most \d|\d+ to \d)/)
      {
        stated += 1
        #expect(setting.range != nil, "\(id): \(setting.key): \(setting.summary)")
      }
    }
    #expect(stated > 50)
  }

  @Test("a level's words and those of its family stand under one heading")
  func headings() throws {
    for listing in Catalog.environments {
      let headings = try Catalog.describe(listing.id).sections.map(\.heading)
      #expect(Set(headings).count == headings.count, "\(listing.id): \(headings)")
    }
  }

  @Test("an environment's preset and what is typed are told apart")
  func origins() throws {
    let here = try Catalog.describe("ppo(epochs=7)", for: "control/CartPole")
    let setting = { (key: String) in here.settings.first { $0.key == "agent." + key } }
    #expect(setting("epochs")?.value == 7)
    #expect(setting("epochs")?.origin == "typed")
    #expect(setting("epochs")?.defaultValue == 4)
    // CartPole's preset.
    #expect(setting("discount")?.value == 0.98)
    #expect(setting("discount")?.origin == "preset")
    #expect(setting("valueCoefficient")?.defaultValue == 0.5)
    #expect(setting("memory")?.origin == nil)
    #expect(try Catalog.describe("ppo").settings.allSatisfy { $0.origin == nil })
  }

  @Test("ranges are those that the program enforces, choices those that it takes, symbols those of the paper")
  func ranges() throws {
    let ppo = try Catalog.describe("ppo").settings
    let setting = { (key: String) in ppo.first { $0.key == "agent." + key } }
    #expect(setting("slots")?.range == "1 to 65536")
    #expect(setting("discount")?.range == "0 to 1")
    #expect(setting("discount")?.symbol == "gamma")
    #expect(setting("gaeLambda")?.symbol == "lambda")
    #expect(setting("hiddenLayers")?.range == "each 1 to 65536")
    #expect(setting("memory")?.choices == ["none", "gru", "lstm"])
    #expect(setting("memory")?.allowed == "none | gru | lstm")
    #expect(setting("annealsClipRange")?.allowed == "true or false")
    // An agent that cannot be made without files says its ranges all the same.
    let robustify = try Catalog.describe("robustify").settings
    #expect(robustify.first { $0.key == "agent.learner.slots" }?.range == "1 to 65536")
    let level = try Catalog.describe("gridworld/DoorKey-8x8").settings
    #expect(level.first { $0.key == "environment.level.side" }?.range == "5 to 100")
    #expect(level.first { $0.key == "environment.view" }?.choices == ["agent", "full"])
    let shaping = try Catalog.describe("potential").settings
    #expect(shaping.first { $0.key == "scale" }?.range == "0 to 1000000000000")
    // A language model's settings have the same ranges wherever they are.
    func modelRanges(_ id: String, _ section: String) throws -> [String] {
      try Catalog.describe(id).settings.filter { $0.key.hasPrefix(section + "model.") }
        .map { "\($0.key.dropFirst(section.count)): \($0.range ?? "any")" }
    }
    let told = try modelRanges("messages", "")
    #expect(told == (try modelRanges("icpi", "agent.")) && told.contains("model.concurrency: 1 to 256"), "\(told)")
    #expect(shaping.first { $0.key == "discount" }?.allowed == "number, 0 to 1, or null")
  }

  @Test("nothing checks a setting that has no description: no range is lost by a name that is spelled otherwise")
  func everyCheckIsShown() throws {
    let world = try Catalog.recipe("control/CartPole")
    for agent in Catalog.agents {
      let keys = Set(try Catalog.describe(agent.id).settings.map(\.key))
      for check in try agent.recipe().checks(in: world) where !check.name.hasPrefix("an element of ") {
        #expect(keys.contains(check.name), "\(agent.id): \(check.name)")
      }
    }
  }

  @Test("an example reward works in its environment", arguments: [
    ("gridworld/DoorKey-8x8", "environment+potential(signal=distance)"), ("control/CartPole", "environment+0.01*count"),
  ])
  func example(_ id: String, _ reward: String) throws {
    #expect(Catalog.exampleReward(in: try Catalog.recipe(id)) == reward)
  }

  @Test("what does not exist is refused with what is near", arguments: [
    ("pp", "'ppo'"), ("gridworld/DoorKey-8x9", "'gridworld/DoorKey-8x8'"), ("cout", "'count'"),
    ("ppo(epoch=3)", "'agent.epochs'"), ("gridworld/DoorKey-8x8(size=3)", "setting 'environment.size'"),
  ])
  func unknown(_ text: String, _ near: String) throws {
    do {
      _ = try Catalog.describe(text)
      Issue.record("it was described")
    } catch let error as UserError {
      #expect(error.description.contains(near), "\(error)")
    }
  }
}
