import Groundwork
import ReinforcementLearning
import Testing

@testable import Experiments

@Suite("Figures of a comparison") struct ComparisonFiguresTests {
  /// Fast enough for tests; the intervals are coarser.
  static func figures(runs: Int = 5, environments: Int = 2) -> ComparisonFigures {
    ComparisonFigures(
      SampleComparison.summary(runs: runs, environments: environments), bootstrap: Bootstrap(replicates: 500))
  }

  /// Arms whose runs end with the given returns and successes; the curve is straight from nothing to there.
  static func summary(_ arms: [(name: String, successes: [Double])], episodes: Int = 10) -> ComparisonSummary {
    ComparisonSummary(
      title: "t", date: "", commandLine: "", agent: "ppo", steps: 100,
      environments: [
        EnvironmentSummary(
          id: "e", measures: [.success, .return()],
          arms: arms.map { arm in
            ArmSummary(
              name: arm.name,
              runs: arm.successes.enumerated().map { seed, success in
                RunSummary(
                  seed: UInt64(seed),
                  curve: [
                    CurvePoint(step: 0, values: [0, 0]), CurvePoint(step: 100, values: [success, success]),
                  ], final: [success, success], episodes: episodes, wallSeconds: 1, stepsPerSecond: 1)
              })
          })
      ])
  }

  @Test("the same runs and seed give the same figures and the same page")
  func deterministic() {
    let first = Self.figures()
    let second = Self.figures()
    #expect(first == second)
    #expect(
      Report(first, movies: [SampleComparison.movie()]).html == Report(second, movies: [SampleComparison.movie()]).html)
  }

  @Test("figures are what their definitions give by hand")
  func byHand() {
    let figures = ComparisonFigures(
      Self.summary([("a", [0, 0.2, 0.4, 1]), ("b", [1, 1, 0.9, 0.8])]), bootstrap: Bootstrap(replicates: 500))
    let (a, b) = (figures.environments[0].arms[0], figures.environments[0].arms[1])
    #expect(close(a.judged.mean.value, 0.4) && close(a.judged.interquartileMean.value, 0.3) && a.judged.worst == 0)
    #expect(close(a.speed.value, 0.15), "the area under a straight line is half its end")
    #expect(b.episodes == 40 && b.stepsToThreshold == [100, 100, 100, nil] && b.medianStepsToThreshold == 100)
    #expect(a.stepsToThreshold == [nil, nil, nil, 100] && a.medianStepsToThreshold == nil)
    // b's runs against a's: 4 + 3.5... counted: 1 beats 0, 0.2, 0.4 and ties 1 (twice); 0.9 and 0.8 beat three.
    #expect(close(b.overBaseline!.probability.value, (3.5 + 3.5 + 3 + 3) / 16))
    #expect(a.overBaseline == nil)
    #expect(a.judged.curve.map(\.step) == [0, 100])
    #expect(close(figures.overall[1].optimalityGap.value, 0.075))
  }

  @Test("without evaluations during training nothing is averaged over it, and the last one is the first that counts")
  func noCurve() {
    var summary = Self.summary([("a", [1, 0.5]), ("b", [0.2, 1])])
    for arm in 0...1 {
      for run in 0...1 {
        summary.environments[0].arms[arm].runs[run].curve = []
        summary.environments[0].arms[arm].runs[run].trainedSteps = 128
      }
    }
    let figures = ComparisonFigures(summary, bootstrap: Bootstrap(replicates: 100))
    let (a, b) = (figures.environments[0].arms[0], figures.environments[0].arms[1])
    #expect(a.speeds.isEmpty && a.speed.value.isNaN && a.speed.interval == nil)
    #expect(a.stepsToThreshold == [128, nil] && b.stepsToThreshold == [nil, 128])
    #expect(!figures.headline.joined().contains("learns"))
  }

  @Test("runs that always succeed keep an interval, Wilson's over their episodes")
  func certainSuccess() {
    let figures = ComparisonFigures(Self.summary([("a", [1, 1])]), bootstrap: Bootstrap(replicates: 200))
    // scipy.stats.binomtest(20, 20).proportion_ci(method='wilson')
    #expect(close(figures.environments[0].arms[0].judged.mean.interval, 0.8388748419471808, 1))
    #expect(figures.environments[0].arms[0].measures[1].mean.interval == Interval(low: 1, high: 1))
    // Nothing else is said of the same mean where there is one environment.
    #expect(figures.overall[0].mean == figures.environments[0].arms[0].judged.mean)
  }

  @Test("a failed run is counted and left out")
  func failedRun() {
    var summary = Self.summary([("a", [0.2, 0.4, 0]), ("b", [1])])
    summary.environments[0].arms[0].runs[2].failure = "NaN"
    summary.environments[0].arms[1].runs[0].failure = "NaN"
    let figures = ComparisonFigures(summary, bootstrap: Bootstrap(replicates: 100))
    #expect(figures.environments[0].arms[0].runs == 2 && figures.environments[0].arms[0].failures == 1)
    #expect(close(figures.environments[0].arms[0].judged.mean.value, 0.3))
    #expect(figures.overall.map(\.name) == ["a"])
    // The third run of a broke; its other two ended below a success of 0.5.
    #expect(figures.environments[0].arms[0].failed == 3 && figures.environments[0].arms[0].failedShare == 1)
    let page = Report(figures).html
    #expect(page.contains("<td>3 of 3</td>") && page.contains("failed: NaN"))
    #expect(figures.terminalTable().contains("3 of 3"))
  }

  @Test("what a task is judged by is scaled to its range, or to the one that was seen, and the page says which")
  func scaling() {
    var summary = SampleComparison.summary(runs: 2, environments: 3)
    summary.environments.removeFirst(2)
    #expect(ScoreScale(summary.environments[0]).name == "return, scaled from 0.00 to 100.0")
    #expect(ScoreScale(summary.environments[0]).scaled(25) == 0.25)
    summary.environments[0].measures = [.return()]
    #expect(ScoreScale(summary.environments[0]).name.hasPrefix("return, scaled from the range seen, -"))
  }

  /// Two arms that are judged by regret, of which less is better, on a task without success.
  private static func regret(range: ClosedRange<Double>? = 0...200) -> ComparisonSummary {
    let regret = Measure(
      "regret", of: .environmentReturn, .sum, .lower, range: range, hasCurve: true, summary: "what was lost")
    let arms = [("uniform", [180.0, 190, 185, 195, 180]), ("ucb1", [20.0, 30, 25, 60, 20])].map { name, values in
      ArmSummary(
        name: name,
        runs: values.enumerated().map { seed, value in
          RunSummary(
            seed: UInt64(seed),
            curve: [CurvePoint(step: 0, values: [200, -200]), CurvePoint(step: 100, values: [value, -value])],
            final: [value, -value], episodes: 10, wallSeconds: 1, stepsPerSecond: 1,
            episodeCurves: [
              EpisodeCurve(steps: [1, 2, 5], values: [1, 2, value / 10]), EpisodeCurve(steps: [], values: []),
            ])
        })
    }
    return ComparisonSummary(
      title: "t", date: "", commandLine: "", agent: "", steps: 100,
      environments: [EnvironmentSummary(id: "bandit/B", measures: [regret, .return()], arms: arms)])
  }

  @Test("where less is better the lowest arm has the best score, its worst run is the highest, and the page says so")
  func lowerIsBetter() throws {
    let figures = ComparisonFigures(Self.regret(), bootstrap: Bootstrap(replicates: 500))
    let environment = figures.environments[0]
    let (uniform, ucb) = (environment.arms[0], environment.arms[1])
    #expect(environment.scoreName == "regret, scaled from 200.0 to 0.00" && close(environment.solvedValue, 20))
    #expect(close(ucb.score.value, 1 - 25 / 200.0) && ucb.judged.worst == 60 && uniform.judged.worst == 195)
    #expect(ucb.overBaseline?.probability.value == 1)
    #expect(ucb.stepsToThreshold == [100, nil, nil, nil, 100])
    #expect(ucb.judged.episodeCurve.map(\.step) == [1, 2, 5] && ucb.measures[1].episodeCurve.isEmpty)
    let sentence = try #require(figures.headline.first)
    #expect(sentence.hasPrefix("On bandit/B, ucb1 ends best, with mean regret 31.0 ["))
    #expect(sentence.contains("(5 runs, the worst 60.0), against 186.0 [") && sentence.contains("ucb1 learns fastest"))
    // The limit is half way: a regret above 100.
    #expect(sentence.hasSuffix("Runs that failed: uniform 5 of 5.") && environment.failureLimit == 100)
    let page = Report(figures).html
    #expect(page.contains("Regret, mean") && page.contains("Worst run") && page.contains("regret, lower is better"))
    #expect(page.contains("ended with regret above 100.0, half way from a poor to a perfect result"))
    #expect(page.contains("Regret inside an episode of the last evaluation"))
    #expect(page.contains("0.9 of it is regret 20.0"))
    #expect(!page.contains("uccess"))
    let table = figures.terminalTable()
    #expect(table.contains("bandit/B, score: regret, scaled from 200.0 to 0.00"))
    #expect(!table.contains("uccess"))
  }

  @Test("without a range less is still better: the lowest value that was seen scores 1")
  func lowerIsBetterWithoutRange() {
    let figures = ComparisonFigures(Self.regret(range: nil), bootstrap: Bootstrap(replicates: 100))
    #expect(figures.environments[0].arms[1].finalScores.max() == 1)
    #expect(figures.environments[0].scoreName == "regret, scaled from the range seen, 200.0 to 20.0")
  }

  @Test("an environment without a finished run has no scale")
  func unfinished() {
    var summary = Self.summary([("a", [0.5])])
    summary.environments.append(
      EnvironmentSummary(id: "f", measures: [.return()], arms: [ArmSummary(name: "a", runs: [], missing: 2)]))
    let figures = ComparisonFigures(summary, bootstrap: Bootstrap(replicates: 100))
    #expect(figures.environments[1].scoreName == "not known, as no run is finished")
    #expect(Report(figures).html.contains("Score: not known, as no run is finished. "))
  }

  @Test("of one arm in several environments the mean score comes first")
  func oneArm() {
    var summary = Self.summary([("a", [0.5, 0.7])])
    var other = summary.environments[0]
    other.id = "f"
    summary.environments.append(other)
    let figures = ComparisonFigures(summary, bootstrap: Bootstrap(replicates: 100))
    #expect(figures.headline[0].hasPrefix("Over 2 environments, a ends with a mean score of 0.60 ["))
    #expect(figures.headline[0].hasSuffix("(4 runs, the worst 0.50)."))
  }

  @Test("report.json holds the figures and is read back as the same")
  func json() throws {
    let figures = Self.figures(runs: 2)
    let text = figures.json.text(pretty: true)
    #expect(try JSON(parsing: text, name: "report").decoded(as: ComparisonFigures.self, name: "report") == figures)
  }

  @Test("curves are read between evaluations and averaged by trapezoids")
  func curves() {
    let curve = RunCurve(steps: [10, 20, 40], values: [0, 1, 0.5])
    #expect(curve.value(at: 15) == 0.5 && curve.value(at: 30) == 0.75)
    #expect(curve.value(at: 5) == 0 && curve.value(at: 99) == 0.5)
    #expect(curve.mean(until: 40) == (5 + 15) / 30.0)
    #expect(curve.mean(until: 15) == 0.25)
    #expect(RunCurve.grid([curve, RunCurve(steps: [15, 30], values: [0, 0])]) == [15, 20, 30])
    #expect(RunCurve.grid([RunCurve(steps: Array(0...999), values: Array(repeating: 0, count: 1000))]).count == 100)
  }

  @Test("with many runs the rank test is the normal approximation, which agrees with counting")
  func normalApproximation() {
    var random = SplitMix(3)
    for (count, shift) in [(10, 0.0), (12, 0.3), (20, 0.2), (29, 0.25)] {
      // Rounded, so that there are ties.
      let first = (0..<count).map { _ in (Double(random.next() >> 40) / 0x1p24 * 20).rounded() / 20 }
      let second = (0..<29).map { _ in (Double(random.next() >> 40) / 0x1p24 * 20).rounded() / 20 + shift }
      let ranks = ProbabilityOfImprovement.doubledMidranks(first + second)
      let exact = ProbabilityOfImprovement.exactPValue(ranks, count)
      #expect(close(ProbabilityOfImprovement.rankTest(first, second), exact))
      #expect(close(ProbabilityOfImprovement.normalPValue(ranks, count), exact, within: 0.01))
    }
  }

  @Test("with a thousand runs an arm the p-value is a number, small for a difference and not for none")
  func manyRuns() {
    var random = SplitMix(5)
    let values = (0..<1000).map { _ in Double(random.next() >> 40) / 0x1p24 }
    let others = (0..<1000).map { _ in Double(random.next() >> 40) / 0x1p24 }
    let same = ProbabilityOfImprovement.rankTest(values, others)
    #expect(same > 0.05 && same <= 1)
    #expect(ProbabilityOfImprovement.rankTest(values, others.map { $0 + 0.1 }) < 1e-6)
    #expect(ProbabilityOfImprovement.rankTest(values, values.map { _ in 2 }) < 1e-100)
    // All equal, some not numbers, and one against many.
    #expect(ProbabilityOfImprovement.rankTest(Array(repeating: 1, count: 600), Array(repeating: 1, count: 600)) == 1)
    #expect(ProbabilityOfImprovement.rankTest([.nan, 1, .infinity], [.nan]) == 1)
    #expect(ProbabilityOfImprovement.rankTest([0.5], values) > 0.5)
    let table = ScoreTable(tasks: [values, others])
    let better = ScoreTable(tasks: [values.map { $0 + 0.1 }, others])
    let tasks = ProbabilityOfImprovement.permutationTest(better, table, random: &random)
    #expect(tasks < 1e-4 && ProbabilityOfImprovement.permutationTest(table, table, random: &random) == 1)
  }

  @Test("the permutation test of many runs is near that of drawn relabellings")
  func manyTasks() {
    var random = SplitMix(8)
    func values(_ count: Int, _ shift: Double) -> [Double] {
      (0..<count).map { _ in Double(random.next() >> 40) / 0x1p24 + shift }
    }
    let first = ScoreTable(tasks: [values(60, 0.08), values(60, 0)])
    let second = ScoreTable(tasks: [values(60, 0), values(60, 0.02)])
    let drawn = ProbabilityOfImprovement.permutationTest(first, second, random: &random)
    // The same data three times over would be another test; the approximation is asked directly.
    let normal = ProbabilityOfImprovement.normalPermutationTest(first, second)
    #expect(close(drawn, normal, within: 0.02))
  }

  @Test("a thousand seeds take as many draws as a hundred: the cost of an interval is bounded")
  func boundedBootstrap() {
    let bootstrap = Bootstrap()
    #expect(bootstrap.replicates(for: 10) == 50_000 && bootstrap.replicates(for: 80) == 50_000)
    #expect(bootstrap.replicates(for: 1_000) == 4_000 && bootstrap.replicates(for: 1_000_000) == 1_000)
    #expect(Bootstrap.forCurves.replicates(for: 100_000) == 1_000)
  }

  @Test("the permutation test over one task agrees with the exact rank test")
  func permutation() {
    var random = SplitMix(9)
    let p = ProbabilityOfImprovement.permutationTest(
      ScoreTable(tasks: [[1, 2, 2, 3]]), ScoreTable(tasks: [[2, 3, 4, 5, 5]]), random: &random)
    #expect(close(p, 0.07936507936507936, within: 0.01))
    let equal = ScoreTable(tasks: [[1, 1], [2, 2]])
    #expect(ProbabilityOfImprovement.permutationTest(equal, equal, permutations: 50, random: &random) == 1)
  }
}

@Suite("Headlines") struct HeadlineTests {
  private func headline(_ arms: [(name: String, successes: [Double])]) -> String {
    ComparisonFigures(ComparisonFiguresTests.summary(arms), bootstrap: Bootstrap(replicates: 2000)).headline.joined()
  }

  @Test("a clear winner is said to end best and to learn fastest")
  func winner() {
    let text = headline([("environment", [0, 0.1, 0.2, 0.1, 0.05]), ("potential", [0.9, 1, 1, 0.95, 0.85])])
    #expect(text.hasPrefix("On e, potential ends best, with success 0.94 ["))
    #expect(text.contains("(5 runs, the worst 0.85), against 0.09 ["))
    #expect(text.contains("for environment. potential learns fastest: its score averaged over training is 0.48 ["))
    #expect(text.hasSuffix("Runs that failed: environment 5 of 5."))
  }

  @Test("overlapping arms are not told apart, and all are named with their values")
  func overlap() {
    let text = headline([("a", [0.6, 0.9, 0.5, 0.55, 0.7]), ("b", [0.55, 0.8, 0.5, 0.6, 0.6])])
    #expect(text.hasPrefix("On e, no arm can be told from the best: success a 0.65 ["))
    #expect(text.contains("] and b 0.61 [") && text.hasSuffix("No arm learns distinguishably faster."))
  }

  @Test("all that may be the best are named together, the others as worse")
  func mixed() {
    let text = headline([
      ("a", [0, 0.1, 0, 0.1, 0.2]), ("b", [0.9, 1, 0.95, 0.9, 0.92]), ("c", [0.91, 0.99, 0.94, 0.93, 0.9]),
    ])
    #expect(text.hasPrefix("On e, the best cannot be told apart: success "))
    #expect(text.contains("c 0.93 [") && text.contains("b 0.93 [") && text.contains(" Worse: a 0.08 ["))
    #expect(text.contains("c learns faster than a but is not distinguishable from b."))
  }

  @Test("three runs each cannot separate even arms that do not overlap, and the reader is told")
  func fewRuns() {
    let text = headline([("a", [0.5, 0.51, 0.52]), ("b", [0.8, 0.9, 1])])
    #expect(text.contains("no arm can be told from the best") && !text.contains("ends best"))
    #expect(text.hasSuffix("the rank test cannot fall below p = 0.100)."))
  }

  @Test("a single run concludes nothing")
  func oneRun() {
    #expect(
      headline([("a", [1]), ("b", [1])])
        == "On e, nothing can be concluded, since an arm has a single run: success a 1.00 and b 1.00.")
    #expect(headline([("a", [1])]) == "On e, a ends with success 1.00 over 10 episodes (1 run).")
  }

  @Test("where every run comes to the same value no arm is called the best, also where all of them failed")
  func equal() {
    #expect(
      headline([("a", [1, 1, 1, 1, 1]), ("b", [1, 1, 1, 1, 1])])
        == "On e, all 2 arms end alike: every run with success 1.00. No arm learns distinguishably faster.")
    #expect(
      headline([("a", [0, 0, 0, 0, 0]), ("b", [0, 0, 0, 0, 0])])
        == "On e, all 2 arms end alike: every run with success 0.00. No arm learns distinguishably faster. "
        + "Runs that failed: a 5 of 5 and b 5 of 5.")
  }

  @Test("without any result nothing is ranked")
  func nothing() {
    var summary = ComparisonFiguresTests.summary([("a", [1, 1]), ("b", [1, 1])])
    for arm in 0..<2 { for run in 0..<2 { summary.environments[0].arms[arm].runs[run].failure = "NaN" } }
    let figures = ComparisonFigures(summary, bootstrap: Bootstrap(replicates: 100))
    #expect(figures.headline == ["On e no run gave a result."])
    #expect(figures.overall.isEmpty && figures.environments[0].best.isEmpty)
    #expect(figures.environments[0].arms[0].failed == 2 && figures.environments[0].arms[0].failedShare == 1)
    #expect(Report(figures).html.contains("no run gave a result") && !figures.terminalTable().contains("nan"))
  }

  @Test("missing runs, an arm without results and unequal steps are said")
  func unlike() {
    var summary = ComparisonFiguresTests.summary([("a", [1, 0.9, 1, 1, 0.95]), ("b", [1, 1, 0.9, 1]), ("c", [1])])
    summary.environments[0].arms[1].missing = 1
    summary.environments[0].arms[2].runs = []
    for run in 0..<5 { summary.environments[0].arms[0].runs[run].trainedSteps = 100 }
    for run in 0..<4 { summary.environments[0].arms[1].runs[run].trainedSteps = 150 + run }
    let figures = ComparisonFigures(summary, bootstrap: Bootstrap(replicates: 500))
    let text = figures.headline.joined()
    #expect(text.contains("Runs that are not finished and left out: b 1 of 5."))
    #expect(text.contains("No run of c gave a result."))
    #expect(text.contains("did not use the same steps of the 100 asked for: a 100 and b 150 to 153."))
    #expect(figures.terminalTable().contains("4 of 5") && figures.terminalTable().contains("150 to 153"))
  }
}

@Suite("Comparisons over environments") struct OverallFiguresTests {
  /// Two environments, two arms; the values are successes.
  private func summary(_ first: [[Double]], _ second: [[Double]]) -> ComparisonSummary {
    func environment(_ id: String, _ arms: [[Double]]) -> EnvironmentSummary {
      var summary = ComparisonFiguresTests.summary(zip(["a", "b"], arms).map { (name: $0, successes: $1) })
      summary.environments[0].id = id
      return summary.environments[0]
    }
    var all = ComparisonFiguresTests.summary([])
    all.environments = [environment("e", first), environment("f", second)]
    return all
  }

  @Test("arms are ranked over the environments that all have results on, and the reader is told which")
  func common() {
    let figures = ComparisonFigures(
      summary([[0, 0.1, 0, 0.1, 0], [1, 1, 0.9, 1, 1]], [[1, 1, 1, 1, 1], []]), bootstrap: Bootstrap(replicates: 500))
    #expect(figures.commonEnvironments == ["e"] && figures.overall.map(\.environments) == [1, 1])
    // Over both environments a would have come to 0.52.
    #expect(close(figures.overall[0].mean.value, 0.04))
    #expect(
      figures.headline[0].hasPrefix("Over the 1 of 2 environments on which every arm has results (e), b ends best"))
    #expect(figures.terminalTable().contains("e, final scores"))
    #expect(Report(figures).html.contains("Over the environments on which every arm has results: e."))
  }

  @Test("without a common environment there is no ranking")
  func nothingInCommon() {
    let figures = ComparisonFigures(
      summary([[1, 1], []], [[], [1, 1]]), bootstrap: Bootstrap(replicates: 100))
    #expect(figures.overall.isEmpty && figures.commonEnvironments.isEmpty)
    #expect(figures.headline[0].hasPrefix("No environment has results of every arm"))
    #expect(Report(figures).html.contains("No environment has results of every arm"))
  }

  @Test("a tie on one task and a certainty on another are counted, not averaged")
  func certainties() throws {
    let figures = ComparisonFigures(
      summary([[1, 1, 1], [1, 1, 1]], [[0, 0.1, 0], [1, 1, 0.9]]), bootstrap: Bootstrap(replicates: 500))
    let comparison = try #require(figures.overall[1].overBaseline)
    #expect(comparison.probability.value == 0.75)
    #expect(comparison.certainties == ArmComparison.Certainties(better: 1, equal: 1, worse: 0))
    #expect(figures.overallComparisons[0][1].certainties == .init(better: 0, equal: 1, worse: 1))
    let table = figures.terminalTable()
    #expect(table.contains("better on 1, equal on 1") && !table.contains("0.75"))
    #expect(!figures.headline.joined().contains("0.75"))
    let page = Report(figures).html
    #expect(page.contains("better on 1, equal on 1") && !page.contains("0.75 <span"))
  }

  @Test("every pair of arms is compared, and the two ways round agree")
  func pairs() {
    let figures = ComparisonFiguresTests.figures(runs: 4, environments: 2)
    for matrix in figures.environments.map(\.comparisons) + [figures.overallComparisons] {
      #expect(matrix.count == 4 && matrix.allSatisfy { $0.count == 4 })
      for row in 0..<4 {
        #expect(matrix[row][row].probability.value == 0.5)
        for column in 0..<4 {
          #expect(close(matrix[row][column].probability.value, 1 - matrix[column][row].probability.value))
          #expect(matrix[row][column].pValue == matrix[column][row].pValue)
        }
      }
    }
  }

  @Test("figures of an arm do not change when another arm is added")
  func added() {
    let arms: [(name: String, successes: [Double])] = [("a", [0.2, 0.5, 0.9, 0.4]), ("b", [0.7, 0.8, 0.3, 1])]
    let bootstrap = Bootstrap(replicates: 500)
    let two = ComparisonFigures(ComparisonFiguresTests.summary(arms), bootstrap: bootstrap)
    let three = ComparisonFigures(
      ComparisonFiguresTests.summary(arms + [("c", [0.1, 0.2, 0.2, 0.9])]), bootstrap: bootstrap)
    #expect(Array(three.environments[0].arms.prefix(2)) == two.environments[0].arms)
    #expect(Array(three.overall.prefix(2)) == two.overall)
  }
}
