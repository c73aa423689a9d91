public import Groundwork

/// What a comparison found: the last evaluation of every finished run, and the way there.
public struct ComparisonResults: Sendable {
  /// One finished run.
  public struct Run: Sendable {
    public var seed: UInt64
    /// The run's directory.
    public var path: String
    public var evaluation: RunEvaluation
    /// Points of the evaluations during training, steps rising.
    public var curve: [(step: Int, return: Double, success: Double)]
  }

  /// An arm in an environment.
  public struct Cell: Sendable {
    public var environment: String
    public var arm: String
    /// What the agent was granted beyond stepping its own environments.
    public var granted: [String]
    /// In the order of the seeds; runs that are not finished are missing.
    public var runs: [Run]
  }

  public var arms: [String]
  public var environments: [String]
  /// Runs that each cell should have.
  public var seeds: Int
  /// `[environments x arms]`.
  public var cells: [Cell]
  public var steps: Int
  public var agent: String

  /// Reads what the runs of a comparison have written so far.
  public init(_ comparison: Comparison) throws {
    let description = comparison.description
    arms = description.arms
    environments = description.environments
    seeds = description.seeds.count
    steps = description.cells[0].run.steps
    var agents: [String] = []
    for cell in description.cells where !agents.contains(cell.agent.id) { agents.append(cell.agent.id) }
    agent = agents.joined(separator: ", ")
    cells = description.cells.enumerated().map { index, cell in
      Cell(
        environment: cell.environment.id, arm: description.arms[index % description.arms.count], granted: cell.granted,
        runs: [])
    }
    for run in description.runs {
      let path = comparison.directory(of: run)
      guard Files.exists(path + "/run.json") else { continue }
      let directory = try RunDirectory(opening: path)
      guard let evaluation = try directory.finalEvaluation() else { continue }
      let lines = try MetricFile.read(directory.metrics).lines
      let curve = lines.compactMap { line -> (step: Int, return: Double, success: Double)? in
        guard let mean = line["evaluation/return"], let success = line["evaluation/success"] else { return nil }
        return (line.step, mean, success)
      }
      cells[run.environment * arms.count + run.arm].runs.append(
        Run(seed: run.seed, path: path, evaluation: evaluation, curve: curve))
    }
  }

  public func cell(environment: Int, arm: Int) -> Cell { cells[environment * arms.count + arm] }

  /// Whether every run is finished.
  public var isComplete: Bool { cells.allSatisfy { $0.runs.count == seeds } }
}
