import NeuralNetworks
import ReinforcementLearning

/// Recorded steps that a learner imitates as far as they turned out better than it expects:
///
///     L = mean( -c log pi(a | s) (R - V(s))+ + c_v / 2 ((R - V(s))+)^2 )
///
/// with (x)+ = max(x, 0) and R the discounted return that followed. Where the value has reached the recorded return
/// the term vanishes by itself. Not a transition buffer: nothing is ever evicted, and the caller says which steps are
/// drawn from at present.
///
/// Source: Oh et al. 2018, "Self-Imitation Learning", equations 1 to 3; Ecoffet et al. 2021 (methods, robustification)
/// on a demonstration's steps.
final class SelfImitation: @unchecked Sendable {
  /// The most steps of a minibatch.
  static let mostSteps = 256

  /// c, the weight of the policy's term.
  let coefficient: Float
  /// c_v
  let valueCoefficient: Float
  /// Steps of one minibatch.
  let batch: Int
  /// The numbers of the steps that are drawn from; none are imitated while it is empty.
  var candidates: [Int32] = []
  /// What was drawn for this minibatch.
  private(set) var order: [Int32] = []

  private let rowBytes: Int
  private let actionCount: Int
  private let isDiscrete: Bool
  private var capacity = 0
  private(set) var count = 0
  /// `[count, rowBytes]`
  private var rows: UnsafeMutableRawPointer?
  /// `[count, width]`
  private var actions: [Float] = []
  /// R, `[count]`
  private(set) var returns: [Float] = []
  /// Legal actions, `[count, actionCount]`; empty when all always are.
  private var masks: [Bool] = []

  init(
    coefficient: Double, valueCoefficient: Double, batch: Int, specification: Specification, rowBytes: Int
  ) {
    self.coefficient = Float(coefficient)
    self.valueCoefficient = Float(valueCoefficient)
    self.batch = batch
    self.rowBytes = rowBytes
    actionCount = specification.actions.count
    isDiscrete = specification.actions.isDiscrete
  }

  deinit { rows?.deallocate() }

  /// Forgets all steps.
  func removeAll() {
    count = 0
    actions.removeAll(keepingCapacity: true)
    returns.removeAll(keepingCapacity: true)
    masks.removeAll(keepingCapacity: true)
    candidates.removeAll(keepingCapacity: true)
    order.removeAll(keepingCapacity: true)
  }

  /// Adds a step, whose number is the count before it.
  ///
  /// - Parameters:
  ///   - row: The observation, `[rowBytes]`, copied.
  ///   - action: One number, or a vector's elements.
  ///   - mask: The legal actions there; nil when every action always is.
  func add(
    row: UnsafeRawPointer, action: some Collection<Float>, return value: Float,
    mask: UnsafeMutableBufferPointer<Bool>?
  ) {
    if count == capacity {
      capacity = max(256, capacity * 2)
      let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * rowBytes, alignment: 64)
      if let rows { larger.copyMemory(from: rows, byteCount: count * rowBytes) }
      rows?.deallocate()
      rows = larger
    }
    (rows! + count * rowBytes).copyMemory(from: row, byteCount: rowBytes)
    actions.append(contentsOf: action)
    returns.append(value)
    if let mask { masks.append(contentsOf: mask) }
    count += 1
  }

  /// Draws the steps of the next minibatch from the candidates, with replacement.
  func draw(_ random: inout RandomSource) {
    order.removeAll(keepingCapacity: true)
    guard !candidates.isEmpty else { return }
    for _ in 0..<batch { order.append(candidates[random.integer(in: 0..<candidates.count)]) }
  }

  /// Forward, loss and backward for some of what was drawn.
  ///
  /// - Parameter range: Places in `order`.
  func addLoss(
    _ range: Range<Int>, _ networks: ActorCritic, _ parameters: Parameters, _ workspace: ActorCriticWorkspace,
    into gradient: inout [Float]
  ) {
    guard let rows, !range.isEmpty else { return }
    order.withUnsafeBufferPointer { order in
      let input = InputRows(
        UnsafeRawPointer(rows), stride: rowBytes, indices: order.baseAddress! + range.lowerBound)
      workspace.forward(parameters, input, rows: range.count)
    }
    let outputs = workspace.rows
    let scale = 1 / Float(order.count)
    let width = isDiscrete ? 1 : actionCount
    for (row, step) in order[range].enumerated() {
      let values = outputs.values + row * outputs.valueStride
      let gradients = outputs.valueGradients + row * outputs.valueStride
      let excess = max(0, returns[Int(step)] - values[0])
      for head in 0..<networks.heads { gradients[head] = 0 }
      gradients[0] = -valueCoefficient * excess * scale
      let weight = -coefficient * excess * scale
      let logits = outputs.actions + row * outputs.actionStride
      let target = outputs.actionGradients + row * outputs.actionStride
      actions.withUnsafeBufferPointer { actions in
        let action = actions.baseAddress! + Int(step) * width
        if isDiscrete {
          let distribution = masks.withUnsafeBufferPointer { masks in
            Categorical(
              logits: UnsafeMutableBufferPointer(start: logits, count: actionCount),
              legal: masks.isEmpty ? nil : masks.baseAddress! + Int(step) * actionCount)
          }
          distribution.writeGradient(
            action: Int(action[0]), logProbabilityWeight: weight, entropyWeight: 0, into: target)
        } else {
          let offset = networks.logDeviation!.offset
          parameters.values.withUnsafeBufferPointer { parameters in
            let distribution = DiagonalGaussian(
              means: UnsafeBufferPointer(start: logits, count: actionCount),
              logDeviations: UnsafeBufferPointer(start: parameters.baseAddress! + offset, count: actionCount))
            gradient.withUnsafeMutableBufferPointer { gradient in
              distribution.writeGradient(
                action: action, logProbabilityWeight: weight, entropyWeight: 0, means: target,
                addingTo: gradient.baseAddress! + offset)
            }
          }
        }
      }
    }
    workspace.backward(parameters, into: &gradient)
  }
}
