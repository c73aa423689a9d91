import Encoders
public import Groundwork
import NeuralNetworks
public import ReinforcementLearning

/// Expert iteration: a search guided by a network plays, and the network learns to say at once what the search found.
///
/// Read `train` from top to bottom: play, targets, gradient steps, log. The policy's target is the search's improved
/// policy, the value's the return that followed; in a game of two players the outcome z, as AlphaZero has it. A game
/// with an opponent inside is played without it, both sides by the search.
///
/// Play and gradient are cut into pieces that depend on the configuration alone and are summed in a fixed order, so
/// one worker and many give the same bits.
///
/// Source: Anthony, Tian and Barber 2017, "Thinking fast and slow with deep learning and tree search"; Silver et al.
/// 2018, "A general reinforcement learning algorithm that masters chess, shogi and Go through self-play"; the Gumbel
/// search and its targets of Danihelka et al. 2022, "Policy improvement by planning with Gumbel".
public final class ExpertIteration: Agent {
  /// What `agent.KEY` sets.
  public typealias Configuration = ExpertIterationConfiguration

  /// A simulator and numbered actions; the environment's own reward, since the search plans for that.
  public static func requirements(_ configuration: ExpertIterationConfiguration) -> Requirements {
    Requirements(needs: .simulator, players: .both, actions: .discrete, rewards: .environment)
  }

  /// As it was given.
  public let configuration: ExpertIterationConfiguration
  let network: Network
  var parameters: Parameters
  let actions: Int
  private let simulator: Simulator
  private let layout: ObservationLayout
  private var optimizer: Adam
  private var random: RandomSource
  let buffer: PositionBuffer
  private var unfinished: [Unfinished]
  /// Gradient steps that are still owed for positions that came in.
  private var owedSteps = 0.0
  private(set) lazy var gradient = ParallelGradient<PositionScratch, LearningSums>(
    parameters: parameters.values.count, lanes: 4, pieceRows: ExpertIteration.pieceRows(configuration.minibatch)
  ) { [network, configuration, layout] in
    PositionScratch(
      network, rows: ExpertIteration.pieceRows(configuration.minibatch), rowBytes: layout.rowBytes)
  }
  let mirror: MirrorSymmetry?
  /// What is played: the environment, without the opponent that it may have inside.
  private let game: EnvironmentRecipe
  /// Whether the search plays both sides of a game; the value is then squashed to -1...1.
  let isSelfPlay: Bool

  /// An agent with new parameters and an empty buffer.
  ///
  /// - Throws: `UserError` for values that cannot work together, or `symmetry=mirror` where a field is no board with a
  ///   column for each action.
  public init(_ configuration: ExpertIterationConfiguration, in setting: AgentSetting) throws {
    try configuration.validate()
    let (specification, seed) = (setting.specification, setting.seed)
    self.configuration = configuration
    simulator = setting.simulator!
    game = setting.recipe.selfPlay ?? setting.recipe
    isSelfPlay = game.specification.players == 2
    actions = specification.actions.count
    layout = ObservationLayout(specification)
    try configuration.checkSizes(
      rowBytes: layout.rowBytes, snapshotBytes: setting.recipe.snapshotBytes, actions: specification.actions.count)
    mirror = configuration.symmetry == .mirror ? try MirrorSymmetry(layout, actions: specification.actions.count) : nil
    var parameterLayout = ParameterLayout()
    network = try ObservationNetwork.make(
      "network", layout: layout, hidden: configuration.hiddenLayers, activation: .relu,
      imageEncoder: configuration.imageEncoder, outputs: specification.actions.count + 1, outputGain: 0.1,
      in: &parameterLayout)
    try SizeLimit.check(parameters: parameterLayout.count, fix: "Use fewer units (--set agent.hiddenLayers=)")
    parameters = Parameters(parameterLayout)
    var random = RandomSource(seed: seed, purpose: .initialParameters, index: 0)
    network.initialize(&parameters, random: &random)
    optimizer = Adam(
      parameterLayout, epsilon: Float(configuration.adamEpsilon), weightDecay: Float(configuration.weightDecay))
    self.random = RandomSource(seed: seed, purpose: .learning, index: 0)
    buffer = PositionBuffer(
      capacity: configuration.bufferSize, rowBytes: layout.rowBytes, actions: specification.actions.count,
      hasMasks: specification.hasIllegalActions)
    unfinished = [Unfinished](repeating: Unfinished(), count: configuration.slots)
  }

  /// Says where a run is too short for a gradient step.
  public static func remarks(_ configuration: ExpertIterationConfiguration, steps: Int) -> [String] {
    let turn = configuration.slots * configuration.steps
    let positions = (steps + turn - 1) / turn * turn
    let updates = Double(positions) * configuration.reuse / Double(configuration.minibatch)
    guard positions < configuration.learningStarts || updates < 1 else { return [] }
    return [
      "nothing is learnt in \(steps) steps: agent.learningStarts=\(configuration.learningStarts) positions are asked "
        + "for before it, and agent.reuse=\(configuration.reuse). Take more steps (--steps), or --set one of them"
    ]
  }

  /// Plays, learns and logs in turns until the budget is spent.
  ///
  /// - Throws: `UserError` when a loss or the gradient's norm is no number, and what the session throws.
  public func train(in session: TrainingSession) throws {
    let collector = try session.makeCollector(
      of: game, slots: configuration.slots, batches: configuration.batches, steps: configuration.steps)
    var policies = collector.batches.map {
      SearchPolicy(
        configuration, simulator, network: network, parameters: parameters, slots: $0.slots,
        simulations: configuration.simulations, explores: true)
    }
    while !session.isFinished {
      // 1. The search plays every slot on.
      for policy in policies { policy.parameters = parameters }
      try session.collect(&policies)

      // 2. Positions whose value targets are known by now go into the buffer.
      var games = GameSums()
      let before = buffer.total
      for (index, rollout) in collector.rollouts.enumerated() {
        gather(rollout, firstSlot: collector.batches[index].firstSlot, &games)
      }

      // 3. Gradient steps on positions drawn from the buffer.
      owedSteps += Double(buffer.total - before) * configuration.reuse / Double(configuration.minibatch)
      let learningRate = learningRate(session)
      var sums = LearningSums()
      if buffer.count < configuration.learningStarts { owedSteps = 0 }
      while owedSteps >= 1 {
        owedSteps -= 1
        sums += try update(learningRate, session)
      }

      // 4. Log; the session may evaluate, save a checkpoint, or stop.
      try session.endIteration(
        of: self,
        metrics: sums.metrics + games.metrics(isSelfPlay: isSelfPlay) + [
          Metric(.optimizerUpdates, Double(optimizer.steps)),
          Metric(.bufferPositions, Double(buffer.count)), Metric(.optimizerLearningRate, Double(learningRate)),
        ])
    }
  }

  /// A search with what has been learnt so far, `evaluationSimulations` a step where that is set. With `mode` it adds
  /// no noise at its roots and draws no action.
  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy {
    let simulations = configuration.evaluationSimulations
    return SearchPolicy(
      configuration, simulator, network: network, parameters: parameters, slots: slots,
      simulations: simulations > 0 ? simulations : configuration.simulations, explores: choice == .sample)
  }

  // MARK: The parts of an iteration

  private func learningRate(_ session: TrainingSession) -> Float {
    let schedule = configuration.annealsLearningRate ? LearningRateSchedule.cosine : .constant
    return schedule.rate(
      initial: Float(configuration.learningRate), progress: Double(session.step) / Double(session.totalSteps))
  }

  /// Adds a rollout to its slots' episodes, and what is known of them to the buffer.
  private func gather(_ rollout: Rollout, firstSlot: Int, _ games: inout GameSums) {
    let policies = rollout.output(SearchPolicy.improvedPolicy)!
    let values = rollout.output(SearchPolicy.value)!
    let discount = Float(isSelfPlay ? -configuration.discount : configuration.discount)
    for slot in 0..<rollout.slots {
      for time in 0..<rollout.steps {
        let place = time * rollout.slots + slot
        unfinished[firstSlot + slot].append(
          rollout, time: time, slot: slot, policy: policies + place * actions, value: values[place], actions: actions)
        switch rollout.outcome(time: time, slot: slot) {
        case .running: continue
        case .terminated: release(firstSlot + slot, discount, end: 0, &games)
        case .truncated:
          let value = value(of: rollout.finalObservation(time: time, slot: slot), rowBytes: rollout.layout.rowBytes)
          release(firstSlot + slot, discount, end: value, &games)
        }
      }
      if configuration.valueSteps > 0 { release(firstSlot + slot, discount, end: nil, &games) }
    }
  }

  /// Moves a slot's positions with known targets to the buffer.
  private func release(_ slot: Int, _ discount: Float, end: Float?, _ games: inout GameSums) {
    let episode = unfinished[slot]
    let targets = episode.targets(steps: configuration.valueSteps, discount: discount, end: end)
    let share = Float(configuration.searchValueShare)
    episode.rows.withUnsafeBytes { rows in
      episode.policies.withUnsafeBufferPointer { policies in
        episode.masks.withUnsafeBytes { masks in
          for (index, target) in targets.enumerated() {
            games.add(value: episode.values[index], target: target)
            buffer.add(
              row: rows.baseAddress! + index * layout.rowBytes, policy: policies.baseAddress! + index * actions,
              mask: masks.baseAddress.map { ($0 + index * actions).assumingMemoryBound(to: Bool.self) },
              value: (1 - share) * target + share * episode.values[index])
          }
        }
      }
    }
    if end != nil, configuration.valueSteps == 0 { games.add(length: targets.count, first: targets.first ?? 0) }
    unfinished[slot].removeFirst(targets.count)
  }

  /// The network's value of one observation.
  private func value(of row: UnsafeRawPointer, rowBytes: Int) -> Float {
    let output = network.forward(parameters, InputRows(row, stride: rowBytes), rows: 1, gradient.scratch(0).workspace)
    return squash(output[actions])
  }

  /// One optimizer step on a minibatch drawn from the buffer.
  private func update(_ learningRate: Float, _ session: TrainingSession) throws -> LearningSums {
    var sums = accumulateGradient(random: &random, workers: session.workers)
    sums.gradientNorm = try gradient.step(
      &optimizer, &parameters, learningRate: learningRate, maximumNorm: configuration.maximumGradientNorm,
      at: session.step, losses: [("policy", sums.policyLoss), ("value", sums.valueLoss)], workers: session.workers)
    sums.updates = 1
    return sums
  }

  // MARK: Saving

  /// Takes over networks and the optimizer's moments.
  public func adopt(_ state: SavedState) throws {
    try parameters.adopt(state.get(prefix: "parameters"))
    try optimizer.restore(state.get(prefix: "adam"))
  }
  /// The rate that falls over the budget.
  public static func budgetSettings(_ configuration: ExpertIterationConfiguration) -> [String] {
    configuration.annealsLearningRate ? ["agent.annealsLearningRate"] : []
  }

  /// Saves parameters, optimizer, stream, the buffer and the positions whose value is not known yet.
  public func save(to state: inout SavedState) {
    state.set(prefix: "parameters", parameters.savedState())
    state.set(prefix: "adam", optimizer.savedState())
    state.set("random", random.words)
    state.set("owedSteps", scalar: owedSteps)
    func add(_ prefix: String, _ write: (inout SavedState) -> Void) {
      var part = SavedState()
      write(&part)
      state.set(prefix: prefix, part)
    }
    add("buffer", buffer.save)
    add("unfinished", unfinished.save)
  }

  /// Puts all that where it was saved.
  ///
  /// - Throws: `UserError` when an entry is missing or of another shape.
  public func restore(from state: SavedState) throws {
    try parameters.restore(state.get(prefix: "parameters"))
    try optimizer.restore(state.get(prefix: "adam"))
    random = try RandomSource(words: try state.get("random", count: 5))
    owedSteps = try state.scalar("owedSteps", as: Double.self)
    try buffer.restore(from: state.get(prefix: "buffer"))
    try unfinished.restore(
      from: state.get(prefix: "unfinished"), rowBytes: layout.rowBytes, actions: actions,
      hasMasks: game.specification.hasIllegalActions)
  }
}
