internal import EnvironmentKit
public import ReinforcementLearning

/// Two players drop discs into seven columns of six in turn; four in a row win.
///
/// **Task.** Four own discs in a row, a column or a diagonal. Who begins wins with the middle column when both play
/// well.
///
/// **Actions.** 0 to 6 `1` to `7`: the columns from the left. Only those that are not full are legal; any other loses
/// at once.
///
/// **Observation.** `board` uint8 [6, 7, 1]: a code a square, the highest row first: 0 empty, 1 mine, 2 theirs.
///
/// **Signals.** uint8: `pieces` on the board; `winningMoves`: columns in which I complete a four now; `threats`:
/// columns in which the other would, if it were to move; `openFours` [2]: empty squares, reachable now or later, that
/// complete a four of mine, and of theirs; `center` [2]: discs in the middle column, mine and theirs.
///
/// **Reward.** 1 for a win, 0 for a draw, -1 for a loss, with the last move; a win is a success.
///
/// **Start.** An empty board, or one disc of the opponent when it begins.
///
/// **End.** Terminated by four in a row, a full board, or an illegal move.
///
/// **Configuration.** `opponent` and `agentMoves` as in every board game. A greedy opponent completes a four when it
/// can, else blocks one when it must, else draws any column.
///
/// **Source.** The game of Wexler and Strongin (1974), solved by Allis and by Allen (1988). Boards of bits with a spare
/// bit on top of every column, so that shifts do not run from one column into the next, as in Tromp's Fhourstones.
public struct ConnectFour: BoardGame {
  /// Who plays the other side and who begins; by default a random opponent and a drawn beginner.
  public struct Configuration: BoardConfiguration {
    /// Who plays the other side.
    public var opponent = BoardOpponent.random
    /// Which side the agent has against an opponent.
    public var agentMoves = AgentMoves.either

    /// A random opponent, the beginner drawn.
    public init() {}
  }

  /// Bit 7 column + height is a square; height 6 is never filled.
  public struct Position: BoardPosition {
    /// The mover's discs.
    public var mine: UInt64 = 0
    /// The discs of who moved last.
    public var theirs: UInt64 = 0

    /// The lowest square of every column.
    static var bottom: UInt64 { 0x0000_0408_1020_4081 }
    /// All 42 squares.
    static var squares: UInt64 { 0x0000_fdfb_f7ef_dfbf }

    /// Adding the lowest squares carries each column's filled part to its first free square.
    @inline(__always) public var moves: UInt64 { ((mine | theirs) &+ Self.bottom) & Self.squares }

    /// The lowest free square of column `action`, 0 to 6; nil where the column is full or there is none.
    @inline(__always) public func move(of action: Int) -> UInt64? {
      guard action >= 0, action < 7 else { return nil }
      let move = moves & (0x3f &<< (7 &* UInt64(truncatingIfNeeded: action)))
      return move == 0 ? nil : move
    }

    /// The column, 0 to 6.
    @inline(__always) public func action(of move: UInt64) -> Int { move.trailingZeroBitCount / 7 }

    /// Whether four of the discs stand in a row.
    @inline(__always) static func hasFour(_ discs: UInt64) -> Bool {
      // Pairs of neighbours, then pairs of pairs: up, along a row, down and up the diagonals.
      let up = discs & discs >> 1
      let across = discs & discs >> 7
      let falling = discs & discs >> 6
      let rising = discs & discs >> 8
      return (up & up >> 2) | (across & across >> 14) | (falling & falling >> 12) | (rising & rising >> 16) != 0
    }

    /// Drops a disc and turns the board round: won by four in a row, drawn by the 42nd disc.
    @inline(__always) public mutating func play(_ move: UInt64) -> BoardResult {
      let moved = mine | move
      mine = theirs
      theirs = moved
      return Self.hasFour(moved) ? .won : mine | moved == Self.squares ? .drawn : .running
    }

    /// Empty squares that would complete a four of these discs.
    static func completions(of discs: UInt64, empty: UInt64) -> UInt64 {
      @inline(__always) func along(_ distance: UInt64) -> UInt64 {
        let (one, two, three) = (discs << distance, discs << (2 * distance), discs << (3 * distance))
        let (back, back2, back3) = (discs >> distance, discs >> (2 * distance), discs >> (3 * distance))
        return (one & two & three) | (one & two & back) | (one & back & back2) | (back & back2 & back3)
      }
      return (along(1) | along(6) | along(7) | along(8)) & empty
    }

    /// All squares without a disc.
    var empty: UInt64 { Self.squares & ~(mine | theirs) }

    /// The squares that complete a four, else those that block one, else all free ones.
    public var greedyMoves: UInt64 {
      let moves = moves
      let wins = Self.completions(of: mine, empty: moves)
      if wins != 0 { return wins }
      let blocks = Self.completions(of: theirs, empty: moves)
      return blocks != 0 ? blocks : moves
    }
  }

  /// The opponent and who begins.
  public var configuration: Configuration
  /// The discs as the mover sees them.
  public var position = Position()
  /// Whose turn it is; the latest move for the picture.
  public var turn = BoardTurn()

  /// A game on an empty board; `reset` lets an opponent that begins move first.
  public init(plan configuration: Configuration) { self.configuration = configuration }

  /// The empty board.
  public static func start(of configuration: Configuration) -> Position { Position() }

  /// `board` [6, 7, 1] uint8 and five signals; at most 42 steps, two players where there is no opponent.
  public static func specification(of configuration: Configuration) -> Specification {
    specification(
      configuration, rows: 6, columns: 7, actions: (1...7).map(String.init),
      signals: [
        .signal("pieces", element: .uint8, range: 0...42, summary: "on the board"),
        .signal("winningMoves", element: .uint8, range: 0...7, summary: "columns in which the mover wins now"),
        .signal("threats", element: .uint8, range: 0...7, summary: "columns in which the other would win now"),
        .signal(
          "openFours", shape: [2], element: .uint8, range: 0...42,
          summary: "squares that complete a four, mine and theirs"),
        .signal(
          "center", shape: [2], element: .uint8, range: 0...6, summary: "discs in the middle column, mine and theirs"),
      ],
      longest: 42, cell: ["pieces", "openFours"])
  }

  /// The discs to move, and a spare bit above each column's filled part: a hash without collisions.
  public func digest() -> UInt64 { position.mine &+ (position.mine | position.theirs) &+ Position.bottom }

  /// Writes the board as the mover sees it, the highest row first, and the signals that the row has.
  public func observe(into row: inout ObservationRow) {
    if let board = row.unsafeStart(of: 0) {
      // Unsafe, in words that reach past the field. A row's bits are seven apart; seven shifted copies bring each to a
      // byte of its own. The eighth byte is zero and is written over by the next row; after the last one it belongs to
      // no field or to one that is written later.
      @inline(__always) func spread(_ discs: UInt64, _ height: UInt64) -> UInt64 {
        ((discs &>> height & Position.bottom) &* 127) & 0x0001_0101_0101_0101
      }
      for line in 0..<6 {
        let height = UInt64(5 &- line)
        let codes = spread(position.mine, height) | spread(position.theirs, height) << 1
        board.storeBytes(of: codes, toByteOffset: 7 &* line, as: UInt64.self)
      }
    }
    row.write(count(position.mine | position.theirs), to: 1)
    if row.wants(2) { row.write(count(Position.completions(of: position.mine, empty: position.moves)), to: 2) }
    if row.wants(3) { row.write(count(Position.completions(of: position.theirs, empty: position.moves)), to: 3) }
    if row.wants(4) {
      let mine = count(Position.completions(of: position.mine, empty: position.empty))
      row.write(SIMD2(mine, count(Position.completions(of: position.theirs, empty: position.empty))), to: 4)
    }
    let middle: UInt64 = 0x3f << 21
    row.write(SIMD2(count(position.mine & middle), count(position.theirs & middle)), to: 5)
  }

  private func count(_ squares: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: squares.nonzeroBitCount) }

  /// Red begins; the columns' numbers stand above them, which are also their actions.
  public func sketch() -> Sketch {
    var picture = BoardPicture(columns: 7, rows: 6, margin: 0.5, field: Sketch.Color(38, 74, 140))
    let (red, yellow) = pieces
    let redColor = Sketch.Color.danger
    let yellowColor = Sketch.Color(245, 205, 80)
    for column in 0..<7 {
      picture.label("\(column + 1)", column, -1, y: 0.74)
      for row in 0..<6 {
        let square: UInt64 = 1 << UInt64(7 * column + 5 - row)
        picture.disc(column, row, .backdrop, radius: 0.43)
        guard (red | yellow) & square != 0 else { continue }
        let color = red & square != 0 ? redColor : yellowColor
        picture.disc(column, row, turn.last & square != 0 ? .joint : .blend(color, .backdrop, 0.35), radius: 0.42)
        picture.disc(column, row, color, red & square != 0 ? "R" : "Y", radius: 0.36)
      }
    }
    for discs in [red, yellow] {
      for distance in [1, 6, 7, 8] as [UInt64] {
        var starts = discs & discs >> distance & discs >> (2 * distance) & discs >> (3 * distance)
        while starts != 0 {
          let first = starts.trailingZeroBitCount
          let last = first + 3 * Int(distance)
          picture.strike((first / 7, 5 - first % 7), (last / 7, 5 - last % 7), .joint)
          starts &= starts - 1
        }
      }
    }
    picture.sketch.board.append("1234567".map { Sketch.Character($0, .track) })
    let winner = Position.hasFour(red) ? "red" : Position.hasFour(yellow) ? "yellow" : nil
    picture.caption(state(names: ("red", "yellow"), winner: winner, isOver: position.moves == 0))
    return picture.sketch
  }
}
