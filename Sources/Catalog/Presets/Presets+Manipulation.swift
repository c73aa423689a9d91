import OffPolicy

extension Presets {
  static let manipulation: [AgentPreset] = [
    // Stable-Baselines3's zoo for FetchReach with hindsight, but for its sizes of turns: four of five goals are told
    // again, and a discount of 0.95 looks twenty steps ahead, of fifty.
    AgentPreset(SAC.self, "fetch/", chosenOn: "Stable-Baselines3's zoo for FetchReach with hindsight") {
      $0.hindsight = 0.8
      $0.discount = 0.95
      $0.learningRate = 1e-3
      $0.hiddenLayers = [64, 64]
    },
    AgentPreset(TD3.self, "fetch/", chosenOn: "Stable-Baselines3's zoo for FetchReach with hindsight") {
      $0.hindsight = 0.8
      $0.discount = 0.95
      $0.hiddenLayers = [64, 64]
    },
  ]
}
