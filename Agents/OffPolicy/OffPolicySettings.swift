import Groundwork

/// The settings of every learner that collects with one policy and learns of another from a store of transitions.
protocol OffPolicySettings: Sendable {
  var slots: Int { get }
  var batches: Int { get }
  var steps: Int { get }
  var bufferSize: Int { get }
  var learningStarts: Int { get }
  var updateRatio: Double { get }
  var returnSteps: Int { get }
  var discount: Double { get }
  var hindsight: Double { get }
  var demonstrations: String { get }
  var batchSize: Int { get }
  var learningRate: Double { get }
  var hiddenLayers: [Int] { get }
}

extension OffPolicySettings {
  /// What each of them may be.
  var checks: [Check] {
    [
      Check("agent.slots", slots, in: SizeLimit.slots), Check("agent.batches", batches, in: SizeLimit.slots),
      Check("agent.steps", steps, in: SizeLimit.rolloutSteps),
      Check("agent.bufferSize", bufferSize, in: 1...100_000_000),
      Check("agent.learningStarts", learningStarts, in: SizeLimit.steps),
      Check("agent.updateRatio", updateRatio, in: 0...64),
      Check("agent.returnSteps", returnSteps, in: 1...1_000), Check("agent.discount", discount, in: 0...1),
      Check("agent.hindsight", hindsight, in: 0...1), Check("agent.batchSize", batchSize, in: SizeLimit.minibatch),
      Check("agent.learningRate", learningRate, in: 1e-12...1),
    ] + Check.layers("agent.hiddenLayers", hiddenLayers)
  }

  /// Refuses slots that cannot be shared out, and turns of collecting that are too large.
  ///
  /// - Throws: `UserError`.
  func checkCollection() throws(UserError) {
    guard slots % batches == 0 else {
      throw UserError(
        "\(slots) slots cannot be shared out to \(batches) batches",
        fix: "Use a number that divides them (--set agent.batches=)")
    }
    try SizeLimit.checkCollection(steps: steps, slots: slots, rowBytes: 0)
  }

  /// The updates that fall due in a run of so many steps.
  func updates(in budget: Int) -> Int {
    let turn = slots * steps
    let turns = (budget + turn - 1) / turn
    // The first turn at whose end enough steps have been taken.
    let first = max(1, (learningStarts + turn - 1) / turn)
    var clock = UpdateClock()
    return turns < first ? 0 : clock.due(after: (turns - first + 1) * turn, ratio: updateRatio)
  }

  /// Says of a run of so many steps that it never learns, where no update falls due in it.
  func remarks(steps budget: Int) -> [String] {
    guard updates(in: budget) == 0 else { return [] }
    return [
      "nothing is learnt in \(budget) steps: with agent.learningStarts=\(learningStarts) and "
        + "agent.updateRatio=\(updateRatio) no update falls due. Take more steps (--steps), or --set one of them"
    ]
  }

  /// Rows of a piece of a gradient.
  var pieceRows: Int { LearnerScratch.pieceRows(of: batchSize) }
}

/// How many updates are due: so many a step, the rest kept for the next turn.
struct UpdateClock {
  /// Updates so far.
  private(set) var updates = 0
  private var owed = 0.0

  /// - Returns: The updates that some more steps ask for.
  mutating func due(after steps: Int, ratio: Double) -> Int {
    owed += Double(steps) * ratio
    let due = Int(owed)
    owed -= Double(due)
    updates += due
    return due
  }

  func save(to state: inout SavedState) {
    state.set("updates", scalar: Int64(updates))
    state.set("owedUpdates", scalar: owed)
  }

  mutating func restore(from state: SavedState) throws {
    updates = Int(try state.scalar("updates", as: Int64.self))
    owed = try state.scalar("owedUpdates", as: Double.self)
  }
}
