import Encoders
import Groundwork

extension PPOConfiguration {
  /// Checks everything that needs no environment; sizes that depend on one are `PPOLearner`'s to check.
  ///
  /// - Parameter path: What precedes the keys, `agent.learner.` where another agent learns by PPO.
  /// - Throws: `UserError` for values out of range, or that cannot work together.
  func validate(path: String = "agent.") throws(UserError) {
    try checkRanges(path)
    guard slots % batches == 0 else {
      throw UserError(
        "\(slots) slots cannot be shared out to \(batches) batches",
        fix: "Use \(PPOConfiguration.divisors(of: slots)) (--set \(path)batches=)")
    }
    let rollout = steps * slots
    try SizeLimit.checkCollection(steps: steps, slots: slots, rowBytes: 0, path: path)
    guard rollout % minibatches == 0 else {
      throw UserError(
        "a rollout of \(rollout) = \(steps) steps x \(slots) slots cannot be split into \(minibatches) minibatches: "
          + "remainder \(rollout % minibatches)",
        fix: "Use \(PPOConfiguration.divisors(of: rollout)) (--set \(path)minibatches=)")
    }
    if memory != .none { try checkMemory(path) }
    guard !omitsBackground || imageEncoder == .dense else {
      throw UserError(
        "a convolution omits no background",
        fix: "Use --set \(path)imageEncoder=dense, or leave \(path)omitsBackground false")
    }
  }

  private func checkRanges(_ path: String) throws(UserError) {
    func whole(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> Check {
      Check(path + name, value, in: range)
    }
    func number(_ name: String, _ value: Double, _ range: ClosedRange<Double>) -> Check {
      Check(path + name, value, in: range)
    }
    try Check.all(
      [
        whole("slots", slots, SizeLimit.slots), whole("batches", batches, SizeLimit.slots),
        whole("steps", steps, SizeLimit.rolloutSteps), whole("epochs", epochs, SizeLimit.epochs),
        whole("minibatches", minibatches, SizeLimit.minibatches), whole("memoryUnits", memoryUnits, 1...8_192),
        whole("sequenceSteps", sequenceSteps, SizeLimit.rolloutSteps),
      ] + Check.layers(path + "hiddenLayers", hiddenLayers) + [
        number("discount", discount, 0...1), number("gaeLambda", gaeLambda, 0...1),
        number("learningRate", learningRate, 0...1e3), number("clipRange", clipRange, 0...1e3),
        number("maximumGradientNorm", maximumGradientNorm, 0...1e9),
        number("entropyCoefficient", entropyCoefficient, 0...1e6),
        number("valueCoefficient", valueCoefficient, 0...1e6), number("targetKL", targetKL, 0...1e6),
        number("adamEpsilon", adamEpsilon, 1e-30...1), number("initialLogDeviation", initialLogDeviation, -20...20),
      ])
  }

  private func checkMemory(_ path: String) throws(UserError) {
    guard steps % sequenceSteps == 0, slots * (steps / sequenceSteps) % minibatches == 0 else {
      throw UserError(
        "\(slots) slots x \(steps) steps cannot be cut into sequences of \(sequenceSteps) for \(minibatches) "
          + "minibatches",
        fix: "Use a \(path)sequenceSteps that divides \(path)steps, and \(path)minibatches that divide the sequences "
          + "(--set \(path)sequenceSteps=)")
    }
    // What a step of all slots computes is quadratic in the units, and is not interrupted.
    let state = SizeLimit.product(slots, memoryUnits, memory == .lstm ? 2 : 1)
    try SizeLimit.check(
      "the memories of \(slots) slots x \(memoryUnits) units hold", state, "numbers", most: SizeLimit.memoryNumbers,
      fix: "Use fewer of either (--set \(path)slots=, --set \(path)memoryUnits=)")
    guard !sharesNetwork else {
      throw UserError(
        "with a memory policy and value share all but their heads already", fix: "Leave \(path)sharesNetwork false")
    }
  }

  private static func divisors(of count: Int) -> String {
    let all = (1...max(1, min(count, 64))).filter { count % $0 == 0 }.map(String.init)
    return all.count > 1 ? all.dropLast().joined(separator: ", ") + " or " + all.last! : all.joined()
  }

  /// The settings that depend on a run's budget.
  ///
  /// - Parameter path: What precedes the keys.
  func budgetSettings(path: String) -> [String] {
    (annealsLearningRate ? [path + "annealsLearningRate"] : []) + (annealsClipRange ? [path + "annealsClipRange"] : [])
  }
}
