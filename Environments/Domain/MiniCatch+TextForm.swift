public import ReinforcementLearning

extension MiniCatch: TextForm {
  /// Paddle and ball; the hint compares their columns.
  public static func textRules(of configuration: Configuration) -> TextRules {
    TextRules(
      opening: "paddle, ball = reset()\n",
      actions: ["left", "stay", "right"].map { "reward = paddle.\($0)()\nball.descend()\n" },
      stateStart: "paddle == C(", conjuncts: 2
    ) { row in
      let (paddle, x, y) = (row.integer("paddle"), row.integer("ball", 0), row.integer("ball", 1))
      let relation = paddle == x ? "==" : paddle > x ? ">" : "<"
      return .init(
        "paddle == C(\(paddle), 0) and ball == C(\(x), \(y))",
        hint: "paddle.x == \(paddle) and ball.x == \(x) and paddle.x \(relation) ball.x and ball.y == \(y)")
    }
  }
}
