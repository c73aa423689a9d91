/// What of a configuration a step reads: numbers alone, so that nothing is counted when it is handed on.
struct StepRules: Sendable {
  /// What is paid for.
  var task: NetHackConfiguration.Task
  var penalty: NetHackConfiguration.Penalty
  var penaltyStep, penaltyTime, winReward, loseReward, stairsReward: Double
  var asksAll, showsAll, unlocksByApply: Bool
  /// 0 for any number of steps.
  var stallLimit: Int

  /// Copies the numbers.
  init(_ configuration: NetHackConfiguration) {
    task = configuration.task
    penalty = configuration.penalty
    penaltyStep = configuration.penaltyStep
    penaltyTime = configuration.penaltyTime
    winReward = configuration.winReward
    loseReward = configuration.loseReward
    stairsReward = configuration.stairsReward
    asksAll = configuration.asksAll
    showsAll = configuration.showsAll
    unlocksByApply = configuration.unlocksByApply
    stallLimit = configuration.stallLimit
  }
}

/// What is remembered of an episode beside the game itself, for rewards and signals: a value of some hundred bytes.
///
/// It is copied with every snapshot; all but `explored`, which only Scout keeps, and the last map of a game that has
/// ended lies in the value itself.
struct Progress: Sendable {
  /// The status numbers by `Status`; those of the last moment in which the game had any.
  var status = SIMD32<Int32>(repeating: 0)
  /// The game's own count of nutrition.
  var nutrition: Int32 = 0
  /// Steps in a row in which the clock stood.
  var frozenSteps: Int32 = 0
  /// The greatest depth of the episode, from 1.
  var deepest: Int32 = 0
  /// Monsters that the player killed, by the game's own count.
  var kills: Int32 = 0
  /// Levels that the player was on.
  var levelsSeen: Int32 = 0
  /// Pits of the level that are left.
  var pits: Int32 = 0
  /// Bits of the configuration's events that have happened.
  var happened: UInt64 = 0
  /// A bit for each level, by dungeon (8) and number (64).
  var visited = SIMD8<UInt64>(repeating: 0)
  /// Whether the player stands on stairs that lead down.
  var onStairs = false
  /// Whether the last step led to a level for the first time.
  var isNewLevel = false
  /// The fault's number; 0 for none.
  var fault: UInt8 = 0
  /// Squares of the last map that show something; 0 while there is none.
  var squaresSeen: Int32 = 0
  /// Bits of the events of this step that its last message does not tell: those of pages that were answered, and death.
  var told: UInt32 = 0
  /// Whether the last message can tell that something was picked up.
  var picksUp = true
  /// Whether the game asks which of the things that are carried is meant.
  var asksThing = false
  /// The map's characters, then their colours, [2, 21, 79], as the game showed them when it ended; empty before.
  var lastMap: [UInt8] = []
  /// Squares that showed something when a level was last seen, by dungeon and number; empty where nobody asks.
  var explored: [UInt16] = []

  /// A status number by name.
  subscript(_ name: Status) -> Int32 { status[name.rawValue] }

  /// Notes the level that the player is on.
  mutating func visit() {
    let dungeon = Int(self[.dungeon]) & 7
    let bit = UInt64(1) << UInt64(self[.level] & 63)
    isNewLevel = visited[dungeon] & bit == 0
    if isNewLevel {
      visited[dungeon] |= bit
      levelsSeen += 1
    }
    deepest = max(deepest, self[.depth])
  }

  /// The number of the player's level among all.
  var levelNumber: Int { Int(self[.dungeon] & 7) * 64 + Int(self[.level] & 63) }
}
