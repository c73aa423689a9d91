/// The scores of one arm: for each task, one score a run, on a scale that the tasks share (0 is nothing and 1
/// is solved).
///
/// Written `scores: [runs, tasks]` in the literature. Tasks may have different numbers of runs here (a run can
/// fail), so the storage is by task. Not a learning curve: that is a `ScoreTable` for each checkpoint.
public struct ScoreTable: Sendable, Hashable {
  /// `[task][run]`; every task has at least one run.
  public var tasks: [[Double]]

  /// - Parameter tasks: `[task][run]`, no task empty.
  public init(tasks: [[Double]]) {
    precondition(!tasks.isEmpty && tasks.allSatisfy { !$0.isEmpty }, "a score table needs a run for every task")
    self.tasks = tasks
  }

  /// - Parameter rows: `[run][task]`, every run with a score for every task.
  public init(rows: [[Double]]) {
    precondition(!rows.isEmpty, "a score table needs a run")
    precondition(rows.allSatisfy { $0.count == rows[0].count }, "every run needs a score for every task")
    self.init(tasks: rows[0].indices.map { task in rows.map { $0[task] } })
  }

  /// The runs of the task that has the fewest.
  public var fewestRuns: Int { tasks.reduce(Int.max) { min($0, $1.count) } }

  /// All scores, task after task.
  public var pooled: [Double] { tasks.flatMap { $0 } }

  /// `[tasks]`: the mean over the runs of each task.
  public var taskMeans: [Double] { tasks.map(Aggregate.mean(of:)) }
}
