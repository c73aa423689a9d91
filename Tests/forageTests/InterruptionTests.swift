import Experiments
import Foundation
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
      #expect(try #require(folder.bytes("whole" + file)) == folder.bytes("run" + file))
    }
  }

  @Test(
    "SIGINT and SIGTERM save and stop, with the status that shells expect",
    arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func interrupt(_ signal: Int32, _ status: Int32) throws {
    let folder = TemporaryFolder()
    let settings = Self.settings + ["--set", "run.steps=100000000"]
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

  @Test("a comparison that is interrupted saves every run and goes on with --resume")
  func interruptComparison() throws {
    let folder = TemporaryFolder()
    let command = [
      "compare", "--env", "gridworld/Empty-5x5", "--seeds", "2", "--jobs", "2", "--out", folder.path("all"),
    ]
    let running = try Program.start(
      command + Self.settings.filter { $0 != "--seed" && $0 != "5" } + ["--set", "run.steps=3000000"])
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
