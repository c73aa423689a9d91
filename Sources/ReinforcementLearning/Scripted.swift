/// An environment that knows how its task is done: a script, a solver or a controller acts in it.
public protocol Scripted: Environment {
  /// What an expert does in the present state; asking changes nothing. It may look at what the policy does not see.
  func expertAction() -> Action
}
