public import ReinforcementLearning

extension MiniInvaders: TextForm {
  /// The ship and the aliens, dead ones as None; the hint compares the ship's column with that of each living alien.
  public static func textRules(of configuration: Configuration) -> TextRules {
    TextRules(
      opening: "ship, aliens = reset()\n",
      actions: ["ship.left()\n", "reward = ship.shoot(aliens)\n", "ship.right()\n"], stateStart: "ship == C(",
      conjuncts: 2, afterReward: "for a in aliens:\n    a.descend()\n"
    ) { row in
      let ship = row.integer("ship")
      var aliens: [String] = []
      var hints: [String] = []
      for alien in 0..<2 {
        let (x, y) = (row.integer("aliens", 2 * alien), row.integer("aliens", 2 * alien + 1))
        guard x < configuration.columns else {
          aliens.append("None")
          continue
        }
        aliens.append("C(\(x), \(y))")
        let relation = ship == x ? "==" : ship < x ? "<" : ">"
        hints.append("(ship.x, aliens[\(alien)].x) == (\(ship), \(x)) and ship.x \(relation) aliens[\(alien)].x")
      }
      return .init(
        "ship == C(\(ship), 0) and aliens == [\(aliens.joined(separator: ", "))]",
        hint: hints.joined(separator: " and "))
    }
  }
}
