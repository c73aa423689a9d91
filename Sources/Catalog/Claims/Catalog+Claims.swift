public import Experiments
public import Groundwork
import ReinforcementLearning

extension Catalog {
  /// Every claim that `forage reproduce` tests; another one costs its own file and one line here.
  public static let claims: [Claim] = [
    Claims.cellSelection,
    Claims.robustification,
    Claims.gumbelImprovement,
    Claims.gumbelMixedValue,
    Claims.shapingInvariance,
    Claims.misleadingPotential,
    Claims.programmedDoorKey,
    Claims.programmedKeyCorridor,
    Claims.eureka,
    Claims.messageLabels,
    Claims.preferenceReturns,
    Claims.preferenceReach,
    Claims.preferenceEnsembles,
    Claims.preferenceSelection,
    Claims.preferenceAspects,
    Claims.processSearchBeam,
    Claims.banditPrograms,
    Claims.banditEvolve,
    Claims.banditDPT,
    Claims.dynamicalBandit,
    Claims.dynamicalOthers,
    Claims.lastSwitchPlanner,
    Claims.lastSwitchLearner,
    Claims.switchingCosts,
    Claims.duelingBandit,
    Claims.informedThompson,
    Claims.fairBandit,
    Claims.rankedDescent,
    Claims.hindsightRatings,
    Claims.inContextRegret,
    Claims.inContextMatching,
    Claims.inContextBalance,
    Claims.gameCopies,
    Claims.gameDescent,
    Claims.randomPlayer,
    Claims.randomPlayerWithAllKeys,
  ]

  /// The claim of that id, upper and lower case alike.
  ///
  /// - Throws: `UserError` with the nearest ids.
  public static func claim(_ id: String) throws(UserError) -> Claim {
    if let found = claims.first(where: { $0.id == id.lowercased() }) { return found }
    let hint = "`forage reproduce --list` shows all"
    // A name without its subject is enough when only one subject has it.
    let bare = claims.filter { $0.id.split(separator: "/").last.map(String.init) == id.lowercased() }
    if bare.count == 1 { return bare[0] }
    throw UserError.unknown("claim", id, among: claims.map(\.id), hint: hint)
  }
}

/// The claims, one a file.
enum Claims {}

extension ClaimSeed {
  /// Trains what a configuration asks for, evaluated at the end only unless it says more.
  ///
  /// - Parameters:
  ///   - name: Of the training's directory.
  ///   - environment: An id with settings in parentheses where it has some; so the agent.
  ///   - steps: Budget in environment steps.
  ///   - seed: Of the run; the seed's own by default.
  ///   - run: Changes to the run's settings.
  ///   - demonstrations: A file or directory that the agent's demonstrations are read from.
  func train(
    _ name: String, in environment: String, by agent: String, reward: String = "environment", steps: Int,
    seed: UInt64? = nil, run: JSON = .object([:]), demonstrations: String? = nil
  ) throws -> ClaimTraining {
    var request = RunConfiguration()
    request.environment = environment
    request.agent = agent
    request.reward = reward
    request.runChanges = JSON.object(["evaluations": 0]).overlaid(with: run)
    request.setRun("steps", .integer(steps))
    request.setRun("seed", JSON(encoding: seed ?? self.seed))
    // Not in the parentheses of the agent's name: a path may hold any character.
    if let demonstrations { request.agentChanges = ["demonstrations": .string(demonstrations)] }
    return try train(name, try Catalog.plan(request))
  }
}
