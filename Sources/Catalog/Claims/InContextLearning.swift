import Experiments
import Groundwork
import RealModule
import ReinforcementLearning

extension Claims {
  private static let brooks =
    "Brooks, Walls, Lewis and Singh, \"Large Language Models can Implement Policy Iteration\", 2023"
  private static let domains = [
    "Chain", "DistractorChain", "Maze", "MiniCatch", "MiniInvaders", "PointMass",
  ]
  private static let size =
    "500 steps in each of the paper's six domains, with the model that this program has in it in the place of Codex; "
    + "the normalised regret is what was lost to the best possible discounted return (0.8), over all that was to be "
    + "had, of the episodes that end in the last 100 steps."
  private static let windows = ["1 to 100", "101 to 200", "201 to 300", "301 to 400", "401 to 500"]

  /// The policy improves inside the context.
  static let inContextRegret = Claim(
    "icpi/regret", source: brooks,
    statement: "Without any training in-context policy iteration comes within a tenth of the best return in at least "
      + "four of the six domains.",
    scaled: .init(seeds: 5, summary: size, values: ["steps": 500]),
    full: .init(seeds: 20, summary: size, values: ["steps": 500]),
    quantities: [ClaimQuantity("fourth best of the six", unit: "normalised regret")]
      + domains.flatMap { domain in
        windows.map { ClaimQuantity("\(domain), steps \($0)", unit: "normalised regret") }
      },
    figures: [ClaimFigure("fourth best regret", .mean(of: "fourth best of the six"), digits: 3)]
      + domains.flatMap { domain in
        windows.map { ClaimFigure("\(domain), steps \($0)", .mean(of: "\(domain), steps \($0)"), digits: 3) }
      },
    criteria: [ClaimCriterion("fourth best regret", .below(0.1))]
  ) { seed in
    var values: [String: Double] = [:]
    var last: [Double] = []
    for domain in domains {
      let regrets = try seed.inContextRegret("icpi", in: domain)
      for (window, regret) in zip(windows, regrets) { values["\(domain), steps \(window)"] = regret }
      last.append(regrets.last!)
    }
    values["fourth best of the six"] = last.sorted()[3]
    return values
  }

  /// A model generalises; a table of steps does not.
  static let inContextMatching = Claim(
    "icpi/matching", source: brooks,
    statement: "In-context policy iteration loses less with a model that generalises than with one that looks up the "
      + "latest equal step, in five of the six domains, the distractor chain and point-mass among them.",
    scaled: .init(seeds: 5, summary: size, values: ["steps": 500]),
    full: .init(seeds: 20, summary: size, values: ["steps": 500]),
    quantities: [ClaimQuantity("fifth largest advantage", unit: "normalised regret, matching less model")]
      + domains.flatMap { domain in
        ["model", "matching", "optimistic-q"].map {
          ClaimQuantity("\(domain), \($0)", unit: "normalised regret")
        }
      },
    figures: [ClaimFigure("fifth largest advantage", .mean(of: "fifth largest advantage"), digits: 3)]
      + domains.map {
        ClaimFigure("\($0), matching less model", .difference("\($0), matching", minus: "\($0), model"), digits: 3)
      }
      + domains.map { ClaimFigure("\($0), optimistic-q", .mean(of: "\($0), optimistic-q"), digits: 3) },
    criteria: [
      ClaimCriterion("fifth largest advantage", .above(0)),
      ClaimCriterion("DistractorChain, matching less model", .above(0)),
      ClaimCriterion("PointMass, matching less model", .above(0)),
    ]
  ) { seed in
    var values: [String: Double] = [:]
    var advantages: [Double] = []
    for domain in domains {
      for (name, agent) in [
        ("model", "icpi"), ("matching", "icpi(predictor=matching)"), ("optimistic-q", "optimistic-q"),
      ] {
        values["\(domain), \(name)"] = try seed.inContextRegret(agent, in: domain).last!
      }
      advantages.append(values["\(domain), matching"]! - values["\(domain), model"]!)
    }
    values["fifth largest advantage"] = advantages.sorted(by: >)[4]
    return values
  }

  /// Rare ends and rewards must be shown as often as common ones.
  static let inContextBalance = Claim(
    "icpi/balance", source: brooks,
    statement: "Prompts that show each end and each reward as often make in-context policy iteration lose less than "
      + "prompts that show them as often as they happened.",
    scaled: .init(seeds: 5, summary: size, values: ["steps": 500]),
    full: .init(seeds: 20, summary: size, values: ["steps": 500]),
    quantities: [
      ClaimQuantity("balanced", unit: "normalised regret, mean of the six"),
      ClaimQuantity("as it happened", unit: "normalised regret, mean of the six"),
    ]
      + domains.flatMap { domain in
        ["balanced", "as it happened"].map { ClaimQuantity("\(domain), \($0)", unit: "normalised regret") }
      },
    figures: [ClaimFigure("lost without balance", .difference("as it happened", minus: "balanced"), digits: 3)]
      + domains.map {
        ClaimFigure(
          "\($0), lost without balance", .difference("\($0), as it happened", minus: "\($0), balanced"), digits: 3)
      },
    criteria: [ClaimCriterion("lost without balance", .above(0))]
  ) { seed in
    var values: [String: Double] = ["balanced": 0, "as it happened": 0]
    for domain in domains {
      for (name, agent) in [("balanced", "icpi"), ("as it happened", "icpi(balances=false)")] {
        let regret = try seed.inContextRegret(agent, in: domain).last!
        values["\(domain), \(name)"] = regret
        values[name]! += regret / Double(domains.count)
      }
    }
    return values
  }
}

extension ClaimSeed {
  /// What an agent loses in one of ICPI's domains, in five windows of its steps.
  fileprivate func inContextRegret(_ agent: String, in domain: String) throws -> [Double] {
    try checkStop()
    var request = RunConfiguration()
    request.environment = "domain/\(domain)"
    request.agent = agent
    request.setRun("steps", .integer(self["steps"]))
    request.setRun("seed", JSON(encoding: seed))
    let plan = try Catalog.plan(request)
    let losses = EpisodeLosses(plan.environment, check: checkStop)
    let session = TrainingSession(
      recipe: plan.environment, rewardModel: try plan.makeRewardDesign(), totalSteps: self["steps"], seed: seed,
      workers: Workers(count: 1), signals: plan.signals, observer: losses)
    try plan.makeAgent().train(in: session)
    return losses.regrets(windows: 5, of: self["steps"])
  }
}

/// The best and the actual discounted return of every episode of a training in one of ICPI's domains.
private final class EpisodeLosses: TrainingObserver {
  private static let discount = 0.8
  private let recipe: EnvironmentRecipe
  private let arena: SnapshotArena
  private let scratch: SnapshotArena.Scratch
  private let row: UnsafeMutableRawPointer
  private let check: () throws -> Void
  private var episodes: [(step: Int, best: Double, lost: Double)] = []

  init(_ recipe: EnvironmentRecipe, check: @escaping () throws -> Void) {
    self.recipe = recipe
    self.check = check
    arena = recipe.makeArena(capacity: 16, fields: ["distance"])
    scratch = SnapshotArena.Scratch(recipe.specification)
    row = .allocate(byteCount: arena.layout.rowBytes, alignment: 8)
  }

  deinit { row.deallocate() }

  func iterationEnded(_ report: IterationReport, agent: any Agent, save: () -> SavedState) throws -> Bool {
    try check()
    for episode in report.episodes {
      arena.start(0, seed: episode.seed)
      let best = best(0)
      arena.start(0, seed: episode.seed)
      var found = 0.0
      var factor = 1.0
      for action in episode.actions {
        found += factor * Double(arena.advance(0, to: 0, action: Int(action), scratch).reward)
        factor *= EpisodeLosses.discount
      }
      episodes.append((report.step, best, best - found))
    }
    return true
  }

  /// The best discounted return from the start that a snapshot stands at: exact, by the domain.
  private func best(_ start: Int) -> Double {
    arena.observe(start, into: row)
    let distance = Rollout.read(row, arena.layout.place("distance")!)
    switch recipe.id {
    case "domain/MiniCatch": return .pow(EpisodeLosses.discount, 4)
    case "domain/MiniInvaders": return search(start)
    case "domain/PointMass": return .pow(EpisodeLosses.discount, 2 * distance.squareRoot().rounded(.up))
    default: return .pow(EpisodeLosses.discount, distance)
    }
  }

  /// The best of all ways, 3 to the power of 6 at most.
  private func search(_ depth: Int) -> Double {
    (0..<recipe.specification.actions.count).map { action in
      let transition = arena.advance(depth, to: depth + 1, action: action, scratch)
      let rest = transition.outcome == .running ? search(depth + 1) : 0
      return Double(transition.reward) + EpisodeLosses.discount * rest
    }.max()!
  }

  /// By window of steps, what was lost of what was to be had; 1 where no episode ended.
  func regrets(windows: Int, of steps: Int) -> [Double] {
    (0..<windows).map { window in
      let range = window * steps / windows..<(window + 1) * steps / windows
      let ended = episodes.filter { range.contains($0.step - 1) }
      let best = ended.reduce(0) { $0 + $1.best }
      return best > 0 ? ended.reduce(0) { $0 + $1.lost } / best : 1
    }
  }
}
