internal import EnvironmentKit
public import ReinforcementLearning

/// Two players lay discs on a board of 6 by 6 and turn over what they enclose; who has more in the end wins.
///
/// **Task.** More discs than the other when neither can move. When both play well who begins loses, 16 to 20.
///
/// **Actions.** 0 to 35 `a1` to `f6`: a disc on the square in that column (a to f from the left) and row (1 to 6 from
/// the top), the rows one after the other; 36 `pass`. A disc must enclose discs of the other's in a straight line
/// between itself and another of one's own; all that it encloses are turned over. `pass` is legal only where no disc
/// can be laid. Any other action loses at once.
///
/// **Observation.** `board` uint8 [6, 6, 1]: a code a square, the highest row first: 0 empty, 1 mine, 2 theirs.
///
/// **Signals.** uint8: `pieces` on the board; `discs` [2]: mine and theirs; `mobility` [2]: squares on which I could
/// lay a disc, and the other, if it were to move; `corners` [2]: corners that I hold, which cannot be turned any more,
/// and that the other holds.
///
/// **Reward.** 1 for a win, 0 for a draw, -1 for a loss, with the last move; a win is a success.
///
/// **Start.** The usual four discs in the middle, those of who begins on d3 and c4; the opponent's first move, when it
/// begins.
///
/// **End.** Terminated when neither player can lay a disc, or by an illegal move.
///
/// **Configuration.** `opponent` and `agentMoves` as in every board game. A greedy opponent takes a corner when it
/// can, else one of the squares that turn the most discs.
///
/// **Source.** The rules of Othello (Goro Hasegawa, 1973) on the board that Joel Feinstein solved ("Amenor wins world
/// 6x6 championships!", British Othello Federation, July 1993).
public struct Othello: BoardGame {
  /// Who plays the other side and who begins; by default a random opponent and a drawn beginner.
  public struct Configuration: BoardConfiguration {
    /// Who plays the other side.
    public var opponent = BoardOpponent.random
    /// Which side the agent has against an opponent.
    public var agentMoves = AgentMoves.either

    /// A random opponent, the beginner drawn.
    public init() {}
  }

  /// Bit 7 row + column is a square; column 6 stays empty, so that runs do not go on in the next row.
  public struct Position: BoardPosition {
    /// The mover's discs.
    public var mine: UInt64
    /// The discs of who moved last.
    public var theirs: UInt64

    /// All 36 squares.
    static var squares: UInt64 { 0x0000_01fb_f7ef_dfbf }
    /// a1, f1, a6, f6.
    static var corners: UInt64 { 1 | 1 << 5 | 1 << 35 | 1 << 40 }

    /// The start, the beginner to move.
    public init() {
      mine = 1 << 17 | 1 << 23
      theirs = 1 << 16 | 1 << 24
    }

    init(mine: UInt64, theirs: UInt64) {
      self.mine = mine
      self.theirs = theirs
    }

    /// Discs of `through` that lie in an unbroken line next to one of `from`, in one direction: at most four of six.
    @inline(__always) static func run(
      _ from: UInt64, _ through: UInt64, _ shift: (UInt64) -> UInt64
    ) -> UInt64 {
      var run = shift(from) & through
      run |= shift(run) & through
      run |= shift(run) & through
      return run | shift(run) & through
    }

    /// Both ways along a line whose neighbouring squares are `distance` bits apart.
    @inline(__always) private static func ends(
      _ mine: UInt64, _ theirs: UInt64, _ distance: UInt64
    ) -> UInt64 {
      run(mine, theirs) { $0 &<< distance } &<< distance | run(mine, theirs) { $0 &>> distance } &>> distance
    }

    /// Where a player may lay a disc.
    @inline(__always) static func moves(_ mine: UInt64, _ theirs: UInt64) -> UInt64 {
      (ends(mine, theirs, 1) | ends(mine, theirs, 6) | ends(mine, theirs, 7) | ends(mine, theirs, 8))
        & squares & ~(mine | theirs)
    }

    /// The discs that a disc on that square turns over; none where it encloses nothing.
    @inline(__always) func turned(by move: UInt64) -> UInt64 {
      @inline(__always) func along(_ distance: UInt64) -> UInt64 {
        let up = Self.run(move, theirs) { $0 &<< distance }
        let down = Self.run(move, theirs) { $0 &>> distance }
        return (up &<< distance & mine != 0 ? up : 0) | (down &>> distance & mine != 0 ? down : 0)
      }
      return along(1) | along(6) | along(7) | along(8)
    }

    /// The squares on which the mover encloses something; none where it must pass.
    @inline(__always) public var moves: UInt64 { Self.moves(mine, theirs) }

    /// The square of action 6 row + column; 0 for the pass (36) where that is legal; nil for what is not.
    @inline(__always) public func move(of action: Int) -> UInt64? {
      let moves = moves
      if action == 36 { return moves == 0 ? 0 : nil }
      guard action >= 0, action < 36 else { return nil }
      let move: UInt64 = 1 &<< UInt64(truncatingIfNeeded: 7 &* (action / 6) &+ action % 6)
      return move & moves == 0 ? nil : move
    }

    /// 0 to 35 for a square, 36 for the pass.
    @inline(__always) public func action(of move: UInt64) -> Int {
      let (row, column) = move.trailingZeroBitCount.quotientAndRemainder(dividingBy: 7)
      return move == 0 ? 36 : 6 &* row &+ column
    }

    /// Lays the disc, turns over what it encloses and turns the board round; a pass only turns it round.
    ///
    /// The game is over when neither player can lay a disc: who has more has won.
    @inline(__always) public mutating func play(_ move: UInt64) -> BoardResult {
      if move == 0 {
        turn()
        return .running
      }
      let turned = turned(by: move)
      let moved = mine | move | turned
      mine = theirs & ~turned
      theirs = moved
      if moves != 0 || Self.moves(theirs, mine) != 0 { return .running }
      let lead = moved.nonzeroBitCount - mine.nonzeroBitCount
      return lead > 0 ? .won : lead < 0 ? .lost : .drawn
    }

    /// The corners if any is free to take, else the squares that turn over the most discs.
    public var greedyMoves: UInt64 {
      let corners = moves & Self.corners
      if corners != 0 { return corners }
      var (best, most) = (UInt64(0), 0)
      var rest = moves
      while rest != 0 {
        let move = rest & (0 &- rest)
        let count = turned(by: move).nonzeroBitCount
        if count > most { (best, most) = (0, count) }
        if count == most { best |= move }
        rest ^= move
      }
      return best
    }

    /// Whether neither player can lay a disc.
    var isOver: Bool { moves == 0 && Self.moves(theirs, mine) == 0 }
  }

  /// The opponent and who begins.
  public var configuration: Configuration
  /// The discs as the mover sees them.
  public var position = Position()
  /// Whose turn it is; the latest move for the picture.
  public var turn = BoardTurn()

  /// A game at its start; `reset` lets an opponent that begins move first.
  public init(plan configuration: Configuration) { self.configuration = configuration }

  private static let columnNames = ["a", "b", "c", "d", "e", "f"]

  /// The four discs in the middle.
  public static func start(of configuration: Configuration) -> Position { Position() }

  /// `board` [6, 6, 1] uint8 and four signals; at most 64 steps, two players where there is no opponent.
  public static func specification(of configuration: Configuration) -> Specification {
    let squares = (1...6).flatMap { row in columnNames.map { "\($0)\(row)" } }
    return specification(
      configuration, rows: 6, columns: 6, actions: squares + ["pass"],
      signals: [
        .signal("pieces", element: .uint8, range: 0...36, summary: "on the board"),
        .signal("discs", shape: [2], element: .uint8, range: 0...36, summary: "mine and theirs"),
        .signal(
          "mobility", shape: [2], element: .uint8, range: 0...32, summary: "squares to lay a disc on, mine and theirs"),
        .signal("corners", shape: [2], element: .uint8, range: 0...4, summary: "corners held, mine and theirs"),
      ],
      // Before each of the 32 discs a pass, at most.
      longest: 64, cell: ["pieces", "corners"])
  }

  /// Writes the board as the mover sees it, row 1 first, and the signals that the row has.
  public func observe(into row: inout ObservationRow) {
    if let board = row.unsafeStart(of: 0) {
      // Unsafe, in words. Six squares at once: a copy of the bits for each byte, of which it keeps its own.
      @inline(__always) func spread(_ discs: UInt64, _ line: UInt64) -> UInt64 {
        let kept = ((discs &>> (7 &* line) & 0x3f) &* 0x0101_0101_0101_0101) & 0x0000_2010_0804_0201
        return (kept &+ 0x7f7f_7f7f_7f7f) >> 7 & 0x0101_0101_0101
      }
      for line in 0..<6 {
        let codes = spread(position.mine, UInt64(line)) | spread(position.theirs, UInt64(line)) << 1
        board.storeBytes(of: UInt32(truncatingIfNeeded: codes), toByteOffset: 6 &* line, as: UInt32.self)
        board.storeBytes(of: UInt16(truncatingIfNeeded: codes >> 32), toByteOffset: 6 &* line &+ 4, as: UInt16.self)
      }
    }
    row.write(count(position.mine | position.theirs), to: 1)
    row.write(SIMD2(count(position.mine), count(position.theirs)), to: 2)
    if row.wants(3) {
      row.write(SIMD2(count(position.moves), count(Position.moves(position.theirs, position.mine))), to: 3)
    }
    let corners = Position.corners
    row.write(SIMD2(count(position.mine & corners), count(position.theirs & corners)), to: 4)
  }

  private func count(_ squares: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: squares.nonzeroBitCount) }

  /// Black begins; dots show where the mover can lay a disc.
  public func sketch() -> Sketch {
    let green = Sketch.Color(34, 104, 74)
    let line = Sketch.Color(20, 68, 50)
    let white = Sketch.Color(236, 238, 230)
    let ink = Sketch.Color(22, 26, 34)
    var picture = BoardPicture(columns: 6, rows: 6, margin: 0.5, field: green)
    let (black, light) = pieces
    let moves = position.moves
    for edge in 0...6 {
      let place = Float(edge)
      picture.line((place, 0), (place, 6), width: 0.03, line)
      picture.line((0, place), (6, place), width: 0.03, line)
    }
    for column in 0..<6 {
      picture.label(Self.columnNames[column], column, -1, y: 0.74)
      picture.label("\(column + 1)", -1, column, x: 0.74)
      for row in 0..<6 {
        let square: UInt64 = 1 << UInt64(7 * row + column)
        if moves & square != 0 {
          picture.disc(column, row, .blend(green, turn.isFirst ? ink : white, 0.5), "*", radius: 0.08)
        }
        guard (black | light) & square != 0 else { continue }
        let isBlack = black & square != 0
        picture.disc(column, row, .blend(isBlack ? ink : white, .backdrop, 0.45), radius: 0.41)
        picture.disc(column, row, isBlack ? ink : white, isBlack ? "B" : "W", radius: 0.38)
        if turn.last & square != 0 { picture.disc(column, row, .danger, radius: 0.09) }
      }
    }
    for row in 0..<6 { picture.sketch.board[row] += " \(row + 1)".map { Sketch.Character($0, .track) } }
    picture.sketch.board.append(Self.columnNames.map { Sketch.Character(Character($0), .track) })
    let isOver = position.isOver
    let lead = black.nonzeroBitCount - light.nonzeroBitCount
    let winner = !isOver || lead == 0 ? nil : lead > 0 ? "black" : "white"
    picture.caption(state(names: ("black", "white"), winner: winner, isOver: isOver))
    picture.caption("black \(black.nonzeroBitCount), white \(light.nonzeroBitCount)")
    return picture.sketch
  }
}
