import ReinforcementLearning

/// Where rollouts go through: predictions, or copies of the environment.
protocol RolloutWorld {
  /// Takes a step of each rollout that goes on.
  ///
  /// - Parameters:
  ///   - rollouts: Numbers of the rollouts, from 0 in the order of the first actions.
  ///   - steps: Their states and actions.
  /// - Returns: For each the reward, and the state that it led to: nil at an end. Nil where nobody can say.
  mutating func step(
    _ rollouts: [Int], _ steps: [Imagination.Step], _ imagination: inout Imagination, random: inout RandomSource
  ) throws -> [(reward: Float, next: TextRules.State?)?]
}

/// A world that is predicted: the end, then the reward, then the state.
struct PredictedWorld: RolloutWorld {
  mutating func step(
    _ rollouts: [Int], _ steps: [Imagination.Step], _ imagination: inout Imagination, random: inout RandomSource
  ) throws -> [(reward: Float, next: TextRules.State?)?] {
    let ends = try imagination.ends(steps, random: &random)
    let known = steps.indices.filter { ends[$0] != nil }
    let rewards = try imagination.rewards(known.map { steps[$0] }, ends: known.map { ends[$0]! }, random: &random)
    let going = known.filter { !ends[$0]! }
    let states = try imagination.nextStates(going.map { steps[$0] }, random: &random)
    var results = [(reward: Float, next: TextRules.State?)?](repeating: nil, count: steps.count)
    for (place, index) in known.enumerated() {
      // Without a reward the rollout ends with what it has.
      if let reward = rewards[place] { results[index] = (reward, nil) }
    }
    for (place, index) in going.enumerated() { results[index]?.next = states[place] }
    return results
  }
}

/// A world of copies: the same policy is rolled out in the environment itself.
struct CopiedWorld: RolloutWorld {
  let arena: SnapshotArena
  let scratch: SnapshotArena.Scratch
  let rules: TextRules
  let row: UnsafeMutableRawPointer

  mutating func step(
    _ rollouts: [Int], _ steps: [Imagination.Step], _ imagination: inout Imagination, random: inout RandomSource
  ) throws -> [(reward: Float, next: TextRules.State?)?] {
    zip(rollouts, steps).map { rollout, step in
      let transition = arena.advance(rollout, to: rollout, action: step.action, scratch)
      guard transition.outcome == .running else { return (transition.reward, nil) }
      arena.observe(rollout, into: row)
      return (transition.reward, rules.state(UnsafeRawPointer(row), arena.layout))
    }
  }
}

/// The imagined returns of every action in a state: one rollout each, all of them a step at a time, so that a model is
/// asked for several answers at once.
struct ImaginedRollouts {
  let configuration: InContextConfiguration

  /// - Returns: By action, the discounted rewards of its rollout.
  func values(
    of state: TextRules.State, actions: Int, _ imagination: inout Imagination, through world: inout some RolloutWorld,
    random: inout RandomSource
  ) throws -> [Double] {
    var values = [Double](repeating: 0, count: actions)
    var steps = (0..<actions).map { Imagination.Step(state: state, action: $0) }
    var going = Array(0..<actions)
    var factor = 1.0
    for _ in 0..<configuration.rolloutSteps where !going.isEmpty {
      let results = try world.step(going, going.map { steps[$0] }, &imagination, random: &random)
      var next: [Int] = []
      for (rollout, result) in zip(going, results) {
        guard let result else { continue }
        values[rollout] += factor * Double(result.reward)
        guard let state = result.next else { continue }
        steps[rollout].state = state
        next.append(rollout)
      }
      going = next
      let chosen = try imagination.actions(going.map { steps[$0].state }, random: &random)
      for (rollout, action) in zip(going, chosen) {
        steps[rollout].action = action ?? random.integer(in: 0..<actions)
      }
      factor *= configuration.discount
    }
    return values
  }
}
