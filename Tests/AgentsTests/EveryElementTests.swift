import Groundwork
import PolicyGradient
import ReinforcementLearning
import Testing

/// Shows codes of 5,976 kinds, a text and a vector of integers, each of which tells one of two actions; the reward is for
/// what most of them tell. Who reads two of the three is right three times in four.
struct MajorityTask: Environment {
  struct Configuration: Codable, Hashable, Sendable {
    var length = 4
  }

  enum Action: UInt8, DiscreteAction { case first, second }

  static func specification(of configuration: Configuration) -> Specification {
    Specification(
      fields: [
        Field("glyphs", shape: [5, 5], element: .int16, kind: .categorical([5976])),
        Field("message", shape: [12], element: .uint8, kind: .text),
        Field("status", shape: [3], element: .int32, range: -1000...1000),
      ],
      actions: .discrete(Action.names), timeLimit: configuration.length, rewards: 0...1)
  }

  /// The catalog's line.
  static let listing = EnvironmentListing(
    "test/Majority", MajorityTask.self, configuration: .init(), summary: "do what most of three fields tell")

  private var random = RandomSource(seed: 0)
  /// What glyphs, message and status tell.
  private var told = [0, 0, 0]

  init(plan configuration: Configuration) {}

  mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    draw()
  }

  mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  mutating func step(_ action: Action) -> Transition {
    let wanted = told.reduce(0, +) >= 2 ? 1 : 0
    draw()
    return Transition(reward: Int(action.rawValue) == wanted ? 1 : 0)
  }

  private mutating func draw() { told = told.map { _ in random.integer(in: 0..<2) } }

  func observe(into row: inout ObservationRow) {
    for cell in 0..<25 { row.write(Int16(cell == 12 ? [17, 5975][told[0]] : 2359), to: 0, at: cell) }
    row.write(text: told[1] == 0 ? "go left now" : "go right!", to: 1)
    for element in 0..<3 { row.write(Int32(told[2] == 0 ? -900 : 700), to: 2, at: element) }
  }
}

@Suite("PPO on fields of every element")
struct EveryElementTests {
  private var configuration: PPOConfiguration {
    var configuration = PPOConfiguration()
    configuration.slots = 16
    configuration.steps = 32
    configuration.hiddenLayers = [32, 32]
    configuration.learningRate = 2e-3
    return configuration
  }

  @Test("an environment with int16 codes, a text and int32 numbers is one file and one line: trained, evaluated, resumed")
  func wholeRun() throws {
    let recipe = try MajorityTask.listing.recipe()
    let recorder = Recorder(saving: 10)
    let whole = try Training.ppo(recipe, configuration, steps: 20_480, observer: recorder)
    let evaluation = try Evaluation.run(recipe, episodes: 100, seed: 9, workers: Workers(count: 1)) {
      whole.agent.makePolicy(slots: $0, choice: .mode)
    }
    #expect(evaluation.meanReturn >= 3.8)
    let saved = try SavedState(safetensors: try #require(recorder.state).safetensors(), name: "test")
    let resumed = try Training.ppo(recipe, configuration, steps: 20_480, workers: 2, resuming: saved)
    let state = whole.session.save(whole.agent)
    #expect(state.safetensors() == resumed.session.save(resumed.agent).safetensors())
    // One row a code, not one a cell and code.
    let tables = state.entries.filter { $0.key.hasPrefix("agent.parameters.") && $0.key.hasSuffix("glyphs.embedding") }
    #expect(tables.count == 2)
    for table in tables { #expect(table.value.shape == [5976, 16]) }
  }
}
