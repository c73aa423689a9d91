import Groundwork

/// Whether all is in the file that was written there.
extension LabelDatabase {
  /// Refuses a file that lacks questions that were asked, since answers to them may have been learnt from, or steps at
  /// which answers were taken in, since a run that is repeated would take in others there.
  public func checkIsWhole() throws {
    let missing = try missing()
    guard missing == 0 else { throw incomplete(missing, of: missing + (try count())) }
    let steps = try missingSteps()
    guard steps == 0 else { throw incompleteSteps(steps) }
  }

  func incomplete(_ missing: Int, of asked: Int) -> UserError {
    UserError("\(title) lacks \(missing) of the \(asked) questions that were asked", fix: "Restore it from a copy")
  }

  func incompleteSteps(_ missing: Int) -> UserError {
    UserError("\(title) lacks \(missing) of the steps at which answers were taken in", fix: "Restore it from a copy")
  }
}
