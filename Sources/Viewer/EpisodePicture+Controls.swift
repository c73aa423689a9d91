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
    HintLine(hints: controls.hints).draw(
      from: Sketch.Point(box.x + margin, top), to: limit, size: size, gap: isCompact ? 10 : 18, on: canvas)
  }
}
