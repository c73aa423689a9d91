extension Gridworld {
  /// What a step did, for the `event` signal.
  enum Event: UInt8, Sendable {
    case none, pickedUp, dropped, opened, unlocked, closed, openedBox, reachedGoal, steppedIntoLava, collided

    /// The words, and whether the object follows them.
    private var verb: (words: StaticString, hasObject: Bool) {
      switch self {
      case .none: ("", false)
      case .pickedUp: ("picked up the ", true)
      case .dropped: ("dropped the ", true)
      case .opened, .openedBox: ("opened the ", true)
      case .unlocked: ("unlocked the ", true)
      case .closed: ("closed the ", true)
      case .reachedGoal: ("reached the goal", false)
      case .steppedIntoLava: ("stepped into lava", false)
      case .collided: ("ran into a ", true)
      }
    }

    /// Writes the event as UTF-8 and pads it with zeros; allocates nothing.
    func write(_ cell: Cell, to bytes: inout MutableSpan<UInt8>) {
      var end = 0
      func put(_ byte: UInt8, _ bytes: inout MutableSpan<UInt8>) {
        guard end < bytes.count else { return }
        bytes[end] = byte
        end += 1
      }
      let (words, hasObject) = verb
      for index in 0..<words.utf8CodeUnitCount { put(words.utf8Start[index], &bytes) }
      if hasObject {
        if cell.isPortable || cell.isDoor {
          for byte in Word.texts[Int(Word(cell.color).rawValue)] { put(byte, &bytes) }
          put(UInt8(ascii: " "), &bytes)
          for byte in Word.texts[Int(Word(cell.tile).rawValue)] { put(byte, &bytes) }
        } else {
          for byte in Word.texts[Int(Word.wall.rawValue)] { put(byte, &bytes) }
        }
      }
      while end < bytes.count { put(0, &bytes) }
    }
  }
}
