import Encoders
import Groundwork
import NeuralNetworks
import ReinforcementLearning

/// Two values of an observation and an action, of which the smaller one is believed, and copies of them that follow
/// slowly: what SAC, TD3 and IQL have in common.
///
/// Source: Fujimoto et al. 2018, "Addressing Function Approximation Error in Actor-Critic Methods".
final class TwinCritics {
  let networks: Ensemble
  let trainee: Trainee<LearnerScratch>
  /// Those that follow.
  var targets: Parameters
  private let task: VectorTask

  /// The networks in a layout of their own.
  static func make(_ task: VectorTask, hidden: [Int]) -> (networks: Ensemble, layout: ParameterLayout) {
    var layout = ParameterLayout()
    let networks = Ensemble("critic", count: 2, in: &layout) { name, layout in
      Network(name, task.observationAndAction, VectorTask.layers(hidden, outputs: 1), in: &layout)
    }
    return (networks, layout)
  }

  init(
    _ networks: Ensemble, _ layout: ParameterLayout, _ task: VectorTask, pieceRows: Int, random: inout RandomSource,
    makeScratch: () -> LearnerScratch
  ) {
    self.networks = networks
    self.task = task
    var parameters = Parameters(layout)
    networks.initialize(&parameters, random: &random)
    targets = parameters
    trainee = Trainee("critics", parameters, pieceRows: pieceRows, makeScratch: makeScratch)
  }

  /// Both values of the rows that the scratch holds, each in its workspace.
  func forward(_ parameters: Parameters, rows: Int, _ scratch: LearnerScratch) {
    for (network, workspace) in zip(networks.members, scratch.critics) {
      network.forward(parameters, scratch.input, rows: rows, workspace)
    }
  }

  /// The smaller of the values of a row after `forward`.
  static func smaller(_ scratch: LearnerScratch, _ row: Int) -> Float {
    min(scratch.critics[0].output[row], scratch.critics[1].output[row])
  }

  /// The loss of both, the mean over the minibatch of `(Q - target)^2 / 2`, on some of its rows, whose targets the
  /// scratch holds.
  func regress(
    _ range: Range<Int>, of minibatch: Minibatch, _ scratch: LearnerScratch, _ gradient: inout [Float],
    _ sums: inout UpdateSums
  ) {
    scratch.load(range, of: minibatch.rows)
    forward(trainee.parameters, rows: range.count, scratch)
    let share = 1 / Float(minibatch.count)
    for (network, workspace) in zip(networks.members, scratch.critics) {
      let (output, slope) = (workspace.output, workspace.outputGradient)
      for row in 0..<range.count {
        let error = output[row] - scratch.targets[row]
        slope[row] = error * share
        sums.critic += Double(error * error) / 2
      }
      network.backward(trainee.parameters, workspace, into: &gradient)
    }
  }

  /// How the smaller value of each row changes with its action, added up over the critics by `slope`: after `forward`,
  /// `[rows, count]` in the returned buffers, one a critic, of which one is zero in each row.
  func actionSlopes(rows: Int, isFirstAlone: Bool = false, _ scratch: LearnerScratch)
    -> [UnsafeMutableBufferPointer<Float>]
  {
    let (first, second) = (scratch.critics[0], scratch.critics[1])
    let (values, others) = (first.output, second.output)
    for row in 0..<rows {
      let isFirst = isFirstAlone || values[row] <= others[row]
      first.outputGradient[row] = isFirst ? 1 : 0
      second.outputGradient[row] = isFirst ? 0 : 1
    }
    let used = isFirstAlone ? 1 : 2
    for critic in 0..<used {
      networks.members[critic].backwardInput(trainee.parameters, scratch.critics[critic])
    }
    return scratch.critics[..<used].map { $0.inputGradient(of: VectorTask.action) }
  }

  /// Moves the targets a share of the way.
  func follow(_ rate: Double) { targets.average(toward: trainee.parameters, rate: Float(rate)) }

  /// Sets what both read observations by.
  func setScaling(_ statistics: ObservationStatistics) {
    statistics.setScaling(of: networks.members, in: &trainee.parameters)
    statistics.setScaling(of: networks.members, in: &targets)
  }

  func save(to state: inout SavedState) {
    trainee.save(to: &state)
    state.set(prefix: "parameters.targets", targets.savedState())
  }

  func restore(from state: SavedState) throws(UserError) {
    try trainee.restore(from: state)
    try targets.restore(state.get(prefix: "parameters.targets"))
  }

  func adopt(_ state: SavedState) throws(UserError) {
    try trainee.adopt(state)
    try targets.adopt(state.get(prefix: "parameters.targets"))
  }
}
