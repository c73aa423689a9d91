import Drawing
import ReinforcementLearning

/// The picture of an archive: header, map with heat and the best way, and a panel with the scale and the chosen cell.
///
/// Heat and way are shapes on a copy of the environment's sketch, so that whatever draws sketches draws them.
///
/// From top to bottom: title and facts; the map with the panel at its right (from 640 points of width on); the
/// keys, where somebody can press them.
struct ArchiveMapPicture {
  /// What is shown and what is chosen of it.
  let control: ArchiveControl
  /// Whether somebody can press keys.
  let hasControls: Bool

  private var map: ArchiveMap { control.map }

  /// The environment's sketch with the heat, the best way and the chosen place on it.
  var sketch: Sketch {
    var sketch = map.sketch
    for spot in control.heat.spots {
      let color = HeatMap.color(control.heat.heat(spot.visits)).faded(0.72)
      let area = spot.area
      let gap = min(area.width, area.height) * 0.03
      sketch.shapes.append(
        .rectangle(
          corner: Sketch.Point(area.x + gap, area.y + gap), width: area.width - 2 * gap, height: area.height - 2 * gap,
          color))
    }
    addPath(to: &sketch)
    if let spot = control.chosen.map({ control.heat.spots[$0] }) { addFrame(of: spot.area, to: &sketch) }
    return sketch
  }

  /// The best way: a dark line below a light one, a ring at its start and a disc at its end.
  private func addPath(to sketch: inout Sketch) {
    guard let first = map.path.first, let last = map.path.last else { return }
    let unit = min(first.width, first.height)
    // Corners only: a line that goes on is drawn in one piece.
    var points: [Sketch.Point] = []
    for area in map.path where points.last != area.center {
      if let b = points.last, let a = points.dropLast().last {
        let (one, two) = (Sketch.Point(b.x - a.x, b.y - a.y), Sketch.Point(area.center.x - b.x, area.center.y - b.y))
        let goesOn = abs(one.x * two.y - one.y * two.x) < 1e-4 && one.x * two.x + one.y * two.y > 0
        if goesOn { points.removeLast() }
      }
      points.append(area.center)
    }
    for (width, color) in [(unit * 0.2, Self.casing), (unit * 0.1, Self.way)] {
      for (a, b) in zip(points, points.dropFirst()) {
        // Square ends reach half a width beyond the corner, so that bends are closed.
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let length = max((dx * dx + dy * dy).squareRoot(), 1e-6)
        let (x, y) = (dx / length * width / 2, dy / length * width / 2)
        sketch.shapes.append(
          .line(Sketch.Point(a.x - x, a.y - y), Sketch.Point(b.x + x, b.y + y), width: width, color))
      }
    }
    func disc(_ center: Sketch.Point, _ radius: Float, _ color: Sketch.Color) {
      sketch.shapes.append(.ellipse(center: center, radiusX: radius * unit, radiusY: radius * unit, color))
    }
    disc(first.center, 0.34, Self.casing)
    disc(first.center, 0.28, Self.way)
    disc(first.center, 0.16, Self.casing)
    disc(last.center, 0.34, Self.casing)
    disc(last.center, 0.28, isSolved ? Theme.Tone.good.color : Self.way)
  }

  /// Four bars along the inside of the place's edges.
  private func addFrame(of area: Sketch.Area, to sketch: inout Sketch) {
    let width = min(area.width, area.height) * 0.12
    for (x, y, w, h) in [
      (area.x, area.y, area.width, width), (area.x, area.y + area.height - width, area.width, width),
      (area.x, area.y, width, area.height), (area.x + area.width - width, area.y, width, area.height),
    ] {
      sketch.shapes.append(.rectangle(corner: Sketch.Point(x, y), width: w, height: h, Theme.text))
    }
  }

  /// The dark edge of the way, which shows it on any ground.
  private static let casing = Sketch.Color(12, 13, 17)
  private static let way = Sketch.Color(255, 255, 255)

  /// The cell with the best way, nil in an archive that has none.
  private var bestCell: ArchiveEntry? { map.best.flatMap { best in map.cells.first { $0.number == best } } }
  /// Whether the best way ends in a success.
  private var isSolved: Bool { bestCell?.success == true }

  // MARK: Drawing

  /// Draws all of it; the canvas's size decides what there is room for.
  func draw(on canvas: some Canvas) {
    let parts = Self.layout(width: canvas.width, height: canvas.height, hasControls: hasControls)
    canvas.clip(to: nil)
    canvas.fill(Box(0, 0, canvas.width, canvas.height), Theme.background)
    painter(in: parts.board).draw(on: canvas)
    if let side = parts.side { drawSide(in: side, on: canvas) }
    drawHeader(in: parts.header, on: canvas)
    if let hints = parts.hints { drawHints(in: hints, on: canvas) }
  }

  /// The sketch with heat and way in the greatest box of its shape.
  private func painter(in board: Box) -> SketchPainter {
    let sketch = sketch
    return SketchPainter(sketch: sketch, place: board.fitting(width: sketch.width, height: sketch.height))
  }

  /// The point of the sketch at a point of the canvas.
  func sketchPoint(at point: Sketch.Point, on canvas: some Canvas) -> Sketch.Point {
    let parts = Self.layout(width: canvas.width, height: canvas.height, hasControls: hasControls)
    let (place, scale) = painter(in: parts.board).fitted(on: canvas)
    return Sketch.Point((point.x - place.x) / scale, (point.y - place.y) / scale)
  }

  /// Boxes of the parts, in points.
  struct Layout {
    var header, board: Box
    /// Nil where there is no room beside the map.
    var side: Box?
    var hints: Box?
  }

  /// Header above, hints below, the panel at the right from 640 points of width on, the map in the rest.
  static func layout(width: Float, height: Float, hasControls: Bool) -> Layout {
    var rest = Box(0, 0, width, height)
    let header = rest.takeTop(height < 460 ? 46 : 72)
    let hints = hasControls && height >= 260 ? rest.takeBottom(32) : nil
    rest = rest.inset(16, 16)
    var side: Box?
    if width >= 640 {
      side = rest.takeRight(min(max(width * 0.27, 210), 340))
      _ = rest.takeRight(16)
    }
    return Layout(header: header, board: rest, side: side, hints: hints)
  }

  /// Title and subtitle at the left, facts at the right; what does not fit is left out, the least important
  /// first.
  private func drawHeader(in box: Box, on canvas: some Canvas) {
    canvas.fill(box, Theme.panel)
    canvas.fill(Box(box.x, box.bottom - 1, box.width, 1), Theme.edge)
    let isCompact = box.height < 60
    let top = box.y + (isCompact ? 5 : 13)
    var right = box.right - 20
    for (label, value) in map.facts.reversed() where right > box.width * 0.55 {
      let size: Float = isCompact ? 12 : 17
      let width = max(
        canvas.width(of: value, size: size, face: .bold), canvas.width(of: label.uppercased(), size: 10, face: .bold))
      right -= width
      canvas.text(
        label.uppercased(), at: Sketch.Point(right, top + (isCompact ? 0 : 3)), size: isCompact ? 8 : 10, face: .bold,
        Theme.faint)
      canvas.text(
        value, at: Sketch.Point(right, top + (isCompact ? 12 : 18)), size: size, face: .bold, Theme.text)
      right -= 26
    }
    let size: Float = isCompact ? 14 : 20
    let title = canvas.fitted(map.title, size: size, face: .bold, limit: right - 20)
    canvas.text(title, at: Sketch.Point(box.x + 20, top), size: size, face: .bold, Theme.text)
    let details: Float = isCompact ? 10.5 : 13
    let subtitle = canvas.fitted(map.subtitle, size: details, face: .regular, limit: right - 20)
    canvas.text(
      subtitle, at: Sketch.Point(box.x + 20, top + size * 1.2 + 3), size: details, face: .regular, Theme.muted)
  }

  /// As many hints as the line holds.
  private func drawHints(in box: Box, on canvas: some Canvas) {
    var x = box.x + 20
    for hint in ArchiveControl.hints {
      let keyWidth = canvas.width(of: hint.keys, size: 12, face: .bold)
      let width = keyWidth + 5 + canvas.width(of: hint.meaning, size: 12, face: .regular)
      guard x + width <= box.right - 20 else { break }
      let top = box.y + (box.height - 12 * 1.2) / 2 - 3
      canvas.text(hint.keys, at: Sketch.Point(x, top), size: 12, face: .bold, Theme.muted)
      canvas.text(hint.meaning, at: Sketch.Point(x + keyWidth + 5, top), size: 12, face: .regular, Theme.faint)
      x += width + 18
    }
  }

  // MARK: The panel

  /// The scale, the best way, and the chosen cell or what to do to choose one.
  private func drawSide(in box: Box, on canvas: some Canvas) {
    var box = box
    let note = noteLines(width: box.width - 32, on: canvas)
    // Nobody will choose a cell in a recording: the panel ends where its text does.
    if !hasControls {
      box.height = min(box.height, 28 + 122 + (bestCell == nil ? 0 : 60) + 18 + Float(note.count) * 18)
    }
    canvas.panel(box, radius: 10, fill: Theme.panel, edge: Theme.edge)
    var rest = box.inset(16, 14)
    drawLabel("visits", in: rest.takeTop(22), on: canvas)
    drawScale(in: rest.takeTop(52), on: canvas)
    drawLabel("best way", in: rest.takeTop(22), on: canvas)
    drawWay(in: rest.takeTop(26), on: canvas)
    if let best = bestCell { drawRows(Self.rows(best, withKey: false), in: &rest, on: canvas) }
    _ = rest.takeTop(18)
    guard let cell = control.cell, let spot = control.chosen.map({ control.heat.spots[$0] }) else {
      for line in note where rest.height >= 18 {
        let row = rest.takeTop(18)
        canvas.text(line, at: Sketch.Point(row.x, row.y), size: 13, face: .regular, Theme.muted)
      }
      return
    }
    let count = spot.cells.count
    let which = count == 1 ? "" : "  (\(control.cellIndex + 1) of \(count) here)"
    drawLabel("cell \(cell.number)\(which)", in: rest.takeTop(22), on: canvas)
    drawRows(Self.rows(cell, withKey: true), in: &rest, on: canvas)
  }

  /// Label and value of each line about a cell.
  static func rows(_ cell: ArchiveEntry, withKey: Bool) -> [(String, String)] {
    var rows: [(String, String)] = []
    if withKey {
      // "position 3,4  carried 5,2": a line for each part.
      for part in cell.key.split(separator: "  ") {
        let words = part.split(separator: " ", maxSplits: 1)
        rows.append((String(words[0]), words.count > 1 ? String(words[1]) : ""))
      }
      rows.append(("visits", String(cell.visits)))
    }
    rows.append(("steps", String(cell.length)))
    rows.append(("return", shortNumber(cell.score)))
    rows.append(("task", cell.success ? "solved" : "not solved"))
    return rows
  }

  /// A label at the left and its value at the right of each line, as far as there is room.
  private func drawRows(_ rows: [(String, String)], in rest: inout Box, on canvas: some Canvas) {
    for (label, value) in rows where rest.height >= 20 {
      let row = rest.takeTop(20)
      canvas.text(label, at: Sketch.Point(row.x, row.y), size: 13, face: .regular, Theme.muted)
      canvas.textRight(value, at: Sketch.Point(row.right, row.y), size: 13, face: .bold, Theme.text)
    }
  }

  /// What the colours count, in lines of that width.
  private func noteLines(width: Float, on canvas: some Canvas) -> [String] {
    var text =
      "A place's colour says how many trajectories came through its cells since the best way to them was found."
    if hasControls { text += " Choose a place to see them." }
    return canvas.wrapped(text, size: 13, face: .regular, limit: width)
  }

  /// A small heading in capitals.
  private func drawLabel(_ label: String, in box: Box, on canvas: some Canvas) {
    canvas.text(label.uppercased(), at: Sketch.Point(box.x, box.y), size: 10.5, face: .bold, Theme.faint)
  }

  /// The scale of colours with its numbers below.
  private func drawScale(in box: Box, on canvas: some Canvas) {
    let bar = Box(box.x, box.y, box.width, 14)
    let pieces = 96
    for piece in 0..<pieces {
      let (from, to) = (Float(piece) / Float(pieces), Float(piece + 1) / Float(pieces))
      let left = canvas.snapped(bar.x + bar.width * from)
      canvas.fill(
        Box(left, bar.y, canvas.snapped(bar.x + bar.width * to) - left, bar.height), HeatMap.color((from + to) / 2))
    }
    var free = box.x - 1
    for tick in [0] + control.heat.ticks {
      let x = bar.x + bar.width * control.heat.heat(tick)
      let text = tick >= 1000 ? "\(tick / 1000)k" : String(tick)
      let width = canvas.width(of: text, size: 11, face: .regular)
      let left = min(max(x - width / 2, box.x), box.right - width)
      guard left > free else { continue }
      canvas.fill(Box(min(x, bar.right - 1), bar.bottom, 1, 4), Theme.muted)
      canvas.text(text, at: Sketch.Point(left, bar.bottom + 5), size: 11, face: .regular, Theme.muted)
      free = left + width + 6
    }
  }

  /// What the line, the ring and the disc mean.
  private func drawWay(in box: Box, on canvas: some Canvas) {
    let y = box.y + 9
    let end = box.x + min(box.width * 0.4, 110)
    canvas.line(Sketch.Point(box.x + 6, y), Sketch.Point(end, y), width: 3, Self.way)
    canvas.fillEllipse(center: Sketch.Point(box.x + 6, y), radiusX: 6, radiusY: 6, Self.way)
    canvas.fillEllipse(center: Sketch.Point(box.x + 6, y), radiusX: 3.4, radiusY: 3.4, Self.casing)
    canvas.fillEllipse(
      center: Sketch.Point(end, y), radiusX: 6, radiusY: 6, isSolved ? Theme.Tone.good.color : Self.way)
    canvas.text(
      "start to \(isSolved ? "success" : "end")", at: Sketch.Point(end + 16, box.y), size: 13, face: .regular,
      Theme.muted)
  }
}
