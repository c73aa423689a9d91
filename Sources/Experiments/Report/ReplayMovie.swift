public import Groundwork
public import ReinforcementLearning

/// An episode as pictures, for the player in the report: a display list a frame, each shape stored once.
///
/// Most of a frame is like the one before, so a frame is a list of indices into the shapes, and is written as
/// its difference from the frame before: an episode of a gridworld takes a few kilobytes.
public struct ReplayMovie: Sendable {
  /// What stands above the player.
  public var title: String
  /// The environment in whose section the movie is shown; empty for none.
  public var environment: String
  /// World units.
  public private(set) var width: Float
  /// World units; of the largest frame, as `width`.
  public private(set) var height: Float
  /// Each shape once, in order of appearance.
  public private(set) var shapes: [Sketch.Shape] = []
  /// Indices into `shapes` in painting order.
  public private(set) var frames: [[Int]] = []
  /// For each frame a few lines: the action, rewards by component, the outcome.
  public private(set) var captions: [[String]] = []
  /// How fast it plays at first.
  public var framesPerSecond: Double

  private var places: [Sketch.Shape: Int] = [:]

  /// A movie without frames.
  public init(title: String, environment: String = "", framesPerSecond: Double = 8) {
    self.title = title
    self.environment = environment
    self.framesPerSecond = framesPerSecond
    width = 1
    height = 1
  }

  /// Adds a frame.
  ///
  /// A sketch without shapes is shown as its board of characters; insets stand at the right, one below the
  /// other. The movie is as large as its largest frame.
  public mutating func append(_ sketch: Sketch, captions lines: [String]) {
    let main = sketch.shapes.isEmpty ? ReplayMovie.boardSketch(sketch) : sketch
    var list = main.shapes
    var (right, bottom) = (main.width, main.height)
    var top: Float = 0
    for inset in sketch.insets where inset.sketch.width > 0 && inset.sketch.height > 0 {
      // Insets take up to two fifths of the main picture's size.
      let scale = 0.4 * min(main.width / inset.sketch.width, main.height / inset.sketch.height)
      let left = main.width * 1.04
      let textHeight = main.height * 0.04
      list.append(.text(inset.title, at: .init(left, top), height: textHeight, .init(128, 128, 128)))
      top += textHeight * 1.4
      list += inset.sketch.shapes.map { $0.moved(by: .init(left, top), scale: scale) }
      right = max(right, left + inset.sketch.width * scale)
      top += inset.sketch.height * scale + textHeight
      bottom = max(bottom, top)
    }
    (width, height) = (max(width, right), max(height, bottom))
    var frame: [Int] = []
    for shape in list {
      let place = places[shape] ?? shapes.count
      if place == shapes.count {
        places[shape] = place
        shapes.append(shape)
      }
      frame.append(place)
    }
    frames.append(frame)
    captions.append(lines)
  }

  /// The movie for the page's player.
  ///
  /// `s` lists the shapes, `f` the frames: a list of indices, or `{"d": [position, index, ...]}` for the
  /// changes since the frame before, which then has the same length. `c` are the captions.
  public var json: JSON {
    var colors: [Sketch.Color: Int] = [:]
    var palette: [JSON] = []
    func color(_ color: Sketch.Color) -> JSON {
      if let place = colors[color] { return .integer(place) }
      colors[color] = palette.count
      palette.append(.string(color.hexadecimal))
      return .integer(palette.count - 1)
    }
    let shapeList = shapes.map { $0.json(color: color) }
    var frameList: [JSON] = []
    for (index, frame) in frames.enumerated() {
      let before = index > 0 ? frames[index - 1] : []
      let changed = frame.count == before.count ? frame.indices.filter { frame[$0] != before[$0] } : []
      if frame.count == before.count, changed.count * 2 < frame.count {
        frameList.append(["d": .array(changed.flatMap { [.integer($0), .integer(frame[$0])] })])
      } else {
        frameList.append(.array(frame.map { .integer($0) }))
      }
    }
    return [
      "title": .string(title), "w": .number(Double(width)), "h": .number(Double(height)),
      "fps": .number(framesPerSecond), "p": .array(palette), "s": .array(shapeList), "f": .array(frameList),
      "c": .array(captions.map { .array($0.map { .string($0) }) }),
    ]
  }

  /// The board's characters, a cell 1 wide and 2 high.
  private static func boardSketch(_ sketch: Sketch) -> Sketch {
    guard !sketch.board.isEmpty else { return sketch }
    let columns = sketch.board.map(\.count).max() ?? 1
    var picture = Sketch(width: Float(columns), height: Float(2 * sketch.board.count))
    picture.shapes.append(
      .rectangle(corner: .init(0, 0), width: picture.width, height: picture.height, .init(18, 20, 24)))
    for (y, row) in sketch.board.enumerated() {
      for (x, cell) in row.enumerated() where cell.character != " " {
        picture.shapes.append(
          .character(cell.character, center: .init(Float(x) + 0.5, Float(2 * y + 1)), height: 2, cell.color))
      }
    }
    return picture
  }
}

extension Sketch.Color {
  /// `#rrggbb`, with two more digits when it is not opaque.
  var hexadecimal: String {
    func pair(_ value: UInt8) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }
    return "#" + pair(red) + pair(green) + pair(blue) + (alpha == 255 ? "" : pair(alpha))
  }
}

extension Sketch.Shape {
  /// The shape in another place and size.
  func moved(by offset: Sketch.Point, scale: Float) -> Sketch.Shape {
    func place(_ point: Sketch.Point) -> Sketch.Point {
      Sketch.Point(offset.x + point.x * scale, offset.y + point.y * scale)
    }
    switch self {
    case .rectangle(let corner, let width, let height, let color):
      return .rectangle(corner: place(corner), width: width * scale, height: height * scale, color)
    case .ellipse(let center, let radiusX, let radiusY, let color):
      return .ellipse(center: place(center), radiusX: radiusX * scale, radiusY: radiusY * scale, color)
    case .polygon(let points, let color): return .polygon(points.map(place), color)
    case .line(let from, let to, let width, let color):
      return .line(place(from), place(to), width: width * scale, color)
    case .text(let text, let corner, let height, let color):
      return .text(text, at: place(corner), height: height * scale, color)
    case .character(let character, let center, let height, let color):
      return .character(character, center: place(center), height: height * scale, color)
    }
  }

  /// A list that begins with the kind's letter and ends with the colour's index.
  func json(color index: (Sketch.Color) -> JSON) -> JSON {
    func number(_ value: Float) -> JSON {
      // A thousandth of a world unit is below a pixel.
      let rounded = (Double(value) * 1000).rounded() / 1000
      return rounded == rounded.rounded() && abs(rounded) < 1e9 ? .integer(Int(rounded)) : .number(rounded)
    }
    switch self {
    case .rectangle(let corner, let width, let height, let color):
      return ["r", number(corner.x), number(corner.y), number(width), number(height), index(color)]
    case .ellipse(let center, let radiusX, let radiusY, let color):
      return ["e", number(center.x), number(center.y), number(radiusX), number(radiusY), index(color)]
    case .polygon(let points, let color):
      return ["p", .array(points.flatMap { [number($0.x), number($0.y)] }), index(color)]
    case .line(let from, let to, let width, let color):
      return ["l", number(from.x), number(from.y), number(to.x), number(to.y), number(width), index(color)]
    case .text(let text, let corner, let height, let color):
      return ["t", number(corner.x), number(corner.y), number(height), .string(text), index(color)]
    case .character(let character, let center, let height, let color):
      return ["c", number(center.x), number(center.y), number(height), .string(String(character)), index(color)]
    }
  }
}
