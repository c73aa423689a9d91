public import ReinforcementLearning

/// One state of an episode as the viewer shows it, with the step that led to it.
///
/// It holds all that is drawn, so that a window can be drawn anew, and an episode gone back in, without the
/// environment. Rewards of a step are in the frame that the step led to.
public struct PlaybackFrame: Sendable {
  /// One reward of a step: a name and what that reward design gave.
  public struct Component: Sendable, Hashable {
    /// The component's name in the reward design, for example "rnd".
    public var name: String
    /// What it gave for the step, weight included.
    public var value: Float

    /// A component's reward for one step.
    public init(_ name: String, _ value: Float) {
      self.name = name
      self.value = value
    }
  }

  /// The environment's drawing of the state.
  public var sketch: Sketch
  /// Steps taken so far; 0 for the state after the reset.
  public var step: Int
  /// What led here; nil after the reset.
  public var action: String?
  /// The environment's reward of the step.
  public var reward: Float
  /// What the reward designs gave for the same step, without the environment's reward.
  public var components: [Component]
  /// Whether the step ended the episode, and how.
  public var outcome: Outcome
  /// Whether the task was done in this step, by the environment's own rule.
  public var success: Bool
  /// The undiscounted sum of the environment's rewards up to here.
  public var episodeReturn: Double
  /// Lines about the player rather than the state, for example a value estimate; shown below the sketch's own.
  public var captions: [String]

  /// A frame; by default that of an episode's start.
  public init(
    sketch: Sketch, step: Int = 0, action: String? = nil, reward: Float = 0, components: [Component] = [],
    outcome: Outcome = .running, success: Bool = false, episodeReturn: Double = 0, captions: [String] = []
  ) {
    self.sketch = sketch
    self.step = step
    self.action = action
    self.reward = reward
    self.components = components
    self.outcome = outcome
    self.success = success
    self.episodeReturn = episodeReturn
    self.captions = captions
  }
}

/// Episodes that one can step through forwards and backwards.
///
/// A playback is not a recording: a live one computes the next step when it is first asked for, and may go on
/// for ever. `EpisodePlayback` makes one of anything that can only go forwards.
public protocol Playback {
  /// The environment's id.
  var title: String { get }
  /// Who acts, for example "replay" or "ppo after 200000 steps".
  var subtitle: String { get }
  /// The seed of the present episode.
  var seed: UInt64 { get }
  /// The number of the present episode, from 0.
  var episode: Int { get }
  /// Steps of the present episode where that is known beforehand.
  var length: Int? { get }
  /// The first step that can still be shown.
  var oldestIndex: Int { get }

  /// The state after `index` steps of the present episode; nil past its end, or while it waits for `perform`.
  mutating func frame(at index: Int) throws -> PlaybackFrame?
  /// Goes to the next episode; false, and nothing changes, when there is none.
  mutating func nextEpisode() throws -> Bool
  /// Goes to the episode before; false, and nothing changes, when there is none.
  mutating func previousEpisode() throws -> Bool
  /// Starts the present episode again.
  mutating func restart() throws
  /// Takes a step by the name of its action, where a person plays; false when the step cannot be taken.
  mutating func perform(_ action: String) throws -> Bool
}

extension Playback {
  /// Nil: not known beforehand.
  public var length: Int? { nil }
  /// 0: every step can be shown.
  public var oldestIndex: Int { 0 }
  /// False: nobody plays.
  public mutating func perform(_ action: String) throws -> Bool { false }
}
