public import ReinforcementLearning

extension Maze: TextForm {
  /// Row and column; the hint says whether they are the goal's.
  public static func textRules(of configuration: Configuration) -> TextRules {
    TextRules(
      opening: "state, reward = reset()\n",
      actions: ["left", "down", "up", "right"].map { "state, reward = \($0)()\n" }, stateStart: "state == C("
    ) { row in
      let (i, j) = (row.integer("position", 0), row.integer("position", 1))
      return .init(
        "state == C(i=\(i), j=\(j))", hint: "state \(i == 1 && j == 0 ? "==" : "!=") C(i=1, j=0)")
    }
  }
}
