import Catalog
import Experiments
import Foundation
import Groundwork
import ReinforcementLearning
import Testing

@Suite("Listings") struct ListingTests {
  @Test("what a setting may be goes on in the middle of a line, so that it begins with no capital letter")
  func ranges() throws {
    for id in Catalog.agents.map(\.id) + Catalog.rewards.map(\.id) + ["run"] {
      for setting in try Catalog.describe(id).settings {
        #expect(setting.range?.first?.isUppercase != true, "\(id): \(setting.key): \(setting.range ?? "")")
      }
    }
    let waits = try Catalog.describe("preferences").settings.first { $0.key == "waits" }
    #expect(waits?.allowed == "true or false, true where people answer")
  }

  @Test("family, id prefix and folder are one")
  func families() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Environments")
    let folders = try FileManager.default.contentsOfDirectory(atPath: folder.path())
    let families = Set(Catalog.environments.map(\.family))
    // One engine, two prefixes, a folder each inside of it; its environments are listed where the engine is installed.
    let engines: [Substring: String] = [
      "nethack": "NetHack", "minihack": "NetHack", "metaworld": "Manipulation", "fetch": "Manipulation",
    ]
    for family in families {
      #expect(folders.contains(engines[family] ?? family.capitalized), "there is no folder of \(family)")
    }
    // What several families use has a folder that is no family.
    for name in folders where name != "Shared" && !engines.values.contains(name) && !name.hasPrefix(".") {
      #expect(families.contains(Substring(name.lowercased())), "no id begins with \(name.lowercased())/")
    }
  }

  @Test("an agent whose policy reads signals says so, in its listing and in every run's description")
  func declaredSignals() throws {
    let listing = try #require(Catalog.agents.first { $0.id == "go-explore-policy" })
    #expect(listing.requirements.needs.names.contains("signals"))
    var configuration = RunConfiguration()
    configuration.environment = "gridworld/DoorKey-5x5"
    configuration.agent = listing.id
    #expect(try Catalog.plan(configuration).description.granted.contains("signals"))
  }

  @Test("no id or alias means two environments")
  func names() {
    let names = Catalog.environments.flatMap { [$0.id] + $0.aliases }.map { $0.lowercased() }
    #expect(Set(names).count == names.count)
  }

  @Test("what an id stands for cannot be set, by whatever way a configuration is read, and is no setting", arguments: [
    ("gridworld/Unlock", ["level", "task"], "pickUpBox"), ("gridworld/DoorKey-8x8", ["level", "family"], "Empty"),
    ("puzzle/Pancakes", ["moves"], "adjacent"),
  ] as [(String, [String], String)])
  func fixed(_ id: String, _ path: [String], _ other: String) throws {
    let listing = try Catalog.environment(id)
    let key = path.joined(separator: ".")
    #expect(try !listing.outline().contains { $0.key == key })
    var changes: JSON = [:]
    changes.set(path, .string(other))
    let ways: [() throws -> Any] = [
      { try listing.recipe(changes: changes) }, { try Catalog.recipe("\(id)(\(key)=\(other))") },
      { try listing.outline(changes: changes) }, { try listing.recipe().changing(changes) },
      { try listing.recipe(changes: ["frameStack": 2]).changing(changes) },
      { try listing.recipe(changes: listing.configuration.overlaid(with: changes)) },
    ]
    for way in ways {
      let error = #expect(throws: UserError.self) { _ = try way() }
      #expect(error?.reason.hasPrefix("environment.\(key) of '\(id)' is always") == true, "\(error?.reason ?? "")")
    }
    #expect(!listing.takes(changes))
    // What a run or a replay records says it, too.
    #expect(try listing.recipe(changes: listing.recipe().configuration).id == id)
  }

  @Test("an id that an environment had before still leads to it", arguments: [
    ("gridworld/Snake", "domain/Snake"), ("gridworld/DarkRoom", "domain/DarkRoom"),
    ("gridworld/LavaMine", "domain/LavaMine"), ("game/OffSwitch", "domain/OffSwitch"),
  ])
  func renamed(_ old: String, _ new: String) throws {
    #expect(try Catalog.environment(old).id == new)
  }

  @Test("the sample has an id of every family and of every kind of level, and leaves most of the rest out")
  func sample() throws {
    let sample = Catalog.environments.filter(\.isRepresentative)
    #expect(Set(sample.map(\.family)) == Set(Catalog.environments.map(\.family)))
    // A gridworld's kind: MiniGrid's family, BabyAI's task.
    func kind(_ listing: EnvironmentListing) -> JSON? {
      listing.configuration["level"]?.object.map { $0["task"] ?? $0["family"]! }
    }
    let kinds = Set(Catalog.environments.compactMap(kind))
    #expect(kinds.count > 40)
    #expect(Set(sample.compactMap(kind)) == kinds)
    #expect(sample.count * 2 < Catalog.environments.count, "\(sample.count) of \(Catalog.environments.count)")
    for id in [
      "gridworld/Empty-5x5", "gridworld/Empty-Random-5x5", "gridworld/DoorKey-5x5", "gridworld/XLand-R9-16x16",
    ] {
      #expect(sample.contains { $0.id == id }, "\(id)")
    }
    #expect(!sample.contains { $0.id == "gridworld/DoorKey-16x16" })
  }

  @Test("every agent and training benchmark that is named exists")
  func benchmarks() throws {
    for training in Catalog.trainings {
      #expect(try training.plan().agent.id == Catalog.agent(training.agent).id)
      #expect(training.name.hasPrefix(training.agent + " "))
    }
  }
}
