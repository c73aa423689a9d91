/// Copies of an environment's states that can be stepped ahead: what a planner is granted, and the only door to them.
///
/// The recipes that agents meet elsewhere, in their setting and in the session, make no arenas, and a policy's view of
/// its batch copies no slots: they stop the program where one tries. An agent that declares `Needs.simulator` is born
/// with a simulator, and results say so. Who loads a slot reseeds the copy, so that a plan cannot see what the real
/// slot will draw.
public struct Simulator: Sendable {
  /// The environment, without limits.
  public let recipe: EnvironmentRecipe

  /// A simulator of that environment, for whoever holds an unlimited recipe: a limited one makes no arenas.
  public init(_ recipe: EnvironmentRecipe) { self.recipe = recipe }

  /// The game in which both players' moves are the agent's; nil where there is no opponent to take out.
  public var selfPlay: Simulator? { recipe.selfPlay.map(Simulator.init) }

  /// Room for snapshots.
  ///
  /// - Parameter signals: What `SnapshotArena.observe` writes beside the policy's fields.
  public func makeArena(capacity: Int, signals: [String] = []) -> SnapshotArena {
    recipe.makeArena(capacity: capacity, signals: signals)
  }

  /// Room for snapshots of which only some fields are looked at.
  ///
  /// - Parameter fields: What `SnapshotArena.observe` writes, and nothing else.
  public func makeArena(capacity: Int, fields: [String]) -> SnapshotArena {
    recipe.makeArena(capacity: capacity, fields: fields)
  }
}
