#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost
  import Synchronization

  /// How a game stands, as the host numbers it.
  enum GameStanding {
    /// The game waits for a key.
    static let running = Int32(NETHACK_RUNNING)
    /// The game has ended: by death, quitting, or ascension.
    static let over = Int32(NETHACK_OVER)
    /// The host stopped the game: it crashed or used too much memory.
    static let fault = Int32(NETHACK_FAULT)
  }

  /// A slot of the host with a copy of the game in it, and who lives there. All but the pointer is guarded by its pool,
  /// whose lock leaves nothing for checks of exclusive access to find.
  final class LiveGame: @unchecked Sendable {
    /// The game in the host.
    let pointer: OpaquePointer
    /// The host's slot, 0 to NETHACK_SLOTS - 1; each slot has its own copy of the library's data.
    private let slot: Int32
    /// Whose state is in the game; nil while it is free.
    @exclusivity(unchecked) var resident: Resident?
    /// Whether somebody steps, reads or packs it; nobody else may then.
    @exclusivity(unchecked) var isBusy = true
    /// The pool's clock when it was last used.
    @exclusivity(unchecked) var lastUse = 0

    /// Slots of the process that nobody has.
    private static let free = Mutex<[Int32]>(Array((0..<Int32(NETHACK_SLOTS)).reversed()))

    /// Nil when the process has no slot or no memory left.
    init?(_ library: NetHackLibrary, wanted: UInt32) {
      var reason = [CChar](repeating: 0, count: Int(NETHACK_REASON_BYTES))
      guard let slot = Self.free.withLock({ $0.popLast() }) else { return nil }
      guard let pointer = nethack_game_open(library.handle, slot, wanted, &reason) else {
        Self.free.withLock { $0.append(slot) }
        return nil
      }
      self.pointer = pointer
      self.slot = slot
    }

    /// Ends the game and gives its slot back to the process.
    func close() {
      nethack_game_close(pointer)
      Self.free.withLock { $0.append(slot) }
    }
  }

  /// A state of a game and where it is at present: in a live game, as bytes, or both. Guarded by its pool.
  final class Resident: @unchecked Sendable {
    /// How the resident's game began, which never changes.
    let first: FirstState
    /// The live game with this state; nil while it is bytes alone.
    @exclusivity(unchecked) var game: LiveGame?
    /// The state as bytes; nil once the live game has gone on.
    @exclusivity(unchecked) var packed: PackedGame?
    /// Whether nobody holds it any more.
    @exclusivity(unchecked) var isLeft = false

    init(_ first: FirstState) { self.first = first }
  }

  /// What a value of the environment holds: copies of the value share it until one of them steps.
  final class GameReference: @unchecked Sendable {
    /// The plan's pool.
    let pool: GamePool
    /// The state that is shared by all copies of the value which have not stepped since they were copied.
    let resident: Resident

    init(_ pool: GamePool, _ resident: Resident) {
      self.pool = pool
      self.resident = resident
    }

    deinit { pool.leave(resident) }
  }
#endif
