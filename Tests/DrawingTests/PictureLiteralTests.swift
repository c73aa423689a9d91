import ReinforcementLearning
import Testing

@testable import Drawing

/// Pictures against the bits that they had when windows and Go-Explore's frames were still drawn in two places.
@Suite struct PictureLiteralTests {
  /// Every kind of shape, opaque and not, inside the picture and beyond its edges.
  private var sketch: Sketch {
    var sketch = Sketch(width: 7, height: 5)
    sketch.shapes = [
      .rectangle(corner: .init(0, 0), width: 7, height: 5, .init(30, 40, 50)),
      .rectangle(corner: .init(0.3, 0.7), width: 2.45, height: 1.9, .init(200, 10, 90, alpha: 130)),
      .ellipse(center: .init(4.1, 2.2), radiusX: 1.3, radiusY: 0.8, .init(250, 220, 10)),
      .polygon([.init(1, 4.6), .init(3.3, 2.1), .init(5.2, 4.9)], .init(20, 180, 60)),
      .polygon([.init(5.2, 4.9), .init(3.3, 2.1), .init(6.6, 1.4)], .init(20, 180, 60)),
      .polygon([.init(6.6, 0.4), .init(6.2, 1.4), .init(5.5, 0.2)], .init(90, 90, 240, alpha: 77)),
      .line(.init(0.2, 4.7), .init(6.8, 0.4), width: 0.22, .init(255, 255, 255, alpha: 200)),
      .line(.init(2, 0), .init(2, 5), width: 0.01, .init(255, 0, 0)),
      .text("left out", at: .init(1, 1), height: 1, .init(255, 255, 255)),
      .ellipse(center: .init(0, 5), radiusX: 2, radiusY: 2, .init(0, 120, 255, alpha: 90)),
    ]
    return sketch
  }

  /// FNV-1a.
  private func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  private func hash(_ image: GreyImage) -> UInt64 { image.pixels.withUnsafeBytes { hash($0) } }

  @Test(
    "a grey picture keeps its bits at every size",
    arguments: [
      (8, 6, 6_858_879_833_573_966_272), (48, 34, 154_854_836_559_803_904), (61, 44, 17_307_304_095_282_565_870),
    ] as [(Int, Int, UInt64)])
  func grey(side: Int, height: Int, expected: UInt64) {
    let image = GreyImage(sketch, side: side)
    #expect(image.width == side && image.height == height)
    #expect(hash(image) == expected)
  }

  @Test("a grey disc keeps its bits")
  func disc() {
    var round = Sketch(width: 3, height: 3)
    round.shapes = [.ellipse(center: .init(1.5, 1.5), radiusX: 1.2, radiusY: 1.2, .init(255, 255, 255))]
    #expect(hash(GreyImage(round, side: 33)) == 768_437_305_626_762_136)
  }

  @Test(
    "a picture in colour keeps its pixels at every size and number of pixels a point",
    arguments: [
      (140, 100, 1, 3_444_547_943_747_174_004), (97, 81, 1, 9_316_520_400_928_319_081),
      (200, 160, 2, 8_204_657_201_492_793_829),
    ] as [(Int, Int, Float, UInt64)])
  func colour(width: Int, height: Int, scale: Float, expected: UInt64) {
    let canvas = PixelCanvas(pixelWidth: width, pixelHeight: height, scale: scale, lettering: nil)
    let place = Box(0, 0, canvas.width, canvas.height).fitting(width: 7, height: 5)
    SketchPainter(sketch: sketch, place: place).draw(on: canvas)
    canvas.fill(Box(3.2, 4.1, 20, 9), radius: 3, .init(9, 8, 7, alpha: 128))
    canvas.panel(Box(30, 40, 22, 19), radius: 5, fill: .init(1, 2, 3), edge: .init(200, 100, 50))
    #expect(hash(canvas.buffer.rgbBytes()) == expected)
  }

  @Test("a sketch alone is a picture of its own shape, the same that is drawn on a canvas of that size")
  func alone() {
    let picture = PixelBuffer(sketch, side: 140)
    let canvas = PixelCanvas(pixelWidth: 140, pixelHeight: 100, scale: 1, lettering: nil)
    SketchPainter(sketch: sketch, place: Box(0, 0, 140, 100)).draw(on: canvas)
    #expect(picture.width == 140 && picture.height == 100)
    #expect(picture.rgbBytes() == canvas.buffer.rgbBytes())
  }

  @Test("text is as opaque as its colour says: opaque, translucent and not at all")
  func translucentText() {
    let mask = GlyphMask(width: 3, height: 1, opacities: [255, 128, 0])
    func painted(alpha: UInt8) -> [UInt8] {
      let buffer = PixelBuffer(width: 3, height: 1)
      buffer.paint(mask, x: 0, y: 0, .init(200, 100, 40, alpha: alpha))
      return buffer.rgbBytes()
    }
    #expect(painted(alpha: 255) == [200, 100, 40, 101, 50, 20, 0, 0, 0])
    #expect(painted(alpha: 127) == [100, 50, 20, 50, 25, 10, 0, 0, 0])
    #expect(painted(alpha: 0) == [UInt8](repeating: 0, count: 9))
  }

  /// Draws each character as a full box of its advance and three quarters of its line, and counts what it is asked.
  private final class Boxes: Lettering {
    private(set) var asked: Set<Face> = []

    func mask(of text: String, pixels: Float, face: Face) -> GlyphMask? {
      asked.insert(face)
      let (width, height) = (width(of: text, pixels: pixels, face: face), Int((pixels * 1.2).rounded()))
      return GlyphMask(width: width, height: height, opacities: Array(repeating: 255, count: width * height))
    }

    /// A third of the cell for an i, which is narrow in any face.
    func width(of text: String, pixels: Float, face: Face) -> Int {
      max(1, Int((Float(text.count) * pixels * (text == "i" ? 0.2 : 0.6)).rounded()))
    }
  }

  @Test(
    "each character of a screen stays in the middle of its own cell, whatever it is and wherever the picture lies",
    arguments: [(10, 0), (12, 3), (7, 20)] as [(Int, Float)])
  func cells(unit: Int, left: Float) {
    let letters: [Character] = ["i", "@", "i", "i", "W"]
    var sketch = Sketch(width: 5, height: 2)
    for (column, letter) in letters.enumerated() where column != 3 {
      sketch.shapes.append(
        .character(letter, center: .init(Float(column) + 0.5, 1), height: 2, .init(0, UInt8(50 * column), 255)))
    }
    let boxes = Boxes()
    let canvas = PixelCanvas(pixelWidth: 5 * unit + 40, pixelHeight: 2 * unit, scale: 1, lettering: boxes)
    SketchPainter(sketch: sketch, place: Box(left, 0, Float(5 * unit), Float(2 * unit))).draw(on: canvas)
    #expect(boxes.asked == [.mono])
    let bytes = canvas.buffer.rgbBytes()
    for column in 0..<5 {
      // Pixels of the cell's middle row that are painted, and those of them that are in the letter's own colour.
      let cell = (0..<unit).map { unit * canvas.buffer.width + Int(left) + column * unit + $0 }
      let painted = cell.indices.filter { bytes[3 * cell[$0] + 2] == 255 }
      #expect(painted.allSatisfy { bytes[3 * cell[$0] + 1] == UInt8(50 * column) })
      #expect(painted.isEmpty == (column == 3))
      guard let first = painted.first, let last = painted.last else { continue }
      #expect(painted.count == (letters[column] == "i" ? max(1, unit / 3) : unit))
      #expect(abs(first - (unit - 1 - last)) <= 1, "as much room on its left as on its right")
    }
  }
}
