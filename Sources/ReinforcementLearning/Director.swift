public import Groundwork

/// Where an episode starts.
public enum EpisodeStart {
  /// By the run's rule: the seed of (run seed, slot, episode).
  case run
  /// By hand, with that seed.
  case seed(UInt64)
  /// From a snapshot of an arena of the same environment, which goes on with what the run's rule gives as the episode's
  /// seed. Who has an arena was granted a simulator.
  ///
  /// Such an episode is practice: no seed and actions repeat it, so it leaves no record.
  case snapshot(SnapshotArena, Int)
}

/// What becomes of an episode after a step.
public enum EpisodeVerdict: Sendable {
  /// What the environment says.
  case goesOn
  /// For the learner's value the step is an end, `terminated`; the episode goes on, unless the environment ended it.
  /// For directors that declare `SampleRules.Kinds.ends`.
  case endsForTheValue
  /// The episode is given up, which for the value is an end too, and the slot starts anew. Where the environment ended
  /// the episode by itself its own outcome stands.
  case isGivenUp
}

/// What the batch knows of the episode that runs in a slot.
public struct RunningEpisode: Sendable, Hashable {
  /// Its number in the slot, from 0.
  public var number: Int
  /// Steps so far.
  public var length: Int
  /// The undiscounted sum of the environment's rewards so far.
  public var environmentReturn: Double
  /// Whether the environment has said that it succeeded.
  public var success: Bool
}

/// Directs what the slots of one batch do while a collector collects: where their episodes start, when they are given
/// up, what stands in the rows' appended fields, which action replaces the policy's, what the learner is told of each
/// sample.
///
/// A collector without directors is the plain one. A director steps nothing and keeps no book: seeds, numbers, returns
/// and actions of the running episodes are the batch's, and so are records, saving and stepping on after a resume. It
/// serves one batch, one worker at a time. What it draws comes from streams of its own, made from the batch's number,
/// and from what its agent gave it before the collection: so any number of workers collects the same bits.
///
/// The order of a collection: `beginCollection`; the first time `start`, `begin` and `write` for every slot; then for
/// every time `prepare`, the policy, `redirect`, the step, and slot by slot `judge` and `write`, followed where the
/// episode is over by `start`, `begin` and `write` for the next.
public protocol Director: AnyObject {
  /// What it tells of samples: the rollout's `sampleRules` has room for these.
  var sampleRules: SampleRules.Kinds { get }

  /// A collection begins; what was noted during the last one may go.
  func beginCollection()

  /// Chooses where a slot's next episode starts, drawing what it needs.
  ///
  /// - Parameter episode: The episode's number in the slot, from 0.
  func start(slot: Int, episode: Int) -> EpisodeStart

  /// Where the episode that runs in a slot started, as `start` chose it or `restore` found it; draws nothing.
  func start(of slot: Int) -> EpisodeStart

  /// An episode has started: the row at `[time, slot]` shows it, but for the appended fields.
  func begin(slot: Int, on rollout: Rollout, at time: Int)

  /// Before the policy acts: sets the temperatures of that time.
  func prepare(_ rollout: Rollout, at time: Int)

  /// After the policy has acted and before the step: may replace actions of that time.
  func redirect(_ rollout: Rollout, at time: Int)

  /// After the step: what becomes of the slot's episode. The rollout's reward, outcome and success of the place are the
  /// environment's, and `nextObservation` shows what came of the step.
  func judge(slot: Int, _ episode: RunningEpisode, on rollout: Rollout, at time: Int) -> EpisodeVerdict

  /// Writes the appended fields of a row that shows the slot's episode: its first row, every row of its steps, its
  /// final row where the environment ends it, and after a resume the row that it stands at.
  func write(slot: Int, into row: UnsafeMutableRawPointer)

  /// Saves its streams and what it knows of the running episodes beside what the batch keeps.
  func save(to state: inout SavedState)

  /// Puts them where they were saved; the batch then asks `start(of:)` where its episodes began.
  ///
  /// - Throws: `UserError` when something is missing or of another shape.
  func restore(from state: SavedState) throws
}

extension Director {
  /// Default: it says nothing of samples.
  public var sampleRules: SampleRules.Kinds { [] }
  /// Default: does nothing.
  public func beginCollection() {}
  /// Default: by the run's rule.
  public func start(slot: Int, episode: Int) -> EpisodeStart { .run }
  /// Default: by the run's rule.
  public func start(of slot: Int) -> EpisodeStart { .run }
  /// Default: does nothing.
  public func begin(slot: Int, on rollout: Rollout, at time: Int) {}
  /// Default: sets no temperature.
  public func prepare(_ rollout: Rollout, at time: Int) {}
  /// Default: leaves the policy's actions.
  public func redirect(_ rollout: Rollout, at time: Int) {}
  /// Default: the episode goes on as the environment has it.
  public func judge(
    slot: Int, _ episode: RunningEpisode, on rollout: Rollout, at time: Int
  ) -> EpisodeVerdict { .goesOn }
  /// Default: writes nothing, for rows without appended fields.
  public func write(slot: Int, into row: UnsafeMutableRawPointer) {}
  /// Default: keeps nothing.
  public func save(to state: inout SavedState) {}
  /// Default: needs nothing.
  public func restore(from state: SavedState) throws {}
}
