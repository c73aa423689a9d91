#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost
  public import Groundwork
  import ReinforcementLearning

  /// What the game and its copies cost on this machine, and whether copies go on as the game does: measured on games
  /// that are played with random keys.
  public struct NetHackProbe {
    private let pool: GamePool
    private let other: LiveGame
    private let game: LiveGame
    private var random: RandomSource

    /// - Parameter library: As in `NetHackConfiguration`.
    /// - Throws: `UserError` where the game is not there.
    public init(library: String = "", seed: UInt64 = 1) throws {
      var configuration = NetHackConfiguration()
      configuration.library = library
      pool = try NetHackPlan(configuration).pool
      random = RandomSource(seed: seed)
      guard let game = LiveGame(pool.library, wanted: pool.wanted),
        let other = LiveGame(pool.library, wanted: pool.wanted)
      else {
        throw UserError("there is no memory for two games of NetHack")
      }
      (self.game, self.other) = (game, other)
    }

    /// Gives the games' memory back.
    public func close() {
      game.close()
      other.close()
    }

    /// Medians in microseconds, and sizes in bytes.
    public struct Costs: Sendable {
      /// From the call to a game whose first screen can be read.
      public var start = 0.0
      /// Packing a state as its difference to the game's first state.
      public var snapshot = 0.0
      /// Unpacking it in the game that it was taken from.
      public var restore = 0.0
      /// Unpacking it in another slot, whose memory is another game's.
      public var restoreElsewhere = 0.0
      /// The mean size of a packed state.
      public var packedBytes = 0.0
      /// The mean size of a packed state that zlib has compressed.
      public var compressedBytes = 0.0
      /// Compressing one, and the way back.
      public var compress = 0.0, decompress = 0.0
      /// The largest state of a live game before packing.
      public var stateBytes = 0

      /// The same numbers under names that carry their units.
      public var json: JSON {
        [
          "startMicroseconds": .number(start), "snapshotMicroseconds": .number(snapshot),
          "restoreMicroseconds": .number(restore),
          "restoreElsewhereMicroseconds": .number(restoreElsewhere), "packedBytes": .number(packedBytes),
          "compressedBytes": .number(compressedBytes), "compressMicroseconds": .number(compress),
          "decompressMicroseconds": .number(decompress), "stateBytes": .integer(stateBytes),
        ]
      }
    }

    /// Plays games of 400 task keys and copies each of them every 40.
    ///
    /// - Parameter games: Each starts with its number as both seeds, so that two probes play the same games.
    public mutating func costs(games: Int = 20) -> Costs {
      var (starts, snapshots, restores, elsewhere, sizes): ([Double], [Double], [Double], [Double], [Double]) = (
        [], [], [], [], []
      )
      var (compressed, inflated, small): ([Double], [Double], [Double]) = ([], [], [])
      var state = 0
      let keys = ActionSet.task.keys.map { Int32($0.code) }
      for number in 0..<games {
        let start = GameStart(core: UInt64(number), display: UInt64(number), levels: nil)
        starts.append(time { _ = pool.rules.withSetting(start) { nethack_game_start(game.pointer, $0) } })
        let base = nethack_base_take(game.pointer)!
        defer { nethack_base_free(base) }
        for step in 1...400 {
          press(keys)
          guard step % 40 == 0, nethack_game_status(game.pointer) == GameStanding.running else { continue }
          withUnsafeTemporaryAllocation(byteCount: nethack_snapshot_bound(game.pointer), alignment: 64) { room in
            var bytes = 0
            snapshots.append(time { bytes = nethack_snapshot_pack(game.pointer, base, room.baseAddress) })
            sizes.append(Double(bytes))
            let bound = nethack_deflate_bound(bytes)
            withUnsafeTemporaryAllocation(byteCount: bound, alignment: 64) { packed in
              var count = 0
              compressed.append(time { count = nethack_deflate(room.baseAddress, bytes, packed.baseAddress, bound) })
              small.append(Double(count))
              inflated.append(time { _ = nethack_inflate(packed.baseAddress, count, room.baseAddress, bytes) })
            }
            pool.rules.withSetting(start) { setting in
              restores.append(time { nethack_snapshot_restore(game.pointer, base, room.baseAddress, setting) })
              elsewhere.append(time { nethack_snapshot_restore(other.pointer, base, room.baseAddress, setting) })
            }
          }
          state = max(state, nethack_game_usage(game.pointer).state)
        }
      }
      return Costs(
        start: median(starts), snapshot: median(snapshots), restore: median(restores),
        restoreElsewhere: median(elsewhere),
        packedBytes: sizes.reduce(0, +) / Double(max(1, sizes.count)),
        compressedBytes: small.reduce(0, +) / Double(max(1, small.count)), compress: median(compressed),
        decompress: median(inflated), stateBytes: state)
    }

    /// Bytes of memory that a live game has for itself, its share of what several use included, as the system counts
    /// them (PSS): at its start, and after 2,000 task keys.
    ///
    /// - Parameter count: Games that are opened beside each other; the mean is told.
    public static func memory(games count: Int, library: String = "") throws -> (start: Double, later: Double) {
      var probe = try NetHackProbe(library: library)
      defer { probe.close() }
      var games: [LiveGame] = []
      defer { for game in games { game.close() } }
      let before = try Process.proportionalBytes()
      for number in 0..<count {
        guard let game = LiveGame(probe.pool.library, wanted: probe.pool.wanted) else {
          throw UserError("there is no memory for \(count) games of NetHack")
        }
        games.append(game)
        let start = GameStart(core: UInt64(number), display: UInt64(number), levels: nil)
        _ = probe.pool.rules.withSetting(start) { nethack_game_start(game.pointer, $0) }
      }
      let start = try Process.proportionalBytes()
      let keys = ActionSet.task.keys.map { Int32($0.code) }
      for game in games {
        for _ in 0..<2000 where nethack_game_status(game.pointer) == GameStanding.running {
          probe.press(keys, in: game)
        }
      }
      let later = try Process.proportionalBytes()
      return ((start - before) / Double(count), (later - before) / Double(count))
    }

    /// What came of random keys.
    public struct Soak: Sendable {
      /// Keys that were pressed, those of repetitions not counted.
      public var keys = 0
      /// Games that were begun.
      public var games = 0
      /// The greatest depth of any of them.
      public var deepest = 0
      /// States from which keys were played twice.
      public var snapshots = 0
      /// How many of them went on the same in their own slot.
      public var identical = 0
      /// How many went on the same in another slot.
      public var identicalElsewhere = 0
      /// Games that the host stopped: a crash inside the game, or too much memory.
      public var faults = 0
      /// Games that stopped themselves by `abort`: what wizard mode's "Dump core?" does when it is answered with yes.
      public var aborts = 0
      /// Bytes of the largest state, before packing.
      public var largestState = 0

      /// The counts under the names of the properties.
      public var json: JSON {
        [
          "keys": .integer(keys), "games": .integer(games), "deepest": .integer(deepest),
          "snapshots": .integer(snapshots),
          "identical": .integer(identical), "identicalElsewhere": .integer(identicalElsewhere),
          "faults": .integer(faults), "aborts": .integer(aborts),
          "largestState": .integer(largestState),
        ]
      }
    }

    private static let characters = [
      "mon-hum-neu-mal", "@", "val-dwa-law-fem", "wiz-elf-cha-mal", "arc-dwa-law-mal", "pri-hum-cha-fem",
      "tou-hum-neu-mal",
      "kni-hum-law-mal", "sam-hum-law-mal", "cav-hum-neu-mal", "hea-gno-neu-fem", "ran-elf-cha-fem", "rog-orc-cha-mal",
      "bar-orc-cha-fem",
    ]

    /// Random keys from all 121, every third game in wizard mode with jumps between levels; every 300 keys a snapshot
    /// and 60 keys, which are played again from it, here and in another slot: every array must come out the same.
    ///
    /// - Parameter progress: Told after each game; false stops.
    /// - Returns: What was counted up to the end or the stop; `identical` and `identicalElsewhere` equal
    ///   `snapshots` when all is well.
    public mutating func soak(keys wanted: Int, progress: (Soak) -> Bool) throws -> Soak {
      var soak = Soak()
      let keys = Key.all.map { Int32($0.code) }
      while soak.keys < wanted {
        let isWizard = soak.games % 3 == 2
        let character = Self.characters[soak.games % Self.characters.count]
        var rules = pool.rules
        rules.options = NetHackConfiguration.usualOptions + ",name:Agent-" + character
        if character == "@" { rules.options += ",race:random,gender:random,align:random" }
        if isWizard { rules.options += ",playmode:debug" }
        rules.clock += Int64(soak.games) * 100_000
        let start = GameStart(core: random.next(), display: random.next(), levels: nil)
        _ = rules.withSetting(start) { nethack_game_start(game.pointer, $0) }
        soak.games += 1
        let base = nethack_base_take(game.pointer)!
        defer { nethack_base_free(base) }
        for step in 1...4000 where nethack_game_status(game.pointer) == GameStanding.running {
          if isWizard, random.integer(in: 0..<40) == 0 {
            for key in "\u{16}\(random.integer(in: 1..<46))\r".utf8 { nethack_game_step(game.pointer, Int32(key)) }
          }
          let view = GameView(game: game.pointer)
          let key = view.asksSpace && random.integer(in: 0..<2) == 0 ? 13 : keys[random.integer(in: 0..<keys.count)]
          nethack_game_step(game.pointer, key)
          soak.keys += 1
          soak.deepest = max(soak.deepest, Int(view.status[Status.depth.rawValue]))
          if step % 300 == 0, nethack_game_status(game.pointer) == GameStanding.running {
            repeatKeys(keys, base, rules, start, &soak)
          }
        }
        if nethack_game_status(game.pointer) == GameStanding.fault {
          // Only in wizard mode may a key ask the game to end so.
          if isWizard, nethack_game_fault(game.pointer) == Int32(NETHACK_FAULT_ABORT) {
            soak.aborts += 1
          } else {
            soak.faults += 1
          }
        }
        if !progress(soak) { break }
      }
      return soak
    }

    /// Plays 60 keys three times from one state: on, again in the same slot, and in another one.
    private mutating func repeatKeys(
      _ keys: [Int32], _ base: OpaquePointer, _ rules: GameRules, _ start: GameStart, _ soak: inout Soak
    ) {
      soak.snapshots += 1
      soak.largestState = max(soak.largestState, nethack_game_usage(game.pointer).state)
      let tail = (0..<60).map { _ in keys[random.integer(in: 0..<keys.count)] }
      withUnsafeTemporaryAllocation(byteCount: nethack_snapshot_bound(game.pointer), alignment: 64) { room in
        _ = nethack_snapshot_pack(game.pointer, base, room.baseAddress)
        rules.withSetting(start) { setting in
          let first = digests(of: tail, in: game.pointer)
          nethack_snapshot_restore(game.pointer, base, room.baseAddress, setting)
          if digests(of: tail, in: game.pointer) == first { soak.identical += 1 }
          nethack_snapshot_restore(other.pointer, base, room.baseAddress, setting)
          if digests(of: tail, in: other.pointer) == first { soak.identicalElsewhere += 1 }
          nethack_snapshot_restore(game.pointer, base, room.baseAddress, setting)
        }
      }
    }

    /// A digest of all kept arrays after each key.
    private func digests(of keys: [Int32], in game: OpaquePointer) -> [UInt64] {
      keys.map { key in
        nethack_game_step(game, key)
        var digest = StateDigest()
        for array in ObservedArray.allCases {
          guard let bytes = nethack_game_field(game, Int32(array.rawValue)) else { continue }
          digest.add(bytes: UnsafeRawBufferPointer(start: bytes, count: array.count * array.elementBytes))
        }
        return digest.value
      }
    }

    /// One key of a task player, prompts answered.
    private mutating func press(_ keys: [Int32]) { press(keys, in: game) }

    private mutating func press(_ keys: [Int32], in game: LiveGame) {
      let view = GameView(game: game.pointer)
      let key = view.asksSpace ? 13 : view.asksLetter || view.asksText ? 27 : keys[random.integer(in: 0..<keys.count)]
      nethack_game_step(game.pointer, key)
    }

    /// Microseconds that the body took.
    private func time(_ body: () -> Void) -> Double {
      let start = Clock.seconds
      body()
      return (Clock.seconds - start) * 1e6
    }

    private func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
  }
#endif
