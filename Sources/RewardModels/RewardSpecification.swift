public import Groundwork

/// A reward design as a person writes it: a weighted sum of reward models, `environment+0.01*rnd(layers=2)`.
///
/// Grammar: terms joined by `+`; a term is `[weight*]name[(key=value,...)]`. It is not a program: what reads the
/// state in other ways is a reward model of its own.
public struct RewardSpecification: Sendable, Hashable, CustomStringConvertible {
  public struct Term: Sendable, Hashable {
    public var weight: Double
    public var name: String
    /// In the order in which they were written.
    public var parameters: [Parameter]
  }

  public struct Parameter: Sendable, Hashable {
    public var key: String
    public var value: String
  }

  public var terms: [Term]

  /// The text in its shortest form.
  public var description: String {
    terms.map { term in
      let weight = term.weight == 1 ? "" : "\(RewardSpecification.text(term.weight))*"
      let parameters = term.parameters.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
      return weight + term.name + (parameters.isEmpty ? "" : "(\(parameters))")
    }.joined(separator: "+")
  }

  private static func text(_ weight: Double) -> String {
    weight == weight.rounded() && abs(weight) < 1e9 ? String(Int(weight)) : "\(weight)"
  }

  /// - Throws: `UserError` that names the term which cannot be read.
  public init(parsing text: String) throws(UserError) {
    let example = "Write for example environment+0.1*count(of=cell)"
    var terms: [Term] = []
    for part in try RewardSpecification.split(text, at: "+", example: example) {
      var rest = Substring(part).trimmed
      guard !rest.isEmpty else { throw UserError("the reward '\(text)' has an empty term", fix: example) }
      var weight = 1.0
      let open = rest.firstIndex(of: "(") ?? rest.endIndex
      if let star = rest[..<open].firstIndex(of: "*") {
        let number = rest[..<star].trimmed
        guard let value = Double(number), value.isFinite else {
          throw UserError("the weight '\(number)' in the reward '\(text)' is not a number", fix: example)
        }
        weight = value
        rest = rest[rest.index(after: star)...].trimmed
      }
      var parameters: [Parameter] = []
      if let open = rest.firstIndex(of: "(") {
        guard rest.last == ")" else {
          throw UserError("'\(rest)' in the reward '\(text)' does not end with ')'", fix: example)
        }
        let inside = rest[rest.index(after: open)...].dropLast()
        for pair in try RewardSpecification.split(String(inside), at: ",", example: example) where !pair.allSatisfy(\.isWhitespace) {
          guard let equals = pair.firstIndex(of: "=") else {
            throw UserError("'\(pair)' in the reward '\(text)' is not key=value", fix: example)
          }
          parameters.append(
            Parameter(
              key: String(Substring(pair[..<equals]).trimmed),
              value: String(Substring(pair[pair.index(after: equals)...]).trimmed)))
        }
        rest = rest[..<open].trimmed
      }
      guard !rest.isEmpty, rest.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }) else {
        throw UserError("'\(rest)' in the reward '\(text)' is not the name of a reward model", fix: example)
      }
      terms.append(Term(weight: weight, name: String(rest), parameters: parameters))
    }
    self.terms = terms
  }

  /// Splits outside of parentheses; a sign after `e` in a number such as 1e+3 does not split.
  private static func split(_ text: String, at separator: Character, example: String) throws(UserError) -> [String] {
    var parts = [""]
    var depth = 0
    var previous: Character = " "
    var beforePrevious: Character = " "
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      guard depth >= 0 else { throw UserError("'\(text)' has a ')' too many", fix: example) }
      let isExponent = separator == "+" && previous.lowercased() == "e" && (beforePrevious.isNumber || beforePrevious == ".")
      if character == separator && depth == 0 && !isExponent {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
      beforePrevious = previous
      previous = character
    }
    guard depth == 0 else { throw UserError("'\(text)' lacks a ')'", fix: example) }
    return parts
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = self
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
