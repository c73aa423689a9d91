import Encoders
public import Groundwork
import NeuralNetworks
import RealModule
public import ReinforcementLearning

/// Soft actor-critic for vectors of actions: twin critics, a squashed normal policy, a tuned temperature; with
/// hindsight where rewards depend on a goal.
///
/// Read `train` from top to bottom, then `update`, then the two losses. What it shares with others: `ExperienceStore`
/// (what is learnt from), `Minibatch` (what an update draws of it), `TwinCritics`, `VectorPolicy` (how it acts).
///
/// Minibatches are cut into pieces that depend on the configuration alone and are summed in a fixed order, so one
/// worker and many give the same bits.
///
/// Source: Haarnoja et al. 2018, "Soft Actor-Critic Algorithms and Applications"; Andrychowicz et al. 2017, "Hindsight
/// Experience Replay"; defaults of Stable-Baselines3.
public final class SAC: Agent {
  /// What `agent.KEY` sets.
  public typealias Configuration = SACConfiguration

  /// As it was given.
  public let configuration: SACConfiguration
  private let task: VectorTask
  private let goal: GoalPlaces?
  private let network: Network
  let actor: Trainee<LearnerScratch>
  let critics: TwinCritics
  /// log alpha
  private let temperatureBlock: ParameterLayout.Block
  private var temperatureParameters: Parameters
  private var temperatureOptimizer: Adam
  private var statistics: ObservationStatistics?
  let store: ExperienceStore
  private var clock = UpdateClock()
  private var random: RandomSource
  /// Standard normal numbers for the actions of a minibatch, and of what follows, `[batchSize, count]`.
  private var noise, nextNoise: [Float]

  /// Vectors within limits; with hindsight or demonstrations the environment's own reward, since a design's is not
  /// known for steps that it did not see.
  public static func requirements(_ configuration: SACConfiguration) -> Requirements {
    let isShown = !configuration.demonstrations.isEmpty
    return Requirements(
      needs: isShown ? .demonstrations : [], actions: .vectors,
      rewards: isShown || configuration.hindsight > 0 ? .environment : .any,
      demonstrations: configuration.demonstrations)
  }

  /// Says where a run is too short for an update.
  public static func remarks(_ configuration: SACConfiguration, steps: Int) -> [String] {
    configuration.remarks(steps: steps)
  }

  /// Refuses values out of their ranges.
  public static func check(_ configuration: SACConfiguration) throws { try configuration.validate() }

  /// An agent with new networks, and nothing collected.
  ///
  /// - Throws: `UserError` for a value out of its range, a field that it cannot read, hindsight without goals,
  ///   demonstrations that cannot be learnt from, or sizes that would not fit.
  public init(_ configuration: SACConfiguration, in setting: AgentSetting) throws {
    try configuration.validate()
    self.configuration = configuration
    let task = try VectorTask(setting.recipe, normalizesObservations: configuration.normalizesObservations)
    self.task = task
    goal = configuration.hindsight > 0 ? try GoalPlaces(setting.recipe) : nil
    var layout = ParameterLayout()
    let network = Network(
      "actor", task.observation, VectorTask.layers(configuration.hiddenLayers, outputs: 2 * task.count), in: &layout)
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
    critics = TwinCritics(ensemble, criticLayout, task, pieceRows: pieceRows, random: &random, makeScratch: scratch)
    var temperatureLayout = ParameterLayout()
    temperatureBlock = temperatureLayout.add("logTemperature", [1])
    temperatureParameters = Parameters(temperatureLayout)
    temperatureParameters.values[0] = Float.log(Float(configuration.temperature))
    temperatureOptimizer = Adam(temperatureLayout, epsilon: 1e-8)
    statistics = configuration.normalizesObservations ? ObservationStatistics(task.layout) : nil
    store = try ExperienceStore(slots: configuration.slots, size: configuration.bufferSize, in: setting)
    self.random = RandomSource(seed: setting.seed, purpose: .learning, index: 0)
    noise = Array(repeating: 0, count: configuration.batchSize * task.count)
    nextNoise = noise
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
      // 1. Collect some steps with the present policy, or at random before there is one.
      for policy in policies {
        policy.parameters = actor.parameters
        policy.isUniform = session.step < configuration.learningStarts
        policy.explorationShare = configuration.explorationShare
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

  /// alpha
  var temperature: Float { Float.exp(temperatureParameters.values[0]) }

  /// One update of critics, actor, temperature and targets.
  ///
  /// - Parameter step: Environment steps so far, for messages.
  /// - Returns: The losses' sums over the minibatch.
  /// - Throws: `UserError` when a loss or a gradient is no number.
  func update(_ minibatch: Minibatch, step: Int, workers: Workers) throws(UserError) -> UpdateSums {
    drawNoise()
    let rate = configuration.learningRate

    // 1. Both critics towards rewards + discount * (smaller target value - alpha * log pi) of what follows.
    var sums = accumulateCritics(minibatch, workers)
    try critics.trainee.step(learningRate: rate, at: step, losses: [("critic", sums.critic)], workers: workers)

    // 2. The actor up the smaller value and its entropy.
    let acted = accumulateActor(minibatch, workers)
    try actor.step(learningRate: rate, at: step, losses: [("actor", acted.actor)], workers: workers)
    sums += acted

    // 3. The temperature: up where there is less entropy than is wanted.
    if configuration.learnsTemperature {
      let wanted = configuration.targetEntropy * Double(task.count)
      let gradient = -(acted.logProbability / Double(minibatch.count) + wanted)
      temperatureOptimizer.step(&temperatureParameters, gradient: [Float(gradient)], learningRate: Float(rate))
    }

    // 4. The targets a little towards the critics.
    critics.follow(configuration.targetRate)
    return sums
  }

  /// The noise of the next update.
  func drawNoise() {
    for index in noise.indices { noise[index] = Float(random.normal()) }
    for index in nextNoise.indices { nextNoise[index] = Float(random.normal()) }
  }

  /// Adds up the critics' gradient for the noise as it is.
  func accumulateCritics(_ minibatch: Minibatch, _ workers: Workers) -> UpdateSums {
    let (alpha, targets) = (temperature, critics.targets)
    return critics.trainee.accumulate(rows: minibatch.count, workers: workers) { range, scratch, gradient, sums in
      act(range, minibatch.nextRows, nextNoise, scratch)
      critics.forward(targets, rows: range.count, scratch)
      for row in 0..<range.count {
        let after = TwinCritics.smaller(scratch, row) - alpha * scratch.logProbabilities[row]
        let place = range.lowerBound + row
        scratch.targets[row] = minibatch.rewards[place] + minibatch.discounts[place] * after
      }
      critics.regress(range, of: minibatch, scratch, &gradient, &sums)
    }
  }

  /// Adds up the actor's gradient of `alpha * log pi - smaller value`, the mean over the minibatch, through the action.
  func accumulateActor(_ minibatch: Minibatch, _ workers: Workers) -> UpdateSums {
    let (alpha, share, count) = (temperature, 1 / Float(minibatch.count), task.count)
    return actor.accumulate(rows: minibatch.count, workers: workers) { range, scratch, gradient, sums in
      act(range, minibatch.rows, noise, scratch)
      critics.forward(critics.trainee.parameters, rows: range.count, scratch)
      let slopes = critics.actionSlopes(rows: range.count, scratch)
      let (outputs, target) = (scratch.actor!.output.baseAddress!, scratch.actor!.outputGradient.baseAddress!)
      noise.withUnsafeBufferPointer { noise in
        for row in 0..<range.count {
          let (value, logProbability) = (TwinCritics.smaller(scratch, row), scratch.logProbabilities[row])
          sums.value += Double(value)
          sums.logProbability += Double(logProbability)
          sums.actor += Double(alpha * logProbability - value)
          // The slopes' own memory: a row is needed once.
          for place in row * count..<(row + 1) * count {
            slopes[0][place] = -(slopes[0][place] + slopes[1][place]) * share
          }
          SquashedGaussian(UnsafePointer(outputs + row * 2 * count), count: count).writeGradient(
            noise: noise.baseAddress! + (range.lowerBound + row) * count, action: scratch.action(row),
            logProbabilityWeight: alpha * share, actionGradient: slopes[0].baseAddress! + row * count,
            into: target + row * 2 * count)
        }
      }
      network.backward(actor.parameters, scratch.actor!, into: &gradient)
    }
  }

  /// Acts in some rows of a minibatch: the scratch then holds them with the policy's actions, and log pi.
  private func act(
    _ range: Range<Int>, _ rows: UnsafeMutableRawPointer, _ noise: [Float], _ scratch: LearnerScratch
  ) {
    scratch.load(range, of: rows)
    let count = task.count
    let outputs = network.forward(actor.parameters, scratch.input, rows: range.count, scratch.actor!).baseAddress!
    noise.withUnsafeBufferPointer { noise in
      for row in 0..<range.count {
        scratch.logProbabilities[row] = SquashedGaussian(UnsafePointer(outputs + row * 2 * count), count: count).sample(
          noise: noise.baseAddress! + (range.lowerBound + row) * count, into: scratch.action(row))
      }
    }
  }

  /// Takes rows into the statistics that networks read observations by.
  private func observe(_ rollouts: [Rollout]) {
    guard statistics != nil else { return }
    statistics!.update(rollouts)
    statistics!.setScaling(of: [network], in: &actor.parameters)
    critics.setScaling(statistics!)
  }

  private func metrics(_ sums: UpdateSums?) -> [Metric] {
    var metrics = [
      Metric(.optimizerUpdates, Double(clock.updates)), Metric(.policyEntropyCoefficient, Double(temperature)),
      Metric(.optimizerLearningRate, configuration.learningRate),
    ]
    if let sums {
      let rows = Double(configuration.batchSize)
      metrics += [
        Metric(.criticLoss, sums.critic / rows), Metric(.criticValue, sums.value / rows),
        Metric(.actorLoss, sums.actor / rows), Metric(.policyEntropy, -sums.logProbability / rows),
      ]
    }
    return metrics
  }

  // MARK: What has been learnt

  /// A policy of what has been learnt so far; `mode` takes the middle of the distribution.
  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy { policy(slots: slots, choice: choice) }

  private func policy(slots: Int, choice: ActionChoice) -> VectorPolicy {
    VectorPolicy(
      task, network, .squashedGaussian, parameters: actor.parameters, slots: slots, choice: choice,
      hold: configuration.explorationHold)
  }

  /// Takes over networks and their optimizers' moments, the statistics of observations, and the temperature where it is
  /// tuned: the critics' values have its entropy in them, and with one many times as large the policy forgets what it
  /// can.
  public func adopt(_ state: SavedState) throws {
    try actor.adopt(state)
    try critics.adopt(state)
    let learnt = state.get(prefix: "temperature")
    if configuration.learnsTemperature, !learnt.names.isEmpty {
      try temperatureParameters.adopt(learnt)
      try temperatureOptimizer.restore(state.get(prefix: "temperatureOptimizer"))
    }
    try statistics?.restore(from: state.get(prefix: "observations"))
  }

  /// Saves networks, optimizers, the stream, and all that was collected.
  public func save(to state: inout SavedState) {
    actor.save(to: &state)
    critics.save(to: &state)
    state.set(prefix: "temperature", temperatureParameters.savedState())
    state.set(prefix: "temperatureOptimizer", temperatureOptimizer.savedState())
    if let statistics {
      var part = SavedState()
      statistics.save(to: &part)
      state.set(prefix: "observations", part)
    }
    store.save(to: &state)
    clock.save(to: &state)
    state.set("random", random.words)
  }

  /// Puts all that where it was saved.
  ///
  /// - Throws: `UserError` when an entry is missing or of another shape.
  public func restore(from state: SavedState) throws {
    try actor.restore(from: state)
    try critics.restore(from: state)
    try temperatureParameters.restore(state.get(prefix: "temperature"))
    try temperatureOptimizer.restore(state.get(prefix: "temperatureOptimizer"))
    try statistics?.restore(from: state.get(prefix: "observations"))
    try store.restore(from: state)
    try clock.restore(from: state)
    random = try RandomSource(words: try state.get("random", count: 5))
  }
}
