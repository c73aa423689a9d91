/// One of the copies of an environment that a batch steps, with its place in the run.
public struct Slot<Environment: Sendable>: Sendable {
  /// The present state of its episode.
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
}

extension Slot where Environment: ReinforcementLearning.Environment {
  /// Starts the next episode.
  @inlinable mutating func startEpisode(defaultLimit: Int) {
    start(episode: episode + 1, defaultLimit: defaultLimit)
  }

  @inlinable mutating func start(episode number: Int, defaultLimit: Int) {
    episode = number
    seed = RandomSource.episodeSeed(run: runSeed, slot: index, episode: number)
    start(seed: seed, defaultLimit: defaultLimit)
  }

  /// One step, cut at the time limit.
  @inlinable @inline(__always) mutating func step(_ action: Environment.Action) -> Transition {
    var transition = environment.step(action)
    elapsed &+= 1
    transition.cut(after: elapsed, limit: timeLimit)
    return transition
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
