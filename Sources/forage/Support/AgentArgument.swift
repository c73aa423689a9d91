import Experiments
import Groundwork

/// An agent as `forage compare --agent` names it: an id, and settings of its own in parentheses, so that two settings
/// of one agent can be compared: `go-explore(selection=uniform, batchSize=50)`.
struct AgentArgument {
  var id: String
  var assignments: [SettingAssignment] = []
  /// What the arm is called.
  var text: String

  /// - Throws: `UserError` when the parentheses do not hold settings.
  init(parsing text: String) throws(UserError) {
    self.text = text
    guard let open = text.firstIndex(of: "(") else {
      id = text
      return
    }
    id = String(text[..<open])
    while id.last == " " { id.removeLast() }
    guard text.hasSuffix(")") else {
      throw UserError("'\(text)' does not end with a ')'", fix: "Write for example --agent 'go-explore(selection=uniform)'")
    }
    // A piece without a '=' belongs to the value before it: cell=position,carried.
    var pieces: [String] = []
    for piece in text[text.index(after: open)...].dropLast().split(separator: ",", omittingEmptySubsequences: false) {
      if piece.contains("=") || pieces.isEmpty { pieces.append(String(piece)) } else { pieces[pieces.count - 1] += "," + piece }
    }
    for piece in pieces {
      guard piece.contains("=") else {
        throw UserError("'\(piece)' in '\(text)' is no setting", fix: "Write --agent '\(id)(key=value, ...)'")
      }
      var assignment = try SettingAssignment(parsing: piece)
      if assignment.path[0] != "agent" { assignment.path.insert("agent", at: 0) }
      assignments.append(assignment)
    }
  }
}
