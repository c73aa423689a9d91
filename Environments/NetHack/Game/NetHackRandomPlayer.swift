#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost
  import ReinforcementLearning

  /// What the games of a player look like who presses random keys in `nethack/Score`, beside what the same player's
  /// games look like in NLE's own Python environment.
  ///
  /// **Source.** 500 games of `nle` 1.3.0 for each set of keys: means over games, and of messages how often each comes
  /// in a thousand steps, compared to the letter.
  public struct NetHackRandomPlayer {
    /// Which keys are pressed.
    public enum Keys: String, Sendable, CaseIterable {
      /// The 23 of NLE's tasks.
      case task
      /// All 121.
      case all
    }

    /// Something that is counted in every game.
    public struct Row: Sendable {
      /// What it is, in a few words.
      public var name: String
      /// Of what: "a game", "1,000 steps".
      public var unit: String
      /// What NLE's games have.
      public var reference: Double
      /// What these games have, and its standard error over games.
      public var value, standardError: Double
      /// The difference in standard errors of a difference: beyond 3.5 it is no chance.
      public var distance: Double
    }

    /// Games that NLE's figures are of.
    private static let referenceGames = 500.0

    /// What is counted.
    fileprivate struct Count {
      enum Unit: String {
        case game = "a game", share = "share of games", steps = "1,000 steps", part = "share of steps"
      }

      var name: String
      var unit: Unit
      /// NLE's, with the task's keys and with all; nil where there is next to none of it.
      var task, all: Double?
      /// The standard deviation over NLE's games, in the same order.
      var spreads = (task: 0.0, all: 0.0)
      /// Messages that are counted.
      var message: String?

      init(_ name: String, _ unit: Unit, _ task: Double?, _ all: Double?, spreads: (Double, Double) = (0, 0)) {
        (self.name, self.unit, self.task, self.all) = (name, unit, task, all)
        self.spreads = spreads
      }

      init(_ message: String, _ task: Double?, _ all: Double?) {
        self.init(message.isEmpty ? "no message" : message, .steps, task, all)
        self.message = message
      }
    }

    private static let counts = [
      Count("steps", .game, 1893.73, 3547.5, spreads: (1252.6, 1487.4)),
      Count("turns", .game, 1041.71, 275.41, spreads: (792.9, 137.2)),
      Count("died", .share, 0.992, 0.646), Count("left level 1", .share, 0.16, 0.042),
      Count("starved", .share, 0.134, nil), Count("choked", .share, nil, 0.046),
      Count("greatest depth", .game, 1.21, 1.056, spreads: (0.561, 0.285)),
      Count("score", .game, 36.986, 5.948, spreads: (41.04, 13.22)),
      Count("satiated", .part, 0.11459, 0.29217), Count("hungry", .part, 0.04141, nil),
      Count("weak or fainting", .part, 0.06362, nil),
      Count("", 209.58, 141.514), Count("It's a wall.", 230.024, 24.986), Count("It's solid stone.", 83.152, 9.107),
      Count("In what direction?", 31.978, 18.61), Count("You can't go down here.", 33.016, 3.544),
      Count("You can't go up here.", 32.071, 3.305), Count("Never mind.", 8.954, 51.449),
      Count("What a strange direction!", 14.175, 15.067), Count("You cannot eat that!", 21.174, nil),
      Count("Ouch!  That hurts!", 4.574, nil), Count("You kick at empty space.", 4.727, nil),
      Count("That door is closed.", 2.44, nil), Count("Are you sure you want to pray? [yn] (n)", nil, 53.219),
      Count("You are not wearing an amulet.", nil, 7.07),
    ]

    /// Plays games to their ends, at most 5,000 steps, and counts.
    ///
    /// - Parameters:
    ///   - seed: Of keys and games; the games' own seeds are drawn from it.
    ///   - library: As in `NetHackConfiguration`.
    ///   - checkStop: Called before each game; what it throws ends the play.
    /// - Throws: `UserError` where the game is not there.
    public static func play(
      _ keys: Keys, games: Int, seed: UInt64, library: String = "", checkStop: () throws -> Void = {}
    ) throws -> [Row] {
      precondition(games > 1, "of one game there is no standard error")
      var configuration = NetHackConfiguration()
      configuration.library = library
      configuration.actions = keys.rawValue
      let plan = try NetHackPlan(configuration)
      let counts = counts.filter { (keys == .task ? $0.task : $0.all) != nil }
      let player = Self(plan: plan, counts: counts)
      var tallies: [Tally] = []
      for game in 0..<games {
        try checkStop()
        tallies.append(player.play(RandomSource(seed: seed, purpose: .randomKeys, index: game)))
      }
      return counts.indices.map { index in
        let count = counts[index]
        return row(count, tallies.map { ($0.numbers[index], count.unit.size(of: $0)) }, keys)
      }
    }

    /// A game's counts, in the order of what is counted.
    fileprivate struct Tally {
      var steps = 0
      var numbers: [Double]
    }

    private let plan: NetHackPlan
    private let counts: [Count]
    private let messages: [(index: Int, bytes: [UInt8])]

    private init(plan: NetHackPlan, counts: [Count]) {
      self.plan = plan
      self.counts = counts
      messages = counts.indices.compactMap { index in counts[index].message.map { (index, Array($0.utf8)) } }
    }

    private func play(_ source: RandomSource) -> Tally {
      var random = source
      var tally = Tally(numbers: Array(repeating: 0, count: counts.count))
      var game = NetHack(plan: plan)
      game.reset(seed: random.next())
      var (satiated, hungry, weak) = (0, 0, 0)
      var outcome = Outcome.running
      while outcome == .running, tally.steps < plan.configuration.timeLimit {
        outcome = game.step(IndexAction(random.integer(in: 0..<plan.keys.count))).outcome
        tally.steps += 1
        switch game.progress[.hunger] {
        case 0: satiated += 1
        case 2: hungry += 1
        case 3...: weak += 1
        default: break
        }
        guard outcome == .running else { break }
        plan.pool.withState(game.resident) { live, _ in
          let message = GameView(game: live!).message
          for (index, bytes) in messages where bytes.indices.allSatisfy({ message[$0] == bytes[$0] }) {
            // A prompt ends with a space, where the answer is typed.
            let rest = message[bytes.count...].first { $0 != UInt8(ascii: " ") }
            if rest == 0 { tally.numbers[index] += 1 }
          }
        }
      }
      var end = Int32(-1)
      if outcome == .terminated {
        plan.pool.withState(game.resident) { live, _ in end = live.map { nethack_game_how_done($0) } ?? -1 }
      }
      for (index, count) in counts.enumerated() where count.message == nil {
        tally.numbers[index] =
          switch count.name {
          case "steps": Double(tally.steps)
          case "turns": Double(game.progress[.turn])
          case "died": outcome == .terminated ? 1 : 0
          case "left level 1": game.progress.deepest > 1 ? 1 : 0
          case "starved": end == 3 ? 1 : 0
          case "choked": end == 1 ? 1 : 0
          case "greatest depth": Double(game.progress.deepest)
          case "score": Double(game.progress[.score])
          case "satiated": Double(satiated)
          case "hungry": Double(hungry)
          case "weak or fainting": Double(weak)
          default: preconditionFailure("nobody counts '\(count.name)'")
          }
      }
      return tally
    }

    /// A ratio of sums over games, with the standard error of such a ratio.
    private static func row(_ count: Count, _ games: [(number: Double, size: Double)], _ keys: Keys) -> Row {
      let reference = (keys == .task ? count.task : count.all)!
      let number = Double(games.count)
      let size = games.reduce(0) { $0 + $1.size }
      let value = games.reduce(0) { $0 + $1.number } / size
      let squares = games.reduce(0) { $0 + ($1.number - value * $1.size) * ($1.number - value * $1.size) }
      // What is rare may not come at all in few games, whose spread is then 0: NLE's own stands in for it.
      let expected =
        switch count.unit {
        case .game: (keys == .task ? count.spreads.task : count.spreads.all) / number.squareRoot()
        case .share, .part: (reference * (1 - reference) / number).squareRoot()
        case .steps: (reference / size).squareRoot()
        }
      let error = max(expected, (squares * number / (number - 1)).squareRoot() / size)
      let both = error * (1 + number / referenceGames).squareRoot()
      return Row(
        name: count.name, unit: count.unit.rawValue, reference: reference, value: value, standardError: error,
        distance: both > 0 ? (value - reference) / both : value == reference ? 0 : .infinity)
    }
  }

  extension NetHackRandomPlayer.Count.Unit {
    /// What a game's number is of.
    fileprivate func size(of tally: NetHackRandomPlayer.Tally) -> Double {
      switch self {
      case .game, .share: 1
      case .steps: Double(tally.steps) / 1000
      case .part: Double(tally.steps)
      }
    }
  }
#endif
