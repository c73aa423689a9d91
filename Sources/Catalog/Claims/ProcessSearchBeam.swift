import Experiments
import ReinforcementLearning
import Search

extension Claims {
  /// Search guided by values of partial solutions needs less than a beam: here it does not where all is proposed.
  static let processSearchBeam = Claim(
    "process-search/beam",
    source: "Zhang, Zhoubian, Hu, Yue, Dong and Tang, \"ReST-MCTS*\", NeurIPS 2024",
    statement: "With the same proposals and the same judge of partial solutions, process-guided tree search finds "
      + "solutions with fewer expansions than a beam (Tree of Thoughts' breadth-first search).",
    scaled: .init(
      seeds: 5, summary: summary("Two hundred problems a seed."),
      values: ["problems": 200, "noisePercent": 10, "beam": 5, "proposals": 6]),
    full: .init(
      seeds: 20, summary: summary("A thousand problems a seed. The paper's problems are for language models."),
      values: ["problems": 1_000, "noisePercent": 10, "beam": 5, "proposals": 6]),
    quantities: [
      ClaimQuantity("guided, all successors", unit: "expansions a problem"),
      ClaimQuantity("beam, all successors", unit: "expansions a problem"),
      ClaimQuantity("guided, few proposals", unit: "expansions a problem"),
      ClaimQuantity("beam, few proposals", unit: "expansions a problem"),
      ClaimQuantity("guided solves, all successors", unit: "solved", trials: "problems"),
      ClaimQuantity("beam solves, all successors", unit: "solved", trials: "problems"),
      ClaimQuantity("guided solves, few proposals", unit: "solved", trials: "problems"),
      ClaimQuantity("beam solves, few proposals", unit: "solved", trials: "problems"),
    ],
    figures: [
      ClaimFigure(
        "guided over beam, all successors", .ratio("guided, all successors", over: "beam, all successors")),
      ClaimFigure(
        "solved by guided minus beam, all successors",
        .difference("guided solves, all successors", minus: "beam solves, all successors"), digits: 3),
      ClaimFigure(
        "guided over beam, few proposals", .ratio("guided, few proposals", over: "beam, few proposals")),
      ClaimFigure(
        "solved by guided minus beam, few proposals",
        .difference("guided solves, few proposals", minus: "beam solves, few proposals"), digits: 3),
    ],
    criteria: [ClaimCriterion("guided over beam, all successors", .below(1))]
  ) { seed in
    var values: [String: Double] = [:]
    for (name, proposals, beam) in [("all successors", 48, seed["beam"]), ("few proposals", seed["proposals"], 36)] {
      for (order, kind) in [(ProcessSearchConfiguration.Order.guided, "guided"), (.beam, "beam")] {
        var configuration = ProcessSearchConfiguration()
        configuration.order = order
        configuration.branch = proposals
        configuration.beam = beam
        configuration.iterations = 1_000
        let results = try search(seed, configuration)
        values["\(kind), \(name)"] = mean(results.map { Double($0.expansions) })
        values["\(kind) solves, \(name)"] = mean(results.map { $0.isSolved ? 1 : 0 })
      }
    }
    return values
  }

  private static func summary(_ size: String) -> String {
    "The Game of 24 with a proposer that proposes open actions alike and a judge that knows the true value but for an "
      + "error of up to 0.1; all successors are proposed and the beam keeps five states a level, or six a state and "
      + "it keeps all. \(size)"
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// Searches a seed's problems, fifty side by side.
  private static func search(
    _ seed: ClaimSeed, _ configuration: ProcessSearchConfiguration
  ) throws -> [ProcessSearchResult] {
    let searcher = ProcessSearcher(
      try Catalog.environment("puzzle/GameOf24").recipe(), configuration: configuration, proposer: UniformProposer(),
      judge: NoisyJudge(noise: Double(seed["noisePercent"]) / 100))
    let problems = (0..<seed["problems"]).map { RandomSource.episodeSeed(run: seed.seed, slot: $0, episode: 0) }
    var results: [ProcessSearchResult] = []
    for start in stride(from: 0, to: problems.count, by: 50) {
      try seed.checkStop()
      results += try searcher.search(episodes: Array(problems[start..<min(start + 50, problems.count)]))
    }
    return results
  }
}

/// Proposes every open action alike, in a random order.
private final class UniformProposer: StepProposer {
  func propose(_ states: PartialSolutions, count: Int, temperature: Double, into proposals: inout StepProposals) {
    for state in 0..<states.count {
      let open = states.openActions(of: state)
      var actions = open.indices.filter { open[$0] }
      let probability = 1 / Float(actions.count)
      var random = RandomSource(seed: states.seed(of: state))
      random.shuffle(&actions)
      for action in actions.prefix(count) { proposals.add(.init(action: action, probability: probability), to: state) }
    }
  }
}

/// The true value of a state of the Game of 24, 0 where 24 is out of reach and else the part of the steps done, give or
/// take a uniform error that depends on the state alone.
private final class NoisyJudge: StepJudge {
  let signals = ["remaining", "solvable"]
  private let noise: Double

  init(noise: Double) { self.noise = noise }

  func score(_ states: PartialSolutions, into values: UnsafeMutableBufferPointer<Float>) {
    let solvable = states.layout.place("solvable")!
    let remaining = states.layout.place("remaining")!
    for state in 0..<states.count {
      let row = states.row(of: state)
      let value = Rollout.read(row, solvable) > 0 ? 1 - Rollout.read(row, remaining) / 3 : 0
      var random = RandomSource(seed: states.seed(of: state))
      values[state] = Float(value + random.uniform(-noise, noise))
    }
  }
}
