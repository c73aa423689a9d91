import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Runs that are carried out elsewhere, and the one that a task carries out.
extension CompareCommand {
  private static let makePlan: @Sendable (RunDescription) throws -> RunPlan = { try Catalog.plan($0) }

  /// Whether anything beside `resume` says what is compared.
  private var addsOrNames: Bool {
    seeds != nil || firstSeed != nil || trials != nil || !environments.isEmpty || !agents.isEmpty || !rewards.isEmpty
      || suite != nil || steps != nil || totalSteps != nil || out != nil || options.config != nil
      || !options.assignments.isEmpty
  }

  // MARK: One run

  /// Carries out one run of a comparison that is there; others may be carried out at the same time by other programs.
  ///
  /// Exit status: 0 when it is finished, 1 when it failed, 129, 130 or 143 after a signal, when it is saved.
  ///
  /// - Throws: `UserError` for a run that the comparison does not have, or that another program carries out.
  func carryOut(run path: String) throws {
    guard let resume, !addsOrNames, jobs == 0 else {
      throw UserError(
        "--run carries out a run of a comparison that is there, as it was begun",
        fix: "Name the comparison alone beside it (--resume)")
    }
    guard !RepetitionStudy.isOne(resume) else {
      throw UserError("'\(resume)' is of repetitions, which are stepped as one batch", fix: "Leave --run out")
    }
    let comparison = try Comparison(opening: resume, for: .oneRun, makePlan: Self.makePlan)
    guard let run = comparison.description.runs.first(where: { $0.path == path }) else {
      throw UserError(
        "the comparison in '\(resume)' has no run '\(path)'",
        fix: "Use a path such as \(comparison.description.runs[0].path)")
    }
    let wasFinished = comparison.isFinished(run)
    let description = comparison.description
    let name = "\(description.environments[run.environment])  \(description.arms[run.arm])  seed \(run.seed)"
    let start = Clock.seconds
    let status = comparison.carryOut([run], jobs: 1, shouldStop: { Interruption.wasRequested }) { _, status in
      // Nobody else says why the task's output comes to an end.
      if case .standing(let line) = status { LineOutput.note("\(name): \(line)") }
    }[0]
    switch status {
    case .finished(let evaluation):
      if json {
        let document: JSON = ["run": .string(path), "evaluation": JSON(encoding: evaluation)]
        LineOutput.result(document.text(pretty: true))
      } else {
        let time = wasFinished ? "finished before" : Format.duration(Clock.seconds - start)
        LineOutput.result("\(name): \(Format.headFigures(evaluation)) (\(time))")
      }
    case .failed(let error): throw error
    case .running, .standing, .waiting, .stopped:
      LineOutput.note("\(name): stopped, everything so far is saved; the same command goes on")
      throw Interruption.exitStatus
    }
  }

  // MARK: Slurm

  /// Submits what is missing and ends; where nothing is, it reports.
  ///
  /// - Throws: `UserError` when Slurm is not there or refuses, before anything is written where that shows before; what
  ///   `plannedComparison` throws.
  func submitToSlurm() throws {
    if isOfRepetitions || resume.map(RepetitionStudy.isOne) ?? false {
      throw UserError(
        "repetitions of bandits are stepped as one batch, so there is nothing to share out",
        fix: "Leave --executor out")
    }
    let last = try resume.flatMap { path in
      try SlurmSubmission(Comparison(opening: path, makePlan: Self.makePlan)).lastSettings()
    }
    let settings = slurm.settings(over: last, jobs: jobs)
    try SlurmSubmission.check(settings)
    // Its lock is released before a task wants it. Where nothing is added tasks of before may hold it.
    let path = if let resume, !addsOrNames { resume } else { try plannedComparison().path }
    let comparison = try Comparison(opening: path, makePlan: Self.makePlan)
    if resume == nil {
      LineOutput.note(
        "the comparison is in '\(path)'; should Slurm refuse it, `forage compare --resume \(Shell.quoted(path)) "
          + "--executor slurm` submits it")
    }
    let outcome = try SlurmSubmission(comparison).submit(
      settings, program: Files.absolute("/proc/self/exe"), workingDirectory: Files.absolute("."))
    if outcome.submitted == 0 && outcome.queued == 0 {
      try ReportCommand.report(on: comparison, isWritten: false, json: json)
      return
    }
    // `forage label` at the place where the command was given would write the file that a node writes.
    if comparison.description.cells.contains(where: { AskingRun($0, in: path)?.isOfPeople ?? false }) {
      LineOutput.note(
        "people are asked: answer (`forage label`) on the node that a run's task is on, since its file of labels is "
          + "for one machine at a time")
    }
    if json {
      LineOutput.result(CompareCommand.document(outcome, path).text(pretty: true))
    } else {
      show(outcome, path)
    }
  }

  private func show(_ outcome: SlurmSubmission.Outcome, _ path: String) {
    for (job, folder) in zip(outcome.jobs, outcome.folders) {
      LineOutput.result(
        "job \(job.id): \(Format.number(of: job.tasks, "run")), \(job.tasks == 1 ? "a" : "each a") task of the array; "
          + "script and output in \(folder)")
    }
    var rest: [String] = []
    if outcome.queued > 0 { rest.append("\(outcome.queued) in the queue or running from before") }
    if outcome.finished > 0 { rest.append("\(outcome.finished) finished") }
    if !rest.isEmpty { LineOutput.result("of the others: \(rest.joined(separator: ", "))") }
    let quoted = Shell.quoted(path)
    LineOutput.result("what is finished, at any time: forage report \(quoted)")
    LineOutput.result("tasks that were killed, again: forage compare --resume \(quoted) --executor slurm")
  }

  /// `{directory, jobs: [{id, name, tasks, folder}], submitted, queued, finished}`
  private static func document(_ outcome: SlurmSubmission.Outcome, _ path: String) -> JSON {
    [
      "directory": .string(path), "submitted": .integer(outcome.submitted), "queued": .integer(outcome.queued),
      "finished": .integer(outcome.finished),
      "jobs": .array(
        zip(outcome.jobs, outcome.folders).map { job, folder in
          [
            "id": .string(job.id), "name": .string(job.name), "tasks": .integer(job.tasks), "folder": .string(folder),
          ]
        }),
    ]
  }
}
