import ReinforcementLearning
import Testing

@testable import Drawing

@Suite struct PixelTests {
  private func image(_ points: [(Float, Float)], clip: Box? = nil) -> PixelBuffer {
    let buffer = PixelBuffer(width: 8, height: 6)
    buffer.clip(to: clip)
    buffer.fill([points.map { Sketch.Point($0.0, $0.1) }], Sketch.Color(255, 255, 255))
    return buffer
  }

  /// How much of each pixel is white, 0 to 255.
  private func rows(_ buffer: PixelBuffer) -> [[UInt32]] {
    (0..<buffer.height).map { row in (0..<buffer.width).map { buffer.pixels[row * buffer.width + $0] & 0xFF } }
  }

  @Test("an upright rectangle between pixels fills them and nothing else")
  func fillsRectangle() {
    let pixels = rows(image([(2, 1), (5, 1), (5, 3), (2, 3)]))
    for row in 0..<6 {
      for column in 0..<8 {
        #expect(pixels[row][column] == ((1..<3).contains(row) && (2..<5).contains(column) ? 255 : 0))
      }
    }
  }

  @Test("a pixel that is covered in part is that part white")
  func coversParts() {
    let pixels = rows(image([(1.5, 1), (3.25, 1), (3.25, 2), (1.5, 2)]))
    #expect(pixels[1][1] == 128 && pixels[1][2] == 255 && pixels[1][3] == 64)
  }

  @Test("the white of any polygon sums to its area, in both directions of turning")
  func keepsArea() {
    let shapes: [([(Float, Float)], Float)] = [
      ([(0.3, 0.2), (7.6, 2.9), (1.1, 5.7)], 18.995), ([(1.1, 5.7), (7.6, 2.9), (0.3, 0.2)], 18.995),
      ([(1, 3), (4, 0.5), (7, 3), (4, 5.5)], 15),
    ]
    for (points, area) in shapes {
      let sum = rows(image(points)).joined().reduce(0, +)
      #expect(abs(Float(sum) / 255 - area) < 0.1)
    }
  }

  @Test("what reaches beyond the image or the clip is cut, not moved")
  func clips() {
    let outside = rows(image([(-20, -20), (30, -20), (30, 30), (-20, 30)]))
    #expect(outside.allSatisfy { $0.allSatisfy { $0 == 255 } })
    let clipped = rows(image([(-20, -20), (30, -20), (30, 30), (-20, 30)], clip: Box(2, 1, 3, 2)))
    #expect(clipped.joined().filter { $0 == 255 }.count == 6)
    #expect(clipped[1][2] == 255 && clipped[0][2] == 0 && clipped[1][5] == 0)
    let slanted = rows(image([(-8, 0), (8, 0), (8, 6), (-8, 6)], clip: Box(0, 0, 8, 6)))
    #expect(slanted.joined().allSatisfy { $0 == 255 })
  }

  @Test("no seam shows where polygons touch, and where they overlap nothing is lost, whichever way they turn")
  func fillsTogether() {
    let buffer = PixelBuffer(width: 8, height: 1)
    func box(_ left: Float, _ right: Float, reversed: Bool) -> [Sketch.Point] {
      let points = [(left, 0), (right, 0), (right, 1), (left, 1)].map { Sketch.Point($0.0, $0.1) }
      return reversed ? points.reversed() : points
    }
    buffer.fill(
      [box(0, 2.3, reversed: false), box(2.3, 5.6, reversed: true), box(4, 8, reversed: false)],
      Sketch.Color(255, 255, 255))
    #expect(rows(buffer)[0] == Array(repeating: 255, count: 8))
  }

  @Test("a degenerate or endless polygon draws nothing")
  func refusesDegenerate() {
    #expect(rows(image([(1, 1), (5, 1)])).joined().allSatisfy { $0 == 0 })
    #expect(rows(image([(1, 1), (5, .nan), (2, 4)])).joined().allSatisfy { $0 == 0 })
    #expect(rows(image([(1, 1), (5, .infinity), (2, 4)])).joined().allSatisfy { $0 == 0 })
  }

  @Test("opacity mixes the colour with what is under it")
  func blends() {
    let buffer = PixelBuffer(width: 1, height: 1)
    let square = [(0, 0), (1, 0), (1, 1), (0, 1)].map { Sketch.Point($0.0, $0.1) }
    buffer.fill([square], Sketch.Color(200, 100, 0, alpha: 51))
    #expect(buffer.rgbBytes() == [40, 20, 0])
  }
}
