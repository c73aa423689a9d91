extension EnvironmentBatch {
  /// Steps the episode of one slot through recorded actions, up to the step that ends it; the slot then stays at its
  /// last state. The record of its running episode is the caller's to keep.
  ///
  /// - Parameter actions: `[steps, width]`
  /// - Throws: `UserError` when they do not fit the environment.
  public func walk(slot: Int, actions: [Float]) throws -> [Transition] {
    let walker = EpisodeWalker(recipe.unlimited, fields: [])
    walker.start(from: slot, of: self)
    var transitions: [Transition] = []
    try walker.walk(actions) { transitions.append($0) }
    walker.store(to: slot, of: self)
    return transitions
  }
}
