import ReinforcementLearning

/// What a comparison showed, in sentences that claim no more than its intervals and tests allow.
///
/// "Learns fastest" is about the score averaged over training. An arm is called better than another only when
/// the interval of the probability of improvement excludes ½ and a permutation test gives p < 0.05.
struct Headline {
  let figures: ComparisonFigures

  init(_ figures: ComparisonFigures) { self.figures = figures }

  /// The overall sentence first where there are several environments, then one an environment.
  var sentences: [String] {
    (figures.environments.count > 1 ? [overall].compactMap(\.self) : []) + figures.environments.map(sentence)
  }

  private var overall: String? {
    let arms = figures.overall.enumerated()
      .sorted { ($1.element.interquartileMean.value, $0.offset) < ($0.element.interquartileMean.value, $1.offset) }
      .map(\.element)
    guard arms.count > 1, let baseline = figures.overall.first else { return nil }
    let best = arms[0]
    var text =
      "Over \(figures.environments.count) environments, \(best.name) ends with the highest interquartile mean score, "
      + NumberText.estimate(best.interquartileMean, digits: 2)
    if let comparison = best.overBaseline {
      text += " against \(NumberText.estimate(baseline.interquartileMean, digits: 2)) for \(baseline.name)"
      text += "; a run of it scores above one of \(baseline.name) with probability "
      text += NumberText.estimate(comparison.probability, digits: 2)
      text += comparison.isDistinguishable ? "." : ", which is not distinguishable from chance."
    } else {
      text += " against \(NumberText.estimate(arms[1].interquartileMean, digits: 2)) for \(arms[1].name)."
    }
    return text
  }

  private func sentence(_ environment: EnvironmentFigures) -> String {
    let order = environment.arms.indices.filter { environment.arms[$0].runs > 0 }
      .sorted { (environment.arms[$1].speed.value, $0) < (environment.arms[$0].speed.value, $1) }
    guard let first = order.first else { return "On \(environment.id) no run gave a result." }
    let best = environment.arms[first]
    guard order.count > 1 else {
      return "On \(environment.id), \(best.name) ends with \(result(best, environment)) (\(runs(best, environment)))."
    }
    let fewest = order.map { environment.arms[$0].runs }.min()!
    let others = order.dropFirst()
    let beaten = others.filter { environment.speedComparisons[first][$0].isDistinguishable }
    let equal = others.filter { !beaten.contains($0) }
    if fewest == 1 {
      return "On \(environment.id), \(best.name) has the highest score over training, but an arm has a single run: "
        + "nothing can be concluded. It ends with \(result(best, environment))."
    }
    func names(_ arms: some Sequence<Int>) -> String { list(arms.map { environment.arms[$0].name }) }
    var text = "On \(environment.id), "
    if equal.isEmpty {
      text += "\(best.name) learns fastest: its score averaged over training is "
      text += NumberText.estimate(best.speed, digits: 2)
      text += " against \(NumberText.estimate(environment.arms[order[1]].speed, digits: 2))"
      text += " for \(environment.arms[order[1]].name). "
    } else if beaten.isEmpty {
      text += "no arm learns distinguishably faster: \(best.name) is ahead"
      text += " but not distinguishable from \(names(equal)). "
    } else {
      text += "\(best.name) learns faster than \(names(beaten)) but is not distinguishable from \(names(equal)). "
    }
    text += "It ends with \(result(best, environment)) (\(runs(best, environment)))."
    if let floor = Headline.smallestPValue(runs: order.map { environment.arms[$0].runs }), floor >= 0.05 {
      text += " With so few runs no difference could have been told from chance"
      text += " (the rank test cannot fall below \(NumberText.pValue(floor)))."
    }
    return text
  }

  /// What an arm's runs came to, by what the task is judged by.
  private func result(_ arm: ArmFigures, _ environment: EnvironmentFigures) -> String {
    let isRate = environment.measures[0].isRate
    let episodes = isRate && arm.runs == 1 ? " over \(arm.episodes) episodes" : ""
    return "\(isRate ? "" : "mean ")\(arm.judged.name) "
      + "\(NumberText.estimate(arm.judged.mean, digits: isRate ? 2 : nil))\(episodes)"
  }

  /// How many runs, and what the worst of several came to.
  private func runs(_ arm: ArmFigures, _ environment: EnvironmentFigures) -> String {
    guard arm.runs > 1 else { return "1 run" }
    let isRate = environment.measures[0].isRate
    let worst = isRate ? NumberText.fixed(arm.judged.worst, 2) : NumberText.short(arm.judged.worst)
    return "\(arm.runs) runs, the worst \(worst)"
  }

  private func list(_ names: [String]) -> String {
    names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names.last!
  }

  /// The smallest two-sided p-value that the two largest arms could reach: 2 / C(n + m, n).
  static func smallestPValue(runs: [Int]) -> Double? {
    let sorted = runs.sorted(by: >)
    guard sorted.count > 1 else { return nil }
    var ways = 1.0
    for index in 0..<sorted[1] { ways = ways * Double(sorted[0] + sorted[1] - index) / Double(index + 1) }
    return min(1, 2 / ways)
  }
}
