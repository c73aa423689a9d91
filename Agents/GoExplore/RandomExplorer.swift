import ReinforcementLearning

/// Acts at random and sticks to it: a uniformly drawn legal action is held for a geometrically distributed number of
/// steps, or until it is not legal any more.
///
/// Source: Ecoffet et al. 2021, methods, "Exploration phase" (mean 20 on Atari, 10 in robotics).
struct RandomExplorer {
  private let actions: ActionSpecification
  private let hasMasks: Bool
  /// 2^64 times the probability that the held action is drawn anew.
  private let changeLimit: UInt64
  private let isAlwaysNew: Bool
  private var isHeld = false

  /// - Parameter meanHold: Mean number of steps for which an action is held, at least 1.
  init(_ specification: Specification, meanHold: Double) {
    actions = specification.actions
    hasMasks = specification.hasIllegalActions
    isAlwaysNew = meanHold <= 1
    changeLimit = isAlwaysNew ? .max : UInt64(0x1p64 / meanHold)
  }

  /// Forgets the held action.
  mutating func begin() { isHeld = false }

  /// Numbers of a recorded action.
  var width: Int { if case .continuous(let low, _) = actions { low.count } else { 1 } }

  /// Puts the next action into `scratch`, which holds the one before.
  @inline(__always) mutating func chooseAction(
    _ arena: SnapshotArena, _ state: Int, _ scratch: SnapshotArena.Scratch, _ random: inout RandomSource
  ) {
    if hasMasks { arena.legalActions(state, into: scratch.mask) }
    if isHeld, !isAlwaysNew, random.next() >= changeLimit,
      !hasMasks || scratch.mask[Int(scratch.actions.discrete[0])]
    {
      return
    }
    isHeld = true
    switch actions {
    case .discrete(let names):
      var chosen = random.integer(in: 0..<names.count)
      if hasMasks {
        // Drawn again until it is legal: each legal action is as likely as the others.
        precondition(scratch.mask.contains(true), "a state without a legal action")
        while !scratch.mask[chosen] { chosen = random.integer(in: 0..<names.count) }
      }
      scratch.actions.discrete[0] = Int32(truncatingIfNeeded: chosen)
    case .continuous(let low, let high):
      for element in 0..<low.count {
        let (low, high) = (max(low[element], -1e6), min(high[element], 1e6))
        scratch.actions.continuous[element] = low + (high - low) * random.uniformFloat()
      }
    }
  }

  /// Adds the action that `scratch` holds to a list of recorded ones.
  @inline(__always) func record(_ scratch: SnapshotArena.Scratch, into list: inout [Float]) {
    if case .discrete = actions {
      list.append(Float(scratch.actions.discrete[0]))
    } else {
      for element in 0..<width { list.append(scratch.actions.continuous[element]) }
    }
  }

  /// Steps a state with recorded actions, `[steps, width]`.
  func replay(_ path: ArraySlice<Float>, _ arena: SnapshotArena, _ state: Int, _ scratch: SnapshotArena.Scratch) {
    for first in stride(from: path.startIndex, to: path.endIndex, by: width) {
      scratch.set(path[first..<first + width])
      _ = arena.advance(state, to: state, scratch)
    }
  }
}
