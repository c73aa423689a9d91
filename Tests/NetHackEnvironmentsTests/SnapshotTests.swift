#if NetHack && os(Linux) && arch(x86_64)
  import Groundwork
  @testable import NetHackEnvironments
  import ReinforcementLearning
  import Synchronization
  import Testing

  @Suite("Copies of a running NetHack", .needsGame, .serialized) struct SnapshotTests {
    private func everything(_ configuration: inout NetHackConfiguration) {
      configuration.fields =
        "glyphs,chars,colors,specials,blstats,message,inv_glyphs,inv_strs,tty_chars,tty_colors,tty_cursor,misc"
    }

    @Test("the same seed gives the same game, another seed another one")
    func seeds() throws {
      let plan = try makePlan(everything)
      var (a, b, c) = (makeGame(plan, seed: 5), makeGame(plan, seed: 5), makeGame(plan, seed: 6))
      #expect(a.row() == b.row())
      #expect(a.row() != c.row())
      #expect(a.play(100, random: 1) == b.play(100, random: 1))
      _ = c.play(1, random: 1)
    }

    @Test("a copy keeps the moment at which it was taken, and goes on as the original did")
    func copies() throws {
      let plan = try makePlan(everything)
      var game = makeGame(plan, seed: 7)
      _ = game.play(60, random: 2)
      var copy = game
      let moment = game.row()
      let future = game.play(80, random: 3)
      #expect(copy.row() == moment)
      #expect(copy.play(80, random: 3) == future)
    }

    @Test("copies of a copy go on alike although more of them live than there are games")
    func manyCopies() throws {
      let plan = try makePlan()
      var game = makeGame(plan, seed: 8)
      _ = game.play(40, random: 4)
      var copies = [NetHack](repeating: game, count: GamePool.usual + 8)
      let future = game.play(30, random: 5)
      // Each is stepped a little before any goes on, so that games must be given away in between.
      for index in copies.indices { _ = copies[index].step(IndexAction(0)) }
      var other = copies[0]
      let expected = other.play(20, random: 6)
      for index in copies.indices { #expect(copies[index].play(20, random: 6) == expected) }
      #expect(!future.isEmpty)
    }

    @Test("a state of another build of the library is refused, as is one of another form")
    func builds() throws {
      let plan = try makePlan()
      var game = makeGame(plan, seed: 9)
      _ = game.play(30, random: 1)
      let packed = plan.pool.packed(game.resident)
      var bytes = Array(packed.bytes)
      func restore() throws {
        _ = try bytes.withUnsafeBytes { try plan.pool.resident(of: packed.first.start, packed: $0) }
      }
      try restore()
      // The header's words: magic number and version in the first, the build in the seventh.
      for place in [0, 4, 48, 55] {
        bytes[place] ^= 1
        #expect(throws: UserError.self) { try restore() }
        bytes[place] ^= 1
      }
      try restore()
    }

    @Test("wherever in memory a game lives, its copy goes on as it does elsewhere")
    func everyPlace() throws {
      let plan = try makePlan()
      // As many live at once as there are places that an address's byte can tell apart, and some more.
      var games = (0..<300).map { _ in makeGame(plan, seed: 8) }
      for index in games.indices { _ = games[index].play(20, random: 4) }
      let copies = games
      let expected = games[0].play(40, random: 6)
      for index in copies.indices {
        var copy = copies[index]
        // The copy takes the live game, and the game goes on elsewhere from its bytes.
        #expect(copy.play(40, random: 6) == expected, "place \(index)")
        if index > 0 { #expect(games[index].play(40, random: 6) == expected, "place \(index), moved") }
      }
    }

    @Test("a game that lost its place and was moved on since is copied as it is, not as it was when it lost it")
    func movedOn() throws {
      let plan = try makePlan()
      var game = makeGame(plan, seed: 8)
      // Its place goes to others, who want one each.
      var others = (0..<GamePool.usual + 8).map { _ in game }
      for index in others.indices { _ = others[index].step(IndexAction(0)) }
      let first = game.row()
      var progress = game.progress
      for _ in 0..<5 {
        plan.pool.withGame(game.resident) { _ = progress.step($0, key: UInt8(ascii: "s"), plan) }
      }
      game.progress = progress
      let second = game.row()
      #expect(second != first)
      var copy = game
      let expected = copy.play(20, random: 6)
      #expect(game.row() == second)
      #expect(game.play(20, random: 6) == expected)
    }

    @Test("where there are no more live games than two, five games take turns in them and go on as they would")
    func noMoreGames() throws {
      let asked = Atomic(0)
      let poor = try NetHackPlan(NetHackConfiguration()) { library, wanted in
        asked.add(1, ordering: .relaxed).oldValue < 2 ? LiveGame(library, wanted: wanted) : nil
      }
      let rich = try makePlan()
      var games = (1...5).map { (makeGame(poor, seed: $0), makeGame(rich, seed: $0)) }
      for _ in 0..<3 {
        for index in games.indices {
          #expect(games[index].0.play(5, random: 12) == games[index].1.play(5, random: 12))
        }
      }
      #expect(asked.load(ordering: .relaxed) > 2)
    }

    @Test("a state goes through bytes into another pool and goes on alike")
    func bytes() throws {
      let (plan, other) = (try makePlan(everything), try makePlan(everything))
      var game = makeGame(plan, seed: 9)
      _ = game.play(70, random: 7)
      let packed = plan.pool.packed(game.resident)
      #expect(packed.bytes.count < 200_000)
      let resident = try other.pool.resident(of: other.start(seed: 9), packed: packed.bytes)
      var restored = NetHack(plan: other)
      restored.game = GameReference(other.pool, resident)
      restored.progress = game.progress
      #expect(restored.row() == game.row())
      #expect(restored.play(80, random: 8) == game.play(80, random: 8))
    }

    @Test("a state as few bytes goes on alike in another pool, and says what is remembered of its episode")
    func packing() throws {
      let (plan, other) = (try makePlan(everything), try makePlan(everything))
      var game = makeGame(plan, seed: 14)
      _ = game.play(90, random: 7)
      let bytes = game.packedState()
      #expect(bytes.count < 40_000)
      var restored = NetHack(plan: other)
      try restored.restore(packedState: bytes)
      #expect(restored.row() == game.row())
      #expect(restored.play(80, random: 8) == game.play(80, random: 8))

      // What Scout remembers is a list; a recipe's arena adds where the episode stands.
      let recipe = try EnvironmentRecipe(id: "nethack/Scout", NetHack.self, configuration: {
        var configuration = NetHackConfiguration()
        configuration.task = .scout
        return configuration
      }())
      let arena = recipe.makeArena(capacity: 2, signals: recipe.specification.signals.map(\.name))
      let scratch = SnapshotArena.Scratch(recipe.specification)
      arena.start(0, seed: 15)
      for step in 0..<60 { _ = arena.advance(0, to: 0, action: step * 5 % 23, scratch) }
      try arena.unpack(arena.packed(0), to: 1)
      #expect(arena.elapsed(1) == 60)
      for step in 0..<60 {
        let action = step * 7 % 23
        #expect(
          arena.advance(0, to: 0, action: action, scratch).reward
            == arena.advance(1, to: 1, action: action, scratch).reward)
      }
    }

    @Test("few bytes that are cut off or altered are refused, and nothing is changed")
    func packedDamage() throws {
      let plan = try makePlan()
      var game = makeGame(plan, seed: 16)
      _ = game.play(30, random: 3)
      let bytes = game.packedState()
      var other = makeGame(plan, seed: 17)
      let row = other.row()
      for count in [0, 7, 100, 300, bytes.count / 2, bytes.count - 1] {
        #expect(throws: UserError.self) { try other.restore(packedState: Array(bytes.prefix(count))) }
      }
      #expect(other.row() == row)
      // Some bits say where equal bytes are copied from: one that says another such place changes nothing.
      var refused = 0
      for place in stride(from: bytes.count - 4000, to: bytes.count, by: 311) {
        var altered = bytes
        altered[place] ^= 0x10
        do {
          try other.restore(packedState: altered)
          #expect(other.row() == game.row(), "byte \(place)")
        } catch {
          refused += 1
        }
      }
      #expect(refused >= 10)
    }

    @Test("bytes that are cut off or of other arrays are refused")
    func damage() throws {
      let plan = try makePlan()
      let game = makeGame(plan, seed: 10)
      let packed = plan.pool.packed(game.resident)
      #expect(throws: UserError.self) {
        try plan.pool.resident(
          of: plan.start(seed: 10), packed: UnsafeRawBufferPointer(rebasing: packed.bytes.dropLast(64)))
      }
      let other = try makePlan(everything)
      #expect(throws: UserError.self) { try other.pool.resident(of: other.start(seed: 10), packed: packed.bytes) }
    }

    @Test("reseeding keeps the present and draws the future anew, alike for equal seeds")
    func reseeding() throws {
      let plan = try makePlan()
      var game = makeGame(plan, seed: 11)
      _ = game.play(30, random: 9)
      let present = game.row()
      var (a, b, c) = (game, game, game)
      a.reseed(1)
      b.reseed(1)
      c.reseed(2)
      #expect(a.row() == present)
      let future = a.play(150, random: 10)
      #expect(b.play(150, random: 10) == future)
      #expect(c.play(150, random: 10) != future)
      #expect(game.row() == present)
    }

    @Test("a game that wants more than 2 MB truncates its episode by a fault, and the next game is whole")
    func memory() throws {
      // Whole levels of soldiers with all that they carry, by the keys of wizard mode.
      let plan = try makePlan {
        $0.wizard = true
        $0.asksAll = true
        $0.showsAll = true
      }
      var game = makeGame(plan, seed: 18)
      let start = game.row()
      var last = Transition(reward: 0)
      func press(_ keys: String) {
        for key in keys.utf8 where last.outcome == .running {
          last = plan.pool.withGame(game.resident) { game.progress.step($0, key: key, plan) }
        }
      }
      for level in 2..<40 where last.outcome == .running {
        // 999 times: create a monster, whose name is asked for.
        press("999\u{7}soldier\r\u{1b}\u{1b}")
        press("\u{16}\(level)\r\u{1b}\u{1b}")
      }
      #expect(last.outcome == .truncated)
      #expect(game.progress.fault == 3)
      game.reset(seed: 18)
      #expect(game.row() == start)
      _ = game.play(20, random: 1)
      #expect(game.progress.fault == 0)
    }

    @Test("what the processor forbids inside a game truncates its episode by a fault, and the next game is whole")
    func faults() throws {
      let plan = try makePlan()
      var game = makeGame(plan, seed: 12)
      let start = game.row()
      _ = game.play(20, random: 11)
      let packed = plan.pool.packed(game.resident)
      // The kept lines hold the game's stack among others: return addresses and pointers become nonsense.
      var bytes = Array(packed.bytes)
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
      defer { copy.deallocate() }
      let lines = packed.bytes.load(fromByteOffset: 16, as: UInt32.self)
      for index in (bytes.count - Int(lines) * 64)..<bytes.count { bytes[index] = 0x41 }
      copy.copyBytes(from: bytes)
      var broken = NetHack(plan: plan)
      broken.game = GameReference(
        plan.pool, try plan.pool.resident(of: plan.start(seed: 12), packed: UnsafeRawBufferPointer(copy)))
      let transition = broken.step(IndexAction(1))
      #expect(transition.outcome == .truncated)
      #expect(broken.progress.fault != 0)
      broken.reset(seed: 12)
      #expect(broken.row() == start)
    }
  }
#endif
