#if NetHack && os(Linux) && arch(x86_64)
  import Groundwork
  @testable import NetHackEnvironments
  import ReinforcementLearning
  import Testing

  @Suite("NetHack's tasks", .needsGame, .serialized) struct TaskTests {
    @Test("every id of nethack/ starts, steps and says its actions")
    func ids() throws {
      for listing in NLE.environments {
        let recipe = try listing.recipe()
        let batch = recipe.makeBatch(slots: 2, seed: 1)
        let rollout = batch.makeRollout(steps: 8)
        batch.reset(rollout)
        for time in 0..<8 {
          for slot in 0..<2 {
            rollout.actions.discrete[time * 2 + slot] = Int32((time + slot) % recipe.specification.actions.count)
          }
          batch.step(rollout, at: time)
        }
        #expect(rollout.outcomes[0] == Outcome.running.rawValue, "\(listing.id)")
      }
    }

    @Test("a step in which the game's clock stands costs the penalty, one in which it goes on does not")
    func penalties() throws {
      let plan = try makePlan { $0.task = .staircase }
      var game = makeGame(plan, seed: 3)
      let more = game.step(IndexAction(0))
      #expect(more.reward == -0.01)
      let search = plan.keys.firstIndex { $0.name == "search" }!
      #expect(game.step(IndexAction(search)).reward == 0)
      #expect(game.number("turn") == 2)
    }

    @Test("a room's stairs are the goal, worth 1, and end the episode with success")
    func stairs() throws {
      var game = NetHack(plan: try plan("minihack/Room-5x5"))
      game.reset(seed: 1)
      let southeast = game.plan.keys.firstIndex { $0.name == "southeast" }!
      var last = Transition(reward: 0)
      var steps = 0
      while last.outcome == .running, steps < 10 {
        last = game.step(IndexAction(southeast))
        steps += 1
      }
      #expect(last == Transition(reward: 1, outcome: .terminated, success: true))
      #expect(steps == 4)
    }

    /// Steps of a random player in a room, with what the game was like before, until a game is over.
    private func stroll(
      _ id: String, seeds: ClosedRange<UInt64>, _ look: (_ before: NetHack, _ now: NetHack, Transition) -> Bool
    ) throws {
      let plan = try plan(id)
      for seed in seeds {
        var game = makeGame(plan, seed: seed)
        var random = RandomSource(seed: seed)
        for _ in 0..<300 {
          let before = game
          let transition = game.step(IndexAction(random.integer(in: 0..<plan.keys.count)))
          guard look(before, game, transition) else { return }
          if transition.outcome != .running { break }
        }
      }
    }

    @Test("a death is an event, and its signals and its picture stay those of the last moment, with why")
    func deaths() throws {
      var deaths = 0
      try stroll("minihack/Room-Ultimate-15x15", seeds: 1...20) { before, now, transition in
        let isDeath = transition.outcome == .terminated && !transition.success
        #expect((now.signal("events")[Event.death.rawValue] == 1) == isDeath)
        guard isDeath else { return true }
        deaths += 1
        #expect(now.signal("squaresSeen") != [0, 0, 0, 0])
        let picture = now.sketch().text
        #expect(picture.hasPrefix("Killed by "), "\(picture)")
        #expect(picture.contains("@") && picture.contains("."))
        var restored = NetHack(plan: now.plan)
        do { try restored.restore(packedState: now.packedState()) } catch { Issue.record(error) }
        let isSame = restored.sketch() == now.sketch() && restored.row() == now.row()
        #expect(isSame)
        return deaths < 3
      }
      #expect(deaths == 3)
    }

    @Test("quitting is no death, and its picture says so")
    func quitting() throws {
      let plan = try makePlan {
        $0.actions = "quit,northwest,search"
        $0.asksAll = true
      }
      var game = makeGame(plan, seed: 3)
      _ = game.step(IndexAction(0))
      let end = game.step(IndexAction(1))
      #expect(end.outcome == .terminated)
      #expect(game.signal("events")[Event.death.rawValue] == 0)
      #expect(game.sketch().text.hasPrefix("Quit."))
    }

    @Test("what happened before a --More-- that was answered is an event of the step")
    func pages() throws {
      var hidden = 0
      try stroll("minihack/Room-Ultimate-15x15", seeds: 1...60) { before, now, _ in
        guard now.progress.kills > before.progress.kills else { return true }
        #expect(now.signal("events")[Event.kill.rawValue] == 1)
        let last = now.signal("messageText").withUnsafeBufferPointer { Event.events(in: $0) }
        if last & Event.kill.bit == 0 { hidden += 1 }
        return hidden < 1
      }
      #expect(hidden == 1)
    }

    @Test("who looks at a weapon picks nothing up")
    func looking() throws {
      let listing = NLE.environments.first { $0.id == "nethack/Challenge" }!
      var configuration = try listing.configuration.decoded(as: NetHackConfiguration.self, name: "Challenge")
      configuration.actions = "seeWeapon,more,wield"
      configuration.character = "val-hum-neu-fem"
      var game = makeGame(try NetHackPlan(configuration), seed: 3)
      _ = game.step(IndexAction(0))
      let text = game.signal("messageText")
      #expect(String(decoding: text, as: UTF8.self).hasPrefix("a - "))
      #expect(game.signal("events").allSatisfy { $0 == 0 })
    }

    @Test("the game's clock may stand for the limit's number of steps, then the episode is truncated")
    func stalls() throws {
      var game = makeGame(try makePlan { $0.stallLimit = 3 }, seed: 3)
      #expect(game.step(IndexAction(0)).outcome == .running)
      #expect(game.step(IndexAction(0)).outcome == .running)
      #expect(game.step(IndexAction(0)).outcome == .truncated)
    }

    @Test("a crop is the part of the map around the player, zero outside it")
    func crops() throws {
      let plan = try makePlan {
        $0.fields = "chars_crop,chars"
        $0.cropSize = 9
      }
      let game = makeGame(plan, seed: 4)
      let row = game.row()
      let (x, y) = (Int(game.number("x")), Int(game.number("y")))
      #expect(row[4 * 9 + 4] == UInt8(ascii: "@"))
      for line in 0..<9 {
        for column in 0..<9 {
          let (mapRow, mapColumn) = (y + line - 4, x + column - 4)
          let isInside = (0..<21).contains(mapRow) && (0..<79).contains(mapColumn)
          #expect(row[line * 9 + column] == (isInside ? row[81 + mapRow * 79 + mapColumn] : 0))
        }
      }
    }

    @Test("the terminal is the same whether the game keeps it or a copy draws it")
    func terminals() throws {
      let kept = try makePlan { $0.fields = "tty_chars,tty_colors,chars" }
      let drawn = try makePlan { $0.fields = "chars" }
      var (a, b) = (makeGame(kept, seed: 5), makeGame(drawn, seed: 5))
      for key in [10, 11, 12, 9, 10, 14] {
        _ = a.step(IndexAction(key))
        _ = b.step(IndexAction(key))
      }
      #expect(a.sketch().text == b.sketch().text)
      #expect(a.sketch().board.count == 24)
    }

    @Test("a picture shows menus that reach the player, and questions above the map with the numbers below")
    func menus() throws {
      let listing = NLE.environments.first { $0.id == "nethack/Challenge" }!
      let plan = try NetHackPlan(try listing.configuration.decoded(as: NetHackConfiguration.self, name: "Challenge"))
      var game = makeGame(plan, seed: 3)
      func press(_ name: String) { _ = game.step(IndexAction(plan.keys.firstIndex { $0.name == name }!)) }
      press("inventory")
      #expect(game.sketch().text.contains("(end)"))
      let menu = game.sketch()
      #expect(menu.focusOnBoard?.row == 0 && [menu.isPage] == [true])
      press("escape")
      let isPage = game.sketch().isPage
      #expect(!isPage)

      var asked = makeGame(try makePlan(), seed: 3)
      let before = asked.sketch().text.split(separator: "\n", omittingEmptySubsequences: false)
      let kick = asked.plan.keys.firstIndex { $0.name == "kick" }!
      _ = asked.step(IndexAction(kick))
      let after = asked.sketch().text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(after[0].hasPrefix("In what direction?"))
      #expect(after.dropFirst() == before.dropFirst())
      #expect(after[22].contains("St:") && after[23].contains("HP:"))
      // The game itself still asks.
      #expect(asked.plan.pool.withGame(asked.resident) { GameView(game: $0).asksLetter })
    }

    @Test("with fixed dice a reseeded game goes on as it would have; Go-Explore asks for such a one")
    func fixedDice() throws {
      let plan = try makePlan { $0.fixedDice = true }
      #expect(!NetHack.specification(of: plan).isStochastic)
      #expect(NetHack.specification(of: try makePlan()).stillSettings == ["fixedDice=true"])
      var game = makeGame(plan, seed: 6)
      _ = game.play(20, random: 1)
      var other = game
      other.reseed(99)
      #expect(other.play(100, random: 2) == game.play(100, random: 2))
    }

    @Test("apply beside a closed door unlocks and opens it where the key is carried")
    func unlocking() throws {
      let level = """
        MAZE: "mylevel", ' '
        FLAGS:hardfloor
        INIT_MAP: solidfill,' '
        GEOMETRY:center,center
        MAP
        -----
        |.+.|
        -----
        ENDMAP
        REGION:(0,0,4,2),lit,"ordinary"
        OBJECT:('(',"skeleton key"),(1,1),blessed,0
        DOOR:locked,(2,1)
        BRANCH:(1,1,1,1),(0,0,0,0)
        STAIR:(3,1),down

        """
      let plan = try makePlan {
        $0.task = .staircase
        $0.level = NetHackLevel(level)
        $0.character = "rog-hum-cha-mal"
        $0.options = NetHackConfiguration.levelOptions + ",!autopickup,pettype:none"
        $0.actions = "keyRoom"
        $0.unlocksByApply = true
      }
      var game = makeGame(plan, seed: 1)
      let keys = plan.keys.map(\.name)
      func press(_ name: String) -> Transition { game.step(IndexAction(keys.firstIndex(of: name)!)) }
      _ = press("pickup")
      _ = press("apply")
      var last = Transition(reward: 0)
      for _ in 0..<3 where last.outcome == .running { last = press("east") }
      #expect(last.success)
      #expect(last.reward == 1)
    }

    @Test("Sokoban's stairs count while no pit is shown: who climbs out of the last one shows it again")
    func pits() throws {
      let plan = try makePlan {
        $0.task = .sokoban
        $0.level = """
          MAZE: "mylevel", ' '
          FLAGS:noteleport,hardfloor,premapped
          INIT_MAP: solidfill,' '
          GEOMETRY:center,center
          MAP
          -------
          |.....|
          -------
          ENDMAP
          BRANCH:(4,1,4,1),(0,0,0,0)
          STAIR:(2,1),down
          REGION:(0,0,6,2),lit,"ordinary"
          NON_DIGGABLE:(0,0,6,2)
          TRAP:"pit",(3,1)

          """
        $0.character = "rog-hum-cha-mal"
        $0.options = NetHackConfiguration.levelOptions + ",pettype:none"
        $0.actions = "west"
      }
      // As MiniHack's own Sokoban pays on this level: into the pit, out of it onto the stairs, on past them.
      let paid: [Float] = [0.099, -0.001, -0.001, -0.101, -0.001, -0.001]
      var game = makeGame(plan, seed: 1)
      for reward in paid { #expect(game.step(IndexAction(0)) == Transition(reward: reward)) }
    }

    @Test("the rewards of Descend add up to the depth gained")
    func descending() throws {
      let plan = try makePlan {
        $0.task = .descend
        $0.penaltyStep = 0
      }
      var game = makeGame(plan, seed: 2)
      var total: Float = 0
      for step in 0..<400 {
        let transition = game.step(IndexAction(step * 7 % plan.keys.count))
        total += transition.reward
        if transition.outcome != .running { break }
      }
      #expect(total == Float(game.progress.deepest - 1))
    }

    @Test("an unknown field, a size that is even, a wrong character and a wrong level are refused")
    func refusals() throws {
      #expect(throws: UserError.self) { try makePlan { $0.fields = "glyph" } }
      #expect(throws: UserError.self) { try makePlan { $0.cropSize = 8 } }
      #expect(throws: UserError.self) { try makePlan { $0.character = "mon,wizard" } }
      #expect(throws: UserError.self) { try makePlan { $0.character = "mon-hum-xyz" } }
      let unknown = #expect(throws: UserError.self) { try makePlan { $0.options += ",foo_bar" } }
      #expect(unknown?.reason.contains("Unknown option 'foo_bar'") == true)
      #expect(throws: UserError.self) { try makePlan { $0.level = "corridor" } }
      #expect(throws: UserError.self) { try makePlan { $0.level = "MAZE: \"mylevel\", ' '\nNONSENSE\n" } }
      #expect(throws: UserError.self) { try makePlan { $0.library = "/bin/sh" } }
    }

    @Test(
      "parts of a character that the game would exchange in silence are refused, and those that go together are not",
      arguments: [
        ("sam-elf", "'sam' and 'elf'"), ("val-hum-neu-mal", "'val' and 'mal'"), ("dwa-cha", "'dwa' and 'cha'"),
        ("kni-hum-neu-fem", "'kni' and 'neu'"), ("mon-wiz", "both"), ("mon-", "no character"),
        ("Val-hum-law-fem", "no character"), ("val-dwa-law-fem", nil), ("fem-cha-elf-wiz", nil), ("tou", nil),
        ("@", nil),
      ] as [(String, String?)])
    func characters(setting: String, complaint: String?) throws {
      guard let complaint else { return _ = try makePlan { $0.character = setting } }
      let error = #expect(throws: UserError.self) { try makePlan { $0.character = setting } }
      #expect(error?.reason.contains(complaint) == true, "\(String(describing: error))")
    }

    @Test(
      "options that would contradict other settings are refused, and one with which no game starts does not hang",
      arguments: ["name:Other", "color,Role:Wiz", "character:Wiz", "playmode:explore", "windowtype:tty"])
    func options(_ options: String) throws {
      #expect(throws: UserError.self) { try makePlan { $0.options = options } }
    }

    @Test("a reward or a clock that no game can keep is refused")
    func ranges() throws {
      let penalty = #expect(throws: UserError.self) { try makePlan { $0.penaltyStep = -1e30 } }
      #expect(penalty?.reason.contains("environment.penaltyStep") == true)
      #expect(throws: UserError.self) { try makePlan { $0.winReward = .infinity } }
      #expect(throws: UserError.self) { try makePlan { $0.clock = .max } }
      var late = makeGame(try makePlan { $0.clock = 253_402_300_799 }, seed: 1)
      #expect(!late.play(20, random: 1).isEmpty && late.progress.fault == 0)
    }

    @Test("a reward that the task does not pay is refused, not left out in silence")
    func unpaid() throws {
      let sokoban = try plan("minihack/Sokoban4b").configuration
      for change in [
        { $0.penaltyStep = -5 }, { $0.penaltyTime = -5 }, { $0.penalty = .linear }, { $0.stairsReward = 1 },
      ] as [(inout NetHackConfiguration) -> Void] {
        var configuration = sokoban
        change(&configuration)
        let error = #expect(throws: UserError.self) { try NetHackPlan(configuration) }
        #expect(error?.reason.hasPrefix("the task 'sokoban' does not pay by ") == true)
      }
      for change in [
        { $0.winReward = 2 }, { $0.loseReward = -1 }, { $0.stairsReward = 1 }, { $0.events = [.init(["a"])] },
      ] as [(inout NetHackConfiguration) -> Void] {
        #expect(throws: UserError.self) { try makePlan(change) }
      }
      _ = try makePlan {
        $0.task = .staircase
        ($0.winReward, $0.loseReward, $0.penalty, $0.penaltyStep) = (2, -1, .linear, -0.1)
      }
    }

    @Test("every level that minihack ships as a file, and every generated one, starts and steps")
    func levels() throws {
      let listings = MiniHack.environments
      var files: Set<String> = []
      for listing in listings {
        var game = NetHack(plan: try plan(listing.id))
        files.insert(game.plan.configuration.level.setting)
        game.reset(seed: 1)
        #expect(game.progress.fault == 0, "\(listing.id)")
        let rows = game.play(5, random: 1)
        #expect(!rows.isEmpty)
        #expect(game.number("maximumHitPoints") > 0, "\(listing.id)")
      }
      let library = try NetHackLibrary.find("")
      let shipped = Process.paths(in: try LevelText.package(library).folder, matching: "/dat/*.des")
        .compactMap { $0.split(separator: "/").last?.dropLast(4) }
      #expect(shipped.count == 36)
      // Of these the package has the file, and no id.
      #expect(
        listings.filter(\.aliases.isEmpty).map { $0.id.dropFirst(9) }
          == ["MazeWalk-File-11x11", "Corridor-R8", "Corridor-R10", "Chest", "Quest"])
      for name in shipped { #expect(files.contains(String(name)), "no id plays \(name).des") }
    }

    /// The plan of a listing.
    private func plan(_ id: String) throws -> NetHackPlan {
      let listing = NetHackFamily.environments.first { $0.id == id }!
      return try NetHackPlan(try listing.configuration.decoded(as: NetHackConfiguration.self, name: id))
    }
  }
#endif
