import Foundation
import Groundwork
import Testing

@testable import Experiments

/// A page's charts as files for a paper.
@Suite struct ChartFilesTests {
  private static let page = """
    <html><head><style>.grid { stroke: var(--rule); }</style></head><body>
    <section><h2 id="a">gridworld/<wbr>Empty &amp; small</h2>
    \(card("Return", LearningCurveChart(
      title: "Return", xLabel: "steps", yLabel: "return",
      series: [
        .init(name: "ppo", label: "ppo", arm: 0, points: [(0, 0.1, nil), (100, 0.8, nil)]),
        .init(name: "a < b", label: "a < b", arm: 9, points: [(0, 0.2, nil), (100, 0.4, nil)]),
        .init(name: "bound", label: "bound", arm: -1, points: [(0, 0.3, nil), (100, 0.3, nil)]),
      ]).svg, csv: "arm,x\n\"a \"\"quoted\"\"\",1\n"))
    \(card("Return", BarChart(
      title: "Last", bars: [.init(name: "ppo", arm: 1, estimate: Estimate(value: 0.5, interval: nil, runs: 2), runs: [0.4, 0.6])]).svg, csv: "b"))
    </section></body></html>
    """

  @Test("each chart is a picture without classes or variables, under its heading's name, with its numbers beside it")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "charts-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.page.write(toFile: folder + "/report.html", atomically: true, encoding: .utf8)
    let paths = try ChartFiles.write(from: folder + "/report.html", to: folder + "/figures")
    let names = ["gridworld-empty-small-return", "gridworld-empty-small-return-2"]
    #expect(paths == names.map { "\(folder)/figures/\($0).svg" })
    #expect(
      try String(contentsOfFile: "\(folder)/figures/\(names[0]).csv", encoding: .utf8) == "arm,x\n\"a \"\"quoted\"\"\",1\n")
    for path in paths {
      let svg = try String(contentsOfFile: path, encoding: .utf8)
      #expect(svg.hasPrefix("<?xml") && svg.contains("xmlns=\"http://www.w3.org/2000/svg\""))
      #expect(!svg.contains("class=") && !svg.contains("var("))
      #expect(svg.contains("<title>gridworld/Empty &amp; small: Return</title>"))
      let parser = XMLReader()
      #expect(parser.read(svg), "not well-formed: \(path)")
    }
    let curves = try String(contentsOfFile: paths[0], encoding: .utf8)
    // The arm's colour and dash, as the page has them.
    #expect(curves.contains("stroke=\"#0072b2\" stroke-width=\"2.4\""))
    #expect(curves.contains("stroke=\"#c24e00\"") && curves.contains("stroke-dasharray=\"3 3\""))
    #expect(curves.contains(">a &lt; b</text>"))
    // What arms are held against is no arm.
    let dotted = "stroke=\"#57616c\" stroke-linejoin=\"round\" stroke-width=\"1.6\" stroke-dasharray=\"1 4\""
    #expect(curves.contains(dotted))
  }

  @Test("a page without a chart is refused in a line")
  func none() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "page-\(UUID().uuidString).html").path
    try "<h2>nothing</h2>".write(toFile: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    let error = #expect(throws: UserError.self) { try ChartFiles.write(from: file, to: file + ".d") }
    #expect(error?.reason == "'\(file)' has no chart" && !Files.exists(file + ".d"))
  }

  /// Whether tags are closed in order, which is what is well-formed of what charts are made of.
  private struct XMLReader {
    func read(_ text: String) -> Bool {
      var open: [Substring] = []
      for piece in text.split(separator: "<").dropFirst() {
        guard let close = piece.firstIndex(of: ">") else { return false }
        let tag = piece[..<close]
        if tag.hasPrefix("?") || tag.hasSuffix("/") { continue }
        let name = tag.split(separator: " ")[0]
        if name.hasPrefix("/") {
          guard open.popLast() == name.dropFirst() else { return false }
        } else {
          open.append(name)
        }
      }
      return open.isEmpty
    }
  }
}
