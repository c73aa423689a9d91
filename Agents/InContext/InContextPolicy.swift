import Groundwork
import LanguageModels
import RealModule
import ReinforcementLearning

/// Acts by imagined rollouts, or by what recent episodes did; at random as long as there is little to go by.
struct InContextPolicy: Policy {
  /// What it did since somebody last asked.
  struct Statistics {
    var decisions = 0
    /// Decisions that were not drawn at random.
    var informed = 0
    var count = Imagination.Count()
    /// The imagined return of the actions taken, added up.
    var value = 0.0

    mutating func add(_ other: Imagination.Count) {
      count.queries += other.queries
      count.unreadable += other.unreadable
      count.promptTokens += other.promptTokens
      count.answerTokens += other.answerTokens
    }
  }

  let configuration: InContextConfiguration
  let rules: TextRules
  /// Nil where steps are matched.
  let model: (any LanguageModel)?
  let simulator: Simulator?
  /// Whether it acts at random only where it has to.
  let isCertain: Bool
  var memory: TextMemory
  private(set) var statistics = Statistics()

  init(
    _ configuration: InContextConfiguration, in setting: AgentSetting, memory: TextMemory, isCertain: Bool = false
  ) {
    self.configuration = configuration
    guard let rules = setting.recipe.textRules else { preconditionFailure("an environment without a text form") }
    self.rules = rules
    model = configuration.predictor == .model ? setting.languageModel : nil
    simulator = setting.simulator
    self.isCertain = isCertain
    self.memory = memory
  }

  mutating func takeStatistics() -> Statistics {
    defer { statistics = Statistics() }
    return statistics
  }

  /// The probability of acting with the model grows with the episodes that show the policy: the logistic function of
  /// twice their number above `fewestEpisodes`.
  private func actsInformed(_ random: inout RandomSource) -> Bool {
    let episodes = memory.recent.count
    guard episodes > 0, memory.knowsActions(rules.actions.count) else { return false }
    // Without arg max nothing but the latest successes is to go by, so they are waited for.
    guard configuration.argMax else { return episodes >= configuration.fewestEpisodes }
    let excess = 2 * Double(episodes - configuration.fewestEpisodes)
    return isCertain || random.chance(1 / (1 + Double.exp(-excess)))
  }

  mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) throws {
    for slot in 0..<rollout.slots {
      let action: Int
      if actsInformed(&random) {
        let state = rules.state(UnsafeRawPointer(rollout.observation(time: time, slot: slot)), rollout.layout)
        action = try decide(state, slot, batch, &random)
        statistics.informed += 1
      } else {
        action = random.integer(in: 0..<rules.actions.count)
      }
      statistics.decisions += 1
      rollout.actions.discrete[time * rollout.slots + slot] = Int32(action)
    }
  }

  private mutating func decide(
    _ state: TextRules.State, _ slot: Int, _ batch: BatchView, _ random: inout RandomSource
  ) throws -> Int {
    let actions = rules.actions.count
    var imagination = Imagination(Prompts(configuration: configuration, rules: rules, memory: memory), model: model)
    guard configuration.argMax else {
      let chosen = try imagination.actions([state], random: &random)[0]
      statistics.add(imagination.count)
      return chosen ?? random.integer(in: 0..<actions)
    }
    let rollouts = ImaginedRollouts(configuration: configuration)
    let values: [Double]
    if let simulator {
      let arena = simulator.makeArena(capacity: actions)
      let row = UnsafeMutableRawPointer.allocate(byteCount: arena.layout.rowBytes, alignment: 8)
      defer { row.deallocate() }
      for action in 0..<actions {
        arena.load(slot: slot, of: batch, to: action)
        arena.reseed(action, random.next())
      }
      var world = CopiedWorld(
        arena: arena, scratch: SnapshotArena.Scratch(arena.recipe.specification), rules: rules, row: row)
      values = try rollouts.values(of: state, actions: actions, &imagination, through: &world, random: &random)
    } else {
      var world = PredictedWorld()
      values = try rollouts.values(of: state, actions: actions, &imagination, through: &world, random: &random)
    }
    statistics.add(imagination.count)
    let best = values.max()!
    let ties = values.indices.filter { values[$0] == best }
    statistics.value += best
    return ties[random.integer(in: 0..<ties.count)]
  }
}
