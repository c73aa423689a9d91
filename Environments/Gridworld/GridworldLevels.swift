/// A level that has an id.
public struct GridworldLevel: Sendable {
  /// The catalog's id without its family, for example "DoorKey-8x8".
  public var id: String
  /// MiniGrid's and BabyAI's ids of the same level.
  public var aliases: [String]
  /// One line for listings.
  public var summary: String
  public var configuration: Gridworld.Configuration
}

extension Gridworld {
  /// All levels that have an id.
  public static let levels: [GridworldLevel] = miniGridLevels

  static func level(
    _ id: String, _ family: any Family, alias: String? = nil, _ summary: String
  ) -> GridworldLevel {
    GridworldLevel(
      id: id, aliases: [alias ?? "MiniGrid-\(id)-v0"], summary: summary, configuration: Configuration(family))
  }

  /// The level with that id or alias.
  public static func level(named name: String) -> GridworldLevel? {
    levels.first { $0.id == name || $0.aliases.contains(name) }
  }

  private static let miniGridLevels: [GridworldLevel] =
    [5, 6, 8, 16].map { level("Empty-\($0)x\($0)", Empty(side: $0), "an empty room; the goal is in the far corner") }
    + [5, 6].map {
      level("Empty-Random-\($0)x\($0)", Empty(side: $0, randomStart: true), "an empty room; the agent starts anywhere")
    }
    + [5, 6, 8, 16].map {
      level("DoorKey-\($0)x\($0)", DoorKey(side: $0), "take the key, open the door, reach the goal")
    }
    + [5, 6, 7].map { level("LavaGapS\($0)", LavaGap(side: $0), "through the gap in a wall of lava") }
    + [(9, 1), (9, 2), (9, 3), (11, 5)].map {
      level(
        "LavaCrossingS\($0)N\($1)", Crossing(side: $0, crossings: $1, obstacle: .lava),
        "across \($1) river\($1 == 1 ? "" : "s") of lava")
    }
    + [(9, 1), (9, 2), (9, 3), (11, 5)].map {
      level(
        "SimpleCrossingS\($0)N\($1)", Crossing(side: $0, crossings: $1, obstacle: .wall),
        "through the openings in \($1) wall\($1 == 1 ? "" : "s")")
    }
    + [
      level("FourRooms", FourRooms(), "agent and goal anywhere in four rooms"),
      level("MultiRoom-N2-S4", MultiRoom(rooms: 2, largestRoom: 4), "through a chain of 2 small rooms"),
      level("MultiRoom-N4-S5", MultiRoom(rooms: 6, largestRoom: 5), "through a chain of 6 rooms (MiniGrid's id says 4)"),
      level(
        "MultiRoom-N4-S5-v1", MultiRoom(rooms: 4, largestRoom: 5), alias: "MiniGrid-MultiRoom-N4-S5-v1",
        "through a chain of 4 rooms"),
      level("MultiRoom-N6", MultiRoom(rooms: 6), "through a chain of 6 rooms"),
    ]
}
