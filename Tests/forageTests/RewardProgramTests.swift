import Catalog
import Foundation
import Groundwork
import ReinforcementLearning
import RewardPrograms
import Testing

/// Reward programs from the command line.
@Suite struct RewardProgramTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let doorKey = root.appendingPathComponent("examples/rewards/doorkey.reward").path

  private func write(_ text: String, in folder: TemporaryFolder, as name: String = "my.reward") throws -> String {
    try Files.writeAtomically(text, to: folder.path(name))
    return folder.path(name)
  }

  /// An episode of Empty-5x5 that succeeds after 5 steps, and one of 30 that does not.
  private func writeReplays(in folder: TemporaryFolder) throws -> String {
    let replays = folder.path("replays")
    try Files.makeDirectory(replays)
    // Forward twice, right, forward twice lead to the goal; turning left does not.
    let episodes: [(name: String, actions: [Float])] = [
      ("lost", Array(repeating: 0, count: 30)), ("won", [2, 2, 1, 2, 2]),
    ]
    let recipe = try Catalog.recipe("gridworld/Empty-5x5")
    for (name, actions) in episodes {
      let replay = try Replay(of: recipe, seed: 3, actions: actions)
      #expect(replay.success == (name == "won"))
      try replay.write(to: "\(replays)/\(name).json")
    }
    return replays
  }

  @Test("check shows what the components paid, the same twice, and in a document")
  func check() throws {
    let first = try Program.run(["check", RewardProgramTests.doorKey, "--env", "gridworld/DoorKey-8x8"])
    #expect(first.status == 0 && first.errors == "")
    #expect(first.output.contains("2 components, reads carried, openDoors, distance\n"))
    #expect(first.output.contains(" random steps: finite, not constant"))
    let again = try Program.run(["check", RewardProgramTests.doorKey, "--env", "gridworld/DoorKey-8x8"])
    #expect(again.output == first.output)
    let json = try Program.run(["check", RewardProgramTests.doorKey, "--env", "gridworld/DoorKey-8x8", "--json"])
    let document = try JSON(parsing: json.output, name: "output")
    #expect(document["components"]?.array?.map { $0["name"] } == ["way", "stages"])
    #expect(document["components"]?.array?[1]["weight"]?.double == 1)
    #expect(document["steps"] == 1000 && document["isConstant"] == false && document["replays"] == .null)
    #expect(document["signals"] == ["carried", "openDoors", "distance"])
  }

  @Test("check refuses in a line what cannot be read, pays the same throughout, or prefers failures")
  func refused() throws {
    let folder = TemporaryFolder()
    func errors(_ text: String, _ more: String...) throws -> String {
      let path = try write(text, in: folder)
      let result = try Program.run(["check", path, "--env", "gridworld/DoorKey-5x5"] + more)
      #expect(result.status == 1)
      #expect(result.errors.hasPrefix("forage: ") && result.errors.filter { $0 == "\n" }.count == 1)
      return result.errors
    }
    let constant = try errors("reward.x = 3")
    #expect(constant.contains("pays the same in all 1000 random steps, which teaches nothing. Pay for something"))
    // Random play comes across it; the weight is why nothing is paid.
    let off = try Program.run(
      ["check", try write("reward.x weight 0 = distance", in: folder), "--env", "gridworld/DoorKey-5x5"])
    #expect(off.output.contains("has the weight 0 and pays nothing") && !off.output.contains("random play may"))
    #expect(off.errors.contains("which teaches nothing. Give a component a weight other than 0"))
    #expect(try errors("reward.x = distanse").contains("my.reward', line 1, column 12: there is no name 'distanse'"))
    #expect(try errors("reward.x = 1 / (distance - distance)").contains("is not a finite number in one of the steps"))
    #expect(try errors("reward.x = distance", "--replays", folder.path("none")).contains("does not exist"))
    let huge = try errors("reward.x = 3e38 + 0 * distance\nreward.y = 3e38 + 0 * distance")
    #expect(huge.contains("the sum of all components is not a finite number in one of the steps"))
    let large = try errors("reward.x = 1" + String(repeating: " + 1", count: 1_000_000))
    #expect(large.contains("my.reward' is larger than 64 KiB, the most that a reward program may have"))
    let missing = try Program.run(["check", folder.path("no.reward"), "--env", "gridworld/DoorKey-5x5"])
    #expect(missing.status == 1 && missing.errors.contains("no.reward"))
    let replays = try writeReplays(in: folder)
    let right = try write("reward.way = before(distance) - distance", in: folder)
    let good = try Program.run(["check", right, "--env", "gridworld/Empty-5x5", "--replays", replays])
    #expect(good.status == 0, "\(good.errors)")
    // A verdict says what it rests on.
    #expect(good.output.contains("paid more in 100.0 % of 1 pair of 1 success and 1 failure, 35 steps in all\n"))
    #expect(good.output.contains("fewer than 10 of a kind say little"))
    let wrong = try write("reward.way = distance", in: folder)
    let bad = try Program.run(["check", wrong, "--env", "gridworld/Empty-5x5", "--replays", replays])
    #expect(bad.status == 1 && bad.errors.contains("pays successes no more than failures: more in 0.0 %"))
    #expect(bad.errors.contains("% of 1 pair of 1 success and 1 failure. Look for"))
  }

  @Test("replays are ranked by their discounted return, by the discount of the table above")
  func discounted() throws {
    let folder = TemporaryFolder()
    let replays = try writeReplays(in: folder)
    func ranking(_ text: String) throws -> JSON? {
      let path = try write(text, in: folder)
      let result = try Program.run(["check", path, "--env", "gridworld/Empty-5x5", "--replays", replays, "--json"])
      return try JSON(parsing: result.output, name: "output")["replays"]
    }
    let bonus = try ranking("reward.a = (0.995 - discount) * number(step.success)")
    #expect(bonus?["successAboveFailure"]?.double == 1 && bonus?["discount"]?.double == 0.99)
    // 1.164 against 1.230 in a plain sum, 1.122 against 1.067 in a discounted one.
    #expect(try ranking("reward.a = if step.success then 1 else 0.041")?["successAboveFailure"]?.double == 1)
    let shaped = try ranking("reward.a = shaping(-distance)")
    #expect(shaped?["successAboveFailure"] != nil)
    for written in ["discount * (if step.terminated then 0 else -distance)", "0.99 * -distance"] {
      #expect(try ranking("reward.a = \(written) + before(distance)") == shaped)
    }
    let screen = try Program.run(
      ["check", try write("reward.a = step.reward", in: folder), "--env", "gridworld/Empty-5x5", "--replays", replays])
    #expect(screen.output.contains("is paid its discounted return: the sum of what step t is paid times 0.99^t\n"))
  }

  @Test("links in a directory of replays count nothing twice")
  func links() throws {
    let folder = TemporaryFolder()
    let replays = try writeReplays(in: folder)
    func check() throws -> String {
      let path = try write("reward.way = before(distance) - distance", in: folder)
      return try Program.run(["check", path, "--env", "gridworld/Empty-5x5", "--replays", replays]).output
    }
    let expected = try check()
    #expect(expected.contains("of 1 pair of 1 success and 1 failure, 35 steps in all\n"))
    for (name, target) in [("again", "."), ("above", ".."), ("copy.json", "won.json")] {
      try FileManager.default.createSymbolicLink(atPath: "\(replays)/\(name)", withDestinationPath: target)
    }
    #expect(try check() == expected)
  }

  @Test("a run records the program's text and digest, and goes on without the file")
  func run() throws {
    let folder = TemporaryFolder()
    let text = "way = -distance / 10\nreward.way weight 0.5 = shaping(way)\n"
    let path = try write(text, in: folder)
    func train(_ out: String, _ more: [String]) throws {
      let result = try Program.run(
        [
          "train", "gridworld/DoorKey-5x5", "--reward", "environment+program(file=\(path))", "--out", folder.path(out),
          "--set", "evaluations=0", "--set", "finalEpisodes=5", "--set", "agent.slots=4", "--set", "agent.steps=32",
          "--set", "agent.minibatches=2",
        ] + more)
      #expect(result.status == 0, "\(result.errors)")
    }
    try train("parts", ["--steps", "512"])
    let run = try JSON(parsing: try Files.read(folder.path("parts/run.json")), name: "run")
    let recorded = try #require(run["reward"]?["terms"]?.array?[1]["configuration"])
    #expect(recorded["file"]?.string == text)
    #expect(recorded["digest"]?.string == RewardProgram.digest(of: text))
    #expect(recorded["discount"]?.double != nil)
    try Files.remove(path)
    let resumed = try Program.run(["train", "--resume", folder.path("parts"), "--steps", "1024"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    let metrics = try Files.readText(folder.path("parts/metrics.jsonl"), as: .metrics)
    #expect(metrics.contains("\"reward/way\""))
  }

  @Test("a text that is not the recorded one is refused, and so is a program that is not named")
  func digest() throws {
    let folder = TemporaryFolder()
    let path = try write("reward.way = -distance\n", in: folder)
    func errors(_ reward: String) throws -> String {
      let result = try Program.run(
        ["train", "gridworld/DoorKey-5x5", "--reward", reward, "--steps", "64", "--out", folder.path("run")])
      #expect(result.status == 1)
      return result.errors
    }
    #expect(try errors("program(file=\(path),digest=sha256-0000)").contains("not sha256-0000. It was changed since;"))
    #expect(try errors("program").contains("the reward 'program' has no program. Name its file: program(file="))
    #expect(try errors("program(file=\(path),discount=2)").contains("program.discount cannot be 2"))
    #expect(try errors("program(file=\(folder.path("none")))").contains("none"))
  }

  @Test("a design that goes on counts on from the attempts that were made before")
  func counter() throws {
    let folder = TemporaryFolder()
    let out = folder.path("designed")
    func design() throws -> String {
      let result = try Program.run([
        "design", "gridworld/Empty-5x5", "--agent", "ppo(slots=4,batches=1,steps=32)", "--candidates", "2",
        "--iterations", "2", "--steps", "256", "--evaluations", "2", "--episodes", "2", "--jobs", "1", "--out", out,
      ])
      #expect(result.status == 0, "\(result.errors)")
      return result.errors
    }
    let whole = try design()
    for line in ["[1/4] 1-1: ", "[2/4] 1-2: ", "[3/4] 2-1: ", "[4/4] 2-2: "] { #expect(whole.contains(line)) }
    // As if it had been killed between the iterations.
    try Files.remove(out + "/attempts/2")
    let rest = try design()
    #expect(rest.contains("[3/4] 2-1: ") && rest.contains("[4/4] 2-2: ") && !rest.contains("[1/4]"))
  }

  @Test("the page's grammar is the one that describe prints, and its program the one that ships")
  func page() throws {
    let page = try String(
      contentsOf: RewardProgramTests.root.appendingPathComponent("docs/reward-programs.md"), encoding: .utf8)
    let printed = try Program.run(["describe", "control/CartPole", "--grammar"])
    #expect(printed.status == 0)
    #expect(page.contains("```\n" + printed.output + "```"))
    let shipped = try String(contentsOfFile: RewardProgramTests.doorKey, encoding: .utf8)
    let lines = shipped.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n")
    #expect(page.contains("```\n\(lines)\n```"))
    let both = try Program.run(["describe", "control/CartPole", "--grammar", "--json"])
    #expect(both.status == 1 && both.errors.contains("--grammar prints the grammar alone"))
  }
}
