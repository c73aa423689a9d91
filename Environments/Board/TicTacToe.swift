internal import EnvironmentKit
public import ReinforcementLearning

/// Two players put a piece each on a board of 3 by 3 in turn; three in a row win.
///
/// **Task.** Three own pieces in a row, a column or a diagonal. When both play well, nobody gets there.
///
/// **Actions.** 0 to 8 `1` to `9`: the squares, row by row from the upper left. Only empty ones are legal; any other
/// loses at once.
///
/// **Observation.** `board` uint8 [3, 3, 1]: a code a square, 0 empty, 1 mine, 2 theirs.
///
/// **Signals.** uint8: `pieces` on the board; `winningMoves`: squares on which I complete a row now; `threats`:
/// squares on which the other would, if it were to move; `lines` [2]: rows, columns and diagonals that hold my pieces
/// and none of theirs, and the other way round.
///
/// **Reward.** 1 for a win, 0 for a draw, -1 for a loss, with the last move; a win is a success.
///
/// **Start.** An empty board, or one piece of the opponent when it begins.
///
/// **End.** Terminated by three in a row, a full board, or an illegal move.
///
/// **Configuration.** `opponent` and `agentMoves` as in every board game. A greedy opponent completes a row when it
/// can, else blocks one when it must, else draws any empty square.
///
/// **Source.** The game as everybody knows it: 255,168 games, 5,478 positions.
public struct TicTacToe: BoardGame {
  /// Who plays the other side and who begins; by default a random opponent and a drawn beginner.
  public struct Configuration: BoardConfiguration {
    /// Who plays the other side.
    public var opponent = BoardOpponent.random
    /// Which side the agent has against an opponent.
    public var agentMoves = AgentMoves.either

    /// A random opponent, the beginner drawn.
    public init() {}
  }

  /// Bit 3 row + column is a square.
  public struct Position: BoardPosition {
    /// The mover's pieces.
    public var mine: UInt64 = 0
    /// The pieces of who moved last.
    public var theirs: UInt64 = 0

    static let full: UInt64 = 0o777
    /// The eight lines: rows, columns, diagonals.
    static let lines: [UInt64] = [0o007, 0o070, 0o700, 0o111, 0o222, 0o444, 0o421, 0o124]

    /// The empty squares; also those of a game that is won, which nobody asks for.
    @inline(__always) public var moves: UInt64 { ~(mine | theirs) & 0o777 }

    /// The square of action 3 row + column, 0 to 8; nil where it is taken or there is none.
    @inline(__always) public func move(of action: Int) -> UInt64? {
      let move: UInt64 = action >= 0 && action < 9 ? 1 &<< UInt64(truncatingIfNeeded: action) : 0
      return move & moves == 0 ? nil : move
    }

    /// 3 row + column, 0 to 8.
    @inline(__always) public func action(of move: UInt64) -> Int { move.trailingZeroBitCount }

    /// Whether the pieces fill a line.
    @inline(__always) static func hasLine(_ pieces: UInt64) -> Bool {
      let rows = pieces & pieces >> 1 & pieces >> 2 & 0o111
      let columns = pieces & pieces >> 3 & pieces >> 6 & 0o007
      return rows | columns != 0 || pieces & 0o421 == 0o421 || pieces & 0o124 == 0o124
    }

    /// Puts a piece and turns the board round: won by three in a line, drawn by the ninth piece.
    @inline(__always) public mutating func play(_ move: UInt64) -> BoardResult {
      let moved = mine | move
      mine = theirs
      theirs = moved
      return Self.hasLine(moved) ? .won : mine | moved == 0o777 ? .drawn : .running
    }

    /// Empty squares that would complete a line of these pieces.
    static func completions(of pieces: UInt64, empty: UInt64) -> UInt64 {
      var rest = empty
      var found: UInt64 = 0
      while rest != 0 {
        let square = rest & (0 &- rest)
        if hasLine(pieces | square) { found |= square }
        rest ^= square
      }
      return found
    }

    /// The squares that complete a line, else those that block one, else all empty ones.
    public var greedyMoves: UInt64 {
      let wins = Self.completions(of: mine, empty: moves)
      if wins != 0 { return wins }
      let blocks = Self.completions(of: theirs, empty: moves)
      return blocks != 0 ? blocks : moves
    }
  }

  /// The opponent and who begins.
  public var configuration: Configuration
  /// The pieces as the mover sees them.
  public var position = Position()
  /// Whose turn it is; the latest move for the picture.
  public var turn = BoardTurn()

  /// A game on an empty board; `reset` lets an opponent that begins move first.
  public init(plan configuration: Configuration) { self.configuration = configuration }

  /// The empty board.
  public static func start(of configuration: Configuration) -> Position { Position() }

  /// `board` [3, 3, 1] uint8 and four signals; at most 9 steps, two players where there is no opponent.
  public static func specification(of configuration: Configuration) -> Specification {
    specification(
      configuration, rows: 3, columns: 3, actions: (1...9).map(String.init),
      signals: [
        .signal("pieces", element: .uint8, range: 0...9, summary: "on the board"),
        .signal("winningMoves", element: .uint8, range: 0...9, summary: "squares on which the mover wins now"),
        .signal("threats", element: .uint8, range: 0...9, summary: "squares on which the other would win now"),
        .signal("lines", shape: [2], element: .uint8, range: 0...8, summary: "lines of my pieces alone, and of theirs"),
      ],
      longest: 9, cell: [])
  }

  /// The board bit by bit, which for nine squares is a hash without collisions.
  public func digest() -> UInt64 { position.mine | position.theirs << 9 }

  /// Writes the board as the mover sees it, row by row, and the signals that the row has.
  public func observe(into row: inout ObservationRow) {
    if let board = row.unsafeStart(of: 0) {
      // Unsafe, in words. Eight squares at once: a copy of the bits for each byte, of which it keeps its own.
      @inline(__always) func spread(_ bits: UInt64) -> UInt64 {
        let kept = ((bits & 0xff) &* 0x0101_0101_0101_0101) & 0x8040_2010_0804_0201
        return (kept &+ 0x7f7f_7f7f_7f7f_7f7f) >> 7 & 0x0101_0101_0101_0101
      }
      board.storeBytes(of: spread(position.mine) | spread(position.theirs) << 1, as: UInt64.self)
      let last = UInt8(truncatingIfNeeded: position.mine >> 8 | (position.theirs >> 8) << 1)
      board.storeBytes(of: last, toByteOffset: 8, as: UInt8.self)
    }
    row.write(UInt8(truncatingIfNeeded: position.pieces), to: 1)
    let empty = position.moves
    if row.wants(2) { row.write(count(Position.completions(of: position.mine, empty: empty)), to: 2) }
    if row.wants(3) { row.write(count(Position.completions(of: position.theirs, empty: empty)), to: 3) }
    if row.wants(4) {
      var lines = SIMD2<UInt8>(0, 0)
      for line in Position.lines {
        if line & position.mine != 0 && line & position.theirs == 0 { lines[0] += 1 }
        if line & position.theirs != 0 && line & position.mine == 0 { lines[1] += 1 }
      }
      row.write(lines, to: 4)
    }
  }

  private func count(_ squares: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: squares.nonzeroBitCount) }

  /// Crosses begin; an empty square shows the number of its action.
  public func sketch() -> Sketch {
    var picture = BoardPicture(columns: 3, rows: 3, margin: 0.25, field: .blend(.backdrop, .ground, 0.5))
    for edge in 1..<3 {
      let place = Float(edge)
      picture.line((place, 0.08), (place, 2.92), width: 0.04, .track)
      picture.line((0.08, place), (2.92, place), width: 0.04, .track)
    }
    let (crosses, noughts) = pieces
    for action in 0..<9 {
      let (column, row) = (action % 3, action / 3)
      let square: UInt64 = 1 << UInt64(action)
      if turn.last & square != 0 { picture.shade(column, row, .blend(.ground, .track, 0.35)) }
      if crosses & square != 0 {
        picture.cross(column, row, .cart, "X")
      } else if noughts & square != 0 {
        picture.ring(
          column, row, .pole, "O", inside: turn.last & square != 0 ? .blend(.ground, .track, 0.35) : picture.field)
      } else {
        picture.label("\(action + 1)", column, row)
      }
    }
    for line in Position.lines where line & crosses == line || line & noughts == line {
      let first = line.trailingZeroBitCount
      let last = 63 - line.leadingZeroBitCount
      picture.strike((first % 3, first / 3), (last % 3, last / 3), .joint)
    }
    let winner = Position.hasLine(crosses) ? "X" : Position.hasLine(noughts) ? "O" : nil
    picture.caption(state(names: ("X", "O"), winner: winner, isOver: position.moves == 0))
    return picture.sketch
  }
}
