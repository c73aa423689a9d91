import Groundwork
import ReinforcementLearning

/// Where a field's numbers come from.
enum FieldSource: Hashable, Sendable {
  /// An array of the game's, whole.
  case array(ObservedArray)
  /// The squares around the player.
  case crop(ObservedArray)
  case status(Status)
  case progress(Measure)

  /// Signals that are remembered or counted rather than read.
  /// What `Progress` remembers, and what is reckoned from the arrays when somebody asks.
  enum Measure: String, CaseIterable, Sendable {
    case deepest, levelsSeen, newLevel, kills, nutrition, squaresSeen, frozenSteps, onStairs, fault, cell, events,
      messageText
  }

  /// A field of the environment: where it comes from, and its name.
  struct Entry {
    /// Where its numbers come from.
    var source: FieldSource
    /// As the specification and `fields=` have it.
    var name: String

    /// The field as the specification has it; a crop keeps its array's element type.
    func field(cropSize: Int) -> Field {
      switch source {
      case .array(let array): return array.field
      case .crop(let array):
        var field = array.field
        field.name = name
        field.shape = [cropSize, cropSize, 1]
        field.summary = "the squares around the player, 0 outside the map: " + field.summary
        return field
      case .status(let status): return .signal(name, element: .int32, summary: status.summary)
      case .progress(let measure): return measure.field
      }
    }
  }

  /// The fields that a setting names.
  ///
  /// - Throws: `UserError` for a name that is no field's, or comes twice.
  /// - Parameter setting: Names with commas between them, NLE's arrays or their crops; for example
  ///   `chars_crop,blstats`.
  static func policy(_ setting: String) throws(UserError) -> [Entry] {
    var entries: [Entry] = []
    for part in setting.split(separator: ",") {
      let name = String(part)
      guard let source = all[name] else {
        throw UserError.unknown(
          "field", name, among: all.keys.sorted(),
          hint: "Those of NetHack are \(all.keys.sorted().joined(separator: ", "))")
      }
      guard !entries.contains(where: { $0.name == name }) else {
        throw UserError("fields= names '\(name)' twice", fix: "Name each field once")
      }
      entries.append(Entry(source: source, name: name))
    }
    guard !entries.isEmpty else {
      throw UserError("fields= names no field", fix: "For example --set fields=chars_crop,blstats")
    }
    return entries
  }

  /// The arrays by name, and `_crop` of those that have one.
  private static let all: [String: FieldSource] = {
    var all: [String: FieldSource] = [:]
    for array in ObservedArray.allCases {
      all[array.name] = .array(array)
      if array.canBeCropped { all[array.name + "_crop"] = .crop(array) }
    }
    return all
  }()

  /// All signals: the status numbers, then what is counted.
  static let signals: [Entry] =
    Status.allCases.map { Entry(source: .status($0), name: "\($0)") }
    + Measure.allCases.map { Entry(source: .progress($0), name: $0.rawValue) }

  /// The arrays that games must keep for these, and those that rewards, prompts and signals read in any case.
  ///
  /// - Parameters:
  ///   - unlocks: Whether the environment looks for keys among what is carried.
  ///   - showsAll: Whether menus reach the player: no array but the terminal's has them, and pictures need them.
  /// - Returns: A bit for each array, by `ObservedArray`. The game fills only what is kept, which saves much of
  ///   a step.
  static func wanted(_ sources: [FieldSource], unlocks: Bool, showsAll: Bool) -> UInt32 {
    var always: [ObservedArray] = [.glyphs, .chars, .colors, .blstats, .message, .program_state, .internal, .misc]
    if unlocks { always += [.inv_letters, .inv_strs] }
    if showsAll { always += terminal }
    return sources.reduce(always.reduce(0) { $0 | 1 << UInt32($1.rawValue) }) { mask, source in
      switch source {
      case .array(let array), .crop(let array): mask | 1 << UInt32(array.rawValue)
      case .status, .progress: mask
      }
    }
  }

  private static let terminal: [ObservedArray] = [.tty_chars, .tty_colors]

  /// Whether a game that keeps these arrays has the whole picture of its terminal.
  static func keepsTerminal(_ wanted: UInt32) -> Bool { terminal.allSatisfy { wanted >> UInt32($0.rawValue) & 1 == 1 } }
}

extension FieldSource.Measure {
  /// The signal's field, with its element type and range.
  var field: Field {
    switch self {
    case .deepest: .signal("deepest", element: .int32, summary: "the greatest depth of the episode")
    case .levelsSeen: .signal("levelsSeen", element: .int32, summary: "levels that the player was on")
    case .newLevel:
      .signal("newLevel", element: .uint8, range: 0...1, summary: "whether this step led to a level for the first time")
    case .kills: .signal("kills", element: .int32, summary: "monsters that the player killed, by the game's own count")
    case .nutrition: .signal("nutrition", element: .int32, summary: "900 at the start; hungry below 150")
    case .squaresSeen:
      .signal("squaresSeen", element: .int32, summary: "squares of the level's map that show something")
    case .frozenSteps:
      .signal("frozenSteps", element: .int32, summary: "steps in a row in which the game's clock stood")
    case .onStairs:
      .signal("onStairs", element: .uint8, range: 0...1, summary: "whether the player stands on stairs that lead down")
    case .fault:
      .signal(
        "fault", element: .uint8, range: 0...8,
        summary: "why the game broke, which truncates the episode; 0: it did not")
    case .cell:
      .signal(
        "cell", shape: [4], element: .uint8, summary: "dungeon, level, column / 4, row / 2: places worth returning to")
    case .events:
      .signal(
        "events", shape: [Event.allCases.count], element: .uint8, range: 0...1,
        summary: "what the step's messages told, answered pages among them (death: how the game ended): "
          + Event.allCases.map { "\($0)" }.joined(separator: ", "))
    case .messageText: .textSignal("messageText", bytes: ObservedArray.messageBytes, summary: "the top line")
    }
  }
}
