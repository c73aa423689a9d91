public import Groundwork
import NeuralNetworks
import RealModule
public import ReinforcementLearning

/// Implicit Q-learning: values and a policy of demonstrations alone, never asking for an action that they do not show.
/// For vectors of actions; it takes no step: the budget counts updates.
///
/// Read `train` from top to bottom, then `update`, then the three losses. The policy is the middle of a normal
/// distribution of fixed deviation, so its weighted likelihood is a weighted squared error.
///
/// Source: Kostrikov et al. 2021, "Offline Reinforcement Learning with Implicit Q-Learning".
public final class IQL: Agent {
  /// What `agent.KEY` sets.
  public typealias Configuration = IQLConfiguration

  /// As it was given.
  public let configuration: IQLConfiguration
  private let task: VectorTask
  private let network, valueNetwork: Network
  let actor, value: Trainee<LearnerScratch>
  let critics: TwinCritics
  let store: ExperienceStore
  /// What rewards are multiplied by.
  let rewardScale: Float
  private var random: RandomSource
  private var updates = 0

  /// Vectors within limits, recorded episodes, and the environment's own reward, which they were paid.
  public static func requirements(_ configuration: IQLConfiguration) -> Requirements {
    Requirements(
      needs: .demonstrations, actions: .vectors, rewards: .environment, demonstrations: configuration.demonstrations,
      learnsFromFailures: true)
  }

  /// Refuses values out of their ranges.
  public static func check(_ configuration: IQLConfiguration) throws { try configuration.validate() }

  /// An agent with new networks. - Complexity: Every demonstration is stepped twice, and its rows are kept.
  ///
  /// - Throws: `UserError` for a value out of its range, a field that it cannot read, or demonstrations that are of
  ///   another environment or do not replay.
  public init(_ configuration: IQLConfiguration, in setting: AgentSetting) throws {
    try configuration.validate()
    self.configuration = configuration
    let task = try VectorTask(setting.recipe)
    self.task = task
    let hidden = configuration.hiddenLayers
    var layout = ParameterLayout()
    let network = Network("actor", task.observation, VectorTask.layers(hidden, outputs: task.count), in: &layout)
    var valueLayout = ParameterLayout()
    let valueNetwork = Network("value", task.observation, VectorTask.layers(hidden, outputs: 1), in: &valueLayout)
    (self.network, self.valueNetwork) = (network, valueNetwork)
    let (ensemble, criticLayout) = TwinCritics.make(task, hidden: hidden)
    try SizeLimit.check(
      parameters: layout.count + valueLayout.count + criticLayout.count,
      fix: "Use fewer units (--set agent.hiddenLayers=)")
    var random = RandomSource(seed: setting.seed, purpose: .initialParameters, index: 0)
    func parameters(_ network: Network, _ layout: ParameterLayout) -> Parameters {
      var parameters = Parameters(layout)
      network.initialize(&parameters, random: &random)
      return parameters
    }
    let pieceRows = configuration.pieceRows
    func scratch() -> LearnerScratch {
      LearnerScratch(task, pieceRows: pieceRows, actor: network, critics: ensemble, value: valueNetwork)
    }
    actor = Trainee("actor", parameters(network, layout), pieceRows: pieceRows, makeScratch: scratch)
    value = Trainee("value", parameters(valueNetwork, valueLayout), pieceRows: pieceRows, makeScratch: scratch)
    critics = TwinCritics(ensemble, criticLayout, task, pieceRows: pieceRows, random: &random, makeScratch: scratch)
    store = try ExperienceStore(slots: 0, size: 0, in: setting)
    let returns = setting.demonstrations!.map { abs($0.environmentReturn) }
    let mean = returns.reduce(0, +) / Double(returns.count)
    let wanted = configuration.demonstrationReturn
    rewardScale = wanted > 0 && mean > 0 ? Float(wanted / mean) : 1
    self.random = RandomSource(seed: setting.seed, purpose: .learning, index: 0)
  }

  /// Learns until the budget of updates is spent.
  ///
  /// - Throws: `UserError` when a loss is no number, and what the session throws.
  public func train(in session: TrainingSession) throws {
    let minibatch = makeMinibatch(session.specification)
    while !session.isFinished {
      let count = min(configuration.updates, session.totalSteps - session.step)
      var sums = UpdateSums()
      for _ in 0..<count {
        minibatch.draw(
          from: store, returnSteps: 1, discount: configuration.discount, hindsight: 0, random: &random)
        sums = try update(minibatch, step: session.step, workers: session.workers)
        updates += 1
      }
      session.count(steps: count, episodes: [])
      let rows = Double(minibatch.count)
      try session.endIteration(
        of: self,
        metrics: [
          Metric(.criticLoss, sums.critic / rows), Metric(.criticValue, sums.value / rows),
          Metric(.policyLoss, sums.actor / rows), Metric(.optimizerUpdates, Double(updates)),
          Metric(.optimizerLearningRate, configuration.learningRate),
        ])
    }
  }

  /// Room for the transitions of one update.
  func makeMinibatch(_ specification: Specification) -> Minibatch {
    Minibatch(configuration.batchSize, of: specification, vectors: task, goal: nil)
  }

  // MARK: An update

  /// One update of value, actor, critics and targets.
  func update(_ minibatch: Minibatch, step: Int, workers: Workers) throws(UserError) -> UpdateSums {
    let rate = configuration.learningRate
    // 1. The state's value towards an expectile of the smaller target value of what was done.
    var sums = accumulateValue(minibatch, workers)
    try value.step(learningRate: rate, at: step, losses: [("value", sums.value)], workers: workers)

    // 2. The actor towards what was done, the more the better it was.
    let acted = accumulateActor(minibatch, workers)
    try actor.step(learningRate: rate, at: step, losses: [("actor", acted.actor)], workers: workers)

    // 3. The critics towards reward + discount * value of what follows.
    let judged = accumulateCritics(minibatch, workers)
    try critics.trainee.step(learningRate: rate, at: step, losses: [("critic", judged.critic)], workers: workers)
    sums += acted
    sums += judged

    // 4. The targets a little towards the critics.
    critics.follow(configuration.targetRate)
    return sums
  }

  /// Adds up the value's gradient of `|expectile - (error < 0)| error^2`, the mean over the minibatch; its loss is in
  /// `value`.
  func accumulateValue(_ minibatch: Minibatch, _ workers: Workers) -> UpdateSums {
    let (share, expectile) = (1 / Float(minibatch.count), Float(configuration.expectile))
    return value.accumulate(rows: minibatch.count, workers: workers) { range, scratch, gradient, sums in
      judge(range, minibatch, scratch)
      for row in 0..<range.count {
        let error = TwinCritics.smaller(scratch, row) - scratch.value!.output[row]
        let weight = error < 0 ? 1 - expectile : expectile
        sums.value += Double(weight * error * error)
        scratch.value!.outputGradient[row] = -2 * weight * error * share
      }
      valueNetwork.backward(value.parameters, scratch.value!, into: &gradient)
    }
  }

  /// Adds up the actor's gradient of half the squared distance from what was done, weighted by the advantage, the mean
  /// over the minibatch.
  func accumulateActor(_ minibatch: Minibatch, _ workers: Workers) -> UpdateSums {
    let share = 1 / Float(minibatch.count)
    let (beta, most) = (Float(configuration.inverseTemperature), Float(configuration.mostWeight))
    return actor.accumulate(rows: minibatch.count, workers: workers) { range, scratch, gradient, sums in
      judge(range, minibatch, scratch)
      network.forward(actor.parameters, scratch.input, rows: range.count, scratch.actor!)
      for row in 0..<range.count {
        let advantage = TwinCritics.smaller(scratch, row) - scratch.value!.output[row]
        let weight = min(most, Float.exp(beta * advantage))
        sums.actor += scratch.imitate(row, task.count, weight: weight * share) / Double(share)
      }
      network.backward(actor.parameters, scratch.actor!, into: &gradient)
    }
  }

  /// Adds up the critics' gradient.
  func accumulateCritics(_ minibatch: Minibatch, _ workers: Workers) -> UpdateSums {
    critics.trainee.accumulate(rows: minibatch.count, workers: workers) { range, scratch, gradient, sums in
      scratch.load(range, of: minibatch.nextRows)
      let after = valueNetwork.forward(value.parameters, scratch.input, rows: range.count, scratch.value!)
      for row in 0..<range.count {
        let place = range.lowerBound + row
        scratch.targets[row] = minibatch.rewards[place] * rewardScale + minibatch.discounts[place] * after[row]
      }
      critics.regress(range, of: minibatch, scratch, &gradient, &sums)
    }
  }

  /// Target values and the state's value of what was done in some rows.
  private func judge(_ range: Range<Int>, _ minibatch: Minibatch, _ scratch: LearnerScratch) {
    scratch.load(range, of: minibatch.rows)
    critics.forward(critics.targets, rows: range.count, scratch)
    valueNetwork.forward(value.parameters, scratch.input, rows: range.count, scratch.value!)
  }

  // MARK: What has been learnt

  /// A policy of what has been learnt so far; it draws nothing.
  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy {
    VectorPolicy(task, network, .tanh, parameters: actor.parameters, slots: slots, choice: choice)
  }

  /// Takes over another run's networks and their optimizers' moments.
  public func adopt(_ state: SavedState) throws {
    try actor.adopt(state)
    try value.adopt(state)
    try critics.adopt(state)
  }

  /// Saves networks, optimizers, the stream, and the demonstrations.
  public func save(to state: inout SavedState) {
    actor.save(to: &state)
    value.save(to: &state)
    critics.save(to: &state)
    store.save(to: &state)
    state.set("updates", scalar: Int64(updates))
    state.set("random", random.words)
  }

  /// Puts all that where it was saved; the demonstrations came with the setting.
  ///
  /// - Throws: `UserError` when an entry is missing or of another shape.
  public func restore(from state: SavedState) throws {
    try actor.restore(from: state)
    try value.restore(from: state)
    try critics.restore(from: state)
    updates = Int(try state.scalar("updates", as: Int64.self))
    random = try RandomSource(words: try state.get("random", count: 5))
  }
}
