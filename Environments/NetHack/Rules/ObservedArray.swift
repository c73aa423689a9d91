import ReinforcementLearning

/// One of the game's own arrays, numbered as the host numbers them, under NLE's name.
///
/// Shapes and element types are NLE's; as fields, codes get a last axis of one, and the 27 numbers of the
/// bottom lines are float32. A game keeps only the arrays that fields, rewards and prompts read.
enum ObservedArray: Int, CaseIterable, Sendable {
  case glyphs, chars, colors, specials, blstats, message, program_state, `internal`, inv_glyphs, inv_strs, inv_letters,
    inv_oclasses, screen_descriptions, tty_chars, tty_colors, tty_cursor, misc

  /// Of the map.
  static let rows = 21
  /// Of the map.
  static let columns = 79
  /// Bytes of a message.
  static let messageBytes = 256
  /// Of the terminal: message, map, two lines of numbers.
  static let terminalRows = 24
  /// Of the terminal.
  static let terminalColumns = 80

  /// NLE's name, as `fields=` takes it.
  var name: String { "\(self)" }

  /// As NLE has it, without the axis of one that codes get as fields.
  var shape: [Int] {
    switch self {
    case .glyphs, .chars, .colors, .specials: [Self.rows, Self.columns]
    case .blstats: [Status.allCases.count]
    case .message: [Self.messageBytes]
    case .program_state: [6]
    case .internal: [9]
    case .inv_glyphs, .inv_letters, .inv_oclasses: [55]
    case .inv_strs: [55, 80]
    case .screen_descriptions: [Self.rows, Self.columns, 80]
    case .tty_chars, .tty_colors: [Self.terminalRows, Self.terminalColumns]
    case .tty_cursor: [2]
    case .misc: [3]
    }
  }

  /// Bytes of one element in the game.
  var elementBytes: Int {
    switch self {
    case .glyphs, .inv_glyphs: 2
    case .blstats: 8
    case .program_state, .internal, .misc: 4
    default: 1
    }
  }

  /// Elements of the array.
  var count: Int { shape.reduce(1, *) }

  /// What codes mean in the game, if it has codes: how many there are.
  private var codes: Int? {
    switch self {
    case .glyphs, .inv_glyphs: Glyph.count + 1
    case .chars, .tty_chars, .specials: 256
    case .colors: 16
    case .tty_colors: 32
    case .inv_oclasses: 19
    case .inv_letters: 128
    default: nil
    }
  }

  /// The field of that name; codes have an axis of one code for themselves.
  var field: Field {
    switch self {
    case .message:
      return Field(name, shape: shape, element: .uint8, kind: .text, summary: summary)
    case .inv_strs, .screen_descriptions:
      return Field(name, shape: shape, element: .uint8, kind: .text, summary: summary)
    case .blstats:
      return Field(name, shape: shape, element: .float32, summary: summary)
    case .program_state, .internal, .misc:
      return Field(name, shape: shape, element: .int32, summary: summary)
    case .tty_cursor:
      return Field(name, shape: shape, element: .uint8, range: 0...80, summary: summary)
    default:
      let codes = codes!
      return Field(
        name, shape: shape + [1], element: elementBytes == 2 ? .int16 : .uint8, kind: .categorical([codes]),
        range: 0...Double(codes - 1), summary: summary)
    }
  }

  /// What the field holds, for listings.
  var summary: String {
    switch self {
    case .glyphs: "what lies on top of each square of the map: the game's own numbers"
    case .chars: "the map's characters, ASCII"
    case .colors: "the characters' colours"
    case .specials: "the characters' marks: pets, corpses, piles"
    case .blstats: "the bottom lines as numbers; the signals of their names are the same numbers"
    case .message: "the top line, UTF-8"
    case .program_state: "whether the game is over, panics, runs; for tools"
    case .internal: "prompts, stairs, hunger and more of the game's own; no player sees it"
    case .inv_glyphs: "what is carried: the game's own numbers"
    case .inv_strs: "what is carried: texts of 80 bytes"
    case .inv_letters: "what is carried: letters, ASCII, 0 for none"
    case .inv_oclasses: "what is carried: classes of objects, 18 for none"
    case .screen_descriptions: "what the game says of each square when asked, 80 bytes each; slow"
    case .tty_chars: "the terminal's characters, ASCII"
    case .tty_colors: "the terminal's colours, 8 for bright"
    case .tty_cursor: "row and column of the cursor"
    case .misc: "whether the game asks for a letter, a text, a space"
    }
  }

  /// Whether MiniHack has a view of it that is centred on the player.
  var canBeCropped: Bool {
    switch self {
    case .glyphs, .chars, .colors, .specials: true
    default: false
    }
  }
}

/// Ranges of the game's glyph numbers.
enum Glyph {
  /// Glyphs that there are; one more stands for none.
  static let count = 5976
  /// Pets are drawn with these.
  static let pets: Range<Int16> = 381..<762
  /// Dark or unknown: nothing is drawn.
  static let stone: Int16 = 2359
  /// Squares of a map that show something.
  ///
  /// - Complexity: O(glyphs); the sum is of the glyphs' own size, so that several are compared at once.
  static func shown(in glyphs: UnsafeBufferPointer<Int16>) -> Int {
    var dark: UInt16 = 0
    for glyph in glyphs { dark &+= glyph == stone ? 1 : 0 }
    return glyphs.count - Int(dark)
  }

  /// Doors that are closed, in either direction.
  static let closedDoors: ClosedRange<Int16> = 2374...2375
  /// The Oracle, a peaceful monster of a level between 5 and 9.
  static let oracle: Int16 = 270
}

/// The numbers of the bottom lines, in the order of NLE's `blstats`.
///
/// Each is also a signal of that name, int32. Before the first move and after the end the game's own are 0;
/// signals keep the last ones.
enum Status: Int, CaseIterable, Sendable {
  case x, y, strengthPercentage, strength, dexterity, constitution, intelligence, wisdom, charisma, score, hitPoints,
    maximumHitPoints, depth, gold, energy, maximumEnergy, armorClass, monsterLevel, experienceLevel, experiencePoints,
    turn,
    hunger, burden, dungeon, level, condition, alignment

  /// What the number counts, with its range where it has one.
  var summary: String {
    switch self {
    case .x: "column, 0 to 78"
    case .y: "row, 0 to 20"
    case .strengthPercentage: "strength as the bottom line has it: 18/xx counts 18 to 21"
    case .strength: "3 to 125: 18/01 to 18/** are 19 to 118"
    case .dexterity, .constitution, .intelligence, .wisdom, .charisma: "3 to 25"
    case .score: "the game's own estimate so far"
    case .hitPoints: "0 or less is death"
    case .maximumHitPoints, .energy, .maximumEnergy: "points"
    case .depth: "levels below the ground, 1 at the start"
    case .gold: "pieces carried"
    case .armorClass: "10 for none; less is better"
    case .monsterLevel: "of the monster that the player is turned into; 0 for none"
    case .experienceLevel: "1 to 30"
    case .experiencePoints: "points"
    case .turn: "the game's clock"
    case .hunger: "0 satiated, 1 not hungry, 2 hungry, 3 weak, 4 fainting"
    case .burden: "0 unencumbered to 5 overloaded"
    case .dungeon: "which dungeon: 0 the main one, 2 the mines"
    case .level: "the level's number in its dungeon"
    case .condition:
      """
      bits: stone, slime, strangled, poisoned, ill, blind, deaf, stunned, confused, dreaming, levitating, \
      flying, riding
      """
    case .alignment: "-1 chaotic, 0 neutral, 1 lawful"
    }
  }
}
