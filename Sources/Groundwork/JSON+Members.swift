/// Documents that are changed member by member.
extension JSON {
  /// Sets a value in nested objects, making them where they are missing.
  ///
  /// - Parameter path: Keys from the outermost on, at least one; what stands in the way and is no object is
  ///   replaced.
  public mutating func set(_ path: [String], _ value: JSON) {
    var members = object ?? [:]
    if path.count == 1 {
      members[path[0]] = value
    } else {
      var child = members[path[0]] ?? .object([:])
      child.set(Array(path.dropFirst()), value)
      members[path[0]] = child
    }
    self = .object(members)
  }

  /// This object with another's members over it, nested objects member by member.
  ///
  /// Where either is no object the other one stands alone: lists are replaced, not joined.
  public func overlaid(with other: JSON) -> JSON {
    guard case .object(var members) = self, case .object(let changes) = other else { return other }
    for (key, value) in changes { members[key] = members[key]?.overlaid(with: value) ?? value }
    return .object(members)
  }
}
