import ReinforcementLearning

extension ComparisonFigures {
  /// The comparison as plain text: the headline, then a table for each environment with its columns aligned.
  ///
  /// - Parameter width: The columns of a terminal: a table that is wider goes on below itself, text is wrapped between
  ///   words. Nil where lines may be of any length.
  public func terminalTable(width: Int? = nil) -> String {
    var blocks: [String] = []
    for environment in environments {
      let heading = "\(environment.id), score: \(environment.scoreName)"
      blocks.append(PlainText.wrapped(heading, width) + "\n" + PlainText.table(rows(of: environment), width))
      if let rows = environment.firstSuccessRows {
        let heading = "steps of training to the first success; a run without one counts with all its steps"
        blocks.append(PlainText.wrapped(heading, width) + "\n" + PlainText.table(rows, width))
      }
      if let rows = environment.designRows {
        let heading = "what agents were paid in training against what it was worth (the environment's return)"
        blocks.append(PlainText.wrapped(heading, width) + "\n" + PlainText.table(rows, width))
      }
      if let rows = pairRows(of: environment) {
        blocks.append(PlainText.wrapped("P(a run of the row ends above one of the column)", width) + "\n"
          + PlainText.table(rows, width))
      }
    }
    if environments.count > 1 && !overall.isEmpty {
      let which =
        commonEnvironments.count == environments.count ? "all environments" : commonEnvironments.joined(separator: ", ")
      blocks.append(PlainText.wrapped("\(which), final scores", width) + "\n" + PlainText.table(overallRows, width))
    }
    let percent = NumberText.fixed(confidence * 100, 0)
    let notes = [
      "[low, high] are \(percent) % bootstrap intervals over runs, of a rate's mean together with Wilson's over "
        + "episodes; * marks p < 0.05 against the first arm. IQM is the mean without the best and the worst quarter of "
        + "the runs (rounded down)"
        + (environments.count > 1
          ? ", those of all environments taken together; elsewhere environments weigh alike." : "."),
      "failed: \(failureRule)",
    ] + (environments.contains { $0.designRows != nil } ? [ComparisonFigures.overOptimizationRule] : [])
    return (headline.map { PlainText.wrapped($0, width) } + [""] + blocks + notes.map { PlainText.wrapped($0, width) })
      .joined(separator: "\n") + "\n"
  }

  /// What over-optimised means, in a sentence.
  static let overOptimizationRule =
    "over-optimised: from the part of the training (a tenth, or larger where a log has fewer than ten lines with both "
    + "returns), the last left out, where the other runs are the highest to the last one the environment's return "
    + "falls (t-test over runs, p < 0.02, and at least 5 % of its range) while the designed return rises (p < 0.05); "
    + "correlation is Spearman's, along training"

  /// A sentence in lines that fit a terminal, broken between words.
  public static func wrapped(_ text: String, width: Int?) -> String { PlainText.wrapped(text, width) }

  private func rows(of environment: EnvironmentFigures) -> [[String]] {
    let judged = environment.measures[0]
    var head = ["arm", "runs", "failed", "\(judged.name), mean", "IQM", "worst run"]
    if environment.returnPlace != nil { head.append("return") }
    head += [
      "P(> \(environment.arms.first?.name ?? ""))", "score over training", "steps to 0.9", "steps", "steps/s", "wall",
    ]
    return [head] + environment.arms.map { ComparisonFigures.cells($0, of: environment, columns: head.count) }
  }

  /// Any two arms against each other, where the first table does not say it all; the columns are numbered.
  private func pairRows(of environment: EnvironmentFigures) -> [[String]]? {
    let arms = environment.arms
    guard (3...12).contains(arms.count) else { return nil }
    return [["arm"] + arms.indices.map { "(\($0 + 1))" }]
      + arms.indices.map { row in
        ["(\(row + 1)) \(arms[row].name)"]
          + arms.indices.map { column in
            let comparison = environment.comparisons[row][column]
            guard row != column, comparison.probability.value.isFinite else { return NumberText.missing }
            return NumberText.fixed(comparison.probability.value, 2) + (comparison.isDistinguishable ? " *" : "")
          }
      }
  }

  private var overallRows: [[String]] {
    let head = ["arm", "runs", "failed", "mean", "IQM", "worst run", "optimality gap", "P(> \(overall[0].name))"]
    return [head]
      + overall.map { arm in
        [
          arm.name, String(arm.runs), String(arm.failed), NumberText.estimate(arm.mean, digits: 2),
          NumberText.estimate(arm.interquartileMean, digits: 2), NumberText.fixed(arm.worst, 2),
          NumberText.estimate(arm.optimalityGap, digits: 2), ComparisonFigures.cell(arm.overBaseline),
        ]
      }
  }

  private static func cells(_ arm: ArmFigures, of environment: EnvironmentFigures, columns: Int) -> [String] {
    let granted = arm.needs.isEmpty ? "" : " (\(arm.needs.joined(separator: ", ")))"
    guard arm.runs > 0 else {
      return [arm.name + granted, arm.runsText, arm.failedText]
        + Array(repeating: NumberText.missing, count: columns - 3)
    }
    let digits = environment.measures[0].isRate ? 2 : nil
    let worst = digits.map { NumberText.fixed(arm.judged.worst, $0) } ?? NumberText.short(arm.judged.worst)
    var cells = [
      arm.name + granted, arm.runsText, arm.failedText, NumberText.estimate(arm.judged.mean, digits: digits),
      NumberText.estimate(arm.judged.interquartileMean, digits: digits), worst,
    ]
    if let place = environment.returnPlace { cells.append(NumberText.estimate(arm.measures[place].mean)) }
    return cells + [
      cell(arm.overBaseline), NumberText.estimate(arm.speed, digits: 2),
      NumberText.steps(arm.medianStepsToThreshold), arm.stepsText, NumberText.fixed(arm.stepsPerSecond, 0),
      NumberText.seconds(arm.wallSeconds),
    ]
  }

  private static func cell(_ comparison: ArmComparison?) -> String { comparison?.text ?? NumberText.missing }

  /// What a failed run is, in words.
  var failureRule: String {
    let rules = environments.map { environment in
      let judged = environment.measures[0]
      guard let limit = environment.failureLimit else { return "\(environment.id): no limit is known" }
      let bound = judged.isRate ? NumberText.fixed(limit, 2) : NumberText.short(limit)
      return "\(environment.id): \(judged.name) \(judged.direction == .higher ? "below" : "above") \(bound)"
    }
    let isOne = Set(environments.map { [$0.measures[0].name, "\($0.failureLimit ?? .infinity)"] }).count == 1
    let limits =
      isOne ? rules.first.map { String($0.split(separator: ": ").last!) } ?? "" : rules.joined(separator: "; ")
    return
      "runs that broke, and runs that ended worse than a declared limit or, where none is, half way from a poor to a "
      + "perfect result (\(limits))"
  }
}

extension ArmFigures {
  /// How many runs failed of those that ended.
  var failedText: String { failed == 0 ? "0" : "\(failed) of \(runs + failures)" }
}

extension ArmComparison {
  /// The probability, starred where the difference is more than noise; counts where it would mix ties and certainties.
  var text: String {
    if let counts = certainties {
      return [(counts.better, "better"), (counts.equal, "equal"), (counts.worse, "worse")].filter { $0.0 > 0 }
        .map { "\($0.1) on \($0.0)" }.joined(separator: ", ")
    }
    return NumberText.estimate(probability, digits: 2) + (isDistinguishable ? " *" : "")
  }
}

extension EnvironmentFigures {
  /// The return's place among the measures, where the task is judged by something else.
  var returnPlace: Int? { measures.firstIndex { $0.name == "return" }.flatMap { $0 > 0 ? $0 : nil } }
}
