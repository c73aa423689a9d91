#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost
  public import ReinforcementLearning

  /// The real NetHack 3.6.7, as the NetHack Learning Environment drives it, as a value.
  ///
  /// **Task.** One of `Configuration.task`: score, stairs down (with the pet), the Oracle, gold, food, seeing the map,
  /// messages, Sokoban. docs/nethack.md specifies rewards, limits and what is done with prompts.
  ///
  /// **Actions.** The keys of `Configuration.actions`, by name.
  ///
  /// **Observation.** The arrays of `Configuration.fields` under NLE's names (`glyphs` int16 [21, 79, 1], `chars`,
  /// `colors`, `specials` uint8 [21, 79, 1], `blstats` float32 [27], `message` uint8 [256], `tty_chars` uint8 [24, 80,
  /// 1] and so on; codes have a last axis of one), and `_crop` views of the map's four, uint8 or int16 [cropSize,
  /// cropSize, 1], centred on the player and 0 outside the map.
  ///
  /// **Signals.** The 27 status numbers by name (int32: `depth`, `gold`, `hitPoints`, `turn` ...), `deepest`,
  /// `levelsSeen`, `newLevel`, `kills`, `nutrition`, `squaresSeen`, `frozenSteps`, `onStairs`, `fault`, `cell` uint8
  /// [4], `events` uint8 (a flag for each kind of message), `messageText` uint8 [256].
  ///
  /// **Reward.** The task's, and `penaltyStep` where the game's clock stood; docs/nethack.md has each rule.
  ///
  /// **Start.** A new game whose two generators are both seeded with the episode's seed; the clock is the
  /// configuration's.
  ///
  /// **End.** Terminated by death, by the end of the game, by doing the task. Truncated after `timeLimit` steps, after
  /// `stallLimit` steps in which the clock stood, and by a fault: a crash inside the game, more than 2 MB of it, or a
  /// prompt that a thousand keys do not leave.
  ///
  /// **Configuration.** `NetHackConfiguration`.
  ///
  /// **Source.** Küttler et al., "The NetHack Learning Environment", 2020; Samvelyan et al., "MiniHack the Planet",
  /// 2021; checked step by step against `nle` 1.3.0 and `minihack` 1.0.2.
  ///
  /// The game lives in the user's own library (`scripts/nethack` installs it). A value refers to a live game or to
  /// packed bytes: see `GamePool`.
  public struct NetHack: Environment {
    /// Game, level, keys, fields and what is paid for: everything that determines an episode but its seed and its
    /// actions.
    public typealias Configuration = NetHackConfiguration
    /// A class: one pool of games is shared by all slots, snapshots and evaluations of a recipe.
    public typealias Plan = NetHackPlan
    /// The number of a key in `Configuration.actions`, from 0.
    public typealias Action = IndexAction

    /// Library, level, keys, fields and the pool that this value's games live in.
    public let plan: NetHackPlan
    /// Nil before the first reset.
    var game: GameReference?
    /// What rewards and signals remember of the episode.
    var progress = Progress()

    /// No game until the first `reset`.
    public init(plan: NetHackPlan) { self.plan = plan }

    /// Finds the library, compiles the level and starts one game as a test.
    ///
    /// - Throws: `UserError` when library or level are not there or of another version, or a setting is
    ///   refused.
    public static func plan(_ configuration: NetHackConfiguration) throws -> NetHackPlan {
      try NetHackPlan(configuration)
    }

    /// The plan's fields, named keys, measures by the task; stochastic unless the dice are fixed.
    public static func specification(of plan: NetHackPlan) -> Specification {
      var specification = Specification(
        measures: plan.configuration.measures, fields: plan.fields, actions: .discrete(plan.keys.map(\.name)),
        timeLimit: plan.configuration.timeLimit,
        rewards: plan.configuration.rewardRange, cell: ["cell"], archiveCell: ["cell"],
        isStochastic: !plan.configuration.fixedDice)
      specification.keys = plan.keys.map(\.pressed)
      if specification.isStochastic { specification.stillSettings = ["fixedDice=true"] }
      return specification
    }

    /// Starts a new game with the episode's seed as both of its seeds and goes to the first moment that a
    /// player sees.
    ///
    /// - Complexity: dominated by the game's own start; a step is far cheaper.
    public mutating func reset(seed: UInt64) {
      // The old game goes first: a new one may then live in its place.
      game = nil
      let resident = plan.pool.start(plan.start(seed: seed))
      game = GameReference(plan.pool, resident)
      progress = Progress()
      plan.pool.withGame(resident) { progress.begin($0, plan) }
    }

    /// The game's generators are seeded anew; levels that are not made yet come from a generator of their own then.
    public mutating func reseed(_ seed: UInt64) {
      guard !plan.configuration.fixedDice else { return }
      own()
      plan.pool.withGame(resident) { game in
        let seed = seed & 0x7fff_ffff_ffff_ffff
        nethack_game_reseed(game, seed, seed, seed)
      }
    }

    /// Presses the action's key and those that lead out of prompts, then reckons reward and end.
    ///
    /// A game that crashes ends the episode as truncated, with the signal `fault` above 0.
    public mutating func step(_ action: IndexAction) -> Transition {
      precondition(plan.keys.indices.contains(action.index), "action \(action.index) is not one of \(plan.keys.count)")
      own()
      let resident = resident
      return plan.pool.withGame(resident) { game in
        progress.step(game, key: plan.keys[action.index].code, plan)
      }
    }

    /// The state that this value refers to.
    var resident: Resident {
      guard let game else { preconditionFailure("an environment must be reset before its first step") }
      return game.resident
    }

    /// Makes this value the only one that refers to its game: a copy keeps the moment at which it was taken.
    private mutating func own() {
      if isKnownUniquelyReferenced(&game) { return }
      game = GameReference(plan.pool, plan.pool.branch(resident))
    }
  }
#endif
