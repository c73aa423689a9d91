#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost

  extension Progress {
    /// Keys that walk into a door before one gives up: unlocking takes turns, and a door that is unlocked must be
    /// opened.
    private static let pushes = 50

    /// Unlocks and opens the closed door beside the player with the key that is carried; nothing without both.
    mutating func unlock(_ view: GameView, _ rules: StepRules) {
      guard let letter = letterOfKey(view), let direction = directionOfDoor(view) else { return }
      for key in [UInt8(ascii: "a"), letter, direction] { nethack_game_step(view.game, Int32(key)) }
      _ = press(UInt8(ascii: "y"), view, rules)
      for _ in 0..<Self.pushes where nethack_game_status(view.game) == GameStanding.running {
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
        let text = (0..<80).map { texts[index * 80 + $0] }.prefix { $0 != 0 }
        if text.indices.contains(where: { text[$0...].starts(with: "key".utf8) }) { return letters[index] }
      }
      return nil
    }

    /// The key that walks to the first closed door around the player, row by row.
    private func directionOfDoor(_ view: GameView) -> UInt8? {
      let keys = Array("yku".utf8) + Array("h.l".utf8) + Array("bjn".utf8)
      let (x, y) = (Int(view.status[Status.x.rawValue]), Int(view.status[Status.y.rawValue]))
      for (index, key) in keys.enumerated() {
        let (row, column) = (y + index / 3 - 1, x + index % 3 - 1)
        guard (0..<ObservedArray.rows).contains(row), (0..<ObservedArray.columns).contains(column) else { continue }
        if Glyph.closedDoors.contains(view.glyphs[row * ObservedArray.columns + column]) { return key }
      }
      return nil
    }
  }
#endif
