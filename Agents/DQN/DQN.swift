import Encoders
public import Groundwork
import NeuralNetworks
public import ReinforcementLearning

/// Deep Q-learning for numbered actions: a network of action values that learns from what is drawn of the past; with
/// double targets, returns of several steps and priorities as settings.
///
/// Read `train` from top to bottom, then `update` and `accumulate` (the loss). What it shares with other off-policy
/// learners: `ExperienceStore` (what is learnt from) and `Minibatch` (what an update draws of it).
///
/// Source: Mnih et al. 2015, "Human-level control through deep reinforcement learning"; van Hasselt et al. 2016; Schaul
/// et al. 2016; Hessel et al. 2018 for returns of several steps.
public final class DQN: Agent {
  /// What `agent.KEY` sets.
  public typealias Configuration = DQNConfiguration

  /// What one thread works with on a piece of a minibatch.
  final class Scratch {
    let workspace: Workspace<Float>
    /// Of each row the action that follows, and what its value is to be.
    var following: [Int]
    var targets: [Float]

    init(_ network: Network, rows: Int) {
      workspace = network.workspace(rows: rows)
      following = Array(repeating: 0, count: rows)
      targets = Array(repeating: 0, count: rows)
    }
  }

  /// As it was given.
  public let configuration: DQNConfiguration
  private let goal: GoalPlaces?
  private let network: Network
  private let actionCount: Int
  let trainee: Trainee<Scratch>
  private(set) var target: Parameters
  let store: ExperienceStore
  /// nil where all are drawn equally often.
  private var priorities: PrioritySampler?
  private var clock = UpdateClock()
  /// Updates of the network so far.
  private var updates = 0
  private var random: RandomSource
  /// Temporal differences of the latest minibatch, `[batchSize]`.
  private var errors: [Float]

  /// Numbered actions; with hindsight the environment's own reward, since only that is known for other goals.
  public static func requirements(_ configuration: DQNConfiguration) -> Requirements {
    Requirements(actions: .discrete, rewards: configuration.hindsight > 0 ? .environment : .any)
  }

  /// Says where a run is too short for an update.
  public static func remarks(_ configuration: DQNConfiguration, steps: Int) -> [String] {
    configuration.remarks(steps: steps)
  }

  /// Refuses values out of their ranges.
  public static func check(_ configuration: DQNConfiguration) throws { try configuration.validate() }

  /// An agent with a new network, and nothing collected.
  ///
  /// - Throws: `UserError` for a value out of its range, a field that no encoder reads, hindsight without goals, or
  ///   sizes that would not fit.
  public init(_ configuration: DQNConfiguration, in setting: AgentSetting) throws {
    try configuration.validate()
    self.configuration = configuration
    goal = configuration.hindsight > 0 ? try GoalPlaces(setting.recipe) : nil
    actionCount = setting.specification.actions.count
    var layout = ParameterLayout()
    let network = try ObservationNetwork.make(
      "values", layout: ObservationLayout(setting.specification), hidden: configuration.hiddenLayers, activation: .relu,
      imageEncoder: configuration.imageEncoder, outputs: actionCount, outputGain: 0.1, in: &layout)
    self.network = network
    try SizeLimit.check(parameters: layout.count, fix: "Use fewer units (--set agent.hiddenLayers=)")
    var parameters = Parameters(layout)
    var random = RandomSource(seed: setting.seed, purpose: .initialParameters, index: 0)
    network.initialize(&parameters, random: &random)
    let pieceRows = configuration.pieceRows
    trainee = Trainee("values", parameters, pieceRows: pieceRows) { Scratch(network, rows: pieceRows) }
    target = parameters
    store = try ExperienceStore(slots: configuration.slots, size: configuration.bufferSize, in: setting)
    if configuration.priorityExponent > 0 {
      priorities = PrioritySampler(slots: configuration.slots, capacity: store.collected!.capacity)
    }
    self.random = RandomSource(seed: setting.seed, purpose: .learning, index: 0)
    errors = Array(repeating: 0, count: configuration.batchSize)
  }

  /// Collects and learns in turns until the budget is spent.
  ///
  /// - Throws: `UserError` when a loss is no number, and what the session throws.
  public func train(in session: TrainingSession) throws {
    let collector = try session.makeCollector(
      slots: configuration.slots, batches: configuration.batches, steps: configuration.steps)
    var policies = collector.rollouts.map {
      ValuePolicy(network, parameters: trainee.parameters, slots: $0.slots, exploration: 1)
    }
    let minibatch = makeMinibatch(session.specification)
    while !session.isFinished {
      // 1. Collect some steps with the present values, some of them at random.
      let exploration = exploration(at: session.step)
      for policy in policies {
        policy.parameters = trainee.parameters
        policy.exploration = exploration
      }
      try session.collect(&policies)
      try store.append(collector.rollouts, in: session)
      priorities?.add(steps: configuration.steps, to: store.collected!)

      // 2. Learn: so many updates a step.
      var loss: Double?
      if session.step >= configuration.learningStarts {
        for _ in 0..<clock.due(after: collector.stepsPerCollection, ratio: configuration.updateRatio) {
          let weights = draw(minibatch)
          loss = try update(minibatch, weights: weights, step: session.step, workers: session.workers)
        }
      }

      // 3. Log; the session may evaluate, save a checkpoint, or stop.
      var metrics = [
        Metric(.optimizerUpdates, Double(clock.updates)), Metric(.policyExplorationRate, exploration),
        Metric(.optimizerLearningRate, configuration.learningRate),
      ]
      if let loss { metrics.append(Metric(.criticTemporalDifferenceLoss, loss)) }
      try session.endIteration(of: self, metrics: metrics)
    }
  }

  /// How often actions are drawn at random at a step of the run.
  func exploration(at step: Int) -> Double {
    guard step >= configuration.learningStarts else { return 1 }
    let steps = Double(max(1, configuration.explorationSteps))
    let share = min(1, Double(step - configuration.learningStarts) / steps)
    return configuration.explorationStart + share * (configuration.explorationEnd - configuration.explorationStart)
  }

  /// Room for the transitions of one update.
  func makeMinibatch(_ specification: Specification) -> Minibatch {
    Minibatch(configuration.batchSize, of: specification, vectors: nil, goal: goal)
  }

  // MARK: An update

  /// Draws a minibatch.
  ///
  /// - Returns: What each of its transitions counts; nil where all count alike.
  private func draw(_ minibatch: Minibatch) -> [Float]? {
    guard priorities != nil else {
      minibatch.draw(
        from: store, returnSteps: configuration.returnSteps, discount: configuration.discount,
        hindsight: configuration.hindsight, random: &random)
      return nil
    }
    let (numbers, weights) = priorities!.draw(
      minibatch.count, from: store.collected!, importance: configuration.importanceExponent, random: &random)
    minibatch.fill(
      numbers, from: store, returnSteps: configuration.returnSteps, discount: configuration.discount, hindsight: 0,
      random: &random)
    return weights
  }

  /// One update of the network, and now and then of the target.
  ///
  /// - Parameter step: Environment steps so far, for messages.
  /// - Returns: The loss, the mean over the minibatch.
  /// - Throws: `UserError` when a loss or a gradient is no number.
  func update(
    _ minibatch: Minibatch, weights: [Float]?, step: Int, workers: Workers
  ) throws(UserError) -> Double {
    let loss = accumulate(minibatch, weights: weights, workers)
    try trainee.step(
      learningRate: configuration.learningRate, maximumNorm: configuration.maximumGradientNorm, at: step,
      losses: [("values", loss)], workers: workers)
    priorities?.update(
      minibatch.numbers, errors: errors, exponent: configuration.priorityExponent, in: store.collected!)
    updates += 1
    if updates % configuration.targetInterval == 0 { target = trainee.parameters }
    return loss
  }

  /// Adds up the gradient of the temporal differences' Huber loss, the weighted mean over the minibatch, which it
  /// returns.
  func accumulate(_ minibatch: Minibatch, weights: [Float]? = nil, _ workers: Workers) -> Double {
    let (network, target, actionCount) = (network, target, actionCount)
    let (isDouble, share) = (configuration.isDouble, 1 / Float(minibatch.count))
    let sums = errors.withUnsafeMutableBufferPointer { errors in
      nonisolated(unsafe) let errors = errors.baseAddress!
      return trainee.accumulate(rows: minibatch.count, workers: workers) { range, scratch, gradient, sums in
        let workspace = scratch.workspace
        func rows(_ rows: UnsafeMutableRawPointer) -> InputRows {
          InputRows(rows + range.lowerBound * minibatch.stride, stride: minibatch.stride)
        }
        // The actions that follow: of the online network's choice, or the target's own.
        let choosing = isDouble ? trainee.parameters : target
        let chosen = network.forward(choosing, rows(minibatch.nextRows), rows: range.count, workspace)
        for row in 0..<range.count {
          let legal = minibatch.nextMasks.map { UnsafePointer($0 + (range.lowerBound + row) * actionCount) }
          scratch.following[row] = ValuePolicy.best(
            chosen.baseAddress! + row * actionCount, actionCount, legal: legal)
        }
        // What they are worth to the target.
        if isDouble { network.forward(target, rows(minibatch.nextRows), rows: range.count, workspace) }
        for row in 0..<range.count {
          let place = range.lowerBound + row
          let after = workspace.output[row * actionCount + scratch.following[row]]
          scratch.targets[row] = minibatch.rewards[place] + minibatch.discounts[place] * after
        }
        // The values of what was done.
        let output = network.forward(trainee.parameters, rows(minibatch.rows), rows: range.count, workspace)
        workspace.outputGradient.update(repeating: 0)
        for row in 0..<range.count {
          let place = range.lowerBound + row
          let element = row * actionCount + Int(minibatch.actions[place])
          let (error, weight) = (output[element] - scratch.targets[row], weights?[place] ?? 1)
          errors[place] = error
          let size = abs(error)
          sums.critic += Double(weight * (size <= 1 ? error * error / 2 : size - 0.5))
          workspace.outputGradient[element] = weight * share * min(1, max(-1, error))
        }
        network.backward(trainee.parameters, workspace, into: &gradient)
      }
    }
    return sums.critic / Double(minibatch.count)
  }

  // MARK: What has been learnt

  /// A policy of what has been learnt so far; `mode` draws nothing at random.
  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy {
    ValuePolicy(
      network, parameters: trainee.parameters, slots: slots,
      exploration: choice == .sample ? configuration.explorationEnd : 0)
  }

  /// Takes over another run's network and its optimizer's moments.
  public func adopt(_ state: SavedState) throws {
    try trainee.adopt(state)
    target = trainee.parameters
  }

  /// Saves networks, optimizer, the stream, priorities, and all that was collected.
  public func save(to state: inout SavedState) {
    trainee.save(to: &state)
    state.set(prefix: "target", target.savedState())
    store.save(to: &state)
    priorities?.save(to: &state)
    clock.save(to: &state)
    state.set("networkUpdates", scalar: Int64(updates))
    state.set("random", random.words)
  }

  /// Puts all that where it was saved.
  ///
  /// - Throws: `UserError` when an entry is missing or of another shape.
  public func restore(from state: SavedState) throws {
    try trainee.restore(from: state)
    try target.restore(state.get(prefix: "target"))
    try store.restore(from: state)
    try priorities?.restore(from: state)
    try clock.restore(from: state)
    updates = Int(try state.scalar("networkUpdates", as: Int64.self))
    random = try RandomSource(words: try state.get("random", count: 5))
  }
}
