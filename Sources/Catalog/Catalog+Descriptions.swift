import Experiments
import Groundwork
public import ReinforcementLearning

/// What the catalog knows of something that has settings.
public struct Description: Sendable {
  /// `agent`, `environment`, `reward` or `run`.
  public var kind: String
  /// For example `ppo`.
  public var id: String
  /// One line.
  public var summary: String
  /// Paper, equations or program that it follows; empty where none is named.
  public var source: String
  /// Its doc comment, heading by heading.
  public var sections: [DocumentedSection]
  /// All of them, in order of declaration.
  public var settings: [SettingDescription]
  /// Who it is described for: the environment whose presets apply; nil for none.
  public var environment: String?
  /// An example of how a setting is typed.
  public var example: String
}

extension Catalog {
  /// What may be described, by kind, as it is typed.
  public static var describable: [String] { agents.map(\.id) + rewards.map(\.id) + environments.map(\.id) + ["run"] }

  /// Describes what a text names, with or without settings in parentheses.
  ///
  /// - Parameter environment: Whose presets are shown, and whose fields a reward's settings are checked against.
  /// - Throws: `UserError` for a name that does not exist, with the nearest, and for settings that do not.
  public static func describe(_ text: String, for environment: String? = nil) throws -> Description {
    let name = try NamedSettings(parsing: text, example: "forage describe 'ppo(epochs=8)'")
    let id = name.name.lowercased()
    // An environment and the reward that it pays are both there to be described; the reward has no settings.
    if agents.contains(where: { $0.id == id }) { return try describeAgent(name, for: environment) }
    if rewards.contains(where: { $0.id == id }) { return try describeReward(name, for: environment) }
    if id == "run" { return try describeRun(name, for: environment) }
    do {
      let listing = try Catalog.environment(name.name)
      return try describeEnvironment(name, listing)
    } catch let error as UserError where !error.reason.hasPrefix("there is no environment") {
      throw error
    } catch {
      throw UserError.unknown(
        "agent, reward or environment", name.name, among: describable, hint: "`forage list` shows all")
    }
  }

  private static func describeAgent(_ name: NamedSettings, for environment: String?) throws -> Description {
    let listing = try agent(name.name)
    let recipe = try environment.map { try Catalog.recipe($0) }
    let changes = name.changes(section: "agent")
    let made = try listing.recipe(for: recipe?.id ?? "", changes: changes)
    // What nobody named is asked in a small task of a kind that the agent can work in.
    let worlds =
      try recipe.map { [$0] }
      ?? [
        "control/CartPole", "gridworld/DoorKey-5x5", "puzzle/GameOf24", "bandit/Linear", "bandit/Dynamical",
        "bandit/SwitchingCosts", "bandit/Demonstrated", "bandit/Fairness",
      ].map { try Catalog.recipe($0) }
    var checks: [Check] = []
    let plain = try listing.recipe()
    for world in worlds {
      for check in plain.checks(in: world) where !checks.contains(where: { $0.name == check.name }) {
        checks.append(check)
      }
    }
    let sections = Documentation.sections(of: listing.typeNames)
    let settings = SettingDescription.all(
      "agent.", defaults: try listing.outline(), preset: try listing.outline(for: recipe?.id ?? ""),
      values: try listing.outline(for: recipe?.id ?? "", changes: changes), checks: checks)
    return Description(
      kind: "agent", id: made.id, summary: listing.summary, source: source(in: sections), sections: sections,
      settings: settings, environment: recipe?.id, example: example(settings) { "--set \($0)=\($1)" })
  }

  private static func describeEnvironment(
    _ name: NamedSettings, _ listing: EnvironmentListing
  ) throws -> Description {
    let changes = name.changes(section: "environment")
    let values = try listing.outline(changes: changes)
    let defaults = try listing.outline()
    let checks = Check.recording { _ = try listing.recipe() }
    var sections = Documentation.sections(of: listing.typeNames)
    // A level has a type of its own, which says what is in it.
    for outline in values {
      let owner = String(outline.declaration.split(separator: ".").dropLast().joined(separator: "."))
      let own = Documentation.sections(of: [owner])
      if own.contains(where: { !$0.heading.isEmpty }), !sections.contains(where: own.contains) {
        let general = sections
        sections = own.filter { $0.heading != "Source" && $0.heading != "Ids" }
        for section in general {
          let heading = section.heading.isEmpty ? "World" : section.heading
          if let place = sections.firstIndex(where: { $0.heading == heading }) {
            sections[place].paragraphs += section.paragraphs
          } else {
            sections.append(DocumentedSection(heading: heading, paragraphs: section.paragraphs))
          }
        }
      }
    }
    let settings = SettingDescription.all(
      "environment.", defaults: defaults, preset: defaults, values: values, checks: checks)
    return Description(
      kind: "environment", id: listing.id, summary: listing.summary, source: source(in: sections), sections: sections,
      settings: settings, environment: nil, example: example(settings) { "--set \($0)=\($1)" })
  }

  private static func describeReward(_ name: NamedSettings, for environment: String?) throws -> Description {
    let listing = try RewardDesignRecipe.listing(name.name.lowercased(), among: rewards)
    let recipe = try Catalog.recipe(environment ?? "gridworld/DoorKey-5x5")
    let changes = name.changes()
    // An environment that lacks what the model reads by default refuses before it checks numbers; this one has it.
    let usual = try Catalog.recipe("gridworld/DoorKey-5x5")
    let checks = Check.recording { _ = try listing.recipe(for: usual.specification) }.map { check in
      var check = check
      check.name = String(check.name.dropFirst(listing.id.count + 1))
      return check
    }
    let sections = Documentation.sections(of: listing.typeNames)
    let defaults = try listing.outline()
    let settings = SettingDescription.all(
      "", defaults: defaults, preset: defaults, values: try listing.outline(changes: changes), checks: checks)
    return Description(
      kind: "reward", id: listing.id, summary: listing.summary, source: listing.source, sections: sections,
      settings: settings, environment: environment == nil ? nil : recipe.id,
      example: example(settings) { "--reward 'environment+0.01*\(listing.id)(\($0)=\($1))'" })
  }

  private static func describeRun(_ name: NamedSettings, for environment: String?) throws -> Description {
    let id = try environment.map { try listing($0).id }
    let preset = Presets.runSettings(environment: id ?? "")
    let changes = name.changes(section: "run")
    let values = try Settings.apply(changes, to: preset, of: "the run", path: "run.")
    let settings = SettingDescription.all(
      "run.", defaults: Settings.outline(of: RunSettings()), preset: Settings.outline(of: preset),
      values: Settings.outline(of: values), checks: Check.recording { try RunSettings().validate() })
    return Description(
      kind: "run", id: "run", summary: "a run's own settings: budget, seed, evaluations, checkpoints", source: "",
      sections: [], settings: settings, environment: id, example: "--set run.evaluations=10")
  }

  private static func source(in sections: [DocumentedSection]) -> String {
    sections.last { $0.heading == "Source" }?.paragraphs.joined(separator: " ") ?? ""
  }

  /// How the first setting that is a number or a choice is typed.
  private static func example(_ settings: [SettingDescription], _ form: (String, String) -> String) -> String {
    let shown = settings.first { $0.value.integer != nil && $0.range != nil } ?? settings.first
    return shown.map { form($0.key, $0.value.string ?? $0.value.text()) } ?? ""
  }

  /// The description of a reward design that works in an environment and says something of how it is written.
  public static func exampleReward(in environment: EnvironmentRecipe) -> String {
    let designs = ["environment+potential(signal=distance)", "environment+0.01*count", "environment+0.01*rnd"]
    return designs.first { text in
      (try? RewardDesignRecipe(
        RewardSpecification(parsing: text), among: rewards, for: environment.specification)) != nil
    } ?? "environment"
  }
}
