extension Gridworld {
  /// A line of the table; the alias is BabyAI's id of that version.
  private static func baby(_ id: String, _ family: BabyAI, _ summary: String, version: Int = 0) -> GridworldLevel {
    GridworldLevel(
      id: "BabyAI-\(id)", aliases: ["BabyAI-\(id)-v\(version)"], summary: summary, configuration: Configuration(family))
  }

  /// A level of one room.
  private static func oneRoom(_ task: BabyAI.Task, roomSize: Int = 8, distractors: Int) -> BabyAI {
    BabyAI(task, roomSize: roomSize, rows: 1, columns: 1, distractors: distractors)
  }

  /// BabyAI's registered levels, each with the parameters that its class sets.
  static let babyAILevels: [GridworldLevel] =
    goToLevels + openLevels + pickUpLevels + putNextLevels + unlockLevels + languageLevels

  private static let goToLevels: [GridworldLevel] = {
    var levels: [GridworldLevel] = []
    levels += [
      baby(
        "GoToRedBallGrey", oneRoom(.goToRedBall, distractors: 7).with { $0.greyDistractors = true },
        "go to the red ball among grey objects"),
      baby("GoToRedBall", oneRoom(.goToRedBall, distractors: 7), "go to the red ball among others"),
      baby("GoToRedBallNoDists", oneRoom(.goToRedBall, distractors: 0), "go to the red ball"),
      baby("GoToRedBlueBall", oneRoom(.goToRedBlueBall, distractors: 7), "go to the red or the blue ball"),
      baby("GoToObj", oneRoom(.goToObject, distractors: 1), "go to the only object"),
      baby("GoToObjS4", oneRoom(.goToObject, roomSize: 4, distractors: 1), "go to the only object"),
      baby("GoToObjS6", oneRoom(.goToObject, roomSize: 6, distractors: 1), "go to the only object", version: 1),
      baby("GoToLocal", oneRoom(.goToLocal, distractors: 8), "go to one of 8 objects"),
    ]
    levels += [(5, 2), (6, 2), (6, 3), (6, 4), (7, 4), (7, 5), (8, 2), (8, 3), (8, 4), (8, 5), (8, 6), (8, 7)].map {
      baby("GoToLocalS\($0)N\($1)", oneRoom(.goToLocal, roomSize: $0, distractors: $1), "go to one of \($1) objects")
    }
    levels += [
      baby("GoTo", BabyAI(.goTo), "go to one of 18 objects in nine rooms"),
      baby("GoToOpen", BabyAI(.goTo).with { $0.doorsOpen = true }, "the same, with open doors"),
      baby("GoToObjMaze", BabyAI(.goTo, distractors: 1), "go to the only object in nine rooms"),
      baby("GoToObjMazeOpen", BabyAI(.goTo, distractors: 1).with { $0.doorsOpen = true }, "the same, with open doors"),
      baby(
        "GoToObjMazeS4R2", BabyAI(.goTo, roomSize: 4, rows: 2, columns: 2, distractors: 1), "the same in four rooms"),
    ]
    levels += [4, 5, 6, 7].map {
      baby("GoToObjMazeS\($0)", BabyAI(.goTo, roomSize: $0, distractors: 1), "go to the only object in nine rooms")
    }
    levels += [
      baby("GoToImpUnlock", BabyAI(.goToImplicitUnlock), "go to an object in a locked room"),
      baby("GoToDoor", BabyAI(.goToDoor, roomSize: 7), "go to one of four doors"),
      baby("GoToObjDoor", BabyAI(.goToObjectOrDoor, distractors: 8), "go to an object or a door"),
      baby(
        "ActionObjDoor", BabyAI(.actOnObjectOrDoor, roomSize: 7, distractors: 5), "go to, open or pick up one thing"),
    ]
    return levels
  }()

  private static let openLevels: [GridworldLevel] = {
    var levels: [GridworldLevel] = []
    levels += [
      baby("Open", BabyAI(.open), "open a door in nine rooms"),
      baby("OpenRedDoor", BabyAI(.openRedDoor, roomSize: 5, rows: 1, columns: 2, distractors: 0), "open the red door"),
      baby("OpenDoor", BabyAI(.openDoor), "open one of four doors"),
      baby("OpenDoorDebug", BabyAI(.openDoor, isStrict: true), "the same, and no other"),
      baby("OpenDoorColor", BabyAI(.openDoor).with { $0.selectBy = "color" }, "open the door of a colour"),
      baby("OpenDoorLoc", BabyAI(.openDoor).with { $0.selectBy = "location" }, "open the door in a place"),
      baby("OpenTwoDoors", BabyAI(.openTwoDoors, roomSize: 6, limitFactor: 20), "open two doors in order"),
    ]
    levels += [false, true].map { isStrict in
      baby(
        "OpenRedBlueDoors" + (isStrict ? "Debug" : ""),
        BabyAI(.openTwoDoors, roomSize: 6, limitFactor: 20, isStrict: isStrict).with { $0.colors = [.red, .blue] },
        "open the red door, then the blue one")
    }
    levels += [(2, false), (4, false), (2, true), (4, true)].map { doors, isStrict in
      baby(
        "OpenDoorsOrderN\(doors)" + (isStrict ? "Debug" : ""),
        BabyAI(.openDoorsInOrder, roomSize: 6, limitFactor: 20, isStrict: isStrict).with { $0.doors = doors },
        "open one or two of \(doors) doors in the order that is said")
    }
    return levels
  }()

  private static let pickUpLevels: [GridworldLevel] = {
    var levels: [GridworldLevel] = []
    levels += [
      baby("Pickup", BabyAI(.pickUp), "pick up one of 18 objects in nine rooms"),
      baby("UnblockPickup", BabyAI(.unblockPickUp, distractors: 20), "pick up an object, perhaps from behind another"),
      baby(
        "PickupLoc",
        oneRoom(.language, distractors: 8).with {
          $0.language.lockedRoomProbability = 0
          $0.language.unblocking = false
          $0.language.verbs = [.pickUp]
          $0.language.forms = [.action]
        }, "pick up an object told by its place"),
      baby("PickupDist", oneRoom(.pickUpDistractor, roomSize: 7, distractors: 5), "pick up one of five objects"),
      baby(
        "PickupDistDebug", oneRoom(.pickUpDistractor, roomSize: 7, distractors: 5).with { $0.isStrict = true },
        "the same, and no other"),
      baby("PickupAbove", BabyAI(.pickUpAbove, roomSize: 6, limitFactor: 8), "pick up the object in the room above"),
    ]
    levels += [8, 12, 16, 20].map {
      baby("OneRoomS\($0)", oneRoom(.oneRoom, roomSize: $0, distractors: 0), "pick up the ball")
    }
    levels += [5, 6, 7].map {
      baby("FindObjS\($0)", BabyAI(.findObject, roomSize: $0, limitFactor: 20), "find the only object and pick it up")
    }
    return levels
  }()

  private static let putNextLevels: [GridworldLevel] = {
    var levels: [GridworldLevel] = []
    levels += [(8, 8, ""), (5, 3, "S5N3"), (6, 4, "S6N4")].map { roomSize, objects, suffix in
      baby(
        "PutNextLocal" + suffix, oneRoom(.putNextLocal, roomSize: roomSize, distractors: objects),
        "put one of \(objects) objects next to another")
    }
    levels += [
      (4, 1, false), (5, 1, false), (5, 2, false), (6, 3, false), (7, 4, false), (5, 2, true), (6, 3, true),
      (7, 4, true),
    ].map {
      roomSize, objects, carries in
      baby(
        "PutNextS\(roomSize)N\(objects)" + (carries ? "Carrying" : ""),
        BabyAI(.putNext, roomSize: roomSize, rows: 1, columns: 2, distractors: objects, limitFactor: 8)
          .with { $0.startsCarrying = carries },
        "put \(carries ? "the carried object" : "an object") next to one in the other room")
    }
    levels += [(5, 2), (8, 9)].map {
      baby(
        "MoveTwoAcrossS\($0)N\($1)",
        BabyAI(.moveTwoAcross, roomSize: $0, rows: 1, columns: 2, distractors: $1, limitFactor: 16),
        "put two objects next to others in the other room")
    }
    return levels
  }()

  private static let unlockLevels: [GridworldLevel] = {
    var levels: [GridworldLevel] = []
    levels += [
      baby("Unlock", BabyAI(.unlock), "find the key and open the door in nine rooms"),
      baby("UnlockLocal", BabyAI(.unlockLocal, distractors: 0), "open the door with the key in the room"),
      baby("UnlockLocalDist", BabyAI(.unlockLocal, distractors: 3), "the same among other objects"),
      baby("KeyInBox", BabyAI(.keyInBox, distractors: 0), "open the door with the key in the box"),
      baby(
        "UnlockPickup", BabyAI(.unlockPickUp, roomSize: 6, rows: 1, columns: 2, distractors: 0),
        "take the box behind the locked door"),
      baby(
        "UnlockPickupDist", BabyAI(.unlockPickUp, roomSize: 6, rows: 1, columns: 2, distractors: 4),
        "the same among other objects"),
      baby(
        "BlockedUnlockPickup",
        BabyAI(.blockedUnlockPickUp, roomSize: 6, rows: 1, columns: 2, distractors: 0, limitFactor: 16),
        "the same, with a ball before the door"),
      baby(
        "UnlockToUnlock", BabyAI(.unlockToUnlock, roomSize: 6, rows: 1, columns: 3, distractors: 0, limitFactor: 30),
        "unlock a room to find the key of another"),
      baby(
        "KeyCorridor", BabyAI(.keyCorridor, roomSize: 6, distractors: 0, limitFactor: 30),
        "find the key, unlock the door, take the ball"),
    ]
    levels += [(3, 1), (3, 2), (3, 3), (4, 3), (5, 3), (6, 3)].map {
      baby(
        "KeyCorridorS\($0)R\($1)", BabyAI(.keyCorridor, roomSize: $0, rows: $1, distractors: 0, limitFactor: 30),
        "find the key, unlock the door, take the ball")
    }
    return levels
  }()

  /// Levels that draw their sentences.
  private static func spoken(
    _ base: BabyAI = BabyAI(.language), _ change: (inout Language) -> Void = { _ in }
  ) -> BabyAI {
    base.with { change(&$0.language) }
  }

  private static let languageLevels: [GridworldLevel] = [
    baby("GoToSeq", spoken { goToSequence(&$0) }, "go to up to four things in order"),
    baby(
      "GoToSeqS5R2", spoken(BabyAI(.language, roomSize: 5, rows: 2, columns: 2, distractors: 4)) { goToSequence(&$0) },
      "the same in four small rooms"),
    baby("Synth", spoken { synthetic(&$0) }, "any one clause"),
    baby(
      "SynthS5R2", spoken(BabyAI(.language, roomSize: 5, rows: 2)) { synthetic(&$0) }, "the same in six small rooms"),
    baby(
      "SynthLoc",
      spoken {
        synthetic(&$0)
        $0.locations = true
      }, "any one clause, objects told by their places too"),
    baby("SynthSeq", spoken { $0.implicitUnlock = false }, "any sentence, the locked room left out"),
    baby(
      "MiniBossLevel",
      spoken(BabyAI(.language, roomSize: 5, rows: 2, columns: 2, distractors: 7)) { $0.lockedRoomProbability = 0.25 },
      "any sentence in four small rooms"),
    baby("BossLevel", spoken(), "any sentence in nine rooms, one perhaps locked"),
    baby(
      "BossLevelNoUnlock",
      spoken {
        $0.lockedRoomProbability = 0
        $0.implicitUnlock = false
      }, "any sentence in nine rooms, none locked"),
  ]

  /// BabyAI's `GoToSeq`: walks alone, no places, nothing locked.
  private static func goToSequence(_ language: inout Language) {
    language.lockedRoomProbability = 0
    language.locations = false
    language.unblocking = false
    language.verbs = [.goTo]
  }

  /// BabyAI's `Synth`: single clauses about anything but the locked room.
  private static func synthetic(_ language: inout Language) {
    language.locations = false
    language.implicitUnlock = false
    language.forms = [.action]
  }
}
