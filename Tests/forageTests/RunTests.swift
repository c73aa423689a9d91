import Catalog
import Environments
import Experiments
import Foundation
import Groundwork
import ReinforcementLearning
import Synchronization
import Testing

/// A run loses nothing: what is on the disk is whole, and going on from it ends where an uninterrupted run does.
@Suite struct RunTests {
  private static func plan(
    agent: String = "random", reward: String = "environment+0.1*count", steps: Int = 12_000, _ settings: [String] = []
  ) throws -> RunPlan {
    var request = RunConfiguration()
    request.environment = "gridworld/DoorKey-5x5"
    request.agent = agent
    request.reward = reward
    let base = [
      "run.steps=\(steps)", "seed=3", "evaluations=4", "evaluationEpisodes=2", "finalEpisodes=4", "checkpointSeconds=0",
      "keptCheckpoints=100",
    ]
    return try Catalog.plan(request, assignments: (base + settings).map { try SettingAssignment(parsing: $0) })
  }

  /// Runs until `steps` have passed, then stops as an interruption does.
  private static func stop(after steps: Int) -> RunHooks {
    let seen = Mutex(0)
    return RunHooks(shouldStop: { seen.withLock { $0 } >= steps }) { event in
      if case .iteration(let step, _, _, _) = event { seen.withLock { $0 = step } }
    }
  }

  @Test(
    "a run that was stopped and resumed ends bit for bit where an uninterrupted one does, whatever the workers",
    arguments: [
      ("random", "environment+0.1*count"), ("ppo", "environment+0.1*rnd"), ("ppo", "environment+0.5*potential"),
      ("ppo", "environment+program(file=\"reward.way weight 0.5 = shaping(-distance / 10)\n\")"),
    ])
  func resume(_ agent: String, _ reward: String) throws {
    let folder = TemporaryFolder()
    let plan = try RunTests.plan(agent: agent, reward: reward)
    _ = try TrainingRun(plan, creating: folder.path("whole"), workers: Workers(count: 2)).run()
    let stopped = try TrainingRun(
      plan, creating: folder.path("parts"), workers: Workers(count: 1), hooks: RunTests.stop(after: 4_000)
    ).run()
    guard case .stopped(let step) = stopped else { throw UserError("the run was not stopped") }
    #expect(step < 12_000)
    let directory = try RunDirectory(opening: folder.path("parts"))
    guard case .finished = try TrainingRun(plan, resuming: directory, workers: Workers(count: 2)).run() else {
      throw UserError("the run was not finished")
    }
    let last = try #require(directory.checkpointSteps.last)
    for file in [
      "checkpoints/\(last)/state.safetensors", "checkpoints/\(last)/checkpoint.json", "evaluation.json", "run.json",
    ] + (agent == "ppo" ? ["checkpoints/\(last)/policy.safetensors"] : []) {
      let bytes = folder.bytes("whole/" + file)
      #expect(bytes != nil && bytes == folder.bytes("parts/" + file), "\(file)")
    }
    // The metrics are the same, too, but for the clock.
    func lines(_ run: String) throws -> [[String]] {
      try MetricFile.read(folder.path(run + "/metrics.jsonl")).lines.map { line in
        line.values.filter { !$0.name.hasPrefix("speed/") }.map { "\(line.step) \($0.name) \($0.value)" }
      }
    }
    #expect(try lines("whole") == lines("parts"))
  }

  @Test("what a kill leaves half written is cleared away, and metrics past the checkpoint are written again")
  func leftovers() throws {
    let folder = TemporaryFolder()
    let plan = try RunTests.plan()
    _ = try TrainingRun(plan, creating: folder.path("run"), workers: Workers(count: 1)).run()
    let directory = try RunDirectory(opening: folder.path("run"))
    let whole = try MetricFile.read(directory.metrics).lines.map(\.step)
    // As after a kill in the third iteration: no evaluation, no later checkpoints, a torn line, half a checkpoint.
    try Files.remove(folder.path("run/evaluation.json"))
    for step in directory.checkpointSteps.dropFirst(3) { try Files.remove("\(directory.checkpoints)/\(step)") }
    try Files.append(Array("{\"step\":120".utf8), to: directory.metrics)
    try Files.makeDirectory(directory.checkpoints + "/8192.tmp")
    _ = try TrainingRun(plan, resuming: directory, workers: Workers(count: 1)).run()
    #expect(try MetricFile.read(directory.metrics).lines.map(\.step) == whole)
    #expect(!Files.exists(directory.checkpoints + "/8192.tmp"))
  }

  @Test("a task without success logs, evaluates and prints its return and no success")
  func withoutSuccess() throws {
    let folder = TemporaryFolder()
    let result = try Program.run([
      "train", "control/Pendulum", "--agent", "random", "--out", folder.path("run"), "--set", "run.steps=8000", "--set",
      "evaluations=1", "--set", "evaluationEpisodes=2", "--set", "finalEpisodes=3",
    ])
    #expect(
      result.status == 0 && result.output.hasPrefix("return  -") && !(result.output + result.errors).contains("uccess"))
    let names = try MetricFile.read(folder.path("run/metrics.jsonl")).lines.flatMap { $0.values.map(\.name) }
    #expect(
      names.contains("evaluation/return") && names.contains("episode/return")
        && !names.contains { $0.contains("uccess") })
    let evaluation = try #require(try RunDirectory(opening: folder.path("run")).finalEvaluation())
    #expect(
      evaluation.judged.measure.name == "return" && evaluation.judged.values.count == 3 && evaluation["success"] == nil)
  }

  @Test("a finished run is not run again")
  func finished() throws {
    let folder = TemporaryFolder()
    let plan = try RunTests.plan(steps: 2_000)
    _ = try TrainingRun(plan, creating: folder.path("run"), workers: Workers(count: 1)).run()
    let before = folder.bytes("run/metrics.jsonl")
    _ = try TrainingRun(plan, resuming: RunDirectory(opening: folder.path("run")), workers: Workers(count: 1)).run()
    #expect(folder.bytes("run/metrics.jsonl") == before)
  }

  @Test("a checkpoint that is cut off or altered is refused by name, and removing it goes on from the one before")
  func damage() throws {
    let folder = TemporaryFolder()
    let plan = try RunTests.plan()
    _ = try TrainingRun(
      plan, creating: folder.path("run"), workers: Workers(count: 1), hooks: RunTests.stop(after: 6_000)
    ).run()
    let directory = try RunDirectory(opening: folder.path("run"))
    let steps = directory.checkpointSteps
    let last = "\(directory.checkpoints)/\(steps.last!)"
    let bytes = try Files.read(last + "/state.safetensors")
    var altered = bytes
    altered[altered.count - 1] ^= 1
    for damaged in [Array(bytes.dropLast(5)), altered] {
      try Files.writeAtomically(damaged, to: last + "/state.safetensors")
      #expect {
        try TrainingRun(plan, resuming: directory, workers: Workers(count: 1)).run()
      } throws: {
        ($0 as? UserError)?.fix == "Remove '\(last)' to go on from step \(steps[steps.count - 2])"
      }
    }
    try Files.remove(last)
    guard case .finished = try TrainingRun(plan, resuming: directory, workers: Workers(count: 1)).run() else {
      throw UserError("the run was not finished")
    }
  }

  @Test("a checkpoint of another shape is refused by name")
  func otherShape() throws {
    let folder = TemporaryFolder()
    _ = try TrainingRun(
      try RunTests.plan(agent: "ppo", steps: 2_000), creating: folder.path("run"), workers: Workers(count: 1)
    ).run()
    let checkpoint = try #require(try RunDirectory(opening: folder.path("run")).latestCheckpoint())
    let wider = try RunTests.plan(agent: "ppo", steps: 2_000, ["hiddenLayers=[32]"])
    #expect {
      try wider.makeAgent(restoredFrom: checkpoint)
    } throws: {
      ($0 as? UserError)?.reason.hasPrefix("'\(checkpoint.path)' does not fit: ") == true
    }
  }

  @Test("when learning fails the state is kept for inspection, and the checkpoint before it stays")
  func failure() throws {
    let folder = TemporaryFolder()
    let healthy = try RunTests.plan()
    let plan = try RunPlan(
      environment: healthy.environment,
      agent: AgentRecipe(id: "failing", FailingAgent.self, configuration: .init()), reward: healthy.reward,
      run: healthy.description.run)
    let run = try TrainingRun(plan, creating: folder.path("run"), workers: Workers(count: 1))
    #expect { _ = try run.run() } throws: { error in
      guard let error = error as? UserError else { return false }
      // The reason alone goes to others, a designer of rewards for example, whom this machine's paths tell nothing.
      return error.reason == "the loss is NaN" && error.fix == "Lower the learning rate"
        && error.description.hasPrefix("the loss is NaN (at step 256; the state is in '")
        && error.description.contains("/checkpoints/failed-256'). Lower")
    }
    let directory = try RunDirectory(opening: folder.path("run"))
    #expect(directory.checkpointSteps == [128])
    #expect(Files.exists(directory.checkpoints + "/failed-256/state.safetensors"))
  }

  @Test("two processes cannot train one run")
  func lock() throws {
    let folder = TemporaryFolder()
    let plan = try RunTests.plan()
    let first = try TrainingRun(plan, creating: folder.path("run"), workers: Workers(count: 1))
    #expect {
      try TrainingRun(plan, resuming: RunDirectory(opening: folder.path("run")), workers: Workers(count: 1))
    } throws: {
      ($0 as? UserError)?.reason.hasSuffix("is in use by another process") == true
    }
    withExtendedLifetime(first) {}
  }

  @Test("evaluation does not change what is learnt")
  func evaluationIsApart() throws {
    let folder = TemporaryFolder()
    for (name, evaluations) in [("with", 4), ("without", 0)] {
      _ = try TrainingRun(
        try RunTests.plan(agent: "ppo", steps: 6_000, ["evaluations=\(evaluations)"]), creating: folder.path(name),
        workers: Workers(count: 1)
      ).run()
    }
    let last = try #require(try RunDirectory(opening: folder.path("with")).checkpointSteps.last)
    let file = "/checkpoints/\(last)/state.safetensors"
    #expect(folder.bytes("with" + file) == folder.bytes("without" + file))
  }

  @Test("the last evaluation's median episode is a replay that can be stepped again, with its components")
  func replay() throws {
    let folder = TemporaryFolder()
    _ = try TrainingRun(try RunTests.plan(steps: 2_000), creating: folder.path("run"), workers: Workers(count: 1)).run()
    let replay = try Replay(reading: folder.path("run/replays/final-median.json"))
    #expect(try replay.firstDifference(in: Catalog.recipe(of: replay)) == nil)
    #expect(replay.components.map(\.name) == ["environment", "count"])
    #expect(replay.components.allSatisfy { $0.values.count == replay.length })
    let sum = replay.components[0].values.reduce(0) { $0 + Double($1) }
    #expect(abs(sum - replay.environmentReturn) < 1e-6)
  }
}

/// Learns for one iteration, then finds that its loss is not a number.
final class FailingAgent: Agent {
  struct Configuration: Codable, Hashable, Sendable {}

  private let specification: Specification

  init(_ configuration: Configuration, in setting: AgentSetting) throws {
    specification = setting.specification
  }

  func train(in session: TrainingSession) throws {
    let collector = try session.makeCollector(slots: 2, batches: 1, steps: 64)
    var policies = collector.batches.map { _ in UniformPolicy(specification) }
    while !session.isFinished {
      try session.collect(&policies)
      if session.iteration == 1 { throw UserError("the loss is NaN", fix: "Lower the learning rate") }
      try session.endIteration(of: self, metrics: [])
    }
  }

  func makePolicy(slots: Int, choice: ActionChoice) -> any Policy { UniformPolicy(specification) }
  func save(to state: inout SavedState) {}
  func restore(from state: SavedState) throws {}
}
