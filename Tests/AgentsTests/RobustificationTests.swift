import OffPolicy
import PlainAgents
@testable import PolicyGradient
import Environments
import Foundation
import GridworldEnvironments
import Groundwork
@testable import ReinforcementLearning
import RewardModels
import Testing

@Suite("Robustification")
struct RobustificationTests {
  let noise: JSON = ["stickyActionProbability": 0.25, "noOpStarts": 30]

  func recipe(_ id: String, seed: Int) throws -> EnvironmentRecipe {
    let level = try #require(Gridworld.levels.first { $0.id == id })
    return try EnvironmentRecipe(id: "gridworld/\(id)", Gridworld.self, configuration: level.configuration)
      .changing(["layoutSeed": .integer(seed)])
  }

  /// A file with the shortest solution, removed afterwards.
  func withDemonstration<Result>(
    of recipe: EnvironmentRecipe, name: String, _ body: (Replay, String) throws -> Result
  ) throws -> Result {
    let replay = try #require(try DemonstrationSearch.solve(recipe, seed: 3))
    let path = "/tmp/forage-demonstration-\(name).json"
    try replay.write(to: path)
    defer { try? Files.remove(path) }
    return try body(replay, path)
  }

  func configuration(_ path: String) -> RobustifyConfiguration {
    var configuration = RobustifyConfiguration()
    configuration.demonstrations = path
    configuration.window = 8
    configuration.retreat = 4
    configuration.imitationCoefficient = 1
    configuration.imitationValueCoefficient = 0.1
    configuration.learner.slots = 16
    configuration.learner.batches = 4
    configuration.learner.steps = 64
    configuration.learner.minibatches = 4
    configuration.learner.learningRate = 5e-4
    configuration.learner.clipRange = 0.2
    configuration.learner.discount = 0.99
    configuration.learner.activation = .relu
    configuration.learner.entropyCoefficient = 0.001
    configuration.learner.omitsBackground = true
    return configuration
  }

  func train(
    _ recipe: EnvironmentRecipe, _ configuration: RobustifyConfiguration, steps: Int, workers: Int = 1,
    observer: (any TrainingObserver)? = nil, resuming state: SavedState? = nil
  ) throws -> (agent: Robustification, state: [UInt8]) {
    let design = try RewardDesign("environment", among: RewardModels.all, in: recipe, seed: 1)
    let session = TrainingSession(
      recipe: recipe, rewardModel: design, totalSteps: steps, seed: 1, workers: Workers(count: workers),
      observer: observer)
    let agent = try Training.born(
        Robustification.self, configuration, in: recipe, rewards: design.components, seed: 1, resuming: state)
    if let state { try session.restore(from: state) }
    try agent.train(in: session)
    return (agent, session.save(agent).safetensors())
  }

  @Test("a demonstration's snapshots, adopted by the noisy rules, are the states that it went through")
  func snapshots() throws {
    let plain = try recipe("MultiRoom-N2-S4", seed: 4)
    let replay = try #require(try DemonstrationSearch.solve(plain, seed: 3))
    let demonstrations = try Demonstrations([replay], recipe: try plain.changing(noise))
    let played = plain.makeArena(capacity: 1)
    let scratch = SnapshotArena.Scratch(plain.specification)
    played.start(0, seed: replay.seed)
    #expect(demonstrations.all[0].length == replay.length && demonstrations.all[0].succeeds)
    for step in 0..<replay.length {
      #expect(demonstrations.arena.sketch(step) == played.sketch(0))
      #expect(demonstrations.arena.elapsed(step) == step)
      _ = played.advance(0, to: 0, action: Int(replay.actions[step]), scratch)
    }
    #expect(demonstrations.arena.recipe.specification.isStochastic)
  }

  @Test(
    "a demonstration teaches a run that sees another number of observations at once than it was recorded with",
    arguments: [(1, 3), (3, 1), (2, 3)])
  func stacks(recorded: Int, seen: Int) throws {
    let plain = try recipe("MultiRoom-N2-S4", seed: 4)
    let way = try #require(try DemonstrationSearch.solve(plain, seed: 3))
    let replay = try Replay(
      of: plain.changing(["frameStack": .integer(recorded)]), seed: way.seed, actions: way.actions)
    let run = try plain.changing(noise).changing(["frameStack": .integer(seen)])
    let demonstrations = try Demonstrations([replay], recipe: run)
    let walker = EpisodeWalker(try plain.changing(["frameStack": .integer(seen)]))
    walker.start(seed: replay.seed)
    var row = [UInt8](repeating: 0, count: demonstrations.arena.layout.rowBytes)
    for step in 0..<replay.length {
      row.withUnsafeMutableBytes { demonstrations.arena.observe(step, into: $0.baseAddress!) }
      let bytes = UnsafeRawBufferPointer(start: walker.row, count: walker.layout.policyBytes)
      #expect(bytes.elementsEqual(row.prefix(walker.layout.policyBytes)), "step \(step)")
      try walker.step([replay.actions[step]])
    }
  }

  @Test("a demonstration of another environment, and one that shows nothing, are refused")
  func refusals() throws {
    let two = try recipe("MultiRoom-N2-S4", seed: 4)
    let replay = try #require(try DemonstrationSearch.solve(two, seed: 3))
    #expect(throws: UserError.self) { try Demonstrations([replay], recipe: try recipe("Empty-5x5", seed: 1)) }
    let idle = try Replay(of: two, seed: 3, actions: [0, 1, 0])
    #expect(throws: UserError.self) { try Demonstrations([idle], recipe: two) }
    #expect(throws: UserError.self) { try DemonstrationFiles.read("") }
  }

  @Test("a run's directory stands for its replays, a directory of runs for all of theirs; failures are left out")
  func directories() throws {
    let rooms = try recipe("MultiRoom-N2-S4", seed: 4)
    let good = try #require(try DemonstrationSearch.solve(rooms, seed: 3))
    let bad = try Replay(of: rooms, seed: 3, actions: [0, 1, 0])
    let root = "/tmp/forage-demonstrations-of-runs"
    try? Files.remove(root)
    defer { try? Files.remove(root) }
    for (folder, replay) in [("one", bad), ("two", good), ("two", bad)] {
      let replays = "\(root)/runs/level/\(folder)/replays"
      try Files.makeDirectory(replays)
      try replay.write(to: "\(replays)/\(replay.success ? "a" : "b").json")
      try Files.writeAtomically("{}", to: "\(root)/runs/level/\(folder)/run.json")
    }
    try Files.writeAtomically("{}", to: "\(root)/comparison.json")
    #expect(try DemonstrationFiles.read("\(root)/runs/level/two").map(\.success) == [true])
    #expect(try DemonstrationFiles.read("\(root)/runs/level/two/replays").count == 1)
    #expect(try DemonstrationFiles.read(root).map(\.success) == [false, true])
    #expect(try DemonstrationFiles.read("\(root)/runs/level/one, \(root)/runs/level/two/replays/b.json").count == 2)
    // Whatever it is called the second time, it would count twice.
    let twice = #expect(throws: UserError.self) {
      try DemonstrationFiles.read("\(root), \(root)/runs/level/two/./replays/b.json")
    }
    #expect(twice?.reason.hasSuffix("b.json' is named twice") == true)
    // A link that leads back would find all of them again.
    let link = "\(root)/runs/level/one/replays/again"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: root)
    #expect(try DemonstrationFiles.read(root).map(\.success) == [false, true])
    try Files.remove(link)
    // Files beside directories, and directories in one that has files, are all looked into.
    try bad.write(to: "\(root)/runs/level/c.json")
    #expect(try DemonstrationFiles.read(root, keepsFailures: true).count == 4)
    try Files.makeDirectory("\(root)/replays")
    try bad.write(to: "\(root)/replays/d.json")
    #expect(try DemonstrationFiles.read(root, keepsFailures: true).count == 5)
    try Files.remove("\(root)/replays")
    try Files.remove("\(root)/runs/level/c.json")
    #expect(throws: UserError.self) { try DemonstrationFiles.read("/tmp/forage-no-such-directory") }
    #expect(try DemonstrationFiles.read("\(root)/runs/level/two", keepsFailures: true).map(\.success) == [true, false])
    #expect(try DemonstrationFiles.read(root, keepsFailures: true).count == 3)
    // What is left out is said.
    func record(_ path: String, keepsFailures: Bool = false) throws -> DemonstrationRecord {
      try DemonstrationFiles.take(path, keepsFailures: keepsFailures).record
    }
    let two = try record("\(root)/runs/level/two")
    #expect(two.episodes == 1 && two.transitions == good.length && two.found == 2 && two.choice == .successes)
    #expect(
      two.remark
        == "1 of 2 demonstrations are learnt from: those that succeeded. Name files, not their directory, to have others")
    let all = try record(root)
    #expect(all.episodes == 2 && all.transitions == good.length + 3 && all.choice == .successesOrBest)
    #expect(all.remark?.hasPrefix("2 of 3 demonstrations are learnt from: those that succeeded, or the best") == true)
    let one = try record("\(root)/runs/level/one")
    #expect(one.choice == .best && one.remark == nil)
    let file = try record("\(root)/runs/level/two/replays/b.json")
    #expect(file.choice == .all && file.found == 1 && file.remark == nil)
    let kept = try record(root, keepsFailures: true)
    #expect(kept.choice == .all && kept.episodes == 3 && kept.found == 3 && kept.remark == nil)
    #expect(!BehaviourCloning.requirements(BehaviourCloningConfiguration()).learnsFromFailures)
    #expect(IQL.requirements(IQLConfiguration()).learnsFromFailures)
  }

  @Test("a window in which all succeed moves by nine tenths of its length")
  func windowMoves() {
    var window = StartWindow(length: 100, size: 20)
    #expect(window.range == 80...99)
    for start in window.range { for _ in 0..<2 { window.record(start: start, success: true) } }
    window.move(threshold: 0.1, retreat: 100, episodesPerStart: 2)
    #expect(window.end == 81 && window.range == 62...81)
    #expect(window.plays.allSatisfy { $0 == 0 })
  }

  @Test("a window stays until enough episodes started in it, and moves back where too few succeed")
  func windowRetreats() {
    var window = StartWindow(length: 100, size: 10)
    for start in window.range { for _ in 0..<2 { window.record(start: start, success: true) } }
    window.move(threshold: 0.5, retreat: 3, episodesPerStart: 2)
    #expect(window.end == 94)
    for start in window.range { window.record(start: start, success: false) }
    window.move(threshold: 0.5, retreat: 3, episodesPerStart: 2)
    #expect(window.end == 94)
    for start in window.range { window.record(start: start, success: start == 85) }
    window.move(threshold: 0.5, retreat: 3, episodesPerStart: 2)
    #expect(window.end == 97)
  }

  @Test("an episode fails when it lags behind its demonstration's score or uses up its steps")
  func rules() throws {
    let plain = try recipe("MultiRoom-N2-S4", seed: 4)
    let replay = try #require(try DemonstrationSearch.solve(plain, seed: 3))
    var configuration = RobustifyConfiguration()
    configuration.lag = 2
    configuration.slack = 2
    let rules = RestartRules(configuration)
    let demonstration = Demonstration(
      replay: replay, first: 0, rewards: [1, 1, 0, 0, 0, 0], scores: [0, 1, 2, 2, 2, 2, 2], succeeds: false)
    #expect(demonstration.lowestScore(around: 3, lag: 2) == 1)
    #expect(demonstration.lowestScore(around: 40, lag: 2) == 2)
    // Two steps behind is allowed, three are not.
    #expect(!rules.hasFailed(start: 0, elapsed: 3, score: 1, demonstration))
    #expect(rules.hasFailed(start: 0, elapsed: 4, score: 1, demonstration))
    // Four steps remain: 2 x 4 + 2 may be taken.
    #expect(!rules.hasFailed(start: 2, elapsed: 9, score: 2, demonstration))
    #expect(rules.hasFailed(start: 2, elapsed: 10, score: 2, demonstration))
    #expect(rules.hasSucceeded(score: 2, succeeded: false, demonstration))
    #expect(!rules.hasSucceeded(score: 1.5, succeeded: false, demonstration))
    // One that does the task is matched by doing it in time.
    let successful = Demonstration(
      replay: replay, first: 0, rewards: [-1, -1, 1], scores: [0, -1, -2, -1], succeeds: true)
    #expect(rules.hasSucceeded(score: -3, succeeded: true, successful))
    #expect(!rules.hasFailed(start: 0, elapsed: 4, score: -3, successful))
    #expect(rules.hasFailed(start: 0, elapsed: 8, score: 0, successful))
  }

  @Test("one worker and three give the same bits")
  func workers() throws {
    let plain = try recipe("MultiRoom-N2-S4", seed: 4)
    try withDemonstration(of: plain, name: "workers") { _, path in
      let noisy = try plain.changing(noise)
      let one = try train(noisy, configuration(path), steps: 4096, workers: 1)
      let three = try train(noisy, configuration(path), steps: 4096, workers: 3)
      #expect(one.state == three.state)
    }
  }

  @Test("a run that is resumed ends on the bits of one that was not, without the demonstration's file")
  func resume() throws {
    let plain = try recipe("MultiRoom-N2-S4", seed: 4)
    let noisy = try plain.changing(noise)
    let (whole, saved, settings) = try withDemonstration(of: plain, name: "resume") { _, path in
      let recorder = Recorder(saving: 3)
      let whole = try train(noisy, configuration(path), steps: 8192, observer: recorder)
      return (whole, try #require(recorder.state), configuration(path))
    }
    let restored = try SavedState(safetensors: saved.safetensors(), name: "test")
    let resumed = try train(noisy, settings, steps: 8192, resuming: restored)
    #expect(whole.state == resumed.state)
  }

  @Test("in two rooms the policy succeeds in 90 % of noisy episodes after 60,000 steps, the open loop in under 30 %")
  func robustness() throws {
    // Forty steps, of which thirty may pass before the first, would be too few.
    let plain = try recipe("MultiRoom-N2-S4", seed: 4).changing(["timeLimit": 120])
    let noisy = try plain.changing(noise)
    try withDemonstration(of: plain, name: "robustness") { replay, path in
      let workers = Workers(count: 1)
      let undisturbed = try Evaluation.run(plain, episodes: 20, seed: 5, workers: workers) {
        OpenLoopPolicy([replay], slots: $0)
      }
      #expect(undisturbed.successRate == 1)
      let open = try Evaluation.run(noisy, episodes: 100, seed: 5, workers: workers) {
        OpenLoopPolicy([replay], slots: $0)
      }
      #expect(open.successRate < 0.3)
      let (agent, _) = try train(noisy, configuration(path), steps: 60_000)
      let robust = try Evaluation.run(noisy, episodes: 100, seed: 5, workers: workers) {
        agent.makePolicy(slots: $0, choice: .sample)
      }
      #expect(robust.successRate >= 0.9)
    }
  }

  @Test("no-op starts spend up to that many steps of the episode's time and change nothing else")
  func noOps() throws {
    let plain = try recipe("MultiRoom-N2-S4", seed: 4)
    let waiting = try plain.changing(["noOpStarts": 30])
    let still = try Evaluation.run(plain, episodes: 60, seed: 5, workers: Workers(count: 1)) { _ in IdlePolicy() }
    let waited = try Evaluation.run(waiting, episodes: 60, seed: 5, workers: Workers(count: 1)) { _ in IdlePolicy() }
    let limit = try #require(still.lengths.first)
    #expect(Set(still.lengths) == [limit])
    #expect(waited.lengths.allSatisfy { (limit - 30...limit).contains($0) } && Set(waited.lengths).count > 5)
  }
}

/// Does nothing.
private struct IdlePolicy: Policy {
  mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    for slot in 0..<rollout.slots { rollout.setAction([6], time: time, slot: slot) }
  }
}
