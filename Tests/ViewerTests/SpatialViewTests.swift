import Drawing
import Groundwork
import ReinforcementLearning
import Testing

@testable import Viewer

/// Scenes that can be turned: what the mouse and the keys do, and what is drawn where nothing can.
@Suite struct SpatialViewTests {
  /// A source whose one state is a scene of one colour, which says how it was looked at.
  private struct Scene: EpisodeSource {
    var isAvailable = true
    let title = "test/Scene", subtitle = ""
    let seed: UInt64 = 1

    mutating func start(episode: Int) -> PlaybackFrame? {
      var sketch = Sketch(width: 2, height: 1)
      sketch.shapes = [.rectangle(corner: .init(0, 0), width: 2, height: 1, .init(9, 9, 9))]
      let error = isAvailable ? nil : UserError("there is no OpenGL")
      sketch.view = SpatialView(renderer: "a test", absence: { error }) { (point, width, height) throws(UserError) in
        if let error { throw error }
        let color = 0xFF00_0000 | UInt32(min(max(point.turn, 0), 255)) << 16 | (point.showsContacts ? 0xFF00 : 0)
        return Array(repeating: color, count: width * height)
      }
      return PlaybackFrame(sketch: sketch)
    }
    mutating func step(_ action: String?) -> PlaybackFrame? { nil }
  }

  private func control(_ scene: Scene = Scene()) throws -> PlaybackControl<EpisodePlayback<Scene>> {
    try PlaybackControl(EpisodePlayback(scene), options: WatchOptions(), hasMouse: true)
  }

  /// The colour in the middle of the board.
  private func middle(_ state: PictureState) -> UInt32 {
    let canvas = PixelCanvas(pixelWidth: 400, pixelHeight: 400, scale: 1, lettering: nil)
    EpisodePicture(state: state).draw(on: canvas)
    let board = PictureLayout(for: state, width: 400, height: 400).board
    return canvas.buffer.pixels[Int(board.y + board.height / 2) * 400 + Int(board.x + board.width / 2)]
  }

  @Test("dragging turns the scene, the wheel goes nearer, keys show contacts and go back")
  func steering() throws {
    var control = try control()
    #expect(middle(control.state) == 0xFF00_0000)
    #expect(control.turn(right: 40, down: 10) && control.zoom(notches: 2))
    #expect(control.viewpoint.turn == 20 && control.viewpoint.tilt == 5 && control.viewpoint.zoom > 1.2)
    #expect(middle(control.state) == 0xFF14_0000)
    #expect(try control.press(.character("c")) && middle(control.state) == 0xFF14_FF00)
    #expect(try control.press(.character("t")) && !control.viewpoint.showsTargets)
    #expect(try control.press(.character("v")) && control.viewpoint == SpatialView.Viewpoint())
    #expect(control.keys.help.contains { $0.meaning == "contacts" })
    #expect(control.state.captions == ["drawn by a test"])
    // A terminal draws characters, and asks no renderer.
    let lines = TerminalPicture(state: control.state, columns: 80, rows: nil, hasColor: false).lines()
    #expect(!lines.contains { $0.contains("drawn by") })
  }

  @Test("the line of keys has those of the scene")
  func hints() throws {
    let hints = try control().keys.hints().map(\.keys)
    for key in ["mouse", "c", "t", "v"] { #expect(hints.contains(key), "\(key)") }
    #expect(try !control(Scene(isAvailable: false)).keys.hints().map(\.keys).contains("mouse"))
  }

  @Test("a picture by itself is asked for with two pixels a pixel each way, a moving one with as many as it may have")
  func fineness() {
    final class Asked: @unchecked Sendable { var sizes: [(Int, Int)] = [] }
    let asked = Asked()
    var sketch = Sketch(width: 2, height: 1)
    sketch.view = SpatialView(renderer: "a test", absence: { nil }) { (_, width, height) throws(UserError) in
      asked.sizes.append((width, height))
      return Array(repeating: 0xFF00_0000, count: width * height)
    }
    let canvas = PixelCanvas(pixelWidth: 1200, pixelHeight: 800, scale: 1, lettering: nil)
    for isStill in [true, false] {
      ScenePicture(sketch: sketch, isStill: isStill).draw(in: Box(0, 0, 1200, 800), on: canvas)
    }
    #expect(asked.sizes[0] == (2400, 1600))
    #expect(asked.sizes[1].0 * asked.sizes[1].1 <= 481 * 481 && asked.sizes.count == 2)
    // A small one is drawn finer than it is shown, and no side is longer than a renderer's.
    ScenePicture(sketch: sketch).draw(in: Box(0, 0, 200, 100), on: canvas)
    ScenePicture(sketch: sketch, mostPixels: 4_000_000).draw(in: Box(0, 0, 1200, 800), on: canvas)
    ScenePicture(sketch: sketch, mostPixels: 4_000_000).draw(in: Box(0, 0, 4000, 10), on: canvas)
    #expect(asked.sizes[2] == (400, 200) && asked.sizes[3] == (2400, 1600) && asked.sizes[4].0 == 4096)
  }

  @Test("a window asks for more pixels while pictures are quick, and never again for what was too slow twice running")
  func fasterMachines() {
    var fineness = SceneFineness()
    let usual = fineness.pixels
    // The picture that opens the renderer says nothing.
    fineness.took(1)
    fineness.took(0.005)
    fineness.took(0.010)
    fineness.took(0.020)
    #expect(fineness.pixels == 4 * usual)
    fineness.took(0.1)
    fineness.took(0.020)
    #expect(fineness.pixels == 4 * usual, "one that had to wait")
    fineness.took(0.1)
    fineness.took(0.1)
    fineness.took(0.001)
    #expect(fineness.pixels == 2 * usual)
    for _ in 0..<10 { fineness.took(0.5) }
    #expect(fineness.pixels == usual)
    var quick = SceneFineness()
    for _ in 0..<100 { quick.took(0.001) }
    #expect(quick.pixels == 16 * usual)
  }

  @Test("without a renderer the shapes are drawn, a line says why, and the keys mean nothing")
  func plain() throws {
    var control = try control(Scene(isAvailable: false))
    #expect(middle(control.state) == 0xFF09_0909)
    #expect(control.state.captions == ["plain drawing: there is no OpenGL"])
    #expect(try !control.press(.character("c")) && !control.turn(right: 4, down: 4) && !control.zoom(notches: 1))
    #expect(!control.keys.help.contains { $0.meaning == "contacts" })
  }

  @Test("an image of another size is scaled to its box")
  func scaling() {
    let buffer = PixelBuffer(width: 8, height: 4)
    buffer.paint([0xFF00_0000, 0xFFFF_FFFF], width: 2, height: 1, in: Box(0, 0, 8, 4))
    let row = (0..<8).map { buffer.pixels[$0] & 0xFF }
    #expect(row.first == 0 && row.last == 255 && row == row.sorted() && Set(row).count > 3)
    buffer.paint([0xFF01_0203], width: 1, height: 1, in: Box(-3, -3, 40, 40))
    #expect((0..<32).allSatisfy { buffer.pixels[$0] == 0xFF01_0203 })
  }
}
