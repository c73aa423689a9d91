@testable import Environments
import Groundwork
import ReinforcementLearning
import Testing

/// The best discounted return from the present state within a horizon, by trying every action of a snapshot.
private func optimum<E: Environment>(_ environment: E, actions: [E.Action], discount: Double, horizon: Int) -> Double {
  if horizon == 0 { return 0 }
  var best = -Double.infinity
  for action in actions {
    var copy = environment
    let transition = copy.step(action)
    var value = Double(transition.reward)
    if transition.outcome == .running {
      value += discount * optimum(copy, actions: actions, discount: discount, horizon: horizon - 1)
    }
    best = max(best, value)
  }
  return best
}

/// The expected discounted return of uniformly random actions within a horizon.
private func chance<E: Environment>(_ environment: E, actions: [E.Action], discount: Double, horizon: Int) -> Double {
  if horizon == 0 { return 0 }
  var sum = 0.0
  for action in actions {
    var copy = environment
    let transition = copy.step(action)
    sum += Double(transition.reward)
    if transition.outcome == .running {
      sum += discount * chance(copy, actions: actions, discount: discount, horizon: horizon - 1)
    }
  }
  return sum / Double(actions.count)
}

@Suite("In-context domains") struct DomainTests {
  @Test("the chain's optimum is 0.8 to the power of the distance, 0.6642 on average, and chance's is 0.0887")
  func chain() {
    var best = 0.0
    var random = 0.0
    for state in 0..<8 {
      var environment = Chain(plan: Chain.Configuration())
      environment.state = state
      let value = optimum(environment, actions: Chain.Action.allCases, discount: 0.8, horizon: 8)
      var expected = 1.0
      for _ in 0..<abs(state - 4) { expected *= 0.8 }
      #expect(abs(value - expected) < 1e-9)
      best += value / 8
      random += chance(environment, actions: Chain.Action.allCases, discount: 0.8, horizon: 8) / 8
    }
    #expect(abs(best - 0.6642) < 5e-5)
    #expect(abs(random - 0.0887) < 5e-5)
  }

  @Test("the distractor is drawn anew at every step, uniformly, and changes nothing else")
  func distractor() {
    var configuration = Chain.Configuration()
    configuration.distractor = true
    var environment = Chain(plan: configuration)
    var counts = [Int](repeating: 0, count: 8)
    environment.reset(seed: 4)
    for _ in 0..<8000 {
      _ = environment.step(.left)
      counts[environment.distractor] += 1
    }
    #expect(environment.state == 0)
    #expect(counts.allSatisfy { abs($0 - 1000) < 150 })
  }

  @Test("the maze's optimum is 0.8 to the power of the distance around the walls, 0.6473 on average")
  func maze() {
    var best = 0.0
    for room in 0..<9 {
      var environment = Maze(plan: Maze.Configuration())
      (environment.row, environment.column) = room.quotientAndRemainder(dividingBy: 3)
      let value = optimum(environment, actions: Maze.Action.allCases, discount: 0.8, horizon: 6)
      var expected = 1.0
      for _ in 0..<[1, 2, 3, 0, 3, 4, 1, 2, 3][room] { expected *= 0.8 }
      #expect(abs(value - expected) < 1e-9)
      best += value / 9
    }
    #expect(abs(best - 0.6473) < 5e-5)
  }

  @Test("every ball can be caught, in exactly five steps")
  func miniCatch() {
    for column in 0..<4 {
      var environment = MiniCatch(plan: MiniCatch.Configuration())
      environment.reset(seed: 0)
      environment.ballColumn = column
      #expect(optimum(environment, actions: MiniCatch.Action.allCases, discount: 1, horizon: 5) == 1)
      #expect(optimum(environment, actions: MiniCatch.Action.allCases, discount: 1, horizon: 4) == 0)
      for _ in 0..<4 { #expect(environment.step(.stay).outcome == .running) }
      let last = environment.step(.left)
      #expect(last.outcome == .terminated && last.success == (column == 2) && environment.paddle == 2)
    }
  }

  @Test("two aliens can always be shot, for 1.2034 on average under a discount of 0.8")
  func miniInvaders() {
    var sum = 0.0
    var count = 0
    for ship in 0..<4 {
      for first in 0..<4 where first != ship {
        for second in 0..<4 where second != ship && second != first {
          var environment = MiniInvaders(plan: MiniInvaders.Configuration())
          environment.ship = ship
          environment.alienColumns = SIMD2(first, second)
          environment.alienHeights = SIMD2(5, 5)
          #expect(optimum(environment, actions: MiniInvaders.Action.allCases, discount: 1, horizon: 8) == 2)
          sum += optimum(environment, actions: MiniInvaders.Action.allCases, discount: 0.8, horizon: 8)
          count += 1
        }
      }
    }
    #expect(count == 24 && abs(sum / 24 - 1.2034) < 5e-5)
  }

  @Test("an invasion that nobody stops ends when an alien lands, after six steps")
  func landing() {
    var environment = MiniInvaders(plan: MiniInvaders.Configuration())
    environment.reset(seed: 1)
    var steps = 0
    var last = Transition(reward: 0)
    while last.outcome == .running {
      last = environment.step(.left)
      steps += 1
    }
    #expect(steps == 6 && !last.success)
  }

  @Test("the three columns of an invasion are different and every choice is as likely")
  func invaderStarts() {
    var counts: [Int: Int] = [:]
    for seed in 0..<4800 {
      var environment = MiniInvaders(plan: MiniInvaders.Configuration())
      environment.reset(seed: UInt64(seed))
      counts[environment.ship * 16 + environment.alienColumns[0] * 4 + environment.alienColumns[1], default: 0] += 1
    }
    #expect(counts.count == 24 && counts.values.allSatisfy { abs($0 - 200) < 75 })
  }

  @Test("the point mass's optimum is 0.8 to the power 2 ceil(sqrt(|start| - 2)), 0.4672 on average")
  func pointMass() {
    var sum = 0.0
    for index in 0..<400 {
      var environment = PointMass(plan: PointMass.Configuration())
      environment.position = (index % 2 == 0 ? 1 : -1) * (2 + 4 * (Double(index) + 0.5) / 400)
      let value = optimum(environment, actions: PointMass.Action.allCases, discount: 0.8, horizon: 8)
      let steps = 2 * Int((abs(environment.position) - 2).squareRoot().rounded(.up))
      #expect(abs(value - [1, 0.8, 0.64, 0.512, 0.4096][min(4, steps)]) < 1e-9)
      sum += value
    }
    #expect(abs(sum / 400 - 0.4672) < 1e-3)
  }

  @Test("states as lines of Python, with their hints")
  func texts() throws {
    func text(_ id: String, _ change: (EnvironmentBatch, Rollout) -> Void = { _, _ in }, seed: UInt64) throws -> String
    {
      let listing = try #require(Domains.environments.first { $0.id == id })
      let batch = try listing.recipe().makeBatch(slots: 1, seed: 0)
      let rollout = batch.makeRollout(steps: 1, signals: ["text"])
      batch.start(slot: 0, seed: seed)
      batch.observe(rollout)
      return Rollout.readText(rollout.observation(time: 0, slot: 0), try #require(rollout.layout.place("text")))
    }
    var chain = Set<String>()
    for seed in 0..<64 { chain.insert(try text("domain/Chain", seed: UInt64(seed))) }
    #expect(chain == Set((0..<8).map { "assert state == [\($0)] and state \($0 == 4 ? "==" : "!=") [4]" }))
    var maze = Set<String>()
    for seed in 0..<100 { maze.insert(try text("domain/Maze", seed: UInt64(seed))) }
    #expect(
      maze.contains("assert state == C(i=2, j=1) and state != C(i=1, j=0)")
        && maze.contains("assert state == C(i=1, j=0) and state == C(i=1, j=0)"))
    var balls = Set<String>()
    for seed in 0..<30 { balls.insert(try text("domain/MiniCatch", seed: UInt64(seed))) }
    #expect(
      balls.contains(
        """
        assert paddle == C(2, 0) and ball == C(0, 4) and paddle.x == 2 and ball.x == 0 and paddle.x > ball.x and \
        ball.y == 4
        """
      ))
    let distractor = try text("domain/DistractorChain", seed: 3)
    #expect(distractor.firstRange(of: "], ") == nil && distractor.firstRange(of: ", ") != nil)
    let mass = try text("domain/PointMass", seed: 2)
    #expect(mass.hasPrefix("assert pos == ") && mass.hasSuffix(" and vel == 0"))
    #expect(mass.firstRange(of: " and vel == 0.00 and pos ") != nil)
  }

  @Test("the aliens' line names the dead ones None")
  func invaderText() {
    var environment = MiniInvaders(plan: MiniInvaders.Configuration())
    environment.ship = 2
    environment.alienColumns = SIMD2(3, -1)
    environment.alienHeights = SIMD2(5, 0)
    let specification = MiniInvaders.specification(of: environment.configuration)
    let rollout = Rollout(specification: specification, signals: ["text"], slots: 1, steps: 1)
    var row = rollout.row(time: 0, slot: 0)
    environment.observe(into: &row)
    #expect(
      Rollout.readText(rollout.observation(time: 0, slot: 0), rollout.layout.place("text")!)
        == """
        assert ship == C(2, 0) and aliens == [C(3, 5), None] and (ship.x, aliens[0].x) == (2, 3) and ship.x < \
        aliens[0].x
        """
    )
  }

  @Test("the golden playthroughs have not changed", arguments: Domains.environments.map(\.id))
  func playthrough(_ id: String) throws {
    let recipe = try #require(Domains.environments.first { $0.id == id }).recipe()
    let actions = Playthrough.randomActions(recipe, count: 12, seed: 2)
    try Playthrough.check(recipe, seed: 7, actions: actions, name: id.split(separator: "/").joined(separator: "-"))
  }
}
