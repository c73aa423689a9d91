internal import EnvironmentKit
import Groundwork

extension XLand {
  /// Reads the parts of a ruleset's document; every error names the document and the part.
  struct RulesetReader {
    /// What the document is called.
    let name: String

    /// What a rule or a goal may be about: everything but nothing and walls, which never change.
    private static let subjects = Tiles.objects | Tiles.set(.floor)

    /// A goal in words, or its five bytes.
    func goal(_ document: JSON) throws(UserError) -> Goal {
      let part = "goal"
      if document.array != nil {
        let bytes = try self.bytes(document, part, count: 5)
        guard let kind = Goal.Kind(code: bytes[0]) else {
          throw wrong(part, "has the number \(bytes[0])", "Goals are numbered 0 to 14")
        }
        let rest = [cell(bytes[1], bytes[2]), cell(bytes[3], bytes[4])]
        var goal = Goal(kind)
        switch kind {
        case .none: break
        case .agentOnPosition: (goal.row, goal.column) = (bytes[1], bytes[2])
        case .tileOnPosition:
          (goal.row, goal.column) = (bytes[3], bytes[4])
          goal.a = try checked(rest[0], part + ".a", among: Self.subjects)
        case .tileNear:
          goal.a = try checked(rest[0], part + ".a", among: Self.subjects)
          goal.b = try checked(rest[1], part + ".b", among: Self.subjects)
        default: goal.a = try checked(rest[0], part + ".a", among: Self.subjects)
        }
        return goal
      }
      let members = try members(document, part)
      let kinds = ["none", "agentHold", "agentOnTile", "agentNear", "tileNear", "tileOnPosition", "agentOnPosition"]
      let kind = try kind(members, part, among: kinds)
      var goal = Goal(.none)
      var keys = ["kind"]
      if kind != "none" && kind != "agentOnPosition" {
        goal.a = try cell(members["a"], part + ".a", among: Self.subjects)
        keys.append("a")
      }
      switch kind {
      case "none": break
      case "agentHold": goal.kind = .agentHold
      case "agentOnTile": goal.kind = .agentOnTile
      case "agentNear":
        goal.kind = .agentNear(try side(members, part))
        keys.append("side")
      case "tileNear":
        goal.kind = .tileNear(try side(members, part))
        goal.b = try cell(members["b"], part + ".b", among: Self.subjects)
        keys += ["b", "side"]
      default:
        goal.kind = kind == "tileOnPosition" ? .tileOnPosition : .agentOnPosition
        guard let place = members["position"]?.array?.compactMap(\.integer), place.count == 2,
          place.allSatisfy({ (0...255).contains($0) })
        else { throw wrong(part + ".position", "is no place", "Write [row, column], counted from 0 at the upper left") }
        (goal.row, goal.column) = (UInt8(place[0]), UInt8(place[1]))
        keys.append("position")
      }
      try refuseOthers(members, part, than: keys)
      return goal
    }

    /// A rule in words, or its seven bytes.
    func rule(_ document: JSON, _ part: String) throws(UserError) -> Rule {
      if document.array != nil {
        let bytes = try self.bytes(document, part, count: 7)
        guard let kind = Rule.Kind(code: bytes[0]) else {
          throw wrong(part, "has the number \(bytes[0])", "Rules are numbered 0 to 11")
        }
        let cells = [cell(bytes[1], bytes[2]), cell(bytes[3], bytes[4]), cell(bytes[5], bytes[6])]
        let a = try checked(cells[0], part + ".a", among: Self.subjects)
        guard case .tileNear = kind else {
          return Rule(kind, a, product: try checked(cells[1], part + ".product", among: Self.subjects))
        }
        let b = try checked(cells[1], part + ".b", among: Self.subjects)
        return Rule(kind, a, b, product: try checked(cells[2], part + ".product", among: Self.subjects))
      }
      let members = try members(document, part)
      let kind = try kind(members, part, among: ["agentHold", "agentNear", "tileNear"])
      let a = try cell(members["a"], part + ".a", among: Self.subjects)
      let product = try cell(members["product"], part + ".product", among: Self.subjects)
      switch kind {
      case "agentHold":
        try refuseOthers(members, part, than: ["kind", "a", "product"])
        return Rule(.agentHold, a, product: product)
      case "agentNear":
        try refuseOthers(members, part, than: ["kind", "a", "product", "side"])
        return Rule(.agentNear(try side(members, part)), a, product: product)
      default:
        try refuseOthers(members, part, than: ["kind", "a", "b", "product", "side"])
        let b = try cell(members["b"], part + ".b", among: Self.subjects)
        return Rule(.tileNear(try side(members, part)), a, b, product: product)
      }
    }

    /// "red ball", or [3, 1].
    func cell(_ document: JSON?, _ part: String, among tiles: UInt32) throws(UserError) -> Cell {
      guard let document else { throw wrong(part, "is missing", "Write for example \"red ball\"") }
      if document.array != nil {
        let bytes = try self.bytes(document, part, count: 2)
        return try checked(cell(bytes[0], bytes[1]), part, among: tiles)
      }
      guard let text = document.string else { throw wrong(part, "is no text", "Write for example \"red ball\"") }
      for tile in Tile.allCases where Cell(tile, .red).isOne(of: tiles) {
        for color in Color.allCases where color != .none && Cell(tile, color).phrase == text {
          return Cell(tile, color)
        }
      }
      let names = Tile.allCases.flatMap { tile in Color.allCases.dropFirst().map { Cell(tile, $0) } }
        .filter { $0.isOne(of: tiles) }.map(\.phrase)
      let near = UserError.nearest(to: text, among: names).map { "'\($0)'" }.joined(separator: " or ")
      throw wrong(
        part, "is '\(text)', which is not in this world",
        near.isEmpty ? "Write a colour and a thing, for example 'red ball'" : "Did you mean \(near)?")
    }

    /// A list, empty where the document has none, of at most so many entries.
    func list(_ document: JSON?, _ part: String, most: Int) throws(UserError) -> [JSON] {
      guard let document else { return [] }
      guard let list = document.array else { throw wrong(part, "is no list", "Write [...]") }
      guard list.count <= most else { throw wrong(part, "has \(list.count) entries", "At most \(most) are possible") }
      return list
    }

    private func cell(_ tile: UInt8, _ color: UInt8) -> Cell { Cell(bits: UInt16(tile) | UInt16(color) << 8) }

    /// - Throws: `UserError` when the bytes name no tile, none that may stand there, or no colour.
    private func checked(_ cell: Cell, _ part: String, among tiles: UInt32) throws(UserError) -> Cell {
      guard Tile(rawValue: cell.tileCode) != nil, cell.isOne(of: tiles), (1...11).contains(cell.colorCode) else {
        throw wrong(
          part, "has tile \(cell.tileCode) in colour \(cell.colorCode)",
          "Tiles are 3 to 12, in rules and goals 1 too; colours are 1 to 11")
      }
      return cell
    }

    /// - Throws: `UserError` when the list is not of so many whole numbers from 0 to 255.
    private func bytes(_ document: JSON, _ part: String, count: Int) throws(UserError) -> [UInt8] {
      let bytes = (document.array ?? []).compactMap { $0.integer.flatMap { UInt8(exactly: $0) } }
      guard bytes.count == count, document.array?.count == count else {
        throw wrong(part, "is \(document.text())", "In numbers it has \(count) bytes")
      }
      return bytes
    }

    /// - Throws: `UserError` when the part is no object.
    private func members(_ document: JSON, _ part: String) throws(UserError) -> [String: JSON] {
      guard let members = document.object else {
        throw wrong(part, "is \(document.text())", "Write an object with a kind, or bytes")
      }
      return members
    }

    /// - Throws: `UserError` when there is no kind, or none of those.
    private func kind(_ members: [String: JSON], _ part: String, among kinds: [String]) throws(UserError) -> String {
      let all = "It is one of \(kinds.joined(separator: ", "))"
      guard let kind = members["kind"]?.string else { throw wrong(part + ".kind", "is missing", all) }
      guard kinds.contains(kind) else { throw wrong(part + ".kind", "is '\(kind)'", all) }
      return kind
    }

    /// The side that is named; nil, any side, where none is.
    private func side(_ members: [String: JSON], _ part: String) throws(UserError) -> Side? {
      guard let side = members["side"] else { return nil }
      for known in Side.allCases where side.string == "\(known)" { return known }
      throw wrong(part + ".side", "is \(side.text())", "It is up, right, down or left; leave it out for any")
    }

    /// - Throws: `UserError` for a key that the kind of rule or goal does not have: a misspelt side must not be
    ///   any side.
    private func refuseOthers(_ members: [String: JSON], _ part: String, than keys: [String]) throws(UserError) {
      for key in members.keys.sorted() where !keys.contains(key) {
        throw wrong(part, "has '\(key)', which means nothing there", "It has \(keys.joined(separator: ", "))")
      }
    }

    /// An error that begins with the document's name and the part.
    private func wrong(_ part: String, _ what: String, _ fix: String) -> UserError {
      UserError("\(name): \(part) \(what)", fix: fix)
    }
  }
}
