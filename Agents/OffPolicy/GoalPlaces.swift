import Groundwork
import ReinforcementLearning

/// Where goals stand in the rows that a policy sees, and what they pay: what hindsight needs of an environment.
struct GoalPlaces: Sendable {
  /// Bytes from the start of the row.
  let achieved, desired: Int
  /// What a step is paid.
  let rule: GoalRule

  /// - Throws: `UserError` when rewards do not depend on a goal that the policy sees.
  init(_ recipe: EnvironmentRecipe) throws(UserError) {
    let layout = ObservationLayout(recipe.specification)
    guard let rule = recipe.goal, let achieved = layout.place(rule.fields.achieved),
      let desired = layout.place(rule.fields.desired)
    else {
      throw UserError(
        "rewards of '\(recipe.id)' do not depend on a goal that the policy sees, so that nothing can be told again",
        fix: "Use --set agent.hindsight=0, or an environment such as fetch/Reach")
    }
    guard recipe.frameStack == 1 else {
      throw UserError(
        "hindsight tells single observations again, and rows of '\(recipe.id)' show \(recipe.frameStack)",
        fix: "Use --set environment.frameStack=1, or --set agent.hindsight=0")
    }
    (self.achieved, self.desired, self.rule) = (achieved.offset, desired.offset, rule)
  }
}
