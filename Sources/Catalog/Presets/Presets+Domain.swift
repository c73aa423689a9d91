import PlainAgents
import PolicyGradient

extension Presets {
  static let domain: [AgentPreset] = [
    AgentPreset(PPO.self, "domain/", chosenOn: "DoorKey-5x5 (gridworld's values); not tuned on domains") {
      $0.slots = 16
      $0.minibatches = 8
      $0.learningRate = 1e-3
    },
    AgentPreset(InContextPolicyIteration.self, "domain/Chain", chosenOn: rollouts) { $0.rolloutSteps = 6 },
    AgentPreset(InContextPolicyIteration.self, "domain/DistractorChain", chosenOn: rollouts) { $0.rolloutSteps = 6 },
    AgentPreset(InContextPolicyIteration.self, "domain/Maze", chosenOn: rollouts) { $0.rolloutSteps = 6 },
    AgentPreset(InContextPolicyIteration.self, "domain/MiniCatch", chosenOn: rollouts) {
      $0.rolloutSteps = 5
      $0.discount = 1
    },
    AgentPreset(InContextPolicyIteration.self, "domain/MiniInvaders", chosenOn: rollouts) { $0.successReturn = 1 },
    AgentPreset(OptimisticQ.self, "domain/MiniCatch", chosenOn: rollouts) { $0.discount = 1 },
  ]

  private static let rollouts = "the paper's (ICPI): the domain's longest way, its discount"
}
