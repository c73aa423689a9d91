import ReinforcementLearning

/// The statistics of a comparison: intervals over runs, as in Agarwal et al. (2021).
public struct ComparisonSummary: Codable, Hashable, Sendable {
  /// One arm in one environment.
  public struct Row: Codable, Hashable, Sendable {
    public var environment: String
    public var arm: String
    public var granted: [String]
    public var runs: Int
    /// Interquartile means over runs of the last evaluation's means, with 95 % bootstrap intervals.
    public var `return`: Estimate
    public var success: Estimate
    /// Probability that a run of this arm has a higher return than one of the first arm; nil for the first.
    public var improvement: Estimate?
  }

  /// One arm over all environments.
  public struct Overall: Codable, Hashable, Sendable {
    public var arm: String
    /// Interquartile mean over runs and environments of the success rate, which has one scale everywhere.
    public var success: Estimate
    /// Mean over environments of the probability that a run beats one of the first arm.
    public var improvement: Estimate?
  }

  public var rows: [Row] = []
  /// Nil when an arm has no finished run in some environment.
  public var overall: [Overall] = []

  /// - Parameter replicates: Bootstrap replicates of every interval.
  public init(_ results: ComparisonResults, replicates: Int = 20_000) {
    let bootstrap = Bootstrap(replicates: replicates)
    var random = RandomSource(seed: 0, purpose: 8, index: 0)
    for environment in results.environments.indices {
      let baseline = results.cell(environment: environment, arm: 0).runs.map(\.evaluation.return.mean)
      for arm in results.arms.indices {
        let cell = results.cell(environment: environment, arm: arm)
        guard !cell.runs.isEmpty else { continue }
        let returns = cell.runs.map(\.evaluation.return.mean)
        let successes = cell.runs.map(\.evaluation.success.mean)
        rows.append(
          Row(
            environment: cell.environment, arm: cell.arm, granted: cell.granted, runs: cell.runs.count,
            return: bootstrap.estimate(.interquartileMean, of: ScoreTable(tasks: [returns]), random: &random),
            success: bootstrap.estimate(.interquartileMean, of: ScoreTable(tasks: [successes]), random: &random),
            improvement: arm == 0 || baseline.isEmpty
              ? nil
              : ProbabilityOfImprovement.estimate(
                ScoreTable(tasks: [returns]), over: ScoreTable(tasks: [baseline]), bootstrap: bootstrap, random: &random)))
      }
    }
    guard results.cells.allSatisfy({ !$0.runs.isEmpty }) else { return }
    func table(_ arm: Int, _ value: (RunEvaluation) -> Double) -> ScoreTable {
      ScoreTable(
        tasks: results.environments.indices.map { environment in
          results.cell(environment: environment, arm: arm).runs.map { value($0.evaluation) }
        })
    }
    for arm in results.arms.indices {
      overall.append(
        Overall(
          arm: results.arms[arm],
          success: bootstrap.estimate(.interquartileMean, of: table(arm) { $0.success.mean }, random: &random),
          improvement: arm == 0
            ? nil
            : ProbabilityOfImprovement.estimate(
              table(arm) { $0.return.mean }, over: table(0) { $0.return.mean }, bootstrap: bootstrap, random: &random)))
    }
  }
}
