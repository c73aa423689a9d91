import Experiments
import ReinforcementLearning

/// Changes to an agent's default configuration for the environments whose ids begin alike.
struct AgentPreset: Sendable {
  /// The beginning of the ids that it is for: a family (`gridworld/`) or some of it (`gridworld/DoorKey`).
  let prefix: String
  /// What the values were chosen on, as far as it is recorded: tasks and budget, or whose they are.
  let chosenOn: String
  /// The seeds of the runs that they were chosen by; nil where none were, or nobody wrote them down.
  let seeds: ClosedRange<UInt64>?
  /// Whose configuration it changes.
  let agent: any Agent.Type
  private let change: @Sendable (any Sendable) -> any Sendable

  /// - Parameters:
  ///   - agent: Every listing of that type takes it.
  ///   - seeds: A report on any of these seeds says that the preset was chosen on them.
  ///   - change: Sets what differs from the default, or from presets before this one.
  init<A: Agent>(
    _ agent: A.Type, _ prefix: String, chosenOn: String, seeds: ClosedRange<UInt64>? = nil,
    _ change: @escaping @Sendable (inout A.Configuration) -> Void
  ) {
    self.prefix = prefix
    self.chosenOn = chosenOn
    self.seeds = seeds
    self.agent = agent
    self.change = { value in
      guard var configuration = value as? A.Configuration else {
        preconditionFailure("a preset of \(A.self) was given another agent's configuration")
      }
      change(&configuration)
      return configuration
    }
  }

  func applies(to id: String) -> Bool { id.hasPrefix(prefix) }

  /// The configuration with the preset's values in it; of the agent that the preset is for.
  func changed<Configuration: Sendable>(_ configuration: Configuration) -> Configuration {
    change(configuration) as! Configuration
  }
}

/// Changes to a run's default settings for the environments whose ids begin alike.
struct RunPreset: Sendable {
  let prefix: String
  let chosenOn: String
  let change: @Sendable (inout RunSettings) -> Void

  init(_ prefix: String, chosenOn: String, _ change: @escaping @Sendable (inout RunSettings) -> Void) {
    self.prefix = prefix
    self.chosenOn = chosenOn
    self.change = change
  }

  func applies(to id: String) -> Bool { id.hasPrefix(prefix) }
}
