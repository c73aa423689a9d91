/// What a learner is told of each sample beside the rollout, for agents that collect in their own way; by sample, in the
/// order of `Experience`.
struct SampleRules {
  /// Whether the sample is learnt from; the others are in no minibatch.
  let isLearnt: [Bool]
  /// What its logits were divided by when its action was drawn.
  let temperatures: [Float]

  /// The numbers of the samples that are learnt from.
  let learnt: [Int32]

  init(isLearnt: [Bool], temperatures: [Float]) {
    precondition(isLearnt.count == temperatures.count, "two numbers for each sample")
    self.isLearnt = isLearnt
    self.temperatures = temperatures
    learnt = isLearnt.indices.filter { isLearnt[$0] }.map { Int32(truncatingIfNeeded: $0) }
  }
}
