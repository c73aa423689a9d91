/// What a state looks like, as a list of shapes and a board of characters: a description, not drawing code.
///
/// The viewer's window, its recordings, the terminal, the report's replay player and the golden playthroughs
/// all draw from this. Coordinates are the environment's own; y grows downwards.
public struct Sketch: Sendable, Hashable {
  /// A colour with opacity, 0 to 255 each.
  public struct Color: Sendable, Hashable {
    /// sRGB, and opacity: 255 covers what is below.
    public var red, green, blue, alpha: UInt8

    /// Opaque, unless it is said otherwise.
    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8, alpha: UInt8 = 255) {
      self.red = red
      self.green = green
      self.blue = blue
      self.alpha = alpha
    }
  }

  /// A place in the environment's own units; y grows downwards.
  public struct Point: Sendable, Hashable {
    /// World units.
    public var x, y: Float

    /// The point there.
    public init(_ x: Float, _ y: Float) {
      self.x = x
      self.y = y
    }
  }

  /// An upright rectangle of the picture.
  public struct Area: Sendable, Hashable {
    /// The upper left corner.
    public var x, y: Float
    /// World units, not negative.
    public var width, height: Float

    /// The rectangle with that upper left corner.
    public init(x: Float, y: Float, width: Float, height: Float) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }

    /// Its middle.
    public var center: Point { Point(x + width / 2, y + height / 2) }

    /// Whether the point lies inside; the left and upper edges do, the right and lower ones do not.
    public func contains(_ point: Point) -> Bool {
      point.x >= x && point.x < x + width && point.y >= y && point.y < y + height
    }
  }

  /// What is painted, in world units.
  public enum Shape: Sendable, Hashable {
    /// Filled; the corner is the upper left one.
    case rectangle(corner: Point, width: Float, height: Float, Color)
    case ellipse(center: Point, radiusX: Float, radiusY: Float, Color)
    /// Filled and convex.
    case polygon([Point], Color)
    case line(Point, Point, width: Float, Color)
    /// Left-aligned, `height` world units high, its upper left corner at the point.
    case text(String, at: Point, height: Float, Color)
    /// One character of a fixed-width face in the middle of its cell, which is `height` high and half as wide: what a
    /// terminal's screen is made of.
    case character(Swift.Character, center: Point, height: Float, Color)
  }

  /// A character of the board, in a colour.
  public struct Character: Sendable, Hashable {
    /// One column wide in a terminal.
    public var character: Swift.Character
    /// The colour of the character itself, not of what is behind it.
    public var color: Color

    /// A character, light grey unless a colour is given.
    public init(_ character: Swift.Character, _ color: Color = Color(220, 220, 220)) {
      self.character = character
      self.color = color
    }
  }

  /// A smaller picture beside the main one, for example what the agent sees.
  public struct Inset: Sendable, Hashable {
    /// One line above the picture.
    public var title: String
    /// With coordinates of its own; its own insets are not painted.
    public var sketch: Sketch

    /// An inset under that title.
    public init(title: String, sketch: Sketch) {
      self.title = title
      self.sketch = sketch
    }
  }

  /// World units.
  public var width, height: Float
  /// In painting order: later ones cover earlier ones.
  public var shapes: [Shape] = []
  /// The state in characters, a line each, for terminals and golden playthroughs.
  public var board: [[Character]] = []
  /// Lines about the state: a mission, what is carried.
  public var captions: [String] = []
  /// Lines about what the environment pays or what its reward is made of, which people who are to judge by what they
  /// see are not shown.
  public var payments: [String] = []
  /// In the order in which they stand beside the picture.
  public var insets: [Inset] = []
  /// What must stay in sight where the whole board does not fit: where the agent is. Nil: a single `@` of the board.
  public var focus: Point?
  /// Rows of the board that are shown also where the whole does not fit: its first (a message) and its last (numbers).
  public var headRows = 0, footRows = 0
  /// Whether the board is a text over everything, such as a menu: where there is little room, it comes before what
  /// stands around it.
  public var isPage = false
  /// The state to be drawn from any side, where the environment has a renderer; the shapes are what is shown without.
  public var view: SpatialView?

  /// An empty picture of that size, above 0 each.
  public init(width: Float, height: Float) {
    self.width = width
    self.height = height
  }

  /// The row and column of the board that the focus falls into; nil where there is none.
  public var focusOnBoard: (row: Int, column: Int)? {
    if let focus, let columns = board.map(\.count).max(), columns > 0 {
      let row = Int(focus.y / height * Float(board.count))
      let column = Int(focus.x / width * Float(columns))
      return (min(max(0, row), board.count - 1), min(max(0, column), columns - 1))
    }
    let places = board.indices.flatMap { row in
      board[row].indices.filter { board[row][$0].character == "@" }.map { (row: row, column: $0) }
    }
    return places.count == 1 ? places[0] : nil
  }

  /// The board as plain text.
  public var text: String {
    board.map { String($0.map(\.character)) }.joined(separator: "\n")
  }
}
