import Encoders
public import Groundwork
import NeuralNetworks
import RealModule
public import ReinforcementLearning

/// Twin delayed deep deterministic policy gradient, for vectors of actions: twin critics whose targets are smoothed by
/// noise, and an actor that moves every other time; with hindsight where rewards depend on a goal.
///
/// Read `train` from top to bottom, then `update`, then the two losses. What it shares with SAC: `ExperienceStore`
/// (what is learnt from), `Minibatch` (what an update draws of it), `TwinCritics`, `VectorPolicy` (how it acts).
///
/// Source: Fujimoto et al. 2018, "Addressing Function Approximation Error in Actor-Critic Methods"; defaults of
/// Stable-Baselines3.
public final class TD3: Agent {
  /// What `agent.KEY` sets.
  public typealias Configuration = TD3Configuration

  /// As it was given.
  public let configuration: TD3Configuration
  private let task: VectorTask
  private let goal: GoalPlaces?
  private let network: Network
  let actor: Trainee<LearnerScratch>
  /// The actor that follows.
  private(set) var actorTarget: Parameters
  let critics: TwinCritics
  private var statistics: ObservationStatistics?
  let store: ExperienceStore
  private var clock = UpdateClock()
  /// Updates of the critics so far.
  private var criticUpdates = 0
  private var random: RandomSource
  /// What smooths the actions of targets, `[batchSize, count]`.
  private var noise: [Float]

  /// Vectors within limits; with hindsight or demonstrations the environment's own reward, since a design's is not
  /// known for steps that it did not see.
  public static func requirements(_ configuration: TD3Configuration) -> Requirements {
    let isShown = !configuration.demonstrations.isEmpty
    return Requirements(
      needs: isShown ? .demonstrations : [], actions: .vectors,
      rewards: isShown || configuration.hindsight > 0 ? .environment : .any,
      demonstrations: configuration.demonstrations)
  }

  /// Says where a run is too short for an update, or for one of the actor.
  public static func remarks(_ configuration: TD3Configuration, steps: Int) -> [String] {
    let updates = configuration.updates(in: steps)
    guard updates > 0, updates < configuration.policyDelay else { return configuration.remarks(steps: steps) }
    return [
      "the actor stays as it began in \(steps) steps: it moves once in agent.policyDelay=\(configuration.policyDelay) "
        + "updates, and no more than \(updates) fall due. Take more steps (--steps), or set less"
    ]
  }

  /// Refuses values out of their ranges.
  public static func check(_ configuration: TD3Configuration) throws { try configuration.validate() }

  /// An agent with new networks, and nothing collected.
  ///
  /// - Throws: `UserError` for a value out of its range, a field that it cannot read, hindsight without goals,
  ///   demonstrations that cannot be learnt from, or sizes that would not fit.
  public init(_ configuration: TD3Configuration, in setting: AgentSetting) throws {
    try configuration.validate()
    self.configuration = configuration
    let task = try VectorTask(setting.recipe, normalizesObservations: configuration.normalizesObservations)
    self.task = task
    goal = configuration.hindsight > 0 ? try GoalPlaces(setting.recipe) : nil
    var layout = ParameterLayout()
    let network = Network(
      "actor", task.observation, VectorTask.layers(configuration.hiddenLayers, outputs: task.count), in: &layout)
    self.network = network
    let (ensemble, criticLayout) = TwinCritics.make(task, hidden: configuration.hiddenLayers)
    try SizeLimit.check(
      parameters: layout.count + criticLayout.count, fix: "Use fewer units (--set agent.hiddenLayers=)")
    var random = RandomSource(seed: setting.seed, purpose: .initialParameters, index: 0)
    var parameters = Parameters(layout)
    network.initialize(&parameters, random: &random)
    let pieceRows = configuration.pieceRows
    func scratch() -> LearnerScratch {
      LearnerScratch(task, pieceRows: pieceRows, actor: network, critics: ensemble)
    }
    actor = Trainee("actor", parameters, pieceRows: pieceRows, makeScratch: scratch)
    actorTarget = parameters
    critics = TwinCritics(ensemble, criticLayout, task, pieceRows: pieceRows, random: &random, makeScratch: scratch)
    statistics = configuration.normalizesObservations ? ObservationStatistics(task.layout) : nil
    store = try ExperienceStore(slots: configuration.slots, size: configuration.bufferSize, in: setting)
    self.random = RandomSource(seed: setting.seed, purpose: .learning, index: 0)
    noise = Array(repeating: 0, count: configuration.batchSize * task.count)
  }

  /// Collects and learns in turns until the budget is spent.
  ///
  /// - Throws: `UserError` when a loss is no number, and what the session throws.
  public func train(in session: TrainingSession) throws {
    let collector = try session.makeCollector(
      slots: configuration.slots, batches: configuration.batches, steps: configuration.steps)
    var policies = collector.rollouts.map { policy(slots: $0.slots, choice: .sample) }
    let minibatch = makeMinibatch(session.specification)
    while !session.isFinished {
      // 1. Collect some steps with the present policy and noise, or at random before there is one.
      for policy in policies {
        policy.parameters = actor.parameters
        policy.isUniform = session.step < configuration.learningStarts
        policy.explorationShare = configuration.explorationShare
        policy.explorationNoise = Float(configuration.explorationNoise)
      }
      try session.collect(&policies)
      try store.append(collector.rollouts, in: session)
      observe(collector.rollouts)

      // 2. Learn: so many updates a step.
      var sums: UpdateSums?
      if session.step >= configuration.learningStarts {
        for _ in 0..<clock.due(after: collector.stepsPerCollection, ratio: configuration.updateRatio) {
          minibatch.draw(
            from: store, returnSteps: configuration.returnSteps, discount: configuration.discount,
            hindsight: configuration.hindsight, random: &random)
          sums = try update(minibatch, step: session.step, workers: session.workers)
        }
      }

      // 3. Log; the session may evaluate, save a checkpoint, or stop.
      try session.endIteration(of: self, metrics: metrics(sums))
    }
  }

  /// Room for the transitions of one update.
  func makeMinibatch(_ specification: Specification) -> Minibatch {
    Minibatch(configuration.batchSize, of: specification, vectors: task, goal: goal)
  }

  // MARK: An update

  /// One update of the critics, and every `policyDelay`-th time of the actor and the targets.
  ///
  /// - Parameter step: Environment steps so far, for messages.
  /// - Returns: The losses' sums over the minibatch; the actor's are 0 where it did not move.
  /// - Throws: `UserError` when a loss or a gradient is no number.
  func update(_ minibatch: Minibatch, step: Int, workers: Workers) throws(UserError) -> UpdateSums {
    drawNoise()
    let rate = configuration.learningRate

    // 1. Both critics towards rewards + discount * the smaller target value of what follows.
    var sums = accumulateCritics(minibatch, workers)
    try critics.trainee.step(learningRate: rate, at: step, losses: [("critic", sums.critic)], workers: workers)
    criticUpdates += 1
    guard criticUpdates % configuration.policyDelay == 0 else { return sums }

    // 2. The actor up the first critic.
    let acted = accumulateActor(minibatch, workers)
    try actor.step(learningRate: rate, at: step, losses: [("actor", acted.actor)], workers: workers)
    sums += acted

    // 3. All targets a little towards what they follow.
    critics.follow(configuration.targetRate)
    actorTarget.average(toward: actor.parameters, rate: Float(configuration.targetRate))
    return sums
  }

  /// The noise of the next update.
  func drawNoise() {
    let limit = Float(configuration.targetNoiseLimit)
    for index in noise.indices {
      noise[index] = min(limit, max(-limit, Float(configuration.targetNoise * random.normal())))
    }
  }

  /// Adds up the critics' gradient for the noise as it is.
  func accumulateCritics(_ minibatch: Minibatch, _ workers: Workers) -> UpdateSums {
    let (targets, actorTarget) = (critics.targets, actorTarget)
    return critics.trainee.accumulate(rows: minibatch.count, workers: workers) { range, scratch, gradient, sums in
      act(actorTarget, range, minibatch.nextRows, scratch, noise: noise)
      critics.forward(targets, rows: range.count, scratch)
      for row in 0..<range.count {
        let place = range.lowerBound + row
        scratch.targets[row] =
          minibatch.rewards[place] + minibatch.discounts[place] * TwinCritics.smaller(scratch, row)
      }
      critics.regress(range, of: minibatch, scratch, &gradient, &sums)
    }
  }

  /// Adds up the actor's gradient of minus the first critic's value, the mean over the minibatch, through the action.
  func accumulateActor(_ minibatch: Minibatch, _ workers: Workers) -> UpdateSums {
    let (share, count) = (1 / Float(minibatch.count), task.count)
    return actor.accumulate(rows: minibatch.count, workers: workers) { range, scratch, gradient, sums in
      act(actor.parameters, range, minibatch.rows, scratch, noise: nil)
      critics.forward(critics.trainee.parameters, rows: range.count, scratch)
      let slopes = critics.actionSlopes(rows: range.count, isFirstAlone: true, scratch)[0]
      let target = scratch.actor!.outputGradient
      for row in 0..<range.count {
        let value = Double(scratch.critics[0].output[row])
        sums.value += value
        sums.actor -= value
        let action = scratch.action(row)
        for element in 0..<count {
          let place = row * count + element
          target[place] = -slopes[place] * share * (1 - action[element] * action[element])
        }
      }
      network.backward(actor.parameters, scratch.actor!, into: &gradient)
    }
  }

  /// Acts in some rows of a minibatch: the scratch then holds them with the actor's actions.
  private func act(
    _ parameters: Parameters, _ range: Range<Int>, _ rows: UnsafeMutableRawPointer, _ scratch: LearnerScratch,
    noise: [Float]?
  ) {
    scratch.load(range, of: rows)
    let count = task.count
    let outputs = network.forward(parameters, scratch.input, rows: range.count, scratch.actor!)
    for row in 0..<range.count {
      let action = scratch.action(row)
      for element in 0..<count {
        action[element] = Float.tanh(outputs[row * count + element])
        if let noise {
          action[element] = min(1, max(-1, action[element] + noise[(range.lowerBound + row) * count + element]))
        }
      }
    }
  }

  /// Takes rows into the statistics that networks read observations by.
  private func observe(_ rollouts: [Rollout]) {
    guard statistics != nil else { return }
    statistics!.update(rollouts)
    statistics!.setScaling(of: [network], in: &actor.parameters)
    statistics!.setScaling(of: [network], in: &actorTarget)
    critics.setScaling(statistics!)
  }

  private func metrics(_ sums: UpdateSums?) -> [Metric] {
    var metrics = [
      Metric(.optimizerUpdates, Double(clock.updates)), Metric(.optimizerLearningRate, configuration.learningRate),
    ]
    guard let sums else { return metrics }
    let rows = Double(configuration.batchSize)
    metrics.append(Metric(.criticLoss, sums.critic / rows))
    if sums.actor != 0 {
      metrics += [Metric(.actorLoss, sums.actor / rows), Metric(.criticValue, sums.value / rows)]
    }
    return metrics
  }

  // MARK: What has been learnt

  /// A policy of what has been learnt so far; `mode` adds no noise.
  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy { policy(slots: slots, choice: choice) }

  private func policy(slots: Int, choice: ActionChoice) -> VectorPolicy {
    VectorPolicy(
      task, network, .tanh, parameters: actor.parameters, slots: slots, choice: choice,
      hold: configuration.explorationHold)
  }

  /// Takes over networks and their optimizers' moments, and the statistics of observations.
  public func adopt(_ state: SavedState) throws {
    try actor.adopt(state)
    try actorTarget.adopt(state.get(prefix: "parameters.actorTarget"))
    try critics.adopt(state)
    try statistics?.restore(from: state.get(prefix: "observations"))
  }

  /// Saves networks, optimizers, the stream, and all that was collected.
  public func save(to state: inout SavedState) {
    actor.save(to: &state)
    state.set(prefix: "parameters.actorTarget", actorTarget.savedState())
    critics.save(to: &state)
    if let statistics {
      var part = SavedState()
      statistics.save(to: &part)
      state.set(prefix: "observations", part)
    }
    store.save(to: &state)
    clock.save(to: &state)
    state.set("criticUpdates", scalar: Int64(criticUpdates))
    state.set("random", random.words)
  }

  /// Puts all that where it was saved.
  ///
  /// - Throws: `UserError` when an entry is missing or of another shape.
  public func restore(from state: SavedState) throws {
    try actor.restore(from: state)
    try actorTarget.restore(state.get(prefix: "parameters.actorTarget"))
    try critics.restore(from: state)
    try statistics?.restore(from: state.get(prefix: "observations"))
    try store.restore(from: state)
    try clock.restore(from: state)
    criticUpdates = Int(try state.scalar("criticUpdates", as: Int64.self))
    random = try RandomSource(words: try state.get("random", count: 5))
  }
}
