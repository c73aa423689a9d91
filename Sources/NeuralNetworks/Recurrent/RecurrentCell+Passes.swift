/// The two passes over the steps of some sequences, for either element type.
extension RecurrentCell {
  @_specialize(where Scalar == Float)
  func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, steps: Int, sequences: Int, input: UnsafePointer<Scalar>,
    states: UnsafePointer<Scalar>, starts: UnsafePointer<Bool>, _ workspace: RecurrentWorkspace<Scalar>
  ) {
    precondition(
      steps * sequences <= workspace.capacity,
      "\(steps) steps of \(sequences) sequences in a workspace for \(workspace.capacity)")
    (workspace.steps, workspace.sequences) = (steps, sequences)
    let rows = steps * sequences
    workspace.starts.update(from: starts, count: rows)
    // The part of the gates that waits for nobody: one product for all steps.
    Scalar.product(
      rows, width, inputs, input, parameters + inputWeight.offset, transposed: false,
      bias: parameters + inputBias.offset, accumulate: false, activation: .identity, into: workspace.gates,
      scratch: workspace.scratch)
    for step in 0..<steps {
      let first = step * sequences
      let before = step == 0 ? states : UnsafePointer(workspace.leaving + (first - sequences) * stateCount)
      for sequence in 0..<sequences {
        let state = workspace.entering + (first + sequence) * stateCount
        if starts[first + sequence] {
          state.update(repeating: 0, count: stateCount)
        } else {
          state.update(from: before + sequence * stateCount, count: stateCount)
        }
        (workspace.hidden + (first + sequence) * units).update(from: state, count: units)
      }
      Scalar.product(
        sequences, width, units, workspace.hidden + first * units, parameters + stateWeight.offset, transposed: false,
        bias: parameters + stateBias.offset, accumulate: false, activation: .identity,
        into: workspace.recurrent + first * width, scratch: workspace.scratch)
      for sequence in 0..<sequences {
        let row = first + sequence
        let (gates, recurrent) = (workspace.gates + row * width, workspace.recurrent + row * width)
        let (old, new) = (workspace.entering + row * stateCount, workspace.leaving + row * stateCount)
        switch kind {
        case .gru: stepGRU(gates, recurrent, old, new)
        case .lstm: stepLSTM(gates, recurrent, old, new)
        }
        (workspace.outputs + row * units).update(from: new, count: units)
      }
    }
  }

  @_specialize(where Scalar == Float)
  func backward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, input: UnsafePointer<Scalar>, _ workspace: RecurrentWorkspace<Scalar>,
    into gradient: UnsafeMutablePointer<Scalar>
  ) {
    let (steps, sequences) = (workspace.steps, workspace.sequences)
    let rows = steps * sequences
    workspace.carried.update(repeating: 0, count: sequences * stateCount)
    // Once for all steps: a product with few rows would spend most of its time on it.
    let transposed = workspace.transposed
    for unit in 0..<units {
      let row = parameters + stateWeight.offset + unit * width
      for gate in 0..<width { transposed[gate * units + unit] = row[gate] }
    }
    for step in (0..<steps).reversed() {
      let first = step * sequences
      for sequence in 0..<sequences {
        let row = first + sequence
        let carried = workspace.carried + sequence * stateCount
        for unit in 0..<units { carried[unit] += workspace.outputGradients[row * units + unit] }
        let (gates, recurrent) = (workspace.gates + row * width, workspace.recurrent + row * width)
        let down = workspace.gateGradients + row * width
        let old = workspace.entering + row * stateCount
        switch kind {
        case .gru: gradientGRU(gates, recurrent, old, carried, into: down)
        case .lstm: gradientLSTM(
            gates, recurrent, old, workspace.leaving + row * stateCount, carried, into: down)
        }
      }
      // What the gates owe the output before: one row a sequence, added to what passes them by.
      for sequence in 0..<sequences {
        (workspace.hiddenGradient + sequence * units).update(
          from: workspace.carried + sequence * stateCount, count: units)
      }
      Scalar.product(
        sequences, units, width, workspace.recurrent + first * width, transposed, transposed: false, bias: nil,
        accumulate: true, activation: .identity, into: workspace.hiddenGradient, scratch: workspace.scratch)
      for sequence in 0..<sequences {
        let carried = workspace.carried + sequence * stateCount
        if workspace.starts[first + sequence] {
          carried.update(repeating: 0, count: stateCount)
        } else {
          carried.update(from: workspace.hiddenGradient + sequence * units, count: units)
        }
      }
    }
    Scalar.activateBackward(
      rows, width, .identity, workspace.gates, workspace.gateGradients, sum: gradient + inputBias.offset)
    Scalar.activateBackward(
      rows, width, .identity, workspace.gates, workspace.recurrent, sum: gradient + stateBias.offset)
    Scalar.outer(
      rows, width, inputs, input, workspace.gateGradients, into: gradient + inputWeight.offset,
      scratch: workspace.scratch)
    Scalar.outer(
      rows, width, units, workspace.hidden, workspace.recurrent, into: gradient + stateWeight.offset,
      scratch: workspace.scratch)
    Scalar.product(
      rows, inputs, width, workspace.gateGradients, parameters + inputWeight.offset, transposed: true, bias: nil,
      accumulate: false, activation: .identity, into: workspace.inputGradients, scratch: workspace.scratch)
  }

  // MARK: One step of one sequence

  /// `gates` hold `x W + b` and become r, z, n; `recurrent` holds `h U + c` and stays.
  @inline(__always)
  private func stepGRU<Scalar: NetworkScalar>(
    _ gates: UnsafeMutablePointer<Scalar>, _ recurrent: UnsafePointer<Scalar>, _ old: UnsafePointer<Scalar>,
    _ new: UnsafeMutablePointer<Scalar>
  ) {
    for index in 0..<(2 * units) { gates[index] += recurrent[index] }
    Scalar.activate(2 * units, .sigmoid, gates, into: gates)
    let candidate = gates + 2 * units
    for unit in 0..<units { candidate[unit] += gates[unit] * recurrent[2 * units + unit] }
    Scalar.activate(units, .tanh, candidate, into: candidate)
    for unit in 0..<units {
      let keep = gates[units + unit]
      new[unit] = (1 - keep) * candidate[unit] + keep * old[unit]
    }
  }

  /// - Parameter carried: The gradient of the state after the step; of the state before it afterwards, without what the
  ///   gates owe it. `recurrent` becomes the gradient of `h U + c`.
  @inline(__always)
  private func gradientGRU<Scalar: NetworkScalar>(
    _ gates: UnsafePointer<Scalar>, _ recurrent: UnsafeMutablePointer<Scalar>, _ old: UnsafePointer<Scalar>,
    _ carried: UnsafeMutablePointer<Scalar>, into down: UnsafeMutablePointer<Scalar>
  ) {
    for unit in 0..<units {
      let (reset, keep, candidate) = (gates[unit], gates[units + unit], gates[2 * units + unit])
      let slope = carried[unit]
      let candidateSlope = slope * (1 - keep) * (1 - candidate * candidate)
      let keepSlope = slope * (old[unit] - candidate) * keep * (1 - keep)
      let resetSlope = candidateSlope * recurrent[2 * units + unit] * reset * (1 - reset)
      (down[unit], down[units + unit], down[2 * units + unit]) = (resetSlope, keepSlope, candidateSlope)
      (recurrent[unit], recurrent[units + unit]) = (resetSlope, keepSlope)
      recurrent[2 * units + unit] = candidateSlope * reset
      carried[unit] = slope * keep
    }
  }

  /// `gates` hold `x W + b` and become i, f, g, o.
  @inline(__always)
  private func stepLSTM<Scalar: NetworkScalar>(
    _ gates: UnsafeMutablePointer<Scalar>, _ recurrent: UnsafePointer<Scalar>, _ old: UnsafePointer<Scalar>,
    _ new: UnsafeMutablePointer<Scalar>
  ) {
    for index in 0..<(4 * units) { gates[index] += recurrent[index] }
    Scalar.activate(2 * units, .sigmoid, gates, into: gates)
    Scalar.activate(units, .tanh, gates + 2 * units, into: gates + 2 * units)
    Scalar.activate(units, .sigmoid, gates + 3 * units, into: gates + 3 * units)
    for unit in 0..<units {
      new[units + unit] = gates[units + unit] * old[units + unit] + gates[unit] * gates[2 * units + unit]
    }
    Scalar.activate(units, .tanh, new + units, into: new)
    for unit in 0..<units { new[unit] *= gates[3 * units + unit] }
  }

  /// As `gradientGRU`; `recurrent` becomes the gradient of `h U + c`, which is that of the gates' inputs.
  @inline(__always)
  private func gradientLSTM<Scalar: NetworkScalar>(
    _ gates: UnsafePointer<Scalar>, _ recurrent: UnsafeMutablePointer<Scalar>, _ old: UnsafePointer<Scalar>,
    _ new: UnsafePointer<Scalar>, _ carried: UnsafeMutablePointer<Scalar>, into down: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.activate(units, .tanh, new + units, into: recurrent)
    for unit in 0..<units {
      let (enter, forget, candidate) = (gates[unit], gates[units + unit], gates[2 * units + unit])
      let (out, squashed) = (gates[3 * units + unit], recurrent[unit])
      let slope = carried[unit]
      let memory = carried[units + unit] + slope * out * (1 - squashed * squashed)
      down[unit] = memory * candidate * enter * (1 - enter)
      down[units + unit] = memory * old[units + unit] * forget * (1 - forget)
      down[2 * units + unit] = memory * enter * (1 - candidate * candidate)
      down[3 * units + unit] = slope * squashed * out * (1 - out)
      // The output before the step reaches this one through the gates alone.
      carried[unit] = 0
      carried[units + unit] = memory * forget
    }
    recurrent.update(from: down, count: 4 * units)
  }
}
