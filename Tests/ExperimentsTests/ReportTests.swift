@testable import Experiments
import Groundwork
import ReinforcementLearning
import Testing

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

  @Test("runs that always succeed keep an interval, Wilson's over their episodes")
  func certainSuccess() {
    let figures = ComparisonFigures(Self.summary([("a", [1, 1])]), bootstrap: Bootstrap(replicates: 200))
    // scipy.stats.binomtest(20, 20).proportion_ci(method='wilson')
    #expect(close(figures.environments[0].arms[0].judged.mean.interval, 0.8388748419471808, 1))
    #expect(figures.environments[0].arms[0].measures[1].mean.interval == Interval(low: 1, high: 1))
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
    let page = Report(figures).html
    #expect(page.contains("(1 failed)") && page.contains("failed: NaN"))
    #expect(figures.terminalTable().contains("2 (1 failed)"))
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
    #expect(sentence.hasPrefix("On bandit/B, ucb1 learns fastest"))
    #expect(sentence.contains("It ends with mean regret 31.0 [") && sentence.hasSuffix("(5 runs, the worst 60.0)."))
    let page = Report(figures).html
    #expect(page.contains("Regret, mean") && page.contains("Worst run") && page.contains("regret, lower is better"))
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

  @Test("a clear winner is said to learn fastest")
  func winner() {
    let text = headline([("environment", [0, 0.1, 0.2, 0.1, 0.05]), ("potential", [0.9, 1, 1, 0.95, 0.85])])
    #expect(text.hasPrefix("On e, potential learns fastest: its score averaged over training is 0.48 ["))
    #expect(text.contains("for environment. It ends with success 0.94 ["))
    #expect(text.hasSuffix("(5 runs, the worst 0.85)."))
  }

  @Test("overlapping arms are not told apart")
  func overlap() {
    let text = headline([("a", [0.1, 0.9, 0.5, 0.4, 0.7]), ("b", [0.2, 0.8, 0.5, 0.6, 0.6])])
    #expect(text.contains("no arm learns distinguishably faster"))
  }

  @Test("an arm is called faster than some and not distinguishable from others")
  func mixed() {
    let text = headline([
      ("a", [0, 0.1, 0, 0.1, 0.2]), ("b", [0.9, 1, 0.95, 0.9, 0.92]), ("c", [0.91, 0.99, 0.94, 0.93, 0.9]),
    ])
    #expect(text.contains("c learns faster than a but is not distinguishable from b."))
  }

  @Test("three runs each cannot separate even arms that do not overlap, and the reader is told")
  func fewRuns() {
    let text = headline([("a", [0, 0.1, 0.2]), ("b", [0.8, 0.9, 1])])
    #expect(text.contains("not distinguishable from a"))
    #expect(text.hasSuffix("the rank test cannot fall below p = 0.100)."))
  }

  @Test("a single run concludes nothing")
  func oneRun() {
    #expect(headline([("a", [0]), ("b", [1])]).contains("nothing can be concluded"))
    #expect(headline([("a", [1])]) == "On e, a ends with success 1.00 over 10 episodes (1 run).")
  }
}
