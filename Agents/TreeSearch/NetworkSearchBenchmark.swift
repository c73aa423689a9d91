public import Groundwork
import NeuralNetworks
import ReinforcementLearning

/// How fast a Gumbel search of a batch of roots is: the same decisions again and again, the roots shared out evenly
/// to the workers.
public final class NetworkSearchBenchmark {
  /// For each worker, the search of its part of the roots.
  private let parts: [() -> Void]
  private let workers: Workers
  private let simulations: Int

  init(
    roots: Int, simulations: Int, actions: Int, discount: Double, workers: Workers,
    model: (_ first: Int, _ count: Int) -> some SearchModel
  ) {
    var settings = NetworkSearchSettings()
    settings.simulations = simulations
    settings.discount = discount
    self.workers = workers
    self.simulations = roots * simulations
    parts = (0..<workers.count).map { index in
      let (first, end) = (roots * index / workers.count, roots * (index + 1) / workers.count)
      let search = NetworkSearch(settings, roots: end - first, actions: actions)
      let model = model(first, end - first)
      var random = RandomSource(seed: 1, purpose: .searchBench, index: index)
      return { search.run(model, random: &random) }
    }
  }

  /// In a world that is a network itself (`LatentModel`) of seven actions, discount 0.99, as mctx is measured.
  ///
  /// - Parameter width: Elements of a latent state and units of the hidden layer.
  public static func latent(roots: Int, simulations: Int, width: Int, workers: Workers) -> NetworkSearchBenchmark {
    NetworkSearchBenchmark(
      roots: roots, simulations: simulations, actions: 7, discount: 0.99, workers: workers
    ) { first, count in
      LatentModel(roots: count, simulations: simulations, actions: 7, latentWidth: width, seed: UInt64(1 + first))
    }
  }

  /// One search from every root.
  ///
  /// - Returns: The simulations that it ran.
  public func run() -> Int {
    nonisolated(unsafe) let parts = parts
    workers.perform(parts.count) { parts[$0]() }
    return simulations
  }
}
