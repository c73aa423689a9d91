public import Groundwork

/// The charts of a page as files: each an SVG that stands by itself, light, for a paper, and its numbers as CSV.
///
/// What the page's style sheet says of a chart's elements is written into them, since converters to PDF read
/// attributes and no style sheets with variables.
public enum ChartFiles {
  /// A chart of a page.
  struct Chart {
    var heading: String
    /// Of the part of the page that it stands in; empty at the top.
    var part: String
    var svg: String
    var csv: String
  }

  /// Writes the charts of a page that this program wrote.
  ///
  /// - Parameters:
  ///   - page: `report.html`.
  ///   - folder: Made where it is not there; files of the same names are replaced.
  /// - Returns: The paths of the pictures, in the page's order; beside each lies its CSV.
  /// - Throws: `UserError` when the page cannot be read or has no chart, or a file cannot be written.
  public static func write(from page: String, to folder: String) throws(UserError) -> [String] {
    let charts = charts(in: try Files.readText(page, as: .text))
    guard !charts.isEmpty else {
      throw UserError("'\(page)' has no chart", fix: "Wait until runs are finished, then report again")
    }
    try Files.makeDirectory(folder)
    var paths: [String] = []
    for (name, chart) in zip(names(of: charts), charts) {
      try Files.writeAtomically(standing(chart), to: "\(folder)/\(name).svg")
      try Files.writeAtomically(chart.csv, to: "\(folder)/\(name).csv")
      paths.append("\(folder)/\(name).svg")
    }
    return paths
  }

  /// Every chart with its numbers.
  static func charts(in page: String) -> [Chart] {
    var charts: [Chart] = []
    var part = ""
    let pieces = page.split(separator: "<section class=\"card\" data-csv=\"", omittingEmptySubsequences: false)
    for (number, piece) in pieces.enumerated() {
      if number > 0, let quote = piece.firstIndex(of: "\""), let heading = text("h3", in: piece),
        let start = piece.firstRange(of: "<svg class=\"chart\""), let end = piece.firstRange(of: "</svg>")
      {
        charts.append(
          Chart(
            heading: heading, part: part, svg: String(piece[start.lowerBound..<end.upperBound]),
            csv: unescaped(piece[..<quote])))
      }
      // What begins here is about what comes next.
      if let last = piece.ranges(of: "<h2").last, let heading = text("h2", in: piece[last.lowerBound...]) {
        part = heading
      }
    }
    return charts
  }

  /// A file's name for each, without its ending.
  static func names(of charts: [Chart]) -> [String] {
    var known: [String: Int] = [:]
    return charts.map { chart in
      let words = (chart.part.isEmpty ? "" : chart.part + " ") + chart.heading
      let parts = words.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
      let name = String(parts.joined(separator: "-").prefix(100))
      known[name, default: 0] += 1
      return known[name] == 1 ? name : "\(name)-\(known[name]!)"
    }
  }

  // MARK: A picture that stands by itself

  private static let (ink, soft, rule) = (PageStyle.ink, PageStyle.soft, PageStyle.rule)

  static func standing(_ chart: Chart) -> String {
    let title = (chart.part.isEmpty ? "" : chart.part + ": ") + chart.heading
    var result = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    var rest = chart.svg[...]
    while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
      result += rest[..<open]
      let tag = rest[open...close]
      rest = rest[rest.index(after: close)...]
      guard !tag.hasPrefix("<svg") else {
        let box = attribute("viewBox", of: tag)?.split(separator: " ") ?? ["0", "0", "500", "300"]
        result += """
          <svg xmlns="http://www.w3.org/2000/svg" viewBox="\(box.joined(separator: " "))" width="\(box[2])" \
          height="\(box[3])" font-family="Helvetica, Arial, sans-serif" font-size="13">
          <title>\(Markup.escaped(title))</title>
          <rect x="\(box[0])" y="\(box[1])" width="\(box[2])" height="\(box[3])" fill="\(PageStyle.page)"/>
          """
        continue
      }
      result += drawn(tag)
    }
    return result + rest + "\n"
  }

  /// A tag with the attributes that its classes stand for in their place.
  private static func drawn(_ tag: Substring) -> String {
    let classes = Set(attribute("class", of: tag)?.split(separator: " ").map(String.init) ?? [])
    let isText = tag.hasPrefix("<text")
    guard isText || !classes.isEmpty else { return String(tag) }
    let isReference = classes.contains(Markup.color(-1))
    let arm = PageStyle.arms.indices.first { classes.contains(Markup.color($0)) }
    let color = isReference ? soft : arm.map { PageStyle.arms[$0] } ?? ink
    var set: [(String, String)] = []
    func add(_ name: String, _ value: String) {
      set.removeAll { $0.0 == name }
      set.append((name, value))
    }
    if isText {
      add("fill", ink)
      for (name, value) in [
        ("paint-order", "stroke"), ("stroke", PageStyle.page), ("stroke-width", "3"), ("stroke-linejoin", "round"),
      ] { add(name, value) }
    }
    if classes.contains("tick") { for (name, value) in [("fill", soft), ("font-size", "12")] { add(name, value) } }
    if classes.contains("end") { add("text-anchor", "end") }
    if classes.contains("mid") { add("text-anchor", "middle") }
    if classes.contains("label") {
      for (name, value) in [("fill", color), ("font-weight", "600"), ("font-size", "12.5")] { add(name, value) }
    }
    if classes.contains("grid") { add("stroke", rule) }
    if classes.contains("axis") { add("stroke", soft) }
    if classes.contains("rule") {
      for (name, value) in [("stroke", soft), ("stroke-dasharray", "2 4")] { add(name, value) }
    }
    if classes.contains("curve") {
      for (name, value) in [
        ("fill", "none"), ("stroke", color), ("stroke-width", "2.4"), ("stroke-linejoin", "round"),
      ] { add(name, value) }
    }
    if isReference, classes.contains("curve") {
      for (name, value) in [("stroke-width", "1.6"), ("stroke-dasharray", "1 4"), ("stroke-linecap", "round")] {
        add(name, value)
      }
    }
    if classes.contains("band") { for (name, value) in [("fill", color), ("opacity", "0.16")] { add(name, value) } }
    if classes.contains("bar") { for (name, value) in [("fill", color), ("opacity", "0.75")] { add(name, value) } }
    if classes.contains("dot") { add("fill", color) }
    if classes.contains("run") {
      for (name, value) in [("fill", PageStyle.page), ("stroke", ink), ("stroke-width", "1"), ("opacity", "0.8")] {
        add(name, value)
      }
    }
    if classes.contains("whisker") {
      for (name, value) in [("stroke", ink), ("stroke-width", "1.8"), ("fill", "none")] { add(name, value) }
    }
    for (dash, value) in [("d1", "9 4"), ("d2", "3 3"), ("d3", "10 3 2 3")] where classes.contains(dash) {
      add("stroke-dasharray", value)
    }
    let written = set.map { " \($0.0)=\"\($0.1)\"" }.joined()
    var plain = String(tag)
    if let found = attribute("class", of: tag), let range = plain.firstRange(of: " class=\"\(found)\"") {
      plain.removeSubrange(range)
    }
    let name = plain.firstIndex { " />".contains($0) && $0 != "<" } ?? plain.endIndex
    plain.insert(contentsOf: written, at: name)
    return plain
  }

  // MARK: Reading the page

  private static func attribute(_ name: String, of tag: Substring) -> String? {
    guard let start = tag.firstRange(of: " \(name)=\""), let end = tag[start.upperBound...].firstIndex(of: "\"") else {
      return nil
    }
    return String(tag[start.upperBound..<end])
  }

  /// What an element holds, without the tags in it.
  private static func text(_ element: String, in page: Substring) -> String? {
    guard let open = page.firstRange(of: "<\(element)"), let start = page[open.upperBound...].firstIndex(of: ">"),
      let end = page[start...].firstRange(of: "</\(element)>")
    else { return nil }
    var text = ""
    var isTag = false
    for character in page[page.index(after: start)..<end.lowerBound] {
      if character == "<" { isTag = true }
      if !isTag { text.append(character) }
      if character == ">" { isTag = false }
    }
    return unescaped(text[...])
  }

  private static func unescaped(_ text: Substring) -> String {
    var result = String(text)
    for (code, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
      result = result.replacing(code, with: character)
    }
    return result
  }
}
