import ReinforcementLearning
import Viewer

/// What a reward design gives for the steps of an episode that is being watched.
///
/// It steps a twin of the episode, since a reward model reads a rollout, signals included, and the episode itself
/// must stay at its last state to be drawn.
struct StepScorer {
  private let batch: EnvironmentBatch
  private let rollout: Rollout
  private let scores: RewardScores
  private let workers = Workers(count: 1)
  /// As it was saved: every episode is scored by a fresh copy, so that watching it again shows the same.
  private let saved: any RewardModel
  private var model: any RewardModel

  init(_ recipe: EnvironmentRecipe, _ model: any RewardModel) {
    saved = model
    self.model = model
    batch = recipe.makeBatch(slots: 1, seed: 0)
    rollout = batch.makeRollout(steps: 1, signals: model.signals)
    scores = RewardScores(components: model.components.count, count: 1)
  }

  mutating func start(seed: UInt64) {
    model = saved
    batch.start(slot: 0, seed: seed)
  }

  /// The components of the step that the action makes, but the environment's, which a frame shows anyway.
  mutating func score(_ action: [Float]) throws -> [PlaybackFrame.Component] {
    batch.observe(rollout)
    rollout.setAction(action, time: 0, slot: 0)
    batch.step(rollout, at: 0)
    try model.score([rollout], into: [scores], workers: workers)
    return model.components.enumerated().compactMap { index, component in
      component.name == "environment" ? nil : PlaybackFrame.Component(component.name, scores[index][0])
    }
  }
}
