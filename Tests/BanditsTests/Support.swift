import Catalog
import Groundwork
import ReinforcementLearning
import Testing

/// Mean regret, best-arm rate and more of an agent's repetitions of a bandit.
struct Repetitions {
  let evaluation: Evaluation

  /// - Parameters:
  ///   - environment: With settings in parentheses, as `--env` takes it; so the agent.
  init(_ environment: String, _ agent: String, count: Int, seed: UInt64 = 1) throws {
    let recipe = try Catalog.recipe(environment)
    let name = try NamedSettings(parsing: agent, example: "")
    let made = try Catalog.agent(name.name).recipe(changes: name.changes()).makeAgent(
      in: recipe, rewards: [RewardComponent("environment")], seed: seed)
    evaluation = try Evaluation.run(
      recipe, episodes: count, seed: seed, workers: Workers(count: 2), recording: .returns, slotsPerBatch: 64
    ) { try made.makePolicy(slots: $0, choice: .sample) }
  }

  func values(_ measure: String) -> [Double] {
    evaluation.values(ofMeasure: evaluation.measures.firstIndex { $0.name == measure }!)
  }

  func mean(_ measure: String) -> Double { values(measure).reduce(0, +) / Double(evaluation.episodes.count) }

  /// Of the mean.
  func standardError(_ measure: String) -> Double {
    let (values, mean) = (values(measure), mean(measure))
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (square / Double(values.count - 1) / Double(values.count)).squareRoot()
  }

  /// The mean curve of the regret, by pulls.
  var regret: [Int: Double] {
    Dictionary(uniqueKeysWithValues: evaluation.meanCurve(ofMeasure: 0).map { ($0.step, $0.mean) })
  }
}

/// The one line that a body throws.
func refusal(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "nothing is refused"
  } catch { return "\(error)" }
}
