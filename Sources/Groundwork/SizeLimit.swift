/// How large things may become that settings ask for: the one place that knows. What is larger is refused before any of
/// it is made or written, so no setting takes all memory.
///
/// Limits of single settings keep products of a few of them below 2^63; the products have limits of their own.
public enum SizeLimit {
  /// Environments stepped side by side, the batches that they are shared out to, and problems searched side by side.
  public static let slots = 1...65_536
  /// Steps of every slot in a rollout.
  public static let rolloutSteps = 1...1_000_000
  /// Steps that an agent takes or waits for, where nothing is kept of each.
  public static let steps = 0...1_000_000_000_000
  /// Hidden layers of a network.
  public static let layers = 1...32
  /// Units of a layer.
  public static let units = 1...65_536
  /// Passes over a rollout.
  public static let epochs = 1...10_000
  /// Parts that a pass is cut into.
  public static let minibatches = 1...1_000_000
  /// Samples of one optimizer step, where it does not follow from the rollout.
  public static let minibatch = 1...65_536
  /// Simulations of a planner's decision, where a tree keeps them.
  public static let simulations = 1...(1 << 24)
  /// Episodes of an evaluation: what is kept of each are its actions.
  public static let episodes = 1...100_000
  /// Terms of a reward design.
  public static let terms = 1...64
  /// Units and features of a reward model's networks.
  public static let rewardUnits = 1...4096

  /// Parameters of one agent's networks, and of all networks of a reward design. Their gradients, one a lane, take up
  /// to ten times as much: 2.7 GB.
  public static let parameters = 1 << 26
  /// Samples of a rollout, and steps of a cycle of exploration: what the losses need of them then takes about 1.5 GB.
  public static let samples = 1 << 24
  /// Numbers that the memories of all slots hold between two steps.
  public static let memoryNumbers = 1 << 22
  /// Bytes of the observations of one collection, of a store of transitions, or of the trees of one search.
  public static let collectionBytes = 4 << 30

  /// Bytes of what a bandit algorithm remembers of the slots of a batch; each worker has one batch at a time.
  public static let banditBytes = 1 << 29

  /// The product of sizes; the largest number where it would not fit.
  public static func product(_ factors: Int...) -> Int {
    factors.reduce(1) { product, factor in
      let result = product.multipliedReportingOverflow(by: factor)
      return result.overflow ? .max : result.partialValue
    }
  }

  /// - Parameters:
  ///   - what: The thing that is counted, for example "the networks have".
  ///   - unit: What is counted, for example "parameters".
  /// - Throws: `UserError` when `count` is above `most`.
  public static func check(
    _ what: String, _ count: Int, _ unit: String, most: Int, fix: String
  ) throws(UserError) {
    guard count <= most else { throw UserError("\(what) \(count) \(unit); the most are \(most)", fix: fix) }
  }

  /// - Throws: `UserError` when networks have too many parameters.
  public static func check(parameters count: Int, fix: String) throws(UserError) {
    try check("the networks have", count, "parameters", most: parameters, fix: fix)
  }

  /// - Parameter path: What precedes the settings `steps` and `slots` where a person sets them.
  /// - Throws: `UserError` when the observations of a rollout are too many or too large.
  public static func checkCollection(
    steps: Int, slots: Int, rowBytes: Int, path: String = "agent.", fix: String? = nil
  ) throws(UserError) {
    let fix = fix ?? "Use fewer of either (--set \(path)steps=, --set \(path)slots=)"
    let rollout = "a rollout of \(steps) steps x \(slots) slots has"
    try check(rollout, steps * slots, "samples", most: samples, fix: fix)
    try check(rollout, (steps + 1) * slots * rowBytes, "bytes of observations", most: collectionBytes, fix: fix)
  }
}
