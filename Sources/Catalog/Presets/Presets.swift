import Experiments
import ReinforcementLearning

/// What an agent's configuration and a run's settings are for an environment where nobody says otherwise.
///
/// A family's presets stand in a file of their own here and not beside the environments, which know no agent. They are
/// defaults, so a configuration file and `--set` go over them. Every run records the whole configuration that results.
enum Presets {
  /// Every preset of every agent, family by family; those of an agent are applied in this order.
  static let agents: [AgentPreset] = gridworld + domain + control + board + puzzle + nethack + manipulation

  /// Every preset of the run's own settings.
  static let runs: [RunPreset] = [
    // A policy that balances or swings shows what it has learnt by its most likely action; in a maze that action can
    // repeat itself for ever, so there the policy is drawn from, as it was in training.
    RunPreset("control/", chosenOn: "no measurement: what a balancing policy has learnt is its most likely action") {
      $0.evaluationChoice = .mode
    }
  ]

  /// The default settings of a run in that environment.
  ///
  /// - Parameter learns: Whether the agent becomes another one in training. One that learns inside an episode alone, or
  ///   not at all, is the same at every step, so it is evaluated at the beginning and at the end only.
  static func runSettings(environment id: String, learns: Bool = true) -> RunSettings {
    var settings = RunSettings()
    if !learns { settings.evaluations = 1 }
    for preset in runs where preset.applies(to: id) { preset.change(&settings) }
    return settings
  }
}
