import Drawing
import ReinforcementLearning

extension EpisodePicture {
  /// Title and details at the left; numbers and the outcome at the right; progress along the bottom edge.
  func drawHeader(in box: Box, isCompact: Bool, on canvas: some Canvas) {
    canvas.fill(box, Theme.panel)
    canvas.fill(Box(box.x, box.bottom - 1, box.width, 1), Theme.edge)
    drawProgress(in: Box(box.x, box.bottom - 2, box.width, 2), on: canvas)
    let margin: Float = isCompact ? 10 : 20
    var right = drawBadge(rightEdge: box.right - margin, in: box, isCompact: isCompact, on: canvas) - margin
    // Numbers from the right, as many as leave the title half of the width.
    for (label, value, least) in numbers where right - least > box.width * 0.4 {
      right = drawNumber(label, value, least: least, rightEdge: right, in: box, isCompact: isCompact, on: canvas)
    }
    let room = right - box.x - margin - (isCompact ? 8 : 16)
    let titleSize: Float = isCompact ? 14 : 20
    let title = canvas.fitted(state.title, size: titleSize, face: .bold, limit: room)
    let top = box.y + (isCompact ? 6 : 13)
    canvas.text(title, at: Sketch.Point(box.x + margin, top), size: titleSize, face: .bold, Theme.text)
    let size: Float = isCompact ? 10.5 : 13
    let details = canvas.fitted(state.details, size: size, face: .regular, limit: room)
    canvas.text(
      details, at: Sketch.Point(box.x + margin, top + titleSize * 1.2 + 3), size: size, face: .regular, Theme.muted)
  }

  /// Label, value and least width of each number, the most important first.
  private var numbers: [(String, String, Float)] {
    [
      ("return", shortNumber(state.frame.episodeReturn), 76), ("step", String(state.frame.step), 62),
      ("action", state.frame.action ?? "–", 92),
    ]
  }

  /// A label with its value below, right-aligned in at least `least` points.
  ///
  /// - Returns: Its left edge.
  private func drawNumber(
    _ label: String, _ value: String, least: Float, rightEdge: Float, in box: Box, isCompact: Bool,
    on canvas: some Canvas
  ) -> Float {
    // Smaller before it is cut: a vector's last number matters as much as its first.
    let limit = min(260, box.width * 0.32)
    var size: Float = isCompact ? 12 : 17
    while size > 9, canvas.width(of: value, size: size, face: .bold) > limit { size -= 0.5 }
    let value = canvas.fitted(value, size: size, face: .bold, limit: limit)
    let width = max(isCompact ? least * 0.7 : least, canvas.width(of: value, size: size, face: .bold) + 18)
    let left = rightEdge - width
    canvas.text(
      label.uppercased(), at: Sketch.Point(left, box.y + (isCompact ? 9 : 16)), size: isCompact ? 8 : 10, face: .bold,
      Theme.faint)
    canvas.text(
      value, at: Sketch.Point(left, box.y + (isCompact ? 20 : 31)), size: size, face: .bold, Theme.text)
    return left
  }

  /// A pill in the tone's colour with the outcome's word.
  ///
  /// - Returns: The badge's left edge.
  private func drawBadge(rightEdge: Float, in box: Box, isCompact: Bool, on canvas: some Canvas) -> Float {
    let (text, tone) = state.badge
    let size: Float = isCompact ? 11 : 13
    let height: Float = isCompact ? 22 : 28
    let textWidth = canvas.width(of: text, size: size, face: .bold)
    let width = textWidth + height + 10
    let pill = Box(rightEdge - width, box.y + (box.height - height) / 2, width, height)
    canvas.fill(pill, radius: height / 2, tone.color.faded(tone == .neutral ? 0.16 : 0.24))
    let dot: Float = isCompact ? 3 : 4
    canvas.fillEllipse(
      center: Sketch.Point(pill.x + height / 2, pill.y + height / 2), radiusX: dot, radiusY: dot, tone.color)
    canvas.text(
      text, at: Sketch.Point(pill.x + height / 2 + dot + 6, pill.y + (height - size * 1.2) / 2), size: size,
      face: .bold, tone.color)
    return pill.x
  }

  /// How far through the episode, where its length is known.
  private func drawProgress(in box: Box, on canvas: some Canvas) {
    guard let length = state.length, length > 0 else { return }
    let share = min(1, Float(state.index) / Float(length))
    canvas.fill(Box(box.x, box.y, box.width * share, box.height), Theme.accent)
  }
}
