import Encoders
import Groundwork
import NeuralNetworks
import ReinforcementLearning

/// Learns a policy and its value from rollouts and their scores, by the clipped surrogate; collects nothing itself.
///
/// Read `learn` from top to bottom. `prepare` says once which rollouts it learns from; they are overwritten by each
/// collection. With a memory see `PPOLearner+Memory` too.
///
/// Not for several threads at once; it uses the workers that it is given.
final class PPOLearner {
  let configuration: PPOConfiguration
  private(set) var networks: ActorCritic
  let heads: [AdvantageEstimation]
  var parameters: Parameters
  private let specification: Specification
  private var optimizer: Adam
  private var random: RandomSource
  /// What numeric fields are scaled by; the scaling itself lies among the parameters.
  private var statistics: ObservationStatistics?
  /// The observation row that networks leave out, or add up once a pass.
  private var background: [UInt8] = []
  private var rewardScale: RewardScale?
  private(set) var experience = Experience()
  /// epsilon of the clipped surrogate in the present iteration.
  private(set) var clipRange: Float
  /// What is learnt from, one a batch.
  private(set) var rollouts: [Rollout] = []
  /// Recorded steps that are imitated beside what the policies collect; nil in plain PPO.
  private(set) var imitation: SelfImitation?
  /// Numbers the cells of the iteration's observations; nil where nothing can be numbered, or recorded steps are read,
  /// too.
  private var index: IndexedRows?
  /// Whether it pays in this iteration.
  private var isIndexed = false
  /// With a memory, one a batch, once there are values.
  var rememberedValues: [RememberedValues] = []
  /// Made when something is learnt: an agent that is only asked for policies needs none.
  private(set) lazy var gradient = ParallelGradient<ActorCriticWorkspace, LossSums>(
    parameters: networks.layout.count, pieceRows: PPOLearner.pieceRows(configuration)
  ) { [networks, configuration] in
    ActorCriticWorkspace(
      networks, rows: PPOLearner.pieceRows(configuration), sequences: PPOLearner.pieceSequences(configuration))
  }

  /// - Parameters:
  ///   - specification: The environment's, or one with more fields for the policy.
  ///   - path: What precedes the configuration's keys where a person sets them.
  init(
    _ configuration: PPOConfiguration, in setting: AgentSetting, specification: Specification, path: String = "agent."
  ) throws {
    try configuration.validate(path: path)
    self.configuration = configuration
    clipRange = Float(configuration.clipRange)
    self.specification = specification
    let seed = setting.seed
    let components = configuration.separatesComponents ? setting.rewards : [RewardComponent("sum")]
    heads = components.map {
      AdvantageEstimation(
        discount: Float($0.discount ?? configuration.discount), gaeLambda: Float(configuration.gaeLambda),
        isEpisodic: $0.isEpisodic, bootstrapsTruncation: configuration.bootstrapsTruncation)
    }
    let layout = ObservationLayout(specification)
    networks = try ActorCritic(configuration, row: layout, actions: specification.actions, heads: components.count)
    try SizeLimit.check(
      parameters: networks.layout.count, fix: "Use fewer units (--set \(path)hiddenLayers=, --set \(path)memoryUnits=)")
    try SizeLimit.checkCollection(
      steps: configuration.steps, slots: configuration.slots, rowBytes: layout.rowBytes, path: path)
    parameters = networks.initialParameters(configuration, seed: seed)
    optimizer = Adam(networks.layout, epsilon: Float(configuration.adamEpsilon))
    random = RandomSource(seed: seed, purpose: .learning, index: 0)
    statistics = configuration.normalizesObservations ? ObservationStatistics(layout) : nil
    rewardScale = configuration.normalizesRewards ? RewardScale(heads: heads, slots: configuration.slots) : nil
    set(background: PPOLearner.firstObservation(of: setting.recipe, specification))
  }

  /// Says from which rollouts `learn` learns: those of one collection, all of them, in order.
  ///
  /// - Parameter imitation: Recorded steps to imitate beside what is collected.
  func prepare(for rollouts: [Rollout], imitating imitation: SelfImitation? = nil) {
    self.rollouts = rollouts
    self.imitation = imitation
    index = imitation == nil ? IndexedRows(networks.readers, parameters: networks.layout.count) : nil
    experience = Experience(
      of: rollouts, heads: heads.count, actionCount: networks.isDiscrete ? 1 : networks.actionCount,
      sequences: networks.memory.map {
        .init(
          steps: configuration.sequenceSteps, sideBySide: PPOLearner.pieceSequences(configuration),
          stateCount: $0.stateCount)
      })
  }

  /// Learns from what the rollouts hold.
  ///
  /// - Parameters:
  ///   - scores: Of each rollout the rewards by component.
  ///   - learningRate: Adam's step size in this iteration.
  ///   - clipRange: epsilon of the clipped surrogate in this iteration.
  ///   - step: Environment steps so far, for messages.
  /// - Returns: What should be logged, as means over the samples of all epochs.
  /// - Throws: `UserError` when a loss or the gradient is not finite; the parameters are then those of the last step.
  func learn(
    from scores: [RewardScores], learningRate: Float, clipRange: Float, step: Int, workers: Workers
  ) throws -> [Metric] {
    self.clipRange = clipRange
    // 1. Rewards by value head, values of all observations, advantages and returns.
    gather(scores)
    index(workers)
    rewardScale?.apply(to: experience, rollouts: rollouts)
    if networks.memory == nil { computeValues(workers) } else { computeRememberedValues(rollouts, workers: workers) }
    computeAdvantages(workers)
    let explained = experience.explainedVariance

    // 2. Epochs over shuffled minibatches.
    var sums = LossSums()
    var epochs = 0
    for _ in 0..<configuration.epochs {
      let minibatches = self.minibatches
      experience.shuffle(&random, minibatches: minibatches)
      let size = experience.order.count / minibatches
      if size == 0 && imitation?.candidates.isEmpty != false { break }
      var epoch = LossSums()
      for minibatch in 0..<minibatches {
        imitation?.draw(&random)
        epoch += try update(
          samples: (minibatch * size)..<((minibatch + 1) * size), learningRate, step: step, workers: workers)
      }
      sums += epoch
      epochs += 1
      if configuration.targetKL > 0 && epoch.mean.approximateKL > configuration.targetKL { break }
    }
    if statistics != nil {
      statistics!.update(rollouts)
      statistics!.setScaling(of: networks.readers, in: &parameters)
    }

    let mean = sums.mean
    let total =
      mean.policy + configuration.valueCoefficient * mean.value - configuration.entropyCoefficient * mean.entropy
    return [
      Metric(.policyLoss, mean.policy), Metric(.valueLoss, mean.value), Metric(.policyEntropy, mean.entropy),
      Metric(.lossTotal, total), Metric(.policyApproximateKL, mean.approximateKL),
      Metric(.policyOldApproximateKL, mean.oldApproximateKL), Metric(.policyClipFraction, mean.clipped),
      Metric(.policyClipRange, Double(clipRange)),
      Metric(.valueExplainedVariance, explained), Metric(.optimizerLearningRate, Double(learningRate)),
      Metric(.optimizerGradientNorm, mean.gradientNorm), Metric(.optimizerEpochs, Double(epochs)),
      Metric(.optimizerUpdates, Double(optimizer.steps)),
    ]
  }

  /// A policy of what has been learnt so far.
  func policy(slots: Int, choice: ActionChoice) -> PPOPolicy {
    PPOPolicy(networks, parameters: parameters, actions: specification.actions, slots: slots, choice: choice)
  }

  // MARK: The parts of `learn`

  /// Minibatches of an epoch: as many as configured, fewer in proportion where not all samples count.
  private var minibatches: Int {
    guard let learnt = experience.learnt else { return configuration.minibatches }
    return max(1, configuration.minibatches * learnt.count / max(1, experience.count))
  }

  /// The index of the observations, where it pays in this iteration.
  var indexed: IndexedRows? { isIndexed ? index : nil }

  /// One optimizer step on the samples of a minibatch.
  private func update(
    samples: Range<Int>, _ learningRate: Float, step: Int, workers: Workers
  ) throws -> LossSums {
    indexed?.prepare(parameters, workers: workers)
    var sums = accumulateGradient(samples: samples, rollouts, workers: workers)
    let gradientNorm = try gradient.step(
      &optimizer, &parameters, learningRate: learningRate, maximumNorm: configuration.maximumGradientNorm, at: step,
      losses: [("policy", sums.policy), ("value", sums.value)], workers: workers)
    sums.gradientNorm = gradientNorm * Double(sums.count)
    return sums
  }

  private func set(background row: [UInt8]) {
    background = row
    networks.set(background: row, isOmitted: configuration.omitsBackground)
  }

  /// The first observation of an episode, whichever: any row will do as a reference.
  private static func firstObservation(of recipe: EnvironmentRecipe, _ specification: Specification) -> [UInt8] {
    let batch = recipe.makeBatch(slots: 1, seed: 0)
    let rollout = Rollout(specification: specification, slots: 1, steps: 1)
    batch.start(slot: 0, seed: 0)
    batch.observe(rollout)
    return [UInt8](UnsafeRawBufferPointer(start: rollout.observation(time: 0, slot: 0), count: rollout.layout.rowBytes))
  }

  /// Copies what the losses need of the rollouts into flat arrays, by sample.
  private func gather(_ scores: [RewardScores]) {
    var start = 0
    for (index, rollout) in rollouts.enumerated() {
      let count = rollout.steps * rollout.slots
      experience.add(rollout, scores[index], from: start)
      start += count
    }
    experience.addRules(of: rollouts)
  }

  /// Numbers the cells of all observations: they are read by the values, and in each epoch.
  private func index(_ workers: Workers) {
    let rowBytes = rollouts[0].layout.rowBytes
    isIndexed =
      index?.index(InputRows(experience.base!, stride: rowBytes), rows: experience.rowCount, workers: workers) ?? false
    indexed?.prepare(parameters, workers: workers)
  }

  /// V of every observation, and of the final observations of the episodes that ended.
  private func computeValues(_ workers: Workers) {
    let rowBytes = rollouts[0].layout.rowBytes
    experience.reserveFinalValues(rollouts.map(\.finalCount))
    values(
      of: InputRows(experience.base!, stride: rowBytes, indexed: indexed), rows: experience.rowCount,
      into: experience.values, workers: workers)
    for (index, rollout) in rollouts.enumerated() where rollout.finalCount > 0 {
      values(
        of: InputRows(rollout.finalObservations, stride: rowBytes), rows: rollout.finalCount,
        into: experience.finalValues[index], workers: workers)
    }
  }

  private func computeAdvantages(_ workers: Workers) {
    let (experience, rollouts) = (experience, rollouts)
    workers.perform(rollouts.count) { index in
      for (head, estimation) in heads.enumerated() {
        experience.estimate(estimation, head: head, rollout: rollouts[index], batch: index)
      }
    }
  }

  // MARK: Saving

  func save(to state: inout SavedState) {
    state.set(prefix: "parameters", parameters.savedState())
    state.set(prefix: "adam", optimizer.savedState())
    state.set("random", random.words)
    state.set("background", background)
    if let statistics {
      var part = SavedState()
      statistics.save(to: &part)
      state.set(prefix: "observations", part)
    }
    if let rewardScale {
      var part = SavedState()
      rewardScale.save(to: &part)
      state.set(prefix: "rewards", part)
    }
  }

  /// Takes over networks, the optimizer's moments and the statistics of observations. The scale of rewards starts
  /// anew, since the rewards may be others.
  func adopt(_ state: SavedState) throws {
    try parameters.adopt(state.get(prefix: "parameters"))
    try optimizer.restore(state.get(prefix: "adam"))
    try statistics?.restore(from: state.get(prefix: "observations"))
    // What networks leave out is a part of them; otherwise it only saves sums, and any row will do.
    if configuration.omitsBackground {
      set(background: try state.get("background", count: ObservationLayout(specification).rowBytes))
    }
  }

  func restore(from state: SavedState) throws {
    try parameters.restore(state.get(prefix: "parameters"))
    try optimizer.restore(state.get(prefix: "adam"))
    random = try RandomSource(words: try state.get("random", count: 5))
    set(background: try state.get("background", count: ObservationLayout(specification).rowBytes))
    try statistics?.restore(from: state.get(prefix: "observations"))
    try rewardScale?.restore(from: state.get(prefix: "rewards"))
  }
}
