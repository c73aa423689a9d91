import Groundwork
public import ReinforcementLearning

extension Replay {
  /// Records an episode together with what a reward design as it stands gives for each of its steps, weights applied.
  public init(
    of recipe: EnvironmentRecipe, seed: UInt64, actions: [Float], scoredBy design: RewardDesign, origin: [String: String]
  ) throws {
    try self.init(of: recipe, seed: seed, actions: actions, origin: origin)
    guard length > 0 else { return }
    let batch = recipe.makeBatch(slots: 1, seed: 0)
    let rollout = batch.makeRollout(steps: length, signals: design.signals)
    batch.start(slot: 0, seed: seed)
    batch.observe(rollout)
    for time in 0..<length {
      rollout.setAction(self.actions[time * width..<(time + 1) * width], time: time, slot: 0)
      batch.step(rollout, at: time)
    }
    let scores = RewardScores(components: design.components.count, count: length)
    try design.reward(of: Transitions(rollout, fromStarts: true), into: scores, workers: Workers(count: 1))
    scores.weigh(by: design.components, into: scores)
    components = design.components.enumerated().map { ($1.name, Array(scores[$0])) }
  }
}
