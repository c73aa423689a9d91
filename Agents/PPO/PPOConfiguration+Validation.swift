import Encoders
import Groundwork

extension PPOConfiguration {
  /// The most samples of a rollout: what the losses need of them then takes about 1.5 GB.
  private static let mostSamples = 1 << 24

  /// Checks everything that needs no environment; sizes that depend on one are `PPOLearner`'s to check.
  ///
  /// - Throws: `UserError` for values out of range, or that cannot work together.
  func validate() throws(UserError) {
    try checkRanges()
    guard slots % batches == 0 else {
      throw UserError(
        "\(slots) slots cannot be shared out to \(batches) batches",
        fix: "Use \(PPOConfiguration.divisors(of: slots)) (--set batches=)")
    }
    let rollout = steps * slots
    guard rollout <= PPOConfiguration.mostSamples else {
      throw UserError(
        "a rollout of \(steps) steps x \(slots) slots has \(rollout) samples; the most are "
          + "\(PPOConfiguration.mostSamples)", fix: "Use fewer of either (--set steps=, --set slots=)")
    }
    guard rollout % minibatches == 0 else {
      throw UserError(
        "a rollout of \(rollout) = \(steps) steps x \(slots) slots cannot be split into \(minibatches) minibatches: "
          + "remainder \(rollout % minibatches)",
        fix: "Use \(PPOConfiguration.divisors(of: rollout)) (--set minibatches=)")
    }
    if memory != .none { try checkMemory() }
    guard !omitsBackground || imageEncoder == .dense else {
      throw UserError(
        "a convolution omits no background", fix: "Use --set imageEncoder=dense, or leave omitsBackground false")
    }
  }

  private func checkRanges() throws(UserError) {
    for (value, name, range) in [
      (slots, "slots", 1...65_536), (batches, "batches", 1...65_536), (steps, "steps", 1...1_000_000),
      (epochs, "epochs", 1...10_000), (minibatches, "minibatches", 1...1_000_000),
      (memoryUnits, "memoryUnits", 1...8_192), (sequenceSteps, "sequenceSteps", 1...1_000_000),
    ] {
      guard range.contains(value) else { throw PPOConfiguration.outside(name, value, range) }
    }
    guard hiddenLayers.count <= 32 else {
      throw UserError("hiddenLayers has \(hiddenLayers.count) layers", fix: "Use at most 32 (--set hiddenLayers=)")
    }
    for units in hiddenLayers where !(1...65_536).contains(units) {
      throw PPOConfiguration.outside("hiddenLayers", units, 1...65_536)
    }
    for (value, name, range) in [
      (discount, "discount", 0...1), (gaeLambda, "gaeLambda", 0...1), (learningRate, "learningRate", 0...1e3),
      (clipRange, "clipRange", 0...1e3), (maximumGradientNorm, "maximumGradientNorm", 0...1e9),
      (entropyCoefficient, "entropyCoefficient", 0...1e6), (valueCoefficient, "valueCoefficient", 0...1e6),
      (targetKL, "targetKL", 0...1e6), (adamEpsilon, "adamEpsilon", 1e-30...1),
      (initialLogDeviation, "initialLogDeviation", -20...20),
    ] as [(Double, String, ClosedRange<Double>)] {
      guard range.contains(value) else { throw PPOConfiguration.outside(name, value, range) }
    }
  }

  private func checkMemory() throws(UserError) {
    guard steps % sequenceSteps == 0, slots * (steps / sequenceSteps) % minibatches == 0 else {
      throw UserError(
        "\(slots) slots x \(steps) steps cannot be cut into sequences of \(sequenceSteps) for \(minibatches) "
          + "minibatches",
        fix: "Use a sequenceSteps that divides steps, and minibatches that divide the sequences "
          + "(--set sequenceSteps=)")
    }
    guard !sharesNetwork else {
      throw UserError(
        "with a memory policy and value share all but their heads already", fix: "Leave sharesNetwork false")
    }
  }

  private static func outside<Value>(_ name: String, _ value: Value, _ range: ClosedRange<Value>) -> UserError {
    UserError("\(name) is \(value)", fix: "Use \(range.lowerBound) to \(range.upperBound) (--set \(name)=)")
  }

  private static func divisors(of count: Int) -> String {
    let all = (1...max(1, min(count, 64))).filter { count % $0 == 0 }.map(String.init)
    return all.count > 1 ? all.dropLast().joined(separator: ", ") + " or " + all.last! : all.joined()
  }
}
