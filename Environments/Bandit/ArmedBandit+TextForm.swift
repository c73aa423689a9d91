public import ReinforcementLearning

extension ArmedBandit: TextForm {
  /// What was chosen last: a bandit has no other state.
  public static func textRules(of plan: Plan) -> TextRules {
    TextRules(
      opening: "# choose one of \(plan.names.count)\nlast = None\n",
      actions: plan.names.map { "reward = choose('\($0)')\n" },
      stateStart: "last == "
    ) { row in
      let arm = row.integer("lastArm")
      return .init("last == " + (arm < plan.names.count ? "'\(plan.names[arm])'" : "None"))
    }
  }
}
