import Groundwork
import ReinforcementLearning
import Testing

@testable import OffPolicy

@Suite("What off-policy learners draw")
struct MinibatchTests {
  /// A store that holds one episode of the reach task: steps of half a unit to the right.
  ///
  /// - Parameter steps: Actions that were taken.
  private func store(steps: Int, limit: Int) throws -> (store: ExperienceStore, minibatch: Minibatch, goal: Float) {
    let recipe = try Learners.reach(length: limit)
    let setting = AgentSetting(recipe, seed: 1)
    let store = try ExperienceStore(slots: 1, size: 100, in: setting)
    let replay = try Replay(of: recipe, seed: 3, actions: [Float](repeating: 1, count: steps))
    let rollout = try replay.rollout(in: recipe, name: "an episode")
    let scores = RewardScores(components: 1, count: rollout.steps)
    for step in 0..<rollout.steps { scores[0][step] = rollout.rewards[step] }
    store.append([rollout], [scores])
    let minibatch = Minibatch(
      steps, of: recipe.specification, vectors: try VectorTask(recipe), goal: try GoalPlaces(recipe))
    let goal = rollout.observation(time: 0, slot: 0).load(fromByteOffset: 8, as: Float.self)
    return (store, minibatch, goal)
  }

  private func number(_ rows: UnsafeMutableRawPointer, _ minibatch: Minibatch, _ row: Int, _ field: Int) -> Float {
    rows.load(fromByteOffset: row * minibatch.stride + field * 4, as: Float.self)
  }

  @Test("rows, actions, rewards and what a truncated episode goes on with are those of the steps")
  func plain() throws {
    let (store, minibatch, goal) = try store(steps: 6, limit: 6)
    var random = RandomSource(seed: 2)
    minibatch.fill(Array(0..<6), from: store, returnSteps: 1, discount: 0.5, hindsight: 0, random: &random)
    for step in 0..<6 {
      #expect(number(minibatch.rows, minibatch, step, 0) == 0.5 * Float(step))
      #expect(number(minibatch.nextRows, minibatch, step, 1) == 0.5 * Float(step + 1))
      #expect(number(minibatch.rows, minibatch, step, 2) == goal)
      #expect(minibatch.action(step)[0] == 1)
      #expect(minibatch.rewards[step] == (abs(0.5 * Float(step + 1) - goal) < 0.25 ? 0 : -1))
      // The sixth step was cut, not ended: a value follows.
      #expect(minibatch.discounts[step] == 0.5)
    }
  }

  @Test("a demonstration that was recorded with another setting is refused by its name")
  func otherSettings() throws {
    let replay = try Replay(of: try Learners.reach(length: 6), seed: 3, actions: [1, 1, 1])
    let error = #expect(throws: UserError.self) {
      try replay.rollout(in: try Learners.reach(length: 9), name: "demonstration 2 of 3")
    }
    #expect(error?.reason.contains("demonstration 2 of 3 was recorded with environment.") == true)
    #expect(error?.reason.hasSuffix("=6, and the run has 9") == true, "\(String(describing: error))")
  }

  @Test("returns of three steps add discounted rewards, and stop where the episode does")
  func severalSteps() throws {
    let (store, minibatch, goal) = try store(steps: 6, limit: 6)
    var random = RandomSource(seed: 2)
    minibatch.fill(Array(0..<6), from: store, returnSteps: 3, discount: 0.5, hindsight: 0, random: &random)
    func reward(_ step: Int) -> Float { abs(0.5 * Float(step + 1) - goal) < 0.25 ? 0 : -1 }
    for step in 0..<6 {
      let steps = Array(step..<min(6, step + 3))
      var (sum, weight) = (Float(0), Float(1))
      for step in steps {
        sum += weight * reward(step)
        weight *= 0.5
      }
      #expect(minibatch.rewards[step] == sum && minibatch.discounts[step] == weight)
      #expect(number(minibatch.nextRows, minibatch, step, 0) == 0.5 * Float(steps.last! + 1))
    }
  }

  @Test("hindsight sets a goal that the episode achieved later, in both rows, and pays every step for it")
  func hindsight() throws {
    let (store, minibatch, _) = try store(steps: 6, limit: 6)
    var random = RandomSource(seed: 2)
    var chosen: Set<Float> = []
    for _ in 0..<20 {
      minibatch.fill(Array(0..<6), from: store, returnSteps: 2, discount: 0.5, hindsight: 1, random: &random)
      for step in 0..<6 {
        let goal = number(minibatch.rows, minibatch, step, 2)
        #expect(number(minibatch.nextRows, minibatch, step, 2) == goal)
        // A place that a step from this one on led to.
        #expect((step + 1...6).contains { goal == 0.5 * Float($0) })
        if step == 0 { chosen.insert(goal) }
        let first: Float = goal == 0.5 * Float(step + 1) ? 0 : -1
        let second: Float = goal == 0.5 * Float(step + 2) ? 0 : -1
        #expect(minibatch.rewards[step] == (step == 5 ? first : first + 0.5 * second))
      }
    }
    #expect(chosen.count == 6)
    // Without it the goals are the task's.
    minibatch.fill(Array(0..<6), from: store, returnSteps: 1, discount: 0.5, hindsight: 0, random: &random)
    #expect(!(1...6).contains { number(minibatch.rows, minibatch, 0, 2) == 0.5 * Float($0) })
  }

  @Test("demonstrations are drawn beside what is collected, each transition equally often, and never given up")
  func demonstrations() throws {
    let recipe = try Learners.reach()
    let replays = try (0..<2).map { try Replay(of: recipe, seed: UInt64($0), actions: [Float](repeating: 0.5, count: 10)) }
    let setting = AgentSetting(recipe, seed: 1, needs: .demonstrations, demonstrations: replays)
    let store = try ExperienceStore(slots: 1, size: 5, in: setting)
    #expect(store.count == 20)
    let rollout = try Replay(of: recipe, seed: 7, actions: [Float](repeating: -1, count: 10))
      .rollout(in: recipe, name: "an episode")
    store.append([rollout], [RewardScores(components: 1, count: 10)])
    #expect(store.count == 25)
    let minibatch = Minibatch(25, of: recipe.specification, vectors: try VectorTask(recipe), goal: nil)
    var random = RandomSource(seed: 2)
    minibatch.fill(Array(0..<25), from: store, returnSteps: 1, discount: 1, hindsight: 0, random: &random)
    #expect((0..<25).map { minibatch.action($0)[0] } == [Float](repeating: 0.5, count: 20) + [-1, -1, -1, -1, -1])
    // Each demonstration starts where its episode does, and is not taken for the other's end.
    #expect(number(minibatch.rows, minibatch, 10, 0) == 0 && number(minibatch.nextRows, minibatch, 9, 0) == 2.5)
    var drawn = [Int](repeating: 0, count: 25)
    for _ in 0..<400 {
      minibatch.draw(from: store, returnSteps: 1, discount: 1, hindsight: 0, random: &random)
      for number in minibatch.numbers { drawn[number] += 1 }
    }
    #expect(drawn.allSatisfy { (300...500).contains($0) })
  }
}
