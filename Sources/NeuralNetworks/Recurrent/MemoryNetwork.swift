/// A network with a memory: an encoder reads each row, a recurrent cell carries what was read from step to step, and
/// heads answer from what the cell says.
///
/// It runs on `[steps, sequences]` rows, and in acting on one step of all slots; its gradient goes through the steps of
/// one call and ends at the first. All blocks lie in one layout.
public struct MemoryNetwork: Sendable {
  /// Reads each input row, without a memory. Settable, so that it can be told a background.
  public var encoder: Network
  /// Reads the encoder's outputs.
  public let cell: RecurrentCell
  /// Each reads the cell's output of a step; for example the policy's logits and the value.
  public let heads: [Network]

  /// Claims the cell's and the heads' blocks in the layout, in which the encoder has its own already.
  ///
  /// - Parameters:
  ///   - name: The prefix of the cell's blocks: `NAME.gru.inputWeight`.
  ///   - encoder: Its outputs are what the cell reads.
  ///   - kind: GRU or LSTM.
  ///   - units: Numbers of the cell's output, at least 1.
  ///   - heads: For each, its name and layers; they read the cell's output.
  public init(
    _ name: String, encoder: Network, _ kind: RecurrentCell.Kind, units: Int,
    heads: [(name: String, layers: [LayerDescription])], in layout: inout ParameterLayout
  ) {
    self.encoder = encoder
    cell = RecurrentCell("\(name).\(kind.rawValue)", kind, inputs: encoder.outputCount, units: units, in: &layout)
    var made: [Network] = []
    for head in heads { made.append(Network(head.name, .floats(units), head.layers, in: &layout)) }
    self.heads = made
  }

  /// Numbers of a state.
  public var stateCount: Int { cell.stateCount }

  /// Draws the first values of encoder, cell and heads, in this order.
  public func initialize(_ parameters: inout Parameters, random: inout some RandomNumberGenerator) {
    encoder.initialize(&parameters, random: &random)
    cell.initialize(&parameters, random: &random)
    for head in heads { head.initialize(&parameters, random: &random) }
  }

  /// Room for `steps` steps of `sequences` sequences; fewer sequences may have more steps.
  public func workspace(steps: Int, sequences: Int) -> MemoryWorkspace {
    MemoryWorkspace(self, steps: steps, sequences: sequences)
  }

  /// Runs encoder, cell and heads; `workspace.heads[index].output` then holds `[steps, sequences, outputs]`.
  ///
  /// - Parameters:
  ///   - input: `[steps, sequences]` rows, those of a step side by side.
  ///   - states: Before the first step, `[sequences, stateCount]`.
  ///   - starts: `[steps, sequences]`, whether a sequence starts anew before that step.
  ///   - answering: The heads that run, by number; nil: all, which a backward pass needs.
  /// - Complexity: Allocates nothing.
  public func forward(
    _ parameters: Parameters, _ input: InputRows, steps: Int, sequences: Int, states: UnsafePointer<Float>,
    starts: UnsafePointer<Bool>, _ workspace: MemoryWorkspace, answering: Range<Int>? = nil
  ) {
    let rows = steps * sequences
    let encoded = encoder.forward(parameters, input, rows: rows, workspace.encoder)
    cell.forward(
      parameters, steps: steps, sequences: sequences, input: encoded.baseAddress!, states: states, starts: starts,
      workspace.cell)
    let memories = InputRows(UnsafePointer(workspace.cell.output.baseAddress!), count: cell.units)
    for head in answering ?? heads.indices {
      heads[head].forward(parameters, memories, rows: rows, workspace.heads[head])
    }
  }

  /// Adds the gradient of all parameters to `gradient: [layout.count]`, from `workspace.heads[index].outputGradient`,
  /// which the caller has written for every head.
  /// - Complexity: Allocates nothing.
  public func backward(_ parameters: Parameters, _ workspace: MemoryWorkspace, into gradient: inout [Float]) {
    let down = workspace.cell.outputGradient
    down.update(repeating: 0)
    for (head, own) in zip(heads, workspace.heads) {
      head.backward(parameters, own, into: &gradient)
      Float.add(down.count, own.inputGradient.baseAddress!, into: down.baseAddress!)
    }
    cell.backward(parameters, input: workspace.encoder.output.baseAddress!, workspace.cell, into: &gradient)
    let encoded = workspace.encoder.outputGradient
    encoded.baseAddress!.update(from: workspace.cell.inputGradient.baseAddress!, count: encoded.count)
    encoder.backward(parameters, workspace.encoder, into: &gradient)
  }
}

/// The activations and gradients of a `MemoryNetwork`, for one thread.
public final class MemoryWorkspace: @unchecked Sendable {
  /// For `steps * sequences` rows.
  public let encoder: Workspace<Float>
  /// Holds the states after each step of the last forward call.
  public let cell: RecurrentWorkspace<Float>
  /// One a head.
  public let heads: [Workspace<Float>]

  init(_ network: MemoryNetwork, steps: Int, sequences: Int) {
    encoder = network.encoder.workspace(rows: steps * sequences)
    cell = network.cell.workspace(steps: steps, sequences: sequences)
    heads = network.heads.map { $0.workspace(rows: steps * sequences, inputGradient: true) }
  }
}
