import ReinforcementLearning

/// Draws texts from a grammar in GBNF: rules of literals, character classes, groups, `|`, `?`, `*`, `+` and `{m,n}`.
struct GrammarSampler {
  indirect enum Part {
    case literal(String)
    case characters([Character])
    case rule(String)
    case sequence([Part])
    case choice([Part])
    case repeated(Part, ClosedRange<Int>)
  }

  private(set) var rules: [String: Part] = [:]
  /// The least nesting that a rule can be drawn with.
  private var heights: [String: Int] = [:]

  init(_ text: String) {
    for line in text.split(separator: "\n") {
      guard let sign = line.firstRange(of: " ::= ") else { preconditionFailure("no rule: \(line)") }
      var rest = Array(line[sign.upperBound...])[...]
      rules[String(line[..<sign.lowerBound])] = GrammarSampler.choice(&rest)
      precondition(rest.isEmpty, "left over: \(String(rest))")
    }
    // Rules whose parts are all known, until nothing changes.
    var changed = true
    while changed {
      changed = false
      for (name, part) in rules where heights[name] == nil {
        if let inner = height(part) {
          heights[name] = inner + 1
          changed = true
        }
      }
    }
    precondition(heights.count == rules.count, "rules that never end: \(rules.keys.filter { heights[$0] == nil })")
  }

  /// Where a grammar names a rule that it lacks.
  var isClosed: Bool { rules.values.allSatisfy { isClosed($0) } }

  private func isClosed(_ part: Part) -> Bool {
    switch part {
    case .literal, .characters: true
    case .rule(let name): rules[name] != nil
    case .sequence(let parts), .choice(let parts): parts.allSatisfy(isClosed)
    case .repeated(let part, _): isClosed(part)
    }
  }

  private func height(_ part: Part) -> Int? {
    switch part {
    case .literal, .characters: return 0
    case .rule(let name): return heights[name]
    case .sequence(let parts):
      let all = parts.map(height)
      return all.contains { $0 == nil } ? nil : all.compactMap { $0 }.max() ?? 0
    case .choice(let parts): return parts.compactMap(height).min()
    case .repeated(let part, let range): return range.lowerBound == 0 ? 0 : height(part)
    }
  }

  /// A text of a rule; below `depth` the shortest way out is taken.
  func draw(_ rule: String = "root", depth: Int = 14, random: inout RandomSource) -> String {
    draw(rules[rule]!, depth, &random)
  }

  private func draw(_ part: Part, _ depth: Int, _ random: inout RandomSource) -> String {
    switch part {
    case .literal(let text): return text
    case .characters(let all): return String(all[random.integer(in: 0..<all.count)])
    case .rule(let name): return draw(rules[name]!, depth - 1, &random)
    case .sequence(let parts):
      var text = ""
      for part in parts { text += draw(part, depth, &random) }
      return text
    case .choice(let parts):
      let fitting = parts.filter { (height($0) ?? .max) < depth }
      if !fitting.isEmpty { return draw(fitting[random.integer(in: 0..<fitting.count)], depth, &random) }
      return draw(parts.min { height($0)! < height($1)! }!, depth, &random)
    case .repeated(let part, let range):
      let most = depth > 0 ? range.upperBound : range.lowerBound
      let count = range.lowerBound + random.integer(in: 0..<most - range.lowerBound + 1)
      var text = ""
      for _ in 0..<count { text += draw(part, depth, &random) }
      return text
    }
  }

  // MARK: Reading

  private static func skip(_ text: inout ArraySlice<Character>) { while text.first == " " { text.removeFirst() } }

  private static func choice(_ text: inout ArraySlice<Character>) -> Part {
    var parts = [sequence(&text)]
    while text.first == "|" {
      text.removeFirst()
      parts.append(sequence(&text))
    }
    return parts.count == 1 ? parts[0] : .choice(parts)
  }

  private static func sequence(_ text: inout ArraySlice<Character>) -> Part {
    var parts: [Part] = []
    skip(&text)
    while let first = text.first, first != "|", first != ")" {
      parts.append(repeated(atom(&text), &text))
      skip(&text)
    }
    return .sequence(parts)
  }

  private static func repeated(_ part: Part, _ text: inout ArraySlice<Character>) -> Part {
    switch text.first {
    case "?":
      text.removeFirst()
      return .repeated(part, 0...1)
    case "*":
      text.removeFirst()
      return .repeated(part, 0...4)
    case "+":
      text.removeFirst()
      return .repeated(part, 1...4)
    case "{":
      let end = text.firstIndex(of: "}")!
      let bounds = String(text[(text.startIndex + 1)..<end]).split(separator: ",").map { Int($0)! }
      text = text[(end + 1)...]
      return .repeated(part, bounds[0]...bounds[bounds.count - 1])
    default: return part
    }
  }

  private static func atom(_ text: inout ArraySlice<Character>) -> Part {
    let first = text.removeFirst()
    switch first {
    case "(":
      let part = choice(&text)
      precondition(text.removeFirst() == ")")
      return part
    case "\"":
      var literal = ""
      while true {
        let next = text.removeFirst()
        if next == "\"" { return .literal(literal) }
        guard next == "\\" else {
          literal.append(next)
          continue
        }
        let escaped = text.removeFirst()
        literal.append(escaped == "n" ? "\n" : escaped)
      }
    case "[":
      var all: [Character] = []
      while true {
        let low = text.removeFirst()
        if low == "]" { return .characters(all) }
        guard text.first == "-" else {
          all.append(low)
          continue
        }
        text.removeFirst()
        let high = text.removeFirst()
        all += (low.asciiValue!...high.asciiValue!).map { Character(Unicode.Scalar($0)) }
      }
    default:
      var name = String(first)
      while let next = text.first, next.isLetter || next.isNumber { name.append(text.removeFirst()) }
      return .rule(name)
    }
  }
}
