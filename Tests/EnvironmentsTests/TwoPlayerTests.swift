import Catalog
import Groundwork
import ReinforcementLearning
import Testing

/// Every environment of two players, as the game in which both take turns.
private let everyTwoPlayerGame = Catalog.environments.map(\.id).filter { id in
  guard let recipe = try? recipe(id) else { return false }
  return recipe.selfPlay != nil || recipe.specification.players == 2
}

/// What search and self-play rely on where two players take turns.
@Suite("Two-player contract") struct TwoPlayerTests {
  private static func game(_ id: String) throws -> EnvironmentRecipe {
    let recipe = try recipe(id)
    return recipe.selfPlay ?? recipe
  }

  @Test("there are games of two players")
  func exist() {
    #expect(everyTwoPlayerGame.contains("board/TicTacToe") && everyTwoPlayerGame.contains("board/ConnectFour"))
  }

  @Test(
    "without its opponent a game has two players, the same actions and the same observation",
    arguments: everyTwoPlayerGame)
  func specification(_ id: String) throws {
    let (with, without) = (try recipe(id).specification, try Self.game(id).specification)
    #expect(without.players == 2)
    #expect(with.fields == without.fields && with.actions == without.actions)
    #expect(with.hasIllegalActions == without.hasIllegalActions && with.timeLimit == without.timeLimit)
  }

  @Test(
    "players alternate: what was mine is theirs after a move, and at most one of my squares is new",
    arguments: everyTwoPlayerGame)
  func alternation(_ id: String) throws {
    let recipe = try Self.game(id)
    guard recipe.specification.field("board")?.kind == .categorical([3]) else { return }
    var play = RandomPlay(recipe, slots: 3, steps: 200, signals: [])
    let place = play.rollout.layout.place("board")!
    func board(_ row: UnsafeMutableRawPointer) -> [Int] {
      (0..<place.field.count).map { Int(Rollout.read(row, place, at: $0)) }
    }
    play.finish()
    for time in 0..<200 {
      for slot in 0..<3 {
        let before = board(play.rollout.observation(time: time, slot: slot))
        let after = board(play.rollout.nextObservation(time: time, slot: slot))
        let added = before.indices.filter { before[$0] == 0 && after[$0] != 0 }
        // A pass adds nothing; a piece is the other's as soon as it lies there.
        #expect(added.count <= 1 && added.allSatisfy { after[$0] == 2 })
        #expect(before.indices.allSatisfy { before[$0] != 1 || after[$0] == 2 })
        #expect(before.indices.allSatisfy { before[$0] == 0 || after[$0] != 0 })
      }
    }
  }

  @Test(
    "rewards come with the last move alone, 1, 0 or -1 for the mover, and a success is a win",
    arguments: everyTwoPlayerGame)
  func rewards(_ id: String) throws {
    var play = RandomPlay(try Self.game(id), slots: 3, steps: 400, signals: [])
    play.finish()
    var endings = 0
    for place in 0..<1200 {
      let (reward, ended) = (play.rollout.rewards[place], play.rollout.outcomes[place] != 0)
      #expect(ended ? [1, 0, -1].contains(reward) : reward == 0)
      #expect(play.rollout.successes[place] == (reward == 1))
      #expect(play.rollout.outcomes[place] != Outcome.truncated.rawValue)
      endings += ended ? 1 : 0
    }
    #expect(endings > 5)
  }

  @Test(
    "nothing is drawn: another seed and the same moves give the same game, and reseeding changes nothing",
    arguments: everyTwoPlayerGame)
  func determinism(_ id: String) throws {
    let recipe = try Self.game(id)
    #expect(!recipe.specification.isStochastic)
    var play = RandomPlay(recipe, seed: 1, steps: 100)
    play.finish()
    var other = RandomPlay(recipe, seed: 2, steps: 100)
    for time in 0..<100 {
      other.batch.reseed(slot: 0, UInt64(time))
      other.step(like: play.rollout, at: time)
      #expect(other.rollout.shown(time: time) == play.rollout.shown(time: time))
    }
  }

  @Test(
    "the game is zero-sum: whoever the agent is, the same moves give one player what they take from the other",
    arguments: everyTwoPlayerGame)
  func zeroSum(_ id: String) throws {
    // The opponent's moves inside the environment, found as what makes the game of two players agree with it.
    let with = try recipe(id).changing(["agentMoves": "first"])
    let without = try Self.game(id)
    let (inside, outside) = (with.makeArena(capacity: 1), without.makeArena(capacity: 3))
    let (first, second) = (SnapshotArena.Scratch(with.specification), SnapshotArena.Scratch(without.specification))
    var random = RandomSource(seed: 4)
    func row(_ arena: SnapshotArena, _ index: Int) -> [UInt8] {
      let row = UnsafeMutableRawPointer.allocate(byteCount: arena.layout.rowBytes, alignment: 8)
      defer { row.deallocate() }
      row.initializeMemory(as: UInt8.self, repeating: 0, count: arena.layout.rowBytes)
      arena.observe(index, into: row)
      return Array(UnsafeRawBufferPointer(start: row, count: arena.layout.policyBytes))
    }
    for seed in 0..<60 {
      inside.start(0, seed: UInt64(seed))
      outside.start(0, seed: UInt64(seed))
      while true {
        inside.legalActions(0, into: first.mask)
        outside.legalActions(0, into: second.mask)
        #expect(Array(first.mask) == Array(second.mask))
        let legal = first.mask.indices.filter { first.mask[$0] }
        let action = legal[random.integer(in: 0..<legal.count)]
        let result = inside.advance(0, to: 0, action: action, first)
        let own = outside.advance(0, to: 0, action: action, second)
        if own.outcome != .running {
          #expect(result == own)
          break
        }
        outside.legalActions(0, into: second.mask)
        var answer: Transition?
        for reply in second.mask.indices where second.mask[reply] {
          let transition = outside.advance(0, to: 1, action: reply, second)
          guard row(outside, 1) == row(inside, 0) else { continue }
          answer = transition
          outside.copy(1, to: 2)
        }
        let found = try #require(answer, "no reply leads to what the agent sees")
        #expect(result.reward == -found.reward && result.outcome == found.outcome)
        if result.outcome != .running { break }
        outside.copy(2, to: 0)
      }
    }
  }

  @Test(
    "equal positions have equal digests, whatever the order of the moves, and unequal ones others",
    arguments: everyTwoPlayerGame)
  func digests(_ id: String) throws {
    let recipe = try Self.game(id)
    let arena = recipe.makeArena(capacity: 1)
    let scratch = SnapshotArena.Scratch(recipe.specification)
    var random = RandomSource(seed: 8)
    var boards: [UInt64: [UInt8]] = [:]
    var digests: [[UInt8]: UInt64] = [:]
    for seed in 0..<200 {
      arena.start(0, seed: UInt64(seed))
      while true {
        let digest = try #require(arena.digest(0))
        let row = UnsafeMutableRawPointer.allocate(byteCount: arena.layout.rowBytes, alignment: 8)
        row.initializeMemory(as: UInt8.self, repeating: 0, count: arena.layout.rowBytes)
        arena.observe(0, into: row)
        let board = Array(UnsafeRawBufferPointer(start: row, count: arena.layout.policyBytes))
        row.deallocate()
        #expect(boards.updateValue(board, forKey: digest) ?? board == board)
        #expect(digests.updateValue(digest, forKey: board) ?? digest == digest)
        arena.legalActions(0, into: scratch.mask)
        let legal = scratch.mask.indices.filter { scratch.mask[$0] }
        if arena.advance(0, to: 0, action: legal[random.integer(in: 0..<legal.count)], scratch).outcome != .running {
          break
        }
      }
    }
    #expect(boards.count > 500)
  }
}
