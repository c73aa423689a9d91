@testable import Environments
@testable import GridworldEnvironments
import Groundwork
import ReinforcementLearning
import Testing

@Suite("Snake, dark room, lava mine and off-switch") struct DomainGridTests {
  private func snake(_ width: Int = 4, _ height: Int = 4) -> Snake {
    var configuration = Snake.Configuration()
    configuration.width = width
    configuration.height = height
    configuration.successLength = 2
    return Snake(plan: configuration)
  }

  @Test("a snake grows by a cell a fruit, and its order counts down from head to tail")
  func snakeGrows() {
    var environment = snake()
    environment.reset(seed: 1)
    environment.order = Array(repeating: 0, count: 16)
    environment.head = 0
    environment.order[0] = 1
    environment.fruit = 1
    #expect(environment.step(.right) == Transition(reward: 1, outcome: .running, success: true))
    #expect(environment.length == 2 && environment.order[0] == 1 && environment.order[1] == 2)
    environment.fruit = 15
    #expect(environment.step(.down) == Transition(reward: 0))
    #expect(environment.order[0] == 0 && environment.order[1] == 1 && environment.order[5] == 2)
    environment.fruit = 4
    #expect(environment.step(.left).reward == 1)
    #expect(
      environment.length == 3 && environment.order[1] == 1 && environment.order[5] == 2 && environment.order[4] == 3)
    #expect(environment.order[environment.fruit] == 0)
  }

  @Test("a snake dies at the wall and in its body, and may follow its own tail")
  func snakeDies() {
    var environment = snake()
    environment.reset(seed: 1)
    environment.order = Array(repeating: 0, count: 16)
    // Head at 0, body 1, 5, tail 4: a ring of four.
    environment.head = 0
    environment.length = 4
    environment.fruit = 15
    for (cell, order) in [(0, 4), (1, 3), (5, 2), (4, 1)] { environment.order[cell] = UInt8(order) }
    var copy = environment
    #expect(copy.step(.up).outcome == .terminated)
    copy = environment
    #expect(copy.step(.right).outcome == .terminated)
    copy = environment
    for action in [Snake.Action.down, .right, .up, .left, .down] { #expect(copy.step(action).outcome == .running) }
    #expect(copy.length == 4 && copy.order.count { $0 > 0 } == 4)
  }

  @Test("a snake that fills the board ends the episode, in a success")
  func snakeWins() {
    var environment = snake(3, 3)
    environment.reset(seed: 1)
    environment.order = [1, 2, 3, 6, 5, 4, 7, 8, 0]
    environment.head = 7
    environment.length = 8
    environment.fruit = 8
    let transition = environment.step(.right)
    #expect(transition.reward == 1 && transition.outcome == .terminated && environment.length == 9)
  }

  @Test("walking straight to the goal and staying earns the time limit plus 1 minus the distance")
  func darkRoom() {
    for seed in 0..<40 {
      var environment = DarkRoom(plan: DarkRoom.Configuration())
      environment.reset(seed: UInt64(seed))
      let distance = environment.goalX + environment.goalY
      var total: Float = 0
      for _ in 0..<100 {
        let action: DarkRoom.Action =
          environment.x < environment.goalX ? .right : environment.y < environment.goalY ? .down : .stay
        total += environment.step(action).reward
      }
      #expect(Int(total) == min(100, 101 - distance))
    }
  }

  @Test("the goals of a range are all drawn and no others, and each permutation is another")
  func darkRoomGoals() {
    var configuration = DarkRoom.Configuration()
    configuration.firstGoal = 80
    configuration.goals = 20
    var seen: Set<Int> = []
    for seed in 0..<600 {
      var environment = DarkRoom(plan: configuration)
      environment.reset(seed: UInt64(seed))
      seen.insert(environment.goalX * 10 + environment.goalY)
    }
    #expect(seen == Set(80..<100))
    let all = Set((0..<120).map { number in (0..<5).map { DarkRoom.meanings(number)[$0] } })
    #expect(all.count == 120 && all.allSatisfy { $0.sorted() == [0, 1, 2, 3, 4] })
    #expect((0..<5).map { DarkRoom.meanings(0)[$0] } == [0, 1, 2, 3, 4])
  }

  @Test("every mine has a way to its ore around the lava, as long as the distance says plus a dig for each rock")
  func mines() {
    for seed in 0..<60 {
      var environment = LavaMine(plan: LavaMine.Configuration())
      environment.reset(seed: UInt64(seed))
      var last = Transition(reward: 0)
      var steps = 0
      let start = Int(environment.distances[environment.row * 15 + environment.column])
      #expect(start >= 7)
      // Down the distances: turn towards the best neighbour, dig what is in the way, go.
      while last.outcome == .running && steps < 400 {
        let here = environment.row * 15 + environment.column
        let best = (0..<4).first {
          let next = here + [1, 15, -1, -15][$0]
          return environment.distances[next] == environment.distances[here] - 1
            && environment.cells[next] != LavaMine.Cell.lava
        }
        guard let best else { break }
        let next = environment.cells[here + [1, 15, -1, -15][best]]
        if environment.direction != best {
          last = environment.step(.turnRight)
        } else {
          last = environment.step(next == LavaMine.Cell.floor ? .forward : .dig)
        }
        steps += 1
      }
      #expect(last == Transition(reward: 1, outcome: .terminated, success: true))
      #expect(environment.visited == start && !environment.died)
    }
  }

  @Test("a step into lava ends the episode without success, and rock and border stop the miner")
  func lava() {
    var configuration = LavaMine.Configuration()
    configuration.deathReward = -1
    var environment = LavaMine(plan: configuration)
    environment.reset(seed: 1)
    environment.direction = 0
    let ahead = environment.row * 15 + environment.column + 1
    environment.cells[ahead] = LavaMine.Cell.rock
    let column = environment.column
    #expect(environment.step(.forward) == Transition(reward: 0) && environment.column == column)
    #expect(environment.step(.dig) == Transition(reward: 0) && environment.cells[ahead] == LavaMine.Cell.floor)
    environment.cells[ahead] = LavaMine.Cell.lava
    #expect(environment.step(.forward) == Transition(reward: -1, outcome: .terminated) && environment.died)
    environment.reset(seed: 1)
    environment.row = 1
    environment.direction = 3
    #expect(environment.step(.dig) == Transition(reward: 0) && environment.step(.forward) == Transition(reward: 0))
    #expect(environment.row == 1)
  }

  @Test("the miner sees a cone of 45 degrees, and nothing behind rock")
  func view() throws {
    var environment = LavaMine(plan: LavaMine.Configuration())
    environment.reset(seed: 1)
    for row in 1..<14 { for column in 1..<14 { environment.cells[row * 15 + column] = LavaMine.Cell.floor } }
    environment.direction = 3
    environment.cells[5 * 15 + 7] = LavaMine.Cell.rock
    environment.cells[6 * 15 + 8] = LavaMine.Cell.lava
    environment.cells[2 * 15 + 9] = LavaMine.Cell.ore
    let specification = LavaMine.specification(of: environment.configuration)
    let rollout = Rollout(specification: specification, signals: ["oreSeen", "nearLava"], slots: 1, steps: 1)
    var row = rollout.row(time: 0, slot: 0)
    environment.observe(into: &row)
    let base = rollout.observation(time: 0, slot: 0)
    let offset = try #require(rollout.layout.place("view")).offset
    let lines = (0..<6).map { line in
      (0..<7).map { " .#~*"[Int(base.load(fromByteOffset: offset + line * 7 + $0, as: UInt8.self))] }
        .map(String.init).joined()
    }
    // Looking up from row 7, column 7: rock two ahead, lava one ahead to the right, ore five ahead, two to the right.
    #expect(lines == ["... .*.", "... ...", "... ...", " ..#.. ", "  ..~  ", "   .   "])
    #expect(Rollout.read(base, try #require(rollout.layout.place("oreSeen"))) == 1)
    #expect(Rollout.read(base, try #require(rollout.layout.place("nearLava"))) == 0)
  }

  @Test("waiting is better by 0.399, 0.199 and 0.085 at means of 0, 0.5 and 1, in the formula and in play")
  func offSwitch() {
    for (mean, expected) in [(0.0, 0.399), (0.5, 0.198), (1.0, 0.083)] {
      #expect(abs(OffSwitch.incentive(mean: mean, deviation: 1) - expected) < 2e-3)
      #expect(abs(OffSwitch.incentive(mean: -mean, deviation: 1) - expected) < 2e-3)
      var configuration = OffSwitch.Configuration()
      configuration.lowestMean = mean
      configuration.highestMean = mean
      var environment = OffSwitch(plan: configuration)
      var sums = [0.0, 0.0, 0.0]
      for seed in 0..<40_000 {
        environment.reset(seed: UInt64(seed))
        for action in OffSwitch.Action.allCases {
          var copy = environment
          let transition = copy.step(action)
          sums[Int(action.rawValue)] += Double(transition.reward) / 40_000
          #expect(transition.outcome == .terminated && transition.success == !(copy.executed && copy.utility < 0))
        }
      }
      #expect(abs(sums[2] - max(sums[0], sums[1]) - expected) < 0.02)
    }
  }

  @Test("a robot that is certain gains nothing from the switch, and loses by asking a human who errs")
  func certainty() {
    #expect(OffSwitch.incentive(mean: 0.3, deviation: 0) == 0)
    var configuration = OffSwitch.Configuration()
    configuration.lowestMean = 0.3
    configuration.highestMean = 0.3
    configuration.deviation = 0
    configuration.irrationality = 1
    var environment = OffSwitch(plan: configuration)
    var asked = 0.0
    for seed in 0..<4000 {
      environment.reset(seed: UInt64(seed))
      asked += Double(environment.step(.wait).reward) / 4000
    }
    // 0.3 / (1 + exp(-0.3)).
    #expect(abs(asked - 0.3 * 0.574443) < 0.008)
  }
}

extension String {
  fileprivate subscript(index: Int) -> Character { Array(self)[index] }
}

@Suite("The noisy television") struct NoisyTVTests {
  @Test("the television stands in the first room, bars no way, and shows every colour about as often")
  func channels() throws {
    for seed in 0..<40 {
      var environment = try NoisyTV(configuration: NoisyTV.Configuration(rooms: 4, largestRoom: 5))
      environment.reset(seed: UInt64(seed))
      // The same level without the television.
      var plain = try Gridworld(configuration: environment.configuration.gridworld)
      plain.reset(seed: UInt64(seed))
      #expect(environment.world.agent == plain.agent && plain.cells[environment.television].isEmpty)
      #expect((0..<4).allSatisfy { !plain.cells[environment.television + plain.offset($0)].isDoor })
    }
    var environment = try NoisyTV(configuration: NoisyTV.Configuration())
    environment.reset(seed: 1)
    var counts = [Int](repeating: 0, count: 6)
    for _ in 0..<6000 {
      _ = environment.step(.drop)
      counts[Int(environment.world.cells[environment.television].bits >> 8 & 7)] += 1
    }
    #expect(environment.switches == 6000 && counts.allSatisfy { abs($0 - 1000) < 150 })
  }

  @Test("the ball cannot be taken, and without noise the channel stays")
  func ball() throws {
    var configuration = NoisyTV.Configuration()
    configuration.isNoisy = false
    var environment = try NoisyTV(configuration: configuration)
    environment.reset(seed: 3)
    let shown = environment.world.cells[environment.television]
    for action in [Gridworld.Action.pickUp, .drop, .left, .pickUp, .left, .pickUp, .left, .pickUp, .drop] {
      _ = environment.step(action)
    }
    #expect(environment.world.carried.bits == 0 && environment.world.cells[environment.television] == shown)
    #expect(environment.switches == 0)
  }
}
