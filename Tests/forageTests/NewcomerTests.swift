import Foundation
import Groundwork
import ReinforcementLearning
import Testing

/// What a person meets in the first hour: documents, pictures, seeds, remarks, completions.
@Suite struct NewcomerTests {
  private let short = ["--steps", "600", "--set", "evaluations=0", "--set", "finalEpisodes=5", "--workers", "1"]

  @Test("train --json prints one document: what was trained, and what evaluate --json says of it")
  func trainDocument() throws {
    let folder = TemporaryFolder()
    let trained = try Program.run(
      ["train", "control/CartPole", "--agent", "ppo(epochs=2)", "--out", folder.path("run"), "--json"] + short)
    #expect(trained.status == 0)
    let document = try JSON(parsing: trained.output, name: "the output")
    #expect(document["run"]?.string == folder.path("run"))
    #expect(document["agent"]?.string == "ppo")
    #expect((document["steps"]?.integer ?? 0) >= 600)
    let evaluated = try JSON(
      parsing: try Program.run(["evaluate", folder.path("run"), "--json"]).output, name: "the output")
    #expect(document["evaluation"]?["measures"] != nil)
    #expect(document["evaluation"]?["measures"] == evaluated["measures"])
    let recorded = try String(contentsOfFile: folder.path("run/run.json"), encoding: .utf8)
    #expect(try JSON(parsing: recorded, name: "run.json")["agent"]?["configuration"]?["epochs"] == 2)
  }

  @Test("a run's metrics have what dashboards made for other programs read, and counters go on when it is resumed")
  func metrics() throws {
    let folder = TemporaryFolder()
    let run = folder.path("run")
    #expect(try Program.run(["train", "control/CartPole", "--out", run] + short).status == 0)
    let lines = try String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8).split(separator: "\n")
    let last = try #require(lines.last { $0.contains("policy/loss") })
    for name in ["loss/total", "policy/oldApproximateKL", "optimizer/updates", "policy/clipRange", "speed/iterations"] {
      #expect(last.contains("\"\(name)\""), "\(name)")
    }
    // CartPole's preset: 8 slots x 32 steps an iteration, 20 epochs of one minibatch.
    #expect(last.contains("\"speed/iterations\":3"))
    #expect(last.contains("\"optimizer/updates\":60"))
    let table = try String(contentsOfFile: run + "/progress.csv", encoding: .utf8)
    for column in ["time/iterations", "train/loss", "train/n_updates", "train/clip_range"] {
      #expect(table.contains(column), "\(column)")
    }
  }

  @Test("who asks for the report of a run is told what there is of a run")
  func reportOfRun() throws {
    let folder = TemporaryFolder()
    let run = folder.path("run")
    #expect(try Program.run(["train", "control/CartPole", "--agent", "random", "--out", run] + short).status == 0)
    #expect(
      try Program.run(["report", run]).errors
        == "forage: '\(run)' holds a run, not a comparison. Use `forage evaluate \(run)` or `forage watch \(run)`; "
          + "reports are of comparisons\n")
  }

  @Test("recordings go into a new directory, and are not mixed with what is there")
  func recordings() throws {
    let folder = TemporaryFolder()
    let words = ["evaluate", "gridworld/Empty-5x5", "--agent", "random", "--episodes", "3", "--record-replays"]
    let path = folder.path("replays")
    #expect(try Program.run(words + [path]).status == 0)
    #expect(try Replay(reading: path + "/episode-1.json").origin["reward"] == "environment")
    let before = folder.bytes("replays/episode-1.json")
    let again = try Program.run(words + [path])
    #expect(
      again.status == 1
        && again.errors == "forage: '\(path)' is not empty, and what is there would be mixed with what is recorded. "
          + "Name another directory\n")
    #expect(folder.bytes("replays/episode-1.json") == before)
  }

  @Test("a seed and an episode that are shown can be typed, and show the same again")
  func seeds() throws {
    let words = ["watch", "gridworld/DoorKey-5x5", "--terminal", "--seed", "3"]
    let second = try Program.run(words + ["--episode", "2"]).output
    #expect(second.contains("seed 3  ·  episode 2"))
    #expect(try Program.run(words + ["--episode", "2"]).output == second)
    #expect(try Program.run(words).output.contains("seed 3  ·  episode 0"))
    #expect(try Program.run(words).output != second)
  }

  @Test("who watches a policy sees how probable its actions were and what it held the state for")
  func thoughts() throws {
    let folder = TemporaryFolder()
    let run = folder.path("run")
    #expect(try Program.run(["train", "control/CartPole", "--out", run] + short).status == 0)
    let shown = try Program.run(["watch", run, "--terminal"]).output
    let line = try #require(shown.split(separator: "\n").first { $0.hasPrefix("policy before it: ") })
    let numbers = line.split { ": ,".contains($0) }.compactMap { Double($0) }
    #expect(numbers.count == 2)
    #expect(abs(numbers.reduce(0, +) - 1) < 0.011)
    #expect(shown.contains("value before it: "))
  }

  @Test("a .png says which moment it shows, and --frame chooses another")
  func frames() throws {
    let refused = try Program.run(["watch", "gridworld/DoorKey-5x5", "--record", "x.gif", "--frame", "3"])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("--frame goes with --record and a .png"))
    let both = try Program.run(["watch", "gridworld/Empty-5x5", "--record", "x.gif", "--terminal"])
    #expect(both.status == 1)
    #expect(both.errors.contains("--record and --terminal cannot be had at a time"))
  }

  @Test("settings of a memory that there is not are remarked on")
  func remarks() throws {
    let folder = TemporaryFolder()
    func notes(_ settings: [String]) throws -> String {
      let words = ["train", "control/CartPole", "--out", folder.path("run-\(settings.count)-\(settings.last ?? "")")]
      return try Program.run(words + short + settings.flatMap { ["--set", $0] }).errors
    }
    #expect(try notes(["agent.memoryUnits=32"]).contains("agent.memoryUnits=32 changes nothing: the policy has no memory"))
    #expect(!(try notes([]).contains("changes nothing")))
  }

  @Test("a directory or a link where the lock belongs is named, with what to do")
  func locks() throws {
    let folder = TemporaryFolder()
    let run = folder.path("run")
    try FileManager.default.createDirectory(atPath: run + "/lock", withIntermediateDirectories: true)
    let directory = try Program.run(["train", "control/CartPole", "--agent", "random", "--out", run] + short)
    #expect(directory.status == 1)
    #expect(directory.errors.contains("it is a directory. Move it away or name another directory"))
    try FileManager.default.removeItem(atPath: run + "/lock")
    try FileManager.default.createSymbolicLink(atPath: run + "/lock", withDestinationPath: folder.path("elsewhere"))
    let link = try Program.run(["train", "control/CartPole", "--agent", "random", "--out", run] + short)
    #expect(link.status == 1)
    #expect(link.errors.contains("it is a link"))
    #expect(link.errors.contains("Remove the link or name another directory"))
  }

  @Test("completions are printed for every shell, and know ids", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) throws {
    let script = try Program.run(["--generate-completion-script", shell])
    #expect(script.status == 0)
    #expect(script.output.contains("describe"))
    #expect(script.output.contains("---completion"))
  }

  @Test("two copies of one player are told apart")
  func copies() throws {
    let words = ["match", "board/TicTacToe", "random", "random", "--games", "2"]
    let result = try Program.run(words)
    #expect(result.status == 0)
    #expect(result.output.contains("random (first) ") && result.output.contains("random (second) "))
  }

  @Test("a match ends between two moves when it is told to, not after its games")
  func match() throws {
    let running = try Program.start(
      ["match", "board/ConnectFour", "mcts(simulations=20000)", "mcts(simulations=20000)", "--games", "200"])
    Thread.sleep(forTimeInterval: 2)
    let start = Date()
    running.process.terminate()
    let result = running.wait()
    #expect(result.status == 143)
    #expect(Date().timeIntervalSince(start) < 10)
    #expect(result.errors.contains("stopped after"))
  }
}
