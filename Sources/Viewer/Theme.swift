import ReinforcementLearning

/// The colours of the window and of recordings.
///
/// Dark, so that an environment's picture stands out; how an episode ended is also said in words, not by colour
/// alone.
enum Theme {
  typealias Color = Sketch.Color

  /// Behind everything.
  static let background = Color(17, 19, 24)
  /// The ground of header, side and chart.
  static let panel = Color(25, 28, 35)
  /// Lines around panels and at zero.
  static let edge = Color(40, 45, 55)
  /// What is to be read first.
  static let text = Color(232, 235, 241)
  /// What is to be read second.
  static let muted = Color(143, 152, 168)
  /// Labels and hints.
  static let faint = Color(92, 100, 116)
  /// Progress, and keys on the help screen.
  static let accent = Color(86, 180, 233)
  /// What the help screen lays over the picture.
  static let shade = Color(8, 9, 12, alpha: 200)

  /// What a colour says.
  enum Tone: Hashable {
    case neutral, good, warning, bad

    /// The tone's colour; green and orange are told apart by their lightness, too.
    var color: Color {
      switch self {
      case .neutral: Theme.accent
      case .good: Color(52, 199, 150)
      case .warning: Color(230, 170, 40)
      case .bad: Color(232, 108, 66)
      }
    }
  }

  /// Lanes of the strip chart, told apart in any colour vision: the palette of Okabe and Ito ("Color Universal
  /// Design", 2008) without its black, and its blue lightened for a dark ground.
  static let lanes: [Color] = [
    Color(86, 180, 233), Color(230, 159, 0), Color(0, 178, 130), Color(240, 228, 66), Color(225, 106, 40),
    Color(214, 133, 176), Color(92, 140, 230),
  ]

  /// The colour of a lane; after the seventh they begin again.
  static func lane(_ index: Int) -> Color { lanes[index % lanes.count] }
}

extension Sketch.Color {
  /// The same colour, more transparent: `opacity` 0 to 1.
  func faded(_ opacity: Float) -> Sketch.Color {
    Sketch.Color(red, green, blue, alpha: UInt8((Float(alpha) * min(max(opacity, 0), 1)).rounded()))
  }
}
