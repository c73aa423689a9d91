import Experiments
import Groundwork

/// The best of the settings that a comparison tried: chosen on its seeds, so its figures there flatter it.
struct SettingChoice {
  /// What a reader must know before the figures, and the command that reports the choice on fresh seeds.
  let note: String

  /// Nil where the arms are no settings that were tried, or none has a result.
  init?(_ comparison: Comparison, _ figures: ComparisonFigures) {
    let description = comparison.description
    guard let request = description.request else { return nil }
    let tried = request.arms.filter { $0.settings != nil }
    guard tried.count > 1, let name = SettingChoice.best(figures),
      let place = description.arms.firstIndex(of: name), let settings = request.arms[place].settings
    else { return nil }
    let seeds = description.seeds
    let fresh = max(101, (seeds.max() ?? 0) + 1)
    let tasks = description.suite.map { ["--suite", $0.name] } ?? request.environments.flatMap { ["--env", $0] }
    var words = ["forage", "compare"] + tasks
    words += ["--agent", request.arms[place].agent, "--reward", request.arms[place].reward]
    words += ["--seeds", String(seeds.count), "--first-seed", String(fresh)]
    let changes = description.suite?.changes ?? ["--steps "]
    if changes.contains(where: { $0.hasPrefix("--steps ") || $0.hasPrefix("--total-steps ") }) {
      words += ["--steps", String(description.cells[0].run.steps)]
    }
    if let config = request.config { words += ["--config", config] }
    words += (request.assignments + settings).flatMap { ["--set", $0] } + ["--out", comparison.path + "-fresh"]
    note = """
      The best of these \(tried.count) settings, \(name), is chosen on the very seeds that it is shown on here, which \
      flatters it. On fresh seeds: `\(Shell.command(words))`.
      """
  }

  /// The arm of the highest mean score over the environments that all arms have results on.
  private static func best(_ figures: ComparisonFigures) -> String? {
    figures.overall.max { ($0.mean.value, $1.name) < ($1.mean.value, $0.name) }?.name
  }
}
