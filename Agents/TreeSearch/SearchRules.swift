import Groundwork
import RealModule
import ReinforcementLearning

/// What a search needs to know of its configuration and of the environment that it plans in, worked out once.
struct SearchRules: Sendable {
  let configuration: MCTSConfiguration
  let specification: Specification
  /// Factor of each later reward; negative where two players take turns.
  let discount: Double
  let exploration: Float
  let playout: PlayoutRules
  /// A value that no action can beat, which proves a node at once; infinite where nobody knows one.
  let unbeatable: Float
  let usesSolver: Bool
  /// Whether each simulation steps down from the root again, since the same actions can lead elsewhere.
  let isOpenLoop: Bool
  let sharesStates: Bool
  let scalesExploration: Bool
  let usesPriors: Bool
  /// Number of discrete actions; 0 for vectors.
  let actionCount: Int
  let vectorWidth: Int

  /// - Throws: `UserError` where that environment cannot be searched in that way.
  init(_ configuration: MCTSConfiguration, _ specification: Specification) throws(UserError) {
    try configuration.check()
    self.configuration = configuration
    self.specification = specification
    guard (1...2).contains(specification.players) else {
      throw UserError("mcts searches for one player or for two who take turns, not for \(specification.players)")
    }
    let isGame = specification.players == 2
    let size = configuration.discount ?? (isGame ? 1 : 0.99)
    discount = isGame ? -size : size
    exploration = Float(configuration.explorationConstant)
    playout = PlayoutRules(specification, discount: size, limit: configuration.rolloutLimit)
    unbeatable = isGame && size == 1 ? Float(specification.rewards.upperBound) : .infinity
    isOpenLoop = specification.isStochastic
    usesSolver = configuration.solver && !specification.isStochastic && specification.actions.isDiscrete
    scalesExploration = configuration.normalizesValues && !isGame
    usesPriors = configuration.selection == .puct
    sharesStates = configuration.transpositions
    switch specification.actions {
    case .discrete(let names): (actionCount, vectorWidth) = (names.count, 0)
    case .continuous(let low, _): (actionCount, vectorWidth) = (0, low.count)
    }
    if sharesStates && isOpenLoop {
      throw UserError(
        "transpositions need a deterministic environment: this one draws random numbers in its steps",
        fix: "Use --set agent.transpositions=false")
    }
    if usesPriors && actionCount == 0 {
      throw UserError(
        "puct needs a prior for every action, and there are infinitely many vectors",
        fix: "Use --set agent.selection=uct")
    }
  }

  /// Actions that a node of continuous actions may have tried after that many visits.
  func wideningLimit(visits: Int) -> Int {
    let limit = configuration.wideningCoefficient * Double.pow(Double(visits), configuration.wideningExponent)
    return max(1, Int(min(limit, 1e9).rounded(.up)))
  }
}
