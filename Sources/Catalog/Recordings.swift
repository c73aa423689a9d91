import Environments
import GridworldEnvironments
public import Experiments
import Groundwork
import ManipulationEnvironments
import NetHackEnvironments
public import ReinforcementLearning

extension Catalog {
  /// Every kind of recording of another program that `forage verify` reads; another one costs one line here.
  public static let traces: [TraceVerifier] = [
    GridworldTrace.verifier, NetHackTrace.verifier, NetHackTaskTrace.verifier, MetaWorldTrace.verifier,
    FetchTrace.verifier,
  ]
}

/// Recorded episodes of all kinds: our replays, and traces of other programs.
public enum Recordings {
  /// What kind our own replays are.
  public static let replayKind = "replay"

  /// Steps the episodes of a file again.
  ///
  /// A file of lines (`.jsonl`, `.gz`) says in its first line which kind it is; everything else is a replay (`.json`).
  ///
  /// - Parameter assignments: Changes to the settings of a trace's check, or of a replay's environment.
  /// - Throws: `UserError` when the file cannot be read, is of no kind that the catalog lists, or lacks a setting.
  public static func verify(
    _ path: String, assignments: [SettingAssignment] = []
  ) throws -> (kind: String, report: TraceReport) {
    if Files.isDirectory(path) {
      throw UserError(
        "'\(path)' is a directory",
        fix: "Name its files, for example "
          + "\(Shell.quoted(Files.isDirectory(path + "/replays") ? path + "/replays" : path))/*.json")
    }
    guard path.hasSuffix(".jsonl") || path.hasSuffix(".gz") else {
      return (replayKind, try verifyReplay(path, changes: changes(assignments, section: "environment")))
    }
    let file = try TraceFile(reading: path)
    guard let verifier = Catalog.traces.first(where: { $0.takes(firstLine: file.firstLine) }) else {
      let kinds = "This program checks replays and \(Catalog.traces.map(\.kind).joined(separator: ", "))"
      throw file.header.map { header in
        UserError("'\(path)' is of the kind \(header["kind"]!.text()), which nothing here checks", fix: kinds)
      } ?? UserError("the first line of '\(path)' names no kind and is no recording known without one", fix: kinds)
    }
    let report = try verifier.verify(file, changes: changes(assignments, section: "verify"))
    // What compares nothing is no recording that is equal.
    guard report.episodes.contains(where: { $0.steps > 0 }) else {
      throw UserError("'\(path)' has no step to compare", fix: "It may be cut off; restore it")
    }
    return (verifier.kind, report)
  }

  private static func verifyReplay(_ path: String, changes: JSON) throws -> TraceReport {
    let replay = try Replay(reading: path)
    let recipe: EnvironmentRecipe
    do {
      recipe = try Catalog.environment(replay.environment).recipe(changes: replay.configuration.overlaid(with: changes))
    } catch let error as UserError {
      throw UserError("'\(path)': \(error.reason)", fix: error.fix)
    }
    let difference = try replay.firstDifference(in: recipe)
    let episode = TracedEpisode(
      task: replay.environment, name: "seed \(replay.seed)", steps: replay.length,
      // Digest 0 is the start's; the one that differs belongs to the step after those that are equal.
      equalSteps: difference.map { min(replay.length, max(0, $0.step - 1)) } ?? replay.length,
      difference: difference?.description)
    return TraceReport(
      comparison: "every observation, action, reward and outcome, by digests: to the last bit", episodes: [episode])
  }

  /// Assignments as changes; a key may name its section (`environment.size`).
  private static func changes(_ assignments: [SettingAssignment], section: String) -> JSON {
    assignments.reduce(.object([:])) { changes, assignment in
      let namesSection = assignment.path.count > 1 && assignment.path[0] == section
      let path = namesSection ? assignment.path.dropFirst() : assignment.path[...]
      return changes.overlaid(with: path.reversed().reduce(assignment.value) { .object([$1: $0]) })
    }
  }
}
