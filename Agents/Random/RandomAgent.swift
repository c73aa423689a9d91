public import Groundwork
public import ReinforcementLearning

/// The baseline that every learner must beat: it draws a legal action at random and never learns.
///
/// It still runs the whole machinery of training, so a reward design's own metrics (how many places it counted,
/// how its predictor's error falls) can be watched under a policy that does not change.
public final class RandomAgent: Agent {
  public struct Configuration: Codable, Hashable, Sendable {
    /// Environments stepped side by side (N), at least 1.
    public var environments = 16
    /// Batches that they are shared out to; must divide `environments`. Part of the configuration, never of the
    /// machine, so results do not depend on the number of workers.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128

    public init() {}
  }

  public static let playsBothSides = true

  private let configuration: Configuration
  private let specification: Specification

  public init(
    configuration: Configuration, specification: Specification, rewards: [RewardComponent], seed: UInt64
  ) throws {
    for (key, value) in [
      ("environments", configuration.environments), ("batches", configuration.batches), ("steps", configuration.steps),
    ] where value < 1 {
      throw UserError("agent.\(key) cannot be \(value)", fix: "Use a whole number from 1 (--set agent.\(key)=)")
    }
    self.configuration = configuration
    self.specification = specification
  }

  public func train(in session: TrainingSession) throws {
    let collector = try session.makeCollector(
      slots: configuration.environments, batches: configuration.batches, steps: configuration.steps)
    var policies = collector.batches.map { _ in UniformPolicy(specification) }
    while !session.isFinished {
      try session.collect(&policies)
      try session.endIteration(of: self, metrics: [])
    }
  }

  /// - Parameter choice: Without meaning here: no action is more likely than another.
  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy { UniformPolicy(specification) }

  public func save(to state: inout SavedState) {}
  public func restore(from state: SavedState) throws {}
}
