import Groundwork

extension Replay {
  /// The recorded episode as a rollout of one slot, in the rows that policies see: what is learnt from without stepping
  /// anything else.
  ///
  /// It is stepped under the configuration that it was recorded with, which may differ from the recipe's in what
  /// chooses among episodes (`SettingRoles.episodes`), and in nothing else.
  ///
  /// - Parameters:
  ///   - recipe: Of the same environment; an agent's, too, since nothing of it can be copied.
  ///   - name: What messages call the replay, for example "demonstration 3 of 100".
  /// - Throws: `UserError` when it is of another environment or of other settings, has no step, or does not replay.
  public func rollout(in recipe: EnvironmentRecipe, name: String) throws -> Rollout {
    guard environment == recipe.id else {
      throw UserError(
        "\(name) was recorded in '\(environment)', the run is of '\(recipe.id)'",
        fix: "Name demonstrations of the same environment (--set agent.demonstrations=)")
    }
    if let other = recipe.roles.difference(configuration, recipe.configuration) {
      let (recorded, own) = (other.recorded.string ?? other.recorded.text(), other.own.string ?? other.own.text())
      throw UserError(
        "\(name) was recorded with environment.\(other.key)=\(recorded), and the run has \(own)",
        fix: "Record it with the run's settings, or train with --set environment.\(other.key)=\(recorded)")
    }
    guard length > 0 else { throw UserError("\(name) has no step") }
    let free = recipe.unlimited
    if let difference = try firstDifference(in: free.recorded(configuration)) {
      throw UserError("\(name) does not replay: \(difference)", fix: "Record it again with this program")
    }
    let walker = EpisodeWalker(try free.recorded(configuration, frameStack: recipe.frameStack))
    let rollout = Rollout(specification: walker.recipe.specification, slots: 1, steps: length)
    walker.start(seed: seed)
    for time in 0..<length { try walker.step(actions[time * width..<(time + 1) * width], into: rollout, at: time) }
    return rollout
  }
}
