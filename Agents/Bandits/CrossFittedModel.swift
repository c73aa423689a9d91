/// What a model of rewards says of a log's decisions, each by the model of the other half (even and odd ones), so that
/// no decision is judged by a model that has seen it.
///
/// The model is the arm's mean reward, or the mean of all where it has none; with a context a ridge regression on it.
struct CrossFittedModel {
  private let log: OffPolicyLog
  private let target: OffPolicyTarget
  /// Decisions of each arm, by half.
  private let counts: [[Double]]
  /// Mean rewards of each arm, by half, and of all.
  private let means: [[Double]]
  private let averages: [Double]
  /// By half; empty without a context.
  private let regressions: [RewardRegression]
  /// Of every decision: what the arm that was chosen should pay, and what the policy should.
  let chosen, policy: [Double]

  init(_ log: OffPolicyLog, _ target: OffPolicyTarget) {
    (self.log, self.target) = (log, target)
    let halves = (0..<2).map { half in
      var (counts, sums) = ([Double](repeating: 0, count: log.arms), [Double](repeating: 0, count: log.arms))
      for number in stride(from: half, to: log.decisions.count, by: 2) {
        counts[log.decisions[number].arm] += 1
        sums[log.decisions[number].arm] += log.decisions[number].reward
      }
      let mean = sums.reduce(0, +) / max(1, counts.reduce(0, +))
      return (counts: counts, means: zip(sums, counts).map { $1 > 0 ? $0 / $1 : mean }, average: mean)
    }
    counts = halves.map(\.counts)
    means = halves.map(\.means)
    averages = halves.map(\.average)
    guard log.features.isEmpty else {
      let regressions = (0..<2).map { half in
        var model = RewardRegression(arms: log.arms, features: log.features)
        for number in stride(from: half, to: log.decisions.count, by: 2) {
          let decision = log.decisions[number]
          model.add(Array(log.context(number)), arm: decision.arm, reward: decision.reward)
        }
        model.solve()
        return model
      }
      self.regressions = regressions
      var (chosen, policy) = ([Double](), [Double]())
      for number in log.decisions.indices {
        let values = regressions[1 - number % 2].values(Array(log.context(number)))
        chosen.append(values[log.decisions[number].arm])
        policy.append(zip(values, target[number]).reduce(0) { $0 + $1.0 * $1.1 })
      }
      (self.chosen, self.policy) = (chosen, policy)
      return
    }
    regressions = []
    let means = means
    let constant = target.isConstant ? means.map { zip($0, target[0]).reduce(0) { $0 + $1.0 * $1.1 } } : []
    chosen = log.decisions.indices.map { means[1 - $0 % 2][log.decisions[$0].arm] }
    policy = log.decisions.indices.map { number in
      let other = 1 - number % 2
      return target.isConstant ? constant[other] : zip(means[other], target[number]).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// What each decision adds to the spread of an estimate because the other half's model was fitted to it.
  ///
  /// The estimate is the mean of policy + weight (reward - chosen): it moves with the model by the policy's probability
  /// of an arm less the weight of a decision of it, which is 0 on average unless large weights are cut. Without this
  /// the interval of the switch estimator takes the model for the truth.
  ///
  /// - Parameter weights: Of every decision, 0 where it is cut.
  func influence(_ weights: [Double]) -> [Double] {
    var influence = [Double](repeating: 0, count: log.decisions.count)
    for half in 0..<2 {
      let own = Array(stride(from: half, to: log.decisions.count, by: 2))
      let others = stride(from: 1 - half, to: log.decisions.count, by: 2)
      let found =
        regressions.isEmpty
        ? onMeans(own, others, half, weights)
        : regressions[half].influence(
          on: others.lazy.flatMap { number in
            let context = Array(log.context(number))
            let (chosen, target) = (log.decisions[number].arm, target[number])
            return target.indices.map { arm in
              (context: context, arm: arm, weight: target[arm] - (arm == chosen ? weights[number] : 0))
            }
          },
          of: own.map {
            (context: Array(log.context($0)), arm: log.decisions[$0].arm, reward: log.decisions[$0].reward)
          })
      for (number, value) in zip(own, found) { influence[number] = value }
    }
    return influence
  }

  /// The same of the arms' means, that of all where an arm has none.
  private func onMeans(_ own: [Int], _ others: StrideTo<Int>, _ half: Int, _ weights: [Double]) -> [Double] {
    var pull = [Double](repeating: 0, count: log.arms)
    for number in others {
      let row = target[number]
      for arm in row.indices { pull[arm] += row[arm] }
      pull[log.decisions[number].arm] -= weights[number]
    }
    let unseen = pull.indices.reduce(0.0) { counts[half][$1] > 0 ? $0 : $0 + pull[$1] }
    return own.map { number in
      let decision = log.decisions[number]
      return pull[decision.arm] / counts[half][decision.arm] * (decision.reward - means[half][decision.arm])
        + unseen / Double(own.count) * (decision.reward - averages[half])
    }
  }
}
