import Groundwork
import ReinforcementLearning

/// A key that the game is sent, under the name that actions have.
struct Key: Hashable, Sendable {
  /// As the action is named.
  var name: String
  /// The byte that the game reads.
  var code: UInt8

  /// A key by the code that the game reads.
  init(_ name: String, _ code: UInt8) {
    self.name = name
    self.code = code
  }

  /// By which a person presses it.
  var pressed: ActionKey {
    func character(_ code: UInt8) -> Character { Character(Unicode.Scalar(code)) }
    return switch code {
    case 13: .enter
    case 27: .escape
    case 0x80...: .alt(character(code & 0x7f))
    case ..<32: .control(character(code | 0x60))
    default: .character(character(code))
    }
  }

  /// Whether a key shows what is carried, or exchanges what is held for it, and asks for no letter: nothing is picked
  /// up.
  static func looks(_ code: UInt8) -> Bool {
    switch code {
    case UInt8(ascii: "*"), UInt8(ascii: "\""), UInt8(ascii: "["), UInt8(ascii: "="), UInt8(ascii: "("),
      UInt8(ascii: ")"), UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "x"):
      true
    default: false
    }
  }

  /// The key of a character, with the control or the meta key where a command needs one.
  private static func key(_ name: String, _ character: Unicode.Scalar, _ modifier: Modifier = .none) -> Key {
    let code = UInt8(character.value)
    switch modifier {
    case .none: return Key(name, code)
    case .control: return Key(name, code & 0x1f)
    case .meta: return Key(name, code | 0x80)
    }
  }

  /// Control takes a character's low five bits, meta sets the eighth.
  private enum Modifier { case none, control, meta }

  /// One step in the eight directions, in NLE's order: north, east, south, west, then the diagonals.
  static let compass = [
    key("north", "k"), key("east", "l"), key("south", "j"), key("west", "h"), key("northeast", "u"),
    key("southeast", "n"),
    key("southwest", "b"), key("northwest", "y"),
  ]

  /// The same directions, as far as it goes.
  static let longCompass = [
    key("farNorth", "K"), key("farEast", "L"), key("farSouth", "J"), key("farWest", "H"), key("farNortheast", "U"),
    key("farSoutheast", "N"), key("farSouthwest", "B"), key("farNorthwest", "Y"),
  ]

  /// Stairs up and down, and waiting a turn.
  static let otherDirections = [key("up", "<"), key("down", ">"), key("wait", ".")]

  /// Return, which goes on after `--More--`.
  static let more = Key("more", 13)
  static let space = Key("space", 32)
  /// Leaves a prompt without an answer.
  static let escape = Key("escape", 27)

  /// NLE's `Command`s in its order.
  static let commands = [
    key("extendedCommand", "#"), key("extendedList", "?", .meta), key("adjust", "a", .meta),
    key("annotate", "A", .meta),
    key("apply", "a"), key("attributes", "x", .control), key("autopickup", "@"), key("call", "C"), key("cast", "Z"),
    key("chat", "c", .meta), key("close", "c"), key("conduct", "C", .meta), key("dip", "d", .meta), key("drop", "d"),
    key("dropType", "D"), key("eat", "e"), key("engrave", "E"), key("enhance", "e", .meta), escape, key("fight", "F"),
    key("fire", "f"), key("force", "f", .meta), key("glance", ";"), key("history", "V"), key("inventory", "i"),
    key("inventoryType", "I"), key("invoke", "i", .meta), key("jump", "j", .meta), key("kick", "d", .control),
    key("known", "\\"), key("knownClass", "`"), key("look", ":"), key("loot", "l", .meta), key("monster", "m", .meta),
    key("move", "m"), key("moveFar", "M"), key("offer", "o", .meta), key("open", "o"), key("options", "O"),
    key("overview", "o", .control), key("pay", "p"), key("pickup", ","), key("pray", "p", .meta), key("putOn", "P"),
    key("quaff", "q"), key("quit", "q", .meta), key("quiver", "Q"), key("read", "r"), key("redraw", "r", .control),
    key("remove", "R"), key("ride", "R", .meta), key("rub", "r", .meta), key("rush", "g"), key("rush2", "G"),
    key("save", "S"),
    key("search", "s"), key("seeAll", "*"), key("seeAmulet", "\""), key("seeArmor", "["), key("seeGold", "$"),
    key("seeRings", "="), key("seeSpells", "+"), key("seeTools", "("), key("seeTrap", "^"), key("seeWeapon", ")"),
    key("shell", "!"), key("sit", "s", .meta), key("swap", "x"), key("takeOff", "T"), key("takeOffAll", "A"),
    key("teleport", "t", .control), key("throw", "t"), key("tip", "T", .meta), key("travel", "_"),
    key("turn", "t", .meta),
    key("twoWeapon", "X"), key("untrap", "u", .meta), key("version", "v", .meta), key("versionShort", "v"),
    key("wear", "W"),
    key("whatDoes", "&"), key("whatIs", "/"), key("wield", "w"), key("wipe", "w", .meta), key("zap", "z"),
  ]

  /// What answers prompts: signs, space, quotes, digits.
  static let characters =
    [key("plus", "+"), key("minus", "-"), space, key("apostrophe", "'"), key("quote", "\"")]
    + (0...9).map { Key("digit\($0)", UInt8(48 + $0)) } + [key("dollar", "$")]

  /// All 121, in the order of NLE's `ACTIONS`.
  static let all = compass + longCompass + otherDirections + [more] + commands + characters

  /// The first key of that name.
  static func named(_ name: String) -> Key? { all.first { $0.name == name } }

  /// Those commands, in the order in which they are named.
  static func commands(_ names: String...) -> [Key] { names.map { named($0)! } }
}

/// A set of keys that may be chosen by name.
public enum ActionSet: String, Sendable, CaseIterable {
  /// The 23 of NLE's tasks: moving, stairs, waiting, and the keys `more`, `kick`, `eat`, `search`.
  case task
  /// All 121.
  case all
  /// The 86 that NLE calls useful: without those that only concern the interface.
  case useful
  /// Those without `up`: MiniHack's own set.
  case skill
  /// The eight directions.
  case compass
  /// Those with `open`, `kick`, `search`: what MiniHack's corridors are walked with.
  case navigation
  /// Those with `eat`.
  case maze
  /// The eight directions with `pickup` and `apply`.
  case keyRoom
  /// What crosses lava: directions, `pickup`, `zap`, `wear`, `apply`, `quaff`, `putOn`, `fire`, `read`.
  case crossing

  /// The set's keys in the order that numbers the actions.
  var keys: [Key] {
    switch self {
    case .task:
      [Key.more] + Key.compass + Key.longCompass + Key.otherDirections + Key.commands("kick", "eat", "search")
    case .all: Key.all
    case .useful: Self.usefulKeys
    case .skill: Self.usefulKeys.filter { $0.name != "up" }
    case .compass: Key.compass
    case .navigation: Key.compass + Key.commands("open", "kick", "search")
    case .maze: Key.compass + Key.commands("open", "kick", "search", "eat")
    case .keyRoom: Key.compass + Key.commands("pickup", "apply")
    case .crossing:
      Key.compass + Key.commands("pickup", "zap", "wear", "apply", "quaff", "putOn", "fire", "read")
    }
  }

  /// All keys but those that only show or change the interface, save, quit, or need wizard mode.
  private static let usefulKeys: [Key] = {
    let interface: Set<String> = [
      "extendedCommand", "extendedList", "annotate", "autopickup", "conduct", "glance", "history", "known",
      "knownClass",
      "options", "overview", "quit", "redraw", "save", "seeAll", "seeAmulet", "seeGold", "seeSpells", "teleport",
      "travel",
      "whatDoes", "whatIs", "version",
    ]
    let commands = Key.commands.filter { !interface.contains($0.name) }
    return Key.compass + Key.longCompass + Key.otherDirections + [.more] + commands
      + Key.commands("plus", "quote", "dollar", "space")
  }()

  /// The keys that a setting names: a set's name, or names of keys with commas between them.
  ///
  /// - Throws: `UserError` for a name that is neither.
  static func keys(of setting: String) throws(UserError) -> [Key] {
    if let set = ActionSet(rawValue: setting) { return set.keys }
    var keys: [Key] = []
    for name in setting.split(separator: ",") {
      guard let key = Key.named(String(name)) else {
        throw UserError.unknown(
          "action", String(name), among: ActionSet.allCases.map(\.rawValue) + Key.all.map(\.name),
          hint:
            """
            actions= takes keys with commas between, or a set: \
            \(ActionSet.allCases.map(\.rawValue).joined(separator: ", "))
            """
        )
      }
      guard !keys.contains(key) else { throw UserError("actions= names '\(name)' twice", fix: "Name each key once") }
      keys.append(key)
    }
    guard !keys.isEmpty else { throw UserError("actions= names no key", fix: "Name a set, for example actions=task") }
    return keys
  }
}
