import ReinforcementLearning

/// What a comparison showed, in sentences that claim no more than its intervals and tests allow.
///
/// An arm ends best alone only where its interval of the mean overlaps no other arm's and a test of the runs' order
/// tells it from each of them (the interval of the probability of improvement excludes ½ and p < 0.05); otherwise all
/// that may be the best are named. "Learns fastest" is about the score averaged over training, judged in the same way.
struct Headline {
  let figures: ComparisonFigures

  init(_ figures: ComparisonFigures) { self.figures = figures }

  /// The overall sentence first where there are several environments, then one an environment.
  var sentences: [String] {
    (figures.environments.count > 1 ? [overall].compactMap(\.self) : []) + figures.environments.map(sentence)
  }

  // MARK: Over all environments

  private var overall: String? {
    let arms = figures.overall
    if figures.arms.count == 1 {
      guard let arm = arms.first, figures.commonEnvironments.count > 1 else { return nil }
      return "\(scope)\(arm.name) ends with a mean score of \(NumberText.estimate(arm.mean, digits: 2)) "
        + "(\(arm.runs) runs, the worst \(NumberText.fixed(arm.worst, 2)))."
    }
    guard arms.count > 1 else {
      return arms.isEmpty && figures.environments.contains { $0.arms.contains { $0.runs > 0 } }
        ? "No environment \(isScaled ? "" : "with a declared scale ")has results of every arm, so the arms are not "
          + "ranked over environments." : nil
    }
    var text = scope
    let best = FigureMaker.best(arms.map(\.mean), isHigherBetter: true, comparisons: figures.overallComparisons)
    func score(_ arm: Int) -> String { NumberText.estimate(arms[arm].mean, digits: 2) }
    let others = arms.indices.filter { !best.contains($0) }.sorted { arms[$0].mean.value > arms[$1].mean.value }
    if arms.contains(where: { $0.mean.interval == nil }) {
      text += "nothing can be concluded, since an arm has a single run; mean scores: "
      text += Headline.list(best.map { "\(arms[$0].name) \(score($0))" }) + "."
    } else if best.count == 1 {
      text += "\(arms[best[0]].name) ends best: mean score \(score(best[0])) against \(score(others[0])) for "
      text += "\(arms[others[0]].name)"
      text += probability(figures.overallComparisons[best[0]][others[0]], of: arms[others[0]].name) + "."
    } else if Set(best.map { arms[$0].mean }).count == 1 && others.isEmpty {
      text += "all arms end alike: mean score \(score(best[0]))."
    } else {
      text +=
        others.isEmpty
        ? "no arm can be told from the best: mean scores " : "the best cannot be told apart: mean scores "
      text += Headline.list(best.map { "\(arms[$0].name) \(score($0))" }) + "."
      text += Headline.lower(others.map { "\(arms[$0].name) \(score($0))" })
    }
    let absent = figures.arms.filter { name in !arms.contains { $0.name == name } }
    if !absent.isEmpty { text += " \(Headline.list(absent)) has no result at all." }
    return text
  }

  /// Which environments a sentence on all of them is about.
  private var scope: String {
    let count = figures.commonEnvironments.count
    return count == figures.environments.count
      ? "Over \(count) environments, "
      : "Over the \(count) of \(figures.environments.count) environments \(condition) "
        + "(\(figures.commonEnvironments.joined(separator: ", "))), "
  }

  private var isScaled: Bool { figures.summary.environments.allSatisfy(\.isAggregated) }

  /// Which environments are averaged over.
  private var condition: String {
    isScaled
      ? "on which every arm has results" : "with a declared scale on which every arm has results"
  }

  private func probability(_ comparison: ArmComparison, of other: String) -> String {
    guard comparison.certainties == nil else { return "" }
    let probability = NumberText.estimate(comparison.probability, digits: 2)
    return "; a run of it scores above one of \(other) with probability \(probability)"
  }

  // MARK: One environment

  private func sentence(_ environment: EnvironmentFigures) -> String {
    let arms = environment.arms
    let shown = arms.indices.filter { arms[$0].runs > 0 }
    guard let first = environment.best.first else { return "On \(environment.id) no run gave a result." }
    var text = "On \(environment.id), "
    if shown.count == 1 {
      text += "\(arms[first].name) ends with \(result(first, environment))."
    } else if shown.contains(where: { arms[$0].runs == 1 }) {
      text += "nothing can be concluded, since an arm has a single run: "
      text += ends(environment.best + others(environment), environment) + "."
    } else {
      text += outcome(environment) + speed(environment)
      if let floor = Headline.smallestPValue(runs: shown.map { arms[$0].runs }), floor >= 0.05 {
        text += " With so few runs no difference could have been told from chance"
        text += " (the rank test cannot fall below \(NumberText.pValue(floor)))."
      }
    }
    return text + failures(environment) + absences(environment)
  }

  /// Who ends best.
  private func outcome(_ environment: EnvironmentFigures) -> String {
    let (arms, best) = (environment.arms, environment.best)
    let others = others(environment)
    if best.count == 1 {
      return "\(arms[best[0]].name) ends best, with \(result(best[0], environment)), "
        + "against \(value(others[0], environment)) for \(arms[others[0]].name)."
    }
    // Every run of every arm came to the same value.
    if others.isEmpty, Set(best.flatMap { arms[$0].judged.values }).count == 1 {
      return "all \(best.count) arms end alike: every run with \(name(environment)) "
        + "\(number(arms[best[0]].judged.worst, environment))."
    }
    return (others.isEmpty ? "no arm can be told from the best: " : "the best cannot be told apart: ")
      + ends(best, environment) + "." + Headline.lower(others.map { "\(arms[$0].name) \(value($0, environment))" })
  }

  /// Who learns fastest, where training was evaluated.
  private func speed(_ environment: EnvironmentFigures) -> String {
    let arms = environment.arms
    let shown = arms.indices.filter { arms[$0].runs > 0 }
    guard shown.allSatisfy({ arms[$0].judged.curve.count > 1 }) else { return "" }
    let order = shown.sorted { (arms[$1].speed.value, $0) < (arms[$0].speed.value, $1) }
    func isFaster(_ arm: Int, _ other: Int) -> Bool {
      guard let high = arms[arm].speed.interval, let low = arms[other].speed.interval else { return false }
      return !high.overlaps(low) && environment.speedComparisons[arm][other].isDistinguishable
    }
    let equal = order.dropFirst().filter { !isFaster(order[0], $0) }
    let beaten = order.dropFirst().filter { !equal.contains($0) }
    if equal.isEmpty {
      return " \(arms[order[0]].name) learns fastest: its score averaged over training is "
        + "\(NumberText.estimate(arms[order[0]].speed, digits: 2)) against "
        + "\(NumberText.estimate(arms[order[1]].speed, digits: 2)) for \(arms[order[1]].name)."
    }
    if beaten.isEmpty { return " No arm learns distinguishably faster." }
    return " \(arms[order[0]].name) learns faster than \(Headline.list(beaten.map { arms[$0].name })) but is not "
      + "distinguishable from \(Headline.list(equal.map { arms[$0].name }))."
  }

  /// The runs that failed, which an interquartile mean hides.
  private func failures(_ environment: EnvironmentFigures) -> String {
    let failed = environment.arms.filter { $0.failed > 0 }
    guard !failed.isEmpty else { return "" }
    let counts = failed.map { "\($0.name) \($0.failed) of \($0.runs + $0.failures)" }
    return " Runs that failed: \(Headline.list(counts))."
  }

  /// What is not like with like: runs that are missing, and steps that differ.
  private func absences(_ environment: EnvironmentFigures) -> String {
    var text = ""
    let missing = environment.arms.filter { $0.missing > 0 }
    if !missing.isEmpty {
      let counts = missing.map { "\($0.name) \($0.missing) of \($0.missing + $0.runs + $0.failures)" }
      text += " Runs that are not finished and left out: \(Headline.list(counts))."
    }
    let silent = environment.arms.filter { $0.runs == 0 && $0.missing == 0 }
    if !silent.isEmpty { text += " No run of \(Headline.list(silent.map(\.name))) gave a result." }
    if environment.hasUnequalSteps {
      let steps = environment.arms.filter { $0.runs > 0 }.map { "\($0.name) \($0.stepsText)" }
      text += " The arms did not use the same steps of the \(NumberText.steps(budget(of: environment))) asked for: "
      text += Headline.list(steps) + "."
    }
    return text
  }

  // MARK: Words

  /// What the environment's runs were given.
  private func budget(of environment: EnvironmentFigures) -> Int {
    figures.summary.environments.first { $0.id == environment.id }?.steps ?? figures.summary.steps
  }

  /// The arms with results that are not among the best, the highest first.
  private func others(_ environment: EnvironmentFigures) -> [Int] {
    let arms = environment.arms
    let sign = environment.measures[0].direction == .higher ? 1.0 : -1
    return arms.indices.filter { arms[$0].runs > 0 && !environment.best.contains($0) }
      .sorted { sign * arms[$0].judged.mean.value > sign * arms[$1].judged.mean.value }
  }

  private func name(_ environment: EnvironmentFigures) -> String { environment.measures[0].name }

  private func number(_ value: Double, _ environment: EnvironmentFigures) -> String {
    environment.measures[0].isRate ? NumberText.fixed(value, 2) : NumberText.short(value)
  }

  private func value(_ arm: Int, _ environment: EnvironmentFigures) -> String {
    NumberText.estimate(environment.arms[arm].judged.mean, digits: environment.measures[0].isRate ? 2 : nil)
  }

  /// Arms with what their runs came to: "mean return a 3.0 [..] and b 2.0 [..]".
  private func ends(_ arms: [Int], _ environment: EnvironmentFigures) -> String {
    "\(environment.measures[0].isRate ? "" : "mean ")\(name(environment)) "
      + Headline.list(arms.map { "\(environment.arms[$0].name) \(value($0, environment))" })
  }

  /// What an arm's runs came to, how many there are, and the worst of several.
  private func result(_ index: Int, _ environment: EnvironmentFigures) -> String {
    let arm = environment.arms[index]
    let isRate = environment.measures[0].isRate
    let episodes = isRate && arm.runs == 1 ? " over \(arm.episodes) episodes" : ""
    let runs = arm.runs > 1 ? "\(arm.runs) runs, the worst \(number(arm.judged.worst, environment))" : "1 run"
    return "\(isRate ? "" : "mean ")\(name(environment)) \(value(index, environment))\(episodes) (\(runs))"
  }

  /// A sentence on the arms that are not among the best; of many only the best of them and the count.
  private static func lower(_ arms: [String]) -> String {
    switch arms.count {
    case 0: ""
    case 1...3: " Worse: \(list(arms))."
    default: " Worse: \(arms[0]) and \(arms.count - 1) more."
    }
  }

  /// What a page on those environments is called: as many names as one reads.
  static func title(of environments: [String]) -> String {
    environments.count > 4
      ? "\(environments.prefix(3).joined(separator: ", ")) and \(environments.count - 3) more"
      : environments.joined(separator: ", ")
  }

  static func list(_ names: [String]) -> String {
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

extension EnvironmentFigures {
  /// Whether some run used more than a hundredth more steps than another.
  var hasUnequalSteps: Bool {
    let shown = arms.filter { $0.runs > 0 }
    guard let fewest = shown.map(\.fewestSteps).min(), let most = shown.map(\.mostSteps).max() else { return false }
    return Double(most) > Double(fewest) * 1.01
  }
}

extension ArmFigures {
  /// The steps that its runs used: one number, or the fewest and the most.
  var stepsText: String {
    fewestSteps == mostSteps
      ? NumberText.steps(fewestSteps) : "\(NumberText.steps(fewestSteps)) to \(NumberText.steps(mostSteps))"
  }
}
