import Groundwork
public import ReinforcementLearning

extension Replay {
  /// Records an episode together with what a reward design as it stands gives for each of its steps, weights applied.
  public init(
    of recipe: EnvironmentRecipe, seed: UInt64, actions: [Float], scoredBy design: RewardDesign,
    origin: [String: String]
  ) throws {
    try self.init(of: recipe, seed: seed, actions: actions, origin: origin)
    guard length > 0 else { return }
    let walker = EpisodeWalker(recipe, signals: design.signals)
    let rollout = Rollout(specification: recipe.specification, signals: design.signals, slots: 1, steps: length)
    walker.start(seed: seed)
    for time in 0..<length {
      try walker.step(self.actions[time * width..<(time + 1) * width], into: rollout, at: time)
    }
    let scores = RewardScores(components: design.components.count, count: length)
    try design.reward(of: Transitions(rollout, fromStarts: true), into: scores, workers: Workers(count: 1))
    scores.weigh(by: design.components, into: scores)
    components = design.components.enumerated().map { ($1.name, Array(scores[$0])) }
  }
}
