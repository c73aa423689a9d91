import Encoders
public import Groundwork
import NeuralNetworks
public import ReinforcementLearning

/// Proximal policy optimisation with the clipped surrogate.
///
/// Read `train` and `learn` from top to bottom: collect, values, advantages, epochs of minibatches, log. Everything
/// that a minibatch does is in `PPO+Loss.swift`. Agents that direct the collection (`Director`) make the collector, then
/// use `prepare`, `collect` and `learn` as `train` does.
///
/// Both the collection and the gradient are cut into pieces that depend on the configuration alone and are summed
/// in a fixed order, so one worker and many give the same bits.
///
/// Source: Schulman et al. 2017; Huang et al. 2022, "The 37 implementation details of PPO"; defaults of CleanRL.
public final class PPO: Agent {
  public typealias Configuration = PPOConfiguration

  public let configuration: PPOConfiguration
  private(set) var networks: ActorCritic
  let heads: [AdvantageEstimation]
  var parameters: Parameters
  private let specification: Specification
  private var optimizer: Adam
  private var random: RandomSource
  /// What numeric fields are scaled by; the scaling itself lies among the parameters.
  private var statistics: ObservationStatistics?
  /// The observation row that networks leave out; empty for none.
  private var background: [UInt8] = []
  private var rewardScale: RewardScale?
  private(set) var experience = Experience()
  private var rollouts: [Rollout] = []
  /// Those that collect, one a batch.
  private var policies: [PPOPolicy] = []
  /// Recorded steps that are imitated beside what the policies collect; nil in plain PPO.
  private(set) var imitation: SelfImitation?
  /// Made when something is learnt: an agent that is only asked for policies needs none.
  private(set) lazy var gradient = ParallelGradient<ActorCriticWorkspace, LossSums>(
    parameters: networks.layout.count, pieceRows: PPO.pieceRows(configuration)
  ) { [networks, configuration] in
    ActorCriticWorkspace(
      networks, rows: PPO.pieceRows(configuration), sequences: PPO.pieceSequences(configuration))
  }

  public convenience init(_ configuration: PPOConfiguration, in setting: AgentSetting) throws {
    try self.init(configuration, in: setting, specification: setting.specification)
  }

  /// - Parameter specification: The environment's, or one with more fields for the policy.
  init(_ configuration: PPOConfiguration, in setting: AgentSetting, specification: Specification) throws {
    try configuration.validate()
    self.configuration = configuration
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
    parameters = networks.initialParameters(configuration, seed: seed)
    optimizer = Adam(networks.layout, epsilon: Float(configuration.adamEpsilon))
    random = RandomSource(seed: seed, purpose: .learning, index: 0)
    statistics = configuration.normalizesObservations ? ObservationStatistics(layout) : nil
    rewardScale = configuration.normalizesRewards ? RewardScale(heads: heads, slots: configuration.slots) : nil
    if configuration.omitsBackground { omit(background: PPO.firstObservation(of: setting.recipe, specification)) }
  }

  public func train(in session: TrainingSession) throws {
    let collector = try session.makeCollector(
      slots: configuration.slots, batches: configuration.batches, steps: configuration.steps)
    prepare(for: collector)
    while !session.isFinished {
      // 1. Collect a rollout with the present policy; the session scores it with the reward design.
      try collect(in: session)

      // 2. Learn from it.
      let metrics = try learn(in: session)

      // 3. Log; the session may evaluate, save a checkpoint, or stop.
      try session.endIteration(of: self, metrics: metrics)
    }
  }

  /// Collects one rollout a batch with what has been learnt so far.
  func collect(in session: TrainingSession) throws {
    for policy in policies { policy.parameters = parameters }
    try session.collect(&policies)
  }

  /// Learns from what `collect` collected and the session's scores of it; returns what should be logged.
  func learn(in session: TrainingSession) throws -> [Metric] {
    // 1. Rewards by value head, values of all observations, advantages and returns.
    let workers = session.workers
    gather(session.scores)
    rewardScale?.apply(to: experience, rollouts: rollouts)
    if networks.memory == nil { computeValues(workers) } else { computeRememberedValues(rollouts, workers: workers) }
    computeAdvantages(workers)
    let explained = experience.explainedVariance
    let learningRate = learningRate(session)

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
          samples: (minibatch * size)..<((minibatch + 1) * size), learningRate, step: session.step, workers: workers)
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
    return [
      Metric("policy/loss", mean.policy), Metric("value/loss", mean.value), Metric("policy/entropy", mean.entropy),
      Metric("policy/approximateKL", mean.approximateKL), Metric("policy/clipFraction", mean.clipped),
      Metric("value/explainedVariance", explained), Metric("optimizer/learningRate", Double(learningRate)),
      Metric("optimizer/gradientNorm", mean.gradientNorm), Metric("optimizer/epochs", Double(epochs)),
    ]
  }

  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy { policy(slots: slots, choice: choice) }

  /// A policy of what has been learnt so far.
  func policy(slots: Int, choice: ActionChoice) -> PPOPolicy {
    PPOPolicy(networks, parameters: parameters, actions: specification.actions, slots: slots, choice: choice)
  }

  // MARK: The parts of an iteration

  /// The learning rate of this iteration: alpha * (1 - steps before it / budget).
  private func learningRate(_ session: TrainingSession) -> Float {
    guard configuration.annealsLearningRate else { return Float(configuration.learningRate) }
    let before = Double(session.step - configuration.slots * configuration.steps)
    return LearningRateSchedule.linear.rate(
      initial: Float(configuration.learningRate), progress: before / Double(session.totalSteps))
  }

  /// Minibatches of an epoch: as many as configured, fewer in proportion where not all samples count.
  private var minibatches: Int {
    guard let learnt = experience.learnt else { return configuration.minibatches }
    return max(1, configuration.minibatches * learnt.count / max(1, experience.count))
  }

  /// One optimizer step on the samples of a minibatch.
  private func update(
    samples: Range<Int>, _ learningRate: Float, step: Int, workers: Workers
  ) throws -> LossSums {
    var sums = accumulateGradient(samples: samples, rollouts, workers: workers)
    let gradientNorm = try gradient.step(
      &optimizer, &parameters, learningRate: learningRate, maximumNorm: configuration.maximumGradientNorm, at: step,
      losses: [("policy", sums.policy), ("value", sums.value)], workers: workers)
    sums.gradientNorm = gradientNorm * Double(sums.count)
    return sums
  }

  /// Makes what a run needs beside its collector, from whose rollouts it learns.
  ///
  /// - Parameter imitation: Recorded steps to imitate beside what is collected; who gave them says before each `learn`
  ///   which of them.
  func prepare(for collector: Collector, imitating imitation: SelfImitation? = nil) {
    rollouts = collector.rollouts
    self.imitation = imitation
    experience = Experience(
      of: rollouts, heads: heads.count, actionCount: networks.isDiscrete ? 1 : networks.actionCount,
      sequences: networks.memory.map {
        .init(
          steps: configuration.sequenceSteps, sideBySide: PPO.pieceSequences(configuration), stateCount: $0.stateCount)
      })
    policies = rollouts.map { policy(slots: $0.slots, choice: .sample) }
  }

  private func omit(background row: [UInt8]) {
    background = row
    networks.omit(background: row)
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

  /// V of every observation, and of the final observations of the episodes that ended.
  private func computeValues(_ workers: Workers) {
    let rowBytes = rollouts[0].layout.rowBytes
    experience.reserveFinalValues(rollouts.map(\.finalCount))
    let rows = configuration.batches * (configuration.steps + 1) * (configuration.slots / configuration.batches)
    values(
      of: InputRows(experience.base!, stride: rowBytes), rows: rows, into: experience.values, workers: workers)
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

  public func save(to state: inout SavedState) {
    state.set(prefix: "parameters", parameters.savedState())
    state.set(prefix: "adam", optimizer.savedState())
    state.set("random", random.words)
    if !background.isEmpty { state.set("background", background) }
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

  public func restore(from state: SavedState) throws {
    try parameters.restore(state.get(prefix: "parameters"))
    try optimizer.restore(state.get(prefix: "adam"))
    random = try RandomSource(words: try state.get("random", count: 5))
    if configuration.omitsBackground {
      omit(background: try state.get("background", count: ObservationLayout(specification).rowBytes))
    }
    try statistics?.restore(from: state.get(prefix: "observations"))
    try rewardScale?.restore(from: state.get(prefix: "rewards"))
  }
}

extension PPOConfiguration {
  /// - Throws: `UserError` for values that cannot work together.
  func validate() throws {
    func positive(_ value: Int, _ name: String) throws {
      guard value > 0 else { throw UserError("\(name) is \(value)", fix: "Use 1 or more (--set \(name)=)") }
    }
    for (value, name) in [
      (slots, "slots"), (batches, "batches"), (steps, "steps"), (epochs, "epochs"), (minibatches, "minibatches"),
    ] { try positive(value, name) }
    guard slots % batches == 0 else {
      throw UserError(
        "\(slots) slots cannot be shared out to \(batches) batches",
        fix: "Use \(PPOConfiguration.divisors(of: slots)) (--set batches=)")
    }
    if memory != .none {
      try positive(memoryUnits, "memoryUnits")
      try positive(sequenceSteps, "sequenceSteps")
      guard steps % sequenceSteps == 0, slots * (steps / sequenceSteps) % minibatches == 0 else {
        throw UserError(
          "\(slots) slots x \(steps) steps cannot be cut into sequences of \(sequenceSteps) for \(minibatches) minibatches",
          fix: "Use a sequenceSteps that divides steps, and minibatches that divide the sequences (--set sequenceSteps=)")
      }
      guard !sharesNetwork else {
        throw UserError("with a memory policy and value share all but their heads already", fix: "Leave sharesNetwork false")
      }
    }
    guard !omitsBackground || imageEncoder == .dense else {
      throw UserError("a convolution omits no background", fix: "Use --set imageEncoder=dense, or leave omitsBackground false")
    }
    let rollout = steps * slots
    guard rollout % minibatches == 0 else {
      throw UserError(
        "a rollout of \(rollout) = \(steps) steps x \(slots) slots cannot be split into \(minibatches) minibatches: remainder \(rollout % minibatches)",
        fix: "Use \(PPOConfiguration.divisors(of: rollout)) (--set minibatches=)")
    }
    for (value, name, range) in [
      (discount, "discount", 0...1), (gaeLambda, "gaeLambda", 0...1), (learningRate, "learningRate", 0...1e3),
      (clipRange, "clipRange", 0...1e3), (maximumGradientNorm, "maximumGradientNorm", 0...1e9),
      (entropyCoefficient, "entropyCoefficient", 0...1e6), (valueCoefficient, "valueCoefficient", 0...1e6),
      (targetKL, "targetKL", 0...1e6), (adamEpsilon, "adamEpsilon", 1e-30...1),
    ] as [(Double, String, ClosedRange<Double>)] {
      guard range.contains(value) else {
        throw UserError("\(name) is \(value)", fix: "Use \(range.lowerBound) to \(range.upperBound) (--set \(name)=)")
      }
    }
  }

  private static func divisors(of count: Int) -> String {
    let all = (1...max(1, min(count, 64))).filter { count % $0 == 0 }.map(String.init)
    return all.count > 1 ? all.dropLast().joined(separator: ", ") + " or " + all.last! : all.joined()
  }
}
