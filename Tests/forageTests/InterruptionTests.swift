import Catalog
import Experiments
import Foundation
import ReinforcementLearning
import Testing

/// The program itself, killed and interrupted.
@Suite(.serialized) struct InterruptionTests {
  private static let settings = [
    "--agent", "random", "--seed", "5", "--set", "run.steps=400000", "--set", "checkpointSeconds=0", "--set",
    "evaluations=8", "--set", "finalEpisodes=5",
  ]

  /// Waits until the run has a checkpoint.
  private func waitForCheckpoint(_ folder: TemporaryFolder) throws {
    for _ in 0..<2000 {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path("run/checkpoints"))) ?? []
      if names.contains(where: { Int($0) != nil }) { return }
      usleep(5_000)
    }
    Issue.record("no checkpoint came")
  }

  @Test("a run that was killed at any moment and resumed ends as one that was not")
  func kill() throws {
    let folder = TemporaryFolder()
    let running = try Program.start(["train", "gridworld/Empty-5x5", "--out", folder.path("run")] + Self.settings)
    try waitForCheckpoint(folder)
    running.signal(SIGKILL)
    _ = running.wait()
    let resumed = try Program.run(["train", "--resume", folder.path("run"), "--workers", "1"])
    #expect(resumed.status == 0)
    let whole = try Program.run(["train", "gridworld/Empty-5x5", "--out", folder.path("whole")] + Self.settings)
    #expect(whole.status == 0)
    #expect(whole.output == resumed.output)
    // The clock of a resumed run goes on.
    let seconds = try MetricFile.read(folder.path("run/metrics.jsonl")).lines.compactMap { $0["speed/wallSeconds"] }
    #expect(seconds.count > 2 && zip(seconds, seconds.dropFirst()).allSatisfy { $0 < $1 })
    let steps = try FileManager.default.contentsOfDirectory(atPath: folder.path("whole/checkpoints")).compactMap {
      Int($0)
    }
    let last = try #require(steps.max())
    for file in ["/checkpoints/\(last)/state.safetensors", "/evaluation.json"] {
      #expect(folder.bytes("whole" + file) != nil && folder.bytes("whole" + file) == folder.bytes("run" + file))
    }
  }

  @Test(
    "SIGINT, SIGTERM and SIGHUP save and stop, with the status that shells expect",
    arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func interrupt(_ signal: Int32, _ status: Int32) throws {
    let folder = TemporaryFolder()
    let settings = Self.settings.map { $0 == "run.steps=400000" ? "run.steps=100000000" : $0 }
    let running = try Program.start(["train", "gridworld/Empty-5x5", "--out", folder.path("run")] + settings)
    try waitForCheckpoint(folder)
    running.signal(signal)
    let result = running.wait()
    #expect(result.status == status)
    #expect(result.output == "")
    let last = try #require(result.errors.split(separator: "\n").last)
    #expect(last.hasPrefix("stopped at step "))
    #expect(last.hasSuffix("go on with `forage train --resume \(folder.path("run"))`"))
  }

  #if LanguageModelHTTP
    @Test("a signal while a language model is waited for stops as elsewhere, with all iterations that ended")
    func interruptWaiting() throws {
      // A server that takes connections and never answers: the kernel accepts for it.
      let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(server) }
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          #expect(bind(server, address, length) == 0 && listen(server, 16) == 0)
          #expect(getsockname(server, address, &length) == 0)
        }
      }
      let folder = TemporaryFolder()
      let url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))/v1"
      let running = try Program.start([
        "train", "domain/Chain", "--out", folder.path("run"), "--steps", "500", "--agent",
        "icpi(model.backEnd=http,model.name=silent,model.url=\(url),fewestEpisodes=0)", "--set", "evaluations=0",
        "--set", "checkpointSeconds=1000000",
      ])
      // Until it takes no more steps.
      var (lines, same) = (0, 0)
      for _ in 0..<1_200 where same < 20 {
        usleep(50_000)
        let now = (try? MetricFile.read(folder.path("run/metrics.jsonl")).lines.count) ?? 0
        (lines, same) = (now, now > 0 && now == lines ? same + 1 : 0)
      }
      running.signal(SIGTERM)
      let result = running.wait()
      #expect(result.status == 143)
      let last = try #require(result.errors.split(separator: "\n").last)
      #expect(last.hasPrefix("stopped at step \(lines), everything so far is saved"), "\(last)")
      let kept = try FileManager.default.contentsOfDirectory(atPath: folder.path("run/checkpoints"))
      #expect(kept.contains { Int($0) == lines }, "\(kept)")
    }
  #endif

  /// Runs a line of the shell, in which `forage` is the program.
  private func shell(_ line: String, in folder: TemporaryFolder) throws -> (status: Int32, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "forage() { '\(Program.path)' \"$@\"; }\ncd '\(folder.path("."))'\n" + line]
    process.environment = ["PATH": "/usr/bin:/bin"]
    let errors = folder.path("errors")
    _ = FileManager.default.createFile(atPath: errors, contents: nil)
    process.standardError = FileHandle(forWritingAtPath: errors)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOfFile: errors, encoding: .utf8))
  }

  @Test(
    "results that cannot be written are a line and status 1",
    arguments: [
      "list", "list --json", "--help", "--version", "help train", "verify replay.json", "verify replay.json --json",
      "list environments", "watch gridworld/Empty-5x5 --terminal",
    ])
  func fullDisk(_ command: String) throws {
    let folder = TemporaryFolder()
    let recipe = try Catalog.environment("gridworld/Empty-5x5").recipe()
    try Replay(of: recipe, seed: 1, actions: [2, 2, 1, 2, 2]).write(to: folder.path("replay.json"))
    let full = try shell("forage \(command) > /dev/full", in: folder)
    #expect(full.status == 1)
    #expect(full.errors.split(separator: "\n").count == 1 && full.errors.contains("no space left on device"), "\(full)")
    let closed = try shell("forage \(command) >&-", in: folder)
    #expect(closed.status == 1)
    #expect(
      closed.errors.split(separator: "\n").count == 1 && closed.errors.contains("bad file descriptor"), "\(closed)")
  }

  @Test("another signal ends at once what the first would have waited long for", arguments: [SIGTERM, SIGINT])
  func twice(_ signal: Int32) throws {
    let folder = TemporaryFolder()
    // One search of 16 million simulations.
    let running = try Program.start([
      "train", "board/TicTacToe", "--agent", "mcts", "--set", "agent.simulations=16777216", "--steps", "10", "--out",
      folder.path("run"),
    ])
    for _ in 0..<2000 where folder.bytes("run/metrics.jsonl") == nil { usleep(5_000) }
    running.signal(signal)
    usleep(200_000)
    // `timeout` sends two in a row.
    if signal == SIGTERM { running.signal(signal) }
    usleep(2_800_000)
    #expect(running.process.isRunning)
    running.signal(signal)
    #expect(running.wait().status == 128 + signal)
  }

  @Test("an iteration that takes longer than there is time after a signal is given up, and done again on --resume")
  func longIteration() throws {
    let folder = TemporaryFolder()
    // Every turn of learning takes 48,000 updates.
    let settings = [
      "train", "control/Pendulum", "--agent", "sac", "--steps", "2000", "--workers", "1", "--set", "evaluations=0",
      "--set", "finalEpisodes=1", "--set", "agent.steps=125", "--set", "agent.updateRatio=48", "--set",
      "agent.hiddenLayers=[8]", "--set", "agent.batchSize=32", "--set", "agent.learningStarts=1000", "--set",
      "checkpointSeconds=0",
    ]
    let whole = try Program.run(settings + ["--out", folder.path("whole")])
    #expect(whole.status == 0, "\(whole.errors)")
    let running = try Program.start(
      settings + ["--out", folder.path("run")], environment: ["FORAGE_STOP_SECONDS": "1"])
    try waitForCheckpoint(folder)
    let start = Date()
    running.signal(SIGTERM)
    let stopped = running.wait()
    #expect(stopped.status == 143 && Date().timeIntervalSince(start) < 30)
    let resumed = try Program.run(["train", "--resume", folder.path("run")])
    #expect(resumed.status == 0 && resumed.output == whole.output, "\(resumed.errors)")
    for file in ["/checkpoints/2000/state.safetensors", "/evaluation.json"] {
      #expect(folder.bytes("whole" + file) != nil && folder.bytes("whole" + file) == folder.bytes("run" + file))
    }
  }

  @Test("a search that takes longer than there is time after a signal ends by itself, and a line says why")
  func longSearch() throws {
    let folder = TemporaryFolder()
    let running = try Program.start([
      "train", "board/TicTacToe", "--agent", "mcts", "--set", "agent.simulations=16777216", "--steps", "10", "--out",
      folder.path("run"),
    ], environment: ["FORAGE_STOP_SECONDS": "3"])
    for _ in 0..<2000 where folder.bytes("run/metrics.jsonl") == nil { usleep(5_000) }
    let start = Date()
    running.signal(SIGTERM)
    let result = running.wait()
    let seconds = Date().timeIntervalSince(start)
    #expect(result.status == 143 && seconds > 1.5 && seconds < 20)
    let lines = result.errors.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("stopping; ") })
    #expect(lines.last?.hasPrefix("stopped at the last save") == true, "\(result.errors)")
  }

  #if MuJoCo
    @Test("an evaluation that is interrupted begins no more episodes, however long their starts take")
    func evaluation() throws {
      let folder = TemporaryFolder()
      let text = try String(contentsOfFile: "examples/manipulation/push.yaml", encoding: .utf8)
      try (text + "settle: 3000\n").write(toFile: folder.path("task.yaml"), atomically: true, encoding: .utf8)
      let running = try Program.start([
        "evaluate", "manipulation/Own", "--set", "model=examples/manipulation/push.xml", "--set",
        "task=\(folder.path("task.yaml"))", "--agent", "random", "--episodes", "100000", "--workers", "1",
      ])
      usleep(3_000_000)
      running.signal(SIGTERM)
      let result = running.wait()
      #expect(result.status == 143)
      #expect(result.errors.contains("Nothing is reported"), "\(result.errors)")
    }
  #endif

  @Test("a benchmark that is interrupted ends at once")
  func bench() throws {
    let running = try Program.start(["bench", "control/CartPole", "--seconds", "60"])
    usleep(1_000_000)
    let start = Date()
    running.signal(SIGTERM)
    #expect(running.wait().status == 143 && Date().timeIntervalSince(start) < 10)
  }

  @Test("a run that takes more steps than its budget says so")
  func overshoot() throws {
    let folder = TemporaryFolder()
    let result = try Program.run([
      "train", "gridworld/Empty-5x5", "--agent", "random", "--steps", "200", "--set", "evaluations=0", "--set",
      "finalEpisodes=1", "--out", folder.path("run"),
    ])
    #expect(result.errors.contains("2 048 steps were taken for a budget of 200"), "\(result.errors)")
  }

  @Test("a reader that has gone away ends a list in silence, and does not end training")
  func brokenPipe() throws {
    let folder = TemporaryFolder()
    let list = try shell("{ sleep 0.5; forage list; echo $? >&3; } 3>status | true; cat status >&2", in: folder)
    #expect(list.errors == "141\n")
    let training =
      """
      { sleep 0.5; forage train gridworld/Empty-5x5 --agent random --steps 300k --seed 1 --out run \
      --set finalEpisodes=5 2>&1; } | true
      """
    #expect(try shell(training, in: folder).status == 0)
    // The reader went away at once; the training ran to its end.
    for _ in 0..<2000 where folder.bytes("run/evaluation.json") == nil { usleep(5_000) }
    #expect(folder.bytes("run/evaluation.json") != nil)
  }

  @Test(
    "a file of a run that is removed in its midst is named, and the run does not end as if all were well",
    arguments: ["metrics.jsonl", "run.json", "progress.csv", "checkpoints", "events.out.tfevents*"])
  func removedFiles(_ name: String) throws {
    let folder = TemporaryFolder()
    let settings = Self.settings.map { $0 == "run.steps=400000" ? "run.steps=100000000" : $0 }
    let running = try Program.start(["train", "gridworld/Empty-5x5", "--out", folder.path("run")] + settings)
    try waitForCheckpoint(folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("run"))
    let removed = try #require(names.first { $0 == name || name.hasSuffix("*") && $0.hasPrefix(name.dropLast()) })
    // Moved, since a directory that is being written to cannot be removed at once.
    try FileManager.default.moveItem(atPath: folder.path("run/\(removed)"), toPath: folder.path("elsewhere"))
    let result = running.wait()
    #expect(result.status == 1)
    let last = try #require(result.errors.split(separator: "\n").last)
    #expect(last.hasPrefix("forage: ") && last.contains("run/\(removed)"), "\(last)")
    #expect(folder.bytes("run/evaluation.json") == nil)
  }

  @Test("a comparison that is interrupted saves every run and goes on with --resume")
  func interruptComparison() throws {
    let folder = TemporaryFolder()
    let command = [
      "compare", "--env", "gridworld/Empty-5x5", "--seeds", "2", "--jobs", "2", "--out", folder.path("all"),
    ]
    let running = try Program.start(
      command + Self.settings.filter { $0 != "--seed" && $0 != "5" }
        .map { $0 == "run.steps=400000" ? "run.steps=3000000" : $0 })
    for _ in 0..<2000
    where !FileManager.default.fileExists(
      atPath: folder.path("all/runs/gridworld-Empty-5x5/environment/seed-2/metrics.jsonl"))
    {
      usleep(5_000)
    }
    running.signal(SIGINT)
    let result = running.wait()
    #expect(result.status == 130)
    #expect(result.output == "")
    #expect(result.errors.contains("go on with `forage compare --resume \(folder.path("all"))`"))
    let resumed = try Program.run(["compare", "--resume", folder.path("all"), "--json"])
    #expect(resumed.status == 0)
    for seed in 1...2 {
      #expect(folder.bytes("all/runs/gridworld-Empty-5x5/environment/seed-\(seed)/evaluation.json") != nil)
    }
  }
}
