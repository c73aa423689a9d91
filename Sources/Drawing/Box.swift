/// An upright rectangle, in points.
///
/// A value to cut up: `takeTop`, `takeBottom` and `takeRight` give a strip and leave the rest, so that a layout
/// reads in the order in which its parts get their room.
public struct Box: Hashable, Sendable {
  /// Left and upper edge, then the size; y grows downwards.
  public var x, y, width, height: Float

  /// Left, top, width and height, in points.
  public init(_ x: Float, _ y: Float, _ width: Float, _ height: Float) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The right edge, x + width.
  public var right: Float { x + width }
  /// The lower edge, y + height.
  public var bottom: Float { y + height }

  /// Smaller by that much on each of two sides; never of negative size.
  public func inset(_ horizontal: Float, _ vertical: Float) -> Box {
    Box(x + horizontal, y + vertical, max(0, width - 2 * horizontal), max(0, height - 2 * vertical))
  }

  /// Smaller by that much on all four sides.
  public func inset(_ all: Float) -> Box { inset(all, all) }

  /// Takes a strip off the top and leaves the rest.
  public mutating func takeTop(_ amount: Float) -> Box {
    let taken = min(max(amount, 0), height)
    defer {
      y += taken
      height -= taken
    }
    return Box(x, y, width, taken)
  }

  /// Takes a strip off the bottom and leaves the rest; at most the whole box.
  public mutating func takeBottom(_ amount: Float) -> Box {
    let taken = min(max(amount, 0), height)
    height -= taken
    return Box(x, y + height, width, taken)
  }

  /// Takes a strip off the right and leaves the rest; at most the whole box.
  public mutating func takeRight(_ amount: Float) -> Box {
    let taken = min(max(amount, 0), width)
    width -= taken
    return Box(x + width, y, taken, height)
  }

  /// The greatest box of that shape inside, in the middle.
  public func fitting(width wanted: Float, height tall: Float) -> Box {
    guard wanted > 0, tall > 0 else { return Box(x + width / 2, y + height / 2, 0, 0) }
    let scale = min(width / wanted, height / tall)
    return Box(
      x + (width - wanted * scale) / 2, y + (height - tall * scale) / 2, wanted * scale, tall * scale)
  }
}
