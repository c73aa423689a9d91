public import Groundwork
public import ReinforcementLearning

/// How fast a search is: the same decision again and again.
public final class SearchBenchmark {
  private let search: UCTSearch
  private let simulations: Int
  private var random: RandomSource

  /// UCT as OpenSpiel's benchmark runs it: one playout a leaf, c = 2, no solver.
  ///
  /// - Parameters:
  ///   - recipe: The environment, whose episode of that seed is searched from its start.
  ///   - simulations: Simulations of one search.
  /// - Throws: `UserError` where that environment cannot be searched.
  public init(recipe: EnvironmentRecipe, simulations: Int, seed: UInt64) throws(UserError) {
    var configuration = MCTSConfiguration()
    configuration.simulations = simulations
    configuration.explorationConstant = 2
    configuration.solver = false
    configuration.rolloutLimit = 1 << 30
    search = UCTSearch(try SearchRules(configuration, recipe.specification), recipe: recipe)
    search.arena.start(search.rootIndex, seed: seed)
    self.simulations = simulations
    random = RandomSource(seed: seed)
  }

  /// One search.
  ///
  /// - Returns: The simulations that it ran.
  public func run() -> Int {
    search.start(seed: random.next())
    search.run(simulations: simulations, random: &random)
    return search.progress.pointee.simulations
  }
}
