@testable import EnvironmentKit
@testable import Environments
import Groundwork
import ReinforcementLearning
import Testing

/// A trajectory of Gymnasium's, as `Fixtures/gymnasium_control.py` writes it.
struct GymnasiumTrajectory: Sendable, CustomTestStringConvertible {
  struct Row: Sendable {
    var step: Int
    var reward: Float
    var terminated: Bool
    var observation: [Float]
  }

  var id: String
  var seed: UInt64
  var start: [Float]
  var actions: [Float] = []
  var rows: [Row] = []

  var testDescription: String { "\(id), seed \(seed)" }

  static let all: [GymnasiumTrajectory] = {
    func float(_ digits: Substring) -> Float { Float(bitPattern: UInt32(digits, radix: 16)!) }
    var all: [GymnasiumTrajectory] = []
    guard let text = try? Files.readText(Fixture.path("Fixtures/gymnasium-control.txt")) else { return [] }
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words[0] == "actions" {
        for run in words.dropFirst() {
          let parts = run.split(separator: "*")
          let action = parts[0].count == 8 ? float(parts[0]) : Float(parts[0])!
          all[all.count - 1].actions += Array(repeating: action, count: Int(parts[1])!)
        }
      } else if let step = Int(words[0]) {
        all[all.count - 1].rows.append(
          Row(step: step, reward: float(words[1]), terminated: words[2] == "1", observation: words[3...].map(float)))
      } else {
        all.append(GymnasiumTrajectory(id: String(words[0]), seed: UInt64(words[1])!, start: words[2...].map(float)))
      }
    }
    return all
  }()
}

@Suite("Classic control") struct ControlTests {
  @Test("the fixture holds three trajectories of each of the five environments")
  func fixture() {
    #expect(GymnasiumTrajectory.all.count == 15)
    #expect(GymnasiumTrajectory.all.allSatisfy { $0.actions.count > 100 && $0.rows.count > 9 })
  }

  /// Gymnasium's sines are the machine's, exact to the last bit or two of a double, and the acrobot is chaotic: a few
  /// units in the last place of a float are allowed, over 300 steps of it and of the cart pole and 600 of the others.
  @Test("trajectories are Gymnasium's own to the rounding of float32", arguments: GymnasiumTrajectory.all)
  func trajectory(_ expected: GymnasiumTrajectory) throws {
    let listing = try #require(Control.environments.first { $0.aliases.contains(expected.id) })
    let batch = try listing.recipe(changes: ["timeLimit": 1000]).makeBatch(slots: 1, seed: 0)
    let rollout = batch.makeRollout(steps: expected.actions.count)
    let place = try #require(rollout.layout.place("observation"))
    func check(_ row: UnsafeMutableRawPointer, _ values: [Float], _ step: Int) {
      for (index, value) in values.enumerated() {
        let found = Float(Rollout.read(row, place, at: index))
        let tolerance = 2e-6 * max(1, abs(value))
        #expect(abs(found - value) <= tolerance, "element \(index) after step \(step): \(found), not \(value)")
      }
    }
    batch.start(slot: 0, seed: expected.seed)
    batch.observe(rollout)
    check(rollout.observation(time: 0, slot: 0), expected.start, -1)
    for (step, action) in expected.actions.enumerated() {
      if rollout.isDiscrete {
        rollout.actions.discrete[step] = Int32(action)
      } else {
        rollout.actions.continuous[step] = action
      }
      batch.step(rollout, at: step)
    }
    for row in expected.rows {
      #expect((rollout.outcomes[row.step] == Outcome.terminated.rawValue) == row.terminated)
      #expect(abs(rollout.rewards[row.step] - row.reward) <= 2e-6 * max(1, abs(row.reward)))
      check(rollout.nextObservation(time: row.step, slot: 0), row.observation, row.step)
    }
  }

  @Test("a start is numpy's own draws: CartPole-v1's first observation after reset(seed=123)")
  func start() throws {
    // From Gymnasium's documentation of the wider start range: [0.03647037, -0.0892358, -0.05592803, -0.06312564].
    var configuration = CartPole.Configuration()
    configuration.startRange = 0.1
    var environment = CartPole(plan: configuration)
    environment.reset(seed: 123)
    #expect(abs(environment.position - 0.03647037) < 1e-8)
    #expect(abs(environment.velocity - -0.0892358) < 1e-8)
    #expect(abs(environment.angle - -0.05592803) < 1e-8)
    #expect(abs(environment.angularVelocity - -0.06312564) < 1e-8)
  }

  @Test("a cart pole that stands until the time limit is a success, one that falls is none")
  func cartPoleSuccess() throws {
    for balanced in [true, false] {
      var environment = CartPole(plan: CartPole.Configuration())
      environment.reset(seed: 3)
      var last = Transition(reward: 0)
      var steps = 0
      while steps < 500 && last.outcome == .running {
        let right =
          balanced
          ? environment.angle + 0.3 * environment.angularVelocity + 0.02 * environment.velocity + 0.01
            * environment.position > 0 : true
        last = environment.step(right ? .right : .left)
        steps += 1
      }
      #expect(last.success == balanced)
      #expect(last.outcome == (balanced ? .running : .terminated))
    }
  }

  @Test("coasting on the mountain keeps the energy signal within a fiftieth of its span")
  func mountainEnergy() throws {
    let recipe = try #require(Control.environments.first { $0.id == "control/MountainCar" }).recipe()
    let batch = recipe.makeBatch(slots: 1, seed: 5)
    let rollout = batch.makeRollout(steps: 150, signals: ["energy"])
    let place = try #require(rollout.layout.place("energy"))
    batch.reset(rollout)
    let first = Rollout.read(rollout.observation(time: 0, slot: 0), place)
    for step in 0..<150 {
      rollout.actions.discrete[step] = 1
      batch.step(rollout, at: step)
      let energy = Rollout.read(rollout.nextObservation(time: step, slot: 0), place)
      #expect(abs(energy - first) < 2 * 0.0025 / 3 / 50)
    }
  }

  @Test("an acrobot without torque keeps its energy but for the integrator's error")
  func acrobotEnergy() throws {
    let recipe = try #require(Control.environments.first { $0.id == "control/Acrobot" }).recipe(changes: [
      "timeStep": 0.02
    ])
    let batch = recipe.makeBatch(slots: 1, seed: 5)
    let rollout = batch.makeRollout(steps: 400, signals: ["energy"])
    let place = try #require(rollout.layout.place("energy"))
    batch.reset(rollout)
    // First swing it up a little, then let go.
    for step in 0..<100 {
      rollout.actions.discrete[step] = 2
      batch.step(rollout, at: step)
    }
    let first = Rollout.read(rollout.observation(time: 100, slot: 0), place)
    for step in 100..<400 {
      rollout.actions.discrete[step] = 1
      batch.step(rollout, at: step)
      #expect(abs(Rollout.read(rollout.nextObservation(time: step, slot: 0), place) - first) < 1e-4)
    }
    #expect(first > -19.6)
  }

  @Test("the sine and the cosine are the C library's to two units in the last place")
  func sines() {
    var random = RandomSource(seed: 1)
    for index in 0..<20_000 {
      let x = index < 10_000 ? random.uniform(-4, 4) : random.uniform(-1e4, 1e4)
      let (sine, cosine) = sineCosine(x)
      #expect(abs(sine - referenceSine(x)) <= 2.3e-16 && abs(cosine - referenceCosine(x)) <= 2.3e-16, "at \(x)")
    }
  }

  @Test("a configuration that no cart pole can have is refused with its name and its range")
  func refusal() throws {
    let listing = try #require(Control.environments.first)
    let refusal = UserError("environment.cartMass cannot be 0", fix: "It must be above 0 (--set environment.cartMass=)")
    #expect(throws: refusal) {
      try listing.recipe(changes: ["cartMass": 0])
    }
    #expect(throws: UserError.self) { try listing.recipe(changes: ["cartMas": 1]) }
    #expect(throws: UserError.self) { try listing.recipe(changes: ["cartMass": "heavy"]) }
  }

  @Test("the golden playthroughs have not changed", arguments: Control.environments.map(\.id))
  func playthrough(_ id: String) throws {
    let recipe = try #require(Control.environments.first { $0.id == id }).recipe()
    let actions = Playthrough.randomActions(recipe, count: 6, seed: 1).flatMap { [$0, $0] }
    try Playthrough.check(recipe, seed: 7, actions: actions, name: id.split(separator: "/").joined(separator: "-"))
  }
}
