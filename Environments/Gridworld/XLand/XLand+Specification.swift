public import ReinforcementLearning

extension XLand {
  /// The fields' numbers, in the specification's order.
  enum FieldIndex {
    /// uint8 [viewSize, viewSize, 2].
    static let image = 0
    /// uint8 [1].
    static let direction = 1
    /// uint8 [5].
    static let goal = 2
    /// uint8 [rules, 7].
    static let rules = 3
    /// uint8 [2]: row, column.
    static let position = 4
    /// uint8 [2]: tile, colour.
    static let carried = 5
    /// int32 [1]; -1 for unknown.
    static let goalDistance = 6
    /// int32 [1].
    static let rulesTriggered = 7
    /// int32 [1].
    static let goalsReached = 8
    /// int32 [1].
    static let trial = 9
    /// Text, at most 128 bytes.
    static let event = 10
  }

  /// Bytes of the `event` text.
  static let eventCapacity = 128

  /// Fields in the order of `FieldIndex`; `goal` and `rules` are policy fields where the ruleset is shown, else
  /// signals.
  ///
  /// The time limit is that of all trials together. Stochastic with more than one trial, since each draws its
  /// world anew.
  public static func specification(of plan: Plan) -> Specification {
    let configuration = plan.configuration
    let side = configuration.viewSize
    let size = configuration.size
    let rules = configuration.mostRules
    let trials = Double(configuration.trials)
    // The goal's numbers are tiles and colours or rows and columns.
    let tiles = max(13, size)
    let shown: Field.Role = configuration.showRuleset ? .policy : .signal
    var specification = Specification(
      measures: [.success, .return(), .length()],
      fields: [
        Field(
          "image", shape: [side, side, 2], element: .uint8, kind: .categorical([13, 12]), range: 0...12,
          summary: "tile and colour of each cell before the agent, from far to near"),
        Field(
          "direction", shape: [1], element: .uint8, kind: .categorical([4]), range: 0...3,
          summary: "0 up, 1 right, 2 down, 3 left"),
        Field(
          "goal", shape: [5], element: .uint8, role: shown, kind: .categorical([15, tiles, tiles, tiles, tiles]),
          range: 0...Double(max(14, tiles - 1)), summary: "the goal's encoding"),
        Field(
          "rules", shape: [rules, 7], element: .uint8, role: shown, kind: .categorical([12, 13, 12, 13, 12, 13, 12]),
          range: 0...12, summary: "the rules' encodings, 0 pads"),
        .signal("position", shape: [2], element: .uint8, range: 0...Double(size - 1), summary: "row, column"),
        Field(
          "carried", shape: [2], element: .uint8, role: .signal, kind: .categorical([13, 12]), range: 0...12,
          summary: "tile and colour of what is carried; 0 for nothing"),
        .signal(
          "goalDistance", element: .int32, range: -1...Double(2 * size),
          summary: "cells between what the goal wants together; -1 while it does not exist"),
        .signal("rulesTriggered", element: .int32, range: 0...1e10, summary: "effects of rules in this episode"),
        .signal("goalsReached", element: .int32, range: 0...trials, summary: "goals reached in this episode"),
        .signal("trial", element: .int32, range: 0...(trials - 1), summary: "the trial's number, from 0"),
        .textSignal("event", bytes: eventCapacity, summary: "what the last step did"),
      ],
      actions: .discrete(Action.names), timeLimit: configuration.trials * configuration.trialLimit, rewards: 0...1,
      cell: ["position", "carried"], isStochastic: configuration.trials > 1)
    if specification.isStochastic { specification.stillSettings = ["trials=1"] }
    return specification
  }
}
