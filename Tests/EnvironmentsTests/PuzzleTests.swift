@testable import Environments
import Groundwork
import ReinforcementLearning
import Testing

/// Every legal action of a state.
private func legal<E: Environment>(_ environment: E, count: Int) -> [Int] {
  var mask = [Bool](repeating: true, count: count)
  var span = mask.mutableSpan
  environment.legalActions(into: &span)
  return (0..<count).filter { mask[$0] }
}

/// The first solution in order of actions, by playing all of them; nil where there is none.
private func solution(_ environment: GameOf24) -> [Int]? {
  let actions = 4 * environment.configuration.numbers * (environment.configuration.numbers - 1)
  for action in legal(environment, count: actions) {
    var copy = environment
    let transition = copy.step(IndexAction(action))
    if transition.outcome == .terminated {
      if transition.success { return [action] }
    } else if let rest = solution(copy) {
      return [action] + rest
    }
  }
  return nil
}

private func game(_ numbers: [Int64], target: Int = 24) -> GameOf24 {
  var configuration = GameOf24.Configuration()
  configuration.numbers = numbers.count
  configuration.target = target
  var environment = GameOf24(plan: configuration)
  environment.reset(seed: 0)
  for (index, number) in numbers.sorted().enumerated() {
    environment.starts[index] = number
    environment.numbers[index] = Fraction(number)
  }
  return environment
}

private func text<E: Environment>(_ environment: E, _ signal: String, _ plan: E.Plan) -> String {
  let rollout = Rollout(specification: E.specification(of: plan), signals: [signal], slots: 1, steps: 1)
  var row = rollout.row(time: 0, slot: 0)
  environment.observe(into: &row)
  return Rollout.readText(rollout.observation(time: 0, slot: 0), rollout.layout.place(signal)!)
}

@Suite("Puzzles") struct PuzzleTests {
  @Test("1,362 of the 1,820 multisets of four numbers up to 13 make 24")
  func countOfSolvable() {
    var solvable = 0
    for a in 1...13 {
      for b in a...13 {
        for c in b...13 {
          for d in c...13 {
            let starts: InlineArray<5, Int64> = [Int64(a), Int64(b), Int64(c), Int64(d), 0]
            if StartCache.isSolvable(starts, count: 4, target: 24) { solvable += 1 }
          }
        }
      }
    }
    #expect(solvable == 1362)
  }

  @Test("3 3 8 8 is solved by the fraction 8 / 3 and by nothing else")
  func fractions() throws {
    var environment = game([8, 3, 8, 3])
    let names = environment.actionNames
    // The numbers stay in ascending order: after 8 / 3 they are 8/3 3 8, after 3 - 8/3 they are 1/3 8.
    #expect(environment.step(IndexAction(names.firstIndex(of: "c/a")!)).outcome == .running)
    #expect(text(environment, "text", environment.configuration) == "make 24 from 3 3 8 8; 8 / 3 = 8/3; left 8/3 3 8")
    #expect(environment.isSolvable)
    #expect(environment.step(IndexAction(names.firstIndex(of: "b-a")!)).reward == 0)
    #expect(text(environment, "expression", environment.configuration) == "3 - (8 / 3), 8")
    let last = environment.step(IndexAction(names.firstIndex(of: "b/a")!))
    #expect(last == Transition(reward: 1, outcome: .terminated, success: true))
    #expect(text(environment, "expression", environment.configuration) == "8 / (3 - (8 / 3))")
    // Every first step that leaves 24 within reach divides an 8 by a 3.
    for action in legal(game([3, 3, 8, 8]), count: 48) {
      var copy = game([3, 3, 8, 8])
      _ = copy.step(IndexAction(action))
      let divides = ["a", "b"].contains(names[action].suffix(1)) && ["c/", "d/"].contains(names[action].prefix(2))
      #expect(copy.isSolvable == divides, "\(names[action])")
    }
  }

  @Test("four different numbers have 36 different steps; equal numbers have fewer, and nothing is divided by 0")
  func legalActions() {
    #expect(legal(game([2, 3, 5, 11]), count: 48).count == 36)
    // Of two equal numbers, the differences and the quotients are the same either way.
    #expect(legal(game([5, 5, 7, 11]), count: 48).count == 34)
    var environment = game([5, 5, 7, 11])
    _ = environment.step(IndexAction(environment.actionNames.firstIndex(of: "a-b")!))
    let names = legal(environment, count: 48).map { environment.actionNames[$0] }
    #expect(names.contains("a/b") && !names.contains("b/a") && !names.contains("c/a") && names.contains("c/b"))
  }

  @Test("an illegal action takes a step and changes nothing else; the episode is then cut before its end")
  func illegalActions() throws {
    let recipe = try #require(Puzzles.environments.first { $0.id == "puzzle/GameOf24" }).recipe()
    let batch = recipe.makeBatch(slots: 1, seed: 3)
    let rollout = batch.makeRollout(steps: 3)
    batch.reset(rollout)
    let illegal = 12  // b+a
    for (time, action) in [illegal, 0, 0].enumerated() {
      rollout.actions.discrete[time] = Int32(action)
      batch.step(rollout, at: time)
    }
    #expect((0..<3).map { rollout.outcome(time: $0, slot: 0) } == [.running, .running, .truncated])
    let codes = try #require(rollout.layout.place("codes"))
    for element in 0..<4 {
      #expect(
        Rollout.read(rollout.observation(time: 0, slot: 0), codes, at: element)
          == Rollout.read(rollout.observation(time: 1, slot: 0), codes, at: element))
    }
  }

  @Test("every start can be solved by playing it, and what is no longer solvable cannot")
  func solvability() {
    var environment = GameOf24(plan: .init())
    var unsolvable = 0
    for seed in 0..<40 {
      environment.reset(seed: UInt64(seed))
      #expect(solution(environment) != nil)
      var random = RandomSource(seed: UInt64(seed))
      let actions = legal(environment, count: 48)
      _ = environment.step(IndexAction(actions[random.integer(in: 0..<actions.count)]))
      #expect((solution(environment) != nil) == environment.isSolvable)
      if !environment.isSolvable { unsolvable += 1 }
    }
    #expect((5...35).contains(unsolvable))
  }

  @Test("a fifth of the problems are held out, and none of them is drawn for training")
  func heldOut() {
    var starts: [GameOf24.Problems: Set<[Int64]>] = [:]
    for problems in GameOf24.Problems.allCases {
      var configuration = GameOf24.Configuration()
      configuration.problems = problems
      var environment = GameOf24(plan: configuration)
      for seed in 0..<15_000 {
        environment.reset(seed: UInt64(seed))
        starts[problems, default: []].insert((0..<4).map { environment.starts[$0] })
      }
    }
    let (all, training, heldOut) = (starts[.all]!, starts[.training]!, starts[.heldOut]!)
    #expect(training.isDisjoint(with: heldOut) && all.isSubset(of: training.union(heldOut)))
    #expect((200...340).contains(heldOut.count) && training.count > 1000)
  }

  @Test("a target that no numbers make is refused, and so are numbers beyond the limits")
  func refusals() {
    let listing = Puzzles.environments[0]
    let error = #expect(throws: UserError.self) {
      _ = try listing.recipe(changes: ["numbers": 2, "largest": 3, "target": 500])
    }
    #expect(error?.reason == "of 2,000 problems of 2 numbers up to 3 none makes 500")
    #expect(throws: UserError.self) { _ = try listing.recipe(changes: ["numbers": 6]) }
    #expect(throws: UserError.self) { _ = try listing.recipe(changes: ["target": -1]) }
    #expect(throws: UserError.self) { _ = try Puzzles.environments[1].recipe(changes: ["tokens": 10]) }
  }

  @Test(
    "the distance of a row falls by one along some move and never by more, for all rows of five tokens",
    arguments: Sorting.Moves.allCases)
  func distances(_ moves: Sorting.Moves) {
    let configuration = Sorting.Configuration(tokens: 5, moves: moves)
    let actions = Sorting.specification(of: configuration).actions.count
    var frontier = [Sorting.sortedRow(5)]
    var found: [UInt64: Int] = [frontier[0]: 0]
    // Breadth-first from the sorted row: every kind of move undoes itself.
    while !frontier.isEmpty {
      var next: [UInt64] = []
      for row in frontier {
        for action in 0..<actions {
          var environment = Sorting(plan: configuration)
          environment.row = row
          _ = environment.step(IndexAction(action))
          guard found[environment.row] == nil else { continue }
          found[environment.row] = found[row]! + 1
          next.append(environment.row)
        }
      }
      frontier = next
    }
    #expect(found.count == 120)
    var environment = Sorting(plan: configuration)
    let wrong = found.filter { row, distance in
      environment.row = row
      return environment.distance != distance
    }
    #expect(wrong.isEmpty)
    #expect(found.values.max() == Sorting.greatestDistance(configuration))
  }

  @Test("the greatest numbers of flips are those of Gates and Papadimitriou's table")
  func pancakes() {
    for tokens in 2...8 {
      let table = FlipDistances.tables[tokens]
      #expect(Int(table.greatest) == [1, 3, 4, 5, 7, 8, 9][tokens - 2])
    }
  }

  @Test("a row's text names the tokens and the kind of move")
  func sortingText() {
    var environment = Sorting(plan: .init(tokens: 4, moves: .prefix))
    _ = environment.step(IndexAction(1))
    #expect(text(environment, "text", environment.configuration) == "sort by turning prefixes: 3 2 1 4")
  }

  @Test("the golden playthroughs have not changed", arguments: Puzzles.environments.map(\.id))
  func playthrough(_ id: String) throws {
    let recipe = try #require(Puzzles.environments.first { $0.id == id }).recipe()
    var actions = Playthrough.randomActions(recipe, count: 12, seed: 2)
    if id == "puzzle/GameOf24" {
      var environment = GameOf24(plan: .init())
      environment.reset(seed: 7)
      actions = try #require(solution(environment)).map { [Float($0)] }
    }
    try Playthrough.check(recipe, seed: 7, actions: actions, name: id.split(separator: "/").joined(separator: "-"))
  }
}

extension GameOf24 {
  fileprivate var actionNames: [String] {
    guard case .discrete(let names) = GameOf24.specification(of: configuration).actions else { return [] }
    return names
  }
}
