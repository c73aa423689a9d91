public import Groundwork
public import ReinforcementLearning

/// What a run is, completely: `run.json`. Together with the program's version it determines every result.
///
/// Every setting is recorded with its value, defaults included, and configurations hold the texts of the files that
/// they name (a map, a ruleset). Demonstrations are too large for that: their digest and their number are here, their
/// text in checkpoints.
public struct RunDescription: Codable, Hashable, Sendable {
  /// The format's version; a directory of another one is refused.
  public static let version = 2

  /// An id with its whole configuration, defaults included.
  public struct Part: Codable, Hashable, Sendable {
    /// The catalog's.
    public var id: String
    /// All its settings by name.
    public var configuration: JSON

    /// A part of those two.
    public init(id: String, configuration: JSON) {
      self.id = id
      self.configuration = configuration
    }
  }

  /// A reward design: what it is called, and every term with its weight and its whole configuration.
  public struct Reward: Codable, Hashable, Sendable {
    /// One model of the weighted sum.
    public struct Term: Codable, Hashable, Sendable {
      /// What the model's components are multiplied by.
      public var weight: Double
      /// The model's, as reward specifications name it.
      public var id: String
      /// All its settings, what it took over from the agent included.
      public var configuration: JSON
    }

    /// The specification in its shortest form; the terms decide.
    public var text: String
    /// In the order in which they were written.
    public var terms: [Term]

    /// What is recorded of a design.
    public init(_ recipe: RewardDesignRecipe) {
      text = recipe.text
      terms = recipe.terms.map {
        Term(weight: $0.weight, id: $0.recipe.id, configuration: $0.recipe.configuration)
      }
    }
  }

  /// The version of the format that it was read from or will be written in.
  public var version = RunDescription.version
  /// The version of the program that began the run.
  public var forage = Program.version
  /// The environment that it trains and is evaluated in.
  public var environment: Part
  /// The agent, presets and changes applied.
  public var agent: Part
  /// What the agent was granted beyond the observations and rewards of its own slots, for example "simulator"; results
  /// say so.
  public var granted: [String]
  /// What the agent learns from; evaluation never sees it.
  public var reward: Reward
  /// What was taken of the demonstrations that the agent's configuration names; nil where it names none.
  public var demonstrations: DemonstrationRecord?
  /// Budget, seed, evaluation and checkpoints.
  public var run: RunSettings
  /// What `run.from` names, as it was when the run was begun; nil where it names nothing.
  public var initial: InitialState.Record?
  /// When its budget was raised, in order; nil where it never was.
  public var extensions: [Extension]?

  /// A budget that was raised: up to `step` the run was one of `steps` steps.
  public struct Extension: Codable, Hashable, Sendable {
    /// Where the run stood.
    public var step: Int
    /// The budget before.
    public var steps: Int
  }

  /// - Parameters:
  ///   - demonstrations: What was taken of them.
  ///   - initial: What `run.from` names.
  /// - Throws: `UserError` for an agent that reads what the environment lacks.
  public init(
    environment: EnvironmentRecipe, agent: AgentRecipe, reward: RewardDesignRecipe,
    demonstrations: DemonstrationRecord? = nil, run: RunSettings, initial: InitialState.Record? = nil
  ) throws {
    self.environment = Part(id: environment.id, configuration: environment.configuration)
    self.agent = Part(id: agent.id, configuration: agent.configuration)
    granted = try agent.needs(in: environment.specification).names
    self.reward = Reward(reward)
    self.demonstrations = demonstrations
    self.run = run
    self.initial = initial
  }

  /// Reads a `run.json`.
  ///
  /// - Throws: `UserError` when it is of another version, or a byte of it has changed.
  public init(reading path: String) throws(UserError) {
    let document = try SealedDocument.read(path, kind: "a run", version: RunDescription.version, as: .document)
    self = try document.decoded(name: "'\(path)'")
  }

  /// A `run.json` that is a configuration: as it was written, or without its digest where a person changed it.
  ///
  /// - Parameter document: What the file holds.
  init(configuration document: JSON, path: String) throws(UserError) {
    guard document["digest"] == nil else {
      self = try SealedDocument.read(
        path, kind: "a run", version: RunDescription.version, as: .document,
        fix: "Remove its line `digest` if you changed it on purpose"
      ).decoded(name: "'\(path)'")
      return
    }
    guard document["version"]?.integer == RunDescription.version else {
      throw UserError("'\(path)' is a run of another version than \(RunDescription.version)", fix: "Train anew")
    }
    self = try document.decoded(name: "'\(path)'")
  }

  /// What tells the run from others at a step: a digest of all that determines what it is there but how often it is
  /// saved. Of a budget that was raised the one counts under which that step was taken, and what it was before: what
  /// was written before stays the run's own, and of two runs with different budgets none is taken for the other, since
  /// much may fall over the budget.
  ///
  /// It stands in the run's checkpoints, and at `wholeRun` in its evaluation and replays, so that a file of another run
  /// is not taken for one of this.
  func identity(at step: Int) -> String {
    var description = self
    description.version = 0
    description.forage = ""
    let usual = RunSettings()
    description.run.steps = extensions?.first { $0.step >= step }?.steps ?? run.steps
    description.run.checkpointSeconds = usual.checkpointSeconds
    description.run.keptCheckpoints = usual.keptCheckpoints
    let before = (extensions ?? []).filter { $0.step < step }
    description.extensions = before.isEmpty ? nil : before
    return ByteDigest(JSON(encoding: description).text().utf8).description
  }

  /// A step after all others: `identity(at:)` is then of the run as a whole, to its end.
  static let wholeRun = Int.max

  /// What tells the run from others, step by step.
  var lineage: RunLineage {
    var parts = [RunLineage.Part(after: -1, name: identity(at: 0))]
    for step in (extensions ?? []).map(\.step) where parts.last!.after != step {
      parts.append(RunLineage.Part(after: step, name: identity(at: step + 1)))
    }
    return RunLineage(parts)
  }

  /// The text of `run.json`, with its digest.
  public var text: String { SealedDocument.text(of: self) }
}

/// This program.
public enum Program {
  /// What runs, comparisons and `--version` say.
  public static let version = "0.2.0"

  /// Refuses to go on with, or to add to, what another version began: its results would be others.
  ///
  /// - Parameters:
  ///   - found: The version that the directory names.
  ///   - path: The directory.
  /// - Throws: `UserError` with that fix.
  public static func check(_ found: String, began path: String, fix: String) throws(UserError) {
    guard found != version else { return }
    throw UserError(
      "'\(path)' was begun by version \(found) of the program, whose results are not those of \(version)", fix: fix)
  }
}
