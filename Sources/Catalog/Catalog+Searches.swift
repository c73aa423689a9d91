public import Groundwork
import ReinforcementLearning
import Search

/// A search whose speed `forage bench --search` measures.
public struct SearchListing: Sendable {
  /// What it is called on the command line and in the JSON document, for example `mcts board/ConnectFour`.
  public let name: String
  /// One line for the help screen and the README.
  public let summary: String
  /// Whether its roots are shared out to workers; else it runs on one thread.
  public let isBatched: Bool
  /// Prepares it; each call of what it returns searches once and says how many simulations that took.
  public let make: @Sendable (Workers) throws -> () -> Int
}

extension Catalog {
  /// Every search that has a benchmark; another one costs one line here.
  public static let searches: [SearchListing] =
    ["board/TicTacToe", "board/ConnectFour"].map { id in
      SearchListing(
        name: "mcts \(id)", summary: "1,000 simulations from the empty board, one playout each, c = 2, no solver",
        isBatched: false
      ) { _ in
        let recipe = try environment(id).recipe()
        let benchmark = try SearchBenchmark(recipe: recipe.selfPlay ?? recipe, simulations: 1_000, seed: 1)
        return { benchmark.run() }
      }
    } + [
      SearchListing(
        name: "gumbel latent", summary: "256 roots x 32 simulations in a model of one hidden layer of 64",
        isBatched: true
      ) { workers in
        let benchmark = NetworkSearchBenchmark.latent(roots: 256, simulations: 32, width: 64, workers: workers)
        return { benchmark.run() }
      },
      SearchListing(
        name: "gumbel board/ConnectFour",
        summary: "256 roots x 32 simulations in the game, a network of two hidden layers", isBatched: true
      ) { workers in
        let recipe = try environment("board/ConnectFour").recipe()
        let benchmark = try NetworkSearchBenchmark.game(
          recipe.selfPlay ?? recipe, roots: 256, simulations: 32, workers: workers)
        return { benchmark.run() }
      },
    ]
}
