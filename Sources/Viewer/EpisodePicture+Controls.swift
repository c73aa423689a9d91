import Drawing
import ReinforcementLearning

extension EpisodePicture {
  /// Keys at the left, speed and pause at the right.
  ///
  /// The status says whose move it is, or how fast steps are taken; it is drawn in the warning's colour while the
  /// badge says that it is paused. Hints fill what the status leaves, whole ones only.
  func drawHints(_ controls: PictureState.Controls, in box: Box, isCompact: Bool, on canvas: some Canvas) {
    let size: Float = isCompact ? 10 : 12
    let top = box.y + (box.height - size * 1.2) / 2 - (isCompact ? 1 : 3)
    let margin: Float = isCompact ? 10 : 20
    var status = controls.isPlayed ? "your move" : "\(shortNumber(controls.speed)) steps/s"
    if controls.isPlayed && state.frame.outcome != .running { status = "over: any action starts the next episode" }
    let color = controls.isPlaying || controls.isPlayed ? Theme.muted : Theme.Tone.warning.color
    canvas.textRight(status, at: Sketch.Point(box.right - margin, top), size: size, face: .bold, color)
    let limit = box.right - margin - canvas.width(of: status, size: size, face: .bold) - 16
    var x = box.x + margin
    for hint in controls.hints {
      let keyWidth = canvas.width(of: hint.keys, size: size, face: .bold)
      let width = keyWidth + 5 + canvas.width(of: hint.meaning, size: size, face: .regular)
      guard x + width <= limit else { break }
      canvas.text(hint.keys, at: Sketch.Point(x, top), size: size, face: .bold, Theme.muted)
      canvas.text(hint.meaning, at: Sketch.Point(x + keyWidth + 5, top), size: size, face: .regular, Theme.faint)
      x += width + (isCompact ? 10 : 18)
    }
  }

  /// The keys, over everything.
  ///
  /// What lies below is shaded, not hidden. Rows become smaller before they are cut.
  func drawHelp(_ controls: PictureState.Controls, on canvas: some Canvas) {
    canvas.fill(Box(0, 0, canvas.width, canvas.height), Theme.shade)
    // Rows in two columns where one is too high, and smaller where even that is.
    var rowHeight: Float = 28
    var columns = 1
    let title: Float = 46
    let room = canvas.height - 40 - title
    if Float(controls.help.count) * rowHeight > room { columns = 2 }
    let rows = (controls.help.count + columns - 1) / columns
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
    for (index, line) in controls.help.enumerated() {
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
