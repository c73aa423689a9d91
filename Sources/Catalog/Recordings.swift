import Environments
public import Groundwork
import ReinforcementLearning

/// Recorded episodes of all kinds: our replays, and traces of other programs.
public enum Recordings {
  /// What came of stepping an episode again.
  public struct Episode: Sendable, Hashable {
    /// The environment's id and the seed.
    public var name: String
    public var steps: Int
    /// Where it parts from the recording; nil when it does not.
    public var difference: String?
  }

  /// Steps the episodes of a file again.
  ///
  /// - Parameter path: A replay (`.json`), or a trace of MiniGrid with an episode a line (`.jsonl`, `.jsonl.gz`).
  /// - Throws: `UserError` when the file cannot be read or is neither.
  public static func verify(_ path: String) throws -> [Episode] {
    if path.hasSuffix(".jsonl") || path.hasSuffix(".jsonl.gz") {
      let bytes = path.hasSuffix(".gz") ? try Gzip.read(path) : try Files.read(path)
      return try bytes.split(separator: UInt8(ascii: "\n")).enumerated().map { number, line in
        do {
          let result = try GridworldTrace.verify(line: line)
          return Episode(name: "\(result.id) seed \(result.seed)", steps: result.steps, difference: result.difference)
        } catch let error as UserError {
          throw UserError("line \(number + 1) of '\(path)': \(error.reason)", fix: error.fix)
        }
      }
    }
    let replay = try Replay(reading: path)
    let difference = try replay.firstDifference(in: Catalog.recipe(of: replay))
    return [
      Episode(
        name: "\(replay.environment) seed \(replay.seed)", steps: replay.length, difference: difference?.description)
    ]
  }
}
