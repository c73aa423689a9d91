import Catalog
import Foundation
import Groundwork
import ReinforcementLearning
import Testing

/// `--json` prints one document on standard output and nothing else there.
@Suite struct DocumentTests {
  @Test("list names every environment, agent and reward")
  func list() throws {
    let document = try JSON(parsing: try Program.run(["list", "--json"]).output, name: "output")
    #expect(document["environments"]?.array?.compactMap { $0["id"]?.string } == Catalog.environments.map(\.id))
    #expect(document["agents"]?.array?.compactMap { $0["id"]?.string } == Catalog.agents.map(\.id))
    #expect(document["rewards"]?.array?.compactMap { $0["name"]?.string } == Catalog.rewards.map(\.id))
  }

  #if MuJoCo
    @Test("without the packages' models our own scenes are listed, and they run")
    func scenesAlone() throws {
      let folder = TemporaryFolder()
      let nowhere = ["FORAGE_MUJOCO": folder.path("nowhere")]
      let listed = try Program.run(["list"], environment: nowhere).output
      #expect(listed.contains("\n  manipulation/Lever ") && !listed.contains("\n  fetch/Reach"))
      #expect(listed.contains("not here: metaworld/... and fetch/...: MuJoCo's models are not in"))
      let words = ["evaluate", "manipulation/Lever", "--agent", "expert", "--episodes", "1"]
      #expect(try Program.run(words, environment: nowhere).status == 0)
      let refused = try Program.run(["evaluate", "fetch/Reach", "--agent", "random"], environment: nowhere)
      #expect(refused.status == 1 && refused.errors.contains("MuJoCo's models are not in"), "\(refused.errors)")
    }
  #endif

  @Test("evaluate gives the task's measures with their intervals, what it is judged by first, and the same twice")
  func evaluate() throws {
    let folder = TemporaryFolder()
    let run = folder.path("run")
    let trained = try Program.run(
      ["train", "CartPole-v1", "--agent", "random", "--out", run, "--set", "run.steps=4000", "--set", "evaluations=0"])
    #expect(trained.status == 0)
    let first = try Program.run(["evaluate", run, "--episodes", "30", "--json"])
    let document = try JSON(parsing: first.output, name: "output")
    let figures = try #require(document["measures"]?.array)
    #expect(figures.map { $0["measure"]?["name"] } == ["return", "length"], "a pole that stands is no success")
    for figure in figures {
      let mean = try #require(figure["mean"]?.double)
      let low = try #require(figure["low"]?.double)
      let high = try #require(figure["high"]?.double)
      #expect(low <= mean && mean <= high && figure["values"]?.array?.count == 30)
    }
    #expect(document["episodes"] == 30)
    #expect(try Program.run(["evaluate", run, "--episodes", "30", "--json", "--workers", "1"]).output == first.output)
  }

  @Test("verify tells an equal replay from an altered one")
  func verify() throws {
    let folder = TemporaryFolder()
    let run = folder.path("run")
    _ = try Program.run(
      [
        "train", "gridworld/Empty-5x5", "--agent", "random", "--out", run, "--set", "run.steps=4000", "--set",
        "evaluations=0",
      ])
    let replay = run + "/replays/final-median.json"
    let equal = try Program.run(["verify", replay, "--json"])
    #expect(equal.status == 0)
    #expect(try JSON(parsing: equal.output, name: "output")["equal"] == true)
    var altered = try JSON(parsing: try Files.read(replay), name: "replay")
    var actions = try #require(altered["actions"]?.array)
    // "Forward" where the recording turned, or the other way round: the view differs from there on.
    actions[2] = actions[2] == 0 ? 1 : 0
    altered["actions"] = .array(actions)
    try Files.writeAtomically(altered.text(), to: folder.path("altered.json"))
    let lie = try Program.run(["verify", folder.path("altered.json")])
    #expect(lie.status == 1 && lie.output == "" && lie.errors.contains("was altered after it was written"))
    // Of the first version, which had no digest: the episode tells.
    altered["version"] = 1
    guard case .object(var members) = altered else { throw UserError("a replay is no object") }
    members["digest"] = nil
    altered = .object(members)
    try Files.writeAtomically(altered.text(), to: folder.path("altered.json"))
    let other = try Program.run(["verify", folder.path("altered.json")])
    #expect(other.status == 1)
    #expect(other.output.contains("step 3: the action, observation, reward or outcome differs from the recording"))
    var old = altered
    old["version"] = 99
    try Files.writeAtomically(old.text(), to: folder.path("old.json"))
    let refused = try Program.run(["verify", folder.path("old.json")])
    #expect(refused.status == 1)
    #expect(refused.output == "")
    #expect(
      refused.errors.hasPrefix(
        "forage: '\(folder.path("old.json"))' is a replay of version 99, this program reads version 2"))
    // What cannot be checked is in the document too, and keeps no other file from being checked.
    let both = try Program.run(["verify", folder.path("missing.json"), replay, "--json"])
    #expect(both.status == 1)
    let files = try #require(try JSON(parsing: both.output, name: "output")["files"]?.array)
    #expect(files.map { $0["equal"]?.bool } == [false, true])
    #expect(files[0]["refused"]?.string?.contains("missing.json") == true)
    #expect(files[1]["kind"] == "replay" && files[1]["equalSteps"] == files[1]["steps"])
    #expect(both.errors.split(separator: "\n").count == 1)
  }

  @Test("bench measures what is asked for")
  func bench() throws {
    let result = try Program.run(
      ["bench", "control/CartPole", "--workers", "1", "--seconds", "0.01", "--repeats", "1", "--json"])
    let entry = try #require(try JSON(parsing: result.output, name: "output")["environments"]?.array?.first)
    #expect(entry["id"] == "control/CartPole")
    #expect(try #require(entry["stepsPerSecond"]?["1"]?.double) > 1000)
    #expect(try #require(entry["resetsPerSecond"]?.double) > 1000)
    #expect(try #require(entry["snapshotBytes"]?.integer) > 0)
    #expect(entry["allocationsPerStep"]?.double == 0)
  }
}
