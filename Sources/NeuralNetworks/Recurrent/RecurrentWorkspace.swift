/// The activations and gradients of a `RecurrentCell` for sequences of some steps.
///
/// As `Workspace`: allocated once and reused, one for each thread.
public final class RecurrentWorkspace<Scalar: NetworkScalar>: @unchecked Sendable {
  /// The most steps times sequences of one call.
  public let capacity: Int
  /// Steps of the last forward call.
  public internal(set) var steps = 0
  /// Sequences of the last forward call.
  public internal(set) var sequences = 0
  private let units: Int
  private let inputs: Int
  private let stateCount: Int

  /// States as each step found them, those of new sequences cleared, `[steps, sequences, stateCount]`.
  let entering: UnsafeMutablePointer<Scalar>
  /// States as each step left them, `[steps, sequences, stateCount]`.
  let leaving: UnsafeMutablePointer<Scalar>
  /// `x W + b`, then the activated gates: `[steps, sequences, gates * units]`.
  let gates: UnsafeMutablePointer<Scalar>
  /// `h U + c`, and in the backward pass its gradient.
  let recurrent: UnsafeMutablePointer<Scalar>
  /// Outputs, `[steps, sequences, units]`.
  let outputs: UnsafeMutablePointer<Scalar>
  let outputGradients: UnsafeMutablePointer<Scalar>
  let inputGradients: UnsafeMutablePointer<Scalar>
  /// The gradient of the gates' inputs, `[steps, sequences, gates * units]`.
  let gateGradients: UnsafeMutablePointer<Scalar>
  /// The gradient of the states between two steps, `[sequences, stateCount]`.
  let carried: UnsafeMutablePointer<Scalar>
  /// The outputs alone of the states of one step, `[steps, sequences, units]`: rows for the products.
  let hidden: UnsafeMutablePointer<Scalar>
  /// The gradient of the outputs before one step, `[sequences, units]`.
  let hiddenGradient: UnsafeMutablePointer<Scalar>
  let starts: UnsafeMutablePointer<Bool>
  let scratch: UnsafeMutablePointer<Scalar>
  private let slab: UnsafeMutableRawPointer
  /// `U` transposed, `[gates * units, units]`: each step back multiplies by it. Made by the first backward pass.
  lazy var transposed: UnsafeMutablePointer<Scalar> = {
    hasTransposed = true
    return .allocate(capacity: width * units)
  }()
  private var hasTransposed = false
  private let width: Int

  /// - Parameters:
  ///   - steps: The most of one call where there are `sequences` of them; fewer sequences may have more steps.
  ///   - sequences: The most side by side.
  public init(_ cell: RecurrentCell, steps: Int, sequences: Int) {
    precondition(steps > 0 && sequences > 0, "a workspace for \(steps) steps of \(sequences) sequences")
    capacity = steps * sequences
    (units, inputs, stateCount, width) = (cell.units, cell.inputs, cell.stateCount, cell.width)
    let rows = capacity
    let counts = [
      rows * stateCount, rows * cell.width, rows * cell.width, rows * units, rows * units, rows * inputs,
      rows * cell.width, sequences * stateCount, rows * units, rows,
      max(productScratch(cell.width, inputs), productScratch(cell.width, units)), sequences * units,
      rows * stateCount,
    ]
    func bytes(_ count: Int) -> Int { (count * MemoryLayout<Scalar>.stride + 127) / 64 * 64 }
    let total = counts.reduce(0) { $0 + bytes($1) }
    let slab = UnsafeMutableRawPointer.allocate(byteCount: total, alignment: 64)
    slab.initializeMemory(as: UInt8.self, repeating: 0, count: total)
    self.slab = slab
    var next = slab
    func take<Element>(_ index: Int, _ type: Element.Type) -> UnsafeMutablePointer<Element> {
      defer { next += bytes(counts[index]) }
      return next.bindMemory(to: Element.self, capacity: counts[index])
    }
    entering = take(0, Scalar.self)
    gates = take(1, Scalar.self)
    recurrent = take(2, Scalar.self)
    outputs = take(3, Scalar.self)
    outputGradients = take(4, Scalar.self)
    inputGradients = take(5, Scalar.self)
    gateGradients = take(6, Scalar.self)
    carried = take(7, Scalar.self)
    hidden = take(8, Scalar.self)
    starts = take(9, Bool.self)
    scratch = take(10, Scalar.self)
    hiddenGradient = take(11, Scalar.self)
    leaving = take(12, Scalar.self)
  }

  deinit {
    slab.deallocate()
    if hasTransposed { transposed.deallocate() }
  }

  /// `[steps, sequences, units]` of the last forward call; valid as long as the workspace.
  public var output: UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(start: outputs, count: steps * sequences * units)
  }

  /// `[steps, sequences, units]`: the caller writes the gradient of the loss here before a backward call.
  public var outputGradient: UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(start: outputGradients, count: steps * sequences * units)
  }

  /// `[steps, sequences, inputs]` of the last backward call.
  public var inputGradient: UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(start: inputGradients, count: steps * sequences * inputs)
  }

  /// The states after one of the steps of the last forward call, `[sequences, stateCount]`.
  public func states(after step: Int) -> UnsafeMutableBufferPointer<Scalar> {
    precondition(step >= 0 && step < steps, "there is no step \(step) of \(steps)")
    return UnsafeMutableBufferPointer(start: leaving + step * sequences * stateCount, count: sequences * stateCount)
  }

  /// The states after the last step of the last forward call, `[sequences, stateCount]`.
  public var finalStates: UnsafeMutableBufferPointer<Scalar> { states(after: steps - 1) }
}
