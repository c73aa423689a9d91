import ArgumentParser
import Catalog
import Experiments
import Groundwork
import ReinforcementLearning
import RewardModels

/// `forage list`: everything that exists.
///
/// With `--json` one document with a list for each kind: environments with measures, actions, fields and
/// configuration, agents with configuration, needs and presets, rewards with source and configuration, presets with
/// their agents and what they were chosen on, suites. Families that cannot run here are told in a line each, with the
/// reason.
///
/// Nothing is trained or started; a NetHack that is not installed is only said to be missing.
struct ListCommand: ParsableCommand {
  /// The kinds of listings, as they are typed.
  enum Kind: String, ExpressibleByArgument, CaseIterable { case environments, agents, rewards, presets, suites }

  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List environments, agents, reward models, presets and suites.",
    discussion: """
      Example:
        forage list environments

      `forage describe ID` shows what one is, with all of its settings.
      """)

  /// Nil: all of them.
  @Argument(help: "What to list; everything when left out.")
  var kind: Kind?

  /// One document in place of tables.
  @Flag(help: "Print one JSON document.")
  var json = false

  /// Prints a table for each kind, or the document.
  ///
  /// - Throws: `UserError` when an environment's defaults cannot be planned (with `--json`).
  func run() throws {
    let kinds = kind.map { [$0] } ?? Kind.allCases
    if json {
      var document: [String: JSON] = [:]
      for kind in kinds { document[kind.rawValue] = .array(try ListCommand.documents(kind)) }
      LineOutput.result(JSON.object(document).text(pretty: true))
      return
    }
    for (index, kind) in kinds.enumerated() {
      if kinds.count > 1 { LineOutput.result((index > 0 ? "\n" : "") + kind.rawValue) }
      let table = Table(
        columns: [Table.Column(), Table.Column(wraps: true)], rows: ListCommand.rows(kind),
        margin: kinds.count > 1 ? 2 : 0)
      LineOutput.result(table.text(width: LineOutput.outputColumns))
      if kind == .environments {
        for line in Catalog.absences { LineOutput.result(ListCommand.fitted("not here: \(line)")) }
      }
    }
    // For a person alone: what is piped on is the list.
    guard LineOutput.outputColumns != nil else { return }
    let what =
      switch kind {
      case .suites: "`forage compare --suite NAME` runs one, and its file says all of it: suites/NAME.yaml."
      case .presets: "`forage describe AGENT --env ID` shows what an agent's preset sets."
      default: "`forage describe ID` shows what one is, with all of its settings."
      }
    LineOutput.note(ListCommand.fitted(what))
  }

  private static func fitted(_ text: String) -> String {
    Format.wrapped(text, columns: LineOutput.outputColumns ?? .max, indent: 2, keepsCommands: true)
  }

  /// Id and summary of each, agents with their needs, rewards with their parameters and defaults.
  static func rows(_ kind: Kind) -> [[String]] {
    switch kind {
    case .environments: Catalog.environments.map { [$0.id, $0.summary] }
    case .agents: Catalog.agents.map { entry in
        let needs = entry.requirements.needs.names.joined(separator: ", ")
        return [entry.id, entry.summary + (needs.isEmpty ? "" : " (needs: \(needs))")]
      }
    case .presets:
      Catalog.agents.flatMap { entry in
        entry.presets.map { preset in
          let seeds = preset.seeds.map { "; seeds \($0.lowerBound) to \($0.upperBound)" } ?? ""
          return ["\(entry.id) in \(preset.prefix)", "chosen on \(preset.chosenOn)\(seeds)"]
        }
      }
    case .suites:
      SuiteFiles.all.map { name, path in
        do {
          return [name, try Suite(reading: path).summary]
        } catch {
          return [name, "cannot be read: \(error)"]
        }
      }
    case .rewards:
      Catalog.rewards.map { reward in
        let settings = reward.keys.map { key in
          switch reward.configuration[key] ?? .null {
          case .object: "\(key)..."
          case let value: "\(key)=\(value.string ?? value.text())"
          }
        }
        return [
          reward.id, reward.summary + (settings.isEmpty ? "" : " (" + settings.joined(separator: ", ") + ")"),
        ]
      }
    }
  }

  /// What is known of each without making it; environments are planned for their fields.
  private static func documents(_ kind: Kind) throws -> [JSON] {
    switch kind {
    case .environments:
      return try Catalog.environments.map { entry in
        let specification = try entry.recipe().specification
        return [
          "id": .string(entry.id), "aliases": .array(entry.aliases.map { .string($0) }),
          "family": .string(String(entry.family)), "summary": .string(entry.summary),
          "configuration": entry.configuration,
          "measures": .array(specification.measures.map(measure)), "actions": actions(specification.actions),
          "fields": .array(specification.fields.map(field)),
          "timeLimit": specification.timeLimit.map { .integer($0) } ?? .null,
          "solvedReturn": specification.solvedReturn.map { .number($0) } ?? .null,
        ]
      }
    case .agents:
      return Catalog.agents.map {
        [
          "id": .string($0.id), "summary": .string($0.summary),
          "needs": .string($0.requirements.needs.names.joined(separator: ", ")),
          "configuration": $0.configuration, "presets": .array($0.presets.map(preset)),
        ]
      }
    case .presets:
      return Catalog.agents.flatMap { entry in
        entry.presets.map { value in
          var document = preset(value)
          document["agent"] = .string(entry.id)
          return document
        }
      }
    case .suites:
      return try SuiteFiles.all.map { name, path in
        let suite = try Suite(reading: path)
        return [
          "name": .string(name), "path": .string(path), "summary": .string(suite.summary),
          "environments": .array(suite.tasks.map { .string($0.environment) }),
          "rewards": .array(suite.rewards.map { .string($0) }), "agents": .array(suite.agents.map { .string($0) }),
          "seeds": suite.seeds.map { .integer($0) } ?? .null,
        ]
      }
    case .rewards:
      return Catalog.rewards.map { reward in
        [
          "name": .string(reward.id), "summary": .string(reward.summary), "source": .string(reward.source),
          "configuration": reward.configuration,
        ]
      }
    }
  }

  /// `{environments, chosenOn, seeds, changes}`; the seeds are the first and the last, or null.
  private static func preset(_ preset: AgentListing.Preset) -> JSON {
    [
      "environments": .string(preset.prefix), "chosenOn": .string(preset.chosenOn),
      "seeds": preset.seeds.map { .array([JSON(encoding: $0.lowerBound), JSON(encoding: $0.upperBound)]) } ?? .null,
      "changes": preset.changes,
    ]
  }

  /// `{discrete: [names]}` or `{continuous: {low, high}}`.
  static func actions(_ actions: ActionSpecification) -> JSON {
    switch actions {
    case .discrete(let names): ["discrete": .array(names.map { .string($0) })]
    case .continuous(let low, let high):
      ["continuous": ["low": .array(low.map { .number(Double($0)) }), "high": .array(high.map { .number(Double($0)) })]]
    }
  }

  /// `{name, direction, accumulation, summary, range}`; the range is null where there is none.
  static func measure(_ measure: Measure) -> JSON {
    [
      "name": .string(measure.name), "direction": .string(measure.direction.rawValue),
      "accumulation": .string(measure.accumulation.rawValue), "summary": .string(measure.summary),
      "range": measure.range.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null,
    ]
  }

  /// `{name, shape, element, role, summary}`.
  static func field(_ field: Field) -> JSON {
    [
      "name": .string(field.name), "shape": .array(field.shape.map { .integer($0) }),
      "element": .string(field.element.rawValue), "role": .string(field.role.rawValue),
      "summary": .string(field.summary),
    ]
  }
}
