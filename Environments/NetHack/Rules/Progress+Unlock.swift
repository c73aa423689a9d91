#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost

  extension Progress {
    /// Keys that walk into a door before one gives up: unlocking takes turns, and a door that is unlocked must be
    /// opened.
    private static let pushes = 50

    /// Unlocks and opens the closed door beside the player with the key that is carried; nothing without both.
    ///
    /// MiniHack's key rooms type these keys by themselves, so a policy there needs no letters.
    mutating func unlock(_ view: GameView, _ rules: StepRules) {
      guard let letter = letterOfKey(view), let direction = directionOfDoor(view) else { return }
      nethack_game_step(view.game, Int32(UInt8(ascii: "a")))
      nethack_game_step(view.game, Int32(letter))
      nethack_game_step(view.game, Int32(direction))
      _ = press(UInt8(ascii: "y"), view, rules)
      for _ in 0..<Self.pushes where nethack_game_status(view.game) == GameStanding.running {
        // What the key before led to is told by a message of its own.
        tell(view)
        _ = press(direction, view, rules)
        if directionOfDoor(view) == nil { return }
      }
    }

    /// The letter of the first thing carried whose name holds "key".
    private func letterOfKey(_ view: GameView) -> UInt8? {
      let letters = view.array(.inv_letters, as: UInt8.self)
      let texts = view.array(.inv_strs, as: UInt8.self)
      for index in 0..<ObservedArray.inv_letters.count {
        guard letters[index] != 0 else { return nil }
        let text = UnsafeBufferPointer(start: texts + index * 80, count: 80)
        var start = 0
        while start < 78, text[start] != 0 {
          let isKey = text[start] == UInt8(ascii: "k") && text[start + 1] == UInt8(ascii: "e")
          if isKey && text[start + 2] == UInt8(ascii: "y") { return letters[index] }
          start += 1
        }
      }
      return nil
    }

    /// The key that walks to the first closed door around the player, row by row.
    ///
    /// - Returns: Nil where no closed door is beside the player.
    private func directionOfDoor(_ view: GameView) -> UInt8? {
      let keys: StaticString = "ykuh.lbjn"
      let (x, y) = (Int(view.status[Status.x.rawValue]), Int(view.status[Status.y.rawValue]))
      for index in 0..<9 {
        let (row, column) = (y + index / 3 - 1, x + index % 3 - 1)
        guard (0..<ObservedArray.rows).contains(row), (0..<ObservedArray.columns).contains(column) else { continue }
        if Glyph.closedDoors.contains(view.glyphs[row * ObservedArray.columns + column]) {
          return keys.utf8Start[index]
        }
      }
      return nil
    }
  }
#endif
