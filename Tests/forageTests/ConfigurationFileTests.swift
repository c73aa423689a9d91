import Catalog
import Experiments
import Foundation
import Groundwork
import Testing

/// Files that runs are begun with: the examples, and a run's own `run.json`.
@Suite struct ConfigurationFileTests {
  private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let examples: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: repository.appendingPathComponent("examples").path)) ?? [])
    .filter { $0.hasSuffix(".yaml") }.sorted()

  @Test("there are examples")
  func some() { #expect(Self.examples.count >= 3) }

  @Test("an example trains, and its settings are in run.json", arguments: examples)
  func example(_ name: String) throws {
    let folder = TemporaryFolder()
    let file = Self.repository.appendingPathComponent("examples/" + name).path
    let result = try Program.run([
      "train", "--config", file, "--steps", "10", "--set", "evaluations=0", "--set", "finalEpisodes=1", "--out",
      folder.path("run"),
    ])
    #expect(result.status == 0, "\(result.errors)")
    let asked = try RunConfiguration(reading: file)
    let description = try RunDirectory(opening: folder.path("run")).description()
    #expect(description.agent.id == asked.agent && description.reward.text == asked.reward ?? "environment")
    for (key, value) in asked.agentChanges.object ?? [:] { #expect(description.agent.configuration[key] == value) }
  }

  /// A run whose settings are far from the defaults: presets, parentheses, a design that takes over a discount.
  private static let words = [
    "train", "gridworld/DoorKey-8x8(level.side=6)", "--agent", "ppo(epochs=2)", "--reward",
    "environment+0.5*potential(signal=distance)", "--steps", "1k", "--seed", "7", "--set", "agent.discount=0.98",
    "--set", "evaluations=2", "--set", "evaluationEpisodes=2", "--set", "finalEpisodes=3", "--set", "agent.slots=8",
    "--set", "agent.batches=4", "--set", "agent.steps=32", "--set", "agent.minibatches=2",
  ]

  @Test("a run's own run.json begins the same run again, to the last bit")
  func repeated() throws {
    let folder = TemporaryFolder()
    #expect(try Program.run(Self.words + ["--out", folder.path("first")]).status == 0)
    let again = try Program.run(["train", "--config", folder.path("first/run.json"), "--out", folder.path("second")])
    #expect(again.status == 0, "\(again.errors)")
    for file in ["run.json", "evaluation.json", "checkpoints/1024/state.safetensors"] {
      let bytes = folder.bytes("first/" + file)
      #expect(bytes != nil && bytes == folder.bytes("second/" + file), "\(file)")
    }
  }

  @Test("options go over a run.json, and what it records of its environment goes over no other one")
  func changed() throws {
    let folder = TemporaryFolder()
    #expect(try Program.run(Self.words + ["--out", folder.path("first")]).status == 0)
    let other = try Program.run([
      "train", "control/CartPole", "--config", folder.path("first/run.json"), "--reward", "environment", "--seed", "8",
      "--set", "agent.epochs=1", "--out", folder.path("other"),
    ])
    #expect(other.status == 0, "\(other.errors)")
    let description = try RunDirectory(opening: folder.path("other")).description()
    #expect(description.environment.id == "control/CartPole" && description.run.seed == 8)
    #expect(description.agent.configuration["epochs"] == 1 && description.agent.configuration["slots"] == 8)
    let random = try Program.run([
      "train", "--config", folder.path("first/run.json"), "--agent", "random", "--reward", "environment", "--out",
      folder.path("random"),
    ])
    #expect(random.status == 0, "\(random.errors)")
    // A comparison, too.
    let comparison = try Program.run([
      "compare", "--config", folder.path("first/run.json"), "--seeds", "1", "--out", folder.path("all"),
    ])
    #expect(comparison.status == 0, "\(comparison.errors)")
    let cell = try ComparisonDescription(reading: folder.path("all/comparison.json")).cells[0]
    #expect(cell.environment == (try RunDirectory(opening: folder.path("first")).description()).environment)
  }

  @Test("a discount that a reward's text does not say follows the agent, of a run.json, too")
  func discounts() throws {
    let folder = TemporaryFolder()
    let short = ["--steps", "600", "--set", "evaluations=0", "--set", "finalEpisodes=1"]
    func train(_ name: String, _ words: [String]) throws -> (agent: Double?, reward: Double?) {
      let result = try Program.run(["train"] + words + short + ["--out", folder.path(name)])
      #expect(result.status == 0, "\(result.errors)")
      let run = try JSON(parsing: Files.read(folder.path(name) + "/run.json"), name: "run")
      let term = run["reward"]?["terms"]?.array?.last?["configuration"]
      return (run["agent"]?["configuration"]?["discount"]?.double, term?["discount"]?.double)
    }
    for (design, own) in [("potential(signal=angle)", nil), ("potential(signal=angle,discount=0.9)", 0.9 as Double?)] {
      let name = own == nil ? "free" : "said"
      let first = try train(name, ["control/CartPole", "--reward", "environment+" + design])
      #expect(first.reward == own ?? first.agent)
      let config = ["--config", folder.path(name) + "/run.json"]
      let again = try train(name + "2", config)
      #expect(again.agent == first.agent && again.reward == first.reward)
      let changed = try train(name + "3", config + ["--set", "agent.discount=0.5"])
      #expect(changed.agent == 0.5 && changed.reward == own ?? 0.5)
    }
  }

  @Test("a run.json that a person changed is taken without its digest, and refused with it")
  func edited() throws {
    let folder = TemporaryFolder()
    #expect(try Program.run(Self.words + ["--out", folder.path("first")]).status == 0)
    let text = String(decoding: try Files.read(folder.path("first/run.json")), as: UTF8.self)
    let changed = text.replacingOccurrences(of: "\"seed\" : 7", with: "\"seed\" : 9")
    #expect(changed != text)
    try Files.writeAtomically(changed, to: folder.path("mine.json"))
    let refused = try Program.run(["train", "--config", folder.path("mine.json"), "--out", folder.path("a")])
    #expect(refused.status == 1 && refused.errors.contains("Remove its line `digest` if you changed it on purpose"))
    var document = try JSON(parsing: changed, name: "mine")
    document["digest"] = nil
    try Files.writeAtomically(document.text(pretty: true), to: folder.path("mine.json"))
    let taken = try Program.run(["train", "--config", folder.path("mine.json"), "--out", folder.path("a")])
    #expect(taken.status == 0, "\(taken.errors)")
    #expect(try RunDirectory(opening: folder.path("a")).description().run.seed == 9)
  }
}
