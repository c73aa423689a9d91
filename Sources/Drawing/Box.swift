/// An upright rectangle, in points.
public struct Box: Hashable, Sendable {
  public var x, y, width, height: Float

  public init(_ x: Float, _ y: Float, _ width: Float, _ height: Float) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  public var right: Float { x + width }
  public var bottom: Float { y + height }

  public func inset(_ horizontal: Float, _ vertical: Float) -> Box {
    Box(x + horizontal, y + vertical, max(0, width - 2 * horizontal), max(0, height - 2 * vertical))
  }

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

  public mutating func takeBottom(_ amount: Float) -> Box {
    let taken = min(max(amount, 0), height)
    height -= taken
    return Box(x, y + height, width, taken)
  }

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
