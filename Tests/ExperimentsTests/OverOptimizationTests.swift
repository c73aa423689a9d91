import Groundwork
import ReinforcementLearning
import Testing

@testable import Experiments

/// Whether what agents were paid led them away: the flag, what it must not be raised by, and the correlation.
@Suite struct OverOptimizationTests {
  /// Numbers that are about normal: the sum of twelve even ones.
  private struct Noise {
    var random: RandomSource
    init(_ seed: UInt64) { random = RandomSource(seed: seed, purpose: .comparisonIntervals, index: 7) }
    mutating func next() -> Double {
      (0..<12).reduce(-6.0) { sum, _ in sum + Double(random.next() >> 11) / 9_007_199_254_740_992 }
    }
    /// Each value nine tenths of the one before, as means over the last hundred episodes are.
    mutating func series(_ count: Int, deviation: Double = 1) -> [Double] {
      var values: [Double] = []
      for _ in 0..<count {
        let fresh = next() * deviation
        values.append(values.last.map { 0.9 * $0 + 0.436 * fresh } ?? fresh)
      }
      return values
    }
  }

  private static let points = 100

  private static func run(designed: [Double], environment: [Double]) -> OverOptimization.Run {
    let steps = (1...points).map { $0 * 1000 }
    return .init(
      designed: RunCurve(steps: steps, values: designed), environment: RunCurve(steps: steps, values: environment))
  }

  /// How often the flag is up over so many arms.
  private static func share(_ arms: Int, _ runs: Int, _ make: (inout Noise) -> OverOptimization.Run) -> Double {
    let flagged = (0..<arms).count { arm in
      var noise = Noise(UInt64(arm))
      return OverOptimization((0..<runs).map { _ in make(&noise) })!.isFlagged
    }
    return Double(flagged) / Double(arms)
  }

  private static let rising = (0..<points).map { Double($0) / 10 }
  /// Learns to 1 in the first half, then loses a part.
  private static func bent(losing part: Double) -> [Double] {
    (0..<points).map { $0 < 50 ? Double($0) / 50 : 1 - part * Double($0 - 50) / 49 }
  }
  private static func sum(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 + $1 } }

  @Test("curves that are no run's are judged by the same rule, and need three trainings")
  func plainCurves() {
    var noise = Noise(3)
    let worth = (0..<3).map { _ in Self.sum(Self.bent(losing: 0.5), noise.series(100, deviation: 0.05)) }
    let paid = (0..<3).map { _ in Self.sum(Self.rising, noise.series(100, deviation: 0.05)) }
    let flag = OverOptimization(designed: paid, environment: worth)
    #expect(flag?.isFlagged == true)
    #expect(OverOptimization(designed: worth, environment: paid)?.isFlagged == false)
    #expect(OverOptimization(designed: Array(paid.prefix(2)), environment: Array(worth.prefix(2))) == nil)
  }

  @Test("noise raises the flag of one arm in twenty at most, whatever the designed return does", arguments: [3, 5, 10])
  func noise(runs: Int) {
    // 400 arms: 0.05 with three standard errors of such a share.
    let limit = 0.05 + 3 * (0.05 * 0.95 / 400).squareRoot()
    #expect(Self.share(400, runs) { Self.run(designed: $0.series(100), environment: $0.series(100)) } < 0.02)
    #expect(
      Self.share(400, runs) { noise in
        Self.run(designed: Self.sum(Self.rising, noise.series(100)), environment: noise.series(100))
      } < limit)
    #expect(
      Self.share(400, runs) { noise in
        let fluctuation = noise.series(100)
        // What is paid falls where the worth rises: the worst kind of noise for this question.
        return Self.run(designed: Self.sum(Self.rising, fluctuation.map { -$0 }), environment: fluctuation)
      } < limit)
    #expect(
      Self.share(400, runs) { noise in
        let learnt = Self.bent(losing: 0)
        return Self.run(
          designed: Self.sum(Self.rising, noise.series(100)),
          environment: Self.sum(learnt, noise.series(100, deviation: 0.05)))
      } < limit)
    #expect(
      Self.share(400, runs) { noise in
        // At a ceiling with dips: nothing about it is normal.
        Self.run(
          designed: Self.sum(Self.rising, noise.series(100)), environment: noise.series(100).map { 1 - max(0, $0 - 1) })
      } < limit)
  }

  @Test("a fall by a fifth of what was learnt is found with five runs, and where it began")
  func fall() throws {
    let power = Self.share(200, 5) { noise in
      Self.run(
        designed: Self.sum(Self.rising, noise.series(100)),
        environment: Self.sum(Self.bent(losing: 0.2), noise.series(100, deviation: 0.05)))
    }
    #expect(power > 0.8)
    var noise = Noise(3)
    let runs = (0..<5).map { _ in
      Self.run(
        designed: Self.sum(Self.rising, noise.series(100, deviation: 0.1)),
        environment: Self.sum(Self.bent(losing: 0.5), noise.series(100, deviation: 0.02)))
    }
    let found = try #require(OverOptimization(runs))
    #expect(found.isFlagged && found.runs == 5 && (40_000...61_000).contains(found.step))
    #expect(abs(found.fall - 0.45) < 0.06 && abs(found.rise - 4.5) < 0.6 && found.fallShare > 0.4)
  }

  @Test("runs that all fall, one of them ten times as much as another, raise the flag; three that do not are too few")
  func spread() throws {
    func judged(_ losses: [Double]) throws -> OverOptimization {
      var noise = Noise(4)
      return try #require(
        OverOptimization(
          losses.map {
            Self.run(
              designed: Self.sum(Self.rising, noise.series(100, deviation: 0.1)),
              environment: Self.sum(Self.bent(losing: $0), noise.series(100, deviation: 0.01)))
          }))
    }
    // What five single networks lose in `preferences/ensembles`, brought to what was learnt.
    #expect(try judged([0.06, 0.16, 0.12, 0.65, 0.2]).isFlagged)
    let none = try judged([0, 0, 0, 0, 0])
    #expect(!none.isFlagged && none.isTelling && none.trainings == 5)
    let few = try judged([0.06, 0.16, 0.65])
    #expect(!few.isFlagged && !few.isTelling && few.trainings == 3)
    #expect(try judged([0.3, 0.32, 0.34]).isTelling)
  }

  @Test("with three and with eight runs falls are found as docs/comparisons.md says", arguments: [(3, 0.6), (8, 0.95)])
  func power(runs: Int, least: Double) {
    let found = Self.share(200, runs) { noise in
      // Falls of 0.5, give or take 0.15.
      let part = 0.5 + 0.15 * noise.next()
      return Self.run(
        designed: Self.sum(Self.rising, noise.series(100, deviation: 0.1)),
        environment: Self.sum(Self.bent(losing: part), noise.series(100, deviation: 0.02)))
    }
    #expect(found > least)
  }

  @Test("training that breaks down, a fall that does not matter, and two runs raise no flag")
  func otherFalls() throws {
    func judged(_ runs: Int, losing part: Double, designed: [Double]) -> OverOptimization? {
      var noise = Noise(9)
      return OverOptimization(
        (0..<runs).map { _ in
          Self.run(
            designed: Self.sum(designed, noise.series(100, deviation: 0.001)),
            environment: Self.sum(Self.bent(losing: part), noise.series(100, deviation: 0.001)))
        })
    }
    #expect(judged(5, losing: 0.3, designed: Self.rising)?.isFlagged == true)
    // The designed return falls with it: nothing was exploited.
    #expect(judged(5, losing: 0.3, designed: Self.bent(losing: 0.3))?.isFlagged == false)
    // A certain fall by 2 % of the range.
    let small = try #require(judged(5, losing: 0.02, designed: Self.rising))
    #expect(!small.isFlagged && small.fallPValue < 0.001 && small.fall > 0)
    #expect(judged(2, losing: 0.3, designed: Self.rising) == nil)
    let short = OverOptimization.Run(
      designed: RunCurve(steps: [1, 2, 3], values: [1, 2, 3]),
      environment: RunCurve(steps: [1, 2, 3], values: [3, 2, 1]))
    #expect(OverOptimization([short, short, short]) == nil)
  }

  @Test("Spearman's correlation is that of published examples, shares tied ranks, and is none of a constant")
  func correlation() throws {
    // Kendall, "Rank Correlation Methods": two orders of ten with a sum of squared differences of 158.
    let first = [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    let second = [7.0, 4, 3, 10, 6, 2, 9, 8, 1, 5]
    let squares = zip(first, second).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    #expect(try abs(#require(RankCorrelation.of(first, second)) - (1 - 6 * squares / 990)) < 1e-12)
    #expect(RankCorrelation.of([1, 2, 30], [-5, 0, 1]) == 1 && RankCorrelation.of([1, 2, 30], [9, 8, 1]) == -1)
    // Ranks 1, 2½, 2½, 4 against 1, 2, 3, 4: 4.5 / √(4.5 · 5).
    #expect(try abs(#require(RankCorrelation.of([1, 2, 2, 3], [1, 2, 3, 4])) - 4.5 / 22.5.squareRoot()) < 1e-12)
    #expect(RankCorrelation.of([1, 1, 1], [1, 2, 3]) == nil && RankCorrelation.of([1, 2], [1, 2]) == nil)
  }

  @Test("the one-sided t-test has the p-values of the tables")
  func test() {
    // Three values with t = 2.92, the 0.05 point of two degrees of freedom; five with t = 2.132 of four.
    func values(_ count: Int, t: Double) -> [Double] {
      let centred = (0..<count).map { Double($0) - Double(count - 1) / 2 }
      let deviation = (centred.reduce(0) { $0 + $1 * $1 } / Double(count - 1)).squareRoot()
      return centred.map { $0 + t * deviation / Double(count).squareRoot() }
    }
    #expect(abs(StudentInterval.pValue(ofMeanAbove0: values(3, t: 2.920)) - 0.05) < 1e-4)
    #expect(abs(StudentInterval.pValue(ofMeanAbove0: values(5, t: 2.132)) - 0.05) < 1e-4)
    #expect(abs(StudentInterval.pValue(ofMeanAbove0: values(5, t: -2.132)) - 0.95) < 1e-4)
    #expect(StudentInterval.pValue(ofMeanAbove0: [2, 2, 2]) == 0 && StudentInterval.pValue(ofMeanAbove0: [0, 0]) == 1)
    #expect(StudentInterval.pValue(ofMeanAbove0: [1]) == 1 && StudentInterval.pValue(ofMeanAbove0: [1, .nan]) == 1)
  }

  /// A comparison of three designs: the environment's own, one that points the way, and one that leads astray.
  static func summary() -> ComparisonSummary {
    var noise = Noise(1)
    func arm(_ name: String, designed: [Double]?, losing part: Double) -> ArmSummary {
      ArmSummary(
        name: name,
        runs: (1...5).map { seed in
          let environment = sum(bent(losing: part), noise.series(100, deviation: 0.03))
          let steps = (1...points).map { $0 * 1000 }
          let returns = designed.map {
            TrainingReturns(
              steps: steps, designed: sum($0, noise.series(100, deviation: 0.05)), environment: environment,
              rewardSeconds: 3, labels: name.contains("preferences") ? 200 : nil)
          }
          return RunSummary(
            seed: UInt64(seed), curve: steps.map { CurvePoint(step: $0, values: [environment[$0 / 1000 - 1]]) },
            final: [environment.last!], episodes: 100, wallSeconds: 40, stepsPerSecond: 2500, training: returns,
            trainedSteps: 100_000)
        })
    }
    return ComparisonSummary(
      title: "Designs", date: "2026-01-02", commandLine: "forage compare", agent: "ppo", steps: 100_000,
      environments: [
        EnvironmentSummary(
          id: "control/CartPole", measures: [.return(in: 0...1)],
          arms: [
            arm("environment", designed: nil, losing: 0),
            arm("environment+shaping", designed: bent(losing: 0), losing: 0),
            arm("preferences", designed: rising, losing: 0.4),
          ])
      ])
  }

  @Test("where nothing can be said of a design the report says why: runs, episodes that ended, or lines of a log")
  func obstacles() throws {
    func design(_ change: (inout [RunSummary]) -> Void) throws -> (DesignFigures, table: String) {
      var summary = Self.summary()
      change(&summary.environments[0].arms[2].runs)
      let figures = ComparisonFigures(summary, bootstrap: Bootstrap(replicates: 50))
      return (try #require(figures.environments[0].arms[2].design), figures.terminalTable())
    }
    func shortened(_ run: inout RunSummary, to lines: Int) {
      guard let whole = run.training else { return }
      run.training = TrainingReturns(
        steps: Array(whole.steps.prefix(lines)), designed: Array(whole.designed.prefix(lines)),
        environment: Array(whole.environment.prefix(lines)), labels: whole.labels)
    }
    let (few, fewTable) = try design { $0.removeLast(3) }
    #expect(few.obstacle == .fewRuns && fewTable.contains("too few runs"))
    let (short, shortTable) = try design { shortened(&$0[4], to: 3) }
    #expect(short.obstacle == .fewLines && short.flagText == "too short a log" && !shortTable.contains("too few"))
    let (silent, silentTable) = try design { for run in 0..<3 { shortened(&$0[run], to: 0) } }
    #expect(silent.obstacle == .fewEpisodes && silentTable.contains("too few episodes") && silent.labels == 200)
    // Where none ended at all it is that, however few runs there are and whether or not anybody is asked.
    for count in [1, 5] {
      let (none, noneTable) = try design { runs in
        runs.removeLast(5 - count)
        for run in runs.indices { shortened(&runs[run], to: 0) }
        for run in runs.indices { runs[run].training?.labels = nil }
      }
      #expect(none.overOptimization == nil && none.labels == nil && noneTable.contains("no episode ended"))
    }
    // Four lines make four parts, not ten, which is said where the rule is.
    let (enough, _) = try design { for run in $0.indices { shortened(&$0[run], to: 4) } }
    #expect(enough.obstacle == nil && enough.overOptimization.map { [1750, 2500, 3250].contains($0.step) } == true)
    #expect(ComparisonFigures.overOptimizationRule.contains("larger where a log has fewer than ten lines"))
    let text = ComparisonFigures(Self.summary(), bootstrap: Bootstrap(replicates: 50)).json.text()
    #expect(!text.contains("obstacle"), "what can be said has none")
  }

  @Test("the report flags the design that leads astray and no other, in words, table, page and JSON")
  func report() throws {
    let figures = ComparisonFigures(Self.summary(), bootstrap: Bootstrap(replicates: 200))
    let designs = figures.environments[0].arms.map(\.design)
    #expect(designs[0] == nil)
    let (good, bad) = (try #require(designs[1]), try #require(designs[2]))
    #expect(good.overOptimization?.isFlagged == false && good.labels == nil)
    let correlations = (try #require(good.correlation), try #require(bad.correlation))
    #expect(correlations.0.value > 0.8)
    #expect(bad.overOptimization?.isFlagged == true && bad.labels == 200)
    #expect(bad.rewardSeconds == 3 && bad.rewardShare.map { abs($0 - 0.075) < 1e-12 } ?? false)
    #expect(correlations.1.interval != nil && correlations.1.value < correlations.0.value)
    let start = "Over-optimised on control/CartPole: preferences. From step "
    let sentences = figures.headline.filter { $0.hasPrefix(start) }
    #expect(sentences.count == 1 && figures.headline.count == 2, "\(figures.headline)")
    let table = figures.terminalTable(width: 80)
    #expect(table.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(table.contains("YES, from ") && table.contains("3.0 s, 7.5 %"), "\(table)")
    let html = Report(figures).html
    #expect(html.ranges(of: "<span class=\"flag\">over-optimised</span>").count == 1)
    #expect(html.contains("What it was worth: the path of training"))
    // A change can be a rise, since the last part is not among those that it may begin in.
    #expect(html.contains("from the part of training, its last one left out, in which"))
    let design = figures.json["environments"]?.array?[0]["arms"]?.array?[2]["design"]
    #expect(design?["overOptimization"]?["isFlagged"] == true)
    #expect(figures.runTable.contains("control/CartPole,preferences,1,100000,final/labels,200\n"))
    // Of arms.csv a row an arm, as there is one measure; of a design that asks nobody no labels.
    let rows = figures.armTable.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(Set(rows.map(\.count)) == [24] && rows.count == 4)
    let ends = rows.map { Array($0.suffix(8)) }
    #expect(ends[0].prefix(5) == ["correlation", "correlation_low", "correlation_high", "over_optimised", "labels"])
    #expect(ends[1] == Array(repeating: "", count: 8))
    #expect(Array(ends[2][3...]) == ["0", "", "", "", ""] && Array(ends[3][3...]) == ["1", "200", "", "", ""])
    #expect(Double(ends[3][0]) == correlations.1.value && !ends[3][1].isEmpty && !ends[3][2].isEmpty)
    // What was paid the same throughout is correlated with nothing: there is no figure, and none is printed.
    var constant = Self.summary()
    for run in constant.environments[0].arms[2].runs.indices {
      constant.environments[0].arms[2].runs[run].training?.designed = Array(repeating: 0, count: Self.points)
    }
    let untaught = ComparisonFigures(constant, bootstrap: Bootstrap(replicates: 50))
    let paid = untaught.json["environments"]?.array?[0]["arms"]?.array?[2]["design"]
    #expect(paid != nil && paid?["correlation"] == nil && paid?.text().contains("NaN") == false)
    #expect(!Report(untaught).html.contains("NaN") && !untaught.terminalTable(width: 80).contains("nan"))
    // Of arms that are paid the environment's reward alone there is no such table.
    let plain = ComparisonFigures(SampleComparison.summary(runs: 2), bootstrap: Bootstrap(replicates: 50))
    #expect(!plain.terminalTable().contains("over-optimised") && !Report(plain).html.contains("Designed return"))
  }
}
