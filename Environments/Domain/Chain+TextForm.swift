public import ReinforcementLearning

extension Chain: TextForm {
  /// The state, with its distractor where there is one; the hint says whether it is the goal.
  public static func textRules(of configuration: Configuration) -> TextRules {
    TextRules(
      opening: "state = reset()\n",
      actions: ["state = left()\n", "reward = try_goal(state)\n", "state = right()\n"], stateStart: "state == ["
    ) { row in
      let (state, goal) = (row.integer("state"), configuration.goal)
      let rest = configuration.distractor ? ", \(row.integer("state", 1))]" : "]"
      return .init("state == [\(state)\(rest)", hint: "state \(state == goal ? "==" : "!=") [\(goal)\(rest)")
    }
  }
}
