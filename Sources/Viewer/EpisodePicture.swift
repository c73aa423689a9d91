import Drawing
import ReinforcementLearning

/// The picture of one moment of an episode: header, board, insets, captions, strip chart, hints and help.
///
/// Written once for the window and for recordings; it knows neither SDL nor files.
///
/// Everything is drawn from `PictureState`, so the same state always gives the same pixels: a recording shows
/// what the window showed, less the keys. Parts that do not fit are left out in the order of their importance,
/// never squeezed.
struct EpisodePicture {
  /// The moment that is shown.
  let state: PictureState

  /// Draws everything; the layout follows from the canvas's size and from what there is to show.
  func draw(on canvas: some Canvas) {
    let layout = PictureLayout(for: state, width: canvas.width, height: canvas.height)
    canvas.clip(to: nil)
    canvas.fill(Box(0, 0, canvas.width, canvas.height), Theme.background)
    ScenePicture(
      sketch: state.frame.sketch, viewpoint: state.viewpoint, isStill: state.isStill, mostPixels: state.mostPixels
    ).draw(in: layout.board, on: canvas)
    if let side = layout.side { drawSide(in: side, on: canvas) }
    if let box = layout.captions { drawCaptions(in: box, on: canvas) }
    StripChart(
      trace: state.trace, step: state.frame.step, length: state.length, lanes: layout.lanes,
      isCompact: layout.isCompact
    ).draw(in: layout.chart, on: canvas)
    drawHeader(in: layout.header, isCompact: layout.isCompact, on: canvas)
    if let controls = state.controls {
      if let box = layout.hints { drawHints(controls, in: box, isCompact: layout.isCompact, on: canvas) }
      if !controls.help.isEmpty { KeyPanel(lines: controls.help).draw(on: canvas) }
    }
  }

  /// Insets above, captions below, in one panel.
  private func drawSide(in box: Box, on canvas: some Canvas) {
    canvas.panel(box, radius: 10, fill: Theme.panel, edge: Theme.edge)
    var rest = box.inset(16, 14)
    let insets = state.frame.sketch.insets
    let wrapped = state.captions.map { canvas.wrapped($0, size: 14, face: .regular, limit: rest.width) }
    // Captions get what they need, up to half.
    let needed = wrapped.reduce(wrapped.isEmpty ? 0 : 26) { $0 + Float($1.count) * 20 + 4 }
    let captionShare = insets.isEmpty ? rest.height : min(needed, rest.height / 2)
    let insetHeight = insets.isEmpty ? 0 : (rest.height - captionShare) / Float(insets.count)
    for inset in insets {
      var area = rest.takeTop(min(insetHeight, rest.width * inset.sketch.height / max(inset.sketch.width, 1e-6) + 44))
      drawLabel(inset.title, in: area.takeTop(22), on: canvas)
      _ = area.takeBottom(18)
      // Against the left edge, under its title.
      var place = area.fitting(width: inset.sketch.width, height: inset.sketch.height)
      place.x = area.x
      place.y = area.y
      SketchPainter(sketch: inset.sketch, place: place).draw(on: canvas)
    }
    guard !state.captions.isEmpty else { return }
    drawLabel("state", in: rest.takeTop(22), on: canvas)
    for lines in wrapped {
      for line in lines {
        guard rest.height >= 19 else { return }
        let row = rest.takeTop(20)
        canvas.text(line, at: Sketch.Point(row.x, row.y), size: 14, face: .regular, Theme.text)
      }
      _ = rest.takeTop(4)
    }
  }

  /// A small heading in capitals, cut where it is too wide.
  private func drawLabel(_ label: String, in box: Box, on canvas: some Canvas) {
    let title = canvas.fitted(label.uppercased(), size: 10.5, face: .bold, limit: box.width)
    canvas.text(title, at: Sketch.Point(box.x, box.y), size: 10.5, face: .bold, Theme.faint)
  }

  /// Captions below the board, a line each, in the middle.
  private func drawCaptions(in box: Box, on canvas: some Canvas) {
    var rest = box
    for caption in state.captions where rest.height >= 18 {
      let row = rest.takeTop(18)
      let line = canvas.fitted(caption, size: 12.5, face: .regular, limit: row.width)
      let indent = (row.width - canvas.width(of: line, size: 12.5, face: .regular)) / 2
      canvas.text(line, at: Sketch.Point(row.x + indent, row.y), size: 12.5, face: .regular, Theme.muted)
    }
  }
}
