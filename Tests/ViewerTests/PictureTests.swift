import Drawing
import ReinforcementLearning
import Testing

@testable import Viewer

/// A canvas that keeps what was asked of it; every character is half as wide as high.
final class ListCanvas: Canvas {
  let width, height: Float
  let scale: Float = 1
  var polygons: [([Sketch.Point], Sketch.Color)] = []
  var texts: [(String, Box)] = []

  init(width: Float, height: Float) {
    self.width = width
    self.height = height
  }

  func fill(_ polygons: [[Sketch.Point]], _ color: Sketch.Color) {
    for polygon in polygons { self.polygons.append((polygon, color)) }
  }
  func text(_ string: String, at point: Sketch.Point, size: Float, face: Face, _ color: Sketch.Color) {
    texts.append((string, Box(point.x, point.y, width(of: string, size: size, face: face), size * 1.2)))
  }
  func width(of string: String, size: Float, face: Face) -> Float { Float(string.count) * size / 2 }
  func clip(to box: Box?) {}
}

/// The state after so many steps of the small gridworld.
func stateOfGridworld(steps: Int, help: Bool = false) throws -> PictureState {
  var control = try PlaybackControl(EpisodePlayback(SmallGridworld()), options: WatchOptions())
  for _ in 0..<steps { _ = try control.press(.right) }
  if help { _ = try control.press(.character("h")) }
  return control.state
}

@Suite struct PictureTests {
  @Test("an action of four numbers is shown whole, and one of sixteen in a line of its own")
  func vectors() throws {
    var state = try stateOfGridworld(steps: 1)
    let four = "-0.64, 1.00, -0.02, -1.00"
    for (action, width) in [(four, 960), (four, 640)] as [(String, Float)] {
      state.frame.action = action
      let canvas = ListCanvas(width: width, height: 640)
      EpisodePicture(state: state).draw(on: canvas)
      #expect(canvas.texts.contains { $0.0 == action }, "\(width)")
    }
    let sixteen = Array(repeating: "-0.50", count: 16).joined(separator: ", ")
    state.frame.action = sixteen
    #expect(state.captions.contains("action: \(sixteen)"))
  }

  @Test(
    "the parts of the picture stay inside it and do not overlap",
    arguments: [(1120, 760), (420, 340), (320, 240), (1600, 500), (500, 1200), (3000, 2000)])
  func layout(width: Int, height: Int) {
    for (insets, captions, lanes) in [(0, 0, 1), (1, 2, 3), (3, 5, 9)] {
      let layout = PictureLayout(
        width: Float(width), height: Float(height), lanes: lanes, insets: insets, captions: captions,
        hasControls: true)
      let parts = [layout.header, layout.board, layout.side, layout.captions, layout.chart, layout.hints]
        .compactMap { $0 }
      for (index, part) in parts.enumerated() {
        #expect(part.x >= 0 && part.y >= 0 && part.right <= Float(width) && part.bottom <= Float(height))
        for other in parts[(index + 1)...] {
          let across = min(part.right, other.right) - max(part.x, other.x)
          let down = min(part.bottom, other.bottom) - max(part.y, other.y)
          #expect(across <= 0.01 || down <= 0.01, "\(part) overlaps \(other)")
        }
      }
      #expect(layout.board.height >= Float(height) * 0.2)
      #expect((1...lanes).contains(layout.lanes))
    }
  }

  @Test("a narrow picture has its captions below the board, a wide one beside it")
  func sides() {
    let wide = PictureLayout(width: 1120, height: 760, lanes: 2, insets: 1, captions: 2, hasControls: true)
    #expect(wide.side != nil && wide.captions == nil)
    let narrow = PictureLayout(width: 420, height: 600, lanes: 2, insets: 1, captions: 2, hasControls: true)
    #expect(narrow.side == nil && narrow.captions != nil)
    let bare = PictureLayout(width: 1120, height: 760, lanes: 2, insets: 0, captions: 0, hasControls: false)
    #expect(bare.side == nil && bare.captions == nil && bare.hints == nil)
    let brief = PictureLayout(width: 1120, height: 760, lanes: 2, insets: 0, captions: 1, hasControls: true)
    #expect(brief.side == nil && brief.captions != nil)
  }

  @Test("the picture says id, seed, step, return, action, outcome, captions and every reward")
  func says() throws {
    let canvas = ListCanvas(width: 1120, height: 760)
    EpisodePicture(state: try stateOfGridworld(steps: 13)).draw(on: canvas)
    let words = canvas.texts.map(\.0)
    for expected in [
      "gridworld/DoorKey-8x8", "ppo after 200000 steps  ·  seed 42  ·  episode 0", "13", "0.9", "forward", "success",
      "Carrying: yellow key", "AGENT'S VIEW", "environment", "novelty", "program", "Σ 0.9",
    ] { #expect(words.contains(expected), "\(expected) is missing") }
    for (text, box) in canvas.texts {
      #expect(box.x >= 0 && box.right <= 1120 && box.bottom <= 762, "'\(text)' leaves the picture")
    }
  }

  @Test("the help overlay lists every key")
  func helps() throws {
    for (width, height) in [(1120, 760), (320, 240)] as [(Float, Float)] {
      let canvas = ListCanvas(width: width, height: height)
      EpisodePicture(state: try stateOfGridworld(steps: 1, help: true)).draw(on: canvas)
      for line in KeyMap(actions: nil).help { #expect(canvas.texts.contains { $0.0 == line.keys }) }
      #expect(canvas.texts.allSatisfy { $0.1.bottom <= height + 2 })
    }
  }

  @Test("a sketch fills its place: its corners come out at the place's corners")
  func scales() {
    var sketch = Sketch(width: 4, height: 2)
    sketch.shapes = [.rectangle(corner: Sketch.Point(0, 0), width: 4, height: 2, Sketch.Color(1, 2, 3))]
    let canvas = ListCanvas(width: 200, height: 200)
    let place = Box(0, 0, 200, 200).fitting(width: 4, height: 2)
    #expect(place == Box(0, 50, 200, 100))
    SketchPainter(sketch: sketch, place: place).draw(on: canvas)
    #expect(canvas.polygons[0].0.first == Sketch.Point(0, 50))
    #expect(canvas.polygons[0].0[2] == Sketch.Point(200, 150))
  }

  @Test("the strip chart shows the last steps when not all fit")
  func scrolls() {
    let chart = StripChart(trace: RewardTrace(), step: 500, length: nil, lanes: 1, isCompact: false)
    #expect(chart.visibleSteps(width: 60) == 491..<501)
    let early = StripChart(trace: RewardTrace(), step: 4, length: nil, lanes: 1, isCompact: false)
    #expect(early.visibleSteps(width: 60) == 1..<5)
  }

  @Test("text is cut to its room and wrapped between words")
  func fitsText() {
    let canvas = ListCanvas(width: 100, height: 100)
    #expect(canvas.fitted("abcdefghij", size: 10, face: .regular, limit: 25) == "abcd…")
    #expect(canvas.fitted("abc", size: 10, face: .regular, limit: 25) == "abc")
    #expect(canvas.wrapped("one two three", size: 10, face: .regular, limit: 40) == ["one two", "three"])
  }

  @Test(
    "numbers are short",
    arguments: [
      (0, "0"), (1, "1"), (-0.05, "-0.05"), (0.94567, "0.946"), (12.345, "12.35"), (123.45, "123.5"),
      (12345.6, "12346"), (1_234_567, "1.23e6"), (0.00012345, "1.23e-4"), (.nan, "nan"), (-.infinity, "-inf"),
    ] as [(Double, String)])
  func numbers(value: Double, text: String) { #expect(shortNumber(value) == text) }
}
