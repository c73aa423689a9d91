import Groundwork

extension Gridworld {
  /// A map that somebody drew, as text or as JSON: `forage train gridworld/Map --set map=two-rooms.txt`.
  ///
  /// ## Text
  /// Rows of characters, all equally long, 3 to 64 rows of 3 to 64 characters:
  /// `#` wall, `.` or space empty, `G` goal, `L` or `~` lava, `F` floor, `>` `v` `<` `^` the agent that looks right,
  /// down, left or up, `@` the agent in a drawn direction. Without an agent it starts in a drawn empty cell. What
  /// lies beyond the map is wall. Every other character is described below a line `---`, where settings stand too:
  ///
  ///     ###########
  ///     #@...#...G#
  ///     #....#.~~.#
  ///     #.K..D....#
  ///     #....#.~~.#
  ///     #.B..#....#
  ///     ###########
  ///     ---
  ///     K = key yellow
  ///     D = door yellow locked
  ///     B = box purple (ball blue)
  ///     goal: reach
  ///     mission: use the key to open the door and then get to the goal
  ///     time-limit: 500
  ///     see-through: false
  ///
  /// - An object is a key, ball, box, door or floor with a colour: red, green, blue, purple, yellow, grey. A door is
  ///   open, closed (unless it says otherwise) or locked; what a box holds stands in round brackets.
  /// - `goal` is `reach` (a goal square; the default), `pick up ball blue` or `open door yellow`; the object named
  ///   must be the only one of its kind and colour. A goal square ends the episode with success in any case.
  /// - `mission` is made of the missions' words (`Gridworld.Word`); the default says what the goal is.
  /// - `time-limit` is 1 to 1000000 steps, by default ten a cell. `see-through` is whether walls hide nothing.
  ///
  /// ## JSON
  /// `{"map": ["###", ...], "legend": {"K": "key yellow"}, "goal": ..., "mission": ..., "timeLimit": 500,
  /// "seeThrough": false}`: the same, the rows as a list.
  ///
  /// ## Errors
  /// What cannot be read is reported by `validate`, with line and column, since decoders pass on none but their
  /// own errors. The text itself becomes part of the configuration, so that runs and replays outlive the file.
  public struct CustomMap: Family {
    /// The family in a configuration; `gridworld/Map` is the catalog's id, and `--set map=FILE` names another
    /// map.
    public static let name = "Map"

    /// The map as text or JSON; the path where the file could not be read.
    public let text: String
    /// What was drawn, or why it cannot be used.
    private let reading: Result<Drawing, UserError>

    /// The map of the example above.
    public init() { self.init(text: CustomMap.example) }

    /// Reads a map as text, or as JSON where it begins with a brace. Never fails: what is wrong with the text
    /// is kept and thrown by `validate`.
    ///
    /// - Parameter name: What errors call the map, for example "'two-rooms.txt'".
    public init(text: String, name: String = "the map") {
      self.text = text
      do throws(UserError) {
        let isDocument = text.first { !$0.isWhitespace } == "{"
        let source = isDocument ? try CustomMap.readJSON(text, name: name) : try CustomMap.readText(text, name: name)
        reading = .success(try Drawing(source))
      } catch {
        reading = .failure(error)
      }
    }

    /// Reads a file.
    /// A file that cannot be read is reported by `validate`, too; `text` is then the path.
    public init(path: String) {
      do throws(UserError) {
        self.init(text: try Files.readText(path, as: .map), name: "'\(path)'")
      } catch {
        self.init(text: path, failure: error)
      }
    }

    /// What a configuration or `--set map=...` holds: a map's text, a map as JSON, or the path of a file.
    init(setting: JSON) {
      switch setting {
      // No map has one line only.
      case .string(let text) where text.contains { $0.isNewline } || text.first == "{": self.init(text: text)
      case .string(let path): self.init(path: path)
      case .object: self.init(text: setting.text(pretty: true))
      default:
        let text = setting.text()
        self.init(
          text: text,
          failure: UserError("\(text) is no map", fix: "Name a file (--set map=FILE) or write the map's text"))
      }
    }

    private init(text: String, failure: UserError) {
      self.text = text
      reading = .failure(failure)
    }

    /// - Precondition: `validate` found nothing wrong.
    var drawing: Drawing {
      switch reading {
      case .success(let drawing): drawing
      case .failure(let error): preconditionFailure("a map that was not validated: \(error)")
      }
    }

    /// The map's columns and rows, 3 to 64 each.
    ///
    /// - Precondition: `validate` found nothing wrong; so for all that the drawing says.
    public var size: (width: Int, height: Int) { (drawing.width, drawing.height) }
    /// What `time-limit` says, 1 to 1,000,000 steps; ten a cell where it is left out.
    public var timeLimit: Int? { drawing.timeLimit }
    /// What `mission` says; by default the goal in words.
    public var constantMission: String? { drawing.mission }
    /// What `see-through` says; false where it is left out.
    public var seesThroughWalls: Bool { drawing.seesThroughWalls }

    /// - Throws: `UserError` with line, column and a way to mend it, when text or file could not be read as a
    ///   map.
    public func validate() throws { _ = try reading.get() }

    /// Copies the map; only an agent's direction or place that the map leaves open is drawn.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      let drawing = drawing
      if case .pickUp = drawing.task { world.rule = .pickUp }
      if case .open = drawing.task { world.rule = .unlock }
      for y in 0..<drawing.height {
        for x in 0..<drawing.width {
          switch drawing.squares[y * drawing.width + x] {
          case .empty: break
          case .wall: world[x, y] = .wall
          case .goal: world[x, y] = .goal
          case .lava: world[x, y] = .lava
          case .floor(let color): world[x, y] = Cell(.floor, color)
          case .object(let object) where object.tile == .door:
            world.putDoor(object.color, object.state, atX: x, y: y)
            if drawing.task == .open(object.color) { world.place = world.index(x, y) }
          case .object(let object): world[x, y] = make(object, task: drawing.task, in: &world)
          }
        }
      }
      guard let agent = drawing.agent else { return try world.placeAgent() }
      world.putAgent(x: agent.x, y: agent.y, direction: agent.direction ?? world.draw(0, 4))
    }

    /// An object with an identity of its own, and in a box what it holds; notes which one is meant.
    private func make(_ object: Drawing.Object, task: Drawing.Task, in world: inout Gridworld) -> Cell {
      let cell = world.makeObject(object.tile, object.color)
      if task == .pickUp(object.tile, object.color) { world.wanted = UInt32(cell.identity) }
      for content in object.contents { world.put(make(content, task: task, in: &world), into: cell) }
      return cell
    }

    /// Equal when the texts are, byte for byte: two maps that mean the same are still different settings.
    public static func == (a: CustomMap, b: CustomMap) -> Bool { a.text == b.text }
    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }

    private enum CodingKeys: String, CodingKey {
      /// The map as text or as a JSON document, or the path of a file that holds one.
      case map
    }

    /// Reads `map`: a text, a document or a path; a file's text is read here, at once.
    public init(from decoder: any Decoder) throws {
      self.init(setting: try decoder.container(keyedBy: CodingKeys.self).decode(JSON.self, forKey: .map))
    }

    /// Writes the map's text, never a path, so that a run does not depend on the file.
    public func encode(to encoder: any Encoder) throws {
      var members = encoder.container(keyedBy: CodingKeys.self)
      try members.encode(text, forKey: .map)
    }
  }
}

extension Gridworld.CustomMap {
  /// Two rooms, a locked door and lava: the default, and `maps/two-rooms.txt`.
  static let example = """
    ###########
    #@...#...G#
    #....#.~~.#
    #.K..D....#
    #....#.~~.#
    #.B..#....#
    ###########
    ---
    K = key yellow
    D = door yellow locked
    B = box purple (ball blue)
    goal: reach
    mission: use the key to open the door and then get to the goal
    time-limit: 500
    see-through: false

    """
}
