@testable import Environments
import Groundwork
import ReinforcementLearning
import Testing

/// The games' rules against numbers that others have counted, and against implementations without tricks.
@Suite("Board games") struct BoardTests {
  /// Games of exactly that many moves, those that ended earlier left out.
  static func perft<Position: BoardPosition>(_ position: Position, depth: Int) -> Int {
    if depth == 0 { return 1 }
    return children(of: position).reduce(0) { count, child in
      count + (child.result == .running ? perft(child.position, depth: depth - 1) : depth == 1 ? 1 : 0)
    }
  }

  static func children<Position: BoardPosition>(of position: Position) -> [(position: Position, result: BoardResult)] {
    var rest = position.moves
    var found: [(Position, BoardResult)] = []
    repeat {
      let move = rest & (0 &- rest)
      var child = position
      let result = child.play(move)
      found.append((child, result))
      rest ^= move
    } while rest != 0
    return found
  }

  /// What the mover gets when both play well: 1, 0 or -1.
  static func value<Position: BoardPosition>(of position: Position, known: inout [Position: Float]) -> Float {
    if let value = known[position] { return value }
    var best: Float = -1
    for child in children(of: position) where best < 1 {
      best = max(best, child.result == .running ? -value(of: child.position, known: &known) : child.result.reward)
    }
    known[position] = best
    return best
  }

  /// The position after moves given as action numbers plus 1, and the last move's result.
  static func position<Position: BoardPosition>(_ moves: String, from start: Position) throws -> (Position, BoardResult)
  {
    var position = start
    var result = BoardResult.running
    for digit in moves {
      #expect(result == .running)
      let column = try #require(digit.wholeNumberValue)
      result = position.play(try #require(position.move(of: column - 1)))
    }
    return (position, result)
  }

  // MARK: Tic-tac-toe

  @Test("tic-tac-toe has 255,168 games, 131,184 won by who begins, 77,904 by the other, and 46,080 draws")
  func ticTacToeGames() {
    var counts = (first: 0, second: 0, drawn: 0)
    func count(_ position: TicTacToe.Position, firstMoves: Bool) {
      for child in Self.children(of: position) {
        switch child.result {
        case .running: count(child.position, firstMoves: !firstMoves)
        case .drawn: counts.drawn += 1
        case .won: if firstMoves { counts.first += 1 } else { counts.second += 1 }
        case .lost: Issue.record("nobody loses by an own move")
        }
      }
    }
    count(TicTacToe.Position(), firstMoves: true)
    #expect(counts == (131_184, 77_904, 46_080))
  }

  @Test("tic-tac-toe has 5,478 reachable positions, each with a digest of its own")
  func ticTacToePositions() {
    var seen: Set<TicTacToe.Position> = []
    var digests: Set<UInt64> = []
    func visit(_ position: TicTacToe.Position, isOver: Bool) {
      guard seen.insert(position).inserted else { return }
      var game = TicTacToe(plan: TicTacToe.Configuration())
      game.position = position
      digests.insert(game.digest())
      if !isOver {
        for child in Self.children(of: position) { visit(child.position, isOver: child.result != .running) }
      }
    }
    visit(TicTacToe.Position(), isOver: false)
    #expect(seen.count == 5478)
    #expect(digests.count == 5478)
  }

  @Test(
    "tic-tac-toe positions have their known values",
    arguments: [
      ("", 0), ("1", 0), ("15", 0), ("12", 1), ("19", 1), ("5", 0), ("52", 1), ("195", 0), ("125", -1), ("2", 0),
      ("1735", 1),
    ] as [(String, Float)])
  func ticTacToeValues(_ moves: String, _ expected: Float) throws {
    var known: [TicTacToe.Position: Float] = [:]
    let (position, _) = try Self.position(moves, from: TicTacToe.Position())
    #expect(Self.value(of: position, known: &known) == expected)
  }

  @Test("random tic-tac-toe is worth 187/630 to who begins")
  func ticTacToePlayouts() throws {
    // 0.5849 wins and 0.2881 losses, by the tree of games in exact fractions.
    let exact = 187.0 / 630
    let mean = try Self.meanPlayout(TicTacToe.self, TicTacToe.Configuration(), count: 100_000)
    #expect(abs(mean - exact) < 4 * 0.92 / 100_000.0.squareRoot())
  }

  // MARK: Connect four

  @Test("connect four's games of 1 to 8 moves are 7, 49, 343, 2401, 16807, 117649, 823536 and 5673234")
  func connectFourPerft() {
    let counts = (1...8).map { Self.perft(ConnectFour.Position(), depth: $0) }
    #expect(counts == [7, 49, 343, 2401, 16807, 117_649, 823_536, 5_673_234])
  }

  /// The first four are of Pons' published test positions ("Solving Connect 4", sets with nearly full boards).
  @Test(
    "connect four positions near the end have their known values",
    arguments: [
      ("2252576253462244111563365343671351441", -1), ("7422341735647741166133573473242566", 1),
      ("23163416124767223154467471272416755633", 0), ("65214673556155731566316327373221417", -1),
      // Three in the lowest row, open at both ends, and it is the other's turn: one block is not enough.
      ("44335", -1),
    ] as [(String, Float)])
  func connectFourValues(_ moves: String, _ expected: Float) throws {
    let (position, result) = try Self.position(moves, from: ConnectFour.Position())
    #expect(result == .running)
    if moves.count < 20 {
      // Whatever the mover plays, the other wins with its next move.
      for child in Self.children(of: position) {
        #expect(child.result == .running && Self.children(of: child.position).contains { $0.result == .won })
      }
    } else {
      var known: [ConnectFour.Position: Float] = [:]
      #expect(Self.value(of: position, known: &known) == expected)
    }
  }

  @Test("moves, fours, observations and signals are those of a board of codes without tricks")
  func connectFourRules() throws {
    let recipe = try #require(Board.listing("board/ConnectFour").recipe().selfPlay)
    let names = recipe.specification.signals.map(\.name)
    let arena = recipe.makeArena(capacity: 1, signals: names)
    let scratch = SnapshotArena.Scratch(recipe.specification)
    var random = RandomSource(seed: 5)
    var endings: [Outcome: Int] = [:]
    for game in 0..<300 {
      arena.start(0, seed: UInt64(game))
      var slow = SlowConnectFour()
      while true {
        let row = UnsafeMutableRawPointer.allocate(byteCount: arena.layout.rowBytes, alignment: 8)
        defer { row.deallocate() }
        row.initializeMemory(as: UInt8.self, repeating: 0xee, count: arena.layout.rowBytes)
        arena.observe(0, into: row)
        func read(_ name: String) -> [Int] {
          let place = arena.layout.place(name)!
          return (0..<place.field.count).map { Int(row.load(fromByteOffset: place.offset + $0, as: UInt8.self)) }
        }
        #expect(read("board") == slow.codes)
        #expect(read("pieces") == [slow.codes.count { $0 != 0 }])
        #expect(read("winningMoves") == [slow.winningColumns(1).count])
        #expect(read("threats") == [slow.winningColumns(2).count])
        #expect(read("openFours") == [slow.openFours(1), slow.openFours(2)])
        #expect(read("center") == [1, 2].map { code in (0..<6).count { slow.codes[$0 * 7 + 3] == code } })
        arena.legalActions(0, into: scratch.mask)
        #expect(Array(scratch.mask) == (0..<7).map { slow.row(of: $0) != nil })
        let legal = (0..<7).filter { scratch.mask[$0] }
        let column = legal[random.integer(in: 0..<legal.count)]
        let wins = slow.winningColumns(1).contains(column)
        let transition = arena.advance(0, to: 0, action: column, scratch)
        slow.play(column)
        let isFull = !slow.codes.contains(0)
        #expect(
          transition
            == Transition(reward: wins ? 1 : 0, outcome: wins || isFull ? .terminated : .running, success: wins))
        if transition.outcome != .running {
          endings[transition.outcome, default: 0] += 1
          break
        }
      }
    }
    #expect(endings == [.terminated: 300])
  }

  // MARK: All games

  static func meanPlayout<Game: BoardGame>(
    _ type: Game.Type, _ configuration: Game.Configuration, count: Int
  ) throws -> Double {
    let recipe = try #require(EnvironmentRecipe(id: "board/test", type, configuration: configuration).selfPlay)
    let arena = recipe.makeArena(capacity: 2)
    let scratch = SnapshotArena.Scratch(recipe.specification)
    let rules = PlayoutRules(recipe.specification)
    var random = RandomSource(seed: 1)
    arena.start(0, seed: 1)
    var total = 0.0
    for _ in 0..<count {
      arena.copy(0, to: 1)
      total += arena.playout(1, rules: rules, scratch, random: &random)
    }
    return total / Double(count)
  }

  @Test(
    "a playout on bits is worth what stepping with random legal actions is worth",
    arguments: Board.environments.map(\.id), [false, true])
  func playouts(_ id: String, _ hasOpponent: Bool) throws {
    let withOpponent = try Board.listing(id).recipe(changes: ["agentMoves": "first"])
    let recipe = hasOpponent ? withOpponent : try #require(withOpponent.selfPlay)
    let arena = recipe.makeArena(capacity: 2)
    let scratch = SnapshotArena.Scratch(recipe.specification)
    let rules = PlayoutRules(recipe.specification, discount: 0.9)
    var random = RandomSource(seed: 3)
    let count = 20_000
    var (fast, slow) = (0.0, 0.0)
    arena.start(0, seed: 1)
    for index in 0..<count {
      arena.copy(0, to: 1)
      arena.reseed(1, UInt64(index))
      fast += arena.playout(1, rules: rules, scratch, random: &random)
      arena.copy(0, to: 1)
      arena.reseed(1, UInt64(index))
      var factor = 1.0
      while true {
        arena.legalActions(1, into: scratch.mask)
        let legal = scratch.mask.indices.filter { scratch.mask[$0] }
        let transition = arena.advance(1, to: 1, action: legal[random.integer(in: 0..<legal.count)], scratch)
        slow += factor * Double(transition.reward)
        factor *= rules.discount
        if transition.outcome != .running { break }
      }
    }
    // Rewards lie in -1...1, so the difference of two means has a deviation below sqrt(2 / count).
    #expect(abs(fast - slow) / Double(count) < 4 * (2.0 / Double(count)).squareRoot())
  }

  @Test(
    "an illegal move loses at once and leaves the board", arguments: Board.environments.map(\.id), ["none", "random"])
  func illegalMoves(_ id: String, _ opponent: String) throws {
    let recipe = try Board.listing(id).recipe(changes: ["opponent": .string(opponent)])
    let arena = recipe.makeArena(capacity: 1)
    let scratch = SnapshotArena.Scratch(recipe.specification)
    var found = 0
    for seed in 0..<200 {
      arena.start(0, seed: UInt64(seed))
      var random = RandomSource(seed: UInt64(seed))
      while true {
        arena.legalActions(0, into: scratch.mask)
        let action = random.integer(in: 0..<scratch.mask.count)
        let isLegal = scratch.mask[action]
        let board = arena.sketch(0).text
        let transition = arena.advance(0, to: 0, action: action, scratch)
        if !isLegal {
          found += 1
          #expect(transition == Transition(reward: -1, outcome: .terminated))
          #expect(arena.sketch(0).text == board)
        }
        if transition.outcome != .running { break }
      }
    }
    #expect(found > 20)
  }

  @Test("the agent begins, or the opponent, or the seed decides", arguments: Board.environments.map(\.id))
  func whoBegins(_ id: String) throws {
    func opponentsPieces(_ agentMoves: String) throws -> [Int] {
      let arena = try Board.listing(id).recipe(changes: ["agentMoves": .string(agentMoves)]).makeArena(
        capacity: 1, signals: ["pieces"])
      let row = UnsafeMutableRawPointer.allocate(byteCount: arena.layout.rowBytes, alignment: 8)
      defer { row.deallocate() }
      return (0..<100).map {
        arena.start(0, seed: UInt64($0))
        arena.observe(0, into: row)
        return Int(row.load(fromByteOffset: arena.layout.place("pieces")!.offset, as: UInt8.self))
      }
    }
    let (first, second, either) = (
      try opponentsPieces("first"), try opponentsPieces("second"), try opponentsPieces("either")
    )
    #expect(Set(first).count == 1 && Set(second) == [first[0] + 1])
    #expect((30...70).contains(either.count { $0 == first[0] }))
  }

  @Test("a greedy opponent wins when it can and blocks when it must")
  func greedyOpponent() throws {
    // The other threatens 3 (after 1 and 2); X has 5 and 4.
    var (position, _) = try Self.position("5142", from: TicTacToe.Position())
    #expect(position.greedyMoves == 1 << 5)
    (position, _) = try Self.position("514", from: TicTacToe.Position())
    #expect(position.greedyMoves == 1 << 5)
    (position, _) = try Self.position("5", from: TicTacToe.Position())
    #expect(position.greedyMoves == position.moves)
    var (discs, _) = try Self.position("171717", from: ConnectFour.Position())
    #expect(discs.greedyMoves == 1 << 3)
    (discs, _) = try Self.position("17171", from: ConnectFour.Position())
    #expect(discs.greedyMoves == 1 << 3)
    let greedy = try Self.score(of: "greedy")
    let random = try Self.score(of: "random")
    // Uniform moves win 44 % and lose 44 % against themselves; they must do far worse against a greedy opponent.
    #expect(abs(random) < 0.1 && greedy < -0.5, "random \(random), greedy \(greedy)")
  }

  private static func score(of opponent: String) throws -> Double {
    let recipe = try Board.listing("board/TicTacToe").recipe(changes: ["opponent": .string(opponent)])
    let evaluation = try Evaluation.run(recipe, episodes: 1000, seed: 3, workers: Workers(count: 1)) { _ in
      UniformPolicy(recipe.specification)
    }
    return evaluation.meanReturn
  }

  @Test(
    "a game goes on without the opponent from where it stands, the agent to move",
    arguments: Board.environments.map(\.id))
  func adopting(_ id: String) throws {
    let recipe = try Board.listing(id).recipe(changes: ["agentMoves": "second"])
    let alone = try #require(recipe.selfPlay)
    #expect(alone.specification.players == 2 && !alone.specification.isStochastic)
    #expect(recipe.specification.players == 1 && recipe.specification.isStochastic)
    #expect(alone.selfPlay == nil)
    let batch = recipe.makeBatch(slots: 1, seed: 3)
    batch.start(slot: 0, seed: 3)
    let arena = alone.makeArena(capacity: 2)
    arena.load(slot: 0, of: batch, to: 0)
    #expect(arena.adopt(0))
    #expect(arena.sketch(0).text == batch.sketch(slot: 0).text)
    let scratch = SnapshotArena.Scratch(alone.specification)
    arena.legalActions(0, into: scratch.mask)
    let action = try #require(scratch.mask.firstIndex(of: true))
    // One move changes one turn: nobody answers, whatever the seed.
    _ = arena.advance(0, to: 1, action: action, scratch)
    arena.reseed(0, 99)
    _ = arena.advance(0, to: 0, action: action, scratch)
    #expect(arena.digest(0) == arena.digest(1) && arena.sketch(0) == arena.sketch(1))
    #expect(arena.sketch(0).text != batch.sketch(slot: 0).text)
  }

  @Test(
    "the golden playthroughs have not changed", arguments: Board.environments.map(\.id),
    ["none", "random", "greedy"])
  func playthrough(_ id: String, _ opponent: String) throws {
    let recipe = try Board.listing(id).recipe(changes: ["opponent": .string(opponent)])
    let arena = recipe.makeArena(capacity: 1)
    let scratch = SnapshotArena.Scratch(recipe.specification)
    var random = RandomSource(seed: 9)
    var actions: [[Float]] = []
    arena.start(0, seed: 7)
    var isOver = false
    while !isOver {
      arena.legalActions(0, into: scratch.mask)
      let legal = scratch.mask.indices.filter { scratch.mask[$0] }
      let action = legal[random.integer(in: 0..<legal.count)]
      actions.append([Float(action)])
      isOver = arena.advance(0, to: 0, action: action, scratch).outcome != .running
    }
    try Playthrough.check(
      recipe, seed: 7, actions: actions, name: "\(id.split(separator: "/").joined(separator: "-"))-\(opponent)")
  }
}

extension Board {
  static func listing(_ id: String) throws -> EnvironmentListing { try #require(environments.first { $0.id == id }) }
}

/// Connect four on an array of codes, 0 empty, 1 mine, 2 theirs, the highest row first.
private struct SlowConnectFour {
  var codes = [Int](repeating: 0, count: 42)

  /// Where a disc in the column comes to rest.
  func row(of column: Int) -> Int? { (0..<6).last { codes[$0 * 7 + column] == 0 } }

  func code(_ row: Int, _ column: Int) -> Int? {
    (0..<6).contains(row) && (0..<7).contains(column) ? codes[row * 7 + column] : nil
  }

  /// Whether a disc of that player on the square stands in a row of four.
  func completes(_ row: Int, _ column: Int, _ player: Int) -> Bool {
    [(0, 1), (1, 0), (1, 1), (1, -1)].contains { down, right in
      func run(_ sign: Int) -> Int {
        var length = 0
        while code(row + sign * (length + 1) * down, column + sign * (length + 1) * right) == player { length += 1 }
        return length
      }
      return 1 + run(1) + run(-1) >= 4
    }
  }

  func winningColumns(_ player: Int) -> [Int] {
    (0..<7).filter { column in row(of: column).map { completes($0, column, player) } ?? false }
  }

  func openFours(_ player: Int) -> Int {
    (0..<42).count { codes[$0] == 0 && completes($0 / 7, $0 % 7, player) }
  }

  /// The mover's disc falls; then the other player is the mover.
  mutating func play(_ column: Int) {
    codes[row(of: column)! * 7 + column] = 1
    codes = codes.map { [0, 2, 1][$0] }
  }
}
