public import Groundwork

/// A reward design as a person writes it: a weighted sum of reward models, `environment+0.01*rnd(features=32)`.
///
/// Grammar: terms joined by `+`; a term is `[weight*]name[(key=value,...)]` (`NamedSettings`). It is not a program:
/// what reads the state in other ways is a reward model of its own.
public struct RewardSpecification: Sendable, Hashable, CustomStringConvertible {
  /// One summand.
  public struct Term: Sendable, Hashable {
    /// Finite; 1 where none is written.
    public var weight: Double
    /// The model's name and changes to its settings, neither of them checked yet.
    public var model: NamedSettings
  }

  /// In the order in which they were written.
  public var terms: [Term]

  /// The text in its shortest form.
  public var description: String {
    terms.map { $0.weight == 1 ? $0.model.text : "\(RewardSpecification.text($0.weight))*\($0.model.text)" }
      .joined(separator: "+")
  }

  private static func text(_ weight: Double) -> String {
    weight == weight.rounded() && abs(weight) < 1e9 ? String(Int(weight)) : "\(weight)"
  }

  private static let example = "environment+0.1*count(of=cell)"

  /// - Throws: `UserError` that names the term which cannot be read.
  public init(parsing text: String) throws(UserError) {
    let advice = "Write for example \(RewardSpecification.example)"
    let parts: [Substring]
    do {
      // A sign after `e` in a number such as 1e+3 does not split.
      parts = try NamedSettings.split(text[...], at: "+") { RewardSpecification.isExponent(text[..<$0]) }
    } catch {
      throw UserError("the reward '\(text)' \(error.reason)", fix: advice)
    }
    terms = []
    for part in parts {
      var rest = part.trimmed
      guard !rest.isEmpty else { throw UserError("the reward '\(text)' has an empty term", fix: advice) }
      var weight = 1.0
      let open = rest.firstIndex(of: "(") ?? rest.endIndex
      if let star = rest[..<open].firstIndex(of: "*") {
        let number = rest[..<star].trimmed
        // Decimal only; a number too small to hold would become 0 in silence.
        guard !number.contains(where: { "xXpP".contains($0) }), let value = Double(number), value.isFinite,
          value != 0 || !number.prefix(while: { $0 != "e" && $0 != "E" }).contains(where: { ("1"..."9").contains($0) })
        else {
          throw UserError("the weight '\(number)' in the reward '\(text)' is not a number that fits", fix: advice)
        }
        weight = value
        rest = rest[rest.index(after: star)...].trimmed
      }
      let model = try NamedSettings(parsing: String(rest), example: RewardSpecification.example)
      guard !model.name.isEmpty, model.name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }) else {
        throw UserError("'\(model.name)' in the reward '\(text)' is not the name of a reward model", fix: advice)
      }
      terms.append(Term(weight: weight, model: model))
    }
  }

  /// Whether a text ends with a number's `e`.
  private static func isExponent(_ text: Substring) -> Bool {
    guard let last = text.last, last == "e" || last == "E", let digit = text.dropLast().last else { return false }
    return digit.isNumber || digit == "."
  }
}
