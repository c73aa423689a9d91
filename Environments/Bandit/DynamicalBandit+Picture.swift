public import ReinforcementLearning

extension DynamicalBandit: Drawable {
  /// What each arm pays when it is held, as bars, what it has paid so far, and the hidden state.
  public func sketch() -> Sketch {
    let held = plan.arms.map { arm in zip(arm, plan.steady).reduce(0) { $0 + $1.0 * $1.1 } }
    let fromState = zip(plan.output, mean).reduce(0) { $0 + $1.0 * $1.1 }
    return BanditPicture(
      names: plan.names,
      arms: held.indices.map { tally.row($0, mean: held[$0]) }, best: plan.best, last: lastArm >= 0 ? lastArm : nil,
      pulls: tally.pulls, truth: "paid when held",
      captions: [
        "hidden state " + mean.map { BanditPicture.text($0) }.joined(separator: " ") + ", worth "
          + BanditPicture.text(fromState) + " whatever is pulled now",
        "the last pull paid \(BanditPicture.text(Double(lastReward))), the best arm held pays "
          + BanditPicture.text(plan.optimum),
      ]
    ).sketch
  }
}
