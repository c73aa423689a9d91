import Drawing
import ReinforcementLearning

/// The rewards of the last steps, a lane for each component, the present step at the right edge once the lane
/// is full.
///
/// Each lane has its own scale, from the least to the greatest value of the episode so far with zero always on
/// it, so that a small intrinsic reward is seen beside a large one of the environment's.
struct StripChart {
  /// The episode's rewards.
  let trace: RewardTrace
  /// Steps taken at the moment that is shown; later ones, seen before going back, are not drawn.
  let step: Int
  /// Steps of the episode where known: a short one then fills the lanes' width at its end.
  let length: Int?
  /// Lanes that there is room for.
  let lanes: Int
  /// Smaller letters and bars, for small pictures.
  let isCompact: Bool

  /// The steps that fit into `width` points, counted from 1: the last one is the present one.
  ///
  /// - Returns: Empty before the first step.
  func visibleSteps(width: Float) -> Range<Int> {
    let fitting = max(1, Int((width / pitch(width: width)).rounded(.down)))
    return max(1, step + 1 - fitting)..<max(1, step + 1)
  }

  /// Points from one step's bar to the next.
  private func pitch(width: Float) -> Float {
    let least: Float = isCompact ? 4 : 6
    guard let length, length > 0 else { return least }
    return min(max(least, (width / Float(length)).rounded(.down)), 3 * least)
  }

  /// Draws the panel and as many lanes as there is room for; the last one says how many more there are.
  func draw(in box: Box, on canvas: some Canvas) {
    canvas.panel(box, radius: isCompact ? 6 : 10, fill: Theme.panel, edge: Theme.edge)
    let inside = box.inset(isCompact ? 8 : 16, isCompact ? 6 : 10)
    let laneHeight = inside.height / Float(max(1, lanes))
    for index in 0..<min(lanes, trace.lanes.count) {
      let area = Box(inside.x, inside.y + Float(index) * laneHeight, inside.width, laneHeight)
      let hidden = index == lanes - 1 ? trace.lanes.count - lanes : 0
      draw(trace.lanes[index], color: Theme.lane(index), hidden: hidden, in: area, on: canvas)
    }
  }

  /// A lane: name, bars, the step's value and the sum.
  private func draw(
    _ lane: RewardTrace.Lane, color: Sketch.Color, hidden: Int, in area: Box, on canvas: some Canvas
  ) {
    let labelWidth: Float = isCompact ? 84 : 150
    let valueWidth: Float = isCompact ? 88 : 136
    let size: Float = isCompact ? 10 : 13
    let middle = area.y + area.height / 2
    let baseline = middle - size * 0.6
    canvas.fillEllipse(
      center: Sketch.Point(area.x + 4, middle), radiusX: isCompact ? 3 : 4, radiusY: isCompact ? 3 : 4, color)
    let name = hidden > 0 ? "\(lane.name)  (+\(hidden) more)" : lane.name
    canvas.text(
      canvas.fitted(name, size: size, face: .regular, limit: labelWidth - 20),
      at: Sketch.Point(area.x + 15, baseline), size: size, face: .regular, Theme.text)

    let right = area.right
    let sum = "Σ " + shortNumber(lane.sum(step))
    canvas.textRight(sum, at: Sketch.Point(right, baseline), size: size, face: .regular, Theme.muted)
    canvas.textRight(
      lane.value(at: step).map { shortNumber(Double($0)) } ?? "–",
      at: Sketch.Point(right - valueWidth / 2 - 6, baseline), size: size, face: .bold, color)
    drawBars(
      lane, color: color,
      in: Box(area.x + labelWidth, area.y, area.width - labelWidth - valueWidth, area.height)
        .inset(0, isCompact ? 3 : 5), on: canvas)
  }

  /// Bars up and down from the lane's own zero, scaled to the least and greatest value of the episode so far.
  private func drawBars(_ lane: RewardTrace.Lane, color: Sketch.Color, in box: Box, on canvas: some Canvas) {
    let pitch = pitch(width: box.width)
    guard box.width > pitch else { return }
    let span = lane.high - lane.low
    // Without any value but zero the line lies in the middle.
    let zero = span > 0 ? box.y + box.height * (lane.high / span) : box.y + box.height / 2
    canvas.fill(Box(box.x, zero - 0.5, box.width, 1), Theme.edge)
    let steps = visibleSteps(width: box.width)
    for (column, step) in steps.enumerated() {
      guard let value = lane.value(at: step), value != 0, value.isFinite, span > 0 else { continue }
      let height = max(1.5, abs(value) / span * box.height)
      let top = value > 0 ? zero - height : zero
      let bar = Box(box.x + Float(column) * pitch, top, pitch - 1.5, height)
      canvas.fill(bar, step == self.step ? color : color.faded(0.72))
    }
    guard !steps.isEmpty else { return }
    // The present step, also where nothing was given.
    let now = box.x + Float(steps.count - 1) * pitch
    canvas.fill(Box(now, box.y, pitch - 1.5, box.height), color.faded(0.14))
  }
}
