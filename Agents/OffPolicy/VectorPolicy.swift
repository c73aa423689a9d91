import Groundwork
import NeuralNetworks
import RealModule
import ReinforcementLearning

/// A policy of vectors for one batch: an actor's outputs made into actions within the environment's limits.
final class VectorPolicy: Policy {
  /// What an actor's outputs mean.
  enum Head {
    /// Means and logarithms of deviations of a squashed normal distribution.
    case squashedGaussian
    /// Numbers whose tanh is the action.
    case tanh
  }

  private let task: VectorTask
  private let network: Network
  private let head: Head
  private let choice: ActionChoice
  private let workspace: Workspace<Float>
  private var noise, action: [Float]
  /// What the actor is run with; the learner replaces it before each collection.
  var parameters: Parameters
  /// Whether actions are drawn uniformly, before there is anything to prefer.
  var isUniform = false
  /// The share of steps whose action is drawn uniformly all the same, 0 to 1; while experience is collected.
  var explorationShare = 0.0
  /// The deviation of the noise that is added to a `tanh`; while experience is collected.
  var explorationNoise: Float = 0
  /// Steps for which such an action is held, at least 1.
  private let hold: Int
  /// Of each slot the action that is held, within -1...1, and the steps that are left of it.
  private var held: [Float]
  private var left: [Int32]

  init(
    _ task: VectorTask, _ network: Network, _ head: Head, parameters: Parameters, slots: Int, choice: ActionChoice,
    hold: Int = 1
  ) {
    (self.task, self.network, self.head, self.choice) = (task, network, head, choice)
    self.parameters = parameters
    self.hold = hold
    workspace = network.workspace(rows: slots)
    noise = Array(repeating: 0, count: task.count)
    action = noise
    held = Array(repeating: 0, count: slots * task.count)
    left = Array(repeating: 0, count: slots)
  }

  /// Runs the actor on all slots at once and draws, or takes the middle.
  func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    let first = rollout.actions.continuous + time * rollout.slots * task.count
    if isUniform {
      for slot in 0..<rollout.slots { explore(slot, &random, into: first + slot * task.count) }
      return
    }
    let rows = InputRows(rollout.observation(time: time, slot: 0), stride: rollout.layout.rowBytes)
    let outputs = network.forward(parameters, rows, rows: rollout.slots, workspace)
    for slot in 0..<rollout.slots {
      let row = UnsafePointer(outputs.baseAddress! + slot * network.outputCount)
      if choice == .sample { for element in noise.indices { noise[element] = Float(random.normal()) } }
      choose(row)
      let target = first + slot * task.count
      if explorationShare > 0, left[slot] > 0 || random.uniform() < startOfExploring {
        explore(slot, &random, into: target)
      } else {
        task.write(action, to: target)
      }
    }
  }

  /// The probability that a step which holds no action begins with one, so that the share comes out as it should.
  private var startOfExploring: Double { explorationShare / (explorationShare + Double(hold) * (1 - explorationShare)) }

  /// The action of a row of outputs.
  private func choose(_ row: UnsafePointer<Float>) {
    switch head {
    case .squashedGaussian:
      let gaussian = SquashedGaussian(row, count: task.count)
      action.withUnsafeMutableBufferPointer { action in
        if choice == .sample {
          _ = gaussian.sample(noise: noise, into: action.baseAddress!)
        } else {
          gaussian.mode(into: action.baseAddress!)
        }
      }
    case .tanh:
      for element in 0..<task.count {
        let drawn = Float.tanh(row[element]) + (choice == .sample ? explorationNoise * noise[element] : 0)
        action[element] = min(1, max(-1, drawn))
      }
    }
  }

  /// Draws an action uniformly, or goes on with the one that is held.
  private func explore(_ slot: Int, _ random: inout RandomSource, into target: UnsafeMutablePointer<Float>) {
    if left[slot] == 0 {
      for element in 0..<task.count { held[slot * task.count + element] = 2 * random.uniformFloat() - 1 }
      left[slot] = Int32(hold)
    }
    left[slot] -= 1
    held.withUnsafeBufferPointer { task.write($0.baseAddress! + slot * task.count, to: target) }
  }

  /// Saves what is held.
  func save(to state: inout SavedState) {
    state.set("held", held)
    state.set("left", left)
  }

  /// - Throws: `UserError` when it was saved for other slots.
  func restore(from state: SavedState) throws {
    held = try state.get("held", count: held.count)
    left = try state.get("left", count: left.count)
  }
}
