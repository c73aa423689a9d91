import ReinforcementLearning

/// An environment for counting: it ends every `length` steps, by itself or by the time limit.
///
/// `observation` [1] float32 is the number of steps taken; `seed` uint8 [8] the episode's seed; the signal `double`
/// twice the steps. The reward is the action plus a tenth of the steps taken before it. Action 1 is illegal at the
/// start when `masks`.
struct CountingEnvironment: Drawable {
  enum Action: UInt8, DiscreteAction { case zero, one, two }

  struct Configuration: Codable, Hashable, Sendable {
    /// Steps after which the episode terminates by itself; 0 for never.
    var length = 5
    var timeLimit = 100
    var masks = false
    /// The time limit that the environment sets for episodes with an odd seed; 0 for none.
    var oddTimeLimit = 0
    /// The step that is a success, counted from 1; 0 for the one that ends the episode, with action 2.
    var successStep = 0
    var measures: [Measure] = [.return(), .length()]
  }

  let configuration: Configuration
  var elapsed = 0
  var seed: UInt64 = 0

  init(plan configuration: Configuration) { self.configuration = configuration }

  static func specification(of configuration: Configuration) -> Specification {
    Specification(
      measures: configuration.measures,
      fields: [
        Field("observation", shape: [1], element: .float32),
        .signal("double", element: .int32),
        Field("seed", shape: [8], element: .uint8),
      ],
      actions: .discrete(Action.names), hasIllegalActions: configuration.masks, timeLimit: configuration.timeLimit,
      rewards: 0...100)
  }

  mutating func reset(seed: UInt64) {
    elapsed = 0
    self.seed = seed
  }

  mutating func reseed(_ seed: UInt64) {}

  mutating func step(_ action: Action) -> Transition {
    let reward = Float(action.rawValue) + Float(elapsed) / 10
    elapsed += 1
    let ended = elapsed == configuration.length
    let success = configuration.successStep > 0 ? elapsed == configuration.successStep : ended && action == .two
    return Transition(reward: reward, outcome: ended ? .terminated : .running, success: success)
  }

  func observe(into row: inout ObservationRow) {
    row.write(Float(elapsed), to: 0)
    row.write(Int32(2 * elapsed), to: 1)
    row.write(seed, to: 2)
  }

  func legalActions(into mask: inout MutableSpan<Bool>) { if elapsed == 0 { mask[1] = false } }

  func timeLimit(default limit: Int) -> Int {
    configuration.oddTimeLimit > 0 && seed % 2 == 1 ? configuration.oddTimeLimit : limit
  }

  func sketch() -> Sketch {
    var sketch = Sketch(width: 1, height: 1)
    sketch.captions = ["\(elapsed)"]
    return sketch
  }
}

extension CountingEnvironment {
  static func recipe(_ change: (inout Configuration) -> Void = { _ in }) throws -> EnvironmentRecipe {
    var configuration = Configuration()
    change(&configuration)
    return try EnvironmentRecipe(id: "test/Counting", CountingEnvironment.self, configuration: configuration)
  }
}

extension Rollout {
  /// The `observation` field of a row of the counting environment.
  func count(_ row: UnsafeMutableRawPointer) -> Int { Int(Rollout.read(row, layout.place("observation")!)) }

  /// The outcomes of one slot in order.
  func outcomeRow(slot: Int = 0) -> [UInt8] { (0..<steps).map { outcomes[$0 * slots + slot] } }

  /// Sets every action to `(time + slot) % 3`.
  func fillActions() {
    for time in 0..<steps {
      for slot in 0..<slots { actions.discrete[time * slots + slot] = Int32((time + slot) % 3) }
    }
  }

  /// Steps the batch through the whole rollout.
  func fill(by batch: EnvironmentBatch) {
    for time in 0..<steps { batch.step(self, at: time) }
  }
}
