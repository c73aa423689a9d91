import Catalog
import Groundwork
import ReinforcementLearning
import Testing

/// What each environment says that it is judged by.
@Suite struct MeasureDeclarationTests {
  /// The environment of that name, whatever its family is called.
  private func named(_ name: String) throws -> EnvironmentRecipe {
    try recipe(try #require(everyEnvironment.first { $0.hasSuffix("/" + name) }))
  }

  @Test("what the field judges by its return is judged by its return, and what is done or not by success")
  func judged() throws {
    let judgedByReturn: Set<Substring> = [
      "control", "board", "Snake", "DarkRoom", "Chain", "DistractorChain", "Maze", "MiniCatch", "MiniInvaders",
      "PointMass", "OffSwitch",
    ]
    let judgedBySuccess: Set<Substring> = ["gridworld", "xland", "puzzle", "LavaMine"]
    for id in everyEnvironment {
      let measures = try recipe(id).specification.measures
      let parts = id.split(separator: "/")
      // By name, else by family; where neither says, each environment does.
      guard let key = parts.reversed().first(where: { judgedByReturn.contains($0) || judgedBySuccess.contains($0) })
      else {
        continue
      }
      let isDone = judgedBySuccess.contains(key)
      #expect(measures[0].name == (isDone ? "success" : "return"), "\(id)")
    }
  }

  @Test("success is declared only where the task has an end that is a success")
  func success() throws {
    for name in ["CartPole", "Pendulum", "Snake", "OffSwitch"] {
      #expect(try !named(name).specification.hasSuccess, "\(name)")
    }
    for name in ["Acrobot", "MountainCar", "MountainCarContinuous", "TicTacToe"] {
      #expect(try named(name).specification.hasSuccess, "\(name)")
    }
  }

  @Test("a range holds for a time limit of one step, too")
  func shortEpisodes() throws {
    for name in ["Acrobot", "MountainCar", "CartPole", "Pendulum"] {
      #expect(try named(name).changing(["timeLimit": 1]).specification.measures[0].range != nil, "\(name)")
    }
  }

  @Test("measures that read a signal are summed in training and evaluation: the snake's length is its return and one")
  func snake() throws {
    let recipe = try named("Snake")
    let evaluation = try Evaluation.run(recipe, episodes: 8, seed: 1, workers: Workers(count: 1)) { _ in
      UniformPolicy(recipe.specification)
    }
    #expect(evaluation.episodes.contains { $0.environmentReturn > 0 })
    for record in evaluation.episodes {
      #expect(record.measures == [record.environmentReturn, Double(record.length), record.environmentReturn + 1])
    }
    let collector = try Collector(recipe: recipe, slots: 4, batches: 2, steps: 64, signals: [], seed: 1)
    var policies = collector.batches.map { _ in UniformPolicy(recipe.specification) }
    let records = try collector.collect(&policies, workers: Workers(count: 1))
    #expect(!records.isEmpty && records.allSatisfy { $0.measures[2] == $0.environmentReturn + 1 })
  }
}
