import Groundwork
import NeuralNetworks
public import ReinforcementLearning

/// Acts by searching from every slot of one batch, guided by a network.
///
/// In a slot whose environment has an opponent inside, it searches the two-player game: the snapshot goes on without
/// the opponent, both sides' moves the search's.
public final class SearchPolicy: Policy {
  private let configuration: ExpertIterationConfiguration
  private let network: Network
  private let explores: Bool
  private let simulations: Int
  /// What the network is run with; the learner replaces it before each collection.
  var parameters: Parameters { didSet { model?.parameters = parameters } }
  private var model: SimulatorModel?
  private var search: NetworkSearch?
  private var hasOpponent = false
  /// The improved policies, `[steps, slots, actions]`, and the searches' values, `[steps, slots]`; a learner's targets.
  private(set) var policies: [Float]
  private(set) var values: [Float]
  private let keepsTargets: Bool

  /// - Parameters:
  ///   - steps: Steps whose targets are kept; 0 for none.
  ///   - explores: Whether there is noise at the root, and drawn steps at the start of an episode.
  init(
    _ configuration: ExpertIterationConfiguration, network: Network, parameters: Parameters, slots: Int, steps: Int,
    simulations: Int, explores: Bool
  ) {
    self.configuration = configuration
    self.network = network
    self.parameters = parameters
    self.simulations = simulations
    self.explores = explores
    keepsTargets = steps > 0
    policies = [Float](repeating: 0, count: steps * slots * (network.outputCount - 1))
    values = [Float](repeating: 0, count: steps * slots)
  }

  public func act(on rollout: Rollout, at time: Int, in batch: EnvironmentBatch, random: inout RandomSource) {
    let (model, search) = prepare(batch)
    let slots = batch.slots
    model.reseed(random.next())
    for slot in 0..<slots {
      let adopted = model.load(slot: slot, of: batch, root: slot, adopts: hasOpponent, random: &random)
      precondition(adopted, "\(batch.recipe.id) cannot go on without its opponent")
    }
    search.run(model, roots: slots, random: &random)
    let count = search.actionCount
    for slot in 0..<slots {
      let policy = search.policy(root: slot)
      var action = search.actions[slot]
      let elapsed = explores ? model.arena.elapsed(model.rootIndex(slot)) : .max
      if elapsed < configuration.drawnSteps { action = draw(policy, count, &random) }
      if elapsed < configuration.randomSteps && random.chance(configuration.randomRate) {
        action = uniform(rollout.mask(time: time, slot: slot), count, &random)
      }
      rollout.actions.discrete[time * slots + slot] = Int32(truncatingIfNeeded: action)
      guard keepsTargets else { continue }
      let place = time * slots + slot
      for index in 0..<count { policies[place * count + index] = policy[index] }
      values[place] = search.values[slot]
    }
  }

  /// The search is made when the batch is known: it is the batch's environment that is simulated.
  private func prepare(_ batch: EnvironmentBatch) -> (SimulatorModel, NetworkSearch) {
    if let model, let search { return (model, search) }
    let alone = batch.recipe.selfPlay
    hasOpponent = alone != nil
    let recipe = alone ?? batch.recipe
    let settings = configuration.searchSettings(
      players: recipe.specification.players, simulations: simulations, explores: explores)
    let model = SimulatorModel(
      recipe, network: network, parameters: parameters, roots: batch.slots, simulations: simulations,
      looksForWins: configuration.looksForWins)
    let search = NetworkSearch(settings, roots: batch.slots, actions: model.actions)
    (self.model, self.search) = (model, search)
    return (model, search)
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
