/// What a state looks like, as a list of shapes and a board of characters: a description, not drawing code.
///
/// The viewer's window, its recordings, the terminal, the report's replay player and the golden playthroughs
/// all draw from this. Coordinates are the environment's own; y grows downwards.
public struct Sketch: Sendable, Hashable {
  /// A colour with opacity, 0 to 255 each.
  public struct Color: Sendable, Hashable {
    public var red, green, blue, alpha: UInt8

    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8, alpha: UInt8 = 255) {
      self.red = red
      self.green = green
      self.blue = blue
      self.alpha = alpha
    }
  }

  public struct Point: Sendable, Hashable {
    public var x, y: Float

    public init(_ x: Float, _ y: Float) {
      self.x = x
      self.y = y
    }
  }

  /// An upright rectangle of the picture.
  public struct Area: Sendable, Hashable {
    /// The upper left corner.
    public var x, y: Float
    public var width, height: Float

    public init(x: Float, y: Float, width: Float, height: Float) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }

    public var center: Point { Point(x + width / 2, y + height / 2) }

    public func contains(_ point: Point) -> Bool {
      point.x >= x && point.x < x + width && point.y >= y && point.y < y + height
    }
  }

  public enum Shape: Sendable, Hashable {
    /// Filled; the corner is the upper left one.
    case rectangle(corner: Point, width: Float, height: Float, Color)
    case ellipse(center: Point, radiusX: Float, radiusY: Float, Color)
    /// Filled and convex.
    case polygon([Point], Color)
    case line(Point, Point, width: Float, Color)
    /// Left-aligned, `height` world units high, its upper left corner at the point.
    case text(String, at: Point, height: Float, Color)
  }

  /// A character of the board, in a colour.
  public struct Character: Sendable, Hashable {
    public var character: Swift.Character
    public var color: Color

    public init(_ character: Swift.Character, _ color: Color = Color(220, 220, 220)) {
      self.character = character
      self.color = color
    }
  }

  /// A smaller picture beside the main one, for example what the agent sees.
  public struct Inset: Sendable, Hashable {
    public var title: String
    public var sketch: Sketch

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
  public var insets: [Inset] = []

  public init(width: Float, height: Float) {
    self.width = width
    self.height = height
  }

  /// The board as plain text.
  public var text: String {
    board.map { String($0.map(\.character)) }.joined(separator: "\n")
  }
}
