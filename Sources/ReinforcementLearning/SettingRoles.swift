import Groundwork

/// What some settings of an environment are for, beside deciding episodes.
///
/// Keys are written as `--set environment.KEY` takes them, with dots for nested configurations.
public struct SettingRoles: Sendable, Hashable {
  /// Settings that the id stands for, such as which of fifty tasks is played: they are no settings of the listing, and
  /// another value, which would play another environment under this id, is refused wherever a configuration is read.
  public let fixed: [String]
  /// Settings that choose which episodes there are, or how much noise there is in them, and change neither what is
  /// seen, nor what an action means, nor what is paid. Demonstrations may differ from a run in these alone.
  public let episodes: [String]

  /// - Parameters:
  ///   - fixed: Keys that the id stands for.
  ///   - episodes: Keys that choose among episodes.
  public init(fixed: [String] = [], episodes: [String] = []) {
    (self.fixed, self.episodes) = (fixed, episodes)
  }

  /// - Parameters:
  ///   - changes: Values in place of the configuration's.
  ///   - configuration: What the id stands for, as a document.
  /// - Throws: `UserError` where a fixed key has another value.
  func check(_ changes: JSON, against configuration: @autoclosure () -> JSON, id: String) throws(UserError) {
    for key in fixed {
      guard let wanted = changes.value(at: key), let own = configuration().value(at: key), wanted != own else {
        continue
      }
      throw UserError(
        "environment.\(key) of '\(id)' is always \(own.string ?? own.text()), never \(wanted.string ?? wanted.text())",
        fix: "Name the environment that has it; `forage list environments` shows all")
    }
  }

  /// The first setting, in alphabetical order, in which two configurations differ though they may not; nil for none.
  func difference(_ recorded: JSON, _ own: JSON) -> (key: String, recorded: JSON, own: JSON)? {
    let members = (recorded.leaves(), own.leaves())
    for key in Set(members.0.keys).union(members.1.keys).sorted() where !episodes.contains(key) {
      let pair = (members.0[key] ?? .null, members.1[key] ?? .null)
      // Another number of frames is shown by playing the recording again.
      if pair.0 != pair.1, key != "frameStack" { return (key, pair.0, pair.1) }
    }
    return nil
  }
}

extension JSON {
  /// The value behind keys with dots; nil where there is none.
  fileprivate func value(at key: String) -> JSON? {
    key.split(separator: ".").reduce(Optional(self)) { $0?[String($1)] }
  }

  /// All values that are no objects, by their keys with dots.
  fileprivate func leaves(_ prefix: String = "") -> [String: JSON] {
    guard case .object(let members) = self else { return [prefix: self] }
    return members.reduce(into: [:]) { leaves, member in
      let key = prefix.isEmpty ? member.key : "\(prefix).\(member.key)"
      leaves.merge(member.value.leaves(key)) { first, _ in first }
    }
  }
}
