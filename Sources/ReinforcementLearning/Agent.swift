public import Groundwork

/// How a policy turns what it prefers into an action.
public enum ActionChoice: String, Sendable, Codable, CaseIterable {
  /// Draws from the policy's distribution.
  case sample
  /// Takes the most likely action.
  case mode
}

/// Learns to act in an environment.
///
/// An agent is born in its world: when `init` returns it can be restored, asked for policies, or trained. What it needs
/// beyond its own slots it declares, and finds in its setting.
public protocol Agent: AnyObject, SendableMetatype {
  /// Every field has a default and a doc line with its symbol.
  associatedtype Configuration: Codable & Hashable & Sendable

  /// What it requires with that configuration; nothing by default but one player.
  static func requirements(_ configuration: Configuration) -> Requirements

  /// The signals that its policies read when they act, for an agent that declares `Needs.signals`.
  ///
  /// - Throws: `UserError` for a configuration that names what that environment lacks.
  static func signals(_ configuration: Configuration, in specification: Specification) throws -> [String]

  /// - Parameter setting: A world that meets its requirements.
  /// - Throws: `UserError` for a configuration that cannot work, or not in that world.
  init(_ configuration: Configuration, in setting: AgentSetting) throws

  /// Trains until the session's budget is spent or the session throws `TrainingStopped`.
  func train(in session: TrainingSession) throws

  /// A policy of what has been learnt so far, for a batch of `slots` slots.
  func makePolicy(slots: Int, choice: ActionChoice) throws -> any Policy

  /// Saves everything that a resumed run needs, network parameters under their layers' names.
  func save(to state: inout SavedState)
  func restore(from state: SavedState) throws
}

extension Agent {
  public static func requirements(_ configuration: Configuration) -> Requirements { Requirements() }
  public static func signals(_ configuration: Configuration, in specification: Specification) throws -> [String] { [] }
}
