public import ReinforcementLearning

/// Games of two players who take turns on a board, by default with an opponent inside the environment.
public enum Board {
  /// What the catalog lists of this family.
  public static var environments: [EnvironmentListing] {
    [
      EnvironmentListing(
        "board/TicTacToe", TicTacToe.self, configuration: TicTacToe.Configuration(),
        summary: "three in a row on a board of 3 by 3; a draw when both play well"),
      EnvironmentListing(
        "board/ConnectFour", ConnectFour.self, configuration: ConnectFour.Configuration(),
        summary: "four in a row on a board of 7 columns into which discs drop"),
      EnvironmentListing(
        "board/Othello-6x6", Othello.self, configuration: Othello.Configuration(),
        summary: "lay discs on a board of 6 by 6 and turn over what they enclose"),
    ]
  }
}

/// Who plays the other side of a board game.
///
/// The environment's draws are a hash of the episode's seed and the number of pieces: a snapshot that is played
/// on twice meets the same answers.
public enum BoardOpponent: String, Codable, Hashable, Sendable, CaseIterable {
  /// Nobody: both players' moves are the agent's, and what it sees and is rewarded for is the mover's.
  case none
  /// The environment, a legal move drawn uniformly.
  case random
  /// The environment, one of the moves that the game's file calls greedy, drawn uniformly.
  case greedy
}

/// Which player the agent is where the environment plays the other.
public enum AgentMoves: String, Codable, Hashable, Sendable, CaseIterable {
  case first, second
  /// Drawn from the episode's seed.
  case either
}

/// The configuration of a board game: every game has these two settings.
public protocol BoardConfiguration: Codable, Hashable, Sendable {
  /// Who plays the other side; `none` makes the game one of two agents, or of one against itself.
  var opponent: BoardOpponent { get set }
  /// Who begins against an opponent in the environment; without one it is not read.
  var agentMoves: AgentMoves { get set }
}

/// How the game stands for who has just moved.
public enum BoardResult: Sendable {
  case running, won, drawn, lost

  /// 1 won, 0 drawn or running, -1 lost.
  @inline(__always) var reward: Float {
    switch self {
    case .won: 1
    case .lost: -1
    case .running, .drawn: 0
    }
  }

  /// The mover's reward; anything but `running` terminates, and a win is the only success.
  @inline(__always) var transition: Transition {
    Transition(reward: reward, outcome: self == .running ? .running : .terminated, success: self == .won)
  }

  /// The same as the other player sees it.
  @inline(__always) var reversed: BoardResult {
    switch self {
    case .won: .lost
    case .lost: .won
    case .running, .drawn: self
    }
  }
}

/// A position as two boards of bits, seen by the player to move. A move is a board with one bit, or none for a pass.
public protocol BoardPosition: Hashable, Sendable {
  /// The pieces of the player to move, and of the other.
  var mine: UInt64 { get set }
  var theirs: UInt64 { get set }

  /// The squares that the mover may play on; none where it must pass.
  var moves: UInt64 { get }

  /// The move of an action; nil when it is not legal.
  func move(of action: Int) -> UInt64?

  /// The action of a legal move.
  func action(of move: UInt64) -> Int

  /// Makes a legal move, after which the other player is to move.
  mutating func play(_ move: UInt64) -> BoardResult

  /// The moves, among the legal ones, that a greedy player draws from; none where it must pass.
  var greedyMoves: UInt64 { get }
}

extension BoardPosition {
  /// Pieces of both players, which is also how far the game is: no piece ever leaves a board.
  var pieces: Int { (mine | theirs).nonzeroBitCount }

  /// Lets the other player see the position as its own.
  @inline(__always) mutating func turn() { (mine, theirs) = (theirs, mine) }
}

extension UInt64 {
  /// The set bit with that number, counted from the lowest, as a board of its own; none of an empty board.
  @inline(__always) func bit(number: Int) -> UInt64 {
    var rest = self
    for _ in 0..<number { rest &= rest &- 1 }
    return rest & (0 &- rest)
  }

  /// One of the set bits by 32 random bits: each has the same probability up to 64 parts in 2^32.
  @inline(__always) func bit(drawnBy bits: UInt32) -> UInt64 {
    bit(number: Int(truncatingIfNeeded: (UInt64(bits) &* UInt64(truncatingIfNeeded: nonzeroBitCount)) >> 32))
  }
}
