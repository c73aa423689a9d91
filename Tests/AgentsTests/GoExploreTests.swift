import Environments
import GridworldEnvironments
import Groundwork
import ReinforcementLearning
import RewardModels
import Testing

@testable import Archives

@Suite("Go-Explore")
struct GoExploreTests {
  private static func recipe(_ level: String, layout: Int = 1) throws -> EnvironmentRecipe {
    let entry = Gridworld.levels.first { $0.id == level }!
    return try EnvironmentRecipe(id: "gridworld/\(level)", Gridworld.self, configuration: entry.configuration)
      .changing(["layoutSeed": .integer(layout)])
  }

  private static func configuration(
    _ change: (inout GoExploreConfiguration) -> Void = { _ in }
  ) -> GoExploreConfiguration {
    var configuration = GoExploreConfiguration()
    configuration.meanHold = 2
    change(&configuration)
    return configuration
  }

  private static func train(
    _ recipe: EnvironmentRecipe, _ configuration: GoExploreConfiguration, steps: Int, seed: UInt64 = 1,
    workers: Int = 1, observer: (any TrainingObserver)? = nil, resuming state: SavedState? = nil
  ) throws -> (agent: GoExplore, session: TrainingSession) {
    let design = try RewardDesign("environment", among: RewardModels.all, in: recipe, seed: seed)
    let session = TrainingSession(
      recipe: recipe, rewardModel: design, totalSteps: steps, seed: seed, workers: Workers(count: workers),
      observer: observer)
    let agent = try Training.born(
        GoExplore.self, configuration, in: recipe, rewards: design.components, seed: seed, resuming: state)
    if let state { try session.restore(from: state) }
    do { try agent.train(in: session) } catch is TrainingStopped {}
    return (agent, session)
  }

  private static func bytes(_ agent: GoExplore) -> [UInt8] {
    var state = SavedState()
    agent.save(to: &state)
    return state.safetensors()
  }

  @Test(
    "levels of keys and locks are solved in less than two million steps",
    arguments: ["KeyCorridorS6R3", "ObstructedMaze-Full", "LockedRoom"])
  func solves(_ level: String) throws {
    let recipe = try Self.recipe(level)
    let (agent, session) = try Self.train(
      recipe, Self.configuration { $0.stopsWhenSolved = true }, steps: 2_000_000)
    let first = try #require(agent.firstSuccess)
    #expect(first <= session.step && session.step < 2_000_000)
    let replay = try Replay(of: recipe, seed: 0, actions: agent.bestActions)
    #expect(replay.success)
    #expect(replay.length == agent.bestActions.count)
  }

  @Test("replaying a cell's actions from the start gives the same state, byte for byte")
  func restores() throws {
    let recipe = try Self.recipe("ObstructedMaze-Full")
    let (agent, _) = try Self.train(recipe, Self.configuration(), steps: 200_000)
    let signals = recipe.specification.signals.map(\.name)
    let (kept, replayed) = (
      recipe.makeArena(capacity: 1, signals: signals), recipe.makeArena(capacity: 1, signals: signals)
    )
    let scratch = SnapshotArena.Scratch(recipe.specification)
    let count = kept.layout.rowBytes
    var rows = [[UInt8](repeating: 0, count: count), [UInt8](repeating: 0, count: count)]
    #expect(agent.cellCount > 500)
    for cell in stride(from: 1, to: agent.archive.count, by: 7) {
      agent.states!.load(cell, into: kept, at: 0)
      replayed.start(0, seed: 0)
      let actions = agent.archive.log.actions(to: agent.archive.cells[cell].experience)
      #expect(actions.count == Int(agent.archive.cells[cell].length))
      var score = 0.0
      for action in actions { score += Double(replayed.advance(0, to: 0, action: Int(action), scratch).reward) }
      #expect(score == agent.archive.cells[cell].score)
      #expect(kept.digest(0) == replayed.digest(0) && kept.digest(0) != nil)
      #expect(kept.elapsed(0) == replayed.elapsed(0))
      rows[0].withUnsafeMutableBytes { kept.observe(0, into: $0.baseAddress!) }
      rows[1].withUnsafeMutableBytes { replayed.observe(0, into: $0.baseAddress!) }
      #expect(rows[0] == rows[1])
    }
  }

  @Test("one worker and three give the same bits")
  func workers() throws {
    let recipe = try Self.recipe("KeyCorridorS6R3")
    let one = try Self.train(recipe, Self.configuration(), steps: 200_000, workers: 1)
    let three = try Self.train(recipe, Self.configuration(), steps: 200_000, workers: 3)
    #expect(Self.bytes(one.agent) == Self.bytes(three.agent))
    let other = try Self.train(recipe, Self.configuration(), steps: 200_000, seed: 2)
    #expect(Self.bytes(one.agent) != Self.bytes(other.agent))
  }

  @Test("returning by replayed actions gives the archive that returning by snapshot gives, in more steps")
  func replays() throws {
    let recipe = try Self.recipe("KeyCorridorS4R3")
    func configuration(_ returnsBy: GoExploreConfiguration.Return) -> GoExploreConfiguration {
      Self.configuration {
        $0.cycles = 20
        $0.returnsBy = returnsBy
      }
    }
    // The budget is spent after the one iteration of 20 cycles of one, and within it of the other.
    let copied = try Self.train(recipe, configuration(.snapshot), steps: 1_000_000, observer: Stop(after: 1))
    let replayed = try Self.train(recipe, configuration(.replay), steps: 1_000_000, observer: Stop(after: 1))
    #expect(copied.agent.archive.cells == replayed.agent.archive.cells)
    #expect(copied.agent.archive.log.actions == replayed.agent.archive.log.actions)
    #expect(copied.session.step < replayed.session.step)
  }

  @Test("where few cells may keep a state the others are reached by their actions, whatever workers and resumes there are")
  func bound() throws {
    let recipe = try Self.recipe("ObstructedMaze-Full")
    let configuration = Self.configuration {
      $0.keptStates = 100
      $0.cycles = 2
    }
    let recorder = Recorder(saving: 3)
    let whole = try Self.train(recipe, configuration, steps: 120_000, observer: recorder)
    let states = whole.agent.states!
    #expect(states.keptCount <= 100 && whole.agent.cellCount > 300)
    let givenUp = Double(whole.agent.cellCount - states.keptCount)
    #expect(whole.agent.metrics.first { $0.name == "archive/statesGivenUp" }?.value == givenUp)
    #expect(whole.agent.archiveEntries.count { !$0.hasState && $0.number > 0 } == Int(givenUp))
    // What is given up is what is least likely to be chosen.
    let weights = (1..<whole.agent.archive.count).map { (states.has($0), whole.agent.archive.weight(of: $0)) }
    func mean(_ kept: Bool) -> Double {
      let some = weights.filter { $0.0 == kept }.map(\.1)
      return some.reduce(0, +) / Double(some.count)
    }
    #expect(mean(true) > mean(false))
    // Ways back are steps of the run: it explores less than one that keeps all states.
    let free = try Self.train(recipe, Self.configuration { $0.cycles = 2 }, steps: 120_000)
    #expect(whole.agent.cycle < free.agent.cycle)
    let three = try Self.train(recipe, configuration, steps: 120_000, workers: 3)
    #expect(Self.bytes(whole.agent) == Self.bytes(three.agent))
    let state = try #require(recorder.state)
    let resumed = try Self.train(recipe, configuration, steps: 120_000, resuming: state)
    #expect(Self.bytes(whole.agent) == Self.bytes(resumed.agent))
    let replay = try Replay(of: recipe, seed: 0, actions: whole.agent.bestActions)
    #expect(replay.length == whole.agent.bestActions.count)
  }

  @Test("a run resumed from a checkpoint ends bit for bit as one that was not interrupted")
  func resumes() throws {
    let recipe = try Self.recipe("ObstructedMaze-Full")
    for cell in ["", "frame"] {
      let configuration = Self.configuration {
        $0.cell = cell
        $0.frame.firstFit = 3000
        $0.frame.buffer = 50
        $0.frame.keepProbability = 0.05
        $0.frame.proposals = 20
        $0.cycles = cell == "frame" ? 1 : 4
        $0.batchSize = cell == "frame" ? 20 : 100
      }
      let steps = cell == "frame" ? 8000 : 160_000
      let recorder = Recorder(saving: 2)
      let whole = try Self.train(recipe, configuration, steps: steps, observer: recorder)
      let state = try #require(recorder.state)
      let resumed = try Self.train(recipe, configuration, steps: steps, resuming: state)
      #expect(Self.bytes(whole.agent) == Self.bytes(resumed.agent))
      #expect(whole.session.step == resumed.session.step)
      // What is logged does not tell that one of them forgot steps when it was saved.
      #expect(whole.agent.metrics.map(\.name) == resumed.agent.metrics.map(\.name))
      #expect(whole.agent.metrics.map(\.value) == resumed.agent.metrics.map(\.value))
    }
  }

  @Test("a run ends on its budget, however large its cycles are", arguments: [1, 150, 1000])
  func budget(steps: Int) throws {
    let configuration = Self.configuration {
      $0.batchSize = 5000
      $0.cycles = 100
    }
    #expect(try Self.train(Self.recipe("LockedRoom"), configuration, steps: steps).session.step == steps)
  }

  @Test("ways back that are stepped count for the budget: a run goes beyond it by less than one way")
  func budgetOfWays() throws {
    for steps in [3_000, 20_000] {
      let bounded = Self.configuration {
        $0.batchSize = 50
        $0.keptStates = 10
      }
      let replayed = Self.configuration {
        $0.batchSize = 50
        $0.returnsBy = .replay
      }
      for configuration in [bounded, replayed] {
        #expect(try Self.train(Self.recipe("LockedRoom"), configuration, steps: steps).session.step == steps)
      }
    }
  }

  @Test("what is shown of an archive lies where the ways to its cells end, before and after a checkpoint")
  func shownArchive() throws {
    let recipe = try Self.recipe("LockedRoom")
    let (agent, _) = try Self.train(recipe, Self.configuration { $0.stopsWhenSolved = true }, steps: 2_000_000)
    let entries = agent.archiveEntries
    #expect(entries.count == agent.cellCount + 1, "the cell of ended episodes is one more")
    #expect(entries[0].place == nil && entries[0].success && agent.bestCell == 0)
    for entry in entries.dropFirst() where entry.number % 11 == 1 {
      let actions = agent.actions(toCell: entry.number)
      #expect(actions.count == entry.length)
      let places = try recipe.places(seed: agent.exploredSeed, actions: actions)
      #expect(places.count == entry.length + 1 && places.last == entry.place)
      let place = try #require(entry.place)
      #expect(entry.key.hasPrefix("position \(Int(place.x)),\(Int(place.y))  carried "))
    }
    var state = SavedState()
    agent.save(to: &state)
    let resumed = try Training.born(GoExplore.self, Self.configuration { $0.stopsWhenSolved = true }, in: recipe)
    try resumed.restore(from: state)
    #expect(resumed.archiveEntries == entries)
  }

  @Test(
    """
    cells without what is carried never solve a locked room, and cells that count every square seen are a \
    hundred times as many
    """
  )
  func resolutions() throws {
    func train(_ cell: String, steps: Int) throws -> GoExplore {
      try Self.train(
        Self.recipe("LockedRoom"),
        Self.configuration {
          $0.cell = cell
          $0.stopsWhenSolved = true
        }, steps: steps
      ).agent
    }
    let right = try train("", steps: 2_000_000)
    #expect(right.firstSuccess != nil)
    let coarse = try train("position", steps: 1_000_000)
    #expect(coarse.firstSuccess == nil && coarse.cellCount < 300)
    let fine = try train("position,direction,carried,openDoors,doorsOpened,cellsVisited", steps: 1_000_000)
    #expect(fine.firstSuccess == nil && fine.cellCount > 100 * right.cellCount)
  }

  @Test("a cell expression names the column of a mistake")
  func expressions() throws {
    let specification = try Self.recipe("LockedRoom").specification
    let expression = try CellExpression(parsing: " position / 2, carried[1],openDoors", specification: specification)
    #expect(expression.count == 4)
    #expect(expression.parts.map(\.text) == ["position/2", "carried[1]", "openDoors"])
    #expect(expression.places(of: "openDoors") == 3..<4)
    for (text, reason) in [
      ("position, caried", "agent.cell, column 11: there is no field 'caried'"),
      ("position[2]", "agent.cell, column 10: 'position' has elements 0 to 1, not 2"),
      ("position/0", "agent.cell, column 10: '0' is no positive number to divide by"),
      ("position,", "agent.cell, column 10: a field's name is missing"),
      ("mission", "agent.cell, column 1: 'mission' is a text, which cannot be part of a cell"),
    ] {
      let error = #expect(throws: UserError.self) {
        _ = try CellExpression(parsing: text, specification: specification)
      }
      #expect(error?.reason == reason)
    }
  }

  @Test("weights are w / (v + 1)^p, with terms for neighbours, objects and levels")
  func weights() throws {
    let specification = try Self.recipe("LockedRoom").specification
    var configuration = Self.configuration()
    configuration.weights.horizontal = 0.1
    configuration.weights.horizontalPart = "position[0]"
    configuration.weights.levelFactor = 0.1
    configuration.weights.levelPart = "subgoals"
    let expression = try CellExpression(parsing: "position[0],subgoals", specification: specification)
    var archive = Archive(
      keyWidth: 2, actionWidth: 1, selector: try CellSelector(configuration, expression: expression))
    // Three cells in a row on level 0, and one on level 1.
    for (x, level) in [(1, 0), (2, 0), (3, 0), (2, 1)] as [(Int32, Int32)] {
      _ = [x, level].withUnsafeBufferPointer { archive.cell(of: $0.baseAddress!) }
    }
    archive.cells[2].seen = 3
    archive.updateWeights(of: [2])
    #expect(abs(archive.weight(of: 1) - 1.1 * 0.1) < 1e-12, "one neighbour is missing, one level below")
    #expect(abs(archive.weight(of: 2) - 0.5 * 0.1) < 1e-12, "1 / sqrt(3 + 1)")
    #expect(abs(archive.weight(of: 4) - 1.2) < 1e-12, "both neighbours are missing")
    #expect(archive.weight(of: Archive.ended) == 0)
  }

  @Test("stochastic steps and other rewards are refused with the fix")
  func refusals() throws {
    let sticky = try Self.recipe("LockedRoom").changing(["stickyActionProbability": 0.25])
    let error = #expect(throws: UserError.self) {
      _ = try Training.born(GoExplore.self, .init(), in: sticky)
    }
    #expect(error?.fix.contains("(--set environment.stickyActionProbability=0), or") == true)
    // What cannot be turned off is not advised.
    let moving = #expect(throws: UserError.self) {
      _ = try Training.born(GoExplore.self, .init(), in: try Self.recipe("Dynamic-Obstacles-5x5"))
    }
    #expect(moving?.fix == "Use an agent that learns a policy")
    let other = #expect(throws: UserError.self) {
      _ = try Training.born(
        GoExplore.self, .init(), in: try Self.recipe("LockedRoom"),
        rewards: [RewardComponent("environment"), RewardComponent("count")], seed: 1)
    }
    #expect(other?.reason.contains("'count'") == true)
  }

  @Test("the downscaling objective is highest for frames spread evenly over the wanted number of cells")
  func objective() {
    let even = Downscaling.objective([10, 10, 10, 10], target: 4)
    #expect(abs(even - 1) < 1e-12)
    #expect(Downscaling.objective([37, 1, 1, 1], target: 4) < 0.5)
    #expect(abs(Downscaling.objective([20, 20], target: 4) - 1 / 1.5.squareRoot()) < 1e-12)
    #expect(Downscaling.objective([40], target: 4) == 0)
  }
}

/// Stops a run after some iterations.
private final class Stop: TrainingObserver {
  private var left: Int

  init(after iterations: Int) { left = iterations }

  func iterationEnded(_ report: IterationReport, agent: any Agent, save: () -> SavedState) -> Bool {
    left -= 1
    return left > 0
  }
}
