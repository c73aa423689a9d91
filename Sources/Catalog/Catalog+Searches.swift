import Agents
public import ReinforcementLearning

/// A search whose speed `forage bench --search` measures.
public struct SearchListing: Sendable {
  /// What it is called on the command line and in the JSON document, for example `mcts board/ConnectFour`.
  public let name: String
  /// One line for the help screen and the README.
  public let summary: String
  /// Prepares it; each call of what it returns searches once and says how many simulations that took.
  public let make: @Sendable () throws -> () -> Int
}

extension Catalog {
  /// Every search that has a benchmark; another one costs one line here.
  public static let searches: [SearchListing] = ["board/TicTacToe", "board/ConnectFour"].map { id in
    SearchListing(name: "mcts \(id)", summary: "1,000 simulations from the empty board, one playout each, c = 2, no solver") {
      let recipe = try environment(id).recipe()
      let benchmark = try SearchBenchmark(recipe: recipe.selfPlay ?? recipe, simulations: 1_000, seed: 1)
      return { benchmark.run() }
    }
  }
}
