public import Groundwork
public import ReinforcementLearning

/// Plays demonstrations open loop: the recorded actions one after the other, whatever it sees, and never learns.
///
/// What a demonstration is worth where actions stick: the figure that robustification has to beat. After the last
/// recorded action it goes on with the same one.
public final class ReplayAgent: Agent {
  public struct Configuration: Codable, Hashable, Sendable {
    /// Replay files, runs, comparisons or directories of replays, separated by commas; of a directory of replays those
    /// that succeeded, or the best where none did. Slots take turns with them.
    public var demonstrations = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128

    public init() {}
  }

  private let configuration: Configuration
  private let specification: Specification
  private var replays: [Replay] = []

  public init(
    configuration: Configuration, specification: Specification, rewards: [RewardComponent], seed: UInt64
  ) throws {
    for (key, value) in [("slots", configuration.slots), ("batches", configuration.batches), ("steps", configuration.steps)]
    where value < 1 {
      throw UserError("agent.\(key) cannot be \(value)", fix: "Use a whole number from 1 (--set agent.\(key)=)")
    }
    self.configuration = configuration
    self.specification = specification
    // From a checkpoint they come with `restore`; a new run's must be there.
    if !configuration.demonstrations.isEmpty { replays = (try? DemonstrationFiles.read(configuration.demonstrations)) ?? [] }
  }

  public func train(in session: TrainingSession) throws {
    if replays.isEmpty { replays = try DemonstrationFiles.read(configuration.demonstrations) }
    try check(replays)
    let collector = try session.makeCollector(
      slots: configuration.slots, batches: configuration.batches, steps: configuration.steps)
    var policies = collector.batches.map { OpenLoopPolicy(replays, slots: $0.slots) }
    let each = configuration.slots / configuration.batches
    if positions.count == configuration.slots {
      for index in policies.indices { policies[index].restore(positions: Array(positions[(index * each)..<((index + 1) * each)])) }
    }
    while !session.isFinished {
      try session.collect(&policies)
      positions = zip(policies, collector.rollouts).flatMap { $0.positions(after: $1) }
      try session.endIteration(of: self, metrics: [])
    }
  }

  /// - Throws: `UserError` when a replay's actions are not this environment's.
  private func check(_ replays: [Replay]) throws(UserError) {
    for replay in replays {
      let width = specification.actions.isDiscrete ? 1 : specification.actions.count
      let fits =
        !specification.actions.isDiscrete
        || replay.actions.allSatisfy { $0 >= 0 && $0 < Float(specification.actions.count) && $0 == $0.rounded() }
      guard replay.width == width, replay.length > 0, fits else {
        throw UserError(
          "the actions of a replay of '\(replay.environment)' are not this environment's",
          fix: "Name demonstrations of the same environment (--set agent.demonstrations=)")
      }
    }
  }

  /// - Parameter choice: Without meaning here: the next action is the recorded one.
  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy {
    guard !replays.isEmpty, (try? check(replays)) != nil else { return UniformPolicy(specification) }
    return OpenLoopPolicy(replays, slots: slots)
  }

  /// Where each slot stands in its replay, `[slots]`; empty before the first iteration.
  private var positions: [Int] = []

  public func save(to state: inout SavedState) {
    DemonstrationFiles.save(replays, to: &state)
    state.set("positions", positions.map { Int64($0) })
  }

  public func restore(from state: SavedState) throws {
    replays = try DemonstrationFiles.restore(from: state)
    positions = try state.get("positions", as: Int64.self).map { Int($0) }
  }
}
