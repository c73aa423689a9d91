import PolicyGradient
import Testing

@Suite("Generalised advantage estimation")
struct AdvantageEstimationTests {
  /// One slot of five steps with rewards 1...5, V = 0.5, 1, 1.5, 2, 2.5, 3, gamma 0.9 and lambda 0.8.
  func estimate(_ outcomes: [UInt8], isEpisodic: Bool = true, bootstraps: Bool = true) -> [Float] {
    let estimation = AdvantageEstimation(
      discount: 0.9, gaeLambda: 0.8, isEpisodic: isEpisodic, bootstrapsTruncation: bootstraps)
    let rewards: [Float] = [1, 2, 3, 4, 5]
    let values: [Float] = [0.5, 1, 1.5, 2, 2.5, 3]
    var advantages = [Float](repeating: .nan, count: 5)
    estimation.estimate(
      steps: 5, slots: 1, rewards: rewards, values: values, finalValue: { time, _ in Float(10 + time) },
      outcomes: outcomes, advantages: &advantages)
    return advantages
  }

  func expectClose(_ found: [Float], _ expected: [Float]) {
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-4, "\(found) is not \(expected)") }
  }

  @Test("five running steps follow the hand-worked sums")
  func running() {
    // delta_t = r + 0.9 V' - V: 1.4, 2.35, 3.3, 4.25, 5.2; A_t = delta_t + 0.72 A_{t+1}
    expectClose(estimate([0, 0, 0, 0, 0]), [7.7864645, 8.8700896, 9.05568, 7.994, 5.2])
  }

  @Test("a terminated episode has nothing after it")
  func terminated() {
    // At step 2: delta = 3 - 1.5 = 1.5, and nothing of what follows.
    let found = estimate([0, 0, 1, 0, 0])
    expectClose(found, [1.4 + 0.72 * (2.35 + 0.72 * 1.5), 2.35 + 0.72 * 1.5, 1.5, 4.25 + 0.72 * 5.2, 5.2])
  }

  @Test("a truncated episode bootstraps from its final observation")
  func truncated() {
    // At step 2: delta = 3 + 0.9 * 12 - 1.5 = 12.3
    let found = estimate([0, 0, 2, 0, 0])
    expectClose(found, [1.4 + 0.72 * (2.35 + 0.72 * 12.3), 2.35 + 0.72 * 12.3, 12.3, 4.25 + 0.72 * 5.2, 5.2])
  }

  @Test("a truncation without bootstrap counts as a termination")
  func unbootstrapped() {
    expectClose(estimate([0, 0, 2, 0, 0], bootstraps: false), estimate([0, 0, 1, 0, 0]))
  }

  @Test("a component that is not episodic ignores the ends of episodes")
  func endless() {
    expectClose(estimate([0, 1, 0, 2, 0], isEpisodic: false), estimate([0, 0, 0, 0, 0]))
  }

  @Test("slots do not mix")
  func slots() {
    let estimation = AdvantageEstimation(discount: 0.9, gaeLambda: 0.8)
    var advantages = [Float](repeating: 0, count: 4)
    estimation.estimate(
      steps: 2, slots: 2, rewards: [1, 10, 2, 20], values: [0, 0, 0, 0, 0, 0], finalValue: { _, _ in 0 },
      outcomes: [0, 0, 0, 0], advantages: &advantages)
    expectClose(advantages, [1 + 0.72 * 2, 10 + 0.72 * 20, 2, 20])
  }
}
