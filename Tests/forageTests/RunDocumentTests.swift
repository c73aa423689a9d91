import Catalog
import Environments
import Experiments
import Foundation
import Groundwork
import ReinforcementLearning
import Synchronization
import Testing

/// `run.json` determines a run, and nothing is made before it is needed.
@Suite(.serialized) struct RunDocumentTests {
  private func plan(_ environment: String, agent: String = "random", reward: String = "environment") throws -> RunPlan {
    var request = RunConfiguration()
    request.environment = environment
    request.agent = agent
    request.reward = reward
    let settings = ["run.steps=2000", "evaluations=0", "evaluationEpisodes=1", "finalEpisodes=2"]
    return try Catalog.plan(request, assignments: settings.map { try SettingAssignment(parsing: $0) })
  }

  @Test("settings in parentheses reach environment and agent, and go over --set")
  func parentheses() throws {
    var request = RunConfiguration()
    request.environment = "gridworld/DoorKey-8x8(level.side=6)"
    request.agent = "ppo(epochs=3,hiddenLayers=[32,32])"
    let plan = try Catalog.plan(
      request,
      assignments: [SettingAssignment(parsing: "epochs=2"), SettingAssignment(parsing: "environment.level.side=7")])
    #expect(plan.environment.id == "gridworld/DoorKey-8x8")
    #expect(plan.environment.configuration["level"]?["side"] == 6)
    #expect(plan.agent.configuration["epochs"] == 3)
    #expect(plan.agent.configuration["hiddenLayers"] == [32, 32])
  }

  @Test("every setting of a design is recorded, the agent's discount in place of shaping's, and read back alike")
  func design() throws {
    let plan = try plan(
      "control/CartPole", agent: "ppo", reward: "environment+0.1*potential(signal=angle,scale=0.2)+count")
    #expect(plan.description.reward.terms.map(\.weight) == [1, 0.1, 1])
    #expect(plan.description.reward.terms[1].configuration["discount"] == 0.98)
    #expect(plan.description.reward.terms[2].configuration == ["of": "cell", "episodic": false])
    #expect(plan.reward.remarks.isEmpty)
    let folder = TemporaryFolder()
    let directory = try RunDirectory(creating: folder.path("run"), plan.description)
    #expect(try directory.description() == plan.description)
    #expect(try Catalog.plan(directory.description()).description == plan.description)
  }

  @Test("a changed byte of run.json is named in one line, and version 1 is refused with what to do")
  func sealed() throws {
    let folder = TemporaryFolder()
    let directory = try RunDirectory(creating: folder.path("run"), plan("gridworld/Empty-5x5").description)
    let path = folder.path("run/run.json")
    let text = try Files.readText(path)
    #expect(text.contains("\"version\" : 2"))
    for (old, new) in [("2000", "2001"), ("random", "rondom"), ("  ", " ")] {
      #expect(text.contains(old))
      try Files.writeAtomically(text.replacing(old, with: new, maxReplacements: 1), to: path)
      let error = #expect(throws: UserError.self) { try directory.description() }
      #expect(error?.reason == "'\(path)' was altered after it was written: its digest does not match")
    }
    try Files.writeAtomically("{\"version\": 1, \"forage\": \"0.1.0\", \"reward\": \"environment\"}", to: path)
    let error = #expect(throws: UserError.self) { try directory.description() }
    #expect(
      error?.description
        == "'\(path)' is a run of version 1, this program reads version 2. Use the program that wrote it "
        + "(version 0.1.0), or train anew")
    try Files.writeAtomically(text, to: path)
    _ = try directory.description()
  }

  @Test("a run keeps how many demonstrations it took, of how many, and which; they are read once, when it is planned")
  func takenDemonstrations() throws {
    let folder = TemporaryFolder()
    let (shown, path) = (folder.path("shown"), folder.path("run"))
    let room = try plan("gridworld/Empty-5x5").environment
    try Files.makeDirectory(shown)
    let walks: [(name: String, actions: [Float])] = [
      ("short", [2, 2, 1, 2, 2]), ("long", [2, 1, 2, 2, 0, 2]), ("lost", [2, 2]),
    ]
    for walk in walks { try Replay(of: room, seed: 1, actions: walk.actions).write(to: "\(shown)/\(walk.name).json") }
    let planned = try plan("gridworld/Empty-5x5", agent: "replay(demonstrations=\(shown))")
    #expect(planned.remarks.contains { $0.hasPrefix("2 of 3 demonstrations are learnt from: those that succeeded.") })
    // What was planned with is what the agent has.
    try Files.remove(shown)
    guard case .finished = try TrainingRun(planned, creating: path, workers: Workers(count: 1)).run() else {
      throw UserError("the run was not finished")
    }
    let written = try JSON(parsing: Files.read(path + "/run.json"), name: "run.json")["demonstrations"]
    #expect(written?["episodes"] == 2 && written?["transitions"] == 11)
    #expect(written?["found"] == 3 && written?["choice"] == "successes")
    // A resumed run has the chosen ones alone in its checkpoint, and still says of how many they are.
    #expect(try Catalog.plan(RunDirectory(opening: path).description()).description == planned.description)
  }

  @Test("demonstrations that were exchanged since a run was described are refused, whoever begins it")
  func exchangedDemonstrations() throws {
    let folder = TemporaryFolder()
    let room = try plan("gridworld/Empty-5x5").environment
    let (old, new) = (try Replay(of: room, seed: 1, actions: [2, 2]), try Replay(of: room, seed: 1, actions: [2, 1]))
    let path = folder.path("shown.json")
    try old.write(to: path)
    let described = try plan("gridworld/Empty-5x5", agent: "replay(demonstrations=\(path))").description
    let directory = try RunDirectory(creating: folder.path("begun"), described)
    func begin() throws {
      _ = try TrainingRun(Catalog.plan(described), creating: folder.path("new"), workers: Workers(count: 1))
    }
    func goOn() throws {
      _ = try TrainingRun(Catalog.plan(described), resuming: directory, workers: Workers(count: 1)).run()
    }
    try new.write(to: path)
    let reason =
      """
      the demonstrations in '\(path)' are not those that the run was begun with, and it has no checkpoint that \
      holds them
      """
    #expect(#expect(throws: UserError.self, performing: begin)?.reason == reason)
    #expect(#expect(throws: UserError.self, performing: goOn)?.reason == reason)
    #expect(!Files.exists(folder.path("new")))
    try old.write(to: path)
    try begin()
    try goOn()
    // With a checkpoint the files are not asked for any more.
    try Files.remove(path)
    try goOn()
  }

  @Test("a run goes on without the map that it was begun with")
  func map() throws {
    let folder = TemporaryFolder()
    let map = folder.path("room.txt")
    try Files.writeAtomically("#####\n#@.G#\n#####\n", to: map)
    let plan = try plan("gridworld/Map(map=\(map))")
    try Files.remove(map)
    let directory = try RunDirectory(creating: folder.path("run"), plan.description)
    #expect(try Catalog.plan(directory.description()).environment.configuration == plan.environment.configuration)
    _ = try TrainingRun(Catalog.plan(directory.description()), resuming: directory, workers: Workers(count: 1)).run()
  }

  @Test("a run begins with one agent and one reward model, made once")
  func instances() throws {
    let folder = TemporaryFolder()
    let healthy = try plan("gridworld/Empty-5x5")
    let recipe = try RewardRecipe(
      id: "tally", TallyReward.self, configuration: .init(), for: healthy.environment.specification, agentDiscount: nil)
    let agents = AgentRecipe(id: "tally", TallyAgent.self, configuration: .init())
    TallyReward.made.withLock { $0 = 0 }
    TallyAgent.made.withLock { $0 = 0 }
    let plan = try RunPlan(
      environment: healthy.environment, agent: agents,
      reward: RewardDesignRecipe(text: "tally", terms: [.init(weight: 1, recipe: recipe)]), run: healthy.description.run
    )
    let run = try TrainingRun(plan, creating: folder.path("run"), workers: Workers(count: 1))
    guard case .finished = try run.run() else { throw UserError("the run was not finished") }
    #expect(TallyReward.made.withLock { $0 } == 1)
    #expect(TallyAgent.made.withLock { $0 } == 1)
  }

  @Test("a component's metric is its sum in an episode, weights applied")
  func sums() throws {
    let folder = TemporaryFolder()
    let plan = try plan("control/CartPole", reward: "environment+0.5*environment")
    _ = try TrainingRun(plan, creating: folder.path("run"), workers: Workers(count: 1)).run()
    let line = try #require(try MetricFile.read(folder.path("run/metrics.jsonl")).lines.last)
    let mean = try #require(line["episode/return"])
    #expect(abs(try #require(line["reward/environment"]) - mean) < 1e-9)
    #expect(abs(try #require(line["reward/environment#2"]) - mean / 2) < 1e-9)
  }

  @Test("no line of the metrics has a name twice, also where a reward has a model twice", arguments: [
    "environment+0.1*messages(goal=get the key)+0.1*messages(goal=open the door)", "environment+count+count",
  ])
  func names(_ reward: String) throws {
    let folder = TemporaryFolder()
    let plan = try plan("gridworld/DoorKey-5x5", agent: "ppo(slots=4,batches=1,steps=32)", reward: reward)
    _ = try TrainingRun(plan, creating: folder.path("run"), workers: Workers(count: 1)).run()
    let lines = try MetricFile.read(folder.path("run/metrics.jsonl")).lines
    #expect(!lines.isEmpty)
    for line in lines {
      let names = line.values.map(\.name)
      #expect(Set(names).count == names.count, "\(names)")
      #expect(names.contains { $0.hasSuffix("#2") && !$0.hasPrefix("reward/") })
    }
  }

  @Test("two settings of one environment are two environments of a comparison")
  func comparison() throws {
    let folder = TemporaryFolder()
    let result = try Program.run([
      "compare", "--env", "gridworld/DoorKey-8x8(level.side=5)", "--env", "gridworld/DoorKey-8x8(level.side=6)",
      "--agent", "random",
      "--seeds", "1", "--steps", "1k", "--set", "evaluations=0", "--set", "finalEpisodes=2", "--out",
      folder.path("both"),
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      Files.list(folder.path("both/runs")) == [
        "gridworld-DoorKey-8x8-level.side=5-", "gridworld-DoorKey-8x8-level.side=6-",
      ])
    let file = folder.path("both/comparison.json")
    let text = try Files.readText(file)
    try Files.writeAtomically(text.replacing("side=5", with: "side=7", maxReplacements: 1), to: file)
    let error = #expect(throws: UserError.self) { try ComparisonDescription(reading: file) }
    #expect(error?.reason.contains("was altered after it was written") == true)
  }
}

/// Gives nothing and counts how often it is made.
struct TallyReward: RewardModel {
  struct Configuration: Codable, Hashable, Sendable {}

  static let made = Mutex(0)

  init(_ configuration: Configuration, in setting: RewardSetting) { TallyReward.made.withLock { $0 += 1 } }

  static func outline(_ configuration: Configuration, for specification: Specification) -> RewardOutline {
    RewardOutline([RewardComponent("tally")])
  }

  func reward(of transitions: Transitions, into scores: RewardScores, workers: Workers) {}
}

/// Plays at random and counts how often it is made.
final class TallyAgent: Agent {
  struct Configuration: Codable, Hashable, Sendable {}

  static let made = Mutex(0)
  private let specification: Specification

  init(_ configuration: Configuration, in setting: AgentSetting) {
    specification = setting.specification
    TallyAgent.made.withLock { $0 += 1 }
  }

  func train(in session: TrainingSession) throws {
    let collector = try session.makeCollector(slots: 2, batches: 1, steps: 64)
    var policies = collector.batches.map { _ in UniformPolicy(specification) }
    while !session.isFinished {
      try session.collect(&policies)
      try session.endIteration(of: self, metrics: [])
    }
  }

  func makePolicy(slots: Int, choice: ActionChoice) -> any Policy { UniformPolicy(specification) }
  func save(to state: inout SavedState) {}
  func restore(from state: SavedState) throws {}
}
