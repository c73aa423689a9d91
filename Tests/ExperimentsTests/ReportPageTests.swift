@testable import Experiments
import Groundwork
import ReinforcementLearning
import Testing

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
    let html = page({ summary in
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
    #expect(html.components(of: "</script>") == 2)
  }

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
    #expect(movie.shapes[2] == .text("@", at: .init(1.2, 0), height: 1, .init(255, 0, 0)))
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
      TextTable.aligned([["a", "b"], ["long", "1"], ["x", "22"]]) == """
        a      b
        ────  ──
        long   1
        x     22

        """)
  }

  @Test("both files are written")
  func files() throws {
    try withTemporaryDirectory { directory in
      let figures = ComparisonFigures(SampleComparison.summary(runs: 1, environments: 1))
      let path = try Report(figures).write(to: directory + "/deep/report")
      #expect(path == directory + "/deep/report/report.html")
      #expect(Files.list(directory + "/deep/report") == ["report.html", "report.json"])
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
