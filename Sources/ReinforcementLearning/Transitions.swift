/// Steps by number, wherever they are kept: what a reward model and a learner read.
///
/// One view of a `Rollout` (all of its steps, time-major) and of a `TransitionBuffer` (those that were picked). It
/// owns nothing but a reference to what it shows, and is valid until that is written again.
public struct Transitions: Sendable {
  enum Source: Sendable {
    case rollout(Rollout)
    case buffer(TransitionBuffer, places: [Int])
  }

  let source: Source
  /// Steps that are shown; they are numbered `0..<count`.
  public let count: Int
  /// Where fields lie in the rows that `before` and `after` give.
  public let layout: ObservationLayout
  /// Whether every episode is shown from its start, step after step, so that `previous` leads back to it.
  public let areWholeEpisodes: Bool

  /// The steps of a rollout; step `[time, slot]` has the number `time * slots + slot`.
  ///
  /// - Parameters:
  ///   - steps: How many of them, from the first; nil for all.
  ///   - fromStarts: Whether every slot's episode begins at time 0.
  public init(_ rollout: Rollout, steps: Int? = nil, fromStarts: Bool = false) {
    precondition((steps ?? 0) <= rollout.steps, "a rollout has no more steps than it has")
    source = .rollout(rollout)
    count = (steps ?? rollout.steps) * rollout.slots
    layout = rollout.layout
    areWholeEpisodes = fromStarts
  }

  init(_ buffer: TransitionBuffer, places: [Int]) {
    source = .buffer(buffer, places: places)
    count = places.count
    layout = buffer.layout
    areWholeEpisodes = false
  }

  /// The row that the action answered to.
  public func before(_ index: Int) -> UnsafeRawPointer {
    switch source {
    case .rollout(let rollout): UnsafeRawPointer(rollout.observations + index * layout.rowBytes)
    case .buffer(let buffer, let places): UnsafeRawPointer(buffer.row(places[index]))
    }
  }

  /// The row that came of it: the episode's last where it ended.
  public func after(_ index: Int) -> UnsafeRawPointer {
    switch source {
    case .rollout(let rollout):
      UnsafeRawPointer(rollout.nextObservation(time: index / rollout.slots, slot: index % rollout.slots))
    case .buffer(let buffer, let places): UnsafeRawPointer(buffer.nextRow(places[index]))
    }
  }

  /// The number of the step before it in its episode; nil at the episode's start, or where that step is not shown.
  public func previous(_ index: Int) -> Int? {
    guard case .rollout(let rollout) = source, index >= rollout.slots else { return nil }
    let before = index - rollout.slots
    return rollout.outcomes[before] == 0 ? before : nil
  }

  /// Whether it is known to be the first step of its episode.
  public func startsEpisode(_ index: Int) -> Bool {
    switch source {
    case .rollout(let rollout): index < rollout.slots ? areWholeEpisodes : previous(index) == nil
    case .buffer(let buffer, let places): buffer.starts[places[index]]
    }
  }

  /// The environment's reward.
  public func reward(_ index: Int) -> Float {
    switch source {
    case .rollout(let rollout): rollout.rewards[index]
    case .buffer(let buffer, let places): buffer.rewards[places[index]]
    }
  }

  /// How the episode stood after it.
  public func outcome(_ index: Int) -> Outcome {
    switch source {
    case .rollout(let rollout): Outcome(rawValue: rollout.outcomes[index])!
    case .buffer(let buffer, let places): Outcome(rawValue: buffer.outcomes[places[index]])!
    }
  }

  /// Whether the environment said that the task was done in it.
  public func success(_ index: Int) -> Bool {
    switch source {
    case .rollout(let rollout): rollout.successes[index]
    case .buffer(let buffer, let places): buffer.successes[places[index]]
    }
  }

  /// The number of a discrete action.
  public func discreteAction(_ index: Int) -> Int32 {
    switch source {
    case .rollout(let rollout): rollout.actions.discrete[index]
    case .buffer(let buffer, let places): buffer.actions.discrete[places[index]]
    }
  }

  /// The elements of a continuous action.
  public func continuousAction(_ index: Int) -> UnsafeBufferPointer<Float> {
    let (actions, place) =
      switch source {
      case .rollout(let rollout): (rollout.actions, index)
      case .buffer(let buffer, let places): (buffer.actions, places[index])
      }
    return UnsafeBufferPointer(start: actions.continuous + place * actions.width, count: actions.width)
  }
}
