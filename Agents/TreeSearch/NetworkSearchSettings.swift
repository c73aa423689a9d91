import RealModule
import ReinforcementLearning

/// The constants of a search that a network guides.
public struct NetworkSearchSettings: Sendable, Hashable {
  /// How actions are chosen at the root and below it.
  public enum Rule: String, Sendable, Codable, CaseIterable {
    /// Sequential halving over actions drawn with Gumbel noise; completed values.
    case gumbel
    /// AlphaZero's and MuZero's upper confidence bound, with Dirichlet noise at the root.
    case puct
  }

  /// How actions are chosen.
  public var rule = Rule.gumbel
  /// n, simulations a root.
  public var simulations = 32
  /// Factor of a later return: gamma; minus gamma where two players take turns.
  public var discount = 1.0
  /// The most edges of a path.
  public var maximumDepth = Int.max
  /// Gumbel: m, the most actions that are considered at the root.
  public var maximumConsidered = 16
  /// Gumbel: the factor of the noise; 0 takes the best action that the search knows.
  public var gumbelScale = 1.0
  /// Gumbel: c_scale of sigma.
  public var valueScale = 0.1
  /// Gumbel: c_visit of sigma.
  public var visitOffset = 50.0
  /// Gumbel: whether sigma brings a node's values to 0...1 first.
  public var rescalesValues = true
  /// PUCT: c₁
  public var explorationOffset = 1.25
  /// PUCT: c₂
  public var explorationBase = 19652.0
  /// PUCT: alpha of the noise at the root.
  public var dirichletAlpha = 0.3
  /// PUCT: the share of the noise in the root's prior.
  public var dirichletFraction = 0.25
  /// PUCT: T, actions are drawn in proportion to visits to the power of 1/T; 0 takes the most visited.
  public var temperature = 1.0

  /// The papers' constants.
  public init() {}
}
