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
  private var scaler: ObservationScaler?
  /// The observation row that networks leave out; empty for none.
  private var background: [UInt8] = []
  private var rewardScale: RewardScale?
  private(set) var experience = Experience()
  private var rollouts: [Rollout] = []
  /// Those that collect, one a batch.
  private var policies: [PPOPolicy] = []
  /// Recorded steps that are imitated beside what the policies collect; nil in plain PPO.
  private(set) var imitation: SelfImitation?
  private(set) var lanes: [Lane] = []

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
    scaler = configuration.normalizesObservations ? ObservationScaler(layout) : nil
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
    for policy in policies {
      policy.parameters = parameters
      policy.scaler = scaler
    }
    try session.collect(&policies)
  }

  /// Learns from what `collect` collected and the session's scores of it; returns what should be logged.
  func learn(in session: TrainingSession) throws -> [Metric] {
    // 1. Rewards by value head, values of all observations, advantages and returns.
    let workers = session.workers
    gather(session.scores)
    rewardScale?.apply(to: experience, rollouts: rollouts)
    computeValues(workers)
    computeAdvantages(workers)
    let explained = experience.explainedVariance
    let learningRate = learningRate(session)

    // 2. Epochs over shuffled minibatches.
    imitation?.scale(by: scaler)
    var sums = LossSums()
    var epochs = 0
    for _ in 0..<configuration.epochs {
      experience.shuffle(&random)
      let minibatches = self.minibatches
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
    scaler?.update(rollouts)

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
    PPOPolicy(
      networks, parameters: parameters, scaler: scaler, actions: specification.actions, slots: slots, choice: choice)
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
    var (sums, gradientNorm) = accumulateGradient(samples: samples, rollouts, workers: workers)
    guard gradientNorm.isFinite, sums.policy.isFinite, sums.value.isFinite else {
      throw UserError(
        "the loss is not a number at step \(step) (policy \(sums.policy), value \(sums.value), gradient norm \(gradientNorm))",
        fix: "Lower the learning rate (--set learningRate=), or look for a reward or an observation that is not finite")
    }
    sums.gradientNorm = gradientNorm * Double(sums.count)
    let limit = configuration.maximumGradientNorm
    let scale = limit > 0 ? try Gradient.clipScale(norm: gradientNorm, maximum: limit) : 1
    optimizer.step(&parameters, gradient: lanes[0].gradient, learningRate: learningRate, gradientScale: scale)
    return sums
  }

  /// Makes what a run needs beside its collector, from whose rollouts it learns.
  ///
  /// - Parameter imitation: Recorded steps to imitate beside what is collected; who gave them says before each `learn`
  ///   which of them.
  func prepare(for collector: Collector, imitating imitation: SelfImitation? = nil) {
    rollouts = collector.rollouts
    self.imitation = imitation
    let layout = rollouts[0].layout
    experience = Experience(
      of: rollouts, heads: heads.count, actionCount: networks.isDiscrete ? 1 : networks.actionCount)
    let slotsPerBatch = configuration.slots / configuration.batches
    let bytesPerBatch = (configuration.steps + 1) * slotsPerBatch * layout.rowBytes
    if scaler != nil { experience.allocateScaledRows() }
    policies = (0..<configuration.batches).map { index in
      let policy = PPOPolicy(
        networks, parameters: parameters, scaler: scaler, actions: specification.actions, slots: slotsPerBatch,
        choice: .sample)
      policy.scaledRows = experience.scaledRows.map { $0 + index * bytesPerBatch }
      return policy
    }
    lanes = (0..<Lane.count).map { _ in Lane(networks) }
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
      if let scaler, let rows = policies[index].scaledRows {
        let last = rollout.steps * rollout.slots * rollout.layout.rowBytes
        scaler.scale(rollout.observations + last, count: rollout.slots, rowBytes: rollout.layout.rowBytes, into: rows + last)
      }
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
      var base = rollout.finalObservations
      var scaled: UnsafeMutableRawPointer?
      if let scaler {
        let copy = UnsafeMutableRawPointer.allocate(byteCount: rollout.finalCount * rowBytes, alignment: 64)
        scaler.scale(base, count: rollout.finalCount, rowBytes: rowBytes, into: copy)
        base = UnsafeRawPointer(copy)
        scaled = copy
      }
      values(
        of: InputRows(base, stride: rowBytes), rows: rollout.finalCount, into: experience.finalValues[index],
        workers: workers)
      scaled?.deallocate()
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
    if let scaler {
      var part = SavedState()
      scaler.save(to: &part)
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
    try scaler?.restore(from: state.get(prefix: "observations"))
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
