public import ReinforcementLearning

/// What every board game does alike: turns, opponents, rewards, playouts.
///
/// Where `opponent` is `none`, players take turns: observation, legal moves, reward and success are the mover's,
/// and the row after a move is the next mover's, the last one included. Else they are the agent's, and the opponent
/// moves inside `step`, and in `reset` when it begins; its draws are a hash of the seed and the number of pieces.
///
/// An illegal move, which an agent without masks may ask for, changes nothing on the board and loses at once.
public protocol BoardGame: TurnTaking, Drawable
where Action == IndexAction, Configuration: BoardConfiguration, Plan == Configuration {
  associatedtype Position: BoardPosition

  /// The opponent and who begins; `adopt` writes it.
  var configuration: Configuration { get set }
  /// The board as the player to move sees it.
  var position: Position { get set }
  /// Whose turn it is, and what the opponent's draws follow from.
  var turn: BoardTurn { get set }

  /// The position that a game of that configuration starts from.
  static func start(of configuration: Configuration) -> Position
}

/// What a game knows beside the position.
public struct BoardTurn: Hashable, Sendable {
  /// What the opponent's draws are a hash of.
  var seed: UInt64 = 0
  /// The latest move, for the picture.
  var last: UInt64 = 0
  /// Whether the mover (at the end of a game against the environment: the agent) is the player who began.
  var isFirst = true

  /// The beginner to move, nothing played.
  public init() {}
}

extension BoardGame {
  /// Sets the board up; where the opponent begins, it has made its first move.
  ///
  /// With `either` the seed says who begins, each with probability one half.
  public mutating func reset(seed: UInt64) {
    position = Self.start(of: configuration)
    turn.seed = seed
    turn.last = 0
    turn.isFirst = true
    if configuration.opponent == .none { return }
    let begins =
      switch configuration.agentMoves {
      case .first: true
      case .second: false
      case .either: RandomSource.mixed(seed, 0, 1) >> 63 == 0
      }
    if !begins { _ = play(opponentsMove()) }
  }

  /// Changes the opponent's moves from here on; without an opponent nothing is drawn.
  public mutating func reseed(_ seed: UInt64) { turn.seed = seed }

  /// Makes a legal move and passes the turn.
  @inline(__always) mutating func play(_ move: UInt64) -> BoardResult {
    turn.last = move
    turn.isFirst.toggle()
    return position.play(move)
  }

  /// The opponent's move in this position, the same each time that it is asked for.
  func opponentsMove() -> UInt64 {
    let moves = configuration.opponent == .greedy ? position.greedyMoves : position.moves
    let draw = RandomSource.mixed(turn.seed, UInt64(truncatingIfNeeded: position.pieces), 2)
    return moves.bit(drawnBy: UInt32(truncatingIfNeeded: draw))
  }

  /// Makes the agent's move and, against an opponent, the answer to it; an illegal move loses at once.
  ///
  /// The result is the mover's without an opponent, the agent's with one. A game ends by itself, so a step is
  /// never truncated.
  public mutating func step(_ action: IndexAction) -> Transition {
    guard let move = position.move(of: action.index) else { return BoardResult.lost.transition }
    let result = play(move)
    if configuration.opponent == .none { return result.transition }
    if result == .running { return play(opponentsMove()).reversed.transition }
    // The agent's own move was the last one: it goes on seeing the board as its own.
    position.turn()
    turn.isFirst.toggle()
    return result.transition
  }

  // Inlined and unchecked, since a position's own moves are actions: a call and the checks cost 7 percent of a step.
  /// The actions of the position's moves; where there are none, the last action (a pass) if the game has one.
  ///
  /// - Complexity: O(actions); allocates nothing.
  @inline(__always) public func legalActions(into mask: inout MutableSpan<Bool>) {
    for action in mask.indices { mask[unchecked: action] = false }
    var rest = position.moves
    if rest == 0 {
      if position.move(of: mask.count - 1) != nil { mask[mask.count - 1] = true }
      return
    }
    while rest != 0 {
      let move = rest & (0 &- rest)
      mask[unchecked: position.action(of: move)] = true
      rest ^= move
    }
  }

  /// A hash of both boards of bits; whose turn it is lies in which of the two is the mover's.
  public func digest() -> UInt64 { RandomSource.mixed(position.mine, position.theirs, 0) }

  /// Goes on with another opponent: always possible, since the board does not depend on it.
  public mutating func adopt(_ configuration: Configuration) -> Bool {
    self.configuration = configuration
    return true
  }

  /// The same game without an opponent in the environment; nil where there is none already.
  public static func selfPlay(_ configuration: Configuration) -> Configuration? {
    if configuration.opponent == .none { return nil }
    var alone = configuration
    alone.opponent = .none
    return alone
  }

  /// Moves drawn on the boards of bits alone; a reward comes only with the last of them.
  public static func playout(
    _ snapshot: UnsafeMutablePointer<Snapshot<Self>>, rules: PlayoutRules, actions: ActionBuffer,
    mask: UnsafeMutableBufferPointer<Bool>, random: inout RandomSource
  ) -> Double {
    if snapshot.pointee.environment.configuration.opponent != .none {
      return playoutAgainstOpponent(snapshot, rules: rules, random: &random)
    }
    var position = snapshot.pointee.environment.position
    var factor = 1.0
    var count = 0
    var total = 0.0
    while count < rules.limit {
      let result = position.play(position.moves.bit(drawnBy: random.nextUInt32()))
      count &+= 1
      if result != .running {
        total = factor * Double(result.reward)
        break
      }
      factor *= rules.discount
    }
    snapshot.pointee.environment.position = position
    if count & 1 == 1 { snapshot.pointee.environment.turn.isFirst.toggle() }
    snapshot.pointee.elapsed &+= count
    return total
  }

  /// The same with the environment's answers, move by move: the opponent's draws must come out as in `step`.
  private static func playoutAgainstOpponent(
    _ snapshot: UnsafeMutablePointer<Snapshot<Self>>, rules: PlayoutRules, random: inout RandomSource
  ) -> Double {
    var factor = 1.0
    var count = 0
    while count < rules.limit {
      let position = snapshot.pointee.environment.position
      let move = position.moves.bit(drawnBy: random.nextUInt32())
      let transition = snapshot.pointee.environment.step(IndexAction(position.action(of: move)))
      snapshot.pointee.elapsed &+= 1
      if transition.outcome != .running { return factor * Double(transition.reward) }
      factor *= rules.discount
      count &+= 1
    }
    return 0
  }
}

/// What the specifications of all board games have in common.
extension BoardGame {
  /// - Parameters:
  ///   - signals: What follows the board, in the order in which the game writes them.
  ///   - longest: The most moves of a game, both players' together: the time limit in every configuration, so that a
  ///     planner may go on without the opponent.
  static func specification(
    _ configuration: Configuration, rows: Int, columns: Int, actions: [String], signals: [Field], longest: Int,
    cell: [String]
  ) -> Specification {
    let board = Field(
      "board", shape: [rows, columns, 1], element: .uint8, kind: .categorical([3]), summary: "empty, mine, theirs")
    return Specification(
      measures: [.return(in: -1...1), .success, .length()],
      fields: [board] + signals, actions: .discrete(actions), hasIllegalActions: true, timeLimit: longest,
      rewards: -1...1,
      cell: cell, players: configuration.opponent == .none ? 2 : 1, isStochastic: configuration.opponent != .none)
  }
}
