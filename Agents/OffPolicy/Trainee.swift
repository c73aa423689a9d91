import Groundwork
import NeuralNetworks
import RealModule
import ReinforcementLearning

/// What the losses of an update add up over its rows, for the log and for tests.
struct UpdateSums: LossSumming {
  /// What the critics descend, and what the actor does.
  var critic = 0.0
  var actor = 0.0
  /// Values and log-probabilities of the actor's actions.
  var value = 0.0
  var logProbability = 0.0

  static func += (a: inout UpdateSums, b: UpdateSums) {
    a.critic += b.critic
    a.actor += b.actor
    a.value += b.value
    a.logProbability += b.logProbability
  }
}

/// What one thread works with on a piece of a minibatch: rows of its own, and workspaces of the networks that its
/// learner has.
final class LearnerScratch {
  /// A copy of some rows, whose actions may be replaced, `[pieceRows, stride]`.
  let rows: UnsafeMutableRawPointer
  private let stride: Int
  private let policyBytes: Int
  let actor: Workspace<Float>?
  let critics: [Workspace<Float>]
  /// Of a network of states alone.
  let value: Workspace<Float>?
  /// `[pieceRows]` each.
  let logProbabilities, targets: UnsafeMutablePointer<Float>

  init(
    _ task: VectorTask, pieceRows: Int, actor: Network? = nil, critics: Ensemble? = nil, value: Network? = nil
  ) {
    (stride, policyBytes) = (task.stride, task.layout.policyBytes)
    rows = .allocate(byteCount: pieceRows * stride + 64, alignment: 64)
    rows.initializeMemory(as: UInt8.self, repeating: 0, count: pieceRows * stride + 64)
    self.actor = actor?.workspace(rows: pieceRows)
    self.critics = critics?.workspaces(rows: pieceRows, inputGradient: true) ?? []
    self.value = value?.workspace(rows: pieceRows)
    logProbabilities = .allocate(capacity: pieceRows)
    targets = .allocate(capacity: pieceRows)
    logProbabilities.initialize(repeating: 0, count: pieceRows)
    targets.initialize(repeating: 0, count: pieceRows)
  }

  deinit {
    rows.deallocate()
    logProbabilities.deallocate()
    targets.deallocate()
  }

  /// Rows of a piece of a gradient over so many: half of them, so that two cores share it, and 32 to 128, since each
  /// further piece costs a gradient that is cleared and added up. Part of the result, unlike the workers.
  static func pieceRows(of rows: Int) -> Int { min(128, max(32, (rows / 2 + 31) / 32 * 32)) }

  /// Takes over some rows of a minibatch.
  func load(_ range: Range<Int>, of source: UnsafeMutableRawPointer) {
    rows.copyMemory(from: source + range.lowerBound * stride, byteCount: range.count * stride)
  }

  /// The rows as networks read them.
  var input: InputRows { InputRows(rows, stride: stride) }

  /// The action of a row.
  func action(_ row: Int) -> UnsafeMutablePointer<Float> {
    (rows + row * stride + policyBytes).assumingMemoryBound(to: Float.self)
  }

  /// Writes how half the squared distance of the actor's action, the tanh of its outputs, from the row's changes with
  /// the outputs, times the weight; after the actor's forward pass.
  ///
  /// - Returns: The weighted distance.
  func imitate(_ row: Int, _ count: Int, weight: Float) -> Double {
    let (outputs, slopes) = (actor!.output, actor!.outputGradient)
    let shown = action(row)
    var sum: Float = 0
    for element in 0..<count {
      let action = Float.tanh(outputs[row * count + element])
      let error = action - shown[element]
      sum += error * error
      slopes[row * count + element] = weight * error * (1 - action * action)
    }
    return Double(weight * sum) / 2
  }
}

/// The parameters of some networks, and what moves them.
final class Trainee<Scratch: AnyObject> {
  /// The first part of its arrays' names in checkpoints, after `parameters.` and `adam.`.
  let name: String
  var parameters: Parameters
  let gradient: ParallelGradient<Scratch, UpdateSums>
  private var optimizer: Adam
  /// Norm of the latest gradient.
  private(set) var gradientNorm = 0.0

  init(_ name: String, _ parameters: Parameters, pieceRows: Int, makeScratch: () -> Scratch) {
    self.name = name
    self.parameters = parameters
    optimizer = Adam(parameters.layout, epsilon: 1e-8)
    gradient = ParallelGradient(
      parameters: parameters.layout.count, lanes: 4, pieceRows: pieceRows, makeScratch: makeScratch)
  }

  /// Adds up the gradient of `rows` rows by pieces.
  func accumulate(
    rows: Int, workers: Workers,
    _ body: (_ range: Range<Int>, _ scratch: Scratch, _ gradient: inout [Float], _ sums: inout UpdateSums) -> Void
  ) -> UpdateSums {
    gradient.accumulate(rows: rows, workers: workers) { piece, scratch, gradient, sums in
      guard case .rows(let range) = piece else { return }
      body(range, scratch, &gradient, &sums)
    }
  }

  /// One step down the accumulated gradient.
  ///
  /// - Throws: `UserError` when it or a loss is no number.
  func step(
    learningRate: Double, maximumNorm: Double = 0, at step: Int, losses: [(name: String, value: Double)],
    workers: Workers
  ) throws(UserError) {
    gradientNorm = try gradient.step(
      &optimizer, &parameters, learningRate: Float(learningRate), maximumNorm: maximumNorm, at: step, losses: losses,
      workers: workers)
  }

  func save(to state: inout SavedState) {
    state.set(prefix: "parameters.\(name)", parameters.savedState())
    state.set(prefix: "adam.\(name)", optimizer.savedState())
  }

  func restore(from state: SavedState) throws(UserError) {
    try parameters.restore(state.get(prefix: "parameters.\(name)"))
    try optimizer.restore(state.get(prefix: "adam.\(name)"))
  }

  /// Takes over what another run's networks of the same form learnt.
  func adopt(_ state: SavedState) throws(UserError) {
    try parameters.adopt(state.get(prefix: "parameters.\(name)"))
    try optimizer.restore(state.get(prefix: "adam.\(name)"))
  }
}
