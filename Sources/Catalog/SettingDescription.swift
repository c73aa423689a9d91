public import Groundwork

/// What a person needs to know of a setting to type another value.
public struct SettingDescription: Sendable, Hashable {
  /// As `--set` takes it, `agent.epochs`; of a reward model as its parentheses take it, `episodic`.
  public var key: String
  /// What it is where nobody says anything.
  public var defaultValue: JSON
  /// What it is here: with the environment's presets and what was typed in parentheses.
  public var value: JSON
  /// Where `value` comes from where it is not the default: `preset` or `typed`.
  public var origin: String?
  /// `whole number`, `number`, `true or false`, `text`, `list of numbers`.
  public var type: String
  /// Whether it may be `null`.
  public var isOptional: Bool
  /// The words that it may be; empty where it is no choice.
  public var choices: [String]
  /// What the program checks it for, such as `1 to 65536`; nil where nothing but the type is checked.
  public var range: String?
  /// Its doc comment.
  public var summary: String
  /// What papers call it, such as `gamma`; nil where the doc comment names no symbol.
  public var symbol: String?

  /// What may be typed, in a few words: `whole number, 1 to 65536`.
  public var allowed: String {
    let kind = choices.isEmpty ? type : choices.joined(separator: " | ")
    return kind + (range.map { ", " + $0 } ?? "") + (isOptional ? ", or null" : "")
  }

  /// - Parameters:
  ///   - section: What precedes the keys, `agent.`.
  ///   - preset: The settings with presets alone, which tells where a value comes from.
  static func all(
    _ section: String, defaults: [SettingOutline], preset: [SettingOutline], values: [SettingOutline], checks: [Check]
  ) -> [SettingDescription] {
    let ranges = Dictionary(checks.map { ($0.name, range($0)) }) { first, _ in first }
    func value(_ key: String, in outlines: [SettingOutline]) -> JSON? { outlines.first { $0.key == key }?.value }
    return values.map { outline in
      let summary = Documentation.setting(outline.declaration) ?? ""
      let unset = value(outline.key, in: defaults) ?? .null
      let settled = value(outline.key, in: preset) ?? unset
      let element = ranges["an element of " + section + outline.key].map { "each \($0)" }
      return SettingDescription(
        key: section + outline.key, defaultValue: unset, value: outline.value,
        origin: outline.value == unset ? nil : outline.value == settled ? "preset" : "typed", type: outline.type,
        isOptional: outline.isOptional,
        choices: outline.choices.isEmpty ? Documentation.cases(of: outline.valueType) : outline.choices,
        range: element ?? ranges[section + outline.key], summary: summary, symbol: symbol(in: summary))
    }
  }

  /// "Use a whole number from 1 to 9" as "1 to 9".
  private static func range(_ check: Check) -> String {
    for prefix in ["Use a whole number from ", "Use a number from "] where check.range.hasPrefix(prefix) {
      let rest = check.range.dropFirst(prefix.count)
      return rest.contains(" to ") ? String(rest) : rest + " or more"
    }
    for prefix in ["Use a number ", "Use ", "It must be "] where check.range.hasPrefix(prefix) {
      return String(check.range.dropFirst(prefix.count))
    }
    return check.range
  }

  private static let letters: Set<Substring> = [
    "alpha", "beta", "gamma", "delta", "epsilon", "lambda", "sigma", "tau", "theta", "eta", "rho", "omega",
  ]

  /// A Greek letter, a capital or a subscripted letter in parentheses: "What later rewards are worth (gamma)."
  private static func symbol(in summary: String) -> String? {
    for part in summary.split(separator: "(").dropFirst() {
      let inside = part.prefix { $0 != ")" && $0 != "," && $0 != " " }
      if letters.contains(inside) || inside.count == 1 && inside.allSatisfy(\.isLetter)
        || inside.count > 2 && inside.prefix(2) == "c_"
      {
        return String(inside)
      }
    }
    return nil
  }
}
