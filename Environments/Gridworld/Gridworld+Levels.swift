/// A level that has an id.
public struct GridworldLevel: Sendable {
  /// The id without the catalog's "gridworld/", for example "DoorKey-8x8".
  public var id: String
  /// MiniGrid's and BabyAI's ids of the same level.
  public var aliases: [String]
  /// One line for listings.
  public var summary: String
  /// What MiniGrid's or BabyAI's registration passes to the class, as a family with parameters and default
  /// options.
  public var configuration: Gridworld.Configuration
}

extension Gridworld {
  /// All levels that have an id: MiniGrid's first, then BabyAI's, then our own.
  public static let levels: [GridworldLevel] = miniGridLevels + roomGridLevels + babyAILevels + [
    GridworldLevel(
      id: "DeceptiveCorridor", aliases: [],
      summary: "a long winding corridor to the goal, and a small reward near the start that ends the episode",
      configuration: Configuration(DeceptiveCorridor())),
    GridworldLevel(
      id: "Map", aliases: [], summary: "a map of one's own (--set map=FILE); by default two rooms, a key and lava",
      configuration: Configuration(CustomMap()))
  ]

  /// The level with that id or alias.
  public static func level(named name: String) -> GridworldLevel? {
    levels.first { $0.id == name || $0.aliases.contains(name) }
  }

  /// A line of the table; the alias is MiniGrid's id of version 0 unless the id ends in a version of its own.
  static func level(_ id: String, _ family: any Family, _ summary: String) -> GridworldLevel {
    let alias = id.hasSuffix("-v1") ? "MiniGrid-\(id)" : "MiniGrid-\(id)-v0"
    return GridworldLevel(id: id, aliases: [alias], summary: summary, configuration: Configuration(family))
  }

  /// MiniGrid's levels of one or few rooms, with what its registrations pass to their classes.
  private static let miniGridLevels: [GridworldLevel] = {
    var levels: [GridworldLevel] = []
    levels += [5, 6, 8, 16].map {
      level("Empty-\($0)x\($0)", Empty(side: $0), "an empty room; the goal is in the far corner")
    }
    levels += [5, 6].map {
      level("Empty-Random-\($0)x\($0)", Empty(side: $0, randomStart: true), "an empty room; the agent starts anywhere")
    }
    levels += [5, 6, 8, 16].map {
      level("DoorKey-\($0)x\($0)", DoorKey(side: $0), "take the key, open the door, reach the goal")
    }
    levels += [5, 6, 7].map { level("LavaGapS\($0)", LavaGap(side: $0), "through the gap in a wall of lava") }
    levels += [(9, 1), (9, 2), (9, 3), (11, 5)].map {
      level(
        "LavaCrossingS\($0)N\($1)", Crossing(side: $0, crossings: $1, obstacle: .lava),
        "across \($1) river\($1 == 1 ? "" : "s") of lava")
    }
    levels += [(9, 1), (9, 2), (9, 3), (11, 5)].map {
      level(
        "SimpleCrossingS\($0)N\($1)", Crossing(side: $0, crossings: $1, obstacle: .wall),
        "through the openings in \($1) wall\($1 == 1 ? "" : "s")")
    }
    levels += [
      level("DistShift1", DistShift(secondStrip: 2), "past two strips of lava, side by side"),
      level("DistShift2", DistShift(secondStrip: 5), "past two strips of lava, the second moved"),
    ]
    levels += [(5, 2), (6, 3), (8, 4), (16, 8)].map {
      level("Dynamic-Obstacles-\($0)x\($0)", DynamicObstacles(side: $0, balls: $1), "past \($1) moving balls")
    }
    levels += [(5, 2), (6, 3)].map {
      level(
        "Dynamic-Obstacles-Random-\($0)x\($0)", DynamicObstacles(side: $0, balls: $1, randomStart: true),
        "past \($1) moving balls, from anywhere")
    }
    levels += [
      level("FourRooms", FourRooms(), "agent and goal anywhere in four rooms"),
      level("MultiRoom-N2-S4", MultiRoom(rooms: 2, largestRoom: 4), "through a chain of 2 small rooms"),
      level("MultiRoom-N4-S5", MultiRoom(rooms: 6, largestRoom: 5), "through a chain of 6 rooms (the id says 4)"),
      level("MultiRoom-N4-S5-v1", MultiRoom(rooms: 4, largestRoom: 5), "through a chain of 4 rooms"),
      level("MultiRoom-N6", MultiRoom(rooms: 6), "through a chain of 6 rooms"),
      level("LockedRoom", LockedRoom(), "find the key that the mission names, then the locked room"),
    ]
    levels += [7, 9, 11, 13].map {
      level("MemoryS\($0)", Memory(side: $0), "go to the object like the one at the start")
    }
    levels += [13, 17].map {
      level("MemoryS\($0)Random", Memory(side: $0, randomLength: true), "the same, with a corridor of drawn length")
    }
    levels += [6, 8].map {
      level("RedBlueDoors-\($0)x\($0)", RedBlueDoors(side: $0), "open the red door, then the blue one")
    }
    levels += [(5, 2), (6, 2), (8, 3)].map {
      level("Fetch-\($0)x\($0)-N\($1)", Fetch(side: $0, objects: $1), "pick up the object that the mission names")
    }
    levels += [5, 6, 8].map { level("GoToDoor-\($0)x\($0)", GoToDoor(side: $0), "say done beside the named door") }
    levels += [6, 8].map {
      level("GoToObject-\($0)x\($0)-N2", GoToObject(side: $0), "say done beside the named object")
    }
    levels += [(6, 2), (8, 3)].map {
      level("PutNear-\($0)x\($0)-N\($1)", PutNear(side: $0, objects: $1), "put one named object near another")
    }
    levels += [level("Playground", Playground(), "nine rooms, twelve objects and nothing to achieve")]
    return levels
  }()

  /// MiniGrid's levels that are made of equal rooms.
  private static let roomGridLevels: [GridworldLevel] = {
    var levels: [GridworldLevel] = []
    levels += [
      level("Unlock", Unlock(.openDoor), "open the locked door"),
      level("UnlockPickup", Unlock(.pickUpBox), "take the box behind the locked door"),
      level("BlockedUnlockPickup", Unlock(.pickUpBoxPastBall), "the same, with a ball before the door"),
    ]
    levels += [(3, 1), (3, 2), (3, 3), (4, 3), (5, 3), (6, 3)].map {
      level(
        "KeyCorridorS\($0)R\($1)", KeyCorridor(roomSize: $0, rows: $1), "find the key, unlock the door, take the ball")
    }
    levels += [("1Dl", false, false), ("1Dlh", true, false), ("1Dlhb", true, true)].map {
      level(
        "ObstructedMaze-\($0)",
        ObstructedMaze(quarters: 0, keysInBoxes: $1, blocked: $2, agentRoom: [0, 0], roomsOnTheWay: 2),
        "take the blue ball behind a locked door")
    }
    levels += [
      ("2Dl", 1, false, false, 2, 4), ("2Dlh", 1, true, false, 2, 4), ("2Dlhb", 1, true, true, 2, 4),
      ("1Q", 1, true, true, 1, 5), ("2Q", 2, true, true, 2, 11), ("Full", 4, true, true, 1, 25),
    ].flatMap { (name: String, quarters: Int, inBoxes: Bool, blocked: Bool, column: Int, count: Int) in
      // MiniGrid's version 1 exists where balls stand before doors.
      (blocked ? [false, true] : [false]).map { isSecond in
        level(
          "ObstructedMaze-\(name)" + (isSecond ? "-v1" : ""),
          ObstructedMaze(
            quarters: quarters, keysInBoxes: inBoxes, blocked: blocked, agentRoom: [column, 1], roomsOnTheWay: count,
            keysAfterDoors: isSecond),
          "take the blue ball in one of \(quarters) quarter\(quarters == 1 ? "" : "s") of a maze")
      }
    }
    return levels
  }()
}
