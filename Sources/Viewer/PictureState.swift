import ReinforcementLearning

/// Everything that one picture of an episode shows.
///
/// Made anew for each picture from a control or a reel; nothing in it refers to an environment or a file.
struct PictureState {
  /// What a person at the keyboard needs to see; a recording has none.
  struct Controls {
    /// Steps a second.
    var speed: Double
    /// Whether steps are taken by themselves.
    var isPlaying: Bool
    /// A person takes the steps.
    var isPlayed: Bool
    /// Keys of the hint line, most needed first.
    var hints: [HelpLine]
    /// Rows of the help screen; empty while it is hidden.
    var help: [HelpLine]
  }

  /// The environment's id.
  var title: String
  /// Who acts; may be empty.
  var subtitle: String
  /// The episode's seed, by which it can be watched again.
  var seed: UInt64
  /// From 0.
  var episode: Int
  /// Steps from the start of the episode.
  var index: Int
  /// Steps of the episode where known.
  var length: Int?
  /// The state that is shown and the step that led to it.
  var frame: PlaybackFrame
  /// The rewards so far.
  var trace: RewardTrace
  /// Nil where nobody is at the keyboard.
  var controls: Controls?
  /// Where a scene that can be turned is looked at from.
  var viewpoint = SpatialView.Viewpoint()
  /// Whether it is a picture by itself, for which a renderer may take its time.
  var isStill = false
  /// Most pixels that a renderer is asked for where it may not.
  var mostPixels = ScenePicture.usualPixels

  /// How the episode stands, in the words of the badge; the only place that says whether it goes on by itself.
  var badge: (text: String, tone: Theme.Tone) {
    switch frame.outcome {
    case .running where controls.map { !$0.isPlaying && !$0.isPlayed } ?? false: ("paused", .warning)
    case .running: ("running", .neutral)
    case .terminated: frame.success ? ("success", .good) : ("terminated", .bad)
    case .truncated: frame.success ? ("success", .good) : ("truncated", .warning)
    }
  }

  /// Who acts and which episode it is.
  var details: String { (subtitle.isEmpty ? "" : subtitle + "  ·  ") + place }

  /// What `--seed` and `--episode` take to show this episode again.
  var place: String { "seed \(seed)  ·  episode \(episode)" }

  /// The sketch's lines, then the player's: all that a terminal shows, which has nothing of a renderer's.
  var ownCaptions: [String] { frame.sketch.captions + frame.sketch.payments + frame.captions + longAction }
  /// An action of more numbers than a header has room for, whole.
  private var longAction: [String] {
    guard let action = frame.action, action.count(where: { $0 == "," }) >= 5 else { return [] }
    return ["action: \(action)"]
  }
  /// The same, then what draws a scene that can be turned.
  var captions: [String] { ownCaptions + (frame.sketch.view.map { [$0.note] } ?? []) }
}

/// A number for a person: four significant digits at most, no exponent where it can be avoided.
///
/// - Returns: "nan", "inf" and "-inf" for what is no number.
func shortNumber(_ value: Double) -> String {
  guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
  let magnitude = abs(value)
  if magnitude == 0 { return "0" }
  if magnitude >= 1e6 || magnitude < 1e-3 {
    var exponent = 0
    var mantissa = magnitude
    while mantissa >= 9.995 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa < 0.9995 {
      mantissa *= 10
      exponent -= 1
    }
    return (value < 0 ? "-" : "") + decimal(mantissa, places: 2) + "e\(exponent)"
  }
  let places = magnitude >= 1000 ? 0 : magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : 3
  return (value < 0 ? "-" : "") + decimal(magnitude, places: places)
}

/// A nonnegative number with at most that many decimals, without zeros at the end.
private func decimal(_ value: Double, places: Int) -> String {
  let scale = (0..<places).reduce(1.0) { result, _ in result * 10 }
  let scaled = UInt64((value * scale).rounded())
  let whole = scaled / UInt64(scale)
  var fraction = String(scaled % UInt64(scale))
  guard places > 0 else { return String(whole) }
  fraction = String(repeating: "0", count: places - fraction.count) + fraction
  while fraction.hasSuffix("0") { fraction.removeLast() }
  return fraction.isEmpty ? String(whole) : "\(whole).\(fraction)"
}
