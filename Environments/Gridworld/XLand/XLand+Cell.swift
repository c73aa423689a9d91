extension XLand {
  /// What a cell holds; the raw values are XLand-MiniGrid's tile codes.
  ///
  /// 0 empty, 1 floor, 2 wall, 3 ball, 4 square, 5 pyramid, 6 goal, 7 key, 8 locked door, 9 closed door, 10
  /// open door, 11 hex, 12 star. A `goal` is only a tile that can be walked on: nothing ends there unless a
  /// ruleset says so.
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
  ///
  /// 0 none, 1 red, 2 green, 3 blue, 4 purple, 5 yellow, 6 grey, 7 black, 8 orange, 9 white, 10 brown, 11 pink.
  public enum Color: UInt8, Sendable, Hashable, CaseIterable {
    case none, red, green, blue, purple, yellow, grey, black, orange, white, brown, pink

    /// The names by code.
    static let names: [StaticString] = [
      "no", "red", "green", "blue", "purple", "yellow", "grey", "black", "orange", "white", "brown", "pink",
    ]
  }

  /// A tile in a colour, in two bytes: the tile is the low one, so that a cell in memory is what an image shows.
  public struct Cell: Hashable, Sendable, BitwiseCopyable {
    /// Tile in the low byte, colour in the high one.
    var bits: UInt16

    @inline(__always) init(bits: UInt16) { self.bits = bits }

    /// A tile in a colour; any pair can be made, also those that no level has.
    @inline(__always) public init(_ tile: Tile, _ color: Color) {
      bits = UInt16(tile.rawValue) | UInt16(color.rawValue) << 8
    }

    /// What lies outside the grid, and what empty hands hold.
    public static let empty = Cell(.empty, .none)
    /// What can be walked on and put down on: black floor, tile 1 in colour 7.
    public static let floor = Cell(.floor, .black)
    /// Grey wall, tile 2 in colour 6: neither walked on nor changed by any rule.
    public static let wall = Cell(.wall, .grey)

    /// The first byte of an image's cell, 0 to 12.
    @inline(__always) var tileCode: UInt8 { UInt8(truncatingIfNeeded: bits) }
    /// The second byte of an image's cell, 0 to 11.
    @inline(__always) var colorCode: UInt8 { UInt8(truncatingIfNeeded: bits >> 8) }
    /// - Precondition: The cell is made of a tile and a colour, not of foreign bytes.
    public var tile: Tile { Tile(rawValue: tileCode)! }
    /// The colour behind the second byte; the same precondition.
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
    /// A bit for each of the tiles.
    static func set(_ tiles: Tile...) -> UInt32 { tiles.reduce(0) { $0 | 1 << UInt32($1.rawValue) } }
    /// floor, goal, open door
    static let walkable: UInt32 = 1 << 1 | 1 << 6 | 1 << 10
    /// ball, square, pyramid, key, hex, star
    static let portable: UInt32 = 1 << 3 | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 11 | 1 << 12
    /// Everything that is a thing in the world: neither nothing, nor floor, nor wall.
    static let objects: UInt32 = portable | 1 << 6 | 1 << 8 | 1 << 9 | 1 << 10
  }

  /// Where something lies as seen from something else; the raw values are XLand-MiniGrid's directions.
  /// 0 up, 1 right, 2 down, 3 left on the grid, whichever way the agent looks.
  public enum Side: UInt8, Sendable, Hashable, CaseIterable {
    case up, right, down, left
  }
}
