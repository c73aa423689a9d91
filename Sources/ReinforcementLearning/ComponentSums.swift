import Groundwork

/// What each component of a reward design has paid in an episode: summed where the steps are scored, over the seams
/// between rollouts, and averaged over the last hundred episodes that ended.
struct ComponentSums {
  /// Episodes that `means` is over, as for the other episode metrics.
  private static let window = 100
  private let components: Int
  /// Of the running episodes, `[slots over all rollouts, components]`.
  private var running: [Double] = []
  /// Of the last episodes that ended, `[episodes, components]`.
  private var ended: [Double] = []

  init(components: Int) { self.components = components }

  /// Adds one collection.
  mutating func add(_ rollouts: [Rollout], _ scores: [RewardScores]) {
    let slots = rollouts.reduce(0) { $0 + $1.slots }
    if running.count != slots * components { running = Array(repeating: 0, count: slots * components) }
    // Of every episode that ended, by rollout, then time, then slot.
    var sums: [[Double]] = []
    var first = 0
    for (rollout, score) in zip(rollouts, scores) {
      for time in 0..<rollout.steps {
        for component in 0..<components {
          let values = score[component]
          for slot in 0..<rollout.slots {
            running[(first + slot) * components + component] += Double(values[time * rollout.slots + slot])
          }
        }
        for slot in 0..<rollout.slots where rollout.outcomes[time * rollout.slots + slot] != 0 {
          let places = (first + slot) * components..<(first + slot + 1) * components
          sums.append(Array(running[places]))
          for place in places { running[place] = 0 }
        }
      }
      first += rollout.slots
    }
    for sum in sums.suffix(ComponentSums.window) { ended += sum }
    ended.removeFirst(max(0, ended.count - ComponentSums.window * components))
  }

  /// The mean of an episode's sum, by component; nil before the first episode has ended.
  var means: [Double]? {
    guard !ended.isEmpty else { return nil }
    let episodes = ended.count / components
    return (0..<components).map { component in
      (0..<episodes).reduce(0) { $0 + ended[$1 * components + component] } / Double(episodes)
    }
  }

  func save(to state: inout SavedState) {
    state.set("components.running", running)
    state.set("components.ended", ended)
  }

  mutating func restore(from state: SavedState) throws(UserError) {
    let running: [Double] = try state.get("components.running")
    let ended: [Double] = try state.get("components.ended")
    guard running.count % max(1, components) == 0, ended.count % max(1, components) == 0 else {
      throw UserError(
        "the checkpoint's sums are not of \(components) reward components", fix: "Use the run's own reward design")
    }
    self.running = running
    self.ended = ended
  }
}
