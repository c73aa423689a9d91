#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost
  import Groundwork
  import ReinforcementLearning

  /// What follows from a configuration: the library, the data with the level in it, keys, fields, and the pool of
  /// games.
  ///
  /// Making one starts a game as a test, so that a library or setting that does not work is refused here and
  /// not in the middle of a run.
  public final class NetHackPlan: Sendable {
    /// The configuration that was checked.
    public let configuration: NetHackConfiguration
    /// What of it a step reads.
    let stepRules: StepRules
    /// The actions in order.
    let keys: [Key]
    /// The policy's fields, then all signals, in the specification's order.
    let sources: [FieldSource]
    /// The fields themselves, in the same order as `sources`.
    let fields: [Field]
    /// The live games of this plan.
    let pool: GamePool
    /// The configuration's events as bytes.
    let events: [[[UInt8]]]
    /// Bits of the events that must all have happened.
    let requiredEvents: UInt64

    /// - Parameter open: Where the pool's live games come from; nil from it when there are no more.
    init(
      _ configuration: NetHackConfiguration,
      open: @escaping @Sendable (NetHackLibrary, UInt32) -> LiveGame? = { LiveGame($0, wanted: $1) }
    ) throws {
      try Self.check(configuration)
      self.configuration = configuration
      stepRules = StepRules(configuration)
      keys = try ActionSet.keys(of: configuration.actions)
      let policy = try FieldSource.policy(configuration.fields)
      let signals = FieldSource.signals
      sources = (policy + signals).map { $0.source }
      fields = (policy + signals).map { $0.field(cropSize: configuration.cropSize) }
      events = configuration.events.map { $0.texts.map { Array($0.utf8) } }
      requiredEvents = configuration.events.enumerated().reduce(0) {
        $1.element.isRequired ? $0 | 1 << UInt64($1.offset) : $0
      }
      let library = try NetHackLibrary.find(configuration.library)
      let level = try LevelText.find(configuration.level, words: configuration.levelWords, library: library)
      let archive = try level.map { try LevelCompiler.archive(with: $0, library: library) } ?? library.archive
      var options = [configuration.options, "name:Agent-" + configuration.character]
      if configuration.character == "@" {
        options += ["race", "gender", "align"].filter { !configuration.options.contains($0 + ":") }.map {
          $0 + ":random"
        }
      }
      if configuration.wizard { options.append("playmode:debug") }
      let rules = GameRules(
        options: options.joined(separator: ","),
        wizardKit: configuration.wizardKit.split(separator: ",").joined(separator: "\n"),
        spawnsMonsters: configuration.spawnsMonsters, clock: Int64(configuration.clock), archive: archive)
      pool = GamePool(
        library: library, rules: rules,
        wanted: FieldSource.wanted(
          sources, unlocks: configuration.unlocksByApply, showsAll: configuration.showsAll), open: open)
      try checkLayout()
      if let complaint = complaint() {
        throw UserError(
          "the game does not take the options: \(complaint)",
          fix: "Mend environment.options (--set environment.options=); the default is "
            + NetHackConfiguration.usualOptions)
      }
    }

    /// What the game says of its options on the first screen, where it goes on without some of them.
    private func complaint() -> String? {
      guard
        let game = LiveGame(pool.library, wanted: pool.wanted | 1 << UInt32(ObservedArray.tty_chars.rawValue))
      else { return nil }
      defer { game.close() }
      _ = pool.rules.withSetting(start(seed: 0)) { nethack_game_start(game.pointer, $0) }
      guard nethack_game_status(game.pointer) == GameStanding.running else { return nil }
      let bytes = UnsafeRawBufferPointer(
        start: nethack_game_field(game.pointer, Int32(ObservedArray.tty_chars.rawValue)),
        count: ObservedArray.tty_chars.count)
      // A complaint stands in one of the first lines, where a game that begins shows its greeting.
      for row in 0..<4 {
        let start = row * ObservedArray.terminalColumns
        let line = String(decoding: bytes[start..<start + ObservedArray.terminalColumns], as: UTF8.self)
        guard line.hasPrefix(" * ") else { continue }
        var text = line.dropFirst(3)
        while text.last == " " || text.last == "." { text.removeLast() }
        return String(text)
      }
      return nil
    }

    /// How the episode of that seed begins. The game's two seeds are both the episode's, less the top bit: NLE's
    /// `env.seed(core=seed, disp=seed)` starts the same game.
    ///
    /// Seeds that differ in their top bit alone begin the same game.
    func start(seed: UInt64) -> GameStart {
      let seed = seed & 0x7fff_ffff_ffff_ffff
      return GameStart(
        core: seed, display: seed, levels: configuration.levelSeed < 0 ? nil : UInt64(configuration.levelSeed))
    }

    private static func require(
      _ holds: Bool, _ name: String, _ value: some CustomStringConvertible, _ range: String
    ) throws(UserError) {
      try Check("environment.\(name)", value, holds, "It must be \(range)").enforce()
    }

    /// - Throws: `UserError` for a value outside its range, rewards that are no numbers, or words that are no
    ///   character.
    private static func check(_ configuration: NetHackConfiguration) throws(UserError) {
      try require(
        (1...10_000_000).contains(configuration.timeLimit), "timeLimit", configuration.timeLimit, "in 1...10000000")
      try require(configuration.stallLimit >= 0, "stallLimit", configuration.stallLimit, "0 or more")
      try require(
        (1...21).contains(configuration.cropSize) && configuration.cropSize % 2 == 1, "cropSize",
        configuration.cropSize,
        "odd, from 1 to 21")
      // Until the end of the year 9999.
      try require(
        (0..<253_402_300_800).contains(configuration.clock), "clock", configuration.clock,
        "0 to 253402300799 seconds since 1970")
      try require(configuration.levelSeed >= -1, "levelSeed", configuration.levelSeed, "-1 for none, or 0 or more")
      let length = configuration.options.utf8.count + configuration.character.utf8.count
      try require(length < 16384, "options", "\(length) bytes long", "shorter than 16384 bytes")
      try require(
        configuration.wizardKit.utf8.count < 4096, "wizardKit", configuration.wizardKit.utf8.count,
        "shorter than 4096 bytes")
      try require(
        configuration.wizardKit.isEmpty || configuration.wizard, "wizardKit", configuration.wizardKit,
        "empty without wizard=true")
      try require(configuration.events.count <= 64, "events", configuration.events.count, "at most 64 of them")
      for (name, number) in [
        ("penaltyStep", configuration.penaltyStep), ("penaltyTime", configuration.penaltyTime),
        ("winReward", configuration.winReward), ("loseReward", configuration.loseReward),
        ("stairsReward", configuration.stairsReward),
      ] {
        try require(abs(number) <= 1e6, name, number, "a number from -1000000 to 1000000")
      }
      try require(
        configuration.task != .events || !configuration.events.isEmpty, "events", "empty",
        "named when the task is 'events'")
      try checkRewards(configuration)
      try CharacterParts.check(configuration.character)
      // The last of several options counts, and so would not be what the run says that it is.
      let others = [
        ("name", "character"), ("role", "character"), ("character", "character"), ("playmode", "wizard"),
      ]
      for (option, setting) in others
      where configuration.options.split(separator: ",").contains(where: { isOption($0, option) }) {
        throw UserError(
          "the option '\(option)' of NetHack is not taken from options=",
          fix: "Say it by \(setting)= (--set \(setting)=)")
      }
    }

    /// A reward that the task does not pay is refused: it would do nothing in silence.
    ///
    /// No `Check`s, which say what a setting may be whatever the task is.
    private static func checkRewards(_ configuration: NetHackConfiguration) throws(UserError) {
      let (task, usual) = (configuration.task, NetHackConfiguration())
      let paysGoal = configuration.hasGoal && task != .events
      let pays: [(name: String, value: Double, usual: Double, isPaid: Bool)] = [
        ("winReward", configuration.winReward, usual.winReward, paysGoal),
        ("loseReward", configuration.loseReward, usual.loseReward, paysGoal),
        ("stairsReward", configuration.stairsReward, usual.stairsReward, task == .events),
        ("penaltyStep", configuration.penaltyStep, usual.penaltyStep, task != .sokoban),
        ("penaltyTime", configuration.penaltyTime, usual.penaltyTime, task != .sokoban),
      ]
      var unpaid = pays.filter { !$0.isPaid && $0.value != $0.usual }.map(\.name)
      if task == .sokoban && configuration.penalty != usual.penalty { unpaid.append("penalty") }
      if task != .events && !configuration.events.isEmpty { unpaid.append("events") }
      guard unpaid.isEmpty else {
        throw UserError(
          "the task '\(task)' does not pay by \(unpaid.joined(separator: ", "))",
          fix: "Leave out --set environment.\(unpaid[0])=")
      }
    }

    /// Whether a part of NetHack's options sets that one; the game goes by the first four letters.
    private static func isOption(_ part: Substring, _ name: String) -> Bool {
      let word = part.drop { $0 == " " || $0 == "!" }.prefix { $0 != ":" && $0 != "=" && $0 != " " }.lowercased()
      return word.count >= 4 && name.hasPrefix(word)
    }

    /// Starts one game and asks it for what it was given: a library whose structures lie elsewhere would answer
    /// otherwise.
    ///
    /// - Throws: `UserError` when the game's seeds are not those that it was given, or no game starts with
    ///   these settings.
    private func checkLayout() throws(UserError) {
      let start = GameStart(core: 0x1234_5678, display: 0x0abc_def0, levels: nil)
      let (status, fault, seeds, depth) = pool.withSpare { game -> (Int32, Int32, [UInt64], Int64) in
        let status = pool.rules.withSetting(start) { nethack_game_start(game, $0) }
        var seeds: [UInt64] = [0, 0]
        nethack_game_seeds(game, &seeds)
        let numbers = nethack_game_field(game, Int32(ObservedArray.blstats.rawValue))!.assumingMemoryBound(
          to: Int64.self)
        return (status, nethack_game_fault(game), seeds, numbers[Status.maximumHitPoints.rawValue])
      }
      guard status == GameStanding.fault || seeds == [start.core, start.display] else {
        throw UserError(
          "'\(pool.library.path)' starts games with other seeds than it is given",
          fix: "scripts/nethack installs nle 1.3.0")
      }
      guard status == GameStanding.running, depth >= 0 else {
        let text = fault == 0 ? "the game ended at once" : String(cString: nethack_fault_text(fault))
        let files = pool.library.package.isRecorded ? "" : ", and at the game's files, of which pip has no record"
        throw UserError(
          "no game starts with these settings: \(text)",
          fix: "Look at options=, character= and level= (--set)" + files)
      }
    }
  }
#endif
