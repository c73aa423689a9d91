#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost
  public import ReinforcementLearning

  extension NetHack: Drawable {
    /// The terminal, 24 x 80 characters in colour.
    public func sketch() -> Sketch {
      let screen = terminal()
      var sketch = Sketch(
        width: Float(ObservedArray.terminalColumns), height: Float(ObservedArray.terminalRows) * Self.cellHeight)
      sketch.shapes.append(
        .rectangle(corner: .init(0, 0), width: sketch.width, height: sketch.height, Sketch.Color(16, 16, 20)))
      for row in 0..<ObservedArray.terminalRows {
        var line: [Sketch.Character] = []
        for column in 0..<ObservedArray.terminalColumns {
          let place = row * ObservedArray.terminalColumns + column
          let code = screen.characters[place]
          let character = Character(Unicode.Scalar((32..<127).contains(code) ? code : 32))
          let color = Self.palette[Int(screen.colors[place]) & 15]
          line.append(Sketch.Character(character, color))
          if character != " " {
            let center = Sketch.Point(Float(column) + 0.5, (Float(row) + 0.5) * Self.cellHeight)
            sketch.shapes.append(.character(character, center: center, height: Self.cellHeight, color))
          }
        }
        sketch.board.append(line)
      }
      // The message above and the numbers below stay in sight; so does the player, or the start of a menu.
      (sketch.headRows, sketch.footRows) = (1, 2)
      sketch.focus =
        screen.isMenu
        ? .init(0, 0) : .init(Float(progress[.x]) + 0.5, (Float(progress[.y]) + 1.5) * Self.cellHeight)
      sketch.isPage = screen.isMenu && screen.endOfText > 1
      sketch.captions.append(
        "turn \(progress[.turn])   depth \(progress[.depth])   deepest \(progress.deepest)   kills \(progress.kills)")
      if progress.fault != 0 { sketch.captions.append("the game broke: fault \(progress.fault)") }
      return sketch
    }

    /// A column is one unit wide, so that where a unit is a whole number of pixels, each cell is.
    private static let cellHeight: Float = 2

    /// The 16 colours of a terminal; black is drawn as a dark blue, as NetHack's own window does.
    private static let palette: [Sketch.Color] = [
      .init(90, 90, 150), .init(205, 60, 60), .init(60, 180, 75), .init(190, 140, 60), .init(80, 110, 230),
      .init(180, 80, 190),
      .init(60, 180, 190), .init(200, 200, 200), .init(130, 130, 130), .init(255, 130, 90), .init(120, 250, 120),
      .init(255, 240, 110), .init(130, 160, 255), .init(255, 140, 255), .init(130, 250, 250), .init(255, 255, 255),
    ]

    /// [24, 80] characters and colours.
    private struct Screen {
      var characters = [UInt8](repeating: 32, count: ObservedArray.tty_chars.count)
      var colors = [UInt8](repeating: 7, count: ObservedArray.tty_colors.count)
      /// Whether the game shows a menu or a text over the map.
      var isMenu = false

      /// The last row that says that a text goes on or ends there; 0 for none.
      var endOfText: Int {
        let columns = ObservedArray.terminalColumns
        let rows = (0..<ObservedArray.terminalRows).map {
          String(decoding: characters[$0 * columns..<($0 + 1) * columns], as: UTF8.self)
        }
        let signs = ["(end)", "--More--"] + (1...9).flatMap { page in (page...9).map { "(\(page) of \($0))" } }
        return rows.lastIndex { row in signs.contains { row.contains($0) } } ?? 0
      }
    }

    /// What a person would see: kept by the game, or drawn by a copy of it that is thrown away.
    ///
    /// - Complexity: A copy of the game is unpacked for it, so pictures cost far more than steps.
    private func terminal() -> Screen {
      let isKept = FieldSource.keepsTerminal(plan.pool.wanted)
      return plan.pool.withCopy(resident) { game in
        // The game has wiped its screen and its arrays.
        guard nethack_game_status(game) != GameStanding.over else {
          return map(progress.lastMap, message: Self.cause(of: game))
        }
        if !isKept, let drawn = Self.drawn(game) { return drawn }
        let view = GameView(game: game)
        // It waits for an answer and cannot draw.
        guard isKept else { return map(view.map, message: Array(view.message)) }
        var screen = Self.screen(of: game)
        screen.isMenu = view.asksSpace
        return screen
      }
    }

    /// The screen of a game that does not keep it, drawn anew, with the message that would be lost; nil where the game
    /// waits for what cannot be left as if nothing had been. The game is not to be gone on with.
    private static func drawn(_ game: OpaquePointer) -> Screen? {
      let view = GameView(game: game)
      let (message, turn) = (Array(view.message), view.status[Status.turn.rawValue])
      guard nethack_game_status(game) == GameStanding.running, !view.asksText, !view.asksSpace else { return nil }
      if view.asksLetter {
        // A question for a letter is left without an answer, which mostly takes no time: what is seen is then the same.
        guard nethack_game_step(game, escapeKey) == GameStanding.running, view.isNormal, !view.asksLetter,
          !view.asksText, !view.asksSpace, view.status[Status.turn.rawValue] == turn
        else { return nil }
      }
      nethack_game_draw(game, redrawKey)
      var screen = Self.screen(of: game)
      let first = 0..<ObservedArray.terminalColumns
      screen.characters.replaceSubrange(first, with: repeatElement(32, count: first.count))
      write(message, to: &screen)
      return screen
    }

    /// The terminal's arrays as they are.
    private static func screen(of game: OpaquePointer) -> Screen {
      var screen = Screen()
      screen.characters.withUnsafeMutableBytes { read(.tty_chars, of: game, into: $0) }
      screen.colors.withUnsafeMutableBytes { read(.tty_colors, of: game, into: $0) }
      return screen
    }

    /// Control-R, which redraws and takes no time.
    private static let redrawKey: Int32 = 18
    private static let escapeKey: Int32 = 27

    /// Copies an array of the game.
    private static func read(_ array: ObservedArray, of game: OpaquePointer, into bytes: UnsafeMutableRawBufferPointer)
    {
      guard let source = nethack_game_field(game, Int32(array.rawValue)) else { return }
      bytes.copyMemory(from: UnsafeRawBufferPointer(start: source, count: bytes.count))
    }

    /// How the game ended, as its own log has it: `Killed by a jackal.`; empty where it wrote none.
    private static func cause(of game: OpaquePointer) -> [UInt8] {
      var count = 0
      guard let bytes = nethack_game_file(game, "/h/xlogfile", &count) else { return [] }
      let log = String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
      let name = "death="
      guard let field = log.split(whereSeparator: { $0 == "\t" || $0.isNewline }).last(where: { $0.hasPrefix(name) })
      else { return [] }
      let text = field.dropFirst(name.count)
      return Array((text.prefix(1).uppercased() + text.dropFirst() + ".").utf8)
    }

    /// A map, characters and then colours, with a message above it and the numbers below; an empty one is blank.
    private func map(_ map: [UInt8], message: [UInt8]) -> Screen {
      var screen = Screen()
      for square in 0..<map.count / 2 {
        let (row, column) = square.quotientAndRemainder(dividingBy: ObservedArray.columns)
        let place = (row + 1) * ObservedArray.terminalColumns + column
        screen.characters[place] = map[square]
        screen.colors[place] = map[square + map.count / 2]
      }
      Self.write(message, to: &screen)
      let abilities =
        "St:\(progress[.strengthPercentage]) Dx:\(progress[.dexterity]) Co:\(progress[.constitution]) "
        + "In:\(progress[.intelligence]) Wi:\(progress[.wisdom]) Ch:\(progress[.charisma]) S:\(progress[.score])"
      Self.write(Array(abilities.utf8), row: ObservedArray.terminalRows - 2, to: &screen)
      let numbers =
        "Dlvl:\(progress[.depth]) $:\(progress[.gold]) HP:\(progress[.hitPoints])(\(progress[.maximumHitPoints])) "
        + "Pw:\(progress[.energy])(\(progress[.maximumEnergy])) AC:\(progress[.armorClass]) "
        + "Xp:\(progress[.experienceLevel])/\(progress[.experiencePoints]) T:\(progress[.turn])"
      Self.write(Array(numbers.utf8), row: ObservedArray.terminalRows - 1, to: &screen)
      return screen
    }

    /// Puts a text into a row of the terminal, the first one for a message.
    private static func write(_ text: [UInt8], row: Int = 0, to screen: inout Screen) {
      for (column, code) in text.prefix(ObservedArray.terminalColumns).enumerated() {
        guard code != 0 else { break }
        screen.characters[row * ObservedArray.terminalColumns + column] = code
        screen.colors[row * ObservedArray.terminalColumns + column] = 7
      }
    }
  }
#endif
