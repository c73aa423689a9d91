import Experiments
import Foundation
import Groundwork
import Testing

/// Several values of a setting are arms of a comparison, whose best is said to be chosen on the seeds it is shown on.
@Suite struct SweepTests {
  private static let command = [
    "compare", "--env", "control/CartPole", "--seeds", "2", "--steps", "1k", "--set", "evaluations=0", "--set",
    "finalEpisodes=2", "--set", "agent.slots=8", "--set", "agent.steps=16",
  ]

  @Test("an arm that begins with what another run learnt says so, with the steps behind it")
  func borrowed() throws {
    let folder = TemporaryFolder()
    let source = folder.path("source")
    let short = Self.command.dropFirst(7)
    #expect(
      try Program.run(["train", "control/CartPole", "--steps", "1k", "--out", source] + short).status == 0)
    let result = try Program.run(Self.command + ["--set", "run.from=\(source),null", "--out", folder.path("both")])
    #expect(result.status == 0, "\(result.errors)")
    let words = result.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("begins with what another run learnt in 1k steps, which no figure here counts."), "\(words)")
    #expect(words.contains("steps of another run"))
    let page = try Files.readText(folder.path("both/report.html"))
    #expect(page.contains("<span class=\"tag\">1k steps of another run</span>"))
  }

  @Test("values that are other tasks or other measurements are no arms, and the way to compare them is said")
  func otherTasks() throws {
    let folder = TemporaryFolder()
    for (setting, line) in [
      ("environment.timeLimit=50,500", "values of 'environment.timeLimit' are other tasks, and arms are ranked on the "
        + "same one. Name environments instead, each judged by itself: --env 'control/CartPole(timeLimit=50)' --env "
        + "'control/CartPole(timeLimit=500)'"),
      ("timeLimit=50..500+3", "values of 'timeLimit' are other tasks, and arms are ranked on the same one. Name "
        + "environments instead, each judged by itself: --env 'control/CartPole(timeLimit=50)' --env "
        + "'control/CartPole(timeLimit=275)'"),
      ("evaluationChoice=mode,sample", "values of 'evaluationChoice' are other measurements, and arms are measured "
        + "alike. Name one of them, or make a comparison for each"),
    ] {
      let result = try Program.run([
        "compare", "--env", "control/CartPole", "--set", setting, "--seeds", "2", "--steps", "1k", "--out",
        folder.path("x"),
      ])
      #expect(result.status == 1 && result.errors == "forage: \(line)\n", "\(result.errors)")
      #expect(!Files.exists(folder.path("x")))
    }
    // What is shown of the same task may differ.
    let shown = try Program.run([
      "compare", "--env", "control/CartPole", "--set", "frameStack=1,2", "--seeds", "1", "--steps", "600", "--set",
      "evaluations=0", "--set", "finalEpisodes=1", "--out", folder.path("shown"),
    ])
    #expect(shown.status == 0, "\(shown.errors)")
  }

  @Test("lists of two settings are a grid of arms, and the page says how to report the best on fresh seeds")
  func grid() throws {
    let folder = TemporaryFolder()
    let path = folder.path("all")
    let result = try Program.run(
      Self.command + [
        "--set", "agent.learningRate=1e-4,1e-3", "--set", "agent.epochs=1..4*3", "--first-seed", "200", "--out", path,
      ])
    #expect(result.status == 0, "\(result.errors)")
    let description = try ComparisonDescription(reading: path + "/comparison.json")
    #expect(
      description.arms == [
        "learningRate=1e-4, epochs=1", "learningRate=1e-4, epochs=2", "learningRate=1e-4, epochs=4",
        "learningRate=1e-3, epochs=1", "learningRate=1e-3, epochs=2", "learningRate=1e-3, epochs=4",
      ])
    let last = description.cells[5].agent.configuration
    #expect(last["learningRate"]?.double == 1e-3 && last["epochs"] == 4 && last["slots"] == 8)
    let note = "is chosen on the very seeds that it is shown on here, which flatters it. On fresh seeds: `forage "
    #expect(result.output.contains("The best of these 6 settings, learningRate=1e-"))
    #expect(result.output.contains(note + "compare --env control/CartPole --agent ppo --reward environment --seeds 2 "
      + "--first-seed 202 --steps 1000 --set evaluations=0"))
    let page = String(decoding: try #require(folder.bytes("all/report.html")), as: UTF8.self)
    #expect(page.contains("is chosen on the very seeds that it is shown on here"))
    // The command does what it says.
    let words = result.output.components(separatedBy: "On fresh seeds: `forage ")[1].components(separatedBy: "`")[0]
    let fresh = try Program.run(words.split(separator: " ").map(String.init))
    #expect(fresh.status == 0, "\(fresh.errors)")
    #expect(!fresh.output.contains("chosen on the very seeds"))
    let other = try ComparisonDescription(reading: path + "-fresh/comparison.json")
    #expect(other.seeds == [202, 203] && other.cells.count == 1)
    #expect(description.cells.map(\.agent).contains(other.cells[0].agent))
  }

  @Test("random trials share a total budget, and more are added later")
  func trials() throws {
    let folder = TemporaryFolder()
    let path = folder.path("all")
    var command = Self.command
    command.replaceSubrange(5...6, with: ["--total-steps", "3k"])
    let result = try Program.run(
      command + ["--set", "agent.learningRate=1e-4..1e-2*", "--trials", "3", "--out", path])
    #expect(result.status == 0, "\(result.errors)")
    let before = try ComparisonDescription(reading: path + "/comparison.json")
    #expect(before.arms.count == 3 && before.cells.allSatisfy { $0.run.steps == 500 })
    let kept = try Files.read(path + "/" + before.runs[0].path + "/metrics.jsonl")
    let more = try Program.run(["compare", "--resume", path, "--trials", "5"])
    #expect(more.status == 0 && more.errors.contains("4 runs are added to the 6 that are there"), "\(more.errors)")
    let after = try ComparisonDescription(reading: path + "/comparison.json")
    #expect(after.arms.count == 5 && Array(after.arms.prefix(3)) == before.arms)
    #expect(Array(after.cells.prefix(3)) == before.cells)
    #expect(try Files.read(path + "/" + before.runs[0].path + "/metrics.jsonl") == kept)
    // A design meets all settings, an agent comes as it is.
    let baseline = try Program.run(["compare", "--resume", path, "--agent", "random"])
    #expect(baseline.status == 0, "\(baseline.errors)")
    #expect(try ComparisonDescription(reading: path + "/comparison.json").arms.last == "random: environment")
  }

  @Test("what cannot be swept is one line", arguments: [
    (["--set", "agent.learningRate=1..2+50", "--set", "agent.discount=0..1+3"], "these would be 150 arms (50 x 3)"),
    (["--trials", "3"], "--trials draws settings, and no --set gives a setting several values"),
    (["--set", "agent.learningRate=1..2"], "does not say how many values of it are to be tried"),
    (["--set", "agent.epochs=1,2", "--trials", "3"], "3 trials are more than the 2 combinations"),
    (["--set", "agent.epochs=1,2", "--agent", "ppo(epochs=3)"], "the arms 'epochs=1' and 'epochs=2' are the same"),
    (["--set", "agent.epochs=1,many"], "agent.epochs of agent 'ppo' cannot be \"many\""),
    (["--set", "agent.epochs=1,2", "--set", "agent.epochs=3,4"], "agent.epochs is set twice"),
    (["--set", "agent.learninRate=1,2"], "there is no setting 'agent.learninRate'"),
    (["--set", "agent.memory=gru,lstn"], "cannot be \"lstn\". Did you mean 'lstm'?"),
  ])
  func refused(_ options: [String], _ line: String) throws {
    let folder = TemporaryFolder()
    let result = try Program.run(Self.command + options + ["--out", folder.path("all")])
    #expect(result.status == 1 && result.errors.contains(line), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(folder.bytes("all/comparison.json") == nil)
  }

  @Test("one design written in two ways is refused, in a comparison and in a suite, before anything runs", arguments: [
    (["environment", "1.0*environment"], "the arm 'ppo: environment' is named twice"),
    (["environment+0.01*count", "environment + 1e-2*count()"], "the arm 'ppo: environment+0.01*count' is named twice"),
    (
      ["environment+0.01*count", "0.01*count+environment"],
      "the arms 'environment+0.01*count' and '0.01*count+environment' are the same"
    ),
  ])
  func twins(_ rewards: [String], _ line: String) throws {
    let folder = TemporaryFolder()
    let suite = folder.path("twins.yaml")
    let quoted = rewards.map { "'\($0)'" }.joined(separator: ", ")
    try "summary: x\ntasks: [control/CartPole]\nrewards: [\(quoted)]\nseeds: 2\nsteps: 1000\n"
      .write(toFile: suite, atomically: true, encoding: .utf8)
    let given = ["--env", "control/CartPole", "--seeds", "2", "--steps", "1k"] + rewards.flatMap { ["--reward", $0] }
    for options in [given, ["--suite", suite]] {
      let result = try Program.run(["compare"] + options + ["--out", folder.path("all")])
      #expect(result.status == 1 && result.errors.contains(line), "\(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1)
      #expect(folder.bytes("all/comparison.json") == nil)
    }
  }

  @Test("one run takes one value, and is told of compare")
  func train() throws {
    let folder = TemporaryFolder()
    let result = try Program.run(
      ["train", "control/CartPole", "--set", "agent.learningRate=1e-4,1e-3", "--out", folder.path("run")])
    #expect(result.status == 1)
    #expect(
      result.errors == "forage: 'agent.learningRate' is given several values, and a run has one. Name one of them, or "
        + "compare them: `forage compare --env ... --set agent.learningRate=... --out runs/sweep`\n")
    // A text with commas is one value.
    let cell = try Program.run([
      "train", "gridworld/Empty-5x5", "--agent", "go-explore", "--set", "agent.cell=position,carried", "--steps", "100",
      "--set", "evaluations=0", "--set", "finalEpisodes=1", "--out", folder.path("cells"),
    ])
    #expect(cell.status == 0, "\(cell.errors)")
  }
}
