/// A layer with a memory: it reads one row a step and carries a state from step to step.
///
/// Not a `Layer`, whose rows know nothing of one another: its rows are `[steps, sequences]`, and a sequence's state is
/// set to zero where it starts anew. Parameters, activations and gradients are the caller's, as everywhere here.
///
/// With a gate's input `x W + b + h U + c`, rows `x: [inputs]` and `h: [units]`:
///
///     gru:   r = sigmoid(r'), z = sigmoid(z'), n = tanh(x W_n + b_n + r (h U_n + c_n)), h <- (1 - z) n + z h
///     lstm:  i, f, o = sigmoid, g = tanh;  m <- f m + i g;  h <- o tanh(m)
///
/// Blocks: `inputWeight: [inputs, gates * units]`, `stateWeight: [units, gates * units]`, a bias of each; the gates lie
/// in the order r, z, n or i, f, g, o, which is PyTorch's.
///
/// Source: Cho et al. 2014; Hochreiter and Schmidhuber 1997; equations and biases as PyTorch's `GRU` and `LSTM`.
public struct RecurrentCell: Sendable {
  /// The gated recurrent unit (Cho et al. 2014) or the long short-term memory (Hochreiter and Schmidhuber 1997).
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case gru, lstm

    var gates: Int { self == .gru ? 3 : 4 }
  }

  /// Decides the number of gates (3 or 4) and of a state's numbers (`units` or `2 units`).
  public let kind: Kind
  /// Numbers of an input row.
  public let inputs: Int
  /// Numbers of an output row.
  public let units: Int
  let inputWeight: ParameterLayout.Block
  let stateWeight: ParameterLayout.Block
  let inputBias: ParameterLayout.Block
  let stateBias: ParameterLayout.Block

  /// Claims `NAME.inputWeight`, `NAME.stateWeight`, `NAME.inputBias` and `NAME.stateBias` in the layout.
  ///
  /// - Parameters:
  ///   - inputs: Numbers of an input row, at least 1.
  ///   - units: Numbers of an output row, at least 1.
  public init(_ name: String, _ kind: Kind, inputs: Int, units: Int, in layout: inout ParameterLayout) {
    precondition(inputs > 0 && units > 0, "the memory '\(name)' has no inputs or no units")
    (self.kind, self.inputs, self.units) = (kind, inputs, units)
    let width = kind.gates * units
    inputWeight = layout.add("\(name).inputWeight", [inputs, width])
    stateWeight = layout.add("\(name).stateWeight", [units, width])
    inputBias = layout.add("\(name).inputBias", [width])
    stateBias = layout.add("\(name).stateBias", [width])
  }

  /// Numbers of a state: the output, and in an LSTM the memory `m` after it.
  public var stateCount: Int { kind == .gru ? units : 2 * units }

  var width: Int { kind.gates * units }

  /// Draws the first values: every gate's weights orthogonal, biases zero (as CleanRL's PPO with an LSTM).
  public func initialize(_ parameters: inout Parameters, random: inout some RandomNumberGenerator) {
    for (block, rows) in [(inputWeight, inputs), (stateWeight, units)] {
      var values = [Float](repeating: 0, count: block.count)
      for gate in 0..<kind.gates {
        let drawn = Initialization.orthogonal(gain: 1).draw(rows: rows, columns: units, random: &random)
        for row in 0..<rows {
          for unit in 0..<units { values[row * width + gate * units + unit] = drawn[row * units + unit] }
        }
      }
      parameters[block] = values[...]
    }
    for block in [inputBias, stateBias] { parameters[block] = [Float](repeating: 0, count: block.count)[...] }
  }

  /// Room for sequences of up to `steps` steps, up to `sequences` of them side by side.
  public func workspace(steps: Int, sequences: Int) -> RecurrentWorkspace<Float> {
    RecurrentWorkspace(self, steps: steps, sequences: sequences)
  }

  /// Runs the sequences through all steps; `workspace.output` then holds `[steps, sequences, units]`.
  ///
  /// A sequence's output does not depend, to the last bit, on the sequences beside it or on how many steps one call
  /// has.
  ///
  /// - Parameters:
  ///   - input: `[steps, sequences, inputs]`.
  ///   - states: Before the first step, `[sequences, stateCount]`.
  ///   - starts: `[steps, sequences]`, whether a sequence starts anew before that step.
  /// - Complexity: Allocates nothing.
  public func forward(
    _ parameters: Parameters, steps: Int, sequences: Int, input: UnsafePointer<Float>, states: UnsafePointer<Float>,
    starts: UnsafePointer<Bool>, _ workspace: RecurrentWorkspace<Float>
  ) {
    parameters.values.withUnsafeBufferPointer {
      forward(
        $0.baseAddress!, steps: steps, sequences: sequences, input: input, states: states, starts: starts, workspace)
    }
  }

  /// Adds the gradient of its parameters to `gradient: [layout.count]`, from `workspace.outputGradient`, which the
  /// caller has written, and writes `workspace.inputGradient`. What came before the first step is taken as given: the
  /// gradient ends there (truncated backpropagation through time).
  ///
  /// - Parameter input: That of the forward call.
  /// - Complexity: Allocates nothing.
  public func backward(
    _ parameters: Parameters, input: UnsafePointer<Float>, _ workspace: RecurrentWorkspace<Float>,
    into gradient: inout [Float]
  ) {
    precondition(gradient.count == parameters.values.count, "the gradient has \(gradient.count) elements")
    parameters.values.withUnsafeBufferPointer { parameters in
      gradient.withUnsafeMutableBufferPointer {
        backward(parameters.baseAddress!, input: input, workspace, into: $0.baseAddress!)
      }
    }
  }
}
