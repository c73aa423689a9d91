public import ReinforcementLearning

extension LastSwitchBandit: Drawable {
  /// What each arm would pay now, as bars, with how long it has rested or run; and what is earned a round beside the
  /// optimum, since what is best now may be better later.
  public func sketch() -> Sketch {
    let tables = plan.tables
    let now = states.indices.map { tables.pay($0, states[$0]) }
    let best = now.indices.max { now[$0] < now[$1] }
    let depth = plan.configuration.depth
    let names = states.enumerated().map { arm, state in
      let rounds = abs(state) == depth ? "\(depth)+" : "\(abs(state))"
      return "arm\(arm) \(state < 0 ? "rest" : "run") \(rounds)"
    }
    let average = tally.pulls > 0 ? BanditPicture.text(earned / Double(tally.pulls)) : "-"
    return BanditPicture(
      names: names + ["none"], arms: (now + [0]).enumerated().map { tally.row($0, mean: $1) }, best: best,
      last: lastArm >= 0 ? lastArm : nil, pulls: tally.pulls, truth: "paid if pulled now",
      captions: [
        "\(average) a round so far, "
          + (plan.optimum.map { "the optimum is \(BanditPicture.text($0))" } ?? "the optimum is not known")
      ]
    ).sketch
  }
}
