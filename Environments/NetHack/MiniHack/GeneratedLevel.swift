import Groundwork

/// A level that is written here rather than read from a file: the rooms and mazes that MiniHack's generator writes.
///
/// The setting is a word and numbers: `room 5`, `room 15 random dark 3 monsters 15 traps`, `maze 9 mapped`.
///
/// Rooms are 3 to 74 squares wide and 3 to 19 high (a single number gives both), with at most 50 monsters and
/// 50 traps. The words of rooms, `random`, `dark`, `monsters` and `traps`, come in any order, numbers before
/// what they count, each once; that of mazes is `mapped`.
struct GeneratedLevel: Hashable, Sendable {
  /// An open room, or a maze that the level compiler draws.
  private enum Kind: Hashable { case room, maze }

  private var kind: Kind
  /// Squares of a room; columns of a maze.
  private var width: Int
  /// The same as the width unless the setting says WIDTHxHEIGHT.
  private var height: Int
  /// Whether start and stairs are anywhere, rather than in opposite corners.
  private var isRandom = false
  /// Whether the floor is seen from afar; a dark one only beside the player.
  private var isLit = true
  /// Whether the player knows the maze's map from the start.
  private var isMapped = false
  /// Drawn kinds in drawn places, 0 to 50.
  private var monsters = 0
  /// Traps that teleport, in drawn places, 0 to 50.
  private var traps = 0
  /// What was not understood.
  private var unknown: String?
  /// What would do nothing, and why.
  private var idle: String?

  /// Nil when the setting does not start with the word of a generated level.
  init?(_ setting: String) {
    var words = setting.split(separator: " ").map { String($0) }
    guard let first = words.first, first == "room" || first == "maze", words.count > 1 else { return nil }
    kind = first == "room" ? .room : .maze
    words.removeFirst()
    let size = words.removeFirst().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    // A size of three numbers is none.
    (width, height) = size.count > 2 ? (0, 0) : (size[0], size[size.count - 1])
    var number: Int?
    var said: Set<Substring> = []
    for word in words {
      // One monster is of the same kind as several.
      let name = word.hasSuffix("s") ? word.dropLast() : word[...]
      if Int(word) == nil, !said.insert(name).inserted { idle = "'\(word)' is said twice" }
      switch word {
      case "random": isRandom = true
      case "dark": isLit = false
      case "mapped": isMapped = true
      case "monsters", "monster": (monsters, number) = (number ?? 1, nil)
      case "traps", "trap": (traps, number) = (number ?? 1, nil)
      default:
        // A number stands before what it counts.
        if number != nil || Int(word) == nil { unknown = word }
        number = Int(word)
      }
    }
    if let number { unknown = String(number) }
    let others = kind == .room ? ["mapped"] : ["random", "dark", "monster", "trap"]
    if let other = others.first(where: { said.contains($0[...]) }) {
      idle = "'\(other)' does nothing in a \(kind)"
    }
  }

  /// The level's text.
  ///
  /// - Throws: `UserError` for words and sizes that make no level.
  func text() throws(UserError) -> String {
    let fix =
      "For example level=\"room 5\", \"room 15 random dark 3 monsters 15 traps\", \"maze 9\", \"maze 45x19 mapped\""
    if let unknown { throw UserError("'\(unknown)' is no word of a generated level", fix: fix) }
    if let idle { throw UserError(idle, fix: fix) }
    guard (3...74).contains(width), (3...19).contains(height), (0...50).contains(monsters), (0...50).contains(traps)
    else {
      throw UserError(
        "a level of \(width) x \(height) with \(monsters) monsters and \(traps) traps does not fit", fix: fix)
    }
    return kind == .room ? room : maze
  }

  /// What every generated level starts with: a floor in the middle of solid rock.
  private func floor(columns: Int, rows: Int, flags: String, light: String) -> String {
    let line = String(repeating: ".", count: columns)
    return """
      MAZE: "mylevel", ' '
      FLAGS:\(flags)
      INIT_MAP: solidfill,' '
      GEOMETRY:center,center
      MAP
      \(Array(repeating: line, count: rows).joined(separator: "\n"))
      ENDMAP
      REGION:(0,0,\(columns),\(rows)),\(light),"ordinary"

      """
  }

  /// MiniHack's `LevelGenerator` room: the stairs in the far corner and the start in the near one, unless both
  /// are drawn.
  private var room: String {
    var text = floor(columns: width, rows: height, flags: "hardfloor", light: isLit ? "lit" : "unlit")
    text += isRandom ? "STAIR:random,down\n" : "STAIR:(\(width - 1),\(height - 1)),down\nBRANCH:(0,0,0,0),(1,1,1,1)\n"
    text += String(repeating: "MONSTER:random,random\n", count: monsters)
    text += String(repeating: "TRAP:\"teleport\",random\n", count: traps)
    return text
  }

  /// MiniHack's maze: walls all around, ways drawn by NetHack's own `MAZEWALK`, the stairs anywhere.
  private var maze: String {
    let (columns, rows) = (width + 2, height + 2)
    var text = floor(columns: columns, rows: rows, flags: isMapped ? "hardfloor,premapped" : "hardfloor", light: "lit")
    text += "TERRAIN:rect (0,0,\(columns - 1),\(rows - 1)),'-'\n"
    text += "TERRAIN:fillrect (1,1,\(columns - 2),\(rows - 2)),' '\n"
    text += "MAZEWALK:(\(columns / 2),\(rows / 2)),east\nSTAIR:random,down\n"
    return text
  }
}
