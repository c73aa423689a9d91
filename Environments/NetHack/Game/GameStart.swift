#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost
  import Groundwork
  import Synchronization

  /// How a game began: everything that its course depends on besides the keys. Two games with equal starts and keys are
  /// the same, byte by byte, in every process.
  struct GameStart: Hashable, Sendable {
    /// Seeds of the game's two generators.
    /// This one decides what the game draws: levels, dice, monsters.
    var core: UInt64
    /// Decides what only the screen draws, such as hallucinations.
    var display: UInt64
    /// The seed of the levels' own generator; nil where levels are drawn from the core.
    var levels: UInt64?
  }

  /// What all games of a plan have in common.
  struct GameRules: Sendable {
    /// NetHack's options, the name among them.
    var options: String
    /// Objects that wizard mode hands out, a line each; empty for none.
    var wizardKit: String
    /// Whether monsters come into being by themselves after the start.
    var spawnsMonsters: Bool
    /// Seconds since 1970 that the game takes for now.
    var clock: Int64
    /// Where the game finds its dungeon, quests and levels.
    var archive: DataArchive

    /// Calls `body` with the setting in the host's form, valid during the call.
    func withSetting<Result>(_ start: GameStart, _ body: (UnsafePointer<nethack_setting>) -> Result) -> Result {
      options.withCString { options in
        wizardKit.withCString { kit in
          var setting = nethack_setting()
          setting.options = options
          setting.wizard_kit = wizardKit.isEmpty ? nil : kit
          setting.core = start.core
          setting.display = start.display
          setting.levels = start.levels ?? 0
          setting.uses_levels = start.levels == nil ? 0 : 1
          setting.spawns_monsters = spawnsMonsters ? 1 : 0
          setting.clock = clock
          setting.data = archive.bytes.baseAddress
          setting.data_bytes = archive.bytes.count
          return withUnsafePointer(to: &setting, body)
        }
      }
    }
  }

  /// A game's whole state just after it began, made when the first copy of the game is: copies are packed against it.
  final class FirstState: @unchecked Sendable {
    /// How the game began.
    let start: GameStart
    private let base = Mutex<UInt>(0)

    init(_ start: GameStart) { self.start = start }

    deinit { nethack_base_free(OpaquePointer(bitPattern: base.withLock { $0 })) }

    /// The state in the host's form.
    ///
    /// - Parameter make: Starts the game once more somewhere and takes its state; called once.
    func base(_ make: (GameStart) -> OpaquePointer) -> OpaquePointer {
      base.withLock { base in
        if base == 0 { base = UInt(bitPattern: make(start)) }
        return OpaquePointer(bitPattern: base)!
      }
    }
  }

  /// A game's state as what differs from its first state: what values, archives and checkpoints hold.
  final class PackedGame: @unchecked Sendable {
    /// What the bytes are the difference to.
    let first: FirstState
    /// On a multiple of 64.
    let bytes: UnsafeRawBufferPointer

    /// What is said of bytes that are no state of a game.
    static let damaged = UserError(
      "a saved game of NetHack is damaged, of other settings, or of another build of the library",
      fix: "Use the library with which it was saved (library=, FORAGE_NETHACK); an archive whose "
        + "checkpoints/chunks*.bin are removed steps its states again")

    /// Copies the bytes, which may be the host's scratch memory.
    init(_ first: FirstState, _ packed: UnsafeRawBufferPointer) {
      self.first = first
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: packed.count, alignment: 64)
      copy.copyMemory(from: packed)
      bytes = UnsafeRawBufferPointer(copy)
    }

    deinit { bytes.deallocate() }
  }
#endif
