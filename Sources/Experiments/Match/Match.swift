public import Groundwork
public import ReinforcementLearning

/// Two policies against each other in a two-player game, as often with the first move as with the second.
///
/// Games come in pairs: both begin with the same opening, and the players change sides. Every game has streams of its
/// own, so results do not depend on the number of workers.
public struct Match {
  /// A side of the match.
  public struct Player {
    /// What results call it: as it was written on the command line.
    public var name: String
    /// What its policies were granted to read; the row that both players see holds both players' signals.
    public var signals: [String]
    /// A policy for a batch of one slot; called once a game, so no game knows another's search tree.
    public var makePolicy: () throws -> any Policy

    /// A player; it reads no signals unless some are named.
    public init(name: String, signals: [String] = [], makePolicy: @escaping () throws -> any Policy) {
      self.name = name
      self.signals = signals
      self.makePolicy = makePolicy
    }
  }

  /// One game.
  public struct Game: Codable, Hashable, Sendable {
    /// The player that moved first: 0 or 1.
    public var first: Int
    /// The sum of player 0's rewards less player 1's; its sign says who won.
    public var score: Double
    /// All moves in order, the opening's included.
    public var actions: [Int]
    /// Seconds that each player took for its moves, and how many it made.
    public var seconds: [Double]
    /// `[2]`: the moves that each player chose, the opening's not counted.
    public var moves: [Int]

    /// A game of those values.
    public init(first: Int, score: Double, actions: [Int], seconds: [Double], moves: [Int]) {
      self.first = first
      self.score = score
      self.actions = actions
      self.seconds = seconds
      self.moves = moves
    }

    /// The winner, 0 or 1; nil for a draw.
    public var winner: Int? { score > 0 ? 0 : score < 0 ? 1 : nil }
  }

  /// The two-player game.
  public let game: EnvironmentRecipe
  /// Two; their places are the numbers by which games name them.
  public let players: [Player]
  /// Moves at the start of every game that are drawn at random, the same for both games of a pair.
  public let openingMoves: Int
  /// Of openings, games and the players' draws.
  public let seed: UInt64

  /// - Parameters:
  ///   - game: Of two players who take turns, with numbered actions.
  ///   - players: Two.
  public init(game: EnvironmentRecipe, players: [Player], openingMoves: Int, seed: UInt64) {
    precondition(game.specification.players == 2 && players.count == 2, "a match is of two players in a game for two")
    self.game = game
    self.players = players
    self.openingMoves = openingMoves
    self.seed = seed
  }

  /// Plays the games in order of their numbers.
  ///
  /// - Parameters:
  ///   - count: Games; even, so that sides are balanced.
  ///   - progress: Called with the games so far, now and then.
  ///   - shouldStop: Asked now and then; when true, what has ended so far is returned.
  /// - Throws: What a player's policy threw.
  public func play(
    games count: Int, workers: Workers, shouldStop: @Sendable () -> Bool = { false },
    progress: ([Game]) -> Void = { _ in }
  ) throws -> [Game] {
    var games: [Game] = []
    while games.count < count && !shouldStop() {
      // Policies are made here: an agent need not be safe to ask from several threads.
      let numbers = Array(games.count..<min(count, games.count + 8 * workers.count))
      var policies = try numbers.map { _ in try players.map { try $0.makePolicy() } }
      var played = [Result<Game?, any Error>?](repeating: nil, count: numbers.count)
      policies.withUnsafeMutableBufferPointer { policies in
        played.withUnsafeMutableBufferPointer { played in
          nonisolated(unsafe) let (policies, played, match) = (policies, played, self)
          workers.perform(numbers.count) { index in
            played[index] = Result { try match.game(numbers[index], &policies[index], shouldStop) }
          }
        }
      }
      // Games that were given up are left out, and with them those after them: what is returned are the first ones.
      let ended = try played.map { try $0?.get() }
      games += ended.prefix { $0 != nil }.compactMap { $0 }
      progress(games)
    }
    return games
  }

  /// - Parameter policies: The players', used up by the game.
  /// - Returns: Nil when the game was given up, between two moves.
  private func game(_ number: Int, _ policies: inout [any Policy], _ shouldStop: () -> Bool) throws -> Game? {
    let pair = number / 2
    let batch = game.makeBatch(slots: 1, firstSlot: pair, seed: seed)
    let view = batch.view
    let rollout = batch.makeRollout(steps: 32, signals: players.flatMap(\.signals))
    var opening = RandomSource(seed: seed, purpose: .matchOpening, index: pair)
    var draws = (0..<2).map { RandomSource(seed: seed, purpose: .matchMoves, index: 2 * number + $0) }
    var opener: any Policy = UniformPolicy(game.specification)
    var record = Game(first: number % 2, score: 0, actions: [], seconds: [0, 0], moves: [0, 0])
    batch.reset(rollout)
    while true {
      for time in 0..<rollout.steps {
        if shouldStop() { return nil }
        let player = (record.first + record.actions.count) % 2
        if record.actions.count < openingMoves {
          try opener.act(on: rollout, at: time, in: view, random: &opening)
        } else {
          let start = Clock.seconds
          try policies[player].act(on: rollout, at: time, in: view, random: &draws[player])
          record.seconds[player] += Clock.seconds - start
          record.moves[player] += 1
        }
        record.actions.append(Int(rollout.actions.discrete[time]))
        batch.step(rollout, at: time)
        // The reward is the mover's.
        record.score += Double(rollout.rewards[time]) * (player == 0 ? 1 : -1)
        if rollout.outcome(time: time, slot: 0) != .running { return record }
      }
      _ = batch.absorb(rollout)
      rollout.carry()
    }
  }
}
