/// A task simulated one step at a time, as a value: copying it is taking a snapshot.
///
/// An episode is a pure function of (configuration, seed, actions): nothing else may reach it, no clock, no
/// global generator, no order of a `Set`. An environment is a struct whose arrays are copied when they are
/// written, so a snapshot costs a reference count and the first write after it a copy.
///
/// An environment is not a game loop: it neither counts episodes nor enforces the time limit nor resets itself;
/// `EnvironmentBatch` does. It knows nothing of agents, reward designs and drawing.
///
/// A conforming type's documentation has these headings: Task, Actions, Observation, Signals, Reward, Start,
/// End, Configuration, Source.
public protocol Environment: Sendable {
  /// The parameters of the rules; every field has a default and a documented range.
  associatedtype Configuration: Codable & Hashable & Sendable
  associatedtype Action: ActionCoding

  /// Shapes, limits and anchors of an environment with that configuration.
  static func specification(for configuration: Configuration) -> Specification

  /// Refuses a configuration that no environment can be made of, with the reason and the fix.
  static func validate(_ configuration: Configuration) throws

  /// An environment that must be reset before its first step.
  init(configuration: Configuration)

  /// Starts a new episode, which depends on the configuration and the seed alone.
  mutating func reset(seed: UInt64)

  /// Keeps the present and replaces what will be drawn from here on: what a planner does to its copies.
  mutating func reseed(_ seed: UInt64)

  /// One step. - Complexity: allocates nothing.
  mutating func step(_ action: Action) -> Transition

  /// Writes the named fields of the present state.
  func observe(into row: inout ObservationRow)

  /// Marks the legal actions; called with a mask of `true`, one element an action.
  func legalActions(into mask: UnsafeMutableBufferPointer<Bool>)

  /// Steps after which this episode is truncated. Default: the specification's, which is passed in.
  func timeLimit(default limit: Int) -> Int

  /// What the present state looks like, as shapes and characters.
  func sketch() -> Sketch

  /// Which part of the picture stands for the present state, where the picture is a map of the states: the square on
  /// which the agent is. What was visited is painted there. Nil, the default, where the picture is no map.
  func placeOnSketch() -> Sketch.Area?

  /// The batch loop: a requirement, so that it is compiled where the concrete type is known.
  static func step(_ slots: inout [Slot<Self>], rollout: Rollout, at time: Int)

  /// Copies a slot of one batch over a slot of another: a requirement for the same reason.
  static func copy(_ source: inout Slot<Self>, to target: inout Slot<Self>)

  // MARK: What planners use

  /// A hash of all that the future depends on but the random stream and the time: equal states have equal digests.
  /// Nil, the default, where nobody has written it.
  func digest() -> UInt64?

  /// Goes on from the present state under another configuration: without an opponent, or with sticky actions.
  ///
  /// - Returns: False, the default, when the present state cannot be one of that configuration; nothing is changed then.
  mutating func adopt(_ configuration: Configuration) -> Bool

  /// The configuration in which both players' moves are the agent's; nil, the default, where there is no opponent
  /// to take out.
  static func selfPlay(_ configuration: Configuration) -> Configuration?

  /// Copies a snapshot and steps the copy: a requirement, so that it is compiled where the concrete type is known.
  static func advance(
    _ source: UnsafeMutablePointer<Snapshot<Self>>, to target: UnsafeMutablePointer<Snapshot<Self>>,
    actions: ActionBuffer
  ) -> Transition

  /// Plays random legal actions from a snapshot to the end of its episode and returns the discounted sum of rewards:
  /// a requirement for the same reason, and because a board of bits knows faster ways.
  static func playout(
    _ snapshot: UnsafeMutablePointer<Snapshot<Self>>, rules: PlayoutRules, actions: ActionBuffer,
    mask: UnsafeMutableBufferPointer<Bool>, random: inout RandomSource
  ) -> Double
}

extension Environment {
  public static func validate(_ configuration: Configuration) throws {}

  @inlinable public func legalActions(into mask: UnsafeMutableBufferPointer<Bool>) {}

  @inlinable public func timeLimit(default limit: Int) -> Int { limit }

  public func sketch() -> Sketch { Sketch(width: 1, height: 1) }

  public func placeOnSketch() -> Sketch.Area? { nil }
}

/// One of the copies of an environment that a batch steps, with its place in the run.
public struct Slot<Environment: ReinforcementLearning.Environment>: Sendable {
  public var environment: Environment
  /// The seed of the episode that runs.
  public var seed: UInt64
  /// Steps taken in this episode.
  public var elapsed: Int
  /// The episode's number, from 0.
  public var episode: Int
  /// Steps after which this episode is truncated.
  public var timeLimit: Int
  /// The slot's number in the run.
  public let index: Int
  /// The run's seed.
  public let runSeed: UInt64

  @inlinable init(environment: Environment, index: Int, runSeed: UInt64) {
    self.environment = environment
    self.index = index
    self.runSeed = runSeed
    seed = 0
    elapsed = 0
    episode = -1
    timeLimit = .max
  }

  /// Starts the next episode.
  @inlinable mutating func startEpisode(defaultLimit: Int) {
    start(episode: episode + 1, defaultLimit: defaultLimit)
  }

  @inlinable mutating func start(episode number: Int, defaultLimit: Int) {
    episode = number
    seed = RandomSource.episodeSeed(run: runSeed, slot: index, episode: number)
    start(seed: seed, defaultLimit: defaultLimit)
  }

  /// Writes the present observation.
  ///
  /// Mutating and not inlined, although it changes nothing: only so does the compiler know that nobody else
  /// writes to the environment meanwhile, and passes it in place. Else it copies it, which costs a reference
  /// count for each of its arrays (110 of 130 ns a step of a gridworld).
  @inline(never) @inlinable mutating func observe(into row: ObservationRow) {
    var row = row
    environment.observe(into: &row)
  }

  @inlinable mutating func start(seed: UInt64, defaultLimit: Int) {
    self.seed = seed
    elapsed = 0
    environment.reset(seed: seed)
    timeLimit = environment.timeLimit(default: defaultLimit)
  }
}

extension Environment {
  /// The environment and where its episode stands; each slot keeps its own number in the run.
  @inlinable public static func copy(_ source: inout Slot<Self>, to target: inout Slot<Self>) {
    target.environment = source.environment
    target.elapsed = source.elapsed
    target.timeLimit = source.timeLimit
    target.seed = source.seed
  }

  /// Steps every slot once with the actions at `time`, and writes rewards, outcomes and the next observations.
  ///
  /// Where an episode ends, its last observation goes to the rollout's final observations and the slot is
  /// reset in the same step, so the row at `time + 1` is the new episode's first. A true ending on the last
  /// step of the time limit stays `terminated`.
  @inlinable public static func step(_ slots: inout [Slot<Self>], rollout: Rollout, at time: Int) {
    rollout.checkStep(time, slots: slots.count)
    let defaultLimit = rollout.defaultTimeLimit
    slots.withUnsafeMutableBufferPointer { slots in
      for index in 0..<slots.count {
        let place = time &* slots.count &+ index
        let transition = slots[index].environment.step(Action(from: rollout.actions, at: place))
        slots[index].elapsed &+= 1
        var outcome = transition.outcome
        if outcome == .running && slots[index].elapsed >= slots[index].timeLimit { outcome = .truncated }
        rollout.rewards[place] = transition.reward
        rollout.outcomes[place] = outcome.rawValue
        rollout.successes[place] = transition.success
        if outcome != .running {
          let row = rollout.appendFinalRow(time: time, slot: index)
          slots[index].observe(into: row)
          slots[index].startEpisode(defaultLimit: defaultLimit)
        }
        slots[index].observe(into: rollout.row(time: time &+ 1, slot: index))
        if rollout.hasMasks {
          slots[index].environment.legalActions(into: rollout.clearedMask(time: time &+ 1, slot: index))
        }
      }
    }
  }
}
