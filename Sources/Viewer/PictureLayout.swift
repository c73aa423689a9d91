import Drawing
import ReinforcementLearning

/// Where the parts of the picture lie, for a size and a content: arithmetic only, nothing is drawn.
///
/// Compact below 720 x 460 points: no side panel, smaller letters. Below 260 points of height the keys are left
/// out.
struct PictureLayout: Hashable {
  /// Title, numbers and outcome, over the whole width.
  var header: Box
  /// Where the main sketch is fitted.
  var board: Box
  /// Insets and captions beside the board; nil where there is nothing to put there or no room.
  var side: Box?
  /// Captions below the board, where there is no side.
  var captions: Box?
  /// Rewards, a lane each; at most a third of the height.
  var chart: Box
  /// How many lanes of the chart there is room for.
  var lanes: Int
  /// The keys; nil in recordings and where the picture is too low.
  var hints: Box?
  /// Too narrow for everything: what is secondary is left out.
  var isCompact: Bool

  /// - Parameters:
  ///   - width, height: Points.
  ///   - lanes: Reward components, the environment's included.
  /// - Precondition: The size is positive; below about 320 x 240 parts lie on one another.
  init(
    width: Float, height: Float, lanes wanted: Int, insets: Int, captions captionLines: Int, hasControls: Bool
  ) {
    isCompact = width < 720 || height < 460
    let gap: Float = isCompact ? 8 : 16
    var rest = Box(0, 0, width, height)
    header = rest.takeTop(isCompact ? 46 : 72)
    hints = hasControls && height >= 260 ? rest.takeBottom(isCompact ? 24 : 32) : nil
    rest = Box(gap, rest.y + (isCompact ? 2 : gap / 2), width - 2 * gap, rest.height - (isCompact ? 2 : gap / 2))
    if hints == nil { rest.height -= gap }

    // The chart gets what its lanes need, but never more than a third.
    let laneHeight: Float = isCompact ? 26 : 40
    let padding: Float = isCompact ? 6 : 10
    let most = max(laneHeight, height * 0.34 - 2 * padding)
    lanes = min(wanted, max(1, Int(most / laneHeight)))
    chart = rest.takeBottom(Float(lanes) * laneHeight + 2 * padding)
    _ = rest.takeBottom(gap)

    let sideWidth = min(max(width * 0.26, 200), 340)
    // A line or two need no panel of their own.
    let hasSide = (insets > 0 || captionLines > 3) && !isCompact && rest.width - sideWidth > 300
    if hasSide {
      side = rest.takeRight(sideWidth)
      _ = rest.takeRight(gap)
    } else if captionLines > 0 {
      captions = rest.takeBottom(Float(min(captionLines, height < 400 ? 1 : isCompact ? 2 : 3)) * 18)
      _ = rest.takeBottom(6)
    }
    board = rest
  }

  /// The layout of a state on a canvas of that size.
  init(for state: PictureState, width: Float, height: Float) {
    self.init(
      width: width, height: height, lanes: state.trace.lanes.count, insets: state.frame.sketch.insets.count,
      captions: state.captions.count, hasControls: state.controls != nil)
  }
}
