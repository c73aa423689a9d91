public import Groundwork

/// An agent as `forage compare --agent` and `forage match` name it: an id or a run, and settings of its own in
/// parentheses, so that two settings of one agent can be compared: `go-explore(selection=uniform, batchSize=50)`.
public struct AgentArgument: Sendable, Hashable {
  /// What stands before the parentheses.
  public var id: String
  /// Their keys begin with `agent`.
  public var assignments: [SettingAssignment] = []
  /// As it was written: what an arm or a player is called.
  public var text: String

  /// The assignments as changes to the agent's configuration.
  public var changes: JSON {
    var changes = JSON.object([:])
    for assignment in assignments { changes.set(Array(assignment.path.dropFirst()), assignment.value) }
    return changes
  }

  /// - Parameter option: What stands before it on the command line, for the errors.
  /// - Throws: `UserError` when the parentheses do not hold settings.
  public init(parsing text: String, option: String = "--agent ") throws(UserError) {
    self.text = text
    guard let open = text.firstIndex(of: "(") else {
      id = text
      return
    }
    id = String(text[..<open])
    while id.last == " " { id.removeLast() }
    guard text.hasSuffix(")") else {
      throw UserError("'\(text)' does not end with a ')'", fix: "Write for example \(option)'go-explore(selection=uniform)'")
    }
    // A piece without a '=' belongs to the value before it: cell=position,carried.
    var pieces: [String] = []
    for piece in text[text.index(after: open)...].dropLast().split(separator: ",", omittingEmptySubsequences: false) {
      if piece.contains("=") || pieces.isEmpty { pieces.append(String(piece)) } else { pieces[pieces.count - 1] += "," + piece }
    }
    for piece in pieces {
      guard piece.contains("=") else {
        throw UserError("'\(piece)' in '\(text)' is no setting", fix: "Write \(option)'\(id)(key=value, ...)'")
      }
      var assignment = try SettingAssignment(parsing: piece)
      if assignment.path[0] != "agent" { assignment.path.insert("agent", at: 0) }
      assignments.append(assignment)
    }
  }
}
