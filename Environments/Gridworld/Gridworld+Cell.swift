extension Gridworld {
  /// What a cell holds; the raw values are MiniGrid's object codes.
  ///
  /// 0 unseen, 1 empty, 2 wall, 3 floor, 4 door, 5 key, 6 ball, 7 box, 8 goal, 9 lava, 10 agent (only in full
  /// views).
  public enum Tile: UInt8, Sendable, Hashable, CaseIterable {
    case unseen, empty, wall, floor, door, key, ball, box, goal, lava, agent
  }

  /// A colour; the raw values are MiniGrid's colour codes.
  ///
  /// 0 red, 1 green, 2 blue, 3 purple, 4 yellow, 5 grey. In a configuration a colour is its name.
  public enum Color: UInt8, Sendable, Hashable, CaseIterable, Codable {
    case red, green, blue, purple, yellow, grey

    /// The order in which MiniGrid draws colours: by name.
    static let drawn: [Color] = [.blue, .green, .grey, .purple, .red, .yellow]

    /// Reads a colour's name.
    ///
    /// - Throws: `DecodingError` that lists the six names when it is none of them.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      let name = try container.decode(String.self)
      guard let color = Color.allCases.first(where: { "\($0)" == name }) else {
        throw DecodingError.dataCorruptedError(
          in: container,
          debugDescription: "'\(name)' is not one of \(Color.allCases.map { "\($0)" }.joined(separator: ", "))")
      }
      self = color
    }

    /// Writes the colour's name: "red".
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode("\(self)")
    }
  }

  /// The state code of a door.
  ///
  /// 0 open, 1 closed, 2 locked. A locked door opens to a carried key of its colour and is never locked again.
  public enum DoorState: UInt8, Sendable, Hashable {
    case open, closed, locked
  }

  /// One cell in four bytes, the low three of which are the observation's (object, colour, state).
  ///
  /// The high byte holds what no observation shows: whether the cell blocks sight (bit 7) and which object it
  /// is (bits 0 to 6; 0 for what has no identity). An *empty* cell with an identity remembers an object that
  /// was taken from there: BabyAI's verifier still finds it there until the next drop.
  struct Cell: Hashable, Sendable, BitwiseCopyable {
    /// Tile, colour and state from the lowest byte up, then identity and opacity.
    var bits: UInt32

    /// A cell of foreign bytes; zero is no cell at all, which stands for empty hands.
    @inline(__always) init(bits: UInt32) { self.bits = bits }

    /// A cell of a tile; walls and doors that are not open block sight.
    @inline(__always) init(_ tile: Tile, _ color: Color, state: UInt8 = 0, identity: UInt8 = 0) {
      bits = UInt32(tile.rawValue) | UInt32(color.rawValue) << 8 | UInt32(state) << 16 | UInt32(identity) << 24
      if tile == .wall || tile == .door && state != DoorState.open.rawValue { bits |= Cell.opaque }
    }

    /// Bit 31: the cell blocks sight.
    @inline(__always) static var opaque: UInt32 { 1 << 31 }

    // Computed, since the first use of a stored one would be checked for each time.
    @inline(__always) static var empty: Cell { Cell(bits: 1) }
    @inline(__always) static var wall: Cell { Cell(.wall, .grey) }
    @inline(__always) static var goal: Cell { Cell(.goal, .green) }
    @inline(__always) static var lava: Cell { Cell(.lava, .red) }

    /// The tile's number, the first of the observation's three bytes.
    @inline(__always) var code: UInt8 { UInt8(truncatingIfNeeded: bits) }
    /// - Precondition: The cell is made of a tile, not of foreign bytes.
    var tile: Tile { Tile(rawValue: code)! }
    /// - Precondition: The cell is made of a colour, not of foreign bytes.
    var color: Color { Color(rawValue: UInt8(truncatingIfNeeded: bits >> 8))! }
    /// The third of the observation's bytes: a door's state, 0 for all else.
    @inline(__always) var state: UInt8 { UInt8(truncatingIfNeeded: bits >> 16) }
    /// 1 to 127 for keys, balls, boxes and doors, in the order in which they were made; 0 for what cannot be
    /// told apart.
    @inline(__always) var identity: Int { Int(bits >> 24 & 0x7f) }
    /// Object and colour, which is what a mission describes.
    @inline(__always) var look: UInt32 { bits & 0xffff }

    @inline(__always) func `is`(_ tile: Tile) -> Bool { code == tile.rawValue }
    /// Whether the cell is truly empty, so that something can be dropped there; floor and goals are not.
    @inline(__always) var isEmpty: Bool { code == Tile.empty.rawValue }
    /// Whether the cell hides what is behind it: walls and doors that are not open.
    @inline(__always) var isOpaque: Bool { bits >> 31 != 0 }
    /// Keys, balls and boxes can be carried.
    @inline(__always) var isPortable: Bool { code &- Tile.key.rawValue <= Tile.box.rawValue - Tile.key.rawValue }
    @inline(__always) var isDoor: Bool { code == Tile.door.rawValue }
    /// Whether it is a door that can be walked through, by one comparison of two bytes.
    @inline(__always) var isOpenDoor: Bool { bits & 0xff_00ff == UInt32(Tile.door.rawValue) }
    @inline(__always) var isLockedDoor: Bool { isDoor && state == DoorState.locked.rawValue }
    /// Whether the agent may stand there.
    @inline(__always) var isWalkable: Bool {
      let walkable: UInt32 = 1 << Tile.empty.rawValue | 1 << Tile.floor.rawValue | 1 << Tile.goal.rawValue
        | 1 << Tile.lava.rawValue
      return walkable >> UInt32(code) & 1 != 0 || isOpenDoor
    }

    /// The same door in another state.
    @inline(__always) func door(_ state: DoorState) -> Cell {
      let bits = self.bits & 0x7f00_ffff | UInt32(state.rawValue) << 16
      return Cell(bits: state == .open ? bits : bits | Cell.opaque)
    }

    /// Emptiness that remembers whose place it was.
    @inline(__always) var vacated: Cell { Cell(bits: Cell.empty.bits | bits & 0x7f00_0000) }

    /// The same object in another colour.
    func recolored(_ color: Color) -> Cell { Cell(bits: bits & 0xffff_00ff | UInt32(color.rawValue) << 8) }

    /// "red ball", or "wall" for what has no telling colour.
    var phrase: String { isPortable || isDoor ? "\(color) \(tile)" : "\(tile)" }
  }
}
