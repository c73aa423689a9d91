import RealModule
import Testing

@testable import NeuralNetworks

@Suite("Memory: GRU and LSTM")
struct RecurrentTests {
  private let steps = 5
  private let sequences = 3

  /// Input, states before the first step and where sequences start anew; the second starts twice.
  private struct Material {
    var input: [Float]
    var states: [Float]
    var starts: [Bool]

    init(_ cell: RecurrentCell, steps: Int, sequences: Int) {
      var random = TestRandom(11)
      input = random.floats(steps * sequences * cell.inputs)
      states = random.floats(sequences * cell.stateCount)
      starts = (0..<(steps * sequences)).map { $0 == 1 || $0 == 2 * sequences + 1 || $0 == 3 * sequences + 2 }
    }
  }

  private func make(_ kind: RecurrentCell.Kind) -> (RecurrentCell, Parameters) {
    var layout = ParameterLayout()
    let cell = RecurrentCell("memory", kind, inputs: 4, units: 6, in: &layout)
    var parameters = Parameters(layout)
    var random = TestRandom(3)
    cell.initialize(&parameters, random: &random)
    for index in parameters.values.indices { parameters.values[index] += Float(0.2 * random.symmetric()) }
    return (cell, parameters)
  }

  /// The equations, written again with one loop for each symbol, in `Double`.
  private func reference(_ cell: RecurrentCell, _ parameters: Parameters, _ material: Material) -> [Double] {
    func value(_ name: String, _ index: Int) -> Double {
      Double(parameters.values[parameters.layout["memory.\(name)"]!.offset + index])
    }
    func sigmoid(_ x: Double) -> Double { 1 / (1 + Double.exp(-x)) }
    let (units, inputs, width) = (cell.units, cell.inputs, cell.width)
    var states = material.states.map(Double.init)
    var outputs: [Double] = []
    for step in 0..<steps {
      for sequence in 0..<sequences {
        let row = step * sequences + sequence
        var state = Array(states[sequence * cell.stateCount..<(sequence + 1) * cell.stateCount])
        if material.starts[row] { state = state.map { _ in 0 } }
        let x = material.input[row * inputs..<(row + 1) * inputs].map(Double.init)
        func fromInput(_ gate: Int, _ unit: Int) -> Double {
          let column = gate * units + unit
          return value("inputBias", column)
            + (0..<inputs).reduce(0) { $0 + x[$1] * value("inputWeight", $1 * width + column) }
        }
        func fromState(_ gate: Int, _ unit: Int) -> Double {
          let column = gate * units + unit
          return value("stateBias", column)
            + (0..<units).reduce(0) { $0 + state[$1] * value("stateWeight", $1 * width + column) }
        }
        var next = state
        for unit in 0..<units {
          if cell.kind == .gru {
            let reset = sigmoid(fromInput(0, unit) + fromState(0, unit))
            let keep = sigmoid(fromInput(1, unit) + fromState(1, unit))
            let candidate = Double.tanh(fromInput(2, unit) + reset * fromState(2, unit))
            next[unit] = (1 - keep) * candidate + keep * state[unit]
          } else {
            let gates = (0..<4).map { fromInput($0, unit) + fromState($0, unit) }
            let memory = sigmoid(gates[1]) * state[units + unit] + sigmoid(gates[0]) * Double.tanh(gates[2])
            next[units + unit] = memory
            next[unit] = sigmoid(gates[3]) * Double.tanh(memory)
          }
        }
        states.replaceSubrange(sequence * cell.stateCount..<(sequence + 1) * cell.stateCount, with: next)
        outputs += next[..<units]
      }
    }
    return outputs
  }

  @Test(
    "outputs are those of the equations, and states are cleared where a sequence starts",
    arguments: RecurrentCell.Kind.allCases)
  func equations(_ kind: RecurrentCell.Kind) {
    let (cell, parameters) = make(kind)
    let material = Material(cell, steps: steps, sequences: sequences)
    let workspace = cell.workspace(steps: steps, sequences: sequences)
    cell.forward(
      parameters, steps: steps, sequences: sequences, input: material.input, states: material.states,
      starts: material.starts, workspace)
    for (found, wanted) in zip(workspace.output, reference(cell, parameters, material)) {
      #expect(abs(Double(found) - wanted) < 2e-6)
    }
  }

  @Test("many steps in one call and one step in many calls give the same bits", arguments: RecurrentCell.Kind.allCases)
  func stepwise(_ kind: RecurrentCell.Kind) {
    let (cell, parameters) = make(kind)
    let material = Material(cell, steps: steps, sequences: sequences)
    let whole = cell.workspace(steps: steps, sequences: sequences)
    cell.forward(
      parameters, steps: steps, sequences: sequences, input: material.input, states: material.states,
      starts: material.starts, whole)
    // One sequence alone, a step a call, as a policy that acts.
    for sequence in 0..<sequences {
      let single = cell.workspace(steps: 1, sequences: 1)
      var states = Array(material.states[sequence * cell.stateCount..<(sequence + 1) * cell.stateCount])
      for step in 0..<steps {
        let row = step * sequences + sequence
        let input = Array(material.input[row * cell.inputs..<(row + 1) * cell.inputs])
        cell.forward(
          parameters, steps: 1, sequences: 1, input: input, states: states, starts: [material.starts[row]], single)
        states = Array(single.finalStates)
        #expect(Array(single.output) == Array(whole.output[row * cell.units..<(row + 1) * cell.units]))
      }
    }
  }

  @Test(
    "gradients of parameters and input are those of central differences in Double",
    arguments: RecurrentCell.Kind.allCases)
  func gradients(_ kind: RecurrentCell.Kind) {
    let (cell, parameters) = make(kind)
    let material = Material(cell, steps: steps, sequences: sequences)
    var random = TestRandom(5)
    let weights = (0..<(steps * sequences * cell.units)).map { _ in random.symmetric() }
    let workspace = RecurrentWorkspace<Double>(cell, steps: steps, sequences: sequences)
    let values = parameters.values.map(Double.init)
    let input = material.input.map(Double.init)
    let states = material.states.map(Double.init)
    func loss(_ values: [Double], _ input: [Double]) -> Double {
      cell.forward(
        values, steps: steps, sequences: sequences, input: input, states: states, starts: material.starts, workspace)
      return zip(workspace.output, weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
    _ = loss(values, input)
    for index in weights.indices { workspace.outputGradient[index] = weights[index] }
    // What is in the buffer already must be added to, not overwritten.
    var gradient = [Double](repeating: 0.25, count: values.count)
    cell.backward(values, input: input, workspace, into: &gradient)
    let inputGradient = Array(workspace.inputGradient)
    /// Central differences by each element of one of the two arrays.
    func differences(_ array: [Double], _ loss: ([Double]) -> Double) -> [Double] {
      array.indices.map { index in
        var (above, below) = (array, array)
        above[index] += 1e-5
        below[index] -= 1e-5
        return (loss(above) - loss(below)) / 2e-5
      }
    }
    let numeric = differences(values) { loss($0, input) }
    #expect(worstRelativeError(gradient.map { $0 - 0.25 }, numeric) < 1e-6)
    #expect(numeric.contains { abs($0) > 0.1 })
    #expect(worstRelativeError(inputGradient, differences(input) { loss(values, $0) }) < 1e-6)
  }

  @Test("the gradient goes through heads, memory and encoder", arguments: RecurrentCell.Kind.allCases)
  func network(_ kind: RecurrentCell.Kind) {
    var layout = ParameterLayout()
    let encoder = Network("encoder", .floats(3), [.dense(5, activation: .tanh)], in: &layout)
    let network = MemoryNetwork(
      "memory", encoder: encoder, kind, units: 4,
      heads: [("policy", [.dense(6, activation: .tanh), .dense(2)]), ("value", [.dense(1)])], in: &layout)
    var parameters = Parameters(layout)
    var random = TestRandom(21)
    network.initialize(&parameters, random: &random)
    let rows = steps * sequences
    let input = random.floats(rows * 3)
    let states = random.floats(sequences * network.stateCount)
    let starts = (0..<rows).map { $0 == 4 || $0 == 9 }
    let weights = [random.floats(rows * 2), random.floats(rows)]
    let workspace = network.workspace(steps: steps, sequences: sequences)
    func loss(_ parameters: Parameters) -> Double {
      input.withUnsafeBytes {
        network.forward(
          parameters, InputRows($0.baseAddress!, stride: 12), steps: steps, sequences: sequences, states: states,
          starts: starts, workspace)
      }
      return zip(workspace.heads, weights).reduce(0.0) { sum, pair in
        sum + zip(pair.0.output, pair.1).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      }
    }
    _ = loss(parameters)
    for (head, weights) in zip(workspace.heads, weights) {
      for index in weights.indices { head.outputGradient[index] = weights[index] }
    }
    var gradient = [Float](repeating: 0, count: layout.count)
    network.backward(parameters, workspace, into: &gradient)
    for index in stride(from: 0, to: layout.count, by: 3) {
      var (above, below) = (parameters, parameters)
      above.values[index] += 1e-2
      below.values[index] -= 1e-2
      // Single precision: the difference of two losses of about ten.
      #expect(abs(Double(gradient[index]) - (loss(above) - loss(below)) / 2e-2) < 5e-3)
    }
  }
}
