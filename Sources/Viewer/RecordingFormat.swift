internal import Groundwork

/// How an episode is recorded.
///
/// Speed, episodes and steps outside their ranges are brought into them; sides are at least 1, and a step of a PNG that
/// does not exist is refused.
public struct RecordingOptions: Sendable {
  /// Steps a second in GIF and MP4, 1 to 240; where the format is slower than that, steps are left out.
  public var stepsPerSecond = 8
  /// The picture's size in points; a PNG has twice as many pixels each way.
  ///
  /// MP4 rounds an odd size up, since colour is kept at half of each.
  public var width = 960
  /// The picture's height in points.
  public var height = 640
  /// Steps after which a recording ends if the episode has not.
  ///
  /// Counted in each episode; 0 records its first state alone.
  public var maximumSteps = 600
  /// Episodes to record, one after the other.
  public var episodes = 1
  /// PNG: the step to draw; nil for the last one.
  public var frame: Int?

  /// 8 steps a second, 960 x 640 points, one episode of at most 600 steps.
  public init() {}
}

/// The file formats of recordings, by file name extension.
///
/// PNG holds one moment, GIF and MP4 the episodes; upper and lower case do not matter. The two videos need
/// ffmpeg.
enum RecordingFormat: String, CaseIterable {
  case png, gif, mp4

  /// - Throws: `UserError` that lists the known extensions.
  init(path: String) throws(UserError) {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? path
    let known = "Name a file that ends in .png (one picture), .gif or .mp4 (the episode)"
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
      throw UserError("'\(path)' has no extension that says what to record", fix: known)
    }
    let ending = String(name[name.index(after: dot)...])
    guard let format = RecordingFormat(rawValue: ending.lowercased()) else {
      throw UserError("'.\(ending)' is no known kind of recording", fix: known)
    }
    self = format
  }
}
