import Groundwork
import NeuralNetworks
public import ReinforcementLearning

/// Acts by searching from every slot of one batch, guided by a network.
///
/// In a slot whose environment has an opponent inside, it searches the two-player game: the snapshot goes on without
/// the opponent, both sides' moves the search's.
public final class SearchPolicy: Policy {
  private let configuration: ExpertIterationConfiguration
  private let explores: Bool
  /// What the network is run with; the learner replaces it before each collection.
  var parameters: Parameters { didSet { model.parameters = parameters } }
  private let model: SimulatorModel
  private let search: NetworkSearch
  private let hasOpponent: Bool

  /// The search's improved policy, `[actions]`, and its value: a learner's targets.
  static let improvedPolicy = "searchPolicy"
  static let value = "searchValue"

  /// `searchPolicy` [actions], the search's improved policy, and `searchValue`, its value for the mover.
  public var outputs: [PolicyOutput] {
    [PolicyOutput(SearchPolicy.improvedPolicy, width: model.actions), PolicyOutput(SearchPolicy.value)]
  }

  /// - Parameters:
  ///   - explores: Whether there is noise at the root, and drawn steps at the start of an episode.
  init(
    _ configuration: ExpertIterationConfiguration, _ simulator: Simulator, network: Network, parameters: Parameters,
    slots: Int, simulations: Int, explores: Bool
  ) {
    self.configuration = configuration
    self.parameters = parameters
    self.explores = explores
    let alone = simulator.selfPlay
    hasOpponent = alone != nil
    let recipe = (alone ?? simulator).recipe
    model = SimulatorModel(
      recipe, network: network, parameters: parameters, roots: slots, simulations: simulations,
      looksForWins: configuration.looksForWins)
    let settings = configuration.searchSettings(
      players: recipe.specification.players, simulations: simulations, explores: explores)
    search = NetworkSearch(settings, roots: slots, actions: model.actions)
  }

  /// Searches from every slot at once and writes the actions; a state without a legal action stops the program.
  public func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    let slots = batch.slots
    model.reseed(random.next())
    for slot in 0..<slots {
      let adopted = model.load(slot: slot, of: batch, root: slot, adopts: hasOpponent, random: &random)
      precondition(adopted, "\(batch.id) cannot go on without its opponent")
    }
    search.run(model, roots: slots, random: &random)
    let count = search.actionCount
    let policies = rollout.output(SearchPolicy.improvedPolicy)
    let values = rollout.output(SearchPolicy.value)
    for slot in 0..<slots {
      let policy = search.policy(root: slot)
      var action = search.actions[slot]
      let elapsed = explores ? model.arena.elapsed(model.rootIndex(slot)) : .max
      if elapsed < configuration.drawnSteps { action = draw(policy, count, &random) }
      if elapsed < configuration.randomSteps && random.chance(configuration.randomRate) {
        action = uniform(rollout.mask(time: time, slot: slot), count, &random)
      }
      rollout.actions.discrete[time * slots + slot] = Int32(truncatingIfNeeded: action)
      guard let policies, let values else { continue }
      let place = time * slots + slot
      for index in 0..<count { policies[place * count + index] = policy[index] }
      values[place] = search.values[slot]
    }
  }

  private func uniform(_ mask: UnsafeMutableBufferPointer<Bool>?, _ count: Int, _ random: inout RandomSource) -> Int {
    guard let mask else { return random.integer(in: 0..<count) }
    var left = random.integer(in: 0..<mask.count { $0 })
    for action in 0..<count where mask[action] {
      if left == 0 { return action }
      left -= 1
    }
    preconditionFailure("a state without a legal action")
  }

  private func draw(_ policy: UnsafePointer<Float>, _ count: Int, _ random: inout RandomSource) -> Int {
    var left = random.uniformFloat()
    var last = 0
    for action in 0..<count where policy[action] > 0 {
      last = action
      left -= policy[action]
      if left < 0 { break }
    }
    return last
  }
}
