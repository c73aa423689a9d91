/// What an arm's agents were paid against what that was worth, in the same episodes of training: for an arm whose
/// reward is not the environment's.
///
/// Both returns are means over the last hundred episodes that ended, as the log has them. What agents are judged by is
/// in other figures; these say whether the design points the way.
public struct DesignFigures: Sendable, Hashable, Codable {
  /// Spearman's correlation of the designed with the environment's return along a run's training: the mean over runs
  /// in which neither is constant; nil without any, above all for a design that has paid the same throughout.
  public var correlation: Estimate?
  /// Whether the designed return rose while the environment's fell; nil where that cannot be said (`OverOptimization`).
  public var overOptimization: OverOptimization?
  /// Why that cannot be said; nil where it can.
  public var obstacle: OverOptimization.Obstacle?
  /// Designed returns over training, the sum of the components, weights applied.
  public var designed: [CurveFigure]
  /// The environment's returns over training.
  public var environment: [CurveFigure]
  /// Seconds that the reward design took of a run, the mean over runs; nil where no run says so.
  public var rewardSeconds: Double?
  /// The same as a share of the run's time.
  public var rewardShare: Double?
  /// Answers that a run had learnt from in the end, the mean over runs; nil for a design that asks nobody.
  public var labels: Double?
  /// Share of new answers that the reward model expected (`TrainingReturns.foreseen`), the mean over runs.
  public var foreseen: Estimate?

  /// - Returns: nil for an arm without runs, or that is paid the environment's reward.
  init?(_ arm: ArmSummary, maker: FigureMaker) {
    let runs = arm.results.compactMap { run in run.training.map { (run, $0) } }
    guard !runs.isEmpty else { return nil }
    let both = runs.compactMap { OverOptimization.Run($0.1) }
    let correlations = both.compactMap(DesignFigures.correlation)
    correlation = correlations.isEmpty ? nil : maker.estimate(.mean, correlations)
    overOptimization = OverOptimization(both)
    obstacle = OverOptimization.obstacle(both, of: arm.results.count)
    designed = maker.curve(both.map(\.designed))
    environment = maker.curve(both.map(\.environment))
    let seconds = runs.compactMap { $0.1.rewardSeconds }
    rewardSeconds = seconds.isEmpty ? nil : Aggregate.mean(of: seconds)
    let all = runs.filter { $0.1.rewardSeconds != nil }.map(\.0.wallSeconds).reduce(0, +)
    rewardShare = all > 0 ? seconds.reduce(0, +) / all : nil
    let labels = runs.compactMap { $0.1.labels }
    self.labels = labels.isEmpty ? nil : Aggregate.mean(of: labels)
    let foreseen = runs.compactMap { $0.1.foreseen }
    self.foreseen = foreseen.isEmpty ? nil : maker.estimate(.mean, foreseen)
  }

  /// Of at most a hundred steps: more would say no more, since successive ones overlap.
  private static func correlation(_ run: OverOptimization.Run) -> Double? {
    let steps = RunCurve.grid([run.designed, run.environment])
    return RankCorrelation.of(steps.map(run.designed.value), steps.map(run.environment.value))
  }
}

extension OverOptimization.Run {
  /// - Returns: nil where there is no step with both returns.
  init?(_ training: TrainingReturns) {
    let places = training.steps.indices.filter {
      training.designed[$0].isFinite && training.environment[$0].isFinite
    }
    guard !places.isEmpty else { return nil }
    let steps = places.map { training.steps[$0] }
    designed = RunCurve(steps: steps, values: places.map { training.designed[$0] })
    environment = RunCurve(steps: steps, values: places.map { training.environment[$0] })
  }
}

// MARK: In words

extension DesignFigures {
  /// Whether the flag is up, in a cell.
  var flagText: String {
    // Of whatever number of runs: there is nothing to look at in any of them.
    if designed.isEmpty { return "no episode ended" }
    guard let found = overOptimization else { return obstacle?.text ?? NumberText.missing }
    if found.isFlagged { return "YES, from \(NumberText.steps(found.step))" }
    return found.isTelling ? "no" : "cannot say (\(found.trainings) runs)"
  }

  /// What the reward design took, in a cell.
  var costText: String {
    guard let rewardSeconds else { return NumberText.missing }
    return NumberText.seconds(rewardSeconds)
      + (rewardShare.map { ", \(NumberText.fixed($0 * 100, $0 < 0.1 ? 1 : 0)) %" } ?? "")
  }

  var correlationText: String { correlation.map { NumberText.estimate($0, digits: 2) } ?? NumberText.missing }

  var labelsText: String { labels.map { NumberText.fixed($0, 0) } ?? NumberText.missing }

  var foreseenText: String { foreseen.map { NumberText.estimate($0, digits: 2) } ?? NumberText.missing }
}

extension OverOptimization.Obstacle {
  /// In a cell.
  var text: String {
    switch self {
    case .fewRuns: "too few runs"
    case .fewEpisodes: "too few episodes"
    case .fewLines: "too short a log"
    case .nothingShared: "nothing shared"
    }
  }
}

extension EnvironmentFigures {
  /// The arms that were paid something else than the environment's reward, as rows under a heading; nil without any.
  var designRows: [[String]]? {
    guard arms.contains(where: { $0.design != nil }) else { return nil }
    var rows = [["arm", "correlation", "over-optimised", "labels", "foreseen", "reward model"]]
    for arm in arms {
      guard let design = arm.design else { continue }
      rows.append([
        arm.name, design.correlationText, design.flagText, design.labelsText, design.foreseenText, design.costText,
      ])
    }
    return rows
  }

  /// A sentence for each arm whose flag is up.
  var overOptimizedSentences: [String] {
    arms.compactMap { arm in
      guard let found = arm.design?.overOptimization, found.isFlagged else { return nil }
      return "Over-optimised on \(id): \(arm.name). From step \(NumberText.steps(found.step)) on its designed return "
        + "rises by \(NumberText.short(found.rise)) while the environment's falls by \(NumberText.short(found.fall)), "
        + "\(NumberText.fixed(found.fallShare * 100, 0)) % of its range, in \(found.runs) of \(arm.runs) runs."
    }
  }

  /// The same as a table of the page; nothing without such arms.
  func designSection(place: (String) -> Int) -> String {
    guard arms.contains(where: { $0.design != nil }) else { return "" }
    var rows = ""
    for arm in arms {
      guard let design = arm.design else { continue }
      let flag =
        design.overOptimization?.isFlagged ?? false
        ? "<span class=\"flag\">\(Markup.escaped(design.flagText))</span>" : Markup.escaped(design.flagText)
      let change = design.overOptimization.map {
        "\(NumberText.signed($0.rise)) <span class=\"interval\">after \(NumberText.steps($0.step))</span>"
      }
      let fall = design.overOptimization.map {
        "\(NumberText.signed(-$0.fall)) <span class=\"interval\">"
          + "\(NumberText.signed(-$0.fallShare * 100, digits: 0)) % of its range</span>"
      }
      rows += "<tr><td class=\"\(Markup.color(place(arm.name)))\">\(Markup.name(arm.name))</td>"
      let correlation = design.correlation.map { Markup.cell($0, digits: 2) } ?? NumberText.missing
      rows += "<td>\(correlation)</td><td>\(flag)</td>"
      rows += "<td>\(change ?? NumberText.missing)</td><td>\(fall ?? NumberText.missing)</td>"
      let foreseen = design.foreseen.map { Markup.cell($0, digits: 2) } ?? NumberText.missing
      rows += "<td>\(design.labelsText)</td><td>\(foreseen)</td><td>\(design.costText)</td></tr>\n"
    }
    return """
      <h3>What agents were paid, and what it was worth</h3>
      <div class="scroll"><table>
      <thead><tr><th>Arm</th><th>Correlation along training</th><th>Over-optimised</th><th>Designed return, change</th>\
      <th>Environment’s return, change</th><th>Labels</th><th>Answers foreseen</th>\
      <th>Time of the reward model</th></tr></thead>
      <tbody>
      \(rows)</tbody></table></div>
      <p class="soft">Returns of the episodes of training: the designed one is the sum of the reward’s components. The
      two columns of changes are from the part of training, its last one left out, in which the environment’s return was
      the highest, to its last part. Answers foreseen: the share of new answers that the reward model expected before it
      learnt from them.</p>
      """
  }
}
