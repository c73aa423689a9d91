public import ReinforcementLearning

extension DuelingBandit: Drawable {
  /// How often each arm beats another one in the mean, in truth as bars and as seen, and beside it who has beaten whom.
  public func sketch() -> Sketch {
    let k = order.count
    let names = (0..<k).map { "arm\($0)" }
    let arms = (0..<k).map { arm -> BanditPicture.Arm in
      let own = order[arm]
      let mean = (0..<k).filter { $0 != own }.reduce(0.0) { $0 + plan.wins[own][$1] } / Double(k - 1)
      let others = (0..<k).filter { $0 != arm }.map { arm * k + $0 }
      let (all, ours) = (others.reduce(0) { $0 + Int(duels[$1]) }, others.reduce(0) { $0 + Int(won[$1]) })
      // A duel with itself is a vote for the arm, too.
      return BanditPicture.Arm(
        mean: mean, seen: all > 0 ? Double(ours) / Double(all) : nil, pulls: (all + 2 * Int(duels[arm * k + arm])))
    }
    let best = (0..<k).min { plan.losses[order[$0]] < plan.losses[order[$1]] }
    var captions = ["regret so far \(BanditPicture.text(lost))"]
    if last >= 0 {
      let (first, second) = (last / k, last % k)
      captions.insert(
        first == second
          ? "\(names[first]) against itself"
          : "\(names[lastReward > 0 ? first : second]) beat \(names[lastReward > 0 ? second : first])", at: 0)
    }
    let picture = BanditPicture(
      names: names, arms: arms, best: best, last: last >= 0 ? last / k : nil, pulls: max(1, 2 * rounds),
      counted: "\(rounds) duels", truth: "share of duels won", captions: captions)
    var sketch = picture.sketch
    sketch.insets = [Sketch.Inset(title: "row beats column", sketch: table(k))]
    for (row, arm) in picture.shown.enumerated() {
      let cells = (0..<k).map { other -> Character in
        let count = duels[arm * k + other]
        guard arm != other, count > 0 else { return "." }
        return Character("\(min(9, Int(won[arm * k + other]) * 10 / Int(count)))")
      }
      sketch.board[row] += ("  " + String(cells)).map { Sketch.Character($0) }
    }
    return sketch
  }

  /// A square a pair, the arms' numbers at both sides: green where the row mostly won, red where it mostly lost, dark
  /// where they never met.
  private func table(_ k: Int) -> Sketch {
    var sketch = Sketch(width: Float(k) + 1, height: Float(k) + 1)
    for arm in 0..<k {
      for place in [Sketch.Point(Float(arm) + 1.3, 0.3), Sketch.Point(0.3, Float(arm) + 1.3)] {
        sketch.shapes.append(.text("\(arm)", at: place, height: 0.5, BanditPicture.words))
      }
    }
    for row in 0..<k {
      for column in 0..<k {
        let count = duels[row * k + column]
        let share = count > 0 ? Double(won[row * k + column]) / Double(count) : 0.5
        let color =
          row == column || count == 0
          ? Sketch.Color(52, 58, 66)
          : Sketch.Color(UInt8(60 + 160 * (1 - share)), UInt8(60 + 140 * share), 90)
        sketch.shapes.append(
          .rectangle(corner: Sketch.Point(Float(column) + 1.04, Float(row) + 1.04), width: 0.92, height: 0.92, color))
      }
    }
    return sketch
  }
}
