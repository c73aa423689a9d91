import Groundwork

extension Gridworld.CustomMap {
  /// Reads what stands behind the legend's characters and settings.
  enum Legend {
    /// What a legend can describe.
    private static let tiles: [Tile] = [.key, .ball, .box, .door, .floor]
    /// The words for a door's state.
    private static let states: [(name: String, state: Gridworld.DoorState)] = [
      ("open", .open), ("closed", .closed), ("locked", .locked),
    ]
    private static let colorNames = Color.allCases.map { "\($0)" }.joined(separator: ", ")

    /// A legend line that could describe the character.
    static func sample(_ scalar: Unicode.Scalar) -> String {
      scalar.value > 32 && scalar.value != 127 ? "\(scalar) = key yellow" : "K = key yellow"
    }

    /// An object such as `box red (key blue)`, or coloured floor.
    static func square(_ value: Fragment, of source: Source) throws(UserError) -> Drawing.Square {
      let words = value.words
      var index = 0
      let object = try object(words, &index, end: value.end, line: value.line, of: source)
      guard index == words.count else {
        throw source.error(at: words[index], "'\(words[index].text)' closes nothing", fix: "Remove it")
      }
      return object.tile == .floor ? .floor(object.color) : .object(object)
    }

    /// Reads up to a closing bracket or the end.
    private static func object(
      _ words: [Fragment], _ index: inout Int, end: Int, line: Int, of source: Source
    ) throws(UserError) -> Drawing.Object {
      let start = index < words.count ? words[index].column : end
      var tile: Tile?
      var color: Color?
      var state: (Gridworld.DoorState, Fragment)?
      while index < words.count, words[index].text != "(", words[index].text != ")" {
        let word = words[index]
        let name = word.text.lowercased()
        index += 1
        if tile == nil, let found = tiles.first(where: { "\($0)" == name }) {
          tile = found
        } else if color == nil, let found = Color.allCases.first(where: { "\($0)" == name }) {
          color = found
        } else if state == nil, let found = states.first(where: { $0.name == name }) {
          state = (found.state, word)
        } else {
          throw unknown(word, of: source)
        }
      }
      let next = index < words.count ? words[index].column : end
      guard let tile else {
        throw source.error(
          line: line, column: start, "no object is named",
          fix: "Name one of \(tiles.map { "\($0)" }.joined(separator: ", ")), for example key yellow")
      }
      guard let color else {
        throw source.error(line: line, column: next, "the \(tile) has no colour", fix: "Add one of \(colorNames)")
      }
      if let state, tile != .door {
        throw source.error(at: state.1, "a \(tile) cannot be \(state.1.text)", fix: "Remove it; only doors can")
      }
      var object = Drawing.Object(tile: tile, color: color, state: state?.0 ?? .closed)
      guard index < words.count, words[index].text == "(" else { return object }
      guard tile == .box else {
        throw source.error(
          at: words[index], "a \(tile) holds nothing", fix: "Remove the bracket; only boxes hold something")
      }
      index += 1
      let place = index < words.count ? words[index].column : end
      let content = try self.object(words, &index, end: end, line: line, of: source)
      guard content.tile != .door, content.tile != .floor else {
        throw source.error(
          line: line, column: place, "a box cannot hold a \(content.tile)", fix: "Put a key, ball or box into it")
      }
      guard index < words.count, words[index].text == ")" else {
        throw source.error(line: line, column: end, "the bracket is not closed", fix: "Add a )")
      }
      index += 1
      object.contents = [content]
      guard index < words.count, words[index].text != ")" else { return object }
      throw source.error(at: words[index], "'\(words[index].text)' follows what the box holds", fix: "Remove it")
    }

    /// Why a word means nothing here, with the nearest one that would.
    private static func unknown(_ word: Fragment, of source: Source) -> UserError {
      let objects = tiles.map { "\($0)" }
      let doors = states.map(\.name)
      let all = objects + Color.allCases.map { "\($0)" } + doors
      guard !all.contains(word.text.lowercased()) else {
        return source.error(at: word, "'\(word.text)' is one word too many", fix: "Describe one object a line")
      }
      let near = UserError.nearest(to: word.text, among: all).first
      return source.error(
        at: word, "'\(word.text)' is no object, colour or state of a door",
        fix: (near.map { "Did you mean '\($0)'? " } ?? "")
          + "Objects are \(objects.joined(separator: ", ")); colours are \(colorNames); "
          + "doors are \(doors.joined(separator: ", "))")
    }

    /// `reach`, `pick up ball blue` or `open door yellow`, with or without `the`.
    static func task(_ value: Fragment, of source: Source) throws(UserError) -> Drawing.Task {
      let fix = "Write reach, pick up ball blue or open door yellow"
      var words = value.words.filter { $0.text != "the" }
      guard let verb = words.first else { throw source.error(at: value, "no goal is named", fix: fix) }
      words.removeFirst()
      switch verb.text {
      case "reach":
        if words.first?.text == "goal" { words.removeFirst() }
        guard words.isEmpty else {
          throw source.error(at: words[0], "'\(words[0].text)' cannot be reached", fix: fix)
        }
        return .reach
      case "pick", "pickup":
        if verb.text == "pick", words.first?.text == "up" { words.removeFirst() }
      case "open": break
      default:
        let near = UserError.nearest(to: verb.text, among: ["reach", "pickup", "open"]).first
        throw source.error(
          at: verb, "'\(verb.text)' is no goal", fix: (near.map { "Did you mean '\($0)'? " } ?? "") + fix)
      }
      var index = 0
      let object = try object(words, &index, end: value.end, line: value.line, of: source)
      guard index == words.count else {
        throw source.error(at: words[index], "'\(words[index].text)' follows the object", fix: fix)
      }
      let place = words[0]
      if verb.text == "open" {
        guard object.tile == .door else {
          throw source.error(at: place, "a \(object.tile) cannot be opened as a goal", fix: "Name a door")
        }
        return .open(object.color)
      }
      guard [.key, .ball, .box].contains(object.tile) else {
        throw source.error(at: place, "a \(object.tile) cannot be picked up", fix: "Name a key, ball or box")
      }
      return .pickUp(object.tile, object.color)
    }

    /// Up to 64 of the missions' words, parted by single spaces.
    static func mission(_ value: Fragment, of source: Source) throws(UserError) -> String {
      // An end mark stands for "no word".
      let known = Gridworld.Word.texts.dropFirst().map { String(decoding: $0, as: UTF8.self) }
      let words = value.words
      guard !words.isEmpty else {
        throw source.error(at: value, "the mission is empty", fix: "Write one or leave the line out")
      }
      for (number, word) in words.enumerated() {
        guard known.contains(word.text) else {
          let near = UserError.nearest(to: word.text, among: known).first
          throw source.error(
            at: word, "'\(word.text)' is no word of missions",
            fix: (near.map { "Did you mean '\($0)'? " } ?? "") + "The words are \(known.joined(separator: " "))")
        }
        guard number < 64 else { throw source.error(at: word, "the mission is too long", fix: "Use at most 64 words") }
      }
      return words.map(\.text).joined(separator: " ")
    }

    /// A whole number from 1 to 1,000,000.
    static func timeLimit(_ value: Fragment, of source: Source) throws(UserError) -> Int {
      guard let steps = Int(value.text), (1...1_000_000).contains(steps) else {
        throw source.error(
          at: value, "'\(value.text)' is no number of steps", fix: "Write a whole number from 1 to 1000000")
      }
      return steps
    }

    /// `true` or `false`, in lower case.
    static func flag(_ value: Fragment, of source: Source) throws(UserError) -> Bool {
      guard value.text == "true" || value.text == "false" else {
        throw source.error(at: value, "'\(value.text)' is neither true nor false", fix: "Write one of them")
      }
      return value.text == "true"
    }
  }
}
