import Catalog
import Groundwork
import ReinforcementLearning

/// A description as a document: `{kind, id, summary, source, documentation, settings}`, and of an environment what its
/// specification says.
enum DescriptionDocument {
  static func document(_ description: Description, _ recipe: EnvironmentRecipe?) -> JSON {
    var document: [String: JSON] = [
      "kind": .string(description.kind), "id": .string(description.id), "summary": .string(description.summary),
      "source": .string(description.source), "settings": .array(description.settings.map(setting)),
      "environment": description.environment.map { .string($0) } ?? .null,
      "documentation": .array(
        description.sections.map { section in
          [
            "heading": .string(section.heading),
            "paragraphs": .array(section.paragraphs.map { .string($0) }),
          ]
        }),
    ]
    if let recipe {
      let specification = recipe.specification
      document["fields"] = .array(specification.fields.map(field))
      document["actions"] = ListCommand.actions(specification.actions)
      document["measures"] = .array(specification.measures.map(ListCommand.measure))
      document["timeLimit"] = specification.timeLimit.map { .integer($0) } ?? .null
      document["solvedReturn"] = specification.solvedReturn.map { .number($0) } ?? .null
      document["rewards"] = [.number(specification.rewards.lowerBound), .number(specification.rewards.upperBound)]
      document["isStochastic"] = .bool(specification.isStochastic)
      document["exampleReward"] = .string(Catalog.exampleReward(in: recipe))
    }
    return .object(document)
  }

  private static func setting(_ setting: SettingDescription) -> JSON {
    [
      "key": .string(setting.key), "default": setting.defaultValue, "value": setting.value,
      "origin": setting.origin.map { .string($0) } ?? .null, "type": .string(setting.type),
      "optional": .bool(setting.isOptional), "choices": .array(setting.choices.map { .string($0) }),
      "range": setting.range.map { .string($0) } ?? .null, "summary": .string(setting.summary),
      "symbol": setting.symbol.map { .string($0) } ?? .null,
    ]
  }

  private static func field(_ field: Field) -> JSON {
    var document = ListCommand.field(field)
    document["values"] = .string(values(field))
    return document
  }

  /// What the numbers of a field are, in a few words: `0 to 6`, `codes below 11, 6, 3`, `text`, `any number`.
  static func values(_ field: Field) -> String {
    switch field.kind {
    case .text: return "text"
    case .categorical(let counts):
      // One axis can hold hundreds of codes alike.
      let kinds = Set(counts)
      return "codes below " + (kinds.count == 1 ? "\(counts[0])" : counts.map(String.init).joined(separator: ", "))
    case .numeric:
      let (low, high) = (field.range.lowerBound, field.range.upperBound)
      if !low.isFinite && !high.isFinite { return "any number" }
      if !high.isFinite { return "\(number(low)) or more" }
      if !low.isFinite { return "\(number(high)) or less" }
      return "\(number(low)) to \(number(high))"
    }
  }

  static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : Format.number(value, digits: 3)
  }
}
