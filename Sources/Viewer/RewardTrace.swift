import ReinforcementLearning

/// The rewards of an episode so far, a lane for each component; the environment's own comes first.
///
/// Going back in an episode does not shorten it: later steps are known and shown again when one goes on.
struct RewardTrace {
  /// One component's values over the episode.
  struct Lane {
    /// The component's name.
    var name: String
    /// By step; NaN where the component was not given. `values[0]` belongs to the first step.
    private(set) var values: [Float] = []
    /// `sums[n]` is the sum of the first `n` values that were given.
    private var sums = [0.0]
    /// The least and the greatest so far; zero is always between them.
    private(set) var low: Float = 0
    /// The greatest value so far, 0 or more.
    private(set) var high: Float = 0

    /// A lane that begins after so many steps without a value.
    init(name: String, missing count: Int = 0) {
      self.name = name
      for _ in 0..<count { append(.nan) }
    }

    /// Takes the next step's value; NaN stands for none and changes no sum.
    mutating func append(_ value: Float) {
      values.append(value)
      sums.append(sums[sums.count - 1] + (value.isNaN ? 0 : Double(value)))
      if value.isFinite {
        low = min(low, value)
        high = max(high, value)
      }
    }

    /// The sum over the first `count` steps.
    ///
    /// - Complexity: O(1): sums are kept, so that going back in an episode costs nothing.
    func sum(_ count: Int) -> Double { sums[min(max(count, 0), sums.count - 1)] }

    /// The value at a step, counted from 1; nil before the first step and where none was given.
    func value(at step: Int) -> Float? {
      guard values.indices.contains(step - 1), !values[step - 1].isNaN else { return nil }
      return values[step - 1]
    }
  }

  /// The environment's own first, then components in the order in which they first came.
  private(set) var lanes = [Lane(name: "environment")]
  /// Steps recorded.
  private(set) var count = 0

  /// Takes in a frame; one that was seen before, or the state after the reset, changes nothing but names.
  ///
  /// A component that comes for the first time late in an episode gets a lane whose earlier steps are empty.
  mutating func record(_ frame: PlaybackFrame) {
    for component in frame.components where lane(component.name) == nil {
      lanes.append(Lane(name: component.name, missing: count))
    }
    guard frame.step > count else { return }
    // Steps that were skipped, if any, were not seen.
    while count < frame.step - 1 {
      for index in lanes.indices { lanes[index].append(.nan) }
      count += 1
    }
    count = frame.step
    lanes[0].append(frame.reward)
    for index in lanes.indices.dropFirst() {
      lanes[index].append(frame.components.first { $0.name == lanes[index].name }?.value ?? .nan)
    }
  }

  /// A component called "environment" would be the environment's own reward a second time.
  private func lane(_ name: String) -> Int? { lanes.firstIndex { $0.name == name } }
}
