/// An environment whose states a planner can tell apart.
///
/// Every environment can be searched, since every one can be copied and stepped; this is what makes it searched well:
/// states that were met before are recognised, and an opponent or a chance of the environment can be planned without.
/// A faster random playout, where there is one, is written as `playout` of `_CompiledLoops`.
public protocol Searchable: Environment {
  /// A hash of all that the future depends on but the random stream and the time: equal states have equal digests.
  func digest() -> UInt64

  /// Goes on from the present state under another plan: without an opponent, or with sticky actions.
  ///
  /// - Returns: False, the default, when the present state cannot be one of that plan; nothing is changed then.
  mutating func adopt(_ plan: Plan) -> Bool
}

extension Searchable {
  /// Default: it cannot.
  public mutating func adopt(_ plan: Plan) -> Bool { false }
}

/// A game of two players that is played against an opponent inside the environment, or by both players' own moves.
public protocol TurnTaking: Searchable {
  /// The configuration in which both players' moves are the agent's; nil where they are already.
  static func selfPlay(_ configuration: Configuration) -> Configuration?
}
