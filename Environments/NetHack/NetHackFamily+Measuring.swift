import Groundwork

/// What claims and benchmarks ask of the game; where it is not, each of these says so.
extension NetHackFamily {
  private static var missing: UserError {
    UserError(absence ?? "the game is not here", fix: "scripts/nethack installs it")
  }

  /// What came of random keys and of copies of the games in the midst of them.
  public struct CopyCounts: Sendable {
    /// States from which 60 keys were played again.
    public var copies = 0
    /// How many of them went on otherwise in their own slot, and in another one.
    public var different = 0, differentElsewhere = 0
    /// Games that crashed or wanted too much memory.
    public var faults = 0
    /// Games that ended themselves, as wizard mode's "Dump core?" does when it is answered with yes.
    public var aborts = 0
    /// The greatest depth of any game.
    public var deepest = 0
  }

  /// Presses random keys in games of all roles, some in wizard mode, and plays 60 keys again every 300.
  ///
  /// - Throws: `UserError` where the game is not there, and what `checkStop` throws after a game.
  public static func copyGames(keys: Int, seed: UInt64, checkStop: () throws -> Void) throws -> CopyCounts {
    #if NetHack && os(Linux) && arch(x86_64)
      var probe = try NetHackProbe(seed: seed)
      defer { probe.close() }
      var stop: (any Error)?
      let soak = try probe.soak(keys: keys) { _ in
        do { try checkStop() } catch { stop = error }
        return stop == nil
      }
      if let stop { throw stop }
      return CopyCounts(
        copies: soak.snapshots, different: soak.snapshots - soak.identical,
        differentElsewhere: soak.snapshots - soak.identicalElsewhere, faults: soak.faults, aborts: soak.aborts,
        deepest: soak.deepest)
    #else
      throw missing
    #endif
  }

  /// A number of a random player's games beside NLE's.
  public struct PlayedRow: Sendable {
    /// What is counted, and of what.
    public var name, unit: String
    /// NLE's number and this one's.
    public var reference, value: Double
    /// The difference in its standard errors.
    public var distance: Double
  }

  /// Plays games of `nethack/Score` with random keys: the 23 of the tasks, or all 121.
  ///
  /// - Throws: `UserError` where the game is not there, and what `checkStop` throws before a game.
  public static func playAtRandom(
    allKeys: Bool, games: Int, seed: UInt64, checkStop: () throws -> Void
  ) throws -> [PlayedRow] {
    #if NetHack && os(Linux) && arch(x86_64)
      try NetHackRandomPlayer.play(allKeys ? .all : .task, games: games, seed: seed, checkStop: checkStop).map {
        PlayedRow(name: $0.name, unit: $0.unit, reference: $0.reference, value: $0.value, distance: $0.distance)
      }
    #else
      throw missing
    #endif
  }

  /// What running games and their copies cost, by name with its unit, in the order in which they are shown.
  ///
  /// - Throws: `UserError` where the game is not there.
  public static func costs() throws -> [(name: String, value: Double, unit: String)] {
    #if NetHack && os(Linux) && arch(x86_64)
      let memory = try NetHackProbe.memory(games: 40)
      var probe = try NetHackProbe()
      defer { probe.close() }
      let costs = probe.costs()
      return [
        ("start of a game", costs.start, "microseconds"), ("snapshot", costs.snapshot, "microseconds"),
        ("restore", costs.restore, "microseconds"), ("restore in another slot", costs.restoreElsewhere, "microseconds"),
        ("packed snapshot, mean", costs.packedBytes, "bytes"),
        ("the same compressed", costs.compressedBytes, "bytes"),
        ("compressing", costs.compress, "microseconds"), ("decompressing", costs.decompress, "microseconds"),
        ("state of a game at most", Double(costs.stateBytes), "bytes"),
        ("memory of a game at its start", memory.start, "bytes"),
        ("memory of a game after 2,000 keys", memory.later, "bytes"),
      ]
    #else
      throw missing
    #endif
  }
}
