import Catalog
import Experiments
import Groundwork
import ReinforcementLearning
import Viewer

/// Replays as movies for a report's page.
///
/// A movie is the environment's sketches one after the other; the page draws them itself, without a video's
/// codec.
enum ReplayMovies {
  /// Steps of an episode that are shown; a longer one is cut, which its title says, so that the page stays small.
  private static let maximumSteps = 400

  /// Steps the replay again and keeps a picture of each state with its captions.
  ///
  /// - Throws: `UserError` when the replay's environment is not here or refuses its actions.
  static func movie(of replay: Replay, title: String) throws -> ReplayMovie {
    var source = ReplaySource(replay, try Catalog.recipe(of: replay))
    var movie = ReplayMovie(
      title: title, environment: replay.environment,
      framesPerSecond: WatchOptions.speed(at: source.controlFrequency))
    guard var frame = try source.start(episode: 0) else { return movie }
    movie.append(frame.sketch, captions: captions(frame, of: replay))
    while frame.step < maximumSteps, frame.outcome == .running, let next = try source.step(nil) {
      frame = next
      movie.append(frame.sketch, captions: captions(frame, of: replay))
    }
    // How it ends is not seen.
    if frame.outcome == .running, frame.step < replay.length {
      movie.title += ", the first \(frame.step) of \(replay.length) steps"
    }
    return movie
  }

  /// Step and seed, the action, the environment's own lines, then the rewards and how it ended.
  private static func captions(_ frame: PlaybackFrame, of replay: Replay) -> [String] {
    var lines = ["step \(frame.step) of \(replay.length), seed \(replay.seed)"]
    if let action = frame.action { lines.append("action: \(action)") }
    lines += frame.sketch.captions + frame.sketch.payments
    var rewards = "reward: environment \(number(frame.reward))"
    for component in frame.components { rewards += ", \(component.name) \(number(component.value))" }
    if frame.step > 0 { lines.append(rewards) }
    switch frame.outcome {
    case .running: break
    case .terminated: lines.append(frame.success ? "done: success" : "done")
    case .truncated: lines.append(frame.success ? "time is over: success" : "time is over")
    }
    return lines
  }

  /// No digits after the point for whole numbers, four for others.
  private static func number(_ value: Float) -> String {
    value == value.rounded() ? Format.number(Double(value), digits: 0) : Format.number(Double(value), digits: 4)
  }
}
