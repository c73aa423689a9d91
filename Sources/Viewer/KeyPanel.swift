import Drawing
import ReinforcementLearning

/// Keys with their meanings along a line, whole ones only.
struct HintLine {
  var hints: [HelpLine]

  /// - Parameter limit: The right edge.
  func draw(from start: Sketch.Point, to limit: Float, size: Float, gap: Float, on canvas: some Canvas) {
    var x = start.x
    for hint in hints {
      let keyWidth = canvas.width(of: hint.keys, size: size, face: .bold)
      let width = keyWidth + 5 + canvas.width(of: hint.meaning, size: size, face: .regular)
      guard x + width <= limit else { break }
      canvas.text(hint.keys, at: Sketch.Point(x, start.y), size: size, face: .bold, Theme.muted)
      canvas.text(hint.meaning, at: Sketch.Point(x + keyWidth + 5, start.y), size: size, face: .regular, Theme.faint)
      x += width + gap
    }
  }
}

/// All keys with their meanings, over everything.
struct KeyPanel {
  var lines: [HelpLine]

  /// What lies below is shaded, not hidden. Rows become smaller before they are cut.
  func draw(on canvas: some Canvas) {
    canvas.fill(Box(0, 0, canvas.width, canvas.height), Theme.shade)
    // Rows in two columns where one is too high, smaller where even that is, and in more columns before they are cut.
    var rowHeight: Float = 28
    var columns = 1
    let title: Float = 46
    let room = canvas.height - 40 - title
    if Float(lines.count) * rowHeight > room { columns = 2 }
    while columns < 5, Float((lines.count + columns - 1) / columns) * 16 > room { columns += 1 }
    let rows = (lines.count + columns - 1) / columns
    rowHeight = min(rowHeight, max(14, room / Float(rows)))
    let available = (canvas.width - 60) / Float(columns)
    let size = min(rowHeight * 0.5, available / 14)
    let columnWidth = min(size * 19 + 40, available)
    let width = columnWidth * Float(columns) + 40
    let height = title + Float(rows) * rowHeight + 20
    let box = Box((canvas.width - width) / 2, (canvas.height - height) / 2, width, height)
    canvas.panel(box, radius: 14, fill: Theme.panel, edge: Theme.edge)
    canvas.text(
      "Keys", at: Sketch.Point(box.x + 24, box.y + 16), size: max(12, size * 1.25), face: .bold, Theme.text)
    for (index, line) in lines.enumerated() {
      let x = box.x + 24 + Float(index / rows) * columnWidth
      let y = box.y + title + Float(index % rows) * rowHeight
      let keyWidth = columnWidth * 0.36
      let keys = canvas.fitted(line.keys, size: size, face: .bold, limit: keyWidth)
      canvas.text(keys, at: Sketch.Point(x, y), size: size, face: .bold, Theme.accent)
      let meaning = canvas.fitted(line.meaning, size: size, face: .regular, limit: columnWidth - keyWidth - 8)
      canvas.text(meaning, at: Sketch.Point(x + keyWidth, y), size: size, face: .regular, Theme.text)
    }
  }
}
