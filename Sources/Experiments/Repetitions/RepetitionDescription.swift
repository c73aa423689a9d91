public import Groundwork
import ReinforcementLearning

/// What a comparison of policies that learn inside the episode is: every agent in every environment, so many
/// repetitions of one episode each. `repetitions.json` in its directory.
///
/// Not a comparison of runs: nothing is trained, an episode is the whole of an agent's life, so thousands of them are
/// stepped as one batch. Repetition r of all agents has the same seed.
public struct RepetitionDescription: Codable, Hashable, Sendable {
  /// An environment or agent: what it is called, its id and all that was set.
  public struct Part: Codable, Hashable, Sendable {
    /// With its settings, as reports call it.
    public var name: String
    /// The catalog's.
    public var id: String
    /// The whole configuration.
    public var configuration: JSON
    /// Digests of the files that it names, by their settings; nil where there are none.
    public var files: [String: String]?

    /// A part of that name.
    ///
    /// - Throws: `UserError` for a file that it names and that cannot be read.
    public init(name: String, id: String, configuration: JSON) throws(UserError) {
      self.name = name
      self.id = id
      self.configuration = configuration
      files = try Part.files(in: configuration)
    }

    private static func files(in configuration: JSON) throws(UserError) -> [String: String]? {
      var files: [String: String] = [:]
      for key in ["ratings", "warmStart"] {
        guard let path = configuration[key]?.string, !path.isEmpty else { continue }
        files[key] = ByteDigest(try Files.read(path, as: .recording)).description
      }
      return files.isEmpty ? nil : files
    }

    /// Refuses to go on with files that are not what they were.
    ///
    /// - Throws: `UserError` that names the file.
    public func checkFiles() throws(UserError) {
      let now = try Part.files(in: configuration)
      guard now != files else { return }
      let key = (files ?? [:]).keys.sorted().first { now?[$0] != files?[$0] } ?? ""
      throw UserError(
        "'\(configuration[key]?.string ?? name)' was changed since the comparison began",
        fix: "Restore it, or begin another comparison (--out)")
    }
  }

  /// The format's version; a file of another one is refused.
  public static let version = 1
  /// The version of the format that it was read from or will be written in.
  public var version = RepetitionDescription.version
  /// The version of the program that began it.
  public var forage = Program.version
  /// The command that repeats it.
  public var command: String
  /// In the order in which they were named.
  public var environments: [Part]
  /// In the order in which they were named; the first is what the others are compared with.
  public var agents: [Part]
  /// Episodes of every agent in every environment.
  public var repetitions: Int
  /// Determines all of them.
  public var seed: UInt64

  /// A description; see its fields.
  public init(command: String, environments: [Part], agents: [Part], repetitions: Int, seed: UInt64) {
    self.command = command
    self.environments = environments
    self.agents = agents
    self.repetitions = repetitions
    self.seed = seed
  }

  /// Whether results of the other are results of this one.
  func isSame(as other: RepetitionDescription) -> Bool {
    environments == other.environments && agents == other.agents && repetitions == other.repetitions
      && seed == other.seed
  }

  /// Reads `repetitions.json`.
  ///
  /// - Throws: `UserError` when it cannot be read or was altered.
  public init(reading path: String) throws(UserError) {
    let document = try SealedDocument.read(
      path, kind: "a comparison of repetitions", version: RepetitionDescription.version, as: .comparison)
    self = try document.decoded(name: "'\(path)'")
    guard !environments.isEmpty, !agents.isEmpty, repetitions > 0 else {
      throw UserError("'\(path)' compares nothing", fix: "Begin the comparison anew")
    }
  }

  /// The text of the file.
  var text: String { SealedDocument.text(of: self) }
}
