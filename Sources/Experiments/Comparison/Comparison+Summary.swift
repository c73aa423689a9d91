public import Groundwork
public import ReinforcementLearning

extension Comparison {
  /// What the runs have shown so far, for the report: finished runs with their curves, failed ones by name.
  ///
  /// Runs that are not finished are left out and counted in a note; damaged ones are left out, too, and named.
  ///
  /// - Parameters:
  ///   - about: A sentence on an environment by its id.
  ///   - date: When the report is made, as text.
  ///   - failures: Why runs failed, by their path.
  public func summary(
    about: (String) -> String, date: String, failures: [String: UserError] = [:]
  ) throws -> ComparisonSummary {
    var cells = description.environments.map { _ in description.arms.map { _ in [RunSummary]() } }
    var measures: [[Measure]] = description.environments.map { _ in [.return()] }
    var missing = 0
    var damaged: [String] = []
    for run in description.runs {
      if let failure = failures[run.path] {
        cells[run.environment][run.arm].append(
          RunSummary(
            seed: run.seed, curve: [], final: [], episodes: 0, wallSeconds: 0, stepsPerSecond: 0,
            failure: failure.reason))
      } else {
        do {
          if let found = try summary(of: run) {
            measures[run.environment] = found.measures
            cells[run.environment][run.arm].append(found.summary)
          } else {
            missing += 1
          }
        } catch let error as UserError {
          damaged.append("\(run.path): \(error.reason)")
        }
      }
    }
    let count = description.arms.count
    let environments = description.environments.indices.map { environment in
      EnvironmentSummary(
        id: description.environments[environment], about: about(description.environments[environment]),
        measures: measures[environment],
        arms: description.arms.indices.map { arm in
          ArmSummary(
            name: description.arms[arm], needs: description.cells[environment * count + arm].granted,
            runs: cells[environment][arm])
        })
    }
    var agents: [String] = []
    for cell in description.cells where !agents.contains(cell.agent.id) { agents.append(cell.agent.id) }
    var notes: [String] = []
    if missing > 0 { notes.append("\(missing) of \(description.runs.count) runs are not finished and are left out.") }
    if !damaged.isEmpty {
      notes.append("\(damaged.count) of \(description.runs.count) runs are damaged and are left out.")
      notes += damaged.map { "Damaged: \($0)." }
    }
    if !failures.isEmpty { notes.append("\(failures.count) of \(description.runs.count) runs failed.") }
    return ComparisonSummary(
      title: description.environments.joined(separator: ", "), date: date, commandLine: description.command,
      agent: agents.joined(separator: ", "), steps: description.cells[0].run.steps, notes: notes,
      environments: environments)
  }

  /// One run; nil when it is not finished.
  private func summary(of run: ComparisonDescription.Run) throws -> (summary: RunSummary, measures: [Measure])? {
    let path = directory(of: run)
    guard Files.exists(path + "/run.json") else { return nil }
    let directory = try RunDirectory(opening: path)
    guard let evaluation = try directory.finalEvaluation() else { return nil }
    guard try directory.description() == description.description(of: run) else {
      throw UserError("'\(path)' holds another run than the comparison's", fix: "Put the comparison's own run there")
    }
    let lines = try MetricFile.readFinished(directory.metrics)
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
    let replay = directory.replays + "/final-median.json"
    let speeds = lines.compactMap { $0[.speedStepsPerSecond] }.sorted()
    let summary = RunSummary(
      seed: run.seed, curve: curve, final: evaluation.measures.map(\.mean), episodes: evaluation.episodes,
      wallSeconds: lines.last?[.speedWallSeconds] ?? 0,
      stepsPerSecond: speeds.isEmpty ? 0 : speeds[speeds.count / 2],
      components: components.map { ComponentCurve(name: $0.name, steps: $0.steps, values: $0.values) },
      replays: Files.exists(replay)
        ? [ReplayLink(title: "median episode of seed \(run.seed)", path: run.path + "/replays/final-median.json")] : [],
      firstSuccess: lines.lazy.compactMap { $0[.episodeFirstSuccess] }.first.map { Int($0) },
      trainedSteps: lines.last?.step ?? 0,
      episodeCurves: evaluation.measures.map { figure in
        EpisodeCurve(steps: figure.curve?.map(\.step) ?? [], values: figure.curve?.map(\.mean) ?? [])
      })
    return (summary, evaluation.measures.map(\.measure))
  }

  /// For each environment and arm, the replay of the run in the middle by what the task is judged by.
  ///
  /// - Parameter damage: Told of each replay that cannot be read; it is left out. Damaged runs are `summary`'s to name.
  public func medianReplays(
    damage: (UserError) -> Void = { _ in }
  ) throws -> [(environment: String, arm: String, replay: Replay)] {
    var chosen: [(environment: String, arm: String, replay: Replay)] = []
    for environment in description.environments.indices {
      for arm in description.arms.indices {
        var found: [(value: Double, path: String)] = []
        for run in description.runs where run.environment == environment && run.arm == arm {
          let path = directory(of: run)
          guard Files.exists(path + "/evaluation.json"), Files.exists(path + "/replays/final-median.json"),
            let directory = try? RunDirectory(opening: path), let evaluation = try? directory.finalEvaluation()
          else { continue }
          found.append((evaluation.judged.mean, path + "/replays/final-median.json"))
        }
        guard !found.isEmpty else { continue }
        let median = found.sorted { ($0.value, $0.path) < ($1.value, $1.path) }[(found.count - 1) / 2]
        do throws(UserError) {
          let replay = try Replay(reading: median.path)
          chosen.append((description.environments[environment], description.arms[arm], replay))
        } catch {
          damage(error)
        }
      }
    }
    return chosen
  }
}
