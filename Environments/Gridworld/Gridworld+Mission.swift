extension Gridworld {
  /// The words of missions. Numbers 1 to 51 are those of MiniGrid's `DictObservationSpaceWrapper`, the rest is
  /// what BabyAI's language and the levels' missions need beyond; 0 pads.
  enum Word: UInt8, CaseIterable {
    case none
    case red, green, blue, yellow, purple, grey
    case unseen, empty, wall, floor, box, key, ball, door, goal, agent, lava
    case pick, avoid, get, find, put, use, open, go, fetch, reach, unlock, traverse
    case up, the, a, at, comma, square, and, then, to, of, rooms, near, opening, must, you, matching, end
    case hallway, object, from, room, maze
    case `in`, front, behind, on, your, left, right, next, after

    /// The words as UTF-8 by number, made once: a step writes them without a string.
    static let texts: [[UInt8]] = allCases.map {
      switch $0 {
      case .none: []
      case .comma: [UInt8(ascii: ",")]
      default: Array("\($0)".utf8)
      }
    }

    init(_ color: Color) {
      switch color {
      case .red: self = .red
      case .green: self = .green
      case .blue: self = .blue
      case .purple: self = .purple
      case .yellow: self = .yellow
      case .grey: self = .grey
      }
    }

    /// - Precondition: A door, key, ball or box.
    init(_ tile: Tile) {
      switch tile {
      case .door: self = .door
      case .key: self = .key
      case .ball: self = .ball
      default: self = .box
      }
    }
  }

  /// What the agent is told to do, as up to 64 words: text is only made where somebody asks for it.
  struct Mission: Hashable, Sendable {
    /// The words' numbers in order, padded with 0: the field `missionTokens` itself.
    private(set) var words = SIMD64<UInt8>(repeating: 0)
    /// Words in use, commas counted, 0 to 64.
    private(set) var count = 0

    init() {}

    /// A mission that never changes; the words are parted by spaces, commas stand alone.
    init(_ text: String) {
      for word in text.split(separator: " ") {
        let bytes = Array(word.utf8)
        guard let index = Word.texts.firstIndex(of: bytes), let word = Word(rawValue: UInt8(index)) else {
          preconditionFailure("'\(word)' is not a word of missions")
        }
        append(word)
      }
    }

    /// - Precondition: There are fewer than 64 words.
    mutating func append(_ word: Word) {
      precondition(count < words.scalarCount, "a mission has at most 64 words")
      words[count] = word.rawValue
      count += 1
    }

    mutating func append(_ words: Word...) { for word in words { append(word) } }

    mutating func append(contentsOf mission: Mission) {
      for index in 0..<mission.count { append(Word(rawValue: mission.words[index])!) }
    }

    /// Writes the text as UTF-8, cut to the bytes that there are and padded with zeros.
    func write(to bytes: inout MutableSpan<UInt8>) {
      var end = 0
      func put(_ byte: UInt8, _ bytes: inout MutableSpan<UInt8>) {
        guard end < bytes.count else { return }
        bytes[end] = byte
        end += 1
      }
      for index in 0..<count {
        if index > 0 && words[index] != Word.comma.rawValue { put(UInt8(ascii: " "), &bytes) }
        for byte in Word.texts[Int(words[index])] { put(byte, &bytes) }
      }
      while end < bytes.count { put(0, &bytes) }
    }

    /// The mission as MiniGrid says it: words parted by spaces, no space before a comma.
    var text: String {
      var text = ""
      for index in 0..<count {
        if index > 0 && words[index] != Word.comma.rawValue { text += " " }
        text += String(decoding: Word.texts[Int(words[index])], as: UTF8.self)
      }
      return text
    }
  }
}
