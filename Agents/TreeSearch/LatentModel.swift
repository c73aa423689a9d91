import NeuralNetworks
import ReinforcementLearning

/// A world that is itself a network: a hidden layer from a latent state and an action to the next latent state, with
/// heads for the policy, the value and the reward, as MuZero plans in.
///
/// `z' = tanh([z, one-hot a] W₁ + b₁)`, `[logits, reward, value] = z' W₂ + b₂`. Nothing trains it here: it is what
/// `forage bench --search` shares with mctx.
public final class LatentModel: SearchModel {
  /// Number of actions.
  public let actions: Int
  /// Numbers of a latent state.
  public let latentWidth: Int
  private let roots: Int
  private let nodes: Int
  private let dynamics: Network
  private let heads: Network
  private var parameters: Parameters
  private let dynamicsSpace: Workspace<Float>
  private let headsSpace: Workspace<Float>
  /// Latent states, `[roots, nodes, latentWidth]`.
  private let states: UnsafeMutablePointer<Float>
  /// What the dynamics read, `[roots, latentWidth + actions]`.
  private let inputs: UnsafeMutablePointer<Float>

  /// - Parameters:
  ///   - simulations: The most simulations of a search.
  ///   - seed: For the weights, normal with deviation 1/√latentWidth, and the roots' states, standard normal.
  public init(roots: Int, simulations: Int, actions: Int, latentWidth: Int, seed: UInt64) {
    (self.roots, self.actions, self.latentWidth) = (roots, actions, latentWidth)
    nodes = simulations + 1
    var layout = ParameterLayout()
    dynamics = Network(
      "dynamics", .floats(latentWidth + actions), [.dense(latentWidth, activation: .tanh)], in: &layout)
    heads = Network("heads", .floats(latentWidth), [.dense(actions + 2)], in: &layout)
    parameters = Parameters(layout)
    dynamicsSpace = dynamics.workspace(rows: roots)
    headsSpace = heads.workspace(rows: roots)
    states = .allocate(capacity: roots * nodes * latentWidth)
    states.initialize(repeating: 0, count: roots * nodes * latentWidth)
    inputs = .allocate(capacity: roots * (latentWidth + actions))
    inputs.initialize(repeating: 0, count: roots * (latentWidth + actions))
    var random = RandomSource(seed: seed)
    let deviation = 1 / Double(latentWidth).squareRoot()
    setWeights(
      dynamics: (0..<((latentWidth + actions) * latentWidth)).map { _ in Float(random.normal() * deviation) },
      heads: (0..<(latentWidth * (actions + 2))).map { _ in Float(random.normal() * deviation) })
    for root in 0..<roots { setRoot(root, (0..<latentWidth).map { _ in Float(random.normal()) }) }
  }

  deinit {
    states.deallocate()
    inputs.deallocate()
  }

  /// - Parameters:
  ///   - dynamics: W₁, `[latentWidth + actions, latentWidth]`.
  ///   - heads: W₂, `[latentWidth, actions + 2]`: logits, reward, value.
  public func setWeights(dynamics first: [Float], heads second: [Float]) {
    parameters[parameters.layout["dynamics.0.weight"]!] = first[...]
    parameters[parameters.layout["heads.0.weight"]!] = second[...]
  }

  /// Replaces a root's latent state, `[latentWidth]`.
  public func setRoot(_ root: Int, _ state: [Float]) {
    precondition(state.count == latentWidth, "a latent state of another width")
    for (element, number) in state.enumerated() { states[root * nodes * latentWidth + element] = number }
  }

  /// The heads at the first roots' states.
  public func evaluateRoots(_ count: Int) -> SearchEvaluation {
    let input = InputRows(UnsafeRawPointer(states), stride: nodes * latentWidth * 4)
    let outputs = heads.forward(parameters, input, rows: count, headsSpace).baseAddress!
    return evaluation(outputs)
  }

  /// Steps the leaves' parents by the dynamics, in one call of each network; nothing ever ends.
  public func expand(_ leaves: UnsafeMutableBufferPointer<SearchLeaf>) -> SearchEvaluation {
    let width = latentWidth + actions
    for (row, leaf) in leaves.enumerated() {
      let target = inputs + row &* width
      target.update(from: states + (Int(leaf.root) &* nodes &+ Int(leaf.parent)) &* latentWidth, count: latentWidth)
      (target + latentWidth).update(repeating: 0, count: actions)
      target[latentWidth &+ Int(leaf.action)] = 1
    }
    let next = dynamics.forward(
      parameters, InputRows(inputs, count: width), rows: leaves.count, dynamicsSpace
    ).baseAddress!
    let outputs = heads.forward(
      parameters, InputRows(next, count: latentWidth), rows: leaves.count, headsSpace
    ).baseAddress!
    for row in 0..<leaves.count {
      let leaf = leaves[row]
      (states + (Int(leaf.root) &* nodes &+ Int(leaf.node)) &* latentWidth)
        .update(from: next + row &* latentWidth, count: latentWidth)
      leaves[row].reward = outputs[row &* (actions &+ 2) &+ actions]
      leaves[row].row = Int32(row)
    }
    return evaluation(outputs)
  }

  private func evaluation(_ outputs: UnsafeMutablePointer<Float>) -> SearchEvaluation {
    SearchEvaluation(
      logits: outputs, logitStride: actions + 2, values: outputs + actions + 1, valueStride: actions + 2)
  }
}
