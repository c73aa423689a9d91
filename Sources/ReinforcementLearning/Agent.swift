public import Groundwork

/// What an agent needs beyond stepping its own slots; the session grants it and results say so.
public struct Needs: OptionSet, Sendable, Hashable, CustomStringConvertible {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Copies of the environment's state that can be stepped ahead.
  public static let simulator = Needs(rawValue: 1)
  public static let languageModel = Needs(rawValue: 2)
  public static let preferences = Needs(rawValue: 4)

  public var description: String {
    var names: [String] = []
    if contains(.simulator) { names.append("simulator") }
    if contains(.languageModel) { names.append("language model") }
    if contains(.preferences) { names.append("preferences") }
    return names.joined(separator: ", ")
  }
}

/// How a policy turns what it prefers into an action.
public enum ActionChoice: String, Sendable, Codable, CaseIterable {
  /// Draws from the policy's distribution.
  case sample
  /// Takes the most likely action.
  case mode
}

/// Learns to act in an environment.
public protocol Agent: AnyObject, SendableMetatype {
  /// Every field has a default and a doc line with its symbol.
  associatedtype Configuration: Codable & Hashable & Sendable

  static var needs: Needs { get }

  /// Whether it can learn where two players take turns, both of them itself, and every reward is the mover's. False,
  /// the default, for what adds rewards up as one player's.
  static var playsBothSides: Bool { get }

  /// - Parameter rewards: The components of the reward design that it will learn from.
  /// - Throws: `UserError` for a configuration that cannot work for that specification.
  init(configuration: Configuration, specification: Specification, rewards: [RewardComponent], seed: UInt64) throws

  /// Trains until the session's budget is spent or the session throws `TrainingStopped`.
  func train(in session: TrainingSession) throws

  /// A policy of what has been learnt so far, for a batch of `slots` slots.
  func makePolicy(slots: Int, choice: ActionChoice) -> any Policy

  /// Saves everything that a resumed run needs, network parameters under their layers' names.
  func save(to state: inout SavedState)
  func restore(from state: SavedState) throws
}

extension Agent {
  public static var needs: Needs { [] }
  public static var playsBothSides: Bool { false }
}

/// An agent with its configuration, its type erased.
public struct AgentRecipe: Sendable {
  public let id: String
  public let configuration: JSON
  public let needs: Needs
  public let playsBothSides: Bool
  /// Whether the agent keeps an archive (`ArchiveKeeping`).
  public let keepsArchive: Bool
  private let make: @Sendable (Specification, [RewardComponent], UInt64) throws -> any Agent

  public init<A: Agent>(id: String, _ type: A.Type, configuration: A.Configuration) {
    self.id = id
    self.configuration = JSON(encoding: configuration)
    needs = type.needs
    playsBothSides = type.playsBothSides
    keepsArchive = type is any ArchiveKeeping.Type
    make = { specification, rewards, seed in
      try A(configuration: configuration, specification: specification, rewards: rewards, seed: seed)
    }
  }

  public func makeAgent(specification: Specification, rewards: [RewardComponent], seed: UInt64) throws -> any Agent {
    try make(specification, rewards, seed)
  }
}
