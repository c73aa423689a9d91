public import Groundwork
import NeuralNetworks
import RealModule
public import ReinforcementLearning

/// Behaviour cloning: a network that does what demonstrations do, for vectors of actions. It takes no step: the budget
/// counts updates.
///
/// Read `train` from top to bottom, then `accumulate` (the loss).
///
/// Source: Pomerleau 1988, "ALVINN: An Autonomous Land Vehicle in a Neural Network"; the squared error of actions.
public final class BehaviourCloning: Agent {
  /// What `agent.KEY` sets.
  public typealias Configuration = BehaviourCloningConfiguration

  /// As it was given.
  public let configuration: BehaviourCloningConfiguration
  private let task: VectorTask
  private let network: Network
  let actor: Trainee<LearnerScratch>
  let store: ExperienceStore
  private var random: RandomSource
  private var updates = 0

  /// Vectors within limits, and recorded episodes; rewards do not matter.
  public static func requirements(_ configuration: BehaviourCloningConfiguration) -> Requirements {
    Requirements(
      needs: .demonstrations, actions: .vectors, rewards: .environment, demonstrations: configuration.demonstrations)
  }

  /// Refuses values out of their ranges.
  public static func check(_ configuration: BehaviourCloningConfiguration) throws { try configuration.validate() }

  /// An agent with a new network. - Complexity: Every demonstration is stepped twice, and its rows are kept.
  ///
  /// - Throws: `UserError` for a value out of its range, a field that it cannot read, or demonstrations that are of
  ///   another environment or do not replay.
  public init(_ configuration: BehaviourCloningConfiguration, in setting: AgentSetting) throws {
    try configuration.validate()
    self.configuration = configuration
    let task = try VectorTask(setting.recipe)
    self.task = task
    var layout = ParameterLayout()
    let network = Network(
      "actor", task.observation, VectorTask.layers(configuration.hiddenLayers, outputs: task.count), in: &layout)
    self.network = network
    try SizeLimit.check(parameters: layout.count, fix: "Use fewer units (--set agent.hiddenLayers=)")
    var random = RandomSource(seed: setting.seed, purpose: .initialParameters, index: 0)
    var parameters = Parameters(layout)
    network.initialize(&parameters, random: &random)
    let pieceRows = configuration.pieceRows
    actor = Trainee("actor", parameters, pieceRows: pieceRows) {
      LearnerScratch(task, pieceRows: pieceRows, actor: network)
    }
    store = try ExperienceStore(slots: 0, size: 0, in: setting)
    self.random = RandomSource(seed: setting.seed, purpose: .learning, index: 0)
  }

  /// Learns until the budget of updates is spent.
  ///
  /// - Throws: `UserError` when a loss is no number, and what the session throws.
  public func train(in session: TrainingSession) throws {
    let minibatch = makeMinibatch(session.specification)
    while !session.isFinished {
      let count = min(configuration.updates, session.totalSteps - session.step)
      var loss = 0.0
      for _ in 0..<count {
        minibatch.draw(from: store, returnSteps: 1, discount: 1, hindsight: 0, random: &random)
        loss = accumulate(minibatch, session.workers).actor
        try actor.step(
          learningRate: configuration.learningRate, at: session.step, losses: [("actor", loss)],
          workers: session.workers)
        updates += 1
      }
      session.count(steps: count, episodes: [])
      try session.endIteration(
        of: self,
        metrics: [
          Metric(.policyLoss, loss / Double(minibatch.count)), Metric(.optimizerUpdates, Double(updates)),
          Metric(.optimizerLearningRate, configuration.learningRate),
          Metric(.optimizerGradientNorm, actor.gradientNorm),
        ])
    }
  }

  /// Room for the transitions of one update.
  func makeMinibatch(_ specification: Specification) -> Minibatch {
    Minibatch(configuration.batchSize, of: specification, vectors: task, goal: nil)
  }

  /// Adds up the gradient of half the squared distance from the demonstrated actions, the mean over the minibatch.
  func accumulate(_ minibatch: Minibatch, _ workers: Workers) -> UpdateSums {
    let share = 1 / Float(minibatch.count)
    return actor.accumulate(rows: minibatch.count, workers: workers) { range, scratch, gradient, sums in
      scratch.load(range, of: minibatch.rows)
      network.forward(actor.parameters, scratch.input, rows: range.count, scratch.actor!)
      for row in 0..<range.count { sums.actor += scratch.imitate(row, task.count, weight: share) / Double(share) }
      network.backward(actor.parameters, scratch.actor!, into: &gradient)
    }
  }

  // MARK: What has been learnt

  /// A policy of what has been learnt so far; it draws nothing.
  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy {
    VectorPolicy(task, network, .tanh, parameters: actor.parameters, slots: slots, choice: choice)
  }

  /// Takes over another run's network and its optimizer's moments.
  public func adopt(_ state: SavedState) throws { try actor.adopt(state) }

  /// Saves network, optimizer, the stream, and the demonstrations.
  public func save(to state: inout SavedState) {
    actor.save(to: &state)
    store.save(to: &state)
    state.set("updates", scalar: Int64(updates))
    state.set("random", random.words)
  }

  /// Puts all that where it was saved; the demonstrations came with the setting.
  ///
  /// - Throws: `UserError` when an entry is missing or of another shape.
  public func restore(from state: SavedState) throws {
    try actor.restore(from: state)
    updates = Int(try state.scalar("updates", as: Int64.self))
    random = try RandomSource(words: try state.get("random", count: 5))
  }
}
