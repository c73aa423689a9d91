import Drawing
import ReinforcementLearning
import Testing

@testable import Viewer

/// A corridor of five squares with a bend, of which four were visited.
private func corridor() -> ArchiveMap {
  var sketch = Sketch(width: 4, height: 3)
  sketch.board = ["....", "###.", "#..."].map { $0.map { Sketch.Character($0) } }
  func area(_ x: Float, _ y: Float) -> Sketch.Area { Sketch.Area(x: x, y: y, width: 1, height: 1) }
  func cell(
    _ number: Int, _ key: String, visits: Int, steps: Int, success: Bool = false, _ place: Sketch.Area?
  ) -> ArchiveEntry {
    ArchiveEntry(
      number: number, key: key, score: success ? 0.75 : 0, length: steps, success: success, visits: visits, chosen: 1,
      place: place)
  }
  return ArchiveMap(
    title: "gridworld/Bend", subtitle: "archive of go-explore after 100 steps", sketch: sketch,
    cells: [
      cell(0, "ended episodes", visits: 0, steps: 4, success: true, nil),
      cell(1, "position 0,0  carried 0", visits: 99, steps: 0, area(0, 0)),
      cell(2, "position 1,0  carried 0", visits: 9, steps: 1, area(1, 0)),
      cell(3, "position 2,0  carried 0", visits: 3, steps: 2, area(2, 0)),
      cell(4, "position 2,0  carried 5", visits: 4, steps: 1, area(2, 0)),
      cell(5, "position 3,1  carried 0", visits: 0, steps: 4, area(3, 1)),
    ], path: [area(0, 0), area(1, 0), area(1, 0), area(2, 0), area(3, 0), area(3, 1)], best: 0,
    facts: [("cells", "5"), ("steps", "4")])
}

@Suite("The map of an archive") struct ArchiveMapTests {
  @Test("heat is the logarithm of one more than the visits, from 0 to 1")
  func heat() {
    for (visits, exponent) in [(0, 0), (1, 1), (7, 3), (1023, 10)] {
      #expect(abs(HeatMap.logarithm(visits) - Float(exponent)) < 1e-5)
    }
    #expect(abs(HeatMap.logarithm(2) - 1.5849625) < 1e-5)
    let heat = HeatMap(corridor().cells)
    #expect(heat.mostVisits == 99 && heat.heat(0) == 0 && heat.heat(99) == 1)
    #expect(abs(heat.heat(9) - 0.5) < 1e-5, "10 is the square root of 100")
    #expect(heat.ticks == [1, 10])
    #expect(HeatMap([]).heat(0) == 0)
  }

  @Test("the cells of a place are one spot: visits add up, the best way comes first, what ended lies nowhere")
  func spots() {
    let spots = HeatMap(corridor().cells).spots
    #expect(spots.map(\.visits) == [99, 9, 7, 0])
    #expect(spots[2].cells.map(\.number) == [4, 3])
  }

  @Test("arrows go from place to place, tab from cell to cell, enter asks for the way to the cell")
  func keys() {
    var control = ArchiveControl(corridor())
    #expect(control.press(.enter) == .nothing)
    #expect(control.press(.right) == .redraw)
    #expect(control.cell?.number == 1, "from nowhere to the start")
    #expect(control.press(.left) == .nothing)
    #expect(control.press(.right) == .redraw && control.press(.right) == .redraw)
    #expect(control.cell?.number == 4)
    #expect(control.press(.tab) == .redraw)
    #expect(control.cell?.number == 3)
    #expect(control.press(.enter) == .watch(3))
    #expect(control.press(.down) == .redraw)
    #expect(control.cell?.number == 5)
    #expect(control.press(.character("b")) == .watch(0))
    #expect(control.press(.escape) == .quit)
  }

  @Test(
    "a click on a square of the picture chooses its place, a second one asks for the way",
    arguments: [(1120, 760), (500, 400), (2000, 700)])
  func clicks(width: Int, height: Int) {
    let canvas = ListCanvas(width: Float(width), height: Float(height))
    var control = ArchiveControl(corridor())
    let layout = ArchiveMapPicture.layout(width: canvas.width, height: canvas.height, hasControls: true)
    let board = layout.board.fitting(width: 4, height: 3)
    let point = Sketch.Point(board.x + board.width * 1.5 / 4, board.y + board.height * 0.5 / 3)
    let picture = ArchiveMapPicture(control: control, hasControls: true)
    let place = picture.sketchPoint(at: point, on: canvas)
    #expect(abs(place.x - 1.5) < 0.05 && abs(place.y - 0.5) < 0.05)
    #expect(control.choose(at: place) == .redraw)
    #expect(control.cell?.number == 2)
    #expect(control.choose(at: place) == .watch(2))
    #expect(control.choose(at: Sketch.Point(0.5, 1.5)) == .nothing, "a wall")
  }

  @Test(
    "all text stays inside the picture and none lies on another",
    arguments: [(1120, 760), (960, 640), (420, 340), (640, 300)])
  func texts(width: Int, height: Int) {
    for hasControls in [true, false] {
      var control = ArchiveControl(corridor())
      if hasControls { _ = control.press(.right) }
      let canvas = ListCanvas(width: Float(width), height: Float(height))
      ArchiveMapPicture(control: control, hasControls: hasControls).draw(on: canvas)
      #expect(canvas.texts.contains { $0.0 == "gridworld/Bend" })
      for (index, (text, box)) in canvas.texts.enumerated() {
        #expect(
          box.x >= 0 && box.right <= Float(width) + 0.01 && box.y >= 0 && box.bottom <= Float(height) + 0.01, "\(text)")
        for (other, area) in canvas.texts[(index + 1)...] {
          let across = min(box.right, area.right) - max(box.x, area.x)
          let down = min(box.bottom, area.bottom) - max(box.y, area.y)
          // Lines of 13 points stand 18 apart, but their line boxes may touch.
          #expect(across <= 0.01 || down <= 1, "'\(text)' lies on '\(other)'")
        }
      }
    }
  }

  @Test("the best way is drawn from corner to corner")
  func way() {
    let sketch = ArchiveMapPicture(control: ArchiveControl(corridor()), hasControls: false).sketch
    let lines = sketch.shapes.count { if case .line = $0 { true } else { false } }
    #expect(lines == 4, "two pieces, each with a dark line below a light one")
  }

  @Test("in text the visited ground is shaded, and the best way is marked")
  func text() {
    let lines = ArchiveMapText(map: corridor(), columns: 80, hasColor: false).lines()
    #expect(
      lines == [
        "gridworld/Bend", "archive of go-explore after 100 steps", "cells 5  steps 4", "", "* * * .", "######*",
        "##. . .", "",
        "visits ·· from 0  ▒▒ from 7  ██ from 99  * best way",
      ])
  }
}
