import Groundwork
import ReinforcementLearning
import Testing

@testable import Experiments

@Suite("Report page") struct ReportPageTests {
  private func page(_ change: (inout ComparisonSummary) -> Void = { _ in }, movies: [ReplayMovie] = []) -> String {
    var summary = SampleComparison.summary(runs: 2, environments: 2)
    change(&summary)
    return Report(ComparisonFigures(summary, bootstrap: Bootstrap(replicates: 50)), movies: movies).html
  }

  @Test("the page loads nothing from elsewhere")
  func selfContained() {
    let html = page(movies: [SampleComparison.movie()])
    for outside in ["http://", "https://", "src=", "@import", "url(", "<link"] { #expect(!html.contains(outside)) }
  }

  @Test("no text can break out of the page")
  func escaping() {
    let attack = "</script><script>alert('x')</script>\"&"
    let html = page(
      { summary in
        summary.title = attack
        summary.notes = [attack]
        summary.commandLine = attack
        summary.environments[0].id = attack
        summary.environments[0].arms[0].name = attack
        summary.environments[0].arms[1].runs[0].failure = attack
        summary.environments[0].arms[1].needs = [attack]
      }, movies: [SampleComparison.movie()])
    #expect(!html.contains("<script>alert"))
    #expect(html.contains("&lt;/script&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"))
    // The sample movie has a caption with "</script>" in it.
    #expect(html.components(of: "</script>") == 3)
  }

  @Test("text that would steer a terminal or turn the direction of what follows is not on the page")
  func steering() {
    let html = page { summary in
      summary.notes = ["a\u{1b}[31mb\u{202e}c\u{2066}d\u{9b}e"]
      summary.environments[0].arms[1].runs[0].failure = "\u{202e}lost"
    }
    #expect(html.unicodeScalars.allSatisfy { !$0.steersTerminal })
    #expect(html.contains("a\u{fffd}[31mb\u{fffd}c\u{fffd}d\u{fffd}e"))
    #expect(Markup.script("{\"a\":\"<\u{2028}\u{202e}\"}") == "{\"a\":\"\\u003c\\u2028\\u202e\"}")
  }

  @Test("thirty-two arms have lines that can be told apart")
  func lines() {
    #expect(Set((0..<32).map { Markup.line($0) }).count == 32 && Markup.line(-1) == "reference")
    #expect(Set((0..<8).map { Markup.color($0) }).count == 8)
  }

  @Test("a command on the page is broken between words only")
  func command() {
    let html = page { $0.commandLine = "forage compare --first-seed 5 --set 'a=[1, 2]'" }
    #expect(html.contains("<span>--first-seed</span> <span>5</span> <span>--set</span> <span>&#39;a=[1,</span>"))
  }

  @Test("the columns of a chart's numbers are words without signs", arguments: [
    ("environment steps", "environment_steps"),
    ("designed return, from its lowest (0) to its highest (1)", "designed_return"),
    ("environment’s return", "environments_return"), ("log10 of the pulls", "log10_of_the_pulls"), ("", "value"),
  ])
  func columns(heading: String, column: String) { #expect(CSV.column(heading) == column) }

  @Test("every element that is opened is closed")
  func balanced() {
    let html = page(movies: [SampleComparison.movie()])
    for name in [
      "section", "table", "tr", "td", "th", "svg", "div", "figure", "details", "nav", "main", "p", "h2", "ul", "li",
      "text", "dl",
    ] {
      #expect(
        html.components(of: "<\(name)>") + html.components(of: "<\(name) ") == html.components(of: "</\(name)>"),
        "\(name)")
    }
  }

  @Test("a movie stores a shape once, and frames as differences that give back the frames")
  func movie() throws {
    let movie = SampleComparison.movie(frames: 30)
    #expect(movie.frames.count == 30 && movie.captions.count == 30)
    #expect(movie.width > 8 && movie.height == 8)
    #expect(Set(movie.shapes).count == movie.shapes.count)
    let json = movie.json
    var frames: [[Int]] = []
    for frame in try #require(json["f"]?.array) {
      if let list = frame.array {
        frames.append(list.compactMap(\.integer))
      } else {
        let changes = try #require(frame["d"]?.array).compactMap(\.integer)
        var next = try #require(frames.last)
        for index in stride(from: 0, to: changes.count, by: 2) { next[changes[index]] = changes[index + 1] }
        frames.append(next)
      }
    }
    #expect(frames == movie.frames)
    #expect(json["s"]?.array?.count == movie.shapes.count)
    #expect(json.text().utf8.count < 10_000, "thirty frames of a gridworld stay small")
    #expect(json["s"]?.array?[0] == ["r", 0.02, 0.02, 0.96, 0.96, 0])
    #expect(json["p"]?.array?.prefix(2) == ["#64686e", "#1c1e22"])
  }

  @Test("a sketch without shapes is shown as its board")
  func board() {
    var sketch = Sketch(width: 0, height: 0)
    sketch.board = [[.init("#"), .init(" "), .init("@", .init(255, 0, 0))]]
    var movie = ReplayMovie(title: "")
    movie.append(sketch, captions: [])
    #expect(movie.shapes.count == 3)
    #expect(movie.shapes[2] == .character("@", center: .init(2.5, 1), height: 2, .init(255, 0, 0)))
  }

  @Test("the terminal table's columns line up")
  func terminal() {
    let figures = ComparisonFigures(
      SampleComparison.summary(runs: 2, environments: 1), bootstrap: Bootstrap(replicates: 50))
    let lines = figures.terminalTable().split(separator: "\n", omittingEmptySubsequences: false)
    let start = lines.firstIndex { $0.hasPrefix("arm ") }!
    let table = lines[start..<(start + 6)]
    #expect(Set(table.map(\.count)).count == 1)
    #expect(
      PlainText.table([["a", "b"], ["long", "1"], ["x", "22"]]) == """
        a      b
        ────  ──
        long   1
        x     22

        """)
  }

  @Test("in a narrow terminal nothing is wider than it, and no column is lost", arguments: [60, 80, 100])
  func narrow(width: Int) {
    let figures = ComparisonFigures(
      SampleComparison.summary(runs: 2, environments: 2), bootstrap: Bootstrap(replicates: 50))
    let lines = figures.terminalTable(width: width).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= width }, "\(lines.max { $0.count < $1.count } ?? "")")
    for column in [
      "failed", "success, mean", "IQM", "worst run", "return", "score over training", "steps to 0.9", "wall",
    ] {
      #expect(lines.contains { $0.contains(column) }, "\(column)")
    }
    #expect(lines.contains { $0.hasPrefix("  +program(file=") })
  }

  @Test("text is wrapped between words and names before their signs")
  func wrapping() {
    #expect(PlainText.wrapped("one two three", 8) == "one two\nthree")
    #expect(PlainText.wrapped("one two three", nil) == "one two three")
    #expect(
      PlainText.wrapped("environment+0.01*count", 16, hanging: 2, isName: true) == "environment\n  +0.01*count")
    #expect(
      PlainText.wrapped("averyveryverylongname", 10, hanging: 2, isName: true).split(separator: "\n").allSatisfy {
        $0.count <= 10
      })
  }

  @Test(
    "labels leave out what all arms begin or end with alike",
    arguments: [
      (["environment", "environment+0.01*count"], ["environment", "+0.01*count"]),
      (["ppo: environment", "go-explore: environment"], ["ppo", "go-explore"]),
      (["0.01*rnd", "0.02*rnd"], ["0.01*rnd", "0.02*rnd"]), (["environment"], ["environment"]),
      (["environment+count(scale=1)", "environment+count(scale=2)"], ["(scale=1)", "(scale=2)"]),
      (["learningRate=1e-4", "learningRate=1e-3"], ["1e-4", "1e-3"]),
    ])
  func labels(names: [String], expected: [String]) {
    let labels = ArmLabels(names)
    #expect(names.map { labels.label($0, limit: 20) } == expected)
  }

  @Test("arms whose names differ in the middle alone, which is left out, are told apart by their numbers")
  func alike() {
    let names = [2, 3].map { "environment+0.01*count(of=cell)+0.0\($0)*rnd+0.01*potential(signal=angle)" }
    let others = names.map { "count+\($0)" } + ["count"]
    let labels = ArmLabels(others)
    #expect(Set(others.map { labels.label($0, limit: 20) }).count == 3)
    #expect(others.map { labels.label($0, limit: 20).prefix(4) } == ["(1) ", "(2) ", "coun"])
    #expect(others.allSatisfy { labels.label($0, limit: 20).count <= 20 })
    // Where they fit they are as they were.
    #expect(others.map { labels.label($0, limit: 100) }.allSatisfy { !$0.hasPrefix("(") })
    let chart = BarChart(
      title: "t",
      bars: names.enumerated().map { arm, name in
        .init(name: name, arm: arm, estimate: Estimate(value: 1, interval: nil, runs: 1), runs: [1])
      })
    #expect(chart.svg.contains(">(1) environment") && chart.svg.contains(">(2) environment"))
  }

  @Test("comparison.csv has every number of every run, arms.csv every arm, and texts cannot break a row")
  func tables() throws {
    var summary = ComparisonFiguresTests.summary([("a,b", [0.25, 1]), ("c\"d", [0.5])])
    summary.environments[0].arms[0].runs[0].components = [ComponentCurve(name: "count", steps: [50], values: [0.125])]
    summary.environments[0].arms[1].runs.append(RunSummary(seed: 7, failure: "NaN"))
    let figures = ComparisonFigures(summary, bootstrap: Bootstrap(replicates: 100))
    let lines = figures.runTable.split(separator: "\n").map(String.init)
    #expect(lines[0] == "environment,arm,seed,step,measure,value")
    // Three finished runs with two evaluations of two measures, two last figures and whether they failed; one
    // component; one run that broke.
    #expect(lines.count == 1 + 3 * (2 * 2 + 2 + 1) + 1 + 1)
    for line in [
      "e,\"a,b\",0,100,evaluation/success,0.25", "e,\"a,b\",0,50,reward/count,0.125", "e,\"a,b\",0,0,final/failed,1",
      "e,\"c\"\"d\",7,,final/failed,1", "e,\"c\"\"d\",0,0,final/failed,0",
    ] {
      #expect(lines.contains(line), "\(line)")
    }
    let arms = figures.armTable.split(separator: "\n").map(String.init)
    #expect(arms.count == 5 && arms[1].hasPrefix("e,\"a,b\",2,1,0.5,0,0,0,success,0.625,"))
  }

  @Test("every chart carries its numbers, and the page says what the presets were chosen on")
  func downloads() {
    let html = page { summary in
      summary.presets = [
        PresetSummary(agent: "ppo", environments: "gridworld/", chosenOn: "DoorKey", seeds: 1...5, reported: [1, 2, 9])
      ]
      #expect(summary.presets[0].reported == [1, 2])
    }
    #expect(html.components(of: "class=\"card\"") == html.components(of: "data-csv=\"arm,"))
    #expect(html.contains("ppo in gridworld/: DoorKey; seeds 1 to 5"))
  }

  @Test("all files are written")
  func files() throws {
    try withTemporaryDirectory { directory in
      let figures = ComparisonFigures(SampleComparison.summary(runs: 1, environments: 1))
      let path = try Report(figures).write(to: directory + "/deep/report")
      #expect(path == directory + "/deep/report/report.html")
      #expect(Files.list(directory + "/deep/report") == ["arms.csv", "comparison.csv", "report.html", "report.json"])
    }
  }

  @Test("axes have round ticks that cover the data")
  func axis() {
    let axis = Axis(low: -3.2, high: 17, start: 0, end: 100)
    #expect(axis.ticks == [-5, 0, 5, 10, 15, 20] && axis.labels == ["-5", "0", "5", "10", "15", "20"])
    #expect(axis.position(-5) == 0 && axis.position(20) == 100)
    let unit = Axis(low: 0, high: 1, start: 0, end: 100, isExact: true)
    #expect(unit.labels == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(Axis(low: 3, high: 3, start: 0, end: 1).low < 3)
  }

  @Test(
    "numbers read as a person would write them",
    arguments: [
      (NumberText.fixed(0.985, 2), "0.99"), (NumberText.fixed(-0.004, 2), "0.00"), (NumberText.fixed(-1.25, 1), "-1.3"),
      (NumberText.fixed(.nan, 2), "–"), (NumberText.short(1234.5), "1235"), (NumberText.steps(999), "999"),
      (NumberText.steps(12_500), "12.5k"), (NumberText.steps(1_000_000), "1M"), (NumberText.steps(999_960), "1M"),
      (NumberText.seconds(4.25), "4.3 s"), (NumberText.seconds(7200), "2.0 h"),
      (
        NumberText.estimate(Estimate(value: 0.98, interval: Interval(low: 0.95, high: 1), runs: 5)), "0.98 [0.95, 1.00]"
      ),
      (NumberText.estimate(Estimate(value: 0.98, interval: nil, runs: 1)), "0.98"),
    ])
  func numbers(text: String, expected: String) { #expect(text == expected) }
}

extension String {
  /// How often a text stands in it.
  func components(of part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: part) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
