import Foundation
import Groundwork
import Testing

/// Go-Explore's two phases as a person runs them, command after command, with the presets of gridworlds.
@Suite struct GoExploreChainTests {
  @Test("what exploration found becomes a policy that noise does not stop, where the recorded actions fail")
  func chain() throws {
    let folder = TemporaryFolder()
    let level = "gridworld/KeyCorridorS3R3"
    let layout = ["--set", "environment.layoutSeed=1"]
    let noise = layout + ["--set", "environment.stickyActionProbability=0.25", "--set", "environment.noOpStarts=30"]
    func run(_ arguments: [String]) throws {
      let result = try Program.run(arguments, in: folder.url)
      #expect(result.status == 0, "\(arguments.joined(separator: " ")): \(result.errors)")
    }
    func success(_ run: String) throws -> Double {
      let result = try Program.run(["evaluate", run, "--episodes", "200", "--json"], in: folder.url)
      let document = try JSON(parsing: Array(result.output.utf8), name: "evaluate")
      let judged = try #require(document["measures"]?.array?.first)
      #expect(judged["measure"]?["name"] == "success")
      return try #require(judged["mean"]?.double)
    }

    // Phase 1, three times over, without noise: where each step is what it was the last time.
    try run(
      ["compare", "--env", level, "--agent", "go-explore", "--seeds", "3", "--steps", "200k", "--out", "explored"]
        + layout)
    // Its best trajectories, done again under noise with closed eyes.
    let demonstrations = ["--set", "agent.demonstrations=explored"]
    try run(["train", level, "--agent", "replay", "--steps", "2k", "--out", "open"] + noise + demonstrations)
    #expect(try success("open") < 0.3)
    // Phase 2.
    try run(["train", level, "--agent", "robustify", "--steps", "150k", "--out", "robust"] + noise + demonstrations)
    #expect(try success("robust") >= 0.9)
  }
}
