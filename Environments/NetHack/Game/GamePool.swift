#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost
  import Groundwork
  import Synchronization

  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

  /// The live games of one plan, each in a slot of the host, and who lives in them.
  ///
  /// A state that is stepped needs a live game. There are fewer of those than states: when none is free, the one that
  /// was used least recently is packed, and its state goes on living as bytes. Who holds a state never notices.
  ///
  /// **Slots.** The host has a fixed number of slots in a process; each holds a game with its own copy of the
  /// library's data. A game that has begun keeps its slot until it is packed or nobody holds its state.
  ///
  /// **States.** A resident is in a live game, in bytes, or in both. Bytes are the difference to the game's
  /// first state. Copying a value costs nothing; the first step of either copy packs the state once.
  ///
  /// **Threads.** Any number may step games at a time; the lock is held for bookkeeping only, never while a
  /// game runs, packs or unpacks. Which game lives in which slot never shows in results.
  final class GamePool: @unchecked Sendable {
    /// Live games from which on a state that was packed takes another's place rather than a new one.
    static let usual = 64

    /// The library that all live games are copies of.
    let library: NetHackLibrary
    /// What all games of the plan have in common.
    let rules: GameRules
    /// A bit for each array that games keep.
    let wanted: UInt32

    /// Guards everything below, and the places of all residents.
    private let lock = Mutex<Void>(())
    /// Makes a live game for residents; nil when the process has no slot or no memory left.
    private let open: @Sendable (NetHackLibrary, _ wanted: UInt32) -> LiveGame?
    /// Every live game of the pool, whoever lives there.
    @exclusivity(unchecked) private var games: [LiveGame] = []
    /// Those in which nobody lives.
    @exclusivity(unchecked) private var free: [LiveGame] = []
    /// Counts acquisitions; a game's last one tells how long ago it was used.
    @exclusivity(unchecked) private var clock = 0
    /// First states that somebody still holds, by how their games began; equal starts share one.
    private var firstStates: [GameStart: WeakFirstState] = [:]
    /// A game for what is over at once: first states and pictures.
    private let spare = Mutex<SpareGame>(SpareGame())

    /// A pool without games; they are opened as residents come.
    ///
    /// - Parameters:
    ///   - library: The user's own library.
    ///   - rules: What all games of the plan have in common.
    ///   - wanted: A bit for each array that games keep.
    ///   - open: Where live games come from; nil from it when the process has no slot or memory left.
    init(
      library: NetHackLibrary, rules: GameRules, wanted: UInt32,
      open: @escaping @Sendable (NetHackLibrary, UInt32) -> LiveGame?
    ) {
      self.library = library
      self.rules = rules
      self.wanted = wanted
      self.open = open
    }

    deinit {
      for game in games { game.close() }
      spare.withLock { $0.game?.close() }
    }

    // MARK: Stepping

    /// A resident whose game starts anew.
    func start(_ start: GameStart) -> Resident {
      let resident = Resident(firstState(of: start))
      let game = acquire(for: resident, mayGrow: true)
      _ = rules.withSetting(start) { nethack_game_start(game.pointer, $0) }
      release(game)
      return resident
    }

    /// Runs `body`, which changes the game, with the resident's live game; nobody else touches it meanwhile.
    @inline(__always)
    func withGame<Result>(_ resident: Resident, _ body: (OpaquePointer) -> Result) -> Result {
      let game = acquire(for: resident, mayGrow: false)
      defer { release(game) }
      // Whoever lives here moves on from the bytes.
      resident.packed = nil
      return body(game.pointer)
    }

    /// Runs `body` with the live game where there is one, and with the packed state where there is one: one of the two.
    @inline(__always)
    func withState<Result>(_ resident: Resident, _ body: (OpaquePointer?, PackedGame?) -> Result) -> Result {
      let (game, packed) = claim(resident)
      defer { if let game { release(game) } }
      return body(game?.pointer, packed)
    }

    /// Makes a second resident of the state of the first: the first keeps a packed copy, the second takes its live game
    /// where it has one.
    ///
    /// So a copy costs a packing once, and the copy that goes on is the one that steps.
    func branch(_ resident: Resident) -> Resident {
      let branch = Resident(resident.first)
      let (claimed, bytes) = claim(resident)
      guard let game = claimed else {
        branch.packed = bytes
        return branch
      }
      let packed = bytes ?? pack(game, resident.first)
      lock.withLock { _ in
        resident.packed = packed
        resident.game = nil
        game.resident = branch
        branch.game = game
        game.isBusy = false
      }
      return branch
    }

    /// Nobody holds the resident's state any more.
    func leave(_ resident: Resident) {
      lock.withLock { _ in
        resident.isLeft = true
        guard let game = resident.game, !game.isBusy else { return }
        vacate(game)
      }
    }

    /// The packed state, taken from the live game where there is no later one.
    func packed(_ resident: Resident) -> PackedGame {
      let known = withState(resident) { game, packed -> PackedGame in
        packed ?? pack(game!, resident.first)
      }
      lock.withLock { _ in resident.packed = known }
      return known
    }

    /// A resident of a state that was packed in this or another process.
    ///
    /// - Throws: `UserError` when the bytes are no state of such a game.
    func resident(of start: GameStart, packed bytes: UnsafeRawBufferPointer) throws(UserError) -> Resident {
      let resident = Resident(firstState(of: start))
      let packed = PackedGame(resident.first, bytes)
      let base = base(of: resident.first)
      let isValid = withSpare { nethack_snapshot_valid($0, base, packed.bytes.baseAddress, packed.bytes.count) != 0 }
      guard isValid else { throw PackedGame.damaged }
      resident.packed = packed
      return resident
    }

    // MARK: Live games

    /// The resident's live game, marked busy as soon as nobody else uses it, and its packed state: at least one of
    /// them.
    @inline(__always)
    private func claim(_ resident: Resident) -> (LiveGame?, PackedGame?) {
      while true {
        let found: (LiveGame?, PackedGame?)? = lock.withLock { _ in
          guard let game = resident.game else { return (nil, resident.packed) }
          guard !game.isBusy else { return nil }
          game.isBusy = true
          return (game, resident.packed)
        }
        if let found { return found }
        sched_yield()
      }
    }

    /// A live game in the resident's state, marked busy.
    ///
    /// The resident's own game, else a free one, else a new one while there are fewer than the limit, else that
    /// of the resident that stepped longest ago, who is packed first. Waits while every game is busy.
    ///
    /// - Parameter mayGrow: Whether every slot of the process may be used, as for games that begin, or only the
    ///   usual number.
    private func acquire(for resident: Resident, mayGrow: Bool) -> LiveGame {
      var limit = mayGrow ? Int(NETHACK_SLOTS) : Self.usual
      while true {
        enum Found {
          case mine(LiveGame), vacant(LiveGame), other(LiveGame, Resident), grow, wait
        }
        let found: Found = lock.withLock { _ in
          clock += 1
          if let game = resident.game {
            guard !game.isBusy else { return .wait }
            game.isBusy = true
            game.lastUse = clock
            return .mine(game)
          }
          if let game = free.popLast() {
            game.isBusy = true
            game.lastUse = clock
            return .vacant(game)
          }
          if games.count < limit { return .grow }
          let candidates = games.lazy.filter { !$0.isBusy && $0.resident != nil }
          guard let oldest = candidates.min(by: { $0.lastUse < $1.lastUse }) else { return .wait }
          oldest.isBusy = true
          oldest.lastUse = clock
          return .other(oldest, oldest.resident!)
        }
        switch found {
        case .wait: sched_yield()
        case .mine(let game): return game
        case .vacant(let game): return settle(resident, in: game)
        case .other(let game, let former):
          let packed = former.packed ?? pack(game, former.first)
          lock.withLock { _ in
            former.packed = packed
            former.game = nil
          }
          return settle(resident, in: game)
        case .grow:
          guard let game = open(library, wanted) else {
            precondition(!lock.withLock { _ in games.isEmpty }, "there is no memory for a single game of NetHack")
            // Every slot of the process is taken: one of ours must do, however few they are.
            limit = 0
            continue
          }
          lock.withLock { _ in games.append(game) }
          return settle(resident, in: game)
        }
      }
    }

    /// Moves a resident into a live game that is busy and nobody's.
    private func settle(_ resident: Resident, in game: LiveGame) -> LiveGame {
      if let packed = lock.withLock({ _ in resident.packed }) { restore(packed, in: game.pointer) }
      lock.withLock { _ in
        resident.game = game
        game.resident = resident
      }
      return game
    }

    /// Lets others use the game, and empties it if its resident left meanwhile.
    private func release(_ game: LiveGame) {
      lock.withLock { _ in
        game.isBusy = false
        if let resident = game.resident, resident.isLeft { vacate(game) }
      }
    }

    /// Only under the lock.
    private func vacate(_ game: LiveGame) {
      game.resident?.game = nil
      game.resident = nil
      free.append(game)
    }

    /// Overwrites a live game by a packed state: its first state, then what differs from it.
    private func restore(_ packed: PackedGame, in game: OpaquePointer) {
      let base = base(of: packed.first)
      rules.withSetting(packed.first.start) { nethack_snapshot_restore(game, base, packed.bytes.baseAddress, $0) }
    }

    // MARK: Packing

    /// The first state of that start, known or new; what nobody holds any more is forgotten past 4096 of them.
    private func firstState(of start: GameStart) -> FirstState {
      lock.withLock { _ in
        if let known = firstStates[start]?.state { return known }
        if firstStates.count > 4096 { firstStates = firstStates.filter { $0.value.state != nil } }
        let state = FirstState(start)
        firstStates[start] = WeakFirstState(state: state)
        return state
      }
    }

    /// The first state in the host's form, taken by starting the game once more in the spare slot when first
    /// asked for.
    ///
    /// - Complexity: about a game's start, once a start; then a look-up.
    func base(of first: FirstState) -> OpaquePointer {
      first.base { start in
        withSpare { game in
          _ = rules.withSetting(start) { nethack_game_start(game, $0) }
          guard let base = nethack_base_take(game) else {
            preconditionFailure("there is no memory for a game's first state")
          }
          return base
        }
      }
    }

    private func pack(_ game: LiveGame, _ first: FirstState) -> PackedGame { pack(game.pointer, first) }

    /// What the game differs by from its first state, through scratch memory of the most that it can take.
    private func pack(_ game: OpaquePointer, _ first: FirstState) -> PackedGame {
      let base = base(of: first)
      return withUnsafeTemporaryAllocation(byteCount: nethack_snapshot_bound(game), alignment: 64) { room in
        let count = nethack_snapshot_pack(game, base, room.baseAddress)
        return PackedGame(first, UnsafeRawBufferPointer(rebasing: room[..<count]))
      }
    }

    /// Runs `body` with a game that nobody lives in and whose state is lost.
    func withSpare<Result>(_ body: (OpaquePointer) -> Result) -> Result {
      spare.withLock { spare in
        if spare.game == nil { spare.game = LiveGame(library, wanted: wanted) }
        guard let game = spare.game else { preconditionFailure("there is no memory for one more game of NetHack") }
        return body(game.pointer)
      }
    }

    /// Runs `body` with a copy of the resident's game that is thrown away.
    func withCopy<Result>(_ resident: Resident, _ body: (OpaquePointer) -> Result) -> Result {
      let packed = packed(resident)
      let base = base(of: resident.first)
      return withSpare { game in
        rules.withSetting(resident.first.start) { nethack_snapshot_restore(game, base, packed.bytes.baseAddress, $0) }
        return body(game)
      }
    }
  }

  private struct WeakFirstState { weak var state: FirstState? }

  private struct SpareGame: @unchecked Sendable { var game: LiveGame? }
#endif
