import Groundwork
import ReinforcementLearning
import Viewer

/// One episode at a time, stepped by hand: what is watched and played.
///
/// Unlike a batch it stays at the last state of an episode that has ended.
///
/// A policy is written for batches; it looks at a twin of the episode in a batch of one slot and is told, as in
/// training, what its last action brought. Costs a copy of the state a step.
struct EpisodeSimulation {
  /// The environment that is stepped.
  let recipe: EnvironmentRecipe
  /// The episode itself, with the environment's value at its present state.
  private let walker: EpisodeWalker
  /// A twin of the walker's state in a slot, where a policy looks at it.
  private let batch: EnvironmentBatch
  /// One step long: what the policy's slot sees and did last.
  private let rollout: Rollout
  /// The present episode's.
  private(set) var seed: UInt64 = 0
  /// The undiscounted sum of the environment's rewards so far.
  private(set) var episodeReturn = 0.0

  /// - Parameter signals: What a policy that chooses actions was granted to read.
  init(_ recipe: EnvironmentRecipe, signals: [String] = []) {
    self.recipe = recipe
    walker = EpisodeWalker(recipe, fields: [])
    batch = recipe.makeBatch(slots: 1, seed: 0)
    rollout = batch.makeRollout(steps: 1, signals: signals)
  }

  /// Numbers of one action.
  var width: Int { walker.width }

  /// Steps taken in this episode.
  var step: Int { walker.steps }

  /// Starts an episode and draws its first state.
  mutating func start(seed: UInt64) -> PlaybackFrame {
    self.seed = seed
    episodeReturn = 0
    walker.start(seed: seed)
    rollout.forgetBefore()
    return PlaybackFrame(sketch: walker.sketch)
  }

  /// Takes a step.
  ///
  /// - Parameters:
  ///   - action: `width` numbers.
  ///   - components: What a reward design gives for this step.
  /// - Throws: `UserError` when the walker refuses the action, as for a number that is none of the actions.
  mutating func take(_ action: [Float], components: [PlaybackFrame.Component] = []) throws -> PlaybackFrame {
    let transition = try walker.step(action)
    // What a policy is told at the next step.
    rollout.setAction(action, time: 0, slot: 0)
    rollout.rewards[0] = transition.reward
    rollout.outcomes[0] = transition.outcome.rawValue
    rollout.carry()
    episodeReturn += Double(transition.reward)
    return PlaybackFrame(
      sketch: walker.sketch, step: step, action: name(of: action), reward: transition.reward,
      components: components, outcome: transition.outcome, success: transition.success, episodeReturn: episodeReturn)
  }

  /// What a policy does in the present state.
  ///
  /// - Returns: `width` numbers; the number of the action where actions are discrete.
  func choose(_ policy: inout any Policy, random: inout RandomSource) throws -> [Float] {
    walker.store(to: 0, of: batch)
    batch.observe(rollout)
    try policy.act(on: rollout, at: 0, in: batch.view, random: &random)
    if rollout.isDiscrete { return [Float(rollout.actions.discrete[0])] }
    return (0..<width).map { rollout.actions.continuous[$0] }
  }

  /// What a policy thought when it chose, in lines: how probable its actions were, and what it held the state for.
  func thoughts(of policy: any Policy, choosing action: [Float]) -> [String] {
    guard let thought = policy.thought(on: rollout, at: 0, slot: 0) else { return [] }
    var lines: [String] = []
    if case .discrete(let names) = recipe.specification.actions, !thought.probabilities.isEmpty {
      // The likeliest few, and the one that was taken.
      let order = thought.probabilities.indices.sorted {
        (thought.probabilities[$1], $0) < (thought.probabilities[$0], $1)
      }
      let taken = action.first.map { Int($0) }
      let shown = order.prefix(4) + order.dropFirst(4).filter { $0 == taken }
      let parts = shown.map { "\(names[$0]) \(Format.number(Double(thought.probabilities[$0]), digits: 2))" }
      let rest = order.count - shown.count
      lines.append("policy before it: " + parts.joined(separator: ", ") + (rest > 0 ? ", \(rest) others" : ""))
    }
    if let value = thought.value { lines.append("value before it: \(Format.number(Double(value), digits: 2))") }
    return lines
  }

  /// Whether an action is legal now: a person who mistypes a move is not to lose by it.
  func allows(_ action: [Float]) -> Bool {
    let legal = walker.legalActions
    return legal.isEmpty || legal[Int(action[0])]
  }

  /// The action with that name; nil when there is none.
  func action(named name: String) -> [Float]? {
    guard case .discrete(let names) = recipe.specification.actions else { return nil }
    return names.firstIndex(of: name).map { [Float($0)] }
  }

  /// What a person reads: the action's name, or its numbers with two digits.
  private func name(of action: [Float]) -> String {
    switch recipe.specification.actions {
    case .discrete(let names): names[Int(action[0])]
    case .continuous: action.map { Format.number(Double($0), digits: 2) }.joined(separator: ", ")
    }
  }
}

/// The one episode of a replay.
///
/// The actions are taken in the environment of this program, so a replay that was made by another version may
/// go another way; `forage verify` finds that out.
struct ReplaySource: EpisodeSource {
  /// The episode that the recorded actions are taken in.
  private var simulation: EpisodeSimulation
  /// The recorded episode.
  private let replay: Replay
  /// Who was recorded, as far as the replay says.
  let subtitle: String

  /// - Parameter recipe: The environment as it was recorded.
  init(_ replay: Replay, _ recipe: EnvironmentRecipe) {
    self.replay = replay
    simulation = EpisodeSimulation(recipe)
    let parts = ["agent", "reward", "step"].compactMap { key in replay.origin[key].map { "\(key) \($0)" } }
    subtitle = parts.isEmpty ? "replay" : "replay: " + parts.joined(separator: ", ")
  }

  /// The recorded environment's id.
  var title: String { replay.environment }
  /// The recorded seed.
  var seed: UInt64 { replay.seed }
  /// Recorded steps.
  var length: Int? { replay.length }
  /// The environment's.
  var controlFrequency: Double? { simulation.recipe.specification.controlFrequency }

  /// Episode 0, the only one.
  mutating func start(episode: Int) throws -> PlaybackFrame? {
    episode == 0 ? simulation.start(seed: replay.seed) : nil
  }

  /// The next recorded action, with the reward components that were recorded beside it.
  mutating func step(_ action: String?) throws -> PlaybackFrame? {
    let step = simulation.step
    guard step < replay.length else { return nil }
    let components = replay.components.compactMap { component in
      component.name != "environment" && step < component.values.count
        ? PlaybackFrame.Component(component.name, component.values[step]) : nil
    }
    let width = replay.width
    return try simulation.take(Array(replay.actions[step * width..<(step + 1) * width]), components: components)
  }
}

/// Episodes of a policy, one after the other; episode `n` starts as the evaluation's slot `n` does.
///
/// So what is watched first is what the evaluation's first slot did, with the same seed and the same policy.
struct PolicySource: EpisodeSource {
  /// The episode that the policy acts in.
  private var simulation: EpisodeSimulation
  /// Who acts, with its memory of the episode.
  private var policy: any Policy
  /// Gives the design's components; nil where no design is shown.
  private var scorer: StepScorer?
  /// The policy's draws, a stream for each episode.
  private var random = RandomSource(seed: 0)
  /// What episode seeds and draws follow from.
  private let runSeed: UInt64
  /// Which agent it is, and after how many steps.
  let subtitle: String

  /// - Parameters:
  ///   - policy: For a batch of one slot.
  ///   - signals: What it was granted to read.
  ///   - design: The reward design whose components are shown beside the environment's reward.
  init(
    _ recipe: EnvironmentRecipe, policy: any Policy, signals: [String] = [], design: RewardDesign? = nil, seed: UInt64,
    subtitle: String
  ) {
    simulation = EpisodeSimulation(recipe, signals: signals)
    scorer = design.map { StepScorer(recipe, $0) }
    self.policy = policy
    runSeed = seed
    self.subtitle = subtitle
  }

  /// The environment's id.
  var title: String { simulation.recipe.id }
  /// The run's, which `--seed` takes: with the episode's number it makes the episode again.
  var seed: UInt64 { runSeed }
  /// The environment's.
  var controlFrequency: Double? { simulation.recipe.specification.controlFrequency }

  /// Any number from 0; the episode's seed is that of the evaluation's slot of this number.
  mutating func start(episode: Int) throws -> PlaybackFrame? {
    random = RandomSource(seed: runSeed, purpose: .watching, index: episode)
    let seed = RandomSource.episodeSeed(run: runSeed, slot: episode, episode: 0)
    scorer?.start(seed: seed)
    return simulation.start(seed: seed)
  }

  /// What the policy chooses, with what the design gives for it.
  mutating func step(_ action: String?) throws -> PlaybackFrame? {
    let chosen = try simulation.choose(&policy, random: &random)
    let captions = simulation.thoughts(of: policy, choosing: chosen)
    var frame = try simulation.take(chosen, components: try scorer?.score(chosen) ?? [])
    frame.captions = captions
    return frame
  }
}

/// Episodes that a person plays by the names of actions; an illegal one is not taken.
///
/// A mistyped move is not played: the game would otherwise be lost by it.
struct PlayerSource: EpisodeSource {
  /// The episode that the person acts in.
  private var simulation: EpisodeSimulation
  /// What episode seeds follow from.
  private let runSeed: UInt64
  let subtitle = "you play"

  /// - Parameter seed: Of all episodes; the n-th is that of slot n.
  init(_ recipe: EnvironmentRecipe, seed: UInt64) {
    simulation = EpisodeSimulation(recipe)
    runSeed = seed
  }

  var title: String { simulation.recipe.id }
  /// What `--seed` takes: with the episode's number it makes the episode again.
  var seed: UInt64 { runSeed }

  /// Any number from 0.
  mutating func start(episode: Int) throws -> PlaybackFrame? {
    simulation.start(seed: RandomSource.episodeSeed(run: runSeed, slot: episode, episode: 0))
  }

  /// Takes the person's action; nil, which leaves the state as it is, without one or for an illegal one.
  mutating func step(_ action: String?) throws -> PlaybackFrame? {
    guard let action, let numbers = simulation.action(named: action), simulation.allows(numbers) else { return nil }
    return try simulation.take(numbers)
  }
}
