import Groundwork

/// What doc comments say of types, settings and cases: `setting-texts` read them when the program was built.
enum Documentation {
  private static let texts: [Substring: Substring] = {
    var texts: [Substring: Substring] = [:]
    for line in GeneratedTexts.lines.split(separator: "\n") {
      guard let tab = line.firstIndex(of: "\t") else { continue }
      texts[line[..<tab]] = line[line.index(after: tab)...]
    }
    return texts
  }()

  /// What a setting is, in one paragraph; nil where its declaration has no doc comment.
  ///
  /// A key that no property shows is declared by its case of `CodingKeys`.
  static func setting(_ declaration: String) -> String? {
    let parts = declaration.split(separator: ".")
    let coded = parts.dropLast().joined(separator: ".") + ".CodingKeys." + (parts.last ?? "")
    return (texts[declaration[...]] ?? texts[coded[...]]).map { text in
      // What Swift calls nil is typed as null.
      text.split(separator: "¶").joined(separator: " ").replacing(/\bnil\b/, with: "null")
        .replacing(/\bNil\b/, with: "Null")
    }
  }

  /// The words that a value of that type may be; empty where it is no enum, or one that has no raw values.
  static func cases(of type: String) -> [String] {
    texts[(type + ":cases")[...]]?.split(separator: ",").map(String.init) ?? []
  }

  /// What a type's doc comment says, heading by heading; what stands before the first has an empty heading.
  ///
  /// - Parameter names: The last that has a doc comment counts: what a type is generic over says more than the type.
  static func sections(of names: [String]) -> [DocumentedSection] {
    guard let text = names.lazy.reversed().compactMap({ texts[$0[...]] }).first else { return [] }
    var sections = [DocumentedSection(heading: "", paragraphs: [])]
    var isOpen = false
    for line in text.split(separator: "¶", omittingEmptySubsequences: false) {
      var line = line
      if line.hasPrefix("## ") {
        sections.append(DocumentedSection(heading: String(line.dropFirst(3)), paragraphs: []))
        isOpen = false
        continue
      }
      if line.hasPrefix("**"), let end = line.firstRange(of: ".**") {
        sections.append(
          DocumentedSection(heading: String(line[..<end.lowerBound].dropFirst(2)), paragraphs: []))
        line = line[end.upperBound...].trimmed
        isOpen = false
      } else if line.hasPrefix("Source: ") {
        sections.append(DocumentedSection(heading: "Source", paragraphs: []))
        line = line.dropFirst(8)
        isOpen = false
      }
      if line.isEmpty {
        isOpen = false
      } else if isOpen && !line.hasPrefix("- ") {
        sections[sections.count - 1].paragraphs[sections[sections.count - 1].paragraphs.count - 1] += " " + line
      } else {
        sections[sections.count - 1].paragraphs.append(String(line))
        isOpen = true
      }
    }
    return sections.filter { !$0.paragraphs.isEmpty }
  }
}

/// A part of a type's doc comment.
public struct DocumentedSection: Sendable, Hashable {
  /// For example `Reward`; empty for what stands before the first heading.
  public var heading: String
  /// Each without line feeds; items of lists begin with a dash.
  public var paragraphs: [String]
}
