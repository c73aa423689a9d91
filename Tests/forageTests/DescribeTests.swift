import Catalog
import Experiments
import Foundation
import Groundwork
import Testing

/// `forage describe`: what a person reads.
@Suite struct DescribeTests {
  @Test("a setting stands with its key, default, preset, range and meaning")
  func settings() throws {
    let result = try Program.run(["describe", "ppo", "--env", "control/CartPole"])
    #expect(result.status == 0)
    #expect(result.errors == "")
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines[0] == "ppo: proximal policy optimisation with the clipped surrogate")
    #expect(lines[1].hasPrefix("Source: Schulman et al. 2017"))
    let place = try #require(lines.firstIndex { $0.hasPrefix("  agent.discount ") })
    #expect(lines[place].contains("0.99 -> 0.98 (preset)"))
    #expect(lines[place].hasSuffix("number, 0 to 1"))
    #expect(lines[place + 1].contains("(gamma)"))
  }

  @Test("an environment says what is seen, done, measured and paid, and how a design for it is written")
  func environment() throws {
    let text = try Program.run(["describe", "gridworld/DoorKey-8x8"]).output
    for part in [
      "Layout", "Reward", "What the policy sees", "7 x 7 x 3", "codes below 11, 6, 3", "2 forward", "Signals, which",
      "distance", "success", "truncated after 640 steps", "--reward 'environment+potential(signal=distance)'",
      "environment.level.side", "environment.frameStack",
    ] { #expect(text.contains(part), "\(part)") }
    let signals = try Program.run(["describe", "gridworld/DoorKey-8x8", "--signals"]).output
    #expect(signals.contains("distance"))
    #expect(!signals.contains("environment.level.side"))
    #expect(try Program.run(["describe", "ppo", "--signals"]).status == 1)
  }

  @Test("the document has all of it", arguments: ["ppo", "gridworld/DoorKey-8x8", "count", "run"])
  func document(_ id: String) throws {
    let result = try Program.run(["describe", id, "--json"])
    let document = try JSON(parsing: result.output, name: "the output")
    #expect(document["id"]?.string == id)
    let settings = document["settings"]?.array ?? []
    #expect(settings.count == (try Catalog.describe(id).settings.count))
    for setting in settings { #expect(setting["summary"]?.string?.isEmpty == false) }
    if id.contains("/") {
      #expect(document["fields"]?.array?.isEmpty == false)
      #expect(document["exampleReward"]?.string == "environment+potential(signal=distance)")
    }
  }

  @Test("--set says what the parentheses say, of what is described and of what an agent is evaluated in")
  func set() throws {
    let set = try Program.run(["describe", "gridworld/DoorKey-8x8", "--set", "level.side=6", "--json"])
    let named = try Program.run(["describe", "gridworld/DoorKey-8x8(level.side=6)", "--json"])
    #expect(set.status == 0 && set.output == named.output)
    #expect(try Program.run(["describe", "ppo", "--set", "agent.epochs=3"]).output.contains("3"))
    #expect(try Program.run(["describe", "ppo", "--set", "epoch=3"]).errors.contains("Did you mean"))
    let evaluate = ["evaluate", "gridworld/Empty-5x5", "--agent", "random", "--episodes", "2", "--json"]
    let result = try Program.run(evaluate + ["--set", "timeLimit=3"])
    #expect(result.status == 0 && result.output.contains("\"mean\" : 3"), "\(result.output)")
    let refused = try Program.run(["evaluate", "runs/none", "--set", "timeLimit=3"])
    #expect(refused.status == 1 && refused.errors.contains("--set goes with --agent"))
  }

  @Test("watch shows an agent that needs no training, and refuses one beside a file")
  func watching() throws {
    let folder = TemporaryFolder()
    let arguments = ["--agent", "mcts(simulations=8)", "--record", folder.path("game.png")]
    let result = try Program.run(["watch", "board/TicTacToe"] + arguments)
    #expect(result.status == 0 && folder.bytes("game.png") != nil, "\(result.errors)")
    let refused = try Program.run(["watch", folder.path("game.png")] + arguments)
    #expect(refused.status == 1 && refused.errors.contains("--agent acts in an environment"))
    let verified = try Program.run(["verify", "examples/manipulation/push.yaml"])
    #expect(verified.status == 1 && verified.errors.contains("is no recording: a replay is a JSON document"))
  }

  #if MuJoCo
    @Test("a task of one's own is described by its own summary, and its faults are counted where it is trained")
    func ownTask() throws {
      let folder = TemporaryFolder()
      let path = "examples/manipulation/push"
      let files = ["--set", "model=\(path).xml", "--set", "task=\(path).yaml"]
      let described = try Program.run(["describe", "manipulation/Own"] + files)
      #expect(described.output.hasPrefix("manipulation/Own: push a puck onto a mark\n"), "\(described.errors)")
      let text = try String(contentsOfFile: "examples/manipulation/push.yaml", encoding: .utf8)
      let broken = text.replacing("distance(puck, goal) < 0.04", with: "1 / (x(puck) - x(puck)) < 0.04")
      try broken.write(toFile: folder.path("task.yaml"), atomically: true, encoding: .utf8)
      let result = try Program.run([
        "train", "manipulation/Own", files[0], files[1], "--set", "task=\(folder.path("task.yaml"))", "--agent",
        "random", "--steps", "2048", "--set", "evaluations=0", "--set", "finalEpisodes=2", "--out", folder.path("run"),
      ])
      #expect(result.status == 0 && result.output.contains("fault"), "\(result.errors)")
      #expect(result.errors.contains("2048 episodes of the training broke and were cut"), "\(result.errors)")
      let last = try #require(MetricFile.read(folder.path("run/metrics.jsonl")).lines.last)
      #expect(last["episode/faults"] == 2048 && last["episode/fault"] == 1)
    }
  #endif

  @Test("an unknown id is refused with what is near")
  func unknown() throws {
    let result = try Program.run(["describe", "go-explor"])
    #expect(result.status == 1)
    #expect(result.errors.contains("Did you mean 'go-explore'"))
    #expect(try Program.run(["list", "--help"]).output.contains("forage describe"))
  }
}
