/// What a match came to, from each player's side.
public struct MatchResult: Codable, Hashable, Sendable {
  /// Games of one kind, from one player's side.
  public struct Tally: Codable, Hashable, Sendable {
    /// How many.
    public var games = 0
    /// Games that the player won.
    public var wins = 0
    /// Games that nobody won.
    public var draws = 0
    /// Games that the other won.
    public var losses = 0

    mutating func count(winner: Int?, player: Int) {
      games += 1
      if winner == nil { draws += 1 } else if winner == player { wins += 1 } else { losses += 1 }
    }

    /// The part of the games that were won.
    public var winRate: Double { Double(wins) / Double(max(1, games)) }
    /// Wins and half of the draws, as a part of the games.
    public var score: Double { (Double(wins) + Double(draws) / 2) / Double(max(1, games)) }
    /// Wilson's 95 % interval of the score, a draw being half a success; games with draws vary less than it supposes,
    /// so it is then no narrower than it should be. Nil without games.
    public var interval: Interval? {
      SuccessRate.wilsonInterval(successes: Double(wins) + Double(draws) / 2, trials: games)
    }
  }

  /// One player's part.
  public struct Side: Codable, Hashable, Sendable {
    /// The player's, as `Match.Player` has it.
    public var name: String
    /// All games.
    public var total = Tally()
    /// Those in which it moved first.
    public var movingFirst = Tally()
    /// Those in which it moved second.
    public var movingSecond = Tally()
    /// Mean wall time of a move on one thread, in milliseconds; it depends on the machine.
    public var millisecondsPerMove = 0.0
  }

  /// Player 0, then player 1.
  public var sides: [Side]
  /// Games that ended, of both sides together.
  public var games: Int
  /// How many of the games differ from all others: players who draw nothing repeat themselves, and repeated games say
  /// nothing new.
  public var distinctGames: Int
  /// Mean number of moves of a game.
  public var meanLength: Double
  /// Games in which a player made no move, since the opening ended them: they say nothing of the players.
  public var gamesWithoutMoves: Int

  /// Counts games.
  ///
  /// - Parameter names: The players', `[2]`.
  public init(_ games: [Match.Game], names: [String]) {
    sides = names.map { Side(name: $0) }
    self.games = games.count
    distinctGames = Set(games.map { [$0.first] + $0.actions }).count
    gamesWithoutMoves = games.count { $0.moves.contains(0) }
    meanLength = Double(games.reduce(0) { $0 + $1.actions.count }) / Double(max(1, games.count))
    for player in sides.indices {
      for game in games {
        sides[player].total.count(winner: game.winner, player: player)
        if game.first == player {
          sides[player].movingFirst.count(winner: game.winner, player: player)
        } else {
          sides[player].movingSecond.count(winner: game.winner, player: player)
        }
      }
      let moves = games.reduce(0) { $0 + $1.moves[player] }
      sides[player].millisecondsPerMove = games.reduce(0) { $0 + $1.seconds[player] } / Double(max(1, moves)) * 1e3
    }
  }
}
