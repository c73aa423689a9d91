/// A key by which a person takes an action, where the environment has keys of its own (`Specification.keys`).
public enum ActionKey: Sendable, Hashable {
  /// A printing key by what it prints; the space bar is `" "`.
  case character(Character)
  /// A letter with the control key, and a printing key with the alt key.
  case control(Character), alt(Character)
  case enter, escape
}
