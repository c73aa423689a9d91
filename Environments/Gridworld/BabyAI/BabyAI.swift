internal import EnvironmentKit
import Groundwork

extension Gridworld {
  /// BabyAI's levels: rooms of equal size, objects that distract, and an instruction in a small language.
  ///
  /// A task is a function that draws a level and says the instruction; the parameters are shared by all tasks,
  /// and each task says which ones it reads. Success is what the instruction's verifier says.
  ///
  /// **Layout.** Square rooms of `roomSize` cells in rows and columns that share walls; where a task connects
  /// them, drawn doors are added until every room can be reached.
  ///
  /// **Mission.** One to four clauses: "go to", "open", "pick up" and "put ... next to", each about an object
  /// told by kind, by colour, by where it is from the start, or by some of these. "a" is said where several
  /// match, and any of them will do.
  ///
  /// **End.** Success when the verifier finds the instruction done; terminated without a reward where
  /// `isStrict` and the wrong thing was done; truncated after `limitFactor` roomSize² steps, else roomSize²
  /// steps for each room and each walk that the instruction needs, so that the limit, and with it the reward's
  /// scale, differs between episodes.
  ///
  /// **Source.** Chevalier-Boisvert et al. 2019, "BabyAI: A Platform to Study the Sample Efficiency of Grounded
  /// Language Learning" (arXiv 1810.08272); levels, draws, words and verifier as in minigrid 3.2.0.
  public struct BabyAI: Family {
    /// The family in a configuration; `task` says which of BabyAI's level classes is meant.
    public static let name = "BabyAI"

    /// What is drawn and said.
    ///
    /// Each line names the parameters that the task reads besides the rooms' size, rows and columns,
    /// `limitFactor` and, where it is named, `isStrict`. Rooms are told by column and row from 0.
    /// - `goToRedBall`: to the red ball among others (`distractors`, `greyDistractors`).
    /// - `goToRedBlueBall`: to the red or blue ball, the only one of either colour (`distractors`).
    /// - `goToObject`: to the only object.
    /// - `goToLocal`: to one of several objects in one room (`distractors`).
    /// - `goTo`: to one of several objects in a maze (`distractors`, `doorsOpen`).
    /// - `goToImplicitUnlock`: to an object in a locked room, of which the mission says nothing.
    /// - `goToDoor`: to one of the four doors of room 1, 1.
    /// - `goToObjectOrDoor`: to an object in that room or to one of its doors (`distractors`).
    /// - `open`: any door of a maze (`distractors`).
    /// - `openRedDoor`: the red door between rooms 0, 0 and 1, 0.
    /// - `openDoor`: one of four, told by its colour or by where it is (`selectBy`, `isStrict`).
    /// - `openTwoDoors`: the left one, then the right one (`colors`, `isStrict` for the first).
    /// - `openDoorsInOrder`: one of several, or two in a given order (`doors`, `isStrict`).
    /// - `pickUp`: an object of a maze in which all can be reached (`distractors`).
    /// - `unblockPickUp`: the same where something stands in the way of something (`distractors`).
    /// - `pickUpDistractor`: one told by kind, by colour or by both (`distractors`, `isStrict`).
    /// - `pickUpAbove`: the object in the room above the agent's.
    /// - `putNextLocal`: one object of the room beside another (`distractors`).
    /// - `putNext`: an object beside one of the other room, the wall between taken away (`distractors` of each
    ///   room, `startsCarrying`).
    /// - `moveTwoAcross`: one object from each room beside one of the other (`distractors` of each room).
    /// - `unlock`: a locked door of a maze whose key lies anywhere.
    /// - `unlockLocal`: a locked door whose key is in the room (`distractors`).
    /// - `keyInBox`: a locked door whose key is in a box.
    /// - `unlockPickUp`, `blockedUnlockPickUp`: a box behind a locked door, in the second with a ball before
    ///   that (`distractors`).
    /// - `unlockToUnlock`: a ball behind a locked door whose key is behind another.
    /// - `actOnObjectOrDoor`: go to, pick up or open one thing of room 1, 1 (`distractors`).
    /// - `findObject`: pick up the only object of a maze.
    /// - `keyCorridor`: MiniGrid's corridor, told in BabyAI's words.
    /// - `oneRoom`: pick up the ball of a single room.
    /// - `language`: a sentence that `language` draws (`distractors`, `language`).
    public enum Task: String, Codable, Hashable, Sendable, CaseIterable {
      case goToRedBall, goToRedBlueBall, goToObject, goToLocal, goTo, goToImplicitUnlock, goToDoor, goToObjectOrDoor
      case open, openRedDoor, openDoor, openTwoDoors, openDoorsInOrder
      case pickUp, unblockPickUp, pickUpDistractor, pickUpAbove
      case putNextLocal, putNext, moveTwoAcross
      case unlock, unlockLocal, keyInBox, unlockPickUp, blockedUnlockPickUp, unlockToUnlock
      case actOnObjectOrDoor, findObject, keyCorridor, oneRoom
      case language
    }

    /// What is drawn and said; which other parameters matter depends on it.
    public var task = Task.goToRedBall
    /// Side of a room, walls included, 4 (keyCorridor: 3) to 20.
    public var roomSize = 8
    /// Rows of rooms, 1 to 5.
    public var rows = 3
    /// Columns of rooms, 1 to 5.
    public var columns = 3
    /// Objects that are put anywhere, or into each of two rooms, 0 to 60.
    public var distractors = 18
    /// Steps of an episode in multiples of roomSize * roomSize; 0: the instruction's walks times the rooms.
    public var limitFactor = 0
    /// Whether the wrong object ends the episode.
    public var isStrict = false
    /// goToRedBall: whether all distractors are grey.
    public var greyDistractors = false
    /// goTo: whether all doors are open.
    public var doorsOpen = false
    /// putNext: whether the agent starts with the object that is to be moved.
    public var startsCarrying = false
    /// openDoor: "color", "location", or "" for either by a draw.
    public var selectBy = ""
    /// openTwoDoors: the colours of the doors; empty: drawn.
    public var colors: [Color] = []
    /// openDoorsInOrder: number of doors, 2 to 4.
    public var doors = 2
    /// What the task `language` may draw.
    public var language = Language()

    /// Go to the red ball among 18 objects in nine rooms; the levels with ids set what BabyAI's classes set.
    public init() {}

    /// A task in so many rooms of that size; what only some tasks read is set on the value.
    ///
    /// - Parameters:
    ///   - roomSize: Side of a room, walls included, 4 (keyCorridor: 3) to 20.
    ///   - distractors: Objects in all, or in each of two rooms.
    ///   - limitFactor: Steps in multiples of roomSize²; 0 lets the instruction say.
    public init(
      _ task: Task, roomSize: Int = 8, rows: Int = 3, columns: Int = 3, distractors: Int = 18, limitFactor: Int = 0,
      isStrict: Bool = false
    ) {
      self.task = task
      self.roomSize = roomSize
      self.rows = rows
      self.columns = columns
      self.distractors = distractors
      self.limitFactor = limitFactor
      self.isStrict = isStrict
    }

    /// The same with some parameters changed.
    func with(_ change: (inout BabyAI) -> Void) -> BabyAI {
      var copy = self
      change(&copy)
      return copy
    }

    /// (roomSize - 1) * columns + 1 by (roomSize - 1) * rows + 1 cells: rooms share walls.
    public var size: (width: Int, height: Int) { RoomGrid.size(roomSize: roomSize, rows: rows, columns: columns) }
    /// `limitFactor` times roomSize²; nil where each episode's instruction sets its own limit.
    public var timeLimit: Int? { limitFactor > 0 ? limitFactor * roomSize * roomSize : nil }
    /// Without a fixed limit that of the longest instruction: four clauses of two walks each through all rooms.
    public var longestTimeLimit: Int { timeLimit ?? 8 * roomSize * roomSize * rows * columns }

    /// The words where every episode has the same; nil where what is drawn is named.
    public var constantMission: String? {
      switch task {
      // Or "a red ball" where a distractor looks alike, which tells a policy nothing.
      case .goToRedBall: "go to the red ball"
      case .openRedDoor: "open the red door"
      case .unlockLocal, .keyInBox: "open the door"
      case .keyCorridor, .oneRoom, .unlockToUnlock: "pick up the ball"
      default: nil
      }
    }

    /// Words of the task's longest sentence; it sets the length of the field `missionTokens`.
    public var longestMission: Int {
      switch task {
      case .goToRedBall, .goToRedBlueBall, .goToObject, .goToLocal, .goTo, .goToImplicitUnlock, .goToDoor,
        .goToObjectOrDoor:
        5
      case .open, .openRedDoor, .unlock, .unlockLocal, .keyInBox: 4
      case .openDoor: 7
      case .openTwoDoors, .openDoorsInOrder: 10
      case .pickUp, .unblockPickUp, .pickUpDistractor, .pickUpAbove, .unlockPickUp, .blockedUnlockPickUp,
        .unlockToUnlock,
        .actOnObjectOrDoor, .findObject, .keyCorridor, .oneRoom:
        5
      case .putNextLocal, .putNext: 9
      case .moveTwoAcross: 20
      case .language: language.longestMission
      }
    }

    /// - Throws: `UserError` when a number is out of range, when the task's rooms do not exist, when the
    ///   objects would fill more than half of the cells, or when more than 15 of the 18 looks are to be
    ///   different.
    public func validate() throws {
      try require("roomSize", roomSize, in: (task == .keyCorridor ? 3 : 4)...20)
      try require("rows", rows, in: leastRooms.rows...5)
      try require("columns", columns, in: leastRooms.columns...5)
      try require("distractors", distractors, in: leastDistractors...60)
      try require("limitFactor", limitFactor, in: 0...10_000)
      try require("doors", doors, in: 2...4)
      guard ["", "color", "location"].contains(selectBy) else {
        throw UserError("selectBy = '\(selectBy)' selects no door", fix: "Use color, location or an empty text")
      }
      guard colors.isEmpty || colors.count == 2 else {
        throw UserError("\(colors.count) colours for two doors", fix: "Use two colours, or none for drawn ones")
      }
      let room = (roomSize - 2) * (roomSize - 2)
      let capacity = room * (isPerRoom ? 1 : rows * columns) / 2
      guard !readsDistractors || distractors <= max(1, capacity) else {
        throw UserError("\(distractors) distractors leave no room to walk", fix: "Use at most \(max(1, capacity))")
      }
      guard !isUnique || distractors <= 15 else {
        throw UserError("\(distractors) different distractors: there are 18 looks", fix: "Use at most 15")
      }
      try language.validate()
    }

    /// Whether the task looks at `distractors`; for others any number in range will do.
    private var readsDistractors: Bool {
      switch task {
      case .goToRedBall, .goToRedBlueBall, .goToLocal, .goTo, .goToObjectOrDoor, .open, .pickUp, .unblockPickUp,
        .pickUpDistractor, .putNextLocal, .putNext, .moveTwoAcross, .unlockLocal, .unlockPickUp, .blockedUnlockPickUp,
        .actOnObjectOrDoor, .language:
        true
      default: false
      }
    }

    /// Whether `distractors` counts for each of two rooms.
    private var isPerRoom: Bool { task == .putNext || task == .moveTwoAcross }
    /// Whether no two objects may look alike, of which there are only 18 looks: three kinds in six colours.
    private var isUnique: Bool {
      isPerRoom || [.goToObject, .pickUpDistractor, .putNextLocal, .actOnObjectOrDoor].contains(task)
    }

    /// Objects that the task's sentence needs.
    private var leastDistractors: Int {
      switch task {
      case .goToObject, .goToLocal, .goTo, .goToObjectOrDoor, .pickUp, .unblockPickUp, .pickUpDistractor, .putNext,
        .actOnObjectOrDoor:
        1
      case .putNextLocal, .moveTwoAcross: 2
      default: 0
      }
    }

    /// Rows and columns that the task needs for the rooms that it names.
    private var leastRooms: (rows: Int, columns: Int) {
      switch task {
      case .goToDoor, .goToObjectOrDoor, .openDoor, .openTwoDoors, .openDoorsInOrder, .pickUpAbove, .unlockLocal,
        .keyInBox,
        .actOnObjectOrDoor, .findObject:
        (3, 3)
      case .openRedDoor, .unlockPickUp, .blockedUnlockPickUp, .putNext, .moveTwoAcross: (1, 2)
      case .unlockToUnlock, .keyCorridor: (1, 3)
      case .open, .unlock, .goToImplicitUnlock: (1, 2)
      default: (1, 1)
      }
    }

    /// Draws the task's level and instruction, refuses what is done already or cannot be done, and sets the
    /// time limit.
    ///
    /// BabyAI's own order of draws, so that a seed gives its level. A refused draw starts anew, further along
    /// the stream.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.mission = Mission()
      world.rule = .instruction
      var sentence = try say(in: &world)
      try world.check(sentence.instruction, unblocking: sentence.unblocking, rooms: sentence.rooms)
      world.resolve(&sentence.instruction, rooms: sentence.rooms)
      world.instruction = sentence.instruction
      if world.plan.configuration.timeLimit == 0 && limitFactor == 0 {
        world.maxSteps = sentence.instruction.walks * roomSize * roomSize * rows * columns
      }
      if startsCarrying { world.takeFirstObject() }
    }

    /// What a task draws.
    struct Sentence {
      var instruction: Instruction
      var rooms: RoomGrid
      /// Whether keys of locked doors' colours must not be asked for.
      var unblocking = false

      init(_ instruction: Instruction, _ rooms: RoomGrid) {
        self.instruction = instruction
        self.rooms = rooms
      }

      init(_ clause: Clause, _ rooms: RoomGrid) { self.init(Instruction(clause), rooms) }
    }

    /// Draws the level of the task.
    private func say(in world: inout Gridworld) throws(LevelRejected) -> Sentence {
      var rooms = RoomGrid(roomSize: roomSize, rows: rows, columns: columns, in: &world)
      switch task {
      case .goToRedBall, .goToRedBlueBall, .goToObject, .goToLocal, .goTo, .goToImplicitUnlock, .goToDoor,
        .goToObjectOrDoor:
        return Sentence(try sayGoTo(&rooms, in: &world), rooms)
      case .open, .openRedDoor, .openDoor, .openTwoDoors, .openDoorsInOrder:
        return Sentence(try sayOpen(&rooms, in: &world), rooms)
      case .pickUp, .unblockPickUp, .pickUpDistractor, .pickUpAbove, .findObject, .oneRoom, .actOnObjectOrDoor:
        return Sentence(try sayPickUp(&rooms, in: &world), rooms)
      case .putNextLocal, .putNext, .moveTwoAcross:
        return Sentence(try sayPutNext(&rooms, in: &world), rooms)
      case .unlock, .unlockLocal, .keyInBox, .unlockPickUp, .blockedUnlockPickUp, .unlockToUnlock, .keyCorridor:
        return Sentence(try sayUnlock(&rooms, in: &world), rooms)
      case .language:
        var sentence = Sentence(try language.say(&rooms, distractors: distractors, in: &world), rooms)
        sentence.unblocking = language.unblocking
        return sentence
      }
    }
  }
}

extension Gridworld.Description {
  /// The look of an object: "the red ball".
  init(_ object: Gridworld.Cell) { self.init(tile: object.tile, color: object.color) }

  /// Any object of that kind.
  init(anyOf tile: Gridworld.Tile) { self.init(tile: tile) }
}
