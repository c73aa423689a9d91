import ReinforcementLearning
import Viewer

/// What a reward design gives for the steps of an episode that is being watched.
///
/// It steps a twin of the episode, since a design reads a rollout, signals included, and the episode itself must stay
/// at its last state to be drawn. The design is asked for the whole episode so far, since a term such as an episodic
/// count depends on it; where no term does, for the last step alone. Nothing of it changes, so watching an episode
/// again shows the same.
struct StepScorer {
  private let design: RewardDesign
  private let batch: EnvironmentBatch
  private let workers = Workers(count: 1)
  private var rollout: Rollout
  private var seed: UInt64 = 0
  private var actions: [[Float]] = []

  init(_ recipe: EnvironmentRecipe, _ design: RewardDesign) {
    self.design = design
    batch = recipe.makeBatch(slots: 1, seed: 0)
    rollout = batch.makeRollout(steps: design.recipe.relabels ? 1 : 64, signals: design.signals)
  }

  mutating func start(seed: UInt64) {
    self.seed = seed
    actions = []
    batch.start(slot: 0, seed: seed)
    batch.observe(rollout)
  }

  /// The components of the step that the action makes, weights applied, but the environment's, which a frame shows
  /// anyway.
  mutating func score(_ action: [Float]) throws -> [PlaybackFrame.Component] {
    actions.append(action)
    if design.recipe.relabels {
      batch.observe(rollout)
      step(action, at: 0)
    } else if actions.count <= rollout.steps {
      step(action, at: actions.count - 1)
    } else {
      replay()
    }
    let count = design.recipe.relabels ? 1 : actions.count
    let scores = RewardScores(components: design.components.count, count: count)
    try design.reward(of: Transitions(rollout, steps: count, fromStarts: true), into: scores, workers: workers)
    scores.weigh(by: design.components, into: scores)
    return design.components.enumerated().compactMap { index, component in
      component.name == "environment" ? nil : PlaybackFrame.Component(component.name, scores[index][count - 1])
    }
  }

  private func step(_ action: [Float], at time: Int) {
    rollout.setAction(action, time: time, slot: 0)
    batch.step(rollout, at: time)
  }

  /// Steps the episode again in a rollout of twice the steps.
  private mutating func replay() {
    rollout = batch.makeRollout(steps: rollout.steps * 2, signals: design.signals)
    batch.start(slot: 0, seed: seed)
    batch.observe(rollout)
    for (time, action) in actions.enumerated() { step(action, at: time) }
  }
}
