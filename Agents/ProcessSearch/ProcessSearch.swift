public import Groundwork
import NeuralNetworks
public import ReinforcementLearning

/// Process-guided search that trains itself (ReST-MCTS*): a tree search over partial solutions, guided by a learned
/// value of them and by a policy that proposes steps, and both networks learn from the solutions that the environment
/// verified.
///
/// Read `train` from top to bottom: draw problems, try the proposer alone on them, search them, turn the verified
/// searches into examples, learn, log. The search is in `ProcessSearcher`, the labels are in `TraceLabels`; a language
/// model takes the networks' place through `StepProposer` and `StepJudge`.
///
/// Each iteration's problems are searched before either network learns from them, so `search/success` and
/// `proposer/success` measure what the iterations before have taught (where there are few problems, some come again:
/// see `GameOf24.Problems` for a set that is held out). Searches are cut into groups by the configuration alone and
/// each problem draws from its own stream, so one worker and many give the same bits.
///
/// It needs a simulator whose steps draw nothing, discrete actions, one player, and the environment's own reward.
///
/// Source: Zhang et al., "ReST-MCTS*: LLM self-training via process reward guided tree search", NeurIPS 2024.
public final class ProcessSearch: Agent {
  /// What `agent.KEY` sets.
  public typealias Configuration = ProcessSearchConfiguration

  /// A simulator whose steps draw nothing, numbered actions, one player, and the environment's own reward.
  public static func requirements(_ configuration: ProcessSearchConfiguration) -> Requirements {
    Requirements(needs: .simulator, actions: .discrete, rewards: .environment, isDeterministic: true)
  }

  /// As it was given.
  public let configuration: ProcessSearchConfiguration
  private let simulator: Simulator
  let networks: StepNetworks
  var parameters: Parameters
  var optimizer: Adam
  var random: RandomSource
  var policyExamples: StepExamples
  var valueExamples: StepExamples
  private var lanes: [SearchLane] = []
  private(set) lazy var gradient = ParallelGradient<StepScratch, StepLosses>(
    parameters: networks.layout.count, lanes: 4, pieceRows: ProcessSearch.pieceRows(configuration.minibatch)
  ) { [networks, configuration] in
    StepScratch(networks, rows: ProcessSearch.pieceRows(configuration.minibatch))
  }

  /// An agent with untrained networks and no examples.
  ///
  /// - Throws: `UserError` for values that cannot work together.
  public init(_ configuration: ProcessSearchConfiguration, in setting: AgentSetting) throws {
    try configuration.validate()
    let (specification, seed) = (setting.specification, setting.seed)
    self.configuration = configuration
    simulator = setting.simulator!
    let layout = ObservationLayout(specification)
    try configuration.checkSizes(
      rowBytes: layout.rowBytes, snapshotBytes: setting.recipe.snapshotBytes, actions: specification.actions.count)
    networks = try StepNetworks(configuration, row: layout, actionCount: specification.actions.count)
    try SizeLimit.check(parameters: networks.layout.count, fix: "Use fewer units (--set agent.hiddenLayers=)")
    parameters = networks.initialParameters(seed: seed)
    optimizer = Adam(networks.layout)
    random = RandomSource(seed: seed, purpose: .learning, index: 0)
    policyExamples = StepExamples(layout, actions: specification.actions.count, capacity: configuration.memory)
    valueExamples = StepExamples(layout, actions: 0, capacity: configuration.memory)
  }

  /// Draws problems, searches them and learns in turns until the budget is spent; the searches' steps are the run's.
  ///
  /// - Throws: What a proposer or a judge threw, `UserError` when a loss is no number, and what the session throws.
  public func train(in session: TrainingSession) throws {
    prepare()
    while !session.isFinished {
      // 1. Problems that nobody has seen, in groups.
      let iteration = session.iteration
      let seeds = (0..<configuration.problems).map {
        RandomSource.episodeSeed(run: session.seed, slot: $0, episode: iteration)
      }
      let size = configuration.problems / configuration.batches
      for lane in lanes { lane.set(parameters) }

      // 2. The proposer alone, then the search; each lane turns its searches into examples.
      let lanes = lanes
      session.workers.perform(lanes.count) { index in
        lanes[index].run(Array(seeds[index * size..<(index + 1) * size]))
      }
      for lane in lanes { if let error = lane.error { throw error } }

      // 3. Verified traces teach the proposer, labelled partial solutions the judge.
      var tally = SearchTally()
      var records: [EpisodeRecord] = []
      for (index, lane) in lanes.enumerated() {
        tally.add(lane)
        records += lane.records(firstSlot: index * size, iteration: iteration)
        if configuration.learns { lane.giveExamples(policy: &policyExamples, value: &valueExamples, random: &random) }
      }
      policyExamples.trim()
      valueExamples.trim()
      let losses = try learn(session)

      // 4. Log; the session may evaluate, save a checkpoint, or stop.
      session.count(steps: tally.steps, episodes: records)
      try session.endIteration(of: self, metrics: tally.metrics(configuration) + losses.metrics)
    }
  }

  /// A search with what has been learnt so far, or the proposer alone where `evaluation` says so.
  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy {
    let searcher = ProcessSearcher(
      simulator.recipe, configuration: configuration, proposer: NetworkProposer(networks, parameters),
      judge: NetworkJudge(networks, parameters))
    return ProcessSearchPolicy(
      searcher, probe: simulator.makeArena(capacity: 1), slots: slots, configuration: configuration, choice: choice)
  }

  private func prepare() {
    lanes = (0..<configuration.batches).map { _ in
      SearchLane(
        simulator.recipe, configuration, NetworkProposer(networks, parameters), NetworkJudge(networks, parameters))
    }
  }

  // MARK: Saving

  /// Takes over networks and the optimizer's moments.
  public func adopt(_ state: SavedState) throws {
    try parameters.adopt(state.get(prefix: "parameters"))
    try optimizer.restore(state.get(prefix: "adam"))
  }

  /// Saves both networks' parameters, the optimizer, the stream and the examples of both kinds.
  public func save(to state: inout SavedState) {
    state.set(prefix: "parameters", parameters.savedState())
    state.set(prefix: "adam", optimizer.savedState())
    state.set("random", random.words)
    policyExamples.save(to: &state, "steps")
    valueExamples.save(to: &state, "values")
  }

  /// Puts all that where it was saved.
  ///
  /// - Throws: `UserError` when an entry is missing or of another shape.
  public func restore(from state: SavedState) throws {
    try parameters.restore(state.get(prefix: "parameters"))
    try optimizer.restore(state.get(prefix: "adam"))
    random = try RandomSource(words: try state.get("random", count: 5))
    try policyExamples.restore(from: state, "steps")
    try valueExamples.restore(from: state, "values")
  }
}
