extension XLand {
  /// What a cell holds; the raw values are XLand-MiniGrid's tile codes.
  public enum Tile: UInt8, Sendable, Hashable, CaseIterable {
    case empty, floor, wall, ball, square, pyramid, goal, key, lockedDoor, closedDoor, openDoor, hex, star

    /// As a person writes it: "ball", "locked door".
    public var name: String { Tile.names[Int(rawValue)].description }

    /// The names by code.
    static let names: [StaticString] = [
      "nothing", "floor", "wall", "ball", "square", "pyramid", "goal", "key", "locked door", "closed door", "open door",
      "hex", "star",
    ]
  }

  /// A colour; the raw values are XLand-MiniGrid's colour codes.
  public enum Color: UInt8, Sendable, Hashable, CaseIterable {
    case none, red, green, blue, purple, yellow, grey, black, orange, white, brown, pink

    /// The names by code.
    static let names: [StaticString] = [
      "no", "red", "green", "blue", "purple", "yellow", "grey", "black", "orange", "white", "brown", "pink",
    ]
  }

  /// A tile in a colour, in two bytes: the tile is the low one, so that a cell in memory is what an image shows.
  public struct Cell: Hashable, Sendable, BitwiseCopyable {
    var bits: UInt16

    @inline(__always) init(bits: UInt16) { self.bits = bits }

    @inline(__always) public init(_ tile: Tile, _ color: Color) {
      bits = UInt16(tile.rawValue) | UInt16(color.rawValue) << 8
    }

    /// What lies outside the grid, and what empty hands hold.
    public static let empty = Cell(.empty, .none)
    public static let floor = Cell(.floor, .black)
    public static let wall = Cell(.wall, .grey)

    @inline(__always) var tileCode: UInt8 { UInt8(truncatingIfNeeded: bits) }
    @inline(__always) var colorCode: UInt8 { UInt8(truncatingIfNeeded: bits >> 8) }
    /// - Precondition: The cell is made of a tile and a colour, not of foreign bytes.
    public var tile: Tile { Tile(rawValue: tileCode)! }
    public var color: Color { Color(rawValue: colorCode)! }

    /// One bit of a set of tiles.
    @inline(__always) var tileBit: UInt32 { 1 << UInt32(tileCode & 31) }

    /// Whether the tile is one of a set.
    @inline(__always) func isOne(of tiles: UInt32) -> Bool { tiles & tileBit != 0 }

    /// The same colour on another tile.
    @inline(__always) func with(_ tile: Tile) -> Cell { Cell(bits: bits & 0xff00 | UInt16(tile.rawValue)) }

    /// "red ball"; "floor" for the black floor.
    public var phrase: String {
      switch self {
      case .floor, .empty: tile.name
      default: "\(color) \(tile.name)"
      }
    }
  }

  /// Sets of tiles, a bit each.
  enum Tiles {
    static func set(_ tiles: Tile...) -> UInt32 { tiles.reduce(0) { $0 | 1 << UInt32($1.rawValue) } }
    /// floor, goal, open door
    static let walkable: UInt32 = 1 << 1 | 1 << 6 | 1 << 10
    /// ball, square, pyramid, key, hex, star
    static let portable: UInt32 = 1 << 3 | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 11 | 1 << 12
    /// Everything that is a thing in the world: neither nothing, nor floor, nor wall.
    static let objects: UInt32 = portable | 1 << 6 | 1 << 8 | 1 << 9 | 1 << 10
  }

  /// Where something lies as seen from something else; the raw values are XLand-MiniGrid's directions.
  public enum Side: UInt8, Sendable, Hashable, CaseIterable {
    case up, right, down, left
  }
}
