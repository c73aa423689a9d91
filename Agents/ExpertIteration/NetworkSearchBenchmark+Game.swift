public import Groundwork
import NeuralNetworks
public import ReinforcementLearning

extension NetworkSearchBenchmark {
  /// In a game, from its start, under expert iteration's default network before training.
  ///
  /// - Throws: `UserError` for an environment that expert iteration cannot play.
  public static func game(
    _ recipe: EnvironmentRecipe, roots: Int, simulations: Int, workers: Workers
  ) throws -> NetworkSearchBenchmark {
    let agent = try ExpertIteration(
      ExpertIterationConfiguration(), in: AgentSetting(recipe, seed: 1, needs: .simulator))
    return NetworkSearchBenchmark(
      roots: roots, simulations: simulations, actions: agent.actions,
      discount: recipe.specification.players == 2 ? -1 : 0.99, workers: workers
    ) { first, count in
      let model = SimulatorModel(
        recipe, network: agent.network, parameters: agent.parameters, roots: count, simulations: simulations)
      for root in 0..<count { model.arena.start(model.rootIndex(root), seed: UInt64(first + root)) }
      return model
    }
  }
}
