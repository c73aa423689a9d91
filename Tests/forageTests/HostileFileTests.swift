import Catalog
import Experiments
import Foundation
import Groundwork
import Testing

/// Files that never end, grow when they are read, or lead elsewhere: one line, at once.
@Suite(.serialized) struct HostileFileTests {
  /// The program's one line, after at most five seconds on a busy machine.
  private func refusal(_ arguments: String, in folder: TemporaryFolder) throws -> String {
    let start = Date()
    let result = try Program.run(arguments.split(separator: " ").map(String.init), in: folder.url)
    #expect(Date().timeIntervalSince(start) < 5, "\(arguments)")
    #expect(result.status == 1 && result.output == "", "\(arguments): \(result.output)")
    #expect(result.errors.split(separator: "\n").count == 1 && result.errors.hasPrefix("forage: "), "\(result.errors)")
    return result.errors
  }

  @Test("a device or a pipe is refused wherever a file may be named")
  func devices() throws {
    let folder = TemporaryFolder()
    #expect(mkfifo(folder.path("pipe"), 0o644) == 0)
    for name in ["/dev/zero", folder.path("pipe")] {
      for arguments in [
        "train gridworld/Map --set map=\(name) --out run", "train gridworld/Map(map=\(name)) --out run",
        "train gridworld/XLand-R1-9x9 --set environment.ruleset=\(name) --out run",
        "train --config \(name) --out run", "compare --config \(name) --out run", "watch \(name)", "verify \(name)",
        "train gridworld/Empty-5x5 --agent replay --set agent.demonstrations=\(name) --out run",
      ] {
        #expect(try refusal(arguments, in: folder).contains("'\(name)' is a device or a pipe"), "\(arguments)")
      }
      #expect(!Files.exists(folder.path("run")))
    }
    // Beside the files of a run.
    #expect(try Program.run(["train", "gridworld/Empty-5x5", "--agent", "random", "--set", "run.steps=500", "--set",
      "evaluations=0", "--set", "finalEpisodes=1", "--out", folder.path("run")]).status == 0)
    for name in ["run.json", "metrics.jsonl", "evaluation.json"] {
      let file = folder.path("run/" + name)
      let bytes = try Files.read(file)
      try Files.remove(file)
      #expect(mkfifo(file, 0o644) == 0)
      let command = name == "run.json" ? "evaluate run" : "train --resume run"
      if name == "metrics.jsonl" { try Files.move(folder.path("run/evaluation.json"), to: folder.path("kept.json")) }
      #expect(try refusal(command, in: folder).contains("is a device or a pipe"), "\(name)")
      if name == "metrics.jsonl" { try Files.move(folder.path("kept.json"), to: folder.path("run/evaluation.json")) }
      try Files.remove(file)
      try Files.writeAtomically(bytes, to: file)
    }
  }

  @Test("files that are too large, or become so, are refused at once")
  func bombs() throws {
    let folder = TemporaryFolder()
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<10 {
      let alias = "*a\(level - 1)"
      bomb += "a\(level): &a\(level) [" + [String](repeating: alias, count: 9).joined(separator: ", ") + "]\n"
    }
    try Files.writeAtomically(bomb, to: folder.path("bomb.yaml"))
    #expect(try refusal("train --config bomb.yaml --out run", in: folder).contains("more than 16 aliases"))
    try Files.writeAtomically(
      "agent: " + String(repeating: "[", count: 100_000) + "\n", to: folder.path("deep.yaml"))
    _ = try refusal("train --config deep.yaml --out run", in: folder)
    try Files.writeAtomically("steps: 5\n", to: folder.path("large.yaml"))
    #expect(truncate(folder.path("large.yaml"), 300 << 20) == 0)
    for arguments in [
      "train --config large.yaml --out run", "train gridworld/Map --set map=large.yaml --out run",
      "train gridworld/XLand-R1-9x9 --set environment.ruleset=large.yaml --out run", "verify large.yaml",
    ] {
      #expect(try refusal(arguments, in: folder).contains("is larger than"), "\(arguments)")
    }
    // Three million actions.
    let actions = [String](repeating: "2", count: 3_000_000).joined(separator: ",")
    try Files.writeAtomically(
      "{\"version\":1,\"environment\":\"gridworld/Empty-5x5\",\"actions\":[\(actions)]}", to: folder.path("long.json"))
    #expect(try refusal("verify long.json", in: folder).contains("more than 2000000 values, too many for a replay"))
    #expect(try refusal("watch long.json --terminal", in: folder).contains("too many for a replay"))
  }

  @Test("a recording's name is a name, whatever it looks like",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/ffmpeg")))
  func recordingNames() throws {
    let folder = TemporaryFolder()
    let names = ["-y.gif", "a%03d.gif", "file:x.mp4", "http:x.mp4", "concat:a|b.mp4"]
    for name in names {
      let result = try Program.run(
        ["watch", "gridworld/Empty-5x5", "--set", "environment.timeLimit=2", "--record=\(name)"], in: folder.url)
      // A program that was built without the viewer draws nothing.
      if result.errors.contains("built without the viewer") { return }
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(Files.list(folder.url.path) == names.sorted())
  }

  @Test("no text of a file or an argument steers the terminal")
  func escapes() throws {
    let folder = TemporaryFolder()
    let escape = "\u{1b}]0;PWN\u{7}\u{9b}2J"
    try Files.writeAtomically("#####\n#@kG#\n#####\n---\nk = ball \(escape)\n", to: folder.path("map.txt"))
    try Files.writeAtomically("\"\(escape)\": 3\n", to: folder.path("key.yaml"))
    try Files.writeAtomically(
      "{\"version\":1,\"environment\":\"\\u001b[31m\\u009b\",\"configuration\":{},\"seed\":\"1\",\"width\":1,"
        + "\"actions\":[],\"digests\":[\"1\"]}", to: folder.path("replay.json"))
    for arguments in [
      ["train", "gridworld/Map", "--set", "map=map.txt"], ["train", "--config", "key.yaml"], ["verify", "replay.json"],
      ["watch", "replay.json", "--terminal"], ["train", "gridworld/\(escape)"], [escape], ["list", escape],
      ["train", "gridworld/Empty-5x5", "--reward", escape], ["report", "\(escape)\nforage: all is well"],
      ["train", "--\(escape)"],
    ] {
      let result = try Program.run(arguments, in: folder.url)
      #expect(result.status == 1)
      let said = result.output + result.errors
      #expect(!said.isEmpty && said.unicodeScalars.allSatisfy { !$0.steersTerminal }, "\(arguments)")
      #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }
  }

  @Test("a few aliases are taken over as before")
  func aliases() throws {
    let document = try YAML.parse("a: &x [1, 2]\nb: *x\nc: 2 *x\n", name: "a")
    #expect(document == ["a": [1, 2], "b": [1, 2], "c": "2 *x"])
  }

  @Test("arms and environments that are called . and .. stay inside of the comparison")
  func dots() throws {
    let cell = try Catalog.plan(request()).description
    let names = [".", "..", "...", "", "../../x", "/etc", "a\u{0}b", String(repeating: "n", count: 400)]
    let description = ComparisonDescription(
      command: "", arms: names, environments: names, seeds: [1],
      cells: Array(repeating: cell, count: names.count * names.count))
    let paths = description.runs.map(\.path)
    #expect(Set(paths).count == paths.count)
    for path in paths {
      let parts = path.split(separator: "/", omittingEmptySubsequences: false)
      #expect(parts.count == 4 && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count < 200 })
    }
  }

  private func request() -> RunConfiguration {
    var request = RunConfiguration()
    request.environment = "gridworld/Empty-5x5"
    request.agent = "random"
    request.reward = "environment"
    return request
  }

  @Test("a comparison or a run that holds links is not written through them")
  func links() throws {
    let folder = TemporaryFolder()
    try Files.makeDirectory(folder.path("elsewhere"))
    let command = "compare --env gridworld/Empty-5x5 --agent random --seeds 1 --steps 500 --set evaluations=0 "
      + "--set finalEpisodes=1 --out all"
    #expect(try Program.run(command.split(separator: " ").map(String.init), in: folder.url).status == 0)
    for name in ["runs", "runs/gridworld-Empty-5x5", "runs/gridworld-Empty-5x5/environment/seed-1"] {
      try Files.move(folder.path("all/" + name), to: folder.path("kept"))
      #expect(symlink(folder.path("elsewhere"), folder.path("all/" + name)) == 0)
      let result = try Program.run(["compare", "--resume", "all"], in: folder.url)
      #expect(result.status == 1 && result.errors.contains("is a link, and what is written there would land elsewhere"))
      #expect(Files.list(folder.path("elsewhere")).isEmpty)
      try Files.remove(folder.path("all/" + name))
      try Files.move(folder.path("kept"), to: folder.path("all/" + name))
    }
    let run = "all/runs/gridworld-Empty-5x5/environment/seed-1"
    for name in ["checkpoints", "replays", "lock"] {
      try Files.move(folder.path("\(run)/\(name)"), to: folder.path("kept"))
      #expect(symlink(folder.path("elsewhere/new"), folder.path("\(run)/\(name)")) == 0)
      _ = try refusal("train --resume \(run)", in: folder)
      #expect(Files.list(folder.path("elsewhere")).isEmpty)
      try Files.remove(folder.path("\(run)/\(name)"))
      try Files.move(folder.path("kept"), to: folder.path("\(run)/\(name)"))
    }
  }

  @Test("of three starts at once in one directory one trains, and the others are refused in a line", arguments: 0..<8)
  func race(_ number: Int) throws {
    let folder = TemporaryFolder()
    let common = "--steps 1 --set evaluations=0 --set finalEpisodes=1"
    let train = "train gridworld/Empty-5x5 --agent random --workers 1 \(common) --out run --seed "
    let compare = "compare --env gridworld/Empty-5x5 --agent random \(common) --jobs 1 --out run --seeds "
    let programs = try (1...3).map { seed in
      try Program.start(
        ((number % 2 == 0 ? train : compare) + "\(seed)").split(separator: " ").map(String.init), in: folder.url)
    }
    let results = programs.map { $0.wait() }
    #expect(results.count { $0.status == 0 } == 1, "\(results)")
    for result in results where result.status != 0 {
      #expect(result.status == 1 && result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }
    let winner = try #require(results.firstIndex { $0.status == 0 }) + 1
    if number % 2 == 0 {
      #expect(try RunDirectory(opening: folder.path("run")).description().run.seed == UInt64(winner))
      #expect(try RunDirectory(opening: folder.path("run")).finalMetrics().count == 1)
    } else {
      #expect(try ComparisonDescription(reading: folder.path("run/comparison.json")).seeds.count == winner)
    }
  }
}
