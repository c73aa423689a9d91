public import Groundwork
public import ReinforcementLearning

/// Carries out a comparison of repetitions in its directory: a file for each agent in each environment, so that what is
/// there is not done again.
public struct RepetitionStudy: Sendable {
  /// The comparison's directory.
  public let path: String
  /// What is compared.
  public let description: RepetitionDescription
  private let lock: DirectoryLock?
  /// What the directory holds until the parts of more repetitions are whole; nil where `description` is there.
  private let replaced: RepetitionDescription?

  /// Repetitions that are stepped side by side by one worker.
  static let slotsPerBatch = 64

  /// A comparison in its directory, which is made when it is missing.
  ///
  /// - Throws: `UserError` when the directory holds something else, or is in use.
  public init(_ description: RepetitionDescription, in path: String) throws(UserError) {
    let file = path + "/repetitions.json"
    if Files.exists(file) {
      lock = try DirectoryLock(path)
      // Where its parts are is the directory's to say.
      self.description = try RepetitionDescription(reading: file)
      guard self.description.isSame(as: description) else {
        throw UserError("'\(path)' holds another comparison", fix: "Name another directory (--out)")
      }
    } else {
      func checkIsFree() throws(UserError) {
        guard Files.exists(path), !DirectoryLock.isFree(path) else { return }
        throw UserError(
          "'\(path)' already exists and holds no comparison of repetitions", fix: "Name another directory (--out)")
      }
      lock = try DirectoryLock.claim(path, check: checkIsFree)
      try Files.writeAtomically(description.text, to: file)
      self.description = description
    }
    self.path = path
    replaced = nil
  }

  /// A comparison that was carried out before, to which agents, environments or repetitions are added.
  ///
  /// What is finished stays where only agents or environments come; all are stepped again for more repetitions, since
  /// the curves of a part are kept as means.
  ///
  /// - Throws: `UserError` when there is none, it is in use, or the description lacks something of it.
  public init(extending path: String, to description: RepetitionDescription) throws(UserError) {
    let file = path + "/repetitions.json"
    lock = try DirectoryLock(path)
    let old = try RepetitionDescription(reading: file)
    try Program.check(old.forage, began: path, fix: "Begin a new comparison (--out)")
    guard old.isContained(in: description) else {
      throw UserError("'\(path)' has changed meanwhile", fix: "Try again")
    }
    var description = description
    if old.repetitions == description.repetitions {
      description.folder = old.folder
      try Files.writeAtomically(description.text, to: file)
      replaced = nil
    } else {
      // Beside those that are there, which stay until the new ones are whole: see `conclude`.
      description.folder = "cells-\(description.repetitions)"
      replaced = old
    }
    self.path = path
    self.description = description
  }

  /// Puts more repetitions in the place of those that were there before, once all parts are measured.
  ///
  /// Whoever is killed before finds the comparison as it was, and the parts that are measured are not stepped again.
  public func conclude() throws(UserError) {
    guard let replaced else { return }
    try Files.writeAtomically(description.text, to: path + "/repetitions.json")
    try? Files.remove("\(path)/\(replaced.folder ?? RepetitionStudy.usualFolder)")
  }

  private static let usualFolder = "cells"

  /// A comparison that was carried out before, to be read.
  ///
  /// - Throws: `UserError` when there is none.
  public init(opening path: String) throws(UserError) {
    description = try RepetitionDescription(reading: path + "/repetitions.json")
    self.path = path
    lock = nil
    replaced = nil
  }

  /// Whether a directory holds a comparison of repetitions.
  public static func isOne(_ path: String) -> Bool { Files.exists(path + "/repetitions.json") }

  private var folder: String { "\(path)/\(description.folder ?? RepetitionStudy.usualFolder)" }

  private func file(_ environment: Int, _ agent: Int) -> String { "\(folder)/\(environment)-\(agent).json" }

  /// What is there of an agent in an environment; nil where nothing is.
  ///
  /// - Throws: `UserError` when the file was altered or is of something else.
  public func cell(environment: Int, agent: Int) throws(UserError) -> RepetitionCell? {
    let file = file(environment, agent)
    guard Files.exists(file) else { return nil }
    let fix = "Remove it, and the same command makes it again"
    let document = try SealedDocument.read(
      file, kind: "a part of a comparison", version: RepetitionCell.version, as: .evaluation, fix: fix)
    let cell: RepetitionCell = try document.decoded(name: "'\(file)'")
    let subject = RepetitionCell.subject(description, environment: environment, agent: agent)
    guard cell.subject == subject else { throw UserError("'\(file)' is of another comparison", fix: fix) }
    return cell
  }

  /// Steps the repetitions of an agent in an environment, or finds them.
  ///
  /// - Parameters:
  ///   - recipe: The environment's.
  ///   - agent: A policy of it is made for every batch.
  ///   - whenEnded: Told how many more repetitions have ended, by any of the workers' threads.
  /// - Returns: Nil when it was asked to stop.
  public func measure(
    environment: Int, agent: Int, in recipe: EnvironmentRecipe, by policies: any Agent, signals: [String] = [],
    workers: Workers, shouldStop: () -> Bool, whenEnded: (Int) -> Void = { _ in }
  ) throws -> RepetitionCell? {
    if let cell = try cell(environment: environment, agent: agent) { return cell }
    let evaluation = try RepetitionStudy.evaluate(
      recipe, by: policies, repetitions: description.repetitions, seed: description.seed, signals: signals,
      workers: workers, shouldStop: shouldStop, whenEnded: whenEnded)
    guard evaluation.episodes.count == description.repetitions else { return nil }
    let cell = RepetitionCell(
      evaluation, in: recipe.specification,
      subject: RepetitionCell.subject(description, environment: environment, agent: agent))
    try Files.makeDirectory(folder)
    try Files.writeAtomically(SealedDocument.text(of: cell), to: file(environment, agent))
    return cell
  }

  /// The first episode of so many slots, all stepped side by side, nothing of their actions kept.
  ///
  /// - Parameter seed: Repetition r has the same episode for every agent of that seed.
  public static func evaluate(
    _ recipe: EnvironmentRecipe, by agent: any Agent, repetitions: Int, seed: UInt64, signals: [String] = [],
    workers: Workers, shouldStop: () -> Bool = { false }, whenEnded: (Int) -> Void = { _ in }
  ) throws -> Evaluation {
    try Evaluation.run(
      recipe, episodes: repetitions, seed: RandomSource.seed(seed, purpose: .repetitionEpisodes, index: 0),
      workers: workers, signals: signals, recording: .returns, slotsPerBatch: slotsPerBatch, shouldStop: shouldStop,
      whenEnded: whenEnded
    ) { try agent.makePolicy(slots: $0, choice: .sample) }
  }
}
