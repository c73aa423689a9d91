/// How finely a renderer is asked to draw a scene in a window: with more pixels as long as it is quick.
///
/// Fewer pixels than the window has make ragged edges, and a processor that has to draw all of them falls behind the
/// steps. Only the time that pictures take says what this machine can do.
struct SceneFineness {
  /// Pixels that a renderer is asked for at most.
  private(set) var pixels = ScenePicture.usualPixels
  /// Beyond this it was too slow, or edges are smooth.
  private var mostPixels = 16 * ScenePicture.usualPixels
  private var wasSlow = false

  /// Takes in how long a picture took; twice as many pixels leave thirty pictures a second at least.
  mutating func took(_ seconds: Double) {
    let isSlow = seconds > 1.0 / 15
    // The first picture opens the renderer, and any one may have to wait: only two in a row say something.
    if isSlow && wasSlow && pixels > ScenePicture.usualPixels {
      pixels /= 2
      // Tried again it would flicker.
      mostPixels = pixels
    } else if seconds < 1.0 / 60 {
      pixels = min(2 * pixels, mostPixels)
    }
    wasSlow = isSlow
  }
}
