internal import EnvironmentKit
public import ReinforcementLearning

/// A row of states, one of which is the goal, and one try to name it.
///
/// **Task.** Walk to state `goal` and try there; a try anywhere ends the episode.
///
/// **Actions.** 0 `left`: to the state before, or stay at state 0; 1 `tryGoal`: end the episode; 2 `right`: to the
/// state after, or stay at the last.
///
/// **Observation.** `state` uint8 [1], a code in 0..<`length`; with `distractor` uint8 [2]: the second code means
/// nothing and is drawn anew, uniformly, at every step.
///
/// **Signals.** `distance` uint8: steps to the goal; `text`: the state as a line of Python, with the hint whether
/// it is the goal.
///
/// **Reward.** 1 for trying at the goal, otherwise 0.
///
/// **Start.** The state (and the distractor) uniform.
///
/// **End.** Terminated by a try; a success when it was at the goal. Truncated after `timeLimit` steps.
///
/// **Configuration.** Length, goal, distractor, time limit. The optimum under a discount of 0.8 is 0.8 to the power
/// of the distance, 0.6642 on average over the starts.
///
/// **Source.** Brooks, Walls, Lewis and Singh, "Large language models can implement policy iteration" (ICPI), 2023,
/// the domains chain and distractor chain.
public struct Chain: Environment, Drawable {
  /// To the state before, end the episode here, to the state after: 0 to 2.
  public enum Action: UInt8, DiscreteAction { case left, tryGoal, right }

  /// The row, its goal and the distractor; the defaults are ICPI's chain.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Number of states, 2 to 200.
    public var length = 8
    /// The state to try in, below `length`.
    public var goal = 4
    /// Whether a second number that means nothing is part of the state.
    public var distractor = false
    /// Steps, at least 1.
    public var timeLimit = 8

    /// Eight states with the goal at 4 and eight steps to get there.
    public init() {}
  }

  /// The row of this value.
  public let configuration: Configuration
  /// 0 to `length` - 1.
  public internal(set) var state = 0
  /// A second number of the same range that means nothing; 0 where there is none.
  public internal(set) var distractor = 0
  var random = RandomSource(seed: 0)

  /// In state 0 until the first `reset`.
  public init(plan configuration: Configuration) { self.configuration = configuration }

  /// - Throws: `UserError` when the length is not in 2 to 200, the goal not below it or the time limit below 1.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try require((2...200).contains(configuration.length), "length", Double(configuration.length), "2 to 200")
    try require(
      (0..<configuration.length).contains(configuration.goal), "goal", Double(configuration.goal),
      "0 or more and below length")
    try require(
      (1...1_000_000).contains(configuration.timeLimit), "timeLimit", Double(configuration.timeLimit), "1 to 1000000")
    return configuration
  }

  /// `state` [1] or, with the distractor, [2] uint8, and three signals.
  public static func specification(of configuration: Configuration) -> Specification {
    let numbers = configuration.distractor ? 2 : 1
    var specification = Specification(
      measures: [.return(in: 0...1), .success, .length()],
      fields: [
        Field(
          "state", shape: [numbers], element: .uint8,
          kind: .categorical(Array(repeating: configuration.length, count: numbers)),
          summary: configuration.distractor ? "the state, and a number that means nothing" : "the state"),
        .signal("distance", element: .uint8, range: 0...Double(configuration.length), summary: "steps to the goal"),
        .textSignal("text", bytes: 64, summary: "the state as a line of Python with its hint"),
        .signal("position", element: .uint8, range: 0...Double(configuration.length - 1), summary: "the state alone"),
      ],
      actions: .discrete(Action.names), timeLimit: configuration.timeLimit, rewards: 0...1, cell: ["position"],
      isStochastic: configuration.distractor)
    if specification.isStochastic { specification.stillSettings = ["distractor=false"] }
    return specification
  }

  /// Draws the state and, where there is one, the distractor.
  public mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    state = random.integer(in: 0..<configuration.length)
    drawDistractor()
  }

  /// Changes the distractors from here on.
  public mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  /// Walks, or tries and ends; then draws the distractor anew.
  public mutating func step(_ action: Action) -> Transition {
    var transition = Transition(reward: 0)
    switch action {
    case .left: state = max(0, state - 1)
    case .right: state = min(configuration.length - 1, state + 1)
    case .tryGoal:
      let found = state == configuration.goal
      transition = Transition(reward: found ? 1 : 0, outcome: .terminated, success: found)
    }
    drawDistractor()
    return transition
  }

  private mutating func drawDistractor() {
    if configuration.distractor { distractor = random.integer(in: 0..<configuration.length) }
  }

  /// Writes the state, its distance to the goal and the line of Python.
  public func observe(into row: inout ObservationRow) {
    row.write(UInt8(state), to: 0)
    if configuration.distractor { row.write(UInt8(distractor), to: 0, at: 1) }
    row.write(UInt8(abs(state - configuration.goal)), to: 1)
    if var text = RowText(row, 2) {
      text.add("assert state == [")
      add(state, to: &text)
      text.add(state == configuration.goal ? "] and state == [" : "] and state != [")
      add(configuration.goal, to: &text)
      text.add("]")
      text.end()
    }
    row.write(UInt8(state), to: 3)
  }

  private func add(_ number: Int, to text: inout RowText) {
    text.add(number)
    if configuration.distractor {
      text.add(", ")
      text.add(distractor)
    }
  }

  /// The row of states; the goal is green.
  public func sketch() -> Sketch {
    var tiles = Tiles(columns: configuration.length, rows: 1)
    for column in 0..<configuration.length {
      column == configuration.goal ? tiles.square(column, 0, .goal, "G") : tiles.square(column, 0, .ground)
    }
    tiles.disc(state, 0, .pole, "@")
    tiles.caption("state \(state)" + (configuration.distractor ? "   distractor \(distractor)" : ""))
    return tiles.sketch
  }
}
