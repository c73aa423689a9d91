import Catalog
import Experiments
import Foundation
import Groundwork
import ReinforcementLearning
import Testing

/// What became of files after they were written: nothing of it changes a figure unnoticed.
@Suite(.serialized) struct DamageTests {
  private static let command =
    "compare --env gridworld/Empty-5x5 --agent random --reward environment --reward environment+0.1*count --seeds 2 "
    + "--steps 2k --set evaluations=2 --set evaluationEpisodes=2 --set finalEpisodes=5 --jobs 2 --out"

  private static func compare(_ folder: TemporaryFolder) throws -> String {
    let result = try Program.run(command.split(separator: " ").map(String.init) + [folder.path("all")])
    try #require(result.status == 0, "\(result.errors)")
    return folder.path("all")
  }

  private static func summary(_ path: String) throws -> ComparisonSummary {
    try Comparison(opening: path) { try Catalog.plan($0) }.summary(about: { _ in "" }, date: "")
  }

  @Test("a comparison with a damaged run ends with 1, says how to mend it, and that mends it")
  func damagedRun() throws {
    let folder = TemporaryFolder()
    let path = folder.path("all")
    let words = [
      "compare", "--env", "gridworld/Empty-5x5", "--agent", "random", "--seeds", "2", "--steps", "1k", "--set",
      "evaluations=0", "--set", "finalEpisodes=2", "--out", path,
    ]
    #expect(try Program.run(words).status == 0)
    let run = path + "/runs/gridworld-Empty-5x5/environment/seed-1"
    let metrics = try Files.read(run + "/metrics.jsonl")
    try Files.writeAtomically(Array(metrics.dropLast(20)), to: run + "/metrics.jsonl")
    let damaged = try Program.run(["compare", "--resume", path])
    let told = damaged.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(damaged.status == 1)
    #expect(
      told.contains(
        "1 of 2 runs are damaged and are left out. Restore their files, or remove their directories: `forage compare "
          + "--resume \(path)` then trains them again."), "\(told)")
    try Files.remove(run)
    #expect(try Program.run(["compare", "--resume", path]).status == 0)
    #expect(try Files.read(run + "/metrics.jsonl").count > 100)
  }

  @Test("a flip or a cut of any file of a comparison is named, and changes no figure")
  func anyFile() throws {
    let folder = TemporaryFolder()
    let path = try Self.compare(folder)
    let whole = ComparisonFigures(try Self.summary(path)).json
    let run = "runs/gridworld-Empty-5x5/environment/seed-1"
    var random = RandomSource(seed: 5)
    for name in ["evaluation.json", "metrics.jsonl", "metrics.check", "run.json"].map({ "\(run)/\($0)" })
      + ["comparison.json"]
    {
      let bytes = try Files.read("\(path)/\(name)")
      var versions = [bytes.dropLast(20), bytes.prefix(bytes.count / 2), []].map { Array($0) }
      for _ in 0..<20 {
        var flipped = bytes
        flipped[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
        versions.append(flipped)
      }
      for version in versions {
        try Files.writeAtomically(version, to: "\(path)/\(name)")
        let found: ComparisonSummary
        do {
          found = try Self.summary(path)
        } catch let error as UserError {
          #expect(name == "comparison.json" && error.reason.contains("comparison.json"), "\(error)")
          continue
        }
        // One run fewer, and a line that names it and its file; the others stand.
        #expect(found.environments[0].arms.map { $0.runs.count { $0.failure == nil } } == [1, 2], "\(name)")
        #expect(found.notes.contains { $0.hasPrefix("1 of 4 runs are damaged and are left out. ") })
        let named = found.notes.filter { $0.hasPrefix("Damaged: \(run): ") }
        #expect(named.count == 1 && named[0].contains((name as NSString).lastPathComponent), "\(found.notes)")
      }
      try Files.writeAtomically(bytes, to: "\(path)/\(name)")
    }
    #expect(ComparisonFigures(try Self.summary(path)).json == whole)
  }

  @Test(
    "a sound file of another run in a run's place is named, and changes no figure",
    arguments: [["evaluation.json"], ["metrics.jsonl", "metrics.check"]])
  func swapped(_ names: [String]) throws {
    let folder = TemporaryFolder()
    let path = try Self.compare(folder)
    let runs = "\(path)/runs/gridworld-Empty-5x5/"
    // Of another seed, and of another arm.
    for other in ["environment/seed-2", "environment+0.1xcount/seed-1"] {
      for name in names {
        try Files.writeAtomically(Files.read("\(runs)\(other)/\(name)"), to: "\(runs)environment/seed-1/\(name)")
      }
      let found = try Self.summary(path)
      #expect(found.environments[0].arms.map { $0.runs.count { $0.failure == nil } } == [1, 2])
      let named = found.notes.filter { $0.hasPrefix("Damaged: runs/gridworld-Empty-5x5/environment/seed-1: ") }
      #expect(named.count == 1 && named[0].contains("another run"), "\(found.notes)")
    }
  }

  @Test("a sound replay of another run is left out and named")
  func foreignReplay() throws {
    let folder = TemporaryFolder()
    let path = try Self.compare(folder)
    let comparison = try Comparison(opening: path) { try Catalog.plan($0) }
    let summary = try comparison.summary(about: { _ in "" }, date: "")
    let whole = try comparison.shownReplays(of: summary) { Issue.record("\($0)") }
    let runs = "\(path)/runs/gridworld-Empty-5x5"
    for seed in 1...2 {
      let replays = "\(runs)/environment/seed-\(seed)/replays/"
      for name in try FileManager.default.contentsOfDirectory(atPath: replays) {
        try Files.writeAtomically(
          Files.read("\(runs)/environment+0.1xcount/seed-\(seed)/replays/\(name)"), to: replays + name)
      }
    }
    var named: [String] = []
    let shown = try comparison.shownReplays(of: summary) { named.append($0.reason) }
    #expect(shown.count == whole.count / 2 && named.count == whole.count / 2)
    #expect(named.allSatisfy { $0.contains("is an episode of another run") }, "\(named)")
  }

  @Test("a checkpoint or an evaluation of another run is refused by what goes on from it")
  func foreignCheckpoint() throws {
    let folder = TemporaryFolder()
    let path = try Self.compare(folder)
    let seeds = (1...2).map { "\(path)/runs/gridworld-Empty-5x5/environment/seed-\($0)" }
    let step = try #require(RunDirectory(opening: seeds[0]).checkpointSteps.last)
    try Files.writeAtomically(Files.read(seeds[1] + "/evaluation.json"), to: seeds[0] + "/evaluation.json")
    let finished = try Program.run(["train", "--resume", seeds[0]])
    #expect(finished.status == 1 && finished.errors.contains("is the evaluation of another run"), "\(finished)")
    try Files.remove("\(seeds[0])/checkpoints/\(step)")
    try FileManager.default.copyItem(
      atPath: "\(seeds[1])/checkpoints/\(step)", toPath: "\(seeds[0])/checkpoints/\(step)")
    let evaluated = try Program.run(["evaluate", seeds[0]])
    #expect(evaluated.status == 1 && evaluated.errors.contains("is a checkpoint of another run"), "\(evaluated)")
  }

  @Test("files of the same run with another budget are another run's: much may fall over the budget")
  func otherBudget() throws {
    let folder = TemporaryFolder()
    let words = Self.command.split(separator: " ").map(String.init).drop { !$0.hasPrefix("--set") }.dropLast(3)
    func train(_ steps: String) throws -> String {
      let path = folder.path(steps)
      let train = ["train", "gridworld/Empty-5x5", "--agent", "random", "--steps", steps, "--out", path]
      try #require(try Program.run(train + words).status == 0)
      return path
    }
    let (short, long) = (try train("2k"), try train("4k"))
    func put(_ name: String) throws { try Files.writeAtomically(Files.read("\(short)/\(name)"), to: "\(long)/\(name)") }
    try put("evaluation.json")
    let finished = try Program.run(["train", "--resume", long])
    #expect(finished.status == 1 && finished.errors.contains("is the evaluation of another run"), "\(finished)")
    try Files.remove(long + "/evaluation.json")
    // Its own log up to an earlier step: there is a hole before the checkpoint.
    let lines = try ["metrics.jsonl", "metrics.check"].map { name in
      let whole = try Files.readText("\(long)/\(name)", as: .metrics)
      let lines = whole.split(separator: "\n").filter { !$0.hasPrefix("finished") }
      try Files.writeAtomically(lines.dropLast().map { $0 + "\n" }.joined(), to: "\(long)/\(name)")
      return whole
    }
    let cut = try Program.run(["train", "--resume", long])
    #expect(cut.status == 1 && cut.errors.contains("metrics.jsonl' has no line of step"), "\(cut)")
    for (name, text) in zip(["metrics.jsonl", "metrics.check"], lines) {
      try Files.writeAtomically(text, to: "\(long)/\(name)")
    }
    for name in ["metrics.jsonl", "metrics.check"] { try put(name) }
    let metrics = try Program.run(["train", "--resume", long])
    #expect(metrics.status == 1, "\(metrics)")
    let step = try #require(RunDirectory(opening: short).checkpointSteps.last)
    for old in try RunDirectory(opening: long).checkpointSteps { try Files.remove("\(long)/checkpoints/\(old)") }
    try FileManager.default.copyItem(atPath: "\(short)/checkpoints/\(step)", toPath: "\(long)/checkpoints/\(step)")
    let resumed = try Program.run(["train", "--resume", long])
    #expect(resumed.status == 1 && resumed.errors.contains("is a checkpoint of another run"), "\(resumed)")
  }

  @Test("a report leaves out a damaged run and a damaged replay, says so, and prints the rest")
  func report() throws {
    let folder = TemporaryFolder()
    let path = try Self.compare(folder)
    let seed = path + "/runs/gridworld-Empty-5x5/environment/seed-"
    try Files.writeAtomically(
      Files.readText(seed + "1/evaluation.json").replacing("\"mean\" : 0", with: "\"mean\" : 1"),
      to: seed + "1/evaluation.json")
    try Files.writeAtomically(
      Array(Files.read(seed + "2/replays/final-median.json").dropLast(9)), to: seed + "2/replays/final-median.json")
    let result = try Program.run(["report", path])
    #expect(result.status == 0)
    #expect(result.output.contains("1 of 4 runs are damaged and are left out."))
    #expect(result.output.contains("seed-1/evaluation.json' was altered after it was written"))
    #expect(result.errors.contains("seed-2/replays/final-median.json"))
    #expect(result.output.contains("environment+0.1*count"))
  }

  @Test("a comparison that may only be read is reported, and what was not written is said")
  func readOnly() throws {
    let folder = TemporaryFolder()
    let path = try Self.compare(folder)
    try Files.remove(path + "/report.html")
    let modes = [(0o555, folder.path("all")), (0o755, folder.url.path)]
    for (mode, directory) in modes { chmod(directory, mode_t(mode)) }
    defer { chmod(path, 0o755) }
    guard let result = try Self.runWithoutRights("report '\(path)'") else { return }
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("environment+0.1*count") && !result.output.contains("report: "))
    #expect(result.errors == "the page was not written: '\(path)' may only be read\n")
  }

  /// Runs the program as one who cannot write where modes forbid it: root can, and becomes nobody.
  ///
  /// - Returns: Nil where nobody may not even run the program, so that there is nothing to see.
  private static func runWithoutRights(_ words: String) throws -> ProgramResult? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let command = "exec '\(Program.path)' \(words)"
    process.arguments = geteuid() == 0 ? ["-c", "exec su nobody -s /bin/sh -c \"\(command)\""] : ["-c", command]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let status = process.terminationStatus
    return status == 126 || status == 127 ? nil : ProgramResult(status: status, output: printed, errors: said)
  }

  #if LanguageModelRecords
    @Test("a recording that may only be read, or beside which nothing can be written, is refused before a run begins")
    func readOnlyRecording() throws {
      let folder = TemporaryFolder()
      let (kept, out) = (folder.path("kept"), folder.path("out"))
      let file = kept + "/answers.sqlite"
      for directory in [kept, out] { try Files.makeDirectory(directory) }
      func words(_ name: String) -> [String] {
        [
          "train", "domain/Chain", "--agent", "icpi(model.recording=\(file))", "--steps", "40", "--set",
          "evaluations=0", "--set", "finalEpisodes=1", "--out", "\(out)/\(name)",
        ]
      }
      let first = try Program.run(words("first"))
      #expect(first.status == 0, "\(first.errors)")
      try #require(Files.exists(file))
      for (mode, directory) in [(0o555, kept), (0o777, out), (0o755, folder.url.path)] {
        chmod(directory, mode_t(mode))
      }
      defer { chmod(kept, 0o755) }
      for mode in [0o444, 0o666] {
        chmod(file, mode_t(mode))
        let line = words("second").map { "'\($0)'" }.joined(separator: " ")
        guard let result = try Self.runWithoutRights(line) else { return }
        #expect(result.status != 0 && result.errors.contains("the recording '\(file)' cannot be"), "\(result.errors)")
        #expect(Files.list(out) == ["first"])
      }
    }
  #endif

  @Test("a checkpoint's document is sealed: a flipped step, version or digest is refused")
  func checkpoint() throws {
    let folder = TemporaryFolder()
    let path = folder.path("run")
    #expect(
      try Program.run([
        "train", "gridworld/Empty-5x5", "--steps", "200", "--set", "evaluations=0", "--set", "finalEpisodes=1",
        "--set", "agent.hiddenLayers=[8]", "--set", "agent.slots=8", "--set", "agent.steps=16", "--set",
        "agent.batches=1", "--out", path,
      ]).status == 0)
    let directory = try RunDirectory(opening: path)
    let step = try #require(directory.checkpointSteps.last)
    for name in ["checkpoint.json", "policy.safetensors", "state.safetensors"] {
      let file = "\(path)/checkpoints/\(step)/\(name)"
      let bytes = try Files.read(file)
      for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 50)) {
        var flipped = bytes
        flipped[place] ^= 1
        for version in [flipped, Array(bytes[..<place])] {
          try Files.writeAtomically(version, to: file)
          let error = #expect(throws: UserError.self) { try directory.checkpoint(step: nil) }
          #expect(error?.reason.contains(name) == true, "\(place): \(error.map(\.description) ?? "")")
        }
      }
      try Files.writeAtomically(bytes, to: file)
    }
    try Files.move("\(path)/checkpoints/\(step)", to: "\(path)/checkpoints/7")
    let error = #expect(throws: UserError.self) { try directory.checkpoint(step: 7) }
    #expect(error?.reason == "'\(path)/checkpoints/7' holds the checkpoint of step \(step)")
  }

  @Test("a replay whose return, success, actions or rewards were changed is not equal")
  func replay() throws {
    let folder = TemporaryFolder()
    let file = try Self.compare(folder) + "/runs/gridworld-Empty-5x5/environment/seed-1/replays/final-median.json"
    let text = try Files.readText(file)
    #expect(text.hasPrefix("{\"digest\":\"") && text.hasSuffix("}\n"))
    #expect(try Program.run(["verify", file]).status == 0)
    for (old, new) in [("\"return\":", "\"return\":9"), ("\"success\":", "\"success\":true,\"x\":"), ("}\n", "}")] {
      #expect(text.contains(old))
      try Files.writeAtomically(text.replacing(old, with: new), to: file)
      let result = try Program.run(["verify", file])
      #expect(result.status == 1 && result.errors.contains("was altered after it was written"))
    }
    // Of the first version, without a digest: what it says of the episode is held against the episode.
    guard case .object(var members) = try JSON(parsing: text, name: "replay") else { throw UserError("no object") }
    members["digest"] = nil
    members["version"] = 1
    for (key, value, says) in [
      ("return", 99.0 as JSON, "says that the return is 99.0"), ("success", true, "is a success, it is none"),
    ] where members[key] != value {
      var lie = members
      lie[key] = value
      try Files.writeAtomically(JSON.object(lie).text(), to: file)
      let result = try Program.run(["verify", file])
      #expect(result.status == 1 && result.output.contains(says), "\(result.output)\(result.errors)")
    }
  }
}
