import NeuralNetworks

/// What one thread needs to run the networks: activations and a gradient of its own.
final class ActorCriticWorkspace {
  private enum Body {
    case separate(policy: Workspace<Float>, value: Workspace<Float>)
    case shared(Workspace<Float>)
    case memory(MemoryWorkspace)
  }

  private let networks: ActorCritic
  private let body: Body
  /// Whether policy and value make the same lists of what they read.
  private let sharesLists: Bool
  /// With a memory, room for the states that a pass starts from, `[sequences, stateCount]`, and for where its rows'
  /// episodes start, `[rows]`.
  let states: UnsafeMutableBufferPointer<Float>
  let starts: UnsafeMutableBufferPointer<Bool>

  /// - Parameters:
  ///   - rows: The most rows of one pass.
  ///   - sequences: With a memory, the most of one pass side by side.
  init(_ networks: ActorCritic, rows: Int, sequences: Int = 1) {
    self.networks = networks
    states = .allocate(capacity: sequences * (networks.memory?.stateCount ?? 0))
    states.initialize(repeating: 0)
    starts = .allocate(capacity: networks.memory == nil ? 0 : rows)
    starts.initialize(repeating: false)
    switch networks.body {
    case .separate(let policy, let value):
      let (own, valueOwn) = (policy.workspace(rows: rows), value.workspace(rows: rows))
      body = .separate(policy: own, value: valueOwn)
      sharesLists = policy.reads(like: value)
      if sharesLists { valueOwn.useLists(of: own) }
      return
    case .shared(let network): body = .shared(network.workspace(rows: rows))
    case .memory(let network):
      body = .memory(network.workspace(steps: (rows + sequences - 1) / sequences, sequences: sequences))
    }
    sharesLists = false
  }

  deinit {
    states.deallocate()
    starts.deallocate()
  }

  /// Of the networks that read observations, in the order of `ActorCritic.readers`.
  var readers: [Workspace<Float>] {
    switch body {
    case .separate(let policy, let value): [policy, value]
    case .shared(let own): [own]
    case .memory(let own): [own.encoder]
    }
  }

  /// Runs all networks that know no memory.
  func forward(_ parameters: Parameters, _ input: InputRows, rows: Int) {
    switch (networks.body, body) {
    case (.separate(let policy, let value), .separate(let own, let valueOwn)):
      policy.forward(parameters, input, rows: rows, own)
      value.forward(parameters, input, rows: rows, valueOwn, isListed: sharesLists)
    case (.shared(let network), .shared(let own)): network.forward(parameters, input, rows: rows, own)
    default: preconditionFailure("a memory runs through sequences")
    }
  }

  /// Runs what gives the actions only.
  func forwardActions(_ parameters: Parameters, _ input: InputRows, rows: Int) {
    if case .separate(let policy, _) = networks.body, case .separate(let own, _) = body {
      policy.forward(parameters, input, rows: rows, own)
    } else {
      forward(parameters, input, rows: rows)
    }
  }

  /// Runs what gives the values only.
  func forwardValues(_ parameters: Parameters, _ input: InputRows, rows: Int) {
    if case .separate(_, let value) = networks.body, case .separate(_, let own) = body {
      value.forward(parameters, input, rows: rows, own)
    } else {
      forward(parameters, input, rows: rows)
    }
  }

  /// What a pass of networks with a memory gives.
  enum Answers {
    case actions, values, both

    /// The heads of `ActorCritic.Body.memory`.
    var heads: Range<Int> {
      switch self {
      case .actions: 0..<1
      case .values: 1..<2
      case .both: 0..<2
      }
    }
  }

  /// Runs networks with a memory through `steps` steps of `sequences` sequences, from `states` and `starts`, which the
  /// caller has written; see `MemoryNetwork.forward`.
  func forward(
    _ parameters: Parameters, _ input: InputRows, steps: Int, sequences: Int, giving answers: Answers
  ) {
    guard case .memory(let network) = networks.body, case .memory(let own) = body else {
      preconditionFailure("these networks have no memory")
    }
    network.forward(
      parameters, input, steps: steps, sequences: sequences, states: states.baseAddress!,
      starts: starts.baseAddress!, own, answering: answers.heads)
  }

  /// Takes in the states that the next pass starts from, `[sequences, stateCount]`.
  func setStates(_ source: UnsafePointer<Float>) {
    states.baseAddress!.update(from: source, count: states.count)
  }

  /// The states after a step of the last forward pass, `[sequences, stateCount]`.
  func states(after step: Int) -> UnsafeMutableBufferPointer<Float> {
    guard case .memory(let own) = body else { preconditionFailure("these networks have no memory") }
    return own.cell.states(after: step)
  }

  func backward(_ parameters: Parameters, into gradient: inout [Float]) {
    switch (networks.body, body) {
    case (.separate(let policy, let value), .separate(let own, let valueOwn)):
      policy.backward(parameters, own, into: &gradient)
      value.backward(parameters, valueOwn, into: &gradient)
    case (.shared(let network), .shared(let own)): network.backward(parameters, own, into: &gradient)
    case (.memory(let network), .memory(let own)): network.backward(parameters, own, into: &gradient)
    default: preconditionFailure("a workspace of other networks")
    }
  }

  /// Where the outputs of the rows of the last forward pass lie, and where their gradients are to be written.
  ///
  /// Taken once a pass: a loop over rows then runs on plain pointers.
  var rows: Rows {
    switch body {
    case .separate(let policy, let value): Rows(policy, networks.actionCount, value, networks.heads)
    case .memory(let own): Rows(own.heads[0], networks.actionCount, own.heads[1], networks.heads)
    case .shared(let own):
      Rows(
        actions: own.output.baseAddress!, actionGradients: own.outputGradient.baseAddress!,
        actionStride: networks.actionCount + networks.heads, values: own.output.baseAddress! + networks.actionCount,
        valueGradients: own.outputGradient.baseAddress! + networks.actionCount,
        valueStride: networks.actionCount + networks.heads)
    }
  }

  struct Rows {
    /// Logits or means of row `r` start at `r * actionStride`.
    let actions: UnsafeMutablePointer<Float>
    let actionGradients: UnsafeMutablePointer<Float>
    let actionStride: Int
    /// Values of row `r`, `[heads]`, start at `r * valueStride`.
    let values: UnsafeMutablePointer<Float>
    let valueGradients: UnsafeMutablePointer<Float>
    let valueStride: Int
  }
}

extension ActorCriticWorkspace.Rows {
  init(_ policy: Workspace<Float>, _ actionCount: Int, _ value: Workspace<Float>, _ heads: Int) {
    self.init(
      actions: policy.output.baseAddress!, actionGradients: policy.outputGradient.baseAddress!,
      actionStride: actionCount, values: value.output.baseAddress!, valueGradients: value.outputGradient.baseAddress!,
      valueStride: heads)
  }
}
