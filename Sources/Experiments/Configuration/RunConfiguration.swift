public import Groundwork
public import ReinforcementLearning

/// What a person asks of a run, before the catalog looks anything up: from a file, then `--set`, then options.
///
/// The file is a mapping with the sections `environment`, `agent` and `reward` and the run's own settings:
///
///     environment: {id: gridworld/DoorKey-8x8, size: 8}    # or gridworld/DoorKey-8x8(level.side=8), or just the id
///     agent: {id: ppo, learningRate: 3e-4}
///     reward: environment+0.01*rnd
///     steps: 200000
public struct RunConfiguration: Sendable, Hashable {
  /// An id, with settings in parentheses where it has some (`NamedSettings`); they go over all others.
  public var environment: String?
  /// As the environment.
  public var agent: String?
  /// A reward specification, `environment+0.01*rnd`; nil where nobody names one.
  public var reward: String?
  /// Changes to the environment's default configuration.
  public var environmentChanges: JSON = .object([:])
  /// Changes to the agent's default configuration.
  public var agentChanges: JSON = .object([:])
  /// Changes to the run's own settings (`RunSettings`).
  public var runChanges: JSON = .object([:])

  /// What a `run.json` says of the reward design, its terms with all their settings, as long as `reward` is its text;
  /// nil where no run is repeated.
  public private(set) var recordedReward: RunDescription.Reward?

  /// What a `run.json` says of the files that the run was begun with, as long as nobody names others; nil where no run
  /// is repeated.
  public private(set) var recordedSources: Sources?

  /// Where the budget of the run that is repeated was raised, which a run that is begun anew does not do; nil where it
  /// never was.
  public private(set) var raised: [RunDescription.Extension]?

  /// Files beside the configuration that determine a run, by digest, and what was taken of them.
  public struct Sources: Sendable, Hashable {
    /// Of the agent's demonstrations; nil where it has none.
    public fileprivate(set) var demonstrations: DemonstrationRecord?
    /// What `run.from` names; nil where it names nothing.
    public fileprivate(set) var initial: InitialState.Record?
  }

  /// Nothing is asked for yet.
  public init() {}

  /// Reads a YAML file, a JSON document of the same form, or a run's own `run.json`.
  ///
  /// - Throws: `UserError` when it cannot be read, is no YAML or JSON, has a key that no section has, or is a
  ///   `run.json` whose digest does not match.
  public init(reading path: String) throws(UserError) {
    if path.hasSuffix(".json") {
      let document = try JSON(parsing: try Files.read(path, as: .document), name: "'\(path)'", kind: .document)
      if document["version"] != nil, document["run"] != nil {
        self.init(try RunDescription(configuration: document, path: path))
      } else {
        try self.init(document, name: "'\(path)'")
      }
      return
    }
    try self.init(YAML.parse(try Files.readText(path, as: .configuration), name: "'\(path)'"), name: "'\(path)'")
  }

  /// What a run was begun with: every setting, defaults and presets included.
  public init(_ description: RunDescription) {
    environment = description.environment.id
    environmentChanges = description.environment.configuration
    agent = description.agent.id
    agentChanges = description.agent.configuration
    reward = description.reward.text
    runChanges = JSON(encoding: description.run)
    raised = description.extensions
    recordedReward = description.reward
    recordedSources = Sources(demonstrations: description.demonstrations, initial: description.initial)
  }

  /// Names another environment. What a `run.json` records of its own does not go over another one's.
  public mutating func setEnvironment(_ text: String) {
    if recordedReward != nil, RunConfiguration.id(text) != environment?.lowercased() {
      environmentChanges = .object([:])
    }
    environment = text
  }

  /// Names another agent; see `setEnvironment`.
  public mutating func setAgent(_ text: String) {
    if recordedReward != nil, RunConfiguration.id(text) != agent?.lowercased() {
      agentChanges = .object([:])
      recordedSources?.demonstrations = nil
    }
    agent = text
  }

  private static func id(_ text: String) -> String { text.prefix { $0 != "(" }.lowercased() }

  /// Takes in a document of that form.
  ///
  /// - Parameter name: What errors call it.
  /// - Throws: `UserError` for a key that does not exist, or a section that is neither a text nor a mapping.
  public init(_ document: JSON, name: String) throws(UserError) {
    guard case .object(let members) = document else {
      throw UserError("\(name) is not a mapping", fix: "Write sections such as `agent:` and `environment:`")
    }
    let sections = ["environment", "agent", "reward"]
    var run: [String: JSON] = [:]
    for key in members.keys.sorted() {
      let value = members[key]!
      switch key {
      case "environment": (environment, environmentChanges) = try RunConfiguration.section(key, value, name: name)
      case "agent": (agent, agentChanges) = try RunConfiguration.section(key, value, name: name)
      case "reward":
        guard let text = value.string else {
          throw UserError("reward of \(name) must be a text", fix: "Write `reward: environment+0.01*rnd`")
        }
        reward = text
      default:
        guard RunSettings.keys.contains(key) else {
          throw UserError.unknown(
            "key of \(name)", key, among: sections + RunSettings.keys,
            hint: "Its keys are \((sections + RunSettings.keys).joined(separator: ", "))")
        }
        run[key] = try RunConfiguration.runValue(key, value)
      }
    }
    runChanges = .object(run)
  }

  /// What one of the run's settings is given: steps may be written as `--steps` takes them.
  private static func runValue(_ key: String, _ value: JSON) throws(UserError) -> JSON {
    guard key == "steps", let text = value.string else { return value }
    do {
      return .integer(try StepCount(parsing: text).value)
    } catch {
      throw UserError(error.reason, fix: error.fix + " (--set run.steps=)")
    }
  }

  /// A section: an id alone, or a mapping whose `id` is taken out.
  private static func section(_ key: String, _ value: JSON, name: String) throws(UserError) -> (String?, JSON) {
    if let id = value.string { return (id, .object([:])) }
    if case .null = value { return (nil, .object([:])) }
    guard case .object(var members) = value else {
      throw UserError("\(key) of \(name) must be an id or a mapping", fix: "Write `\(key): {id: ...}`")
    }
    let id = members.removeValue(forKey: "id")
    if let id, id.string == nil { throw UserError("\(key).id of \(name) must be a text, not \(id.text())") }
    return (id?.string, .object(members))
  }
}

/// One `--set key=value`.
public struct SettingAssignment: Sendable, Hashable {
  /// The parts of the key: `agent.learningRate` has two.
  public var path: [String]
  /// Read as `JSON(scalar:)` reads a text: `3e-4` is a number, `true` a truth value; a quoted one is a text as it
  /// stands, so `''` is an empty one.
  public var value: JSON

  /// - Parameter path: The parts of the key.
  public init(path: [String], value: JSON) {
    self.path = path
    self.value = value
  }

  /// - Throws: `UserError` when there is no `=` or an empty part.
  public init(parsing text: String) throws(UserError) {
    guard let equals = text.firstIndex(of: "=") else {
      throw UserError("'--set \(text)' has no value", fix: "Write --set key=value")
    }
    path = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map { String($0.trimmed) }
    value = NamedSettings.value(String(text[text.index(after: equals)...].trimmed))
    guard path.allSatisfy({ !$0.isEmpty }) else {
      throw UserError("'--set \(text)' has an empty key", fix: "Write --set key=value")
    }
  }

  /// The key as it was written.
  public var key: String { path.joined(separator: ".") }
}

extension RunConfiguration {
  /// Applies `--set` assignments.
  ///
  /// A key begins with its section (`agent.learningRate`); a bare one (`learningRate`) is looked up in all.
  ///
  /// - Parameters:
  ///   - environmentKeys: The keys of the environment's configuration.
  ///   - agentKeys: The keys of the agent's configuration.
  /// - Throws: `UserError` for a key that no section has, or more than one.
  public mutating func apply(
    _ assignments: [SettingAssignment], environmentKeys: [String], agentKeys: [String]
  ) throws(UserError) {
    let sections: [(name: String, keys: [String])] = [
      ("environment", environmentKeys), ("agent", agentKeys), ("run", RunSettings.keys),
    ]
    for assignment in assignments {
      var path = assignment.path
      guard path[0] != "reward" || path.count == 1 else {
        throw UserError(
          "'\(assignment.key)' is no setting that --set takes: those of a reward design stand in its text",
          fix: "Write for example --reward 'environment+0.01*count(of=cell)'")
      }
      var name = path[0]
      if path.count > 1, sections.contains(where: { $0.name == name }) {
        path.removeFirst()
      } else {
        let owners = sections.filter { $0.keys.contains(path[0]) }
        guard let owner = owners.first else {
          let all = sections.flatMap { section in section.keys.map { "\(section.name).\($0)" } }
          let bare = UserError.nearest(to: path[0], among: sections.flatMap(\.keys))
          guard let near = bare.first else {
            throw UserError.unknown(
              "setting", assignment.key, among: all, hint: "The keys are \(all.joined(separator: ", "))")
          }
          throw UserError("there is no setting '\(assignment.key)'", fix: "Did you mean '\(near)'?")
        }
        guard owners.count == 1 else {
          throw UserError(
            "'\(assignment.key)' is a setting of the \(owners.map(\.name).joined(separator: " and the "))",
            fix: "Write \(owners.map { "\($0.name).\(assignment.key)" }.joined(separator: " or "))")
        }
        name = owner.name
      }
      switch name {
      case "environment": environmentChanges.set(path, assignment.value)
      case "agent":
        agentChanges.set(path, assignment.value)
        if path == ["demonstrations"] { recordedSources?.demonstrations = nil }
      default: setRun(path[0], try RunConfiguration.runValue(path[0], assignment.value), at: path)
      }
    }
  }
}

extension RunConfiguration {
  /// Sets one of the run's own settings.
  public mutating func setRun(_ key: String, _ value: JSON) { setRun(key, value, at: [key]) }

  /// Who names a run to begin with means what lies there now.
  private mutating func setRun(_ key: String, _ value: JSON, at path: [String]) {
    runChanges.set(path, value)
    if key == "from" { recordedSources?.initial = nil }
  }
}
