import Foundation
import Testing

/// Settings that ask for more than any machine has: one line that names setting, need and limit, and nothing is left.
@Suite struct LimitTests {
  struct Case: CustomTestStringConvertible {
    var arguments: String
    /// What the line says, among other words.
    var says: [String]
    var testDescription: String { String(arguments.prefix(100)) }
  }

  private static let door = "train gridworld/DoorKey-5x5"
  private static let noughts = "train board/TicTacToe --agent expert-iteration"
  private static let planner = "train board/TicTacToe --agent mcts"
  private static let solver = "train puzzle/GameOf24 --agent process-search"
  private static let explorer = "train gridworld/DoorKey-5x5 --agent go-explore"

  static let cases: [Case] = [
    Case(
      arguments: "\(door) --set agent.slots=1000000000",
      says: ["agent.slots cannot be 1000000000. Use a whole number from 1 to 65536 (--set agent.slots=)"]),
    Case(
      arguments: "\(door) --set agent.hiddenLayers=[1000000000]",
      says: [
        "an element of agent.hiddenLayers cannot be 1000000000. Use a whole number from 1 to 65536 "
          + "(--set agent.hiddenLayers=[64,64])"
      ]),
    Case(
      arguments: "\(door) --set agent.hiddenLayers=[65536,65536]",
      says: ["the networks have", "parameters; the most are 67108864", "--set agent.hiddenLayers="]),
    Case(
      arguments: "\(door) --set agent.slots=65536 --set agent.steps=1000000",
      says: ["a rollout of 1000000 steps x 65536 slots has 65536000000 samples; the most are 16777216"]),
    Case(arguments: "\(door) --set agent.epochs=1000000000000", says: ["agent.epochs cannot be", "1 to 10000"]),
    Case(
      arguments: "\(door) --agent random --set agent.slots=1000000000", says: ["agent.slots cannot be 1000000000"]),
    Case(
      arguments: "\(door) --agent random --set agent.slots=65536 --set agent.steps=1000000",
      says: ["samples; the most"]),
    Case(
      arguments: "\(door) --set finalEpisodes=1000000000",
      says: ["run.finalEpisodes cannot be 1000000000. Use a whole number from 1 to 100000 (--set run.finalEpisodes=)"]),
    Case(arguments: "\(door) --set evaluationEpisodes=1000000000", says: ["run.evaluationEpisodes cannot be"]),
    Case(arguments: "\(door) --set evaluations=1000000000000", says: ["run.evaluations cannot be"]),
    Case(
      arguments: "\(door) --set environment.frameStack=1000000000000",
      says: ["environment.frameStack cannot be 1000000000000. Use a whole number from 1 to 64"]),
    Case(
      arguments: "\(noughts) --set agent.simulations=1000000000000",
      says: ["agent.simulations cannot be 1000000000000. Use a whole number from 2 to 65536"]),
    Case(
      arguments: "\(noughts) --set agent.simulations=65536 --set agent.slots=65536",
      says: ["searches of 65536 slots x 65536 simulations have", "bytes; the most are 4294967296"]),
    Case(arguments: "\(noughts) --set agent.bufferSize=1000000000000", says: ["agent.bufferSize cannot be"]),
    Case(
      arguments: "\(noughts) --set agent.bufferSize=100000000",
      says: ["a buffer of 100000000 positions has", "bytes; the most are"]),
    Case(arguments: "\(noughts) --set agent.hiddenLayers=[1000000000]", says: ["agent.hiddenLayers cannot be"]),
    Case(arguments: "\(noughts) --set agent.hiddenLayers=[65536,65536]", says: ["parameters; the most are"]),
    Case(arguments: "\(noughts) --set agent.minibatch=1000000000", says: ["agent.minibatch cannot be"]),
    Case(arguments: "\(planner) --set agent.simulations=1000000000000", says: ["agent.simulations cannot be"]),
    Case(arguments: "\(planner) --set agent.environments=1000000000", says: ["agent.environments cannot be"]),
    Case(
      arguments: "\(planner) --set agent.simulations=0 --set agent.seconds=1 --set agent.maximumNodes=268435456",
      says: ["2 trees of 268435456 nodes have", "bytes; the most are", "--set agent.maximumNodes="]),
    Case(arguments: "\(solver) --set agent.problems=1000000000", says: ["agent.problems cannot be"]),
    Case(arguments: "\(solver) --set agent.memory=1000000000000", says: ["agent.memory cannot be"]),
    Case(arguments: "\(solver) --set agent.memory=100000000", says: ["100000000 examples have", "bytes; the most are"]),
    Case(
      arguments: "\(solver) --set agent.iterations=1000000 --set agent.problems=65536 --set agent.batches=1",
      says: ["searches of 65536 problems in 1000000 rounds", "bytes; the most are"]),
    Case(arguments: "\(solver) --set agent.hiddenLayers=[65536,65536]", says: ["parameters; the most are"]),
    Case(arguments: "\(explorer) --set agent.batchSize=1000000000", says: ["agent.batchSize cannot be"]),
    Case(
      arguments: "\(explorer) --set agent.batchSize=100000 --set agent.exploreSteps=1000000",
      says: ["a cycle of 100000 cells x 1000000 steps has 100000000000 steps; the most are 16777216"]),
    Case(
      arguments: "\(explorer) --set agent.cell=frame --set agent.frame.buffer=100000 --set agent.frame.side=256",
      says: ["100000 frames of 256 x 256 pixels have", "bytes; the most are"]),
    Case(
      arguments: "train gridworld/DoorKey-5x5 --agent go-explore-policy --set agent.learner.slots=1000000000",
      says: ["agent.learner.slots cannot be 1000000000"]),
    Case(
      arguments: "\(door) --reward environment+0.1*rnd(features=1000000000)",
      says: ["rnd.features cannot be 1000000000. Use a whole number from 1 to 4096 (rnd(features=))"]),
    Case(
      arguments: "\(door) --reward " + [String](repeating: "rnd", count: 2000).joined(separator: "+"),
      says: ["the reward has 2000 terms; the most are 64"]),
    Case(
      arguments: "\(door) --reward "
        + [String](repeating: "rnd(hidden=4096,features=4096)", count: 20).joined(separator: "+"),
      says: ["the reward's networks have", "parameters; the most are 67108864"]),
    Case(
      arguments: "compare --env gridworld/DoorKey-5x5 --agent ppo --agent ppo(slots=1000000000)",
      says: ["agent.slots cannot be 1000000000"]),
  ]

  @Test("sizes without an end are refused before anything is made or written", arguments: cases)
  func refused(_ example: Case) throws {
    let folder = TemporaryFolder()
    let arguments = example.arguments.split(separator: " ").map(String.init) + ["--out", folder.path("run")]
    let result = try Program.run(arguments, in: folder.url)
    #expect(result.status == 1)
    #expect(result.output == "")
    #expect(result.errors.split(separator: "\n").count == 1 && result.errors.hasPrefix("forage: "), "\(result.errors)")
    for words in example.says { #expect(result.errors.contains(words), "\(result.errors)") }
    #expect(!FileManager.default.fileExists(atPath: folder.path("run")))
  }

  @Test("more seeds than a comparison has are an error of the command line")
  func seeds() throws {
    let folder = TemporaryFolder()
    let result = try Program.run(
      ["compare", "--env", "gridworld/DoorKey-5x5", "--seeds", "1000000000", "--out", folder.path("run")])
    #expect(result.status == 1 && result.errors.contains("--seeds must lie in 1...1000, not 1000000000"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("run")))
  }
}
