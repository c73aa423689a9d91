import ReinforcementLearning

/// What gives the frames of one episode after the other, forwards only: an environment with a policy, with
/// random actions, with a person, or with the actions of a replay.
public protocol EpisodeSource {
  var title: String { get }
  var subtitle: String { get }
  /// The seed of the episode that was started last.
  var seed: UInt64 { get }
  /// Steps of that episode, where known.
  var length: Int? { get }

  /// Starts an episode and gives its state after the reset; nil, and nothing changes, when there is no such one.
  mutating func start(episode: Int) throws -> PlaybackFrame?
  /// Takes the next step.
  ///
  /// - Parameter action: The name of the action where a person chose one, otherwise nil.
  /// - Returns: nil when the episode is over, or when a person must choose and none did.
  mutating func step(_ action: String?) throws -> PlaybackFrame?
}

extension EpisodeSource {
  public var length: Int? { nil }
}

/// A playback of a source that can only go forwards: the frames that were made are kept to go back to.
///
/// At most `capacity` frames are kept, so an episode without an end can be watched for ever; the oldest go first.
public struct EpisodePlayback<Source: EpisodeSource>: Playback {
  public private(set) var source: Source
  public private(set) var episode: Int
  public private(set) var oldestIndex = 0
  private var frames: [PlaybackFrame]
  private let capacity: Int

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

  public var title: String { source.title }
  public var subtitle: String { source.subtitle }
  public var seed: UInt64 { source.seed }
  public var length: Int? { source.length }

  public mutating func frame(at index: Int) throws -> PlaybackFrame? {
    guard index >= oldestIndex else { return nil }
    while index >= oldestIndex + frames.count {
      guard try append(action: nil) else { return nil }
    }
    return frames[index - oldestIndex]
  }

  public mutating func perform(_ action: String) throws -> Bool { try append(action: action) }

  public mutating func nextEpisode() throws -> Bool { try begin(episode: episode + 1) }

  public mutating func previousEpisode() throws -> Bool {
    guard episode > 0 else { return false }
    return try begin(episode: episode - 1)
  }

  public mutating func restart() throws { _ = try begin(episode: episode) }

  private mutating func begin(episode number: Int) throws -> Bool {
    guard let first = try source.start(episode: number) else { return false }
    episode = number
    oldestIndex = 0
    frames = [first]
    return true
  }

  private mutating func append(action: String?) throws -> Bool {
    guard frames[frames.count - 1].outcome == .running, let next = try source.step(action) else { return false }
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
  public var episode: Int
  public var description: String { "there is no episode \(episode)" }
}
