internal import Groundwork
public import ReinforcementLearning

extension Gridworld {
  /// What the catalog lists of this family: all levels and the noisy television.
  public static var environments: [EnvironmentListing] {
    levels.map { level in
      EnvironmentListing(
        "gridworld/\(level.id)", Gridworld.self, configuration: level.configuration, roles: roles,
        aliases: level.aliases, summary: level.summary, isRepresentative: representatives.contains(level.id))
    } + NoisyTV.environments
  }

  /// A level's id stands for its family, and for the task where a family has several.
  private static let roles = SettingRoles(
    fixed: ["level.family", "level.task"],
    episodes: ["layoutSeed", "noOpStarts", "stickyActionProbability", "randomActionProbability"])

  /// The levels that stand for all: of those that run the same code, the first in the table, which is the smallest.
  ///
  /// Levels of a family differ in sizes and counts alone, or in a choice (a word, a flag, a part that is there or not)
  /// that leads through other code. Two levels are of one kind when they agree but for numbers.
  private static let representatives: Set<String> = {
    var kinds: Set<JSON> = []
    return Set(levels.filter { kinds.insert(kind(JSON(encoding: $0.configuration.level))).inserted }.map(\.id))
  }()

  /// A level's document without its numbers; BabyAI's tasks share all other code, so the task alone counts.
  private static func kind(_ level: JSON) -> JSON {
    if let task = level["task"], task != "language" { return task }
    return choices(level)
  }

  /// The document with null in place of every number, so that sizes and counts compare equal.
  private static func choices(_ document: JSON) -> JSON {
    switch document {
    case .object(let members): .object(members.mapValues(choices))
    case .array(let elements): .array(elements.map(choices))
    case .integer, .number: .null
    default: document
    }
  }
}

extension NoisyTV {
  /// What the catalog lists: the two that papers use.
  static var environments: [EnvironmentListing] {
    [
      EnvironmentListing(
        "gridworld/MultiRoomNoisyTV-N4-S5", NoisyTV.self,
        configuration: NoisyTV.Configuration(rooms: 4, largestRoom: 5),
        summary: "four rooms and a television that distracts the curious (RIDE)"),
      EnvironmentListing(
        "gridworld/MultiRoomNoisyTV-N7-S4", NoisyTV.self, configuration: NoisyTV.Configuration(),
        aliases: ["MiniGrid-MultiRoomNoisyTV-N7-S4-v0"],
        summary: "seven small rooms and a television that distracts the curious (RIDE)", isRepresentative: false),
    ]
  }
}
