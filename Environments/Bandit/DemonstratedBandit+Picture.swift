public import ReinforcementLearning

extension DemonstratedBandit: Drawable {
  /// The arms' means as bars, what was seen of them, and beside them how often the expert chose each.
  public func sketch() -> Sketch {
    let names = means.indices.map { "arm\($0)" }
    let arms = means.indices.map { arm -> BanditPicture.Arm in
      var row = tally.row(arm, mean: Double(means[arm]))
      if shown[arm] > 0 { row.note = "shown \(Int(shown[arm]))" }
      return row
    }
    let favourite = shown.indices.max { shown[$0] < shown[$1] }!
    let expert =
      configuration.demonstrations > 0
      ? "of \(configuration.demonstrations) choices the expert showed, most are \(names[favourite])"
        + (favourite == best ? ", the best" : "; \(names[best]) is the best") : "no expert showed anything"
    return BanditPicture(
      names: names, arms: arms, best: best, last: lastArm >= 0 ? lastArm : nil, pulls: tally.pulls,
      captions: [expert, "regret so far \(BanditPicture.text(regret))"]
    ).sketch
  }
}
