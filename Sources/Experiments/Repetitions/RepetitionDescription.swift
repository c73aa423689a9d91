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
    /// The whole configuration, with digests of the files that it names.
    public var configuration: JSON

    /// A part of that name.
    public init(name: String, id: String, configuration: JSON) {
      self.name = name
      self.id = id
      self.configuration = configuration
    }
  }

  /// The format's version; a file of another one is refused.
  public static let version = 2
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
  /// The folder of its parts where that is another than `cells`: that of more repetitions, which were added.
  var folder: String?
  /// Pulls of an episode where all environments were given the same; nil where each has its own.
  public var pulls: Int?

  /// A description; see its fields.
  public init(
    command: String, environments: [Part], agents: [Part], repetitions: Int, seed: UInt64, pulls: Int? = nil
  ) {
    self.command = command
    self.pulls = pulls
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

  /// Whether the other has all of this one's agents and environments, at their places, and as many repetitions or more.
  func isContained(in other: RepetitionDescription) -> Bool {
    other.environments.starts(with: environments) && other.agents.starts(with: agents) && seed == other.seed
      && repetitions <= other.repetitions && pulls == other.pulls
  }

  /// Reads `repetitions.json`.
  ///
  /// - Throws: `UserError` when it cannot be read or was altered.
  public init(reading path: String) throws(UserError) {
    let document = try SealedDocument.read(
      path, kind: "a comparison of repetitions", version: RepetitionDescription.version, as: .comparison)
    self = try document.decoded(name: "'\(path)'")
    guard folder == nil || folder == "cells-\(repetitions)" else {
      throw UserError("'\(path)' names a folder that is none of its own", fix: "Begin the comparison anew")
    }
    guard !environments.isEmpty, !agents.isEmpty, repetitions > 0 else {
      throw UserError("'\(path)' compares nothing", fix: "Begin the comparison anew")
    }
  }

  /// The text of the file.
  var text: String { SealedDocument.text(of: self) }
}
