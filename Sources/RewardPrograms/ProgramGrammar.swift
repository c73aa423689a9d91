public import ReinforcementLearning

/// The part of the language that says everything in terms of one environment, in GBNF, the notation by which llama.cpp
/// keeps a model to a grammar: whatever it then writes is a program of that environment. What a grammar cannot compare
/// it does not leave open: each line has its own number, with which the component's name ends; fields that say their
/// unit are read as plain numbers; a divisor is never 0, bounds are never the wrong way round, roots are of absolute
/// values and exponentials of what is not above 0. What is left is a number too large for 32 bits.
///
/// It leaves out names of one's own, since a grammar cannot see whether one was assigned, and it reads vectors of at
/// most 64 elements. The whole language stands in `docs/reward-programs.md`.
public enum ProgramGrammar {
  /// Components of a program that is held to the grammar, at most.
  static let components = 8

  /// The grammar's text; the rule to begin with is `root`.
  ///
  /// - Complexity: O(fields + actions).
  public static func gbnf(for specification: Specification) -> String {
    let fields = specification.fields.map(\.single)
    let numbers = fields.filter { $0.kind != .text && $0.count == 1 }
    let vectors = fields.filter { $0.kind != .text && (2...64).contains($0.count) }
    let texts = fields.filter { $0.kind == .text }
    var fieldForms = numbers.map { quoted(hasUnit($0) ? "number(\($0.name))" : $0.name) }
    fieldForms += vectors.map { field in
      let (start, end) = hasUnit(field) ? ("number(\(field.name)[", "])") : (field.name + "[", "]")
      return "\(quoted(start)) \(index(below: field.count)) \(quoted(end))"
    }
    var rules: [(name: String, body: String)] = [
      ("root", (["line1"] + (2...components).map { "line\($0)?" }).joined(separator: " ")),
    ]
    rules += (1...components).map { ("line\($0)", "\"reward.\" word \"\($0)\" payment") }
    rules += [
      ("word", "[a-z] [a-zA-Z]{1,15}"),
      ("payment", #"(" weight " number)? " = " value "\n""#),
      ("value", #"choice | sum"#),
      ("choice", #""if " condition " then " value " else " value"#),
      ("sum", #"term ((" + " | " - ") term){0,3}"#),
      ("term", #"factor (" * " factor | " / " divisor){0,2}"#),
      ("divisor", #"above | "(1 + abs(" value "))""#),
      ("factor", #""-"? plain"#),
      ("plain", #"number | step | moment | call | "(" value ")""#),
      ("step", #""step.reward" | "discount""#),
      ("call", #"onepart | "max(" value ", " value ")" | "min(" value ", " value ")" | clamp"#),
      ("onepart", #"("abs(" | "tanh(" | "number(") value ")" | ("exp(-abs(" | "sqrt(abs(") value "))""#),
      ("clamp", #""clamp(" value ", " ("0" | "-" above) ", " above ")""#),
      ("condition", #"test ((" and " | " or ") test){0,2}"#),
      ("test", #""not "? fact"#),
      ("compared", #"sum (" < " | " > " | " <= " | " >= ") sum"#),
      ("number", #"[0-9] [0-9]? ("." [0-9] [0-9]?)?"#),
      ("above", #"[1-9] [0-9]? ("." [0-9])? | "0." [1-9] [0-9]?"#),
    ]
    var states: [String] = []
    if !fieldForms.isEmpty {
      states.append("field")
      states.append(#"("tolerance" | "longTolerance" | "linearTolerance") "(" field ", 0, " number ", " number ")""#)
      rules.append(("field", fieldForms.joined(separator: " | ")))
    }
    // Vectors of one length that say their units may say different ones.
    let plain = vectors.filter { !hasUnit($0) }
    for length in Set(plain.map(\.count)).sorted() {
      states.append("\"norm(\" vector\(length) \")\"")
      let names = plain.filter { $0.count == length }.map { quoted($0.name) }.joined(separator: " | ")
      rules.append(("vector\(length)", "vectorfield\(length) (\" - \" vectorfield\(length))?"))
      rules.append(("vectorfield\(length)", names))
    }
    for field in vectors where hasUnit(field) {
      states.append(quoted("number(norm(\(field.name)))"))
    }
    var facts = [#""step.success""#, #""step.terminated""#, "compared", #""(" condition ")""#]
    if !texts.isEmpty {
      rules.append(("textfield", texts.map { quoted($0.name) }.joined(separator: " | ")))
      facts.append(##""contains(" textfield ", \"" [a-zA-Z ]{1,24} "\")""##)
    }
    switch specification.actions {
    case .discrete(let names):
      let plain = names.filter { $0.utf8.allSatisfy { $0 >= 32 && $0 < 127 && $0 != 34 && $0 != 92 } }
      if !plain.isEmpty {
        rules.append(("actionname", plain.map(quoted).joined(separator: " | ")))
        facts.append(##""action == \"" actionname "\"""##)
      }
    case .continuous(let low, _):
      states.append("\"action[\" \(index(below: min(64, low.count))) \"]\"")
    }
    // What the step did has no value before it.
    let moments = states.filter { !$0.contains("action[") }
    rules.append(("state", moments.isEmpty ? "number" : moments.joined(separator: " | ")))
    let actions = states.filter { $0.contains("action[") }
    let moment = [#"state"#, #""before(" state ")""#, #""shaping(" "-"? state (" / " above)? ")""#] + actions
    rules.append(("moment", moment.joined(separator: " | ")))
    rules.append(("fact", facts.joined(separator: " | ")))
    return rules.map { "\($0.name) ::= \($0.body)\n" }.joined()
  }

  private static func hasUnit(_ field: Field) -> Bool {
    PhysicalUnit(parsing: field.unit).map { $0 != .one } ?? false
  }

  private static func quoted(_ text: String) -> String { "\"\(text)\"" }

  /// The whole numbers below a count of at most 64.
  private static func index(below count: Int) -> String {
    if count <= 10 { return "[0-\(count - 1)]" }
    let (tens, ones) = ((count - 1) / 10, (count - 1) % 10)
    var forms = ["[0-9]"]
    if tens > 1 { forms.append("[1-\(tens - 1)] [0-9]") }
    forms.append("\"\(tens)\" [0-\(ones)]")
    return "(" + forms.joined(separator: " | ") + ")"
  }
}
