public import ReinforcementLearning

extension ChangingBandit: Drawable {
  /// What each arm pays now, as bars, and what has come of it; which places are empty, how many rewards are on their
  /// way, and what the adversary does.
  public func sketch() -> Sketch {
    let late = late()
    let arms = means.indices.map { arm -> BanditPicture.Arm in
      var row = tally.row(arm, mean: Double(means[arm] + shift))
      row.isThere = isThere[arm]
      if late[arm] > 0 { row.note = "\(late[arm]) late" }
      return row
    }
    var captions: [String] = []
    if configuration.delay > 0 {
      captions.append(
        "\(waiting) rewards are on their way; the last pull brought \(BanditPicture.text(Double(lastReward)))")
    }
    if configuration.lifetime > 0 {
      captions.append("\(present) arms are there; one lasts \(configuration.lifetime) pulls on average")
    }
    if configuration.phases {
      let word = shift > 0 ? "more" : "less"
      captions.append(
        "the adversary pays \(BanditPicture.text(abs(Double(shift)))) \(word) for "
          + "\(max(0, Int(phaseEnd.rounded(.up)) - pulls)) pulls")
    }
    captions.append("regret so far \(BanditPicture.text(regret))")
    return BanditPicture(
      names: means.indices.map { "arm\($0)" }, arms: arms,
      best: means.indices.filter { isThere[$0] }.max { means[$0] < means[$1] }, last: lastArm >= 0 ? lastArm : nil,
      pulls: tally.pulls, truth: "means now", captions: captions
    ).sketch
  }

  /// Rewards of every place that have not come yet.
  private func late() -> [Int] {
    var late = [Int](repeating: 0, count: means.count)
    for place in ringCounts.indices {
      for number in 0..<Int(ringCounts[place]) { late[Int(ringArms[place * ChangingBandit.most + number])] += 1 }
    }
    return late
  }
}
