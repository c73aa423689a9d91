extension PixelBuffer {
  /// Paints an image over a box in pixels, scaled to it: each pixel is a mixture of the four nearest of the image.
  ///
  /// - Parameter image: `[imageHeight, imageWidth]`, opaque `0xFFRRGGBB`.
  /// - Complexity: O(pixels of the box)
  /// - Precondition: The image has a pixel, and as many as its size says.
  public func paint(_ image: [UInt32], width imageWidth: Int, height imageHeight: Int, in box: Box) {
    precondition(
      imageWidth > 0 && imageHeight > 0 && image.count == imageWidth * imageHeight, "an image has its pixels")
    let (left, top) = (Int(box.x.rounded()), Int(box.y.rounded()))
    let (columns, rows) = (Int(box.right.rounded()) - left, Int(box.bottom.rounded()) - top)
    guard columns > 0, rows > 0 else { return }
    let isExact = columns == imageWidth && rows == imageHeight
    for row in max(0, -top)..<max(max(0, -top), min(rows, height - top)) {
      let line = pixels + (top + row) * width + left
      let (y, down) = Self.place(row, of: rows, in: imageHeight)
      for column in max(0, -left)..<max(max(0, -left), min(columns, width - left)) {
        if isExact {
          line[column] = image[row * imageWidth + column]
          continue
        }
        let (x, across) = Self.place(column, of: columns, in: imageWidth)
        let (right, below) = (min(x + 1, imageWidth - 1), min(y + 1, imageHeight - 1))
        let upper = Self.mix(image[y * imageWidth + x], image[y * imageWidth + right], across)
        let lower = Self.mix(image[below * imageWidth + x], image[below * imageWidth + right], across)
        line[column] = Self.mix(upper, lower, down)
      }
    }
  }

  /// The image's pixel before the middle of a painted one, and how far behind it that is, in 256ths.
  private static func place(_ index: Int, of count: Int, in pixels: Int) -> (Int, UInt32) {
    let place = min(max((Float(index) + 0.5) * Float(pixels) / Float(count) - 0.5, 0), Float(pixels - 1))
    let whole = Int(place)
    return (whole, UInt32((place - Float(whole)) * 256))
  }

  /// Two colours, the second with a weight in 256ths.
  private static func mix(_ first: UInt32, _ second: UInt32, _ weight: UInt32) -> UInt32 {
    let odd: UInt32 = 0x00FF_00FF
    let rest = 256 - weight
    let redBlue = ((first & odd) * rest + (second & odd) * weight) >> 8 & odd
    let green = ((first >> 8 & 0xFF) * rest + (second >> 8 & 0xFF) * weight) & 0xFF00
    return 0xFF00_0000 | redBlue | green
  }
}
