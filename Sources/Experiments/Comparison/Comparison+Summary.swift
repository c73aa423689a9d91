public import Groundwork
public import ReinforcementLearning

extension Comparison {
  /// What the runs have shown so far, for the report: finished runs with their curves, failed ones by name.
  ///
  /// Runs that are not finished are left out and counted; those whose files are damaged count as failed, and notes name
  /// them.
  ///
  /// - Parameters:
  ///   - about: A sentence on an environment by its id.
  ///   - date: When the report is made, as text.
  ///   - presets: The presets of a run's agent, without `reported`.
  public func summary(
    about: (String) -> String, date: String, presets: (RunDescription) -> [PresetSummary] = { _ in [] }
  ) throws -> ComparisonSummary {
    let count = description.arms.count
    var cells = description.cells.map { _ in [RunSummary]() }
    var missing = description.cells.map { _ in 0 }
    var measures: [[Measure]?] = description.environments.map { _ in nil }
    var damaged: [String] = []
    let runs = description.runs
    for (run, found) in zip(runs, read(runs)) {
      let cell = run.environment * count + run.arm
      do {
        if let found = try found.get() {
          measures[run.environment] = found.measures
          cells[cell].append(found.summary)
        } else if let failure = failure(of: run) {
          cells[cell].append(RunSummary(seed: run.seed, failure: failure))
        } else {
          missing[cell] += 1
        }
      } catch let error as UserError {
        cells[cell].append(RunSummary(seed: run.seed, failure: error.reason))
        damaged.append("\(run.path): \(error.reason).")
      }
    }
    let names = description.shownArms
    let environments = description.environments.indices.map { environment in
      EnvironmentSummary(
        id: description.environments[environment], about: about(description.environments[environment]),
        measures: measures[environment] ?? [.return()], steps: description.cells[environment * count].run.steps,
        scale: scale(environment), isAggregated: isAggregated(environment, measures[environment]),
        arms: description.arms.indices.map { arm in
          let cell = environment * count + arm
          return ArmSummary(
            name: names[arm], needs: Comparison.needs(of: description.cells[cell]), runs: cells[cell],
            missing: missing[cell])
        })
    }
    let unscaled = environments.filter { !$0.isAggregated && $0.arms.contains { !$0.results.isEmpty } }.map {
      "\($0.id) is in no figure over all tasks: neither its \($0.measures[0].name) nor the suite declares the values "
        + "that score 0 and 1 (scale), and those seen here are no scale that other comparisons share."
    }
    let used = description.cells.flatMap(presets).uniqued().map(reporting)
    return ComparisonSummary(
      title: title, date: date, commandLine: description.command,
      agent: description.cells.map(\.agent.id).uniqued().joined(separator: ", "),
      steps: description.cells[0].run.steps,
      notes: [description.suite?.note].compactMap(\.self) + unscaled
        + notes(cells, missing: missing.reduce(0, +), damaged, used),
      presets: used,
      environments: environments)
  }

  /// The suite's name, else the environments'.
  private var title: String { description.suite?.name ?? Headline.title(of: description.environments) }

  /// What an arm was given: what its agent is granted, and what another run learnt before it.
  private static func needs(of run: RunDescription) -> [String] {
    run.granted + (run.initial.map { ["\(NumberText.steps($0.step)) steps of another run"] } ?? [])
  }

  /// The values that score 0 and 1, where the suite says so.
  private func scale(_ environment: Int) -> [Double]? {
    guard let scales = description.suite?.scales, environment < scales.count else { return nil }
    return scales[environment]
  }

  /// Whether scores of an environment are averaged with those of others: of a suite, whose figures are to be compared
  /// with those of other comparisons, only where a scale is declared and not read off the runs.
  private func isAggregated(_ environment: Int, _ measures: [Measure]?) -> Bool {
    description.suite == nil || scale(environment) != nil || measures?[0].range != nil
  }

  /// Every run's files, read by as many threads as there are cores.
  private func read(_ runs: [ComparisonDescription.Run]) -> [Result<Found?, any Error>] {
    var found = [Result<Found?, any Error>](repeating: .success(nil), count: runs.count)
    let workers = Workers(count: min(Workers.cores, max(1, runs.count / 8)))
    found.withUnsafeMutableBufferPointer { found in
      nonisolated(unsafe) let found = found
      workers.perform(runs.count) { index in found[index] = Result { try summary(of: runs[index]) } }
    }
    return found
  }

  /// What a finished run came to.
  private typealias Found = (summary: RunSummary, measures: [Measure])

  /// A preset with those of the comparison's seeds that it was chosen on.
  private func reporting(_ preset: PresetSummary) -> PresetSummary {
    PresetSummary(
      agent: preset.agent, environments: preset.environments, chosenOn: preset.chosenOn,
      seeds: preset.seeds.map { $0[0]...$0[1] }, reported: description.seeds)
  }

  /// What a reader must know before the figures.
  private func notes(
    _ cells: [[RunSummary]], missing: Int, _ damaged: [String], _ presets: [PresetSummary]
  ) -> [String] {
    var notes: [String] = []
    let all = description.runs.count
    let failures = cells.joined().compactMap(\.failure)
    if missing > 0 { notes.append("\(missing) of \(all) runs are not finished and are left out.") }
    if let first = failures.first {
      let isAll = Set(failures).count == 1
      notes.append(
        "\(failures.count) of \(all) runs gave no result: \(first)" + (isAll ? "" : "; the page has the other reasons"))
    }
    if !damaged.isEmpty {
      notes.append(
        "\(damaged.count) of \(all) runs are damaged and are left out. Restore their files, or remove their "
          + "directories: `forage compare --resume \(Shell.quoted(path))` then trains them again.")
    }
    notes += damaged.prefix(10).map { "Damaged: \($0)" }
    if damaged.count > 10 { notes.append("Damaged: and \(damaged.count - 10) more.") }
    for arm in description.arms.indices {
      // Arms stand side by side within each environment.
      let trained = stride(from: arm, to: cells.count, by: description.arms.count).flatMap { cells[$0] }
        .compactMap(\.training?.hasLearnt)
      let unlearnt = trained.count { !$0 }
      guard unlearnt > 0 else { continue }
      notes.append(
        "\(description.shownArms[arm]): \(unlearnt) of \(trained.count) runs learnt nothing from answers and were "
          + "paid 0 throughout.")
    }
    for arm in description.arms.indices {
      guard let first = description.cells[arm].initial else { continue }
      notes.append(
        "\(description.shownArms[arm]) begins with what another run learnt in \(NumberText.steps(first.step)) steps, "
          + "which no figure here counts.")
    }
    for arm in description.arms.indices {
      let taken = stride(from: arm, to: cells.count, by: description.arms.count)
        .compactMap { description.cells[$0].demonstrations }
      for record in taken.uniqued() {
        notes.append(
          "\(description.shownArms[arm]) learns from \(record.episodes) of \(record.found) recorded episodes "
            + "(\(record.choiceText); \(NumberText.steps(record.transitions)) steps), which no figure here counts.")
      }
    }
    for preset in presets where !preset.reported.isEmpty {
      notes.append(
        "\(preset.agent)'s preset for \(preset.environments) was chosen on \(preset.seedsText!) "
          + "(\(preset.chosenOn)), and \(preset.reported.count) of the \(description.seeds.count) "
          + "seeds here are among them, which flatters it: use others (--first-seed).")
    }
    return notes
  }

  /// One run; nil when it is not finished.
  private func summary(of run: ComparisonDescription.Run) throws -> Found? {
    let path = directory(of: run)
    guard Files.exists(path + "/run.json") else { return nil }
    let directory = try RunDirectory(opening: path)
    guard directory.isFinished else { return nil }
    let described = try directory.description()
    guard described == description.description(of: run) else {
      throw UserError("'\(path)' holds another run than the comparison's", fix: "Put the comparison's own run there")
    }
    let evaluation = try directory.finalEvaluation(of: described)
    let lines = try directory.finalMetrics(of: described)
    var curve: [CurvePoint] = []
    var components: [(name: String, steps: [Int], values: [Double])] = []
    for line in lines {
      let values = evaluation.measures.map { line[.evaluation($0.measure.name)] ?? .nan }
      if !values[0].isNaN { curve.append(CurvePoint(step: line.step, values: values)) }
      for (name, value) in line.values {
        guard let name = MetricName.component(ofReward: name) else { continue }
        let index = components.firstIndex { $0.name == name } ?? components.count
        if index == components.count { components.append((name, [], [])) }
        components[index].steps.append(line.step)
        components[index].values.append(value)
      }
    }
    let replays = ReplayChoice.allCases.filter { Files.exists("\(directory.replays)/\($0.fileName)") }
    let speeds = lines.compactMap { $0[.speedStepsPerSecond] }.sorted()
    let summary = RunSummary(
      seed: run.seed, curve: curve, final: evaluation.measures.map(\.mean), episodes: evaluation.episodes,
      wallSeconds: lines.last?[.speedWallSeconds] ?? 0,
      stepsPerSecond: speeds.isEmpty ? 0 : speeds[speeds.count / 2],
      components: components.map { ComponentCurve(name: $0.name, steps: $0.steps, values: $0.values) },
      training: description.isDesigned(run) ? Comparison.training(lines) : nil,
      replays: replays.map {
        ReplayLink(
          title: "\($0.rawValue) episode of seed \(run.seed)", path: "\(run.path)/replays/\($0.fileName)",
          episode: $0.rawValue)
      },
      firstSuccess: lines.lazy.compactMap { $0[.episodeFirstSuccess] }.first.map { Int($0) },
      trainedSteps: evaluation.step,
      episodeCurves: evaluation.measures.map { figure in
        EpisodeCurve(steps: figure.curve?.map(\.step) ?? [], values: figure.curve?.map(\.mean) ?? [])
      })
    return (summary, evaluation.measures.map(\.measure))
  }

  /// An episode of an arm that a report plays.
  public struct ShownReplay: Sendable {
    /// The environment's id.
    public var environment: String
    /// What stands above it: the arm, which of its episodes it is, and of which run.
    public var title: String
    /// The episode.
    public var replay: Replay
  }

  /// For each environment and arm the best episode of the best run by what the task is judged by, the median one of the
  /// run in the middle, and the worst one of the worst.
  ///
  /// - Parameters:
  ///   - summary: Of this comparison.
  ///   - damage: Told of each replay that cannot be read or is another run's; it is left out.
  public func shownReplays(
    of summary: ComparisonSummary, damage: (UserError) -> Void = { _ in }
  ) throws -> [ShownReplay] {
    var chosen: [ShownReplay] = []
    for environment in summary.environments {
      let sign = environment.measures[0].direction == .higher ? 1.0 : -1.0
      for arm in environment.arms {
        let ranked = arm.results.sorted { (sign * $0.final[0], $0.seed) < (sign * $1.final[0], $1.seed) }
        for choice in ReplayChoice.allCases {
          let found = ranked.compactMap { run in
            run.replays.first { $0.episode == choice.rawValue }.map { (run.seed, $0.path) }
          }
          guard !found.isEmpty else { continue }
          let (seed, file) = found[choice.place(among: found.count)]
          do throws(UserError) {
            let replay = try Replay(reading: "\(path)/\(file)")
            let run = file.split(separator: "/").dropLast(2).joined(separator: "/")
            let description = try RunDirectory(opening: "\(path)/\(run)").description()
            guard replay.origin["run"] == description.identity(at: RunDescription.wholeRun) else {
              throw UserError("'\(path)/\(file)' is an episode of another run")
            }
            chosen.append(
              ShownReplay(
                environment: environment.id, title: "\(arm.name): \(choice.rawValue) episode, seed \(seed)",
                replay: replay))
          } catch {
            damage(error)
          }
        }
      }
    }
    return chosen
  }

  /// What a run was paid and what it was worth, of its log: one in which no episode ended has neither return, which is
  /// said where the others' are.
  private static func training(_ lines: [MetricLine]) -> TrainingReturns {
    var returns = TrainingReturns(steps: [], designed: [], environment: [])
    for line in lines {
      let components = line.values.filter { MetricName.component(ofReward: $0.name) != nil }
      guard let environment = line[.episode("return")], !components.isEmpty else { continue }
      returns.steps.append(line.step)
      returns.designed.append(components.reduce(0) { $0 + $1.value })
      returns.environment.append(environment)
    }
    returns.rewardSeconds = lines.reversed().lazy.compactMap { $0[.speedRewardSeconds] }.first
    returns.labels = lines.reversed().lazy.compactMap { $0[.preferencesAnswers] }.first
    if returns.labels != nil { returns.hasLearnt = lines.contains { $0[.preferencesLoss] != nil } }
    let sessions = lines.compactMap { $0[.preferencesNewAccuracy] }.filter(\.isFinite).suffix(5)
    returns.foreseen = sessions.isEmpty ? nil : Aggregate.mean(of: Array(sessions))
    return returns
  }
}
