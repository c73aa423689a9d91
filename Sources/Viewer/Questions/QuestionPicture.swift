import Drawing
import ReinforcementLearning

/// The picture of two clips side by side, or of one: what is asked, the clips with their captions, how far one is, the
/// keys.
struct QuestionPicture {
  let state: QuestionState

  func draw(on canvas: some Canvas) {
    canvas.clip(to: nil)
    var rest = Box(0, 0, canvas.width, canvas.height)
    canvas.fill(rest, Theme.background)
    let isCompact = canvas.width < 720 || canvas.height < 460
    let gap: Float = isCompact ? 8 : 16
    drawHeader(in: rest.takeTop(isCompact ? 46 : 72), isCompact, on: canvas)
    let hints = canvas.height >= 260 ? rest.takeBottom(isCompact ? 24 : 32) : nil
    let message = rest.takeBottom(isCompact ? 22 : 30)
    rest = Box(gap, rest.y + gap, rest.width - 2 * gap, max(0, rest.height - gap))
    if state.sides.count == 2 {
      let width = (rest.width - gap) / 2
      let left = Box(rest.x, rest.y, width, rest.height)
      drawSide(state.sides[0], "left", key: "←", in: left, isCompact, on: canvas)
      drawSide(
        state.sides[1], "right", key: "→", in: Box(rest.right - width, rest.y, width, rest.height), isCompact,
        on: canvas)
    } else if let side = state.sides.first {
      let levels = rest.takeBottom(isCompact ? 30 : 48)
      drawSide(side, "clip", key: "", in: rest, isCompact, on: canvas)
      drawLevels(state.levels ?? 2, in: levels, isCompact, on: canvas)
    } else {
      drawEmpty(in: rest, on: canvas)
    }
    drawMessage(in: message, isCompact, on: canvas)
    if let hints { drawHints(in: hints, isCompact, on: canvas) }
    if !state.help.isEmpty { KeyPanel(lines: state.help).draw(on: canvas) }
  }

  /// The question at the left, how many are answered at the right, and along the edge the share that is.
  private func drawHeader(in box: Box, _ isCompact: Bool, on canvas: some Canvas) {
    canvas.fill(box, Theme.panel)
    canvas.fill(Box(box.x, box.bottom - 1, box.width, 1), Theme.edge)
    let goal = state.progress.goal
    let done = Float(goal.done) / Float(max(1, goal.of))
    canvas.fill(Box(box.x, box.bottom - 3, box.width * min(1, done), 3), Theme.Tone.good.color)
    let margin: Float = isCompact ? 10 : 20
    let size: Float = isCompact ? 14 : 20
    let small: Float = isCompact ? 10.5 : 13
    let top = box.y + (isCompact ? 6 : 13)
    let count = "\(goal.done) / \(goal.of)"
    canvas.textRight(count, at: Sketch.Point(box.right - margin, top), size: size, face: .bold, Theme.text)
    let remarks = state.progress.remarks
    let mine = remarks.isEmpty ? "answered" : "answered, \(remarks)"
    let below = top + size * 1.2 + 3
    canvas.textRight(mine, at: Sketch.Point(box.right - margin, below), size: small, face: .regular, Theme.muted)
    let taken = max(
      canvas.width(of: count, size: size, face: .bold), canvas.width(of: mine, size: small, face: .regular))
    let room = box.width - 3 * margin - taken
    let prompt = canvas.fitted(state.prompt, size: size, face: .bold, limit: room)
    canvas.text(prompt, at: Sketch.Point(box.x + margin, top), size: size, face: .bold, Theme.text)
    let details = canvas.fitted(state.details, size: small, face: .regular, limit: room)
    canvas.text(details, at: Sketch.Point(box.x + margin, below), size: small, face: .regular, Theme.muted)
  }

  /// A clip in a panel: its key and name, the scene, the lines about the state, and where it stands.
  private func drawSide(
    _ side: QuestionState.Side, _ name: String, key: String, in box: Box, _ isCompact: Bool, on canvas: some Canvas
  ) {
    canvas.panel(box, radius: 10, fill: Theme.panel, edge: Theme.edge)
    var rest = box.inset(isCompact ? 8 : 16, isCompact ? 6 : 12)
    let size: Float = isCompact ? 12 : 15
    let title = rest.takeTop(size * 1.2 + (isCompact ? 4 : 8))
    let keyWidth = canvas.width(of: key, size: size, face: .bold)
    let nameX = key.isEmpty ? title.x : title.x + keyWidth + 8
    canvas.text(key, at: Sketch.Point(title.x, title.y), size: size, face: .bold, Theme.accent)
    canvas.text(name, at: Sketch.Point(nameX, title.y), size: size, face: .bold, Theme.text)
    let place = "step \(side.step) of \(side.length)"
    canvas.textRight(
      place, at: Sketch.Point(title.right, title.y), size: size * 0.85, face: .regular, Theme.muted)
    let bar = rest.takeBottom(4)
    canvas.fill(bar, radius: 2, Theme.edge)
    let share = side.length > 0 ? Float(side.step) / Float(side.length) : 1
    canvas.fill(Box(bar.x, bar.y, bar.width * share, bar.height), radius: 2, Theme.accent)
    _ = rest.takeBottom(isCompact ? 4 : 10)
    let lineHeight: Float = isCompact ? 14 : 18
    let lines = side.frame.sketch.captions.prefix(isCompact ? 1 : 3)
    let captions = rest.takeBottom(min(Float(lines.count) * lineHeight, rest.height / 3))
    for (number, line) in lines.enumerated() where Float(number + 1) * lineHeight <= captions.height + 1 {
      let size: Float = isCompact ? 10.5 : 13
      canvas.text(
        canvas.fitted(line, size: size, face: .regular, limit: captions.width),
        at: Sketch.Point(captions.x, captions.y + Float(number) * lineHeight), size: size, face: .regular, Theme.muted)
    }
    if !lines.isEmpty { _ = rest.takeBottom(isCompact ? 2 : 6) }
    ScenePicture(sketch: side.frame.sketch).draw(in: rest, on: canvas)
  }

  /// The keys of the levels in a row, the best at the right.
  private func drawLevels(_ count: Int, in box: Box, _ isCompact: Bool, on canvas: some Canvas) {
    let size: Float = isCompact ? 12 : 15
    let side = box.height - (isCompact ? 6 : 14)
    let (worst, best) = ("worst", "best")
    let words = canvas.width(of: worst, size: size, face: .regular) + canvas.width(of: best, size: size, face: .regular)
    let gap: Float = isCompact ? 5 : 8
    let width = min(side * 1.6, (box.width - words - 4 * gap) / Float(count) - gap)
    var x = box.x + (box.width - Float(count) * (width + gap) - words - gap) / 2
    let top = box.bottom - side
    let line = top + (side - size * 1.2) / 2
    canvas.text(worst, at: Sketch.Point(x, line), size: size, face: .regular, Theme.muted)
    x += canvas.width(of: worst, size: size, face: .regular) + gap
    for level in 1...count {
      canvas.panel(Box(x, top, width, side), radius: 6, fill: Theme.panel, edge: Theme.edge)
      let text = "\(level)"
      let offset = (width - canvas.width(of: text, size: size, face: .bold)) / 2
      canvas.text(text, at: Sketch.Point(x + offset, line), size: size, face: .bold, Theme.accent)
      x += width + gap
    }
    canvas.text(best, at: Sketch.Point(x, line), size: size, face: .regular, Theme.muted)
  }

  /// Nothing to answer: a line in the middle.
  private func drawEmpty(in box: Box, on canvas: some Canvas) {
    let size: Float = 16
    let text = state.progressText
    let width = canvas.width(of: text, size: size, face: .regular)
    canvas.text(
      text, at: Sketch.Point(box.x + (box.width - width) / 2, box.y + box.height / 2 - size), size: size,
      face: .regular, Theme.muted)
  }

  /// What the last key came to, in the middle.
  private func drawMessage(in box: Box, _ isCompact: Bool, on canvas: some Canvas) {
    guard !state.message.isEmpty else { return }
    let size: Float = isCompact ? 11.5 : 14
    let text = canvas.fitted(state.message, size: size, face: .bold, limit: box.width - 40)
    let width = canvas.width(of: text, size: size, face: .bold)
    canvas.text(
      text, at: Sketch.Point(box.x + (box.width - width) / 2, box.y + (box.height - size * 1.2) / 2), size: size,
      face: .bold, Theme.Tone.good.color)
  }

  /// Keys at the left, speed at the right; whole ones only.
  private func drawHints(in box: Box, _ isCompact: Bool, on canvas: some Canvas) {
    let size: Float = isCompact ? 10 : 12
    let top = box.y + (box.height - size * 1.2) / 2 - (isCompact ? 1 : 3)
    let margin: Float = isCompact ? 10 : 20
    let status = state.sides.isEmpty ? "" : state.isPlaying ? "\(shortNumber(state.speed)) steps/s" : "paused"
    let color = state.isPlaying ? Theme.muted : Theme.Tone.warning.color
    canvas.textRight(status, at: Sketch.Point(box.right - margin, top), size: size, face: .bold, color)
    let limit = box.right - margin - canvas.width(of: status, size: size, face: .bold) - 16
    HintLine(hints: state.hints).draw(
      from: Sketch.Point(box.x + margin, top), to: limit, size: size, gap: isCompact ? 10 : 18, on: canvas)
  }
}
