import ArgumentParser
import Catalog
import Groundwork
import ReinforcementLearning
import RewardModels

/// `forage list`: everything that exists.
struct ListCommand: ParsableCommand {
  enum Kind: String, ExpressibleByArgument, CaseIterable { case environments, agents, rewards }

  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List environments, agents and reward models.",
    discussion: "Example:\n  forage list environments")

  @Argument(help: "What to list; everything when left out.")
  var kind: Kind?

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let kinds = kind.map { [$0] } ?? Kind.allCases
    if json {
      var document: [String: JSON] = [:]
      for kind in kinds { document[kind.rawValue] = .array(try ListCommand.documents(kind)) }
      print(JSON.object(document).text(pretty: true))
      return
    }
    for (index, kind) in kinds.enumerated() {
      if kinds.count > 1 { print((index > 0 ? "\n" : "") + kind.rawValue) }
      print(Format.table(ListCommand.rows(kind).map { kinds.count > 1 ? ["  " + $0[0]] + $0.dropFirst() : $0 }))
      if kind == .environments { for line in Catalog.absences { print("not here: \(line)") } }
    }
  }

  static func rows(_ kind: Kind) -> [[String]] {
    switch kind {
    case .environments: Catalog.environments.map { [$0.id, $0.summary] }
    case .agents: Catalog.agents.map { [$0.id, $0.summary + ($0.needs.isEmpty ? "" : " (needs a \($0.needs))")] }
    case .rewards:
      Catalog.rewards.map { reward in
        let parameters = reward.parameters.map { "\($0.key)=\($0.defaultValue)" }.joined(separator: ",")
        return [reward.name + (parameters.isEmpty ? "" : "(\(parameters))"), reward.summary]
      }
    }
  }

  private static func documents(_ kind: Kind) throws -> [JSON] {
    switch kind {
    case .environments:
      return try Catalog.environments.map { entry in
        let specification = try entry.recipe().specification
        return [
          "id": .string(entry.id), "aliases": .array(entry.aliases.map { .string($0) }),
          "summary": .string(entry.summary), "configuration": entry.configuration,
          "actions": actions(specification.actions), "fields": .array(specification.fields.map(field)),
          "timeLimit": specification.timeLimit.map { .integer($0) } ?? .null,
          "solvedReturn": specification.solvedReturn.map { .number($0) } ?? .null,
        ]
      }
    case .agents:
      return Catalog.agents.map {
        [
          "id": .string($0.id), "summary": .string($0.summary), "needs": .string($0.needs.description),
          "configuration": $0.configuration,
        ]
      }
    case .rewards:
      return Catalog.rewards.map { reward in
        [
          "name": .string(reward.name), "summary": .string(reward.summary), "source": .string(reward.source),
          "parameters": .array(
            reward.parameters.map {
              ["key": .string($0.key), "default": .string($0.defaultValue), "summary": .string($0.summary)]
            }),
        ]
      }
    }
  }

  private static func actions(_ actions: ActionSpecification) -> JSON {
    switch actions {
    case .discrete(let names): ["discrete": .array(names.map { .string($0) })]
    case .continuous(let low, let high):
      ["continuous": ["low": .array(low.map { .number(Double($0)) }), "high": .array(high.map { .number(Double($0)) })]]
    }
  }

  private static func field(_ field: Field) -> JSON {
    [
      "name": .string(field.name), "shape": .array(field.shape.map { .integer($0) }),
      "element": .string(field.element.rawValue), "role": .string(field.role.rawValue),
      "summary": .string(field.summary),
    ]
  }
}
