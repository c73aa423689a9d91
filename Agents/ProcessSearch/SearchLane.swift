import NeuralNetworks
import ReinforcementLearning

/// A group of problems that is searched in lockstep, and what came of it: one worker's piece of an iteration.
final class SearchLane: @unchecked Sendable {
  private let configuration: ProcessSearchConfiguration
  private let proposer: NetworkProposer
  private let judge: NetworkJudge
  private let searcher: ProcessSearcher
  private(set) var seeds: [UInt64] = []
  private(set) var results: [ProcessSearchResult] = []
  private(set) var proposed: [ProposedEpisode] = []
  /// What the proposer's own episodes cost.
  private(set) var proposerSteps = 0
  private(set) var labels: [TraceLabels] = []
  private(set) var error: (any Error)?

  init(
    _ recipe: EnvironmentRecipe, _ configuration: ProcessSearchConfiguration, _ proposer: NetworkProposer,
    _ judge: NetworkJudge
  ) {
    self.configuration = configuration
    self.proposer = proposer
    self.judge = judge
    searcher = ProcessSearcher(recipe, configuration: configuration, proposer: proposer, judge: judge)
    searcher.wantedSolutions = configuration.solutions
  }

  func set(_ parameters: Parameters) {
    proposer.parameters = parameters
    judge.parameters = parameters
  }

  func run(_ seeds: [UInt64]) {
    self.seeds = seeds
    do {
      proposed = configuration.measuresProposer ? try searcher.playProposer(episodes: seeds) : []
      proposerSteps = proposed.reduce(0) { $0 + $1.actions.count }
      results = try searcher.search(episodes: seeds)
      labels = seeds.indices.map { TraceLabels(searcher.forest, tree: $0) }
    } catch {
      self.error = error
    }
  }

  /// The episode of each problem: the solution that the search found, else what the proposer did, if it was tried.
  func records(firstSlot: Int, iteration: Int) -> [EpisodeRecord] {
    results.indices.compactMap { index in
      let answer = Int(searcher.forest.trees[index].answer)
      func record(_ actions: [Int], _ total: Float, _ success: Bool, _ outcome: Outcome) -> EpisodeRecord {
        EpisodeRecord(
          slot: firstSlot + index, time: 0, episode: iteration, seed: seeds[index], length: actions.count,
          environmentReturn: Double(total), success: success, outcome: outcome, actions: actions.map(Float.init))
      }
      if answer >= 0 {
        let node = searcher.forest[answer]
        return record(results[index].actions, node.total, node.isSolved, node.outcome)
      }
      guard index < proposed.count else { return nil }
      let episode = proposed[index]
      return record(episode.actions, episode.total, episode.isSolved, episode.outcome)
    }
  }

  /// Hands over the steps of the verified traces, and values: all verified partial solutions, and others drawn in
  /// proportion.
  func giveExamples(policy: inout StepExamples, value: inout StepExamples, random: inout RandomSource) {
    let forest = searcher.forest
    let rowBytes = forest.arena.layout.rowBytes
    for labels in labels {
      for step in labels.steps {
        policy.add(
          forest.rows + step.node * rowBytes, target: Float(step.action), legal: forest.legalActions(step.node))
      }
      var others = labels.values.filter { !$0.isVerified }
      random.shuffle(&others)
      let verified = labels.values.filter(\.isVerified)
      let wanted = Int((configuration.negatives * Double(max(1, verified.count))).rounded())
      for example in verified + others.prefix(wanted) {
        value.add(forest.rows + example.node * rowBytes, target: example.label)
      }
    }
  }
}

/// Sums over the problems of an iteration.
struct SearchTally {
  private var problems = 0
  private var solved = 0
  private var proposerSolved = 0
  private var rounds = 0
  private var expansions = 0
  private var searchSteps = 0
  private var solvedExpansions = 0
  private var solvedSteps = 0
  private var solutionLength = 0
  /// All simulator steps, the proposer's included.
  private(set) var steps = 0

  mutating func add(_ lane: SearchLane) {
    problems += lane.results.count
    proposerSolved += lane.proposed.count { $0.isSolved }
    steps += lane.proposerSteps
    for result in lane.results {
      rounds += result.rounds
      expansions += result.expansions
      searchSteps += result.steps
      steps += result.steps
      guard result.isSolved else { continue }
      solved += 1
      solvedExpansions += result.expansions
      solvedSteps += result.steps
      solutionLength += result.actions.count
    }
  }

  /// Means over problems; what says `solution` is over the solved ones.
  func metrics(_ configuration: ProcessSearchConfiguration) -> [Metric] {
    func mean(_ sum: Int, _ count: Int) -> Double { count == 0 ? 0 : Double(sum) / Double(count) }
    var metrics = [
      Metric(.searchSuccess, mean(solved, problems)), Metric(.searchRounds, mean(rounds, problems)),
      Metric(.searchExpansions, mean(expansions, problems)), Metric(.searchSteps, mean(searchSteps, problems)),
      Metric(.solutionExpansions, mean(solvedExpansions, solved)),
      Metric(.solutionSteps, mean(solvedSteps, solved)), Metric(.solutionLength, mean(solutionLength, solved)),
    ]
    if configuration.measuresProposer { metrics.append(Metric(.proposerSuccess, mean(proposerSolved, problems))) }
    return metrics
  }
}
