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
    }

    /// What a person would see: kept by the game, or drawn by a copy of it that is thrown away.
    ///
    /// - Complexity: A copy of the game is unpacked for it, so pictures cost far more than steps.
    private func terminal() -> Screen {
      let isKept = plan.pool.wanted >> UInt32(ObservedArray.tty_chars.rawValue) & 1 == 1
      return plan.pool.withCopy(resident) { game in
        let view = GameView(game: game)
        let isRunning = nethack_game_status(game) == GameStanding.running
        if !isKept && (!isRunning || view.asksLetter || view.asksText || view.asksSpace) { return map(view) }
        let message = Array(view.message)
        if !isKept { nethack_game_draw(game, Self.redrawKey) }
        var screen = Screen()
        screen.characters.withUnsafeMutableBytes { Self.read(.tty_chars, of: game, into: $0) }
        screen.colors.withUnsafeMutableBytes { Self.read(.tty_colors, of: game, into: $0) }
        if !isKept { Self.write(message, to: &screen) }
        return screen
      }
    }

    /// Control-R, which redraws and takes no time.
    private static let redrawKey: Int32 = 18

    /// Copies an array of the game.
    private static func read(_ array: ObservedArray, of game: OpaquePointer, into bytes: UnsafeMutableRawBufferPointer)
    {
      guard let source = nethack_game_field(game, Int32(array.rawValue)) else { return }
      bytes.copyMemory(from: UnsafeRawBufferPointer(start: source, count: bytes.count))
    }

    /// The map with the message above it and the numbers below, where the game waits for an answer and cannot draw.
    private func map(_ view: GameView) -> Screen {
      var screen = Screen()
      let colors = nethack_game_field(view.game, Int32(ObservedArray.colors.rawValue))!.assumingMemoryBound(
        to: UInt8.self)
      for row in 0..<ObservedArray.rows {
        for column in 0..<ObservedArray.columns {
          let place = (row + 1) * ObservedArray.terminalColumns + column
          screen.characters[place] = view.chars[row * ObservedArray.columns + column]
          screen.colors[place] = colors[row * ObservedArray.columns + column]
        }
      }
      Self.write(Array(view.message), to: &screen)
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
