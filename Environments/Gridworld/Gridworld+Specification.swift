public import ReinforcementLearning

extension Gridworld {
  /// The fields' numbers, in the specification's order.
  enum FieldIndex {
    /// uint8 [columns, rows, 3], or 20 codes of 0 or 1 a cell.
    static let image = 0
    /// uint8 [1].
    static let direction = 1
    /// uint8 [words, 1].
    static let missionTokens = 2
    /// Text, at most 400 bytes.
    static let mission = 3
    /// int16 [2]: column, row.
    static let position = 4
    /// uint8 [2]: object, colour.
    static let carried = 5
    /// int32 [1], a bit a door.
    static let openDoors = 6
    /// int32 [1].
    static let doorsOpened = 7
    /// int32 [1].
    static let subgoals = 8
    /// float32 [1]; -1 for unknown.
    static let distance = 9
    /// int32 [1].
    static let cellsVisited = 10
    /// Text, at most 48 bytes.
    static let event = 11
    /// int32 [1]; only with `countSeenCells`.
    static let cellsSeen = 12
  }

  /// Bytes of the `event` text.
  static let eventCapacity = 48

  /// Bytes that the longest mission of so many words can take: the longest word has eight letters.
  static func missionCapacity(words: Int) -> Int { min(400, words * 9) }

  /// Fields in the order of `FieldIndex`; shapes depend on the view, `missionTokens` on the longest mission.
  ///
  /// The time limit is the configuration's, else the longest that the family has; what one episode has is said
  /// by `timeLimit(default:)`. Rewards reach from the family's lowest, the cost of dying added, to 1.
  public static func specification(of plan: Plan) -> Specification {
    let (configuration, family) = (plan.configuration, plan.family)
    let (width, height) = (plan.width, plan.height)
    let words = plan.longestMission
    let limit = configuration.timeLimit > 0 ? configuration.timeLimit : family.longestTimeLimit
    let side = configuration.viewSize
    let columns = configuration.view == .full ? width : side
    let rows = configuration.view == .full ? height : side
    let image =
      configuration.oneHot
      ? Field(
        "image", shape: [columns, rows, 20], element: .uint8, range: 0...1,
        summary: "object (11), colour (6) and state (3) of each cell, one of each set")
      : Field(
        "image", shape: [columns, rows, 3], element: .uint8,
        kind: .categorical([11, 6, configuration.view == .full ? 4 : 3]), range: 0...10,
        summary: "object, colour and state of each cell, column by column")
    var fields = [
      image,
      Field(
        "direction", shape: [1], element: .uint8, kind: .categorical([4]), range: 0...3,
        summary: "0 right, 1 down, 2 left, 3 up"),
      Field(
        "missionTokens", shape: [words, 1], element: .uint8, role: family.constantMission == nil ? .policy : .signal,
        kind: .categorical([Word.allCases.count]), range: 0...Double(Word.allCases.count - 1),
        summary: "the mission's words by number, 0 pads"),
      .textSignal("mission", bytes: missionCapacity(words: words), summary: "what the agent is told to do"),
      .signal("position", shape: [2], element: .int16, range: 0...Double(max(width, height) - 1), summary: "x, y"),
      Field(
        "carried", shape: [2], element: .uint8, role: .signal, kind: .categorical([11, 6]), range: 0...10,
        summary: "object and colour of what is carried; 0 for nothing"),
      .signal("openDoors", element: .int32, summary: "bit k is set while door k is open"),
      .signal("doorsOpened", element: .int32, range: 0...1e6, summary: "times a door was opened"),
      .signal("subgoals", element: .int32, range: 0...200, summary: "keys, locks, clauses and the goal got through"),
      .signal(
        "distance", range: -1...100_000,
        summary: "moves, pick-ups and toggles that remain along a shortest plan; -1 where none was found"),
      .signal("cellsVisited", element: .int32, range: 1...Double(width * height), summary: "different cells stood on"),
      .textSignal("event", bytes: eventCapacity, summary: "what the last step did"),
    ]
    if configuration.countSeenCells {
      fields.append(
        .signal("cellsSeen", element: .int32, range: 0...Double(width * height), summary: "different cells seen"))
    }
    let lowest = family.lowestReward + min(0, configuration.deathCost ?? 0)
    var specification = Specification(
      measures: [.success, .return(), .length()],
      fields: fields, actions: .discrete(Array(Action.names.prefix(family.actionCount))),
      hasIllegalActions: configuration.actionMasks, timeLimit: limit,
      rewards: Double(lowest)...1, cell: ["position", "direction", "carried", "openDoors"], archiveCell: archiveCell,
      isStochastic: family.isStochastic || configuration.stickyActionProbability > 0
        || configuration.randomActionProbability > 0)
    if !family.isStochastic {
      if configuration.stickyActionProbability > 0 { specification.stillSettings.append("stickyActionProbability=0") }
      if configuration.randomActionProbability > 0 { specification.stillSettings.append("randomActionProbability=0") }
    }
    return specification
  }
}
