import Groundwork
public import ReinforcementLearning

extension Replay {
  /// Records an episode together with what a reward design would have given for each of its steps.
  ///
  /// - Parameter model: A copy of the run's reward model; scoring may change what it counts.
  public init(
    of recipe: EnvironmentRecipe, seed: UInt64, actions: [Float], scoredBy model: inout any RewardModel,
    origin: [String: String]
  ) throws {
    try self.init(of: recipe, seed: seed, actions: actions, origin: origin)
    guard length > 0 else { return }
    let batch = recipe.makeBatch(slots: 1, seed: 0)
    let rollout = batch.makeRollout(steps: length, signals: model.signals)
    batch.start(slot: 0, seed: seed)
    batch.observe(rollout)
    for time in 0..<length {
      rollout.setAction(self.actions[time * width..<(time + 1) * width], time: time, slot: 0)
      batch.step(rollout, at: time)
    }
    let scores = RewardScores(components: model.components.count, count: length)
    try model.score([rollout], into: [scores], workers: Workers(count: 1))
    components = model.components.enumerated().map { ($1.name, Array(scores[$0])) }
  }
}
