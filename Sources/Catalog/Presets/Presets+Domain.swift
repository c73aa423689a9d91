import PolicyGradient

extension Presets {
  static let domain: [AgentPreset] = [
    AgentPreset(PPO.self, "domain/", chosenOn: "gridworld's: DoorKey-5x5, five seeds, 60,000 steps; not tuned on domains") {
      $0.slots = 16
      $0.minibatches = 8
      $0.learningRate = 1e-3
    }
  ]
}
