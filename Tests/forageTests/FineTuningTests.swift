import Experiments
import Foundation
import Groundwork
import Testing

/// A run begins with what another one learnt; what does not fit is refused before anything is written.
@Suite struct FineTuningTests {
  private static let small = [
    "--set", "evaluations=2", "--set", "evaluationEpisodes=20", "--set", "finalEpisodes=4", "--set",
    "keptCheckpoints=100", "--set", "checkpointSeconds=0",
  ]

  /// A CartPole that balances better than an untrained one.
  private static func source(_ folder: TemporaryFolder, _ options: [String] = []) throws -> String {
    let path = folder.path("first")
    let result = try Program.run(
      ["train", "control/CartPole", "--steps", "20k", "--seed", "1", "--out", path] + small + options)
    #expect(result.status == 0, "\(result.errors)")
    return path
  }

  private static func checkpoint(_ path: String, _ step: Int) -> String { "\(path)/checkpoints/\(step)" }

  @Test("networks, moments and statistics are taken over, and counters, seed, reward and budget are new")
  func takenOver() throws {
    let folder = TemporaryFolder()
    let path = try Self.source(folder, ["--set", "agent.normalizesObservations=true"])
    let last = try #require(try RunDirectory(opening: path).checkpointSteps.last)
    let result = try Program.run(
      [
        "train", "control/CartPole(timeLimit=400)", "--from", path, "--reward", "environment+0.1*rnd(hidden=8)",
        "--steps", "3k", "--seed", "9", "--set", "agent.normalizesObservations=true", "--set",
        "agent.learningRate=1e-4", "--out", folder.path("second"),
      ] + Self.small)
    #expect(result.status == 0, "\(result.errors)")
    let description = try RunDirectory(opening: folder.path("second")).description()
    #expect(description.run.from == path && description.initial?.step == last && description.run.seed == 9)
    // The policy of the first checkpoint is the other run's last one, to the bit; the optimizer is, too.
    let mine = Self.checkpoint(folder.path("second"), 0)
    func arrays(_ file: String) throws -> SavedState { try SavedState(reading: file) }
    let policy = try arrays(mine + "/policy.safetensors")
    let other = try arrays(Self.checkpoint(path, last) + "/policy.safetensors")
    for name in other.names where name != "background" {
      #expect(policy.entries[name] == other.entries[name], "\(name)")
    }
    let (state, before) = try (
      arrays(mine + "/state.safetensors"), arrays(Self.checkpoint(path, last) + "/state.safetensors")
    )
    let moments = before.names.filter { $0.hasPrefix("agent.adam.") || $0.hasPrefix("agent.observations.") }
    #expect(moments.contains { $0.hasPrefix("agent.adam.mean.") } && moments.contains { $0.hasSuffix(".count") })
    for name in moments { #expect(state.entries[name] == before.entries[name], "\(name)") }
    #expect(state.entries["agent.random"] != before.entries["agent.random"])
    #expect(try state.scalar("session.step", as: Int64.self) == 0)
    // What it has learnt shows before its first step: an untrained one balances for 10 to 30 steps.
    let lines = try MetricFile.read(folder.path("second/metrics.jsonl")).lines
    let start = try #require(lines.first?.values.first { $0.name == "evaluation/return" }?.value)
    #expect(lines.first?.step == 0 && start > 60, "\(start)")
  }

  @Test("a tuned temperature is taken over, and one that is not tuned is the configuration's")
  func temperature() throws {
    let folder = TemporaryFolder()
    let words = ["train", "control/Pendulum", "--agent", "sac", "--set", "agent.hiddenLayers=[16]"] + Self.small
    let path = folder.path("first")
    #expect(try Program.run(words + ["--steps", "2k", "--out", path]).status == 0)
    let last = try #require(try RunDirectory(opening: path).checkpointSteps.last)
    func temperature(_ path: String, _ step: Int) throws -> Float {
      let state = try SavedState(reading: Self.checkpoint(path, step) + "/state.safetensors")
      return try state.get("agent.temperature.logTemperature", as: Float.self, count: 1)[0]
    }
    for (name, options) in [("tuned", []), ("fixed", ["--set", "agent.learnsTemperature=false"])] {
      let result = try Program.run(words + ["--from", path, "--steps", "100", "--out", folder.path(name)] + options)
      #expect(result.status == 0, "\(result.errors)")
    }
    let learnt = try temperature(path, last)
    #expect(try learnt < 0 && temperature(folder.path("tuned"), 0) == learnt)
    #expect(try temperature(folder.path("fixed"), 0) == 0, "the logarithm of 1")
  }

  @Test("a run that begins with another's policy is killed and resumed without it, and ends on the same bits")
  func resumed() throws {
    let folder = TemporaryFolder()
    let path = try Self.source(folder)
    let words = ["train", "control/CartPole", "--from", path, "--steps", "20k"] + Self.small
    #expect(try Program.run(words + ["--out", folder.path("whole")]).status == 0)
    let running = try Program.start(words + ["--out", folder.path("parts")])
    while running.process.isRunning, folder.bytes("parts/checkpoints/0/checkpoint.json") == nil { usleep(1000) }
    running.signal(SIGKILL)
    _ = running.wait()
    let directory = try RunDirectory(opening: folder.path("parts"))
    #expect(!directory.isFinished)
    // From the very first checkpoint, without the run that it began with.
    for step in directory.checkpointSteps where step > 0 { try Files.remove("\(directory.checkpoints)/\(step)") }
    try Files.move(path, to: folder.path("elsewhere"))
    let resumed = try Program.run(["train", "--resume", folder.path("parts")])
    #expect(resumed.status == 0, "\(resumed.errors)")
    let last = try #require(directory.checkpointSteps.last)
    let arrays = ["state", "policy"].map { "checkpoints/\(last)/\($0).safetensors" }
    for file in arrays + ["evaluation.json"] {
      let bytes = folder.bytes("whole/" + file)
      #expect(bytes != nil && bytes == folder.bytes("parts/" + file), "\(file)")
    }
  }

  @Test("what does not fit names the first array that differs, and nothing is written", arguments: [
    (["control/CartPole", "--set", "agent.hiddenLayers=[32,32]"], "'policy.0.weight' in the checkpoint has shape"),
    (
      ["control/Acrobot", "--set", "agent.normalizesObservations=false"],
      "'policy.0.weight' in the checkpoint has shape [4, 64] where [6, 64] is expected"
    ),
    (["control/CartPole", "--agent", "random"], "this agent takes over nothing that another run has learnt"),
    (["control/CartPole", "--set", "agent.memory=gru"], "the checkpoint has no '"),
    (["control/CartPole", "--set", "agent.normalizesObservations=true"], "the checkpoint has no '"),
  ])
  func refused(_ words: [String], _ line: String) throws {
    let folder = TemporaryFolder()
    let path = folder.path("first")
    #expect(try Program.run(["train", "control/CartPole", "--steps", "100", "--out", path] + Self.small).status == 0)
    let result = try Program.run(["train"] + words + ["--from", path, "--steps", "1k", "--out", folder.path("second")])
    #expect(result.status == 1, "\(result.output)")
    #expect(result.errors.hasPrefix("forage: '\(path)' does not fit: " + line), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1 && folder.bytes("second/run.json") == nil)
  }

  @Test("runs without networks, or that are not there, are refused, and --resume goes without --from")
  func nothing() throws {
    let folder = TemporaryFolder()
    #expect(
      try Program.run(
        ["train", "control/CartPole", "--agent", "random", "--steps", "100", "--out", folder.path("random")]
          + Self.small
      ).status == 0)
    let random = try Program.run(["train", "control/CartPole", "--from", folder.path("random"), "--out", "x"])
    #expect(random.status == 1 && random.errors.contains("its agent has no networks"))
    let nowhere = try Program.run(["train", "control/CartPole", "--from", "nowhere", "--out", "x"])
    #expect(nowhere.status == 1 && nowhere.errors.contains("there is no directory 'nowhere'"))
    let both = try Program.run(["train", "--resume", folder.path("random"), "--from", folder.path("random")])
    #expect(both.status == 1 && both.errors.contains("so --from has no meaning beside it"))
  }

  @Test("in a comparison to begin with a run, or with none, are arms")
  func arms() throws {
    let folder = TemporaryFolder()
    let path = try Self.source(folder)
    let result = try Program.run(
      [
        "compare", "--env", "control/CartPole", "--set", "run.from=none,\(path)", "--seeds", "2", "--steps", "500",
        "--out", folder.path("all"),
      ] + Self.small)
    #expect(result.status == 0, "\(result.errors)")
    let description = try ComparisonDescription(reading: folder.path("all/comparison.json"))
    #expect(description.arms == ["from=none", "from=\(path)"])
    #expect(description.cells[0].initial == nil && description.cells[1].initial != nil)
    #expect(description.cells[0].run.from == nil)
    // A source that went on since is another one, and its run says so.
    let last = try #require(try RunDirectory(opening: path).checkpointSteps.last)
    try Files.remove("\(path)/checkpoints/\(last)")
    let more = try Program.run(["compare", "--resume", folder.path("all"), "--seeds", "3"])
    #expect(more.status == 1 && more.errors.contains("has no checkpoint of step \(last)"), "\(more.errors)")
  }

  @Test("a run.json begins with what its run began with: a source that is another by now is refused, --from takes it")
  func changedSource() throws {
    let folder = TemporaryFolder()
    let path = try Self.source(folder)
    func train(_ words: [String], _ out: String) throws -> ProgramResult {
      try Program.run(["train"] + words + ["--out", folder.path(out)])
    }
    let begun = try train(["control/CartPole", "--from", path, "--steps", "1k"] + Self.small, "second")
    #expect(begun.status == 0, "\(begun.errors)")
    let again = ["--config", folder.path("second/run.json")]
    #expect(try train(again, "third").status == 0)
    #expect(folder.bytes("third/run.json") == folder.bytes("second/run.json"))
    // The same number of steps, and other weights.
    try Files.move(path, to: folder.path("before"))
    _ = try Self.source(folder, ["--set", "agent.learningRate=1e-5"])
    let refused = try train(again, "fourth")
    #expect(refused.status == 1 && folder.bytes("fourth/run.json") == nil)
    #expect(refused.errors.contains("'\(path)' is not what the run was begun with"), "\(refused.errors)")
    let taken = try train(again + ["--from", path], "fifth")
    #expect(taken.status == 0, "\(taken.errors)")
    let digests = try ["second", "fifth"].map { try RunDirectory(opening: folder.path($0)).description().initial?.digest }
    #expect(digests[0] != digests[1])
  }

  @Test("agents that a search teaches begin with another run's networks, too")
  func expertIteration() throws {
    let folder = TemporaryFolder()
    let words = [
      "train", "board/TicTacToe", "--agent", "expert-iteration", "--set", "agent.hiddenLayers=[16]", "--set",
      "agent.simulations=4", "--set", "agent.slots=4", "--set", "agent.batches=1", "--steps", "200",
    ]
    #expect(try Program.run(words + ["--out", folder.path("first")] + Self.small).status == 0)
    let result = try Program.run(
      words + ["--from", folder.path("first"), "--out", folder.path("second")] + Self.small)
    #expect(result.status == 0, "\(result.errors)")
    let last = try #require(try RunDirectory(opening: folder.path("first")).checkpointSteps.last)
    let bytes = folder.bytes("second/checkpoints/0/policy.safetensors")
    #expect(bytes != nil && bytes == folder.bytes("first/checkpoints/\(last)/policy.safetensors"))
  }
}
