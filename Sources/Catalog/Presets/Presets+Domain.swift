import PolicyGradient

extension Presets {
  static let domain: [AgentPreset] = [
    AgentPreset(PPO.self, "domain/", chosenOn: "DoorKey-5x5 (gridworld's values); not tuned on domains") {
      $0.slots = 16
      $0.minibatches = 8
      $0.learningRate = 1e-3
    }
  ]
}
