/// What an agent needs beyond the observations and rewards of its own slots; it is granted it, and results say so.
public struct Needs: OptionSet, Sendable, Hashable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Copies of the environment's state that can be stepped ahead.
  public static let simulator = Needs(rawValue: 1)
  public static let languageModel = Needs(rawValue: 2)
  /// Answers to questions about clips or events.
  public static let labels = Needs(rawValue: 4)
  /// Recorded episodes that it learns from or plays.
  public static let demonstrations = Needs(rawValue: 8)
  /// Fields that policies do not see: its policy reads some when it acts.
  public static let signals = Needs(rawValue: 16)

  /// What results call them.
  public var names: [String] {
    [
      (Needs.simulator, "simulator"), (.languageModel, "language model"), (.labels, "labels"),
      (.demonstrations, "demonstrations"), (.signals, "signals"),
    ].filter { contains($0.0) }.map(\.1)
  }
}

/// What an agent requires of the world that it is born in, as data: `AgentRecipe` refuses in one place, before anything
/// is written, what does not meet it.
public struct Requirements: Sendable, Hashable {
  public enum Players: Sendable, Hashable {
    /// It adds rewards up as one player's.
    case one
    /// It also learns where two take turns, both of them itself, and every reward is the mover's.
    case both
  }

  public enum Actions: Sendable, Hashable {
    case any
    /// Numbered actions.
    case discrete
  }

  public enum Rewards: Sendable, Hashable {
    /// Any design.
    case any
    /// The environment's own reward, unchanged and alone.
    case environment
  }

  public var needs: Needs
  public var players: Players
  public var actions: Actions
  public var rewards: Rewards
  /// Whether steps must draw no random numbers.
  public var isDeterministic: Bool
  /// Files and directories of replays that the demonstrations are read from, separated by commas.
  public var demonstrations: String

  public init(
    needs: Needs = [], players: Players = .one, actions: Actions = .any, rewards: Rewards = .any,
    isDeterministic: Bool = false, demonstrations: String = ""
  ) {
    self.needs = needs
    self.players = players
    self.actions = actions
    self.rewards = rewards
    self.isDeterministic = isDeterministic
    self.demonstrations = demonstrations
  }
}
