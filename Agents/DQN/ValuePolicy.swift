import Groundwork
import NeuralNetworks
import ReinforcementLearning

/// Takes the legal action that a network values most, or now and then any.
final class ValuePolicy: Policy {
  private let network: Network
  private let workspace: Workspace<Float>
  /// What the network is run with; the learner replaces it before each collection.
  var parameters: Parameters
  /// How often an action is drawn at random, 0 to 1.
  var exploration: Double

  init(_ network: Network, parameters: Parameters, slots: Int, exploration: Double) {
    self.network = network
    self.parameters = parameters
    self.exploration = exploration
    workspace = network.workspace(rows: slots)
  }

  /// The legal action of the largest value, the first of several.
  static func best(_ values: UnsafePointer<Float>, _ count: Int, legal: UnsafePointer<Bool>?) -> Int {
    var best = -1
    for action in 0..<count where legal?[action] ?? true {
      if best < 0 || values[action] > values[best] { best = action }
    }
    return max(0, best)
  }

  /// Runs the network on all slots at once.
  func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    let rows = InputRows(rollout.observation(time: time, slot: 0), stride: rollout.layout.rowBytes)
    let count = rollout.actionCount
    let values = network.forward(parameters, rows, rows: rollout.slots, workspace).baseAddress!
    for slot in 0..<rollout.slots {
      let mask = rollout.mask(time: time, slot: slot)
      var action = Self.best(values + slot * count, count, legal: mask.map { UnsafePointer($0.baseAddress!) })
      if random.chance(exploration) {
        var left = random.integer(in: 0..<max(1, mask?.count { $0 } ?? count))
        action = (0..<count).first { candidate in
          guard mask?[candidate] ?? true else { return false }
          left -= 1
          return left < 0
        } ?? 0
      }
      rollout.actions.discrete[time * rollout.slots + slot] = Int32(action)
    }
  }

  /// The largest value of the state.
  func thought(on rollout: Rollout, at time: Int, slot: Int) -> PolicyThought? {
    let values = workspace.output[slot * rollout.actionCount..<(slot + 1) * rollout.actionCount]
    return PolicyThought(probabilities: [], value: values.max())
  }
}
