import Groundwork
import ReinforcementLearning
import Viewer

/// What a reward design gives for the steps of an episode that is being watched.
///
/// It steps a twin of the episode, since a design reads a rollout, signals included, and the episode itself must stay
/// at its last state to be drawn. The design is asked for the whole episode so far, since a term such as an episodic
/// count depends on it; where no term does, for the last step alone. Nothing of it changes, so watching an episode
/// again shows the same.
struct StepScorer {
  /// What is asked; it never changes.
  private let design: RewardDesign
  /// The twin of the episode.
  private let walker: EpisodeWalker
  /// One thread: a step at a time leaves nothing to share out.
  private let workers = Workers(count: 1)
  /// The episode's rows so far; one step where the design relabels single transitions.
  private var rollout: Rollout
  /// The present episode's, to step it again.
  private var seed: UInt64 = 0
  /// All of the present episode's actions, `width` numbers each.
  private var actions: [[Float]] = []

  /// - Parameter design: Restored to the checkpoint that is watched.
  init(_ recipe: EnvironmentRecipe, _ design: RewardDesign) {
    self.design = design
    walker = EpisodeWalker(recipe, signals: design.signals)
    rollout = Self.makeRollout(recipe, design, steps: design.recipe.relabels ? 1 : 64)
  }

  /// Begins an episode; its first frame has no components.
  mutating func start(seed: UInt64) {
    self.seed = seed
    actions = []
    walker.start(seed: seed)
  }

  /// The components of the step that the action makes, weights applied, but the environment's, which a frame shows
  /// anyway.
  ///
  /// - Throws: `UserError` when the design cannot be asked for these transitions.
  /// - Complexity: O(steps so far) where the design does not relabel, a step otherwise; the rollout doubles as
  ///   it fills.
  mutating func score(_ action: [Float]) throws -> [PlaybackFrame.Component] {
    actions.append(action)
    if design.recipe.relabels {
      try walker.step(action, into: rollout, at: 0)
    } else if actions.count <= rollout.steps {
      try walker.step(action, into: rollout, at: actions.count - 1)
    } else {
      try replay()
    }
    let count = design.recipe.relabels ? 1 : actions.count
    let scores = RewardScores(components: design.components.count, count: count)
    try design.reward(of: Transitions(rollout, steps: count, fromStarts: true), into: scores, workers: workers)
    scores.weigh(by: design.components, into: scores)
    return design.components.enumerated().compactMap { index, component in
      component.name == "environment" ? nil : PlaybackFrame.Component(component.name, scores[index][count - 1])
    }
  }

  /// Steps the episode again in a rollout of twice the steps.
  private mutating func replay() throws {
    rollout = Self.makeRollout(walker.recipe, design, steps: rollout.steps * 2)
    walker.start(seed: seed)
    for (time, action) in actions.enumerated() { try walker.step(action, into: rollout, at: time) }
  }

  /// A rollout of one slot with the signals that the design reads.
  private static func makeRollout(_ recipe: EnvironmentRecipe, _ design: RewardDesign, steps: Int) -> Rollout {
    Rollout(specification: recipe.specification, signals: design.signals, slots: 1, steps: steps)
  }
}
