import Catalog
import Experiments
import Groundwork
import ReinforcementLearning
import Testing

/// Two agents against each other.
@Suite("Matches of two agents")
struct MatchTests {
  func ticTacToe() throws -> EnvironmentRecipe { try Catalog.game(Catalog.environment("board/TicTacToe").recipe()) }

  func play(
    _ first: String, _ second: String, games: Int, openingMoves: Int = 0, workers: Int = 1
  ) throws -> [Match.Game] {
    let game = try ticTacToe()
    let match = Match(
      game: game,
      players: [try Catalog.player(first, in: game, seed: 1), try Catalog.player(second, in: game, seed: 2)],
      openingMoves: openingMoves, seed: 7)
    return try match.play(games: games, workers: Workers(count: workers))
  }

  @Test("a search that sees the end of tic-tac-toe never loses, with either side, and beats random moves")
  func searchAgainstRandom() throws {
    let games = try play("mcts(simulations=1000)", "random", games: 40)
    let result = MatchResult(games, names: ["mcts", "random"])
    #expect(result.sides[0].total.losses == 0)
    #expect(result.sides[0].movingFirst.wins >= 17, "of 20")
    #expect(result.sides[0].movingSecond.wins >= 14, "of 20")
    #expect(result.sides[1].total.losses == result.sides[0].total.wins)
    #expect(result.sides[0].movingFirst.games == 20 && result.sides[1].movingFirst.games == 20)
  }

  @Test("who plays first is the only difference between the games of a pair until the players move")
  func openings() throws {
    let games = try play("random", "random", games: 20, openingMoves: 3)
    for pair in 0..<10 {
      #expect(games[2 * pair].first == 0 && games[2 * pair + 1].first == 1)
      #expect(games[2 * pair].actions.prefix(3) == games[2 * pair + 1].actions.prefix(3))
      #expect(games[2 * pair].moves.reduce(0, +) == games[2 * pair].actions.count - 3)
    }
    #expect(Set(games.map { Array($0.actions.prefix(3)) }).count > 5)
  }

  @Test("games that the opening ended are counted")
  func onlyOpenings() throws {
    let result = MatchResult(try play("random", "random", games: 6, openingMoves: 100), names: ["a", "b"])
    #expect(result.gamesWithoutMoves == 6)
    #expect(MatchResult(try play("random", "random", games: 6), names: ["a", "b"]).gamesWithoutMoves == 0)
  }

  @Test("the winner is whoever completed the last line")
  func winners() throws {
    let lines: [Set<Int>] = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [0, 3, 6], [1, 4, 7], [2, 5, 8], [0, 4, 8], [2, 4, 6]]
    for game in try play("random", "random", games: 60) {
      var squares: [Set<Int>] = [[], []]
      for (index, action) in game.actions.enumerated() { squares[(game.first + index) % 2].insert(action) }
      let winner = (0..<2).first { player in lines.contains { $0.isSubset(of: squares[player]) } }
      #expect(game.winner == winner, "\(game.actions)")
    }
  }

  @Test("the moves do not depend on the number of workers")
  func workers() throws {
    let one = try play("mcts(simulations=50)", "random", games: 24, workers: 1)
    let three = try play("mcts(simulations=50)", "random", games: 24, workers: 3)
    #expect(one.map(\.actions) == three.map(\.actions))
    #expect(one.map(\.score) == three.map(\.score))
  }

  @Test("tallies, Wilson's interval and repeated games")
  func tallies() {
    func game(_ first: Int, _ score: Double, _ actions: [Int]) -> Match.Game {
      Match.Game(first: first, score: score, actions: actions, seconds: [0.002, 0.004], moves: [1, 2])
    }
    let result = MatchResult(
      [game(0, 1, [0, 1]), game(1, 1, [0, 1]), game(0, 0, [0, 1]), game(1, -1, [2])], names: ["a", "b"])
    #expect(result.sides[0].total.wins == 2 && result.sides[0].total.draws == 1 && result.sides[0].total.losses == 1)
    #expect(result.sides[1].total.wins == 1 && result.sides[1].movingFirst.wins == 1)
    // A draw counts as half a win, in the interval as well.
    #expect(result.sides[0].total.score == 0.625 && result.sides[1].total.score == 0.375)
    #expect(result.sides[0].total.interval == SuccessRate.wilsonInterval(successes: 2.5, trials: 4))
    #expect(result.distinctGames == 3)
    #expect(abs(result.sides[0].millisecondsPerMove - 2) < 1e-9 && abs(result.sides[1].millisecondsPerMove - 2) < 1e-9)
  }
}
