import ArgumentParser
import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// `forage match`: two agents against each other.
///
/// With `--json` one document: tallies of both sides with Wilson's 95 % intervals, in all and by who moved
/// first, and the record of every game. Seeds of the two players follow one another, so that two copies of one
/// agent differ.
struct MatchCommand: ParsableCommand {
  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "match",
    abstract: "Let two agents play a two-player game against each other, sides balanced.",
    discussion: """
      A player is a run's directory, which plays as its latest checkpoint, or an agent's id, which plays untrained; \
      settings of the agent may follow in parentheses. Games come in pairs with the same opening and sides changed. \
      The same players, games and seed give the same moves.

      Example:
        forage match board/TicTacToe 'mcts(simulations=500)' random --games 20
      """)

  /// How players choose: what they hold best, or a draw as in training.
  enum Choice: String, ExpressibleByArgument, CaseIterable { case sample, mode }

  @Argument(help: ArgumentHelp("The game's id.", valueName: "env"))
  /// A game of two players who take turns; its opponent in the environment is left out.
  var environment: String

  @Argument(help: ArgumentHelp("A run's directory or an agent's id, and settings.", valueName: "player"))
  /// Moves first in the first game of every pair.
  var first: String

  @Argument(help: ArgumentHelp("Another, or the same.", valueName: "player"))
  /// Moves first in the second game of every pair.
  var second: String

  /// 2 to 1,000,000, even, so that each side begins equally often.
  @Option(help: "Games, an even number.")
  var games = 100

  /// 0 to 1000; without any, two deterministic players play the same two games over and over.
  @Option(help: "Moves drawn at random at the start of every game, the same for both games of a pair.")
  var openingMoves = 0

  /// The same for both players.
  @Option(help: "mode takes what a player holds best, sample draws as in training.")
  var choice = Choice.mode

  /// Games, openings and the first player's draws follow from it; the second player has the next one.
  @Option(help: "Seed of the games.")
  var seed: UInt64 = 1

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Changes one setting of the game; may be repeated.", valueName: "key=value"))
  /// Changes to the game's configuration, such as a board's size.
  var assignments: [String] = []

  /// One document in place of the table.
  @Flag(help: "Print one JSON document.")
  var json = false

  /// Threads, each of which plays games of its own.
  @OptionGroup var threads: WorkerOption

  /// - Throws: `ValidationError`, exit status 1, for an odd or impossible number of games or opening moves.
  func validate() throws {
    guard (2...1_000_000).contains(games), games % 2 == 0 else {
      throw ValidationError("--games must be an even number in 2...1000000, not \(games)")
    }
    guard (0...1000).contains(openingMoves) else {
      throw ValidationError("--opening-moves must lie in 0...1000, not \(openingMoves)")
    }
  }

  /// What the players are called; two of one name are told apart by the place in which they were named.
  private var names: [String] { first == second ? ["\(first) (first)", "\(second) (second)"] : [first, second] }

  /// Plays all games, then prints the table or the document.
  ///
  /// - Throws: `UserError` when the environment is no game of two, or a player is neither a run nor an agent;
  ///   `ExitStatus` after an interruption, which reports nothing.
  func run() throws {
    Interruption.listen()
    let game = try Catalog.game(PlayCommand.recipe(environment, assignments))
    let choice: ActionChoice = choice == .mode ? .mode : .sample
    let match = Match(
      game: game,
      players: [
        try Catalog.player(first, in: game, seed: seed, choice: choice),
        try Catalog.player(second, in: game, seed: seed &+ 1, choice: choice),
      ], openingMoves: openingMoves, seed: seed)
    let showsProgress = LineOutput.isTerminal && !json
    let played = try match.play(
      games: games, workers: Workers(count: threads.workers), shouldStop: { Interruption.wasRequested }
    ) { played in
      guard showsProgress else { return }
      let wins = played.count { $0.winner == 0 }
      LineOutput.status("\(played.count) of \(games) games, \(names[0]) won \(wins)")
    }
    if showsProgress { LineOutput.status("") }
    if played.count < games {
      LineOutput.error("stopped after \(played.count) of \(games) games. Nothing is reported")
      throw Interruption.exitStatus
    }
    let result = MatchResult(played, names: names)
    guard result.gamesWithoutMoves < result.games else {
      throw UserError(
        "in none of the \(result.games) games both players made a move: the opening of \(openingMoves) moves was all",
        fix: "Use fewer --opening-moves; a game had \(Format.number(result.meanLength, digits: 1)) moves")
    }
    if json {
      var document = JSON(encoding: result)
      document["environment"] = .string(game.id)
      document["seed"] = JSON(encoding: seed)
      document["openingMoves"] = JSON(encoding: openingMoves)
      document["choice"] = .string(self.choice.rawValue)
      document["scores"] = .array(result.sides.map { .number($0.total.score) })
      document["record"] = JSON(encoding: played)
      LineOutput.result(document.text(pretty: true))
    } else {
      LineOutput.result(MatchCommand.summary(result, width: LineOutput.outputColumns))
    }
  }

  /// A table of wins with Wilson's intervals, and what must be known to judge it.
  ///
  /// Says so where few of the games differ, since intervals suppose that all are independent.
  ///
  /// - Parameter width: What a line may have; nil for no limit.
  static func summary(_ result: MatchResult, width: Int? = nil) -> String {
    func row(_ name: String, _ tally: MatchResult.Tally) -> [String] {
      let interval = tally.interval.map { "[\(Format.number($0.low)), \(Format.number($0.high))]" } ?? ""
      return [
        name, String(tally.games), String(tally.wins), String(tally.draws), String(tally.losses),
        Format.number(tally.score), interval,
      ]
    }
    var rows: [[String]] = []
    for side in result.sides {
      rows.append(row(side.name, side.total))
      rows.append(row("  moving first", side.movingFirst))
      rows.append(row("  moving second", side.movingSecond))
    }
    let table = Table(
      columns: [
        .init(), .init(title: "games", isRight: true, rank: 2), .init(title: "wins", isRight: true),
        .init(title: "draws", isRight: true), .init(title: "losses", isRight: true),
        .init(title: "score", isRight: true), .init(title: "95 %", rank: 1),
      ], rows: rows)
    let speeds = result.sides.map { "\($0.name) \(Format.number($0.millisecondsPerMove, digits: 2)) ms a move" }
    var notes = ["score: wins and half of the draws, of all games; its interval is over games"]
    notes.append("\(Format.number(result.meanLength, digits: 1)) moves a game; \(speeds.joined(separator: ", "))")
    if result.distinctGames < result.games {
      notes.append(
        "only \(result.distinctGames) of the \(result.games) games differ: the intervals are too narrow. "
          + "Use --opening-moves 2")
    }
    if result.gamesWithoutMoves > 0 {
      notes.append(
        "in \(result.gamesWithoutMoves) of the \(result.games) games a player made no move, since the opening ended "
          + "them: use fewer --opening-moves")
    }
    return ([table.text(width: width)] + notes.map { Format.wrapped($0, columns: width ?? .max, indent: 2) })
      .joined(separator: "\n")
  }
}
