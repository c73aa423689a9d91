import Experiments
import Foundation
import Groundwork
import Testing

/// A run, finished or not, is trained longer, and ends on the bits of one that was begun so where nothing depends on
/// the budget.
@Suite struct ExtensionTests {
  private static func words(_ options: [String]) -> [String] {
    [
      "train", "gridworld/Empty-5x5", "--set", "evaluationEpisodes=2", "--set", "finalEpisodes=4", "--set",
      "keptCheckpoints=100", "--set", "checkpointSeconds=0", "--workers", "1",
    ] + options
  }
  private static let ppo = [
    "--set", "agent.hiddenLayers=[16]", "--set", "agent.slots=8", "--set", "agent.batches=2", "--set",
    "agent.steps=16", "--reward", "environment+0.1*rnd(hidden=8,features=4)",
  ]
  private static let constant = ppo + ["--set", "agent.annealsLearningRate=false"]

  /// The last checkpoint's bytes, and the last evaluation's.
  private static func ends(_ run: String) throws -> [[UInt8]] {
    let directory = try RunDirectory(opening: run)
    let last = "\(directory.checkpoints)/\(try #require(directory.checkpointSteps.last))"
    let files = ["state.safetensors", "policy.safetensors"].map { "\(last)/\($0)" }.filter { Files.exists($0) }
    // Which run they are of, the one that was begun so or the other, stands in the documents.
    let documents = try ["\(last)/checkpoint.json", run + "/evaluation.json"].map { path in
      var document = try JSON(parsing: try Files.read(path, as: .document), name: path, kind: .document)
      for key in ["run", "digest"] { document[key] = nil }
      return Array(document.text().utf8)
    }
    return try files.map { try Files.read($0, as: .state) } + documents
  }

  @Test("a finished run that is extended ends on the bits of one that was begun with the larger budget", arguments: [
    ["--agent", "random"], constant,
  ])
  func extended(_ options: [String]) throws {
    let folder = TemporaryFolder()
    let words = Self.words(options)
    #expect(try Program.run(words + ["--steps", "2k", "--out", folder.path("short")]).status == 0)
    let long = try Program.run(words + ["--steps", "5000", "--out", folder.path("long")])
    #expect(long.status == 0)
    let extended = try Program.run(["train", "--resume", folder.path("short"), "--steps", "5k"])
    #expect(extended.status == 0, "\(extended.errors)")
    #expect(extended.errors.contains("the run ends on the bits of one that was begun so"))
    #expect(extended.output == long.output)
    #expect(try Self.ends(folder.path("short")) == Self.ends(folder.path("long")))
    let description = try RunDirectory(opening: folder.path("short")).description()
    #expect(description.run.steps == 5000)
    #expect(description.extensions?.count == 1 && description.extensions?[0].steps == 2000)
    #expect((description.extensions?[0].step ?? 0) >= 2000)
    // It is finished, and whole for whoever reads it.
    #expect(try Program.run(["train", "--resume", folder.path("short")]).output == long.output)
    #expect(try RunDirectory(opening: folder.path("short")).finalMetrics().last?.step ?? 0 >= 5000)
  }

  @Test("an extended run that is stopped and resumed ends on the same bits", arguments: [false, true])
  func stopped(_ wasFinished: Bool) throws {
    let folder = TemporaryFolder()
    let words = Self.words(Self.constant)
    let seldom = words.map { $0 == "checkpointSeconds=0" ? "checkpointSeconds=1000" : $0 }
    #expect(try Program.run(seldom + ["--steps", "40k", "--out", folder.path("long")]).status == 0)
    let short = try Program.start(words + ["--steps", wasFinished ? "1k" : "30k", "--out", folder.path("short")])
    if !wasFinished {
      while short.process.isRunning, folder.bytes("short/checkpoints/1024/checkpoint.json") == nil { usleep(1000) }
      short.signal(SIGKILL)
    }
    _ = short.wait()
    let running = try Program.start(["train", "--resume", folder.path("short"), "--steps", "40k"])
    let directory = try RunDirectory(opening: folder.path("short"))
    while running.process.isRunning, (directory.checkpointSteps.last ?? 0) < 3_000 { usleep(1000) }
    running.signal(SIGKILL)
    _ = running.wait()
    #expect(!directory.isFinished, "it was killed too late to show anything")
    #expect(try directory.description().run.steps == 40_000)
    #expect(try Program.run(["train", "--resume", folder.path("short")]).status == 0)
    #expect(try Self.ends(folder.path("short")) == Self.ends(folder.path("long")))
  }

  @Test("where a setting follows the budget the run says so, and ends elsewhere")
  func annealed() throws {
    let folder = TemporaryFolder()
    let words = Self.words(Self.ppo)
    #expect(try Program.run(words + ["--steps", "2k", "--out", folder.path("short")]).status == 0)
    #expect(try Program.run(words + ["--steps", "4k", "--out", folder.path("long")]).status == 0)
    let extended = try Program.run(["train", "--resume", folder.path("short"), "--steps", "4k"])
    #expect(extended.status == 0)
    #expect(
      extended.errors.contains(
        "from here on agent.annealsLearningRate is as in a run of 4 000, and so far it was as in one of 2 000"))
    #expect(try Self.ends(folder.path("short")) != Self.ends(folder.path("long")))
    let rates = try MetricFile.read(folder.path("short/metrics.jsonl")).lines.compactMap { line in
      line.values.first { $0.name == "optimizer/learningRate" }.map { (line.step, $0.value) }
    }
    let turn = try #require(rates.firstIndex { $0.0 > 2048 })
    #expect(rates[turn].1 > rates[turn - 1].1, "it rises to what a run of 4k steps has there")
  }

  @Test("what was written under another budget is not taken for the run's, raised or not")
  func budgetsApart() throws {
    let folder = TemporaryFolder()
    let words = Self.words(Self.ppo)
    #expect(try Program.run(words + ["--steps", "1k", "--out", folder.path("short")]).status == 0)
    let own = try Program.run(["train", "--resume", folder.path("short")]).output
    for (name, steps) in [("raised", "2k"), ("other", "3k")] {
      try FileManager.default.copyItem(atPath: folder.path("short"), toPath: folder.path(name))
      #expect(try Program.run(["train", "--resume", folder.path(name), "--steps", steps]).status == 0)
    }
    /// A copy of a run with some files of another one.
    func mixed(_ run: String, _ files: [String], of other: String) throws -> String {
      let copy = folder.path("\(run)-\(other)-\(files.count)")
      try FileManager.default.copyItem(atPath: folder.path(run), toPath: copy)
      for file in files {
        try? FileManager.default.removeItem(atPath: copy + "/" + file)
        try FileManager.default.copyItem(atPath: folder.path("\(other)/\(file)"), toPath: copy + "/" + file)
      }
      return copy
    }
    for (run, other) in [("short", "raised"), ("raised", "short"), ("raised", "other"), ("other", "raised")] {
      let evaluated = try Program.run(["train", "--resume", try mixed(run, ["evaluation.json"], of: other)])
      #expect(
        evaluated.status == 1 && evaluated.errors.contains("another run"), "\(run), \(other): \(evaluated.output)")
      let directory = try RunDirectory(
        opening: try mixed(run, ["metrics.jsonl", "metrics.check"], of: other))
      let refusal = #expect(throws: UserError.self) { try directory.finalMetrics() }
      #expect(refusal?.description.contains("metrics.jsonl") ?? false)
      let last = try #require(try RunDirectory(opening: folder.path(other)).checkpointSteps.last)
      // The checkpoints up to that at which both were raised are the same.
      guard other != "short" else { continue }
      let foreign = try mixed(run, ["checkpoints/\(last)", "metrics.jsonl", "metrics.check"], of: other)
      for command in [["evaluate", foreign, "--episodes", "1", "--step", "\(last)"], ["train", "--resume", foreign]] {
        if command[0] == "train" {
          try FileManager.default.removeItem(atPath: foreign + "/evaluation.json")
          for step in try RunDirectory(opening: foreign).checkpointSteps where step > last {
            try Files.remove("\(foreign)/checkpoints/\(step)")
          }
        }
        let refused = try Program.run(command)
        #expect(refused.status == 1 && refused.errors.contains("another run"), "\(command): \(refused.errors)")
      }
    }
    #expect(try Program.run(["train", "--resume", folder.path("short")]).output == own)
    // As a configuration it begins another run, which is said.
    let again = try Program.run(["train", "--config", folder.path("raised/run.json"), "--out", folder.path("again")])
    #expect(again.status == 0 && again.errors.contains("was raised at step 1 024; this one has its budget from the"))
    // The checkpoint at which a budget was raised, and those after it, are what the run goes on from.
    let directory = try RunDirectory(opening: folder.path("raised"))
    let raised = try #require(try directory.description().extensions?.first?.step)
    for step in directory.checkpointSteps where step >= raised {
      try Files.remove("\(directory.checkpoints)/\(step)")
    }
    try Files.remove(directory.path + "/evaluation.json")
    let lacking = try Program.run(["train", "--resume", directory.path])
    #expect(
      lacking.errors == "forage: '\(directory.path)' lacks the checkpoint of step \(raised), at which its budget was "
        + "raised. Restore it from a copy, or begin the run anew\n")
  }

  @Test("a budget that is not above, and a run of a comparison, are refused")
  func refused() throws {
    let folder = TemporaryFolder()
    #expect(
      try Program.run(Self.words(["--agent", "random", "--steps", "2k", "--out", folder.path("run")])).status == 0)
    let before = folder.bytes("run/run.json")
    let fewer = try Program.run(["train", "--resume", folder.path("run"), "--steps", "1k"])
    #expect(fewer.status == 1 && fewer.errors.contains("the run has a budget of 2000 steps, and 1000 are fewer"))
    #expect(try Program.run(["train", "--resume", folder.path("run"), "--steps", "2k"]).status == 0)
    #expect(folder.bytes("run/run.json") == before && folder.bytes("run/evaluation.json") != nil)
    let path = folder.path("all")
    #expect(
      try Program.run([
        "compare", "--env", "gridworld/Empty-5x5", "--agent", "random", "--seeds", "1", "--steps", "1k", "--set",
        "evaluations=0", "--set", "finalEpisodes=1", "--out", path,
      ]).status == 0)
    let arm = try Program.run([
      "train", "--resume", path + "/runs/gridworld-Empty-5x5/environment/seed-1", "--steps", "9k",
    ])
    #expect(arm.status == 1 && arm.errors.contains("is a run of a comparison"))
    #expect(try Program.run(["report", path]).status == 0)
  }
}
