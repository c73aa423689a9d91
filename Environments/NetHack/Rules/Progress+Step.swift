#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost
  import ReinforcementLearning

  /// The arrays that rewards and prompts read, in place.
  struct GameView {
    /// The live game, which nobody else uses meanwhile.
    let game: OpaquePointer

    /// An array in the game's own memory; it changes with every key.
    func array<Element>(_ array: ObservedArray, as type: Element.Type) -> UnsafePointer<Element> {
      nethack_game_field(game, Int32(array.rawValue))!.assumingMemoryBound(to: type)
    }

    /// The 27 numbers of the bottom lines, by `Status`.
    var status: UnsafePointer<Int64> { array(.blstats, as: Int64.self) }
    /// The map's glyphs, row by row, [21, 79].
    var glyphs: UnsafeBufferPointer<Int16> {
      .init(start: array(.glyphs, as: Int16.self), count: ObservedArray.glyphs.count)
    }
    /// The map's characters, row by row, [21, 79].
    var chars: UnsafeBufferPointer<UInt8> {
      .init(start: array(.chars, as: UInt8.self), count: ObservedArray.chars.count)
    }
    /// A copy of the map's characters and then of their colours, [2, 21, 79].
    var map: [UInt8] {
      Array(chars) + UnsafeBufferPointer(start: array(.colors, as: UInt8.self), count: chars.count)
    }
    /// The top line, up to its first zero.
    var message: UnsafeBufferPointer<UInt8> {
      .init(start: array(.message, as: UInt8.self), count: ObservedArray.messageBytes)
    }
    /// Nine numbers of NLE's `internal`.
    private var inner: UnsafePointer<Int32> { array(.internal, as: Int32.self) }
    /// Whether the game waits for one letter: a question of kind yes or no, or which thing.
    var asksLetter: Bool { inner[1] != 0 }
    /// Whether it waits for a line.
    var asksText: Bool { inner[2] != 0 }
    /// Whether it shows `--More--` or a menu.
    var asksSpace: Bool { inner[3] != 0 }
    /// Whether the player stands on stairs that lead down.
    var onStairs: Bool { inner[4] != 0 }
    /// 900 at the start, less as turns go by.
    var nutrition: Int32 { inner[7] }
    /// Whether the game has ended and only says so.
    var isGameOver: Bool { array(.program_state, as: Int32.self)[0] == 1 }
    /// Whether the first move is due: greetings are over.
    var isInMoves: Bool { array(.program_state, as: Int32.self)[3] != 0 }
    /// Whether the game runs as usual, so that its numbers mean something.
    var isNormal: Bool { nethack_game_in_normal_game(game) != 0 }

    /// Whether the message holds a text.
    func says(_ text: StaticString) -> Bool { text.withUTF8Buffer { says($0) } }

    /// Whether the message, up to its first zero, holds the text.
    func says(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
      let message = message
      var start = 0
      while start < message.count, message[start] != 0 {
        var length = 0
        while length < text.count, start + length < message.count, message[start + length] == text[length] {
          length += 1
        }
        if length == text.count { return true }
        start += 1
      }
      return false
    }
  }

  extension Progress {
    /// Keys that a prompt may take before it counts as one that cannot be left.
    private static let promptLimit = 1000
    /// The fault of such a prompt, beside the host's own.
    static let promptFault: UInt8 = 7

    /// Presses a key, and what leads out of prompts that the player is not asked.
    ///
    /// - Returns: How the game stands then.
    /// - Complexity: At most a thousand keys: a prompt that they do not leave is a fault.
    mutating func press(_ key: UInt8, _ view: GameView, _ rules: StepRules) -> Int32 {
      var status = nethack_game_step(view.game, Int32(key))
      guard !rules.showsAll || (status == GameStanding.running && view.isGameOver) else { return status }
      var keys = 0
      while status == GameStanding.running {
        if view.isGameOver, lastMap.isEmpty { keepMap(view) }
        keys += 1
        guard keys < Self.promptLimit else {
          fault = Self.promptFault
          return GameStanding.fault
        }
        if view.asksSpace {
          tell(view)
          status = nethack_game_step(view.game, 32)
        } else if view.asksText {
          tell(view)
          status = nethack_game_step(view.game, 27)
        } else if view.asksLetter {
          if rules.asksAll || view.says("eat") || view.says("attack") || view.says("direction?") || view.says("pray") {
            return status
          }
          // One refusal, as NLE does it: what the game asks then is the player's.
          tell(view)
          return nethack_game_step(view.game, 27)
        } else {
          return status
        }
      }
      return status
    }

    /// Notes the events of a message that nobody will see: the next key wipes it.
    mutating func tell(_ view: GameView) { told |= Event.events(in: view.message, picksUp: picksUp) }

    /// Keeps the map of a game that is over but still says so: its pages cover it, and its end clears it.
    private mutating func keepMap(_ view: GameView) {
      squaresSeen = Int32(Glyph.shown(in: view.glyphs))
      lastMap = view.map
    }

    /// The first moment that a player sees.
    ///
    /// Answers the greetings with spaces, as NLE does; for Scout and Sokoban it notes what is seen or open at
    /// the start.
    mutating func begin(_ game: OpaquePointer, _ plan: NetHackPlan) {
      let view = GameView(game: game)
      var keys = 0
      while nethack_game_status(game) == GameStanding.running, !view.isInMoves, keys < Self.promptLimit {
        nethack_game_step(game, 32)
        keys += 1
      }
      if plan.stepRules.task == .scout { explored = [UInt16](repeating: 0, count: 512) }
      if nethack_game_status(game) == GameStanding.fault { fault = UInt8(nethack_game_fault(game)) }
      read(view)
      if plan.stepRules.task == .sokoban { pits = Self.countPits(view) }
    }

    /// One step: the key, the prompts, the reward.
    mutating func step(_ game: OpaquePointer, key: UInt8, _ plan: NetHackPlan) -> Transition {
      // A game that broke at its start is over with the first step.
      guard fault == 0 else { return Transition(reward: 0, outcome: .truncated) }
      let rules = plan.stepRules
      let view = GameView(game: game)
      var before = self
      // What is not compared is not held twice: it could not be written in place.
      before.explored = []
      told = 0
      // What is looked at, or taken in hand by a letter, was carried before.
      picksUp = !Key.looks(key) && !asksThing
      if rules.unlocksByApply && key == UInt8(ascii: "a") { unlock(view, rules) }
      let standing = press(key, view, rules)
      if standing == GameStanding.fault {
        if fault == 0 { fault = UInt8(nethack_game_fault(game)) }
        return Transition(reward: 0, outcome: .truncated)
      }
      let isOver = standing == GameStanding.over
      read(view)
      asksThing = view.asksLetter && view.says("What do you want to ")
      return judge(view, isOver: isOver, before: before, plan)
    }

    /// Takes in what the game shows. Its numbers are zero before the first move and after the end: the last ones stay.
    private mutating func read(_ view: GameView) {
      kills = Int32(truncatingIfNeeded: nethack_game_kills(view.game))
      guard view.isNormal else {
        isNewLevel = false
        return
      }
      // A loop over a vector's lanes would write it to memory with each.
      withUnsafeMutableBytes(of: &status) {
        nethack_game_numbers(view.game, $0.assumingMemoryBound(to: Int32.self).baseAddress!)
      }
      nutrition = view.nutrition
      onStairs = view.onStairs
      visit()
    }

    /// Traps on the map: in Sokoban all of them are pits or holes.
    static func countPits(_ view: GameView) -> Int32 {
      view.chars.reduce(0) { $0 + ($1 == UInt8(ascii: "^") ? 1 : 0) }
    }

    /// Any glyph beside the player that `matches`, itself included.
    func isBeside(_ view: GameView, _ matches: (Int16) -> Bool) -> Bool {
      let (x, y) = (Int(self[.x]), Int(self[.y]))
      let glyphs = view.glyphs
      for row in max(0, y - 1)...min(ObservedArray.rows - 1, y + 1) {
        for column in max(0, x - 1)...min(ObservedArray.columns - 1, x + 1)
        where matches(glyphs[row * ObservedArray.columns + column]) { return true }
      }
      return false
    }
  }
#endif
