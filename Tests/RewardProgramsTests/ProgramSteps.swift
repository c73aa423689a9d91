import Catalog
import Groundwork
import ReinforcementLearning
import RewardPrograms

/// Steps of random play, to ask programs about.
struct ProgramSteps: @unchecked Sendable {
  let recipe: EnvironmentRecipe
  let rollout: Rollout
  private let collector: Collector

  /// Steps with all signals in their rows.
  init(_ id: String, steps: Int = 256, slots: Int = 4, seed: UInt64 = 3) throws {
    recipe = try Catalog.recipe(id)
    collector = try Collector(
      recipe: recipe, slots: slots, batches: 1, steps: steps, signals: recipe.specification.signals.map(\.name),
      seed: seed)
    var policies = [UniformPolicy(recipe.specification)]
    _ = try collector.collect(&policies, workers: Workers(count: 1))
    rollout = collector.rollouts[0]
  }

  var transitions: Transitions { Transitions(rollout) }

  func compile(_ text: String, discount: Double = 1) throws -> CompiledProgram {
    try CompiledProgram(RewardProgram(parsing: text), for: recipe.specification, discount: discount)
  }

  /// Every component's values.
  func values(of text: String, discount: Double = 1, workers: Int = 1) throws -> [[Float]] {
    let program = try compile(text, discount: discount)
    let scores = RewardScores(components: program.components.count, count: transitions.count)
    try program.evaluate(transitions, into: scores, workers: Workers(count: workers))
    return program.components.indices.map { Array(scores[$0]) }
  }

  /// An element of a field after a step, or before it.
  func read(_ name: String, _ index: Int, at element: Int = 0, before: Bool = false) -> Float {
    let row = before ? transitions.before(index) : transitions.after(index)
    return Float(Rollout.read(row, rollout.layout.place(name)!, at: element))
  }

  func text(_ name: String, _ index: Int) -> String {
    Rollout.readText(transitions.after(index), rollout.layout.place(name)!)
  }
}
