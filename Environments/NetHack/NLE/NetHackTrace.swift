import Groundwork
public import ReinforcementLearning

/// Recordings of NLE's own Python binding under a frozen clock: every array of every step, by digest.
///
/// The first line has the options, the clock and the arrays' names. Then, for each game, a line with role and seeds,
/// and a line for each step: the key and the first 16 digits of the SHA-256 of each array that changed.
public enum NetHackTrace {
  /// What can be set about the check.
  public struct Settings: Codable, Sendable {
    /// Where the library is, as in `NetHackConfiguration`.
    public var library = ""

    /// The library in its usual place.
    public init() {}
  }

  /// Checks files whose first line says `nle-traces`: all 17 arrays after every key.
  public static let verifier = TraceVerifier(
    "nle-traces", summary: "games of NetHack recorded by NLE", settings: Settings(),
    comparison: { _ in "17 arrays of every step, by SHA-256: to the last bit" }, verify: verify)

  /// - Throws: `UserError` where the game is not there, or a line is no recording.
  private static func verify(_ file: TraceFile, _ settings: Settings) throws -> [TracedEpisode] {
    #if NetHack && os(Linux) && arch(x86_64)
      try NetHackTraceChecker(file, settings).check()
    #else
      throw UserError(NetHackFamily.absence ?? "", fix: "Check it where the game runs")
    #endif
  }
}
