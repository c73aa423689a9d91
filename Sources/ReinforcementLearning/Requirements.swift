/// What an agent needs beyond the observations and rewards of its own slots; it is granted it, and results say so.
public struct Needs: OptionSet, Sendable, Hashable {
  /// A bit each; documents have the `names`.
  public let rawValue: Int

  /// The needs of those bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Copies of the environment's state that can be stepped ahead.
  public static let simulator = Needs(rawValue: 1)
  /// A language model's completions.
  public static let languageModel = Needs(rawValue: 2)
  /// Answers to questions about clips or events.
  public static let labels = Needs(rawValue: 4)
  /// Recorded episodes that it learns from or plays.
  public static let demonstrations = Needs(rawValue: 8)
  /// Fields that policies do not see: its policy reads some when it acts.
  public static let signals = Needs(rawValue: 16)

  /// What the environment's own expert would do.
  public static let expert = Needs(rawValue: 32)

  /// What results call them.
  public var names: [String] {
    [
      (Needs.simulator, "simulator"), (.languageModel, "language model"), (.labels, "labels"),
      (.demonstrations, "demonstrations"), (.signals, "signals"), (.expert, "expert"),
    ].filter { contains($0.0) }.map(\.1)
  }
}

/// What an agent requires of the world that it is born in, as data: `AgentRecipe` refuses in one place, before anything
/// is written, what does not meet it.
public struct Requirements: Sendable, Hashable {
  /// How many players' moves it can make.
  public enum Players: Sendable, Hashable {
    /// It adds rewards up as one player's.
    case one
    /// It also learns where two take turns, both of them itself, and every reward is the mover's.
    case both
  }

  /// Which kind of actions it can choose.
  public enum Actions: Sendable, Hashable {
    /// Numbers or vectors.
    case any
    /// Numbered actions.
    case discrete
    /// Vectors, each element within finite limits.
    case vectors
  }

  /// Which reward designs it can learn from.
  public enum Rewards: Sendable, Hashable {
    /// Any design.
    case any
    /// The environment's own reward, unchanged and alone.
    case environment
  }

  /// What it is to be granted.
  public var needs: Needs
  /// One, or both of two who take turns.
  public var players: Players
  /// Any, or numbered ones only, or vectors only.
  public var actions: Actions
  /// Any design, or the environment's own reward only.
  public var rewards: Rewards
  /// Whether steps must draw no random numbers.
  public var isDeterministic: Bool
  /// Whether the environment must have a text form.
  public var hasTextForm: Bool
  /// Files and directories of replays that the demonstrations are read from, separated by commas.
  public var demonstrations: String
  /// Whether it learns from failures, too: all that a directory holds, not only the replays that succeeded.
  public var learnsFromFailures: Bool

  /// Without arguments: one player, and nothing else.
  public init(
    needs: Needs = [], players: Players = .one, actions: Actions = .any, rewards: Rewards = .any,
    isDeterministic: Bool = false, hasTextForm: Bool = false, demonstrations: String = "",
    learnsFromFailures: Bool = false
  ) {
    self.needs = needs
    self.players = players
    self.actions = actions
    self.rewards = rewards
    self.isDeterministic = isDeterministic
    self.hasTextForm = hasTextForm
    self.demonstrations = demonstrations
    self.learnsFromFailures = learnsFromFailures
  }
}
