/// How an episode is watched or played.
///
/// Values outside their ranges are brought into them: nothing here is an error.
public struct WatchOptions: Sendable {
  /// Steps a second to begin with, 1 to 240.
  public var stepsPerSecond: Double = 8
  /// Whether the first state stands until the person goes on; a person who plays is waited for in any case.
  public var startsPaused = false
  /// Whether the next episode begins by itself when one has ended.
  public var advancesEpisodes = true
  /// A person plays with these keys; nil to watch.
  public var keyboard: KeyboardActions?
  /// The window's size in points.
  public var width = 1120
  /// The window's height in points, at least 240.
  public var height = 760
  /// Frames that are printed when standard output is not a terminal.
  public var plainFrameLimit = 100

  /// Speeds that can be asked for, steps a second.
  public static let speeds = 1.0...240.0

  /// The speed of what is simulated, within the range, or the usual one where it has no clock.
  ///
  /// - Parameter frequency: Steps a second of the simulated time, Hz.
  public static func speed(at frequency: Double?) -> Double {
    frequency.map { min(speeds.upperBound, max(speeds.lowerBound, $0)) } ?? WatchOptions().stepsPerSecond
  }

  /// Watching at 8 steps a second, or playing with those keys.
  public init(keyboard: KeyboardActions? = nil) { self.keyboard = keyboard }
}
