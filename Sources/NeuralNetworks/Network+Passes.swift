/// The two passes over a workspace's buffers, for either element type.
extension Network {
  @_specialize(where Scalar == Float)
  func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ input: InputRows, rows: Int, _ workspace: Workspace<Scalar>,
    isListed: Bool = false
  ) {
    precondition(rows >= 0 && rows <= workspace.capacity, "\(rows) rows in a workspace for \(workspace.capacity)")
    workspace.rows = rows
    workspace.indexed = input.indexed
    let values = workspace.values
    var buffer = 0
    for (index, branch) in branches.enumerated() {
      branch.encoder.forward(
        parameters, input, rows: rows, lists: workspace.lists[index], isListed: isListed,
        output: index == 0 && startsSum ? values[jointBuffer] : values[buffer], scratch: workspace.scratch)
      for layer in branch.layers {
        layer.forward(
          parameters, rows, input: values[buffer], output: values[buffer + 1], scratch: workspace.scratch)
        buffer += 1
      }
      buffer += 1
    }
    if branches.count > 1 {
      combine(rows: rows, values, into: values[buffer])
      buffer += 1
    }
    for layer in layers {
      layer.forward(
        parameters, rows, input: values[buffer - 1], output: values[buffer], scratch: workspace.scratch)
      buffer += 1
    }
  }

  @_specialize(where Scalar == Float)
  func backward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ workspace: Workspace<Scalar>, into gradient: UnsafeMutablePointer<Scalar>?
  ) {
    let rows = workspace.rows
    let (values, gradients) = (workspace.values, workspace.gradients)
    /// Layers from last to first; `buffer` is that of the last one's output.
    func descend(_ layers: [any Layer], from buffer: Int, inputGradient: Bool) {
      for index in layers.indices.reversed() {
        let output = buffer - (layers.count - 1 - index)
        layers[index].backward(
          parameters, rows, input: values[output - 1], output: values[output], outputGradient: gradients[output],
          inputGradient: index > 0 || inputGradient ? gradients[output - 1] : nil, into: gradient,
          scratch: workspace.scratch)
      }
    }
    let needed = workspace.wantsInputGradient || branches.contains(where: \.hasParameters)
    descend(layers, from: values.count - 1, inputGradient: needed)
    guard needed else { return }
    var buffer = values.count - 1 - layers.count
    if branches.count > 1 {
      separate(rows: rows, gradients[buffer], into: gradients, copies: workspace.wantsInputGradient)
      buffer -= 1
    }
    for index in branches.indices.reversed() {
      let branch = branches[index]
      let embedding = branch.encoder.embedding
      descend(
        branch.layers, from: buffer,
        inputGradient: embedding != nil || workspace.wantsInputGradient)
      buffer -= branch.layers.count
      if let embedding, let gradient {
        let cells = workspace.indexed?.table(of: embedding).map { ($0.index, workspace.cellGradient(of: $0)) }
        embedding.backward(
          rows: rows, lists: workspace.lists[index],
          outputGradient:
            isPassedOn(branch, copies: workspace.wantsInputGradient) ? gradients[jointBuffer] : gradients[buffer],
          cells: cells, into: gradient)
      }
      buffer -= 1
    }
  }

  /// The buffer of the combined row, where there are several branches.
  private var jointBuffer: Int { bufferCounts.count - 1 - layers.count }

  /// Whether the first branch is encoded right into the sum.
  private var startsSum: Bool { branches.count > 1 && combination == .sum && branches[0].layers.isEmpty }

  /// Whether a branch reads the gradient of the sum where it is, rather than a copy of its own.
  private func isPassedOn(_ branch: Branch, copies: Bool) -> Bool {
    branches.count > 1 && combination == .sum && branch.layers.isEmpty && !copies
  }

  /// The branches' outputs as one row: side by side, or added.
  @inline(__always)
  private func combine<Scalar: NetworkScalar>(
    rows: Int, _ values: [UnsafeMutablePointer<Scalar>], into joint: UnsafeMutablePointer<Scalar>
  ) {
    var buffer = -1
    var column = 0
    let total = combination == .sum ? 0 : branches.reduce(0) { $0 + $1.outputCount }
    for (index, branch) in branches.enumerated() {
      buffer += branch.layers.count + 1
      let count = branch.outputCount
      switch combination {
      case .sum where index == 0:
        if !startsSum { joint.update(from: values[buffer], count: rows * count) }
      case .sum: Scalar.add(rows * count, values[buffer], into: joint)
      case .concatenation:
        for row in 0..<rows {
          (joint + row * total + column).update(from: values[buffer] + row * count, count: count)
        }
        column += count
      }
    }
  }

  /// The gradient of the combined row, handed to each branch.
  @inline(__always)
  private func separate<Scalar: NetworkScalar>(
    rows: Int, _ joint: UnsafeMutablePointer<Scalar>, into gradients: [UnsafeMutablePointer<Scalar>], copies: Bool
  ) {
    var buffer = -1
    var column = 0
    let total = branches.reduce(0) { $0 + $1.outputCount }
    for branch in branches {
      buffer += branch.layers.count + 1
      let count = branch.outputCount
      switch combination {
      case .sum:
        if !isPassedOn(branch, copies: copies) { gradients[buffer].update(from: joint, count: rows * count) }
      case .concatenation:
        for row in 0..<rows {
          (gradients[buffer] + row * count).update(from: joint + row * total + column, count: count)
        }
        column += count
      }
    }
  }
}
