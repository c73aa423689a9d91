@testable import Environments
import ReinforcementLearning
import Testing

/// Othello's rules against a board of codes without tricks, and against what Feinstein found in 1993.
@Suite("Othello 6x6") struct OthelloTests {
  /// The 32 discs of a game that both players play perfectly, by Feinstein's solution of July 1993; passes left out.
  static let perfectGame = [
    "c2", "b4", "c5", "d2", "e4", "e3", "d1", "c1", "b1", "d5", "d6", "f4", "b3", "b2", "f3", "f2", "e2", "b6", "a4",
    "c6",
    "a6", "a2", "b5", "a5", "e6", "e5", "a3", "a1", "f5", "f6", "e1", "f1",
  ]

  static let names: [String] = {
    guard case .discrete(let names) = Othello.specification(of: .init()).actions else { return [] }
    return names
  }()

  /// The position after so many discs of the perfect game, whether the beginner is to move, and the last result.
  static func perfectPosition(discs: Int) throws -> (Othello.Position, beginnerMoves: Bool, BoardResult) {
    var position = Othello.Position()
    var beginnerMoves = true
    var result = BoardResult.running
    for name in perfectGame.prefix(discs) {
      #expect(result == .running)
      if position.moves == 0 {
        result = position.play(try #require(position.move(of: 36)))
        beginnerMoves.toggle()
      }
      let action = try #require(names.firstIndex(of: name))
      result = position.play(try #require(position.move(of: action), "\(name) is not legal"))
      beginnerMoves.toggle()
    }
    return (position, beginnerMoves, result)
  }

  /// Discs that the mover has more than the other in the end, both playing perfectly.
  static func lead(_ position: Othello.Position, _ alpha: Int = -36, _ beta: Int = 36) -> Int {
    var moves = position.moves
    if moves == 0 {
      if position.isOver { return position.mine.nonzeroBitCount - position.theirs.nonzeroBitCount }
      return -lead(Othello.Position(mine: position.theirs, theirs: position.mine), -beta, -alpha)
    }
    var best = -36
    while moves != 0 && best < beta {
      let move = moves & (0 &- moves)
      moves ^= move
      var child = position
      _ = child.play(move)
      best = max(best, -lead(child, -beta, -max(alpha, best)))
    }
    return best
  }

  @Test("the perfect game is legal, fills the board and ends 16 to 20, lost by who began")
  func perfectGame() throws {
    let (position, beginnerMoves, result) = try Self.perfectPosition(discs: 32)
    let mover = position.mine.nonzeroBitCount
    #expect(position.isOver && position.pieces == 36)
    #expect((beginnerMoves ? mover : 36 - mover) == 16)
    // The result is that of who laid the last disc.
    #expect(result == (beginnerMoves ? .won : .lost))
  }

  @Test(
    "from each of the perfect game's last 14 discs on, the best that who began can reach is 16 to 20",
    arguments: 18...31)
  func perfectEndings(_ discs: Int) throws {
    let (position, beginnerMoves, _) = try Self.perfectPosition(discs: discs)
    // A window of three around the known value decides whether it is exact.
    let expected = beginnerMoves ? -4 : 4
    #expect(Self.lead(position, expected - 1, expected + 1) == expected)
  }

  @Test("sequences of n moves from the start are as many as on a board of codes, passes counted as moves")
  func perft() {
    let fast = (1...7).map { BoardTests.perft(Othello.Position(), depth: $0) }
    let slow = (1...7).map { SlowOthello.sequences(SlowOthello(), $0) }
    #expect(fast == slow)
    // As on the board of 8 by 8 while no disc can reach an edge that is not there.
    #expect(Array(fast.prefix(4)) == [4, 12, 56, 244])
  }

  @Test("moves, discs turned, observations, signals, passes and endings are those of a board of codes")
  func rules() throws {
    let recipe = try #require(Board.listing("board/Othello-6x6").recipe().selfPlay)
    let arena = recipe.makeArena(capacity: 1, signals: recipe.specification.signals.map(\.name))
    let scratch = SnapshotArena.Scratch(recipe.specification)
    let row = UnsafeMutableRawPointer.allocate(byteCount: arena.layout.rowBytes, alignment: 8)
    defer { row.deallocate() }
    func read(_ name: String) -> [Int] {
      let place = arena.layout.place(name)!
      return (0..<place.field.count).map { Int(row.load(fromByteOffset: place.offset + $0, as: UInt8.self)) }
    }
    var random = RandomSource(seed: 6)
    var (passes, wins, losses, draws) = (0, 0, 0, 0)
    for game in 0..<300 {
      arena.start(0, seed: UInt64(game))
      var slow = SlowOthello()
      var transition = Transition(reward: 0)
      while transition.outcome == .running {
        row.initializeMemory(as: UInt8.self, repeating: 0xee, count: arena.layout.rowBytes)
        arena.observe(0, into: row)
        let corners = [0, 5, 30, 35]
        #expect(read("board") == slow.codes)
        #expect(read("pieces") == [slow.codes.count { $0 != 0 }])
        #expect(read("discs") == [1, 2].map { code in slow.codes.count { $0 == code } })
        #expect(read("mobility") == [slow.moves.count, slow.turned.moves.count])
        #expect(read("corners") == [1, 2].map { code in corners.count { slow.codes[$0] == code } })
        arena.legalActions(0, into: scratch.mask)
        let legal = scratch.mask.indices.filter { scratch.mask[$0] }
        #expect(legal == (slow.moves.isEmpty ? [36] : slow.moves))
        let action = legal[random.integer(in: 0..<legal.count)]
        passes += action == 36 ? 1 : 0
        transition = arena.advance(0, to: 0, action: action, scratch)
        slow.play(action)
        #expect((transition.outcome == .running) == !slow.isOver)
      }
      // The board is the other's now.
      let lead = slow.codes.count { $0 == 2 } - slow.codes.count { $0 == 1 }
      #expect(transition == Transition(reward: Float(lead.signum()), outcome: .terminated, success: lead > 0))
      if lead > 0 { wins += 1 } else if lead < 0 { losses += 1 } else { draws += 1 }
    }
    #expect(passes > 100 && wins > 50 && losses > 50 && draws > 0)
  }

  @Test("a greedy opponent takes a corner when it can, else turns the most discs")
  func greedy() throws {
    var random = RandomSource(seed: 2)
    var (corners, others) = (0, 0)
    for _ in 0..<100 {
      var (position, slow) = (Othello.Position(), SlowOthello())
      while !position.isOver {
        let chosen = (0..<36).filter { position.greedyMoves & 1 << UInt64(7 * ($0 / 6) + $0 % 6) != 0 }
        let inCorners = slow.moves.filter { [0, 5, 30, 35].contains($0) }
        let most = slow.moves.map { slow.flips(of: $0).count }.max() ?? 0
        #expect(chosen == (inCorners.isEmpty ? slow.moves.filter { slow.flips(of: $0).count == most } : inCorners))
        if inCorners.isEmpty { others += 1 } else { corners += 1 }
        let action = slow.moves.isEmpty ? 36 : slow.moves[random.integer(in: 0..<slow.moves.count)]
        _ = position.play(try #require(position.move(of: action)))
        slow.play(action)
      }
    }
    #expect(corners > 100 && others > 100)
  }
}

/// Othello on an array of codes, 0 empty, 1 mine, 2 theirs, row by row.
private struct SlowOthello: Hashable {
  var codes = [Int](repeating: 0, count: 36)

  init() {
    // d3 and c4 are who begins', c3 and d4 the other's.
    for square in [15, 20] { codes[square] = 1 }
    for square in [14, 21] { codes[square] = 2 }
  }

  /// What a disc on that square turns over.
  func flips(of square: Int) -> [Int] {
    guard codes[square] == 0 else { return [] }
    var flips: [Int] = []
    for (down, right) in [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)] {
      var (row, column) = (square / 6 + down, square % 6 + right)
      var line: [Int] = []
      while (0..<6).contains(row), (0..<6).contains(column), codes[row * 6 + column] == 2 {
        line.append(row * 6 + column)
        (row, column) = (row + down, column + right)
      }
      if (0..<6).contains(row), (0..<6).contains(column), codes[row * 6 + column] == 1 { flips += line }
    }
    return flips
  }

  var moves: [Int] { (0..<36).filter { !flips(of: $0).isEmpty } }

  /// As the other player sees it.
  var turned: SlowOthello {
    var other = self
    other.codes = codes.map { [0, 2, 1][$0] }
    return other
  }

  var isOver: Bool { moves.isEmpty && turned.moves.isEmpty }

  /// The mover's disc on the square, or a pass (36); then the other player is the mover.
  mutating func play(_ action: Int) {
    if action < 36 {
      for square in flips(of: action) + [action] { codes[square] = 1 }
    }
    self = turned
  }

  /// Sequences of `depth` moves, those that end earlier left out unless it is with the last of them.
  static func sequences(_ board: SlowOthello, _ depth: Int) -> Int {
    if depth == 0 { return 1 }
    if board.isOver { return 0 }
    let moves = board.moves
    return (moves.isEmpty ? [36] : moves).reduce(0) { count, action in
      var next = board
      next.play(action)
      return count + sequences(next, depth - 1)
    }
  }
}
