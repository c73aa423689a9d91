import ReinforcementLearning

/// What gives the frames of one episode after the other, forwards only: an environment with a policy, with
/// random actions, with a person, or with the actions of a replay.
///
/// An environment cannot be stepped backwards, so a source is asked for each frame once; who wants to go back
/// keeps them (`EpisodePlayback` does). A source that knows how long its episode is says so, which draws
/// progress.
public protocol EpisodeSource {
  /// The environment's id.
  var title: String { get }
  /// Who acts, for example "random actions".
  var subtitle: String { get }
  /// The seed of the episode that was started last.
  var seed: UInt64 { get }
  /// Steps of that episode, where known.
  var length: Int? { get }
  /// Steps a second of the time that the environment simulates, Hz; nil where it has no clock.
  var controlFrequency: Double? { get }

  /// Starts an episode and gives its state after the reset; nil, and nothing changes, when there is no such one.
  mutating func start(episode: Int) throws -> PlaybackFrame?
  /// Takes the next step.
  ///
  /// - Parameter action: The name of the action where a person chose one, otherwise nil.
  /// - Returns: nil when the episode is over, or when a person must choose and none did.
  mutating func step(_ action: String?) throws -> PlaybackFrame?
}

extension EpisodeSource {
  /// Nil: how long an episode will be is not known beforehand.
  public var length: Int? { nil }
  /// Nil: there is no clock.
  public var controlFrequency: Double? { nil }
}

/// A playback of a source that can only go forwards: the frames that were made are kept to go back to.
///
/// At most `capacity` frames are kept, so an episode without an end can be watched for ever; the oldest go first.
public struct EpisodePlayback<Source: EpisodeSource>: Playback {
  /// Where the frames come from, at the newest frame that was made.
  public private(set) var source: Source
  /// The number of the present episode, from 0.
  public private(set) var episode: Int
  /// The first step whose frame is still kept; above 0 once `capacity` frames were made.
  public private(set) var oldestIndex = 0
  /// Those from `oldestIndex` on; never empty.
  private var frames: [PlaybackFrame]
  /// Frames that are kept at most.
  private let capacity: Int

  /// The first frame is made here: a playback always has one to show.
  ///
  /// - Parameters:
  ///   - episode: The number of the episode to begin with.
  ///   - capacity: Frames to keep, at least 2; a few kilobytes each.
  /// - Throws: what the source throws; `NoSuchEpisode` when the source has no such episode.
  public init(_ source: Source, episode: Int = 0, capacity: Int = 4096) throws {
    precondition(capacity >= 2, "a playback keeps at least two frames")
    self.source = source
    self.capacity = capacity
    self.episode = episode
    guard let first = try self.source.start(episode: episode) else { throw NoSuchEpisode(episode: episode) }
    frames = [first]
  }

  /// The source's title.
  public var title: String { source.title }
  /// The source's subtitle.
  public var subtitle: String { source.subtitle }
  /// The present episode's seed.
  public var seed: UInt64 { source.seed }
  /// Steps of the present episode where the source knows.
  public var length: Int? { source.length }

  /// A frame that is kept, or new ones up to it.
  ///
  /// - Complexity: O(1) for a kept frame, else a step of the source for each one that is new.
  /// - Throws: What the source throws.
  public mutating func frame(at index: Int) throws -> PlaybackFrame? {
    guard index >= oldestIndex else { return nil }
    while index >= oldestIndex + frames.count {
      guard try append(action: nil) else { return nil }
    }
    return frames[index - oldestIndex]
  }

  /// Takes the person's step; false when the episode is over or the source refuses the action.
  public mutating func perform(_ action: String) throws -> Bool { try append(action: action) }

  /// Starts the source's next episode and forgets this one's frames.
  public mutating func nextEpisode() throws -> Bool { try begin(episode: episode + 1) }

  /// Starts the episode before; false in the first.
  public mutating func previousEpisode() throws -> Bool {
    guard episode > 0 else { return false }
    return try begin(episode: episode - 1)
  }

  /// Starts the same episode again: the source makes the same frames.
  public mutating func restart() throws { _ = try begin(episode: episode) }

  /// Starts an episode and keeps its first frame; false when the source has none of that number.
  private mutating func begin(episode number: Int) throws -> Bool {
    guard let first = try source.start(episode: number) else { return false }
    episode = number
    oldestIndex = 0
    frames = [first]
    return true
  }

  /// Makes one more frame, and drops a quarter of the kept ones when there are too many.
  private mutating func append(action: String?) throws -> Bool {
    let last = frames[frames.count - 1]
    guard last.outcome == .running, var next = try source.step(action) else { return false }
    // Who plays sees that the key was taken: against a wall, say, the picture stays as it was.
    if let action, next.outcome == .running, next.sketch == last.sketch {
      next.captions.insert("'\(action)' changed nothing that can be seen", at: 0)
    }
    frames.append(next)
    if frames.count > capacity {
      // A quarter at a time: dropping one a step would move all the others each step.
      let surplus = max(1, capacity / 4)
      frames.removeFirst(surplus)
      oldestIndex += surplus
    }
    return true
  }
}

/// A playback was asked to begin with an episode that its source does not have.
public struct NoSuchEpisode: Error, CustomStringConvertible {
  /// The number that was asked for.
  public var episode: Int
  /// The reason in a few words.
  public var description: String { "there is no episode \(episode)" }
}
