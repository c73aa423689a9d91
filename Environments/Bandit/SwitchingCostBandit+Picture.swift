public import ReinforcementLearning

extension SwitchingCostBandit: Drawable {
  /// The chance that each arm loses now, as bars, and what it has lost; beside it the adversary's walk over the last
  /// rounds, with the pulls below it: green of the best arm, yellow of others, a red line where it switched.
  public func sketch() -> Sketch {
    let arms = observed.indices.map { arm in
      tally.row(arm, mean: min(1, max(0, 0.5 + walk - (arm == best ? gap : 0))))
    }
    var sketch = BanditPicture(
      names: observed.indices.map { "arm\($0)" }, arms: arms, best: best, last: lastArm >= 0 ? lastArm : nil,
      pulls: tally.pulls, truth: "chance of a loss now", scale: 0...1,
      captions: [
        "\(switches) switches, 1 each; \(observations) losses observed",
        "the best arm loses \(BanditPicture.text(gap)) less; regret with switches \(BanditPicture.text(regret))",
      ]
    ).sketch
    sketch.insets = [Sketch.Inset(title: "chance of a loss", sketch: timeline)]
    let rounds = latest
    if !rounds.isEmpty {
      sketch.board.append([])
      sketch.board.append(
        "last pulls   ".map { Sketch.Character($0) }
          + rounds.suffix(48).map { round in
            round.isSwitch
              ? Sketch.Character("|", BanditPicture.red)
              : round.arm == best
                ? Sketch.Character("=", BanditPicture.green) : Sketch.Character("-", BanditPicture.yellow)
          })
    }
    return sketch
  }

  /// The last rounds, oldest first.
  private var latest: [Round] {
    let count = min(round, SwitchingCostBandit.recent)
    return (round - count..<round).map { history[$0 % SwitchingCostBandit.recent] }
  }

  private var timeline: Sketch {
    let (width, height): (Float, Float) = (24, 12)
    var sketch = Sketch(width: width, height: height)
    func point(_ number: Int, _ chance: Float) -> Sketch.Point {
      Sketch.Point(
        width * (Float(number) + 0.5) / Float(SwitchingCostBandit.recent), 0.5 + 10 * (1 - max(0, min(1, chance))))
    }
    sketch.shapes = [
      .rectangle(corner: Sketch.Point(0, 0), width: width, height: height, BanditPicture.backdrop),
      .line(Sketch.Point(0, 5.5), Sketch.Point(width, 5.5), width: 0.06, BanditPicture.track),
      .text("1", at: Sketch.Point(0.2, 0.2), height: 0.9, BanditPicture.faint),
      .text("0", at: Sketch.Point(0.2, 9.6), height: 0.9, BanditPicture.faint),
    ]
    let rounds = latest
    let cell = width / Float(SwitchingCostBandit.recent)
    for (number, now) in rounds.enumerated() {
      let x = cell * Float(number)
      sketch.shapes.append(
        .rectangle(
          corner: Sketch.Point(x, 11), width: cell * 0.9, height: 0.8,
          now.arm == best ? BanditPicture.green : BanditPicture.yellow))
      if now.isSwitch {
        sketch.shapes.append(.line(Sketch.Point(x, 0.3), Sketch.Point(x, 11.8), width: 0.1, BanditPicture.red))
      }
      guard number > 0 else { continue }
      let before = rounds[number - 1]
      sketch.shapes += [
        .line(
          point(number - 1, 0.5 + before.walk), point(number, 0.5 + now.walk), width: 0.14,
          BanditPicture.blue),
        .line(
          point(number - 1, 0.5 + before.walk - Float(gap)), point(number, 0.5 + now.walk - Float(gap)), width: 0.14,
          BanditPicture.green),
      ]
    }
    return sketch
  }
}
