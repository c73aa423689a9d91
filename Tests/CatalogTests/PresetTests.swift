@testable import Catalog
import Experiments
import Groundwork
import ReinforcementLearning
import Testing

@Suite("Presets") struct PresetTests {
  /// Every preset with the listing of its agent.
  private static let listings = Catalog.agents.flatMap { listing in listing.presets.map { (listing, $0) } }

  @Test("every preset belongs to an agent that the catalog lists", arguments: Presets.agents.indices)
  func listed(_ index: Int) {
    let preset = Presets.agents[index]
    let matching = Catalog.agents.filter { listing in
      listing.presets.contains { $0.prefix == preset.prefix && $0.chosenOn == preset.chosenOn }
    }
    #expect(!matching.isEmpty, "\(preset.agent) is not in the catalog")
  }

  @Test("every preset changes something, says what it was chosen on, and can be used wherever its prefix leads")
  func applied() throws {
    for (listing, preset) in Self.listings {
      #expect(preset.changes != .object([:]), "\(listing.id) on \(preset.prefix) changes nothing")
      #expect(!preset.chosenOn.isEmpty && !preset.chosenOn.contains("\n"))
      let environments = Catalog.environments.filter { $0.id.hasPrefix(preset.prefix) }
      #expect(!environments.isEmpty, "\(listing.id) has a preset for \(preset.prefix), where no environment is")
      let unchanged = listing.configuration
      for environment in environments {
        let configuration = try listing.recipe(for: environment.id).configuration
        #expect(configuration != unchanged)
        // What makes a whole plan takes longer, and asks the same of levels that differ in size.
        guard environment.isRepresentative else { continue }
        var run = RunConfiguration()
        run.environment = environment.id
        run.agent = listing.id
        #expect(try Catalog.plan(run).agent.configuration == configuration)
      }
    }
    for preset in Presets.runs {
      #expect(Catalog.environments.contains { preset.applies(to: $0.id) }, "\(preset.prefix) matches no environment")
      #expect(Presets.runSettings(environment: preset.prefix) != RunSettings())
    }
  }

  @Test(
    "an agent is made with the values of its preset: the network and the lanes exist", arguments: Presets.agents.indices
  )
  func made(_ index: Int) throws {
    let preset = Presets.agents[index]
    let environment = try #require(Catalog.environments.first { preset.applies(to: $0.id) })
    for listing in Catalog.agents where listing.presets.contains(where: { $0.prefix == preset.prefix }) {
      var configuration = RunConfiguration()
      configuration.environment = environment.id
      configuration.agent = listing.id
      // Demonstrations lie in files, which the repository has none of for every level.
      if try Catalog.plan(configuration).agent.requirements.needs.contains(.demonstrations) { continue }
      _ = try Catalog.plan(configuration).makeAgent()
    }
  }

  @Test("a general preset never comes after a special one, whose values it would undo")
  func order() {
    for (index, preset) in Presets.agents.enumerated() {
      for earlier in Presets.agents[..<index] where earlier.agent == preset.agent {
        #expect(!earlier.prefix.hasPrefix(preset.prefix), "\(preset.prefix) comes after \(earlier.prefix)")
      }
    }
  }

  @Test("a special preset goes over the general one, and nested values beside it stay")
  func layers() throws {
    let ppo = try Catalog.agent("ppo")
    let doors = try ppo.recipe(for: "gridworld/DoorKey-8x8").configuration
    #expect(doors["learningRate"] == 5e-4 && doors["slots"] == 16 && doors["activation"] == "relu")
    let small = try ppo.recipe(for: "gridworld/DoorKey-5x5").configuration
    #expect(small["learningRate"] == 1e-3 && small["activation"] == "relu")
    #expect(try ppo.recipe().configuration == ppo.configuration)
    // `--set agent.learner.steps=64` keeps the preset's other values of the learner.
    let robustify = try Catalog.agent("robustify").recipe(
      for: "gridworld/Empty-5x5", changes: ["learner": ["steps": 64]])
    #expect(robustify.configuration["learner"]?["steps"] == 64)
    #expect(robustify.configuration["learner"]?["learningRate"] == 5e-4)
    #expect(robustify.configuration["learner"]?["omitsBackground"] == true)
  }

  @Test("a run is told the presets that gave it a value, and none that it has nothing of")
  func inUse() throws {
    var configuration = RunConfiguration()
    configuration.environment = "gridworld/DoorKey-8x8"
    configuration.agent = "ppo"
    let run = try Catalog.plan(configuration).description
    #expect(Catalog.presets(of: run).map(\.prefix) == ["gridworld/", "gridworld/DoorKey", "gridworld/DoorKey-8x8"])
    let listing = try #require(Catalog.agents.first { $0.id == "ppo" })
    var bare = run
    bare.agent.configuration = listing.configuration
    #expect(Catalog.presets(of: bare).isEmpty)
  }

  @Test("gridworld's presets do not fall on the grids that are no gridworlds")
  func families() throws {
    for id in ["gridworld/Snake", "gridworld/DarkRoom", "gridworld/LavaMine"] {
      let environment = try Catalog.environment(id)
      #expect(environment.family == "domain")
      let explorer = try Catalog.agent("go-explore")
      #expect(try explorer.recipe(for: environment.id).configuration == explorer.configuration)
    }
    #expect(
      try Catalog.agent("go-explore").recipe(for: "gridworld/MultiRoomNoisyTV-N4-S5").configuration["meanHold"] == 2)
  }
}
