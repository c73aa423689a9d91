import PolicyGradient

extension Presets {
  static let control: [AgentPreset] = [
    // The configuration of Stable-Baselines3's zoo for CartPole-v1, its loss of the value included (not clipped, and not
    // halved). With a constant clip range what was learnt is lost again near the end in one seed of ten; with a value
    // that may move by 0.2 at a time, where returns reach 50, in one of forty.
    AgentPreset(
      PPO.self, "control/CartPole", chosenOn: "Stable-Baselines3's zoo; CartPole, seeds 1 to 40, 100,000 steps"
    ) {
      $0.slots = 8
      $0.steps = 32
      $0.minibatches = 1
      $0.epochs = 20
      $0.discount = 0.98
      $0.gaeLambda = 0.8
      $0.learningRate = 1e-3
      $0.annealsClipRange = true
      $0.clipsValueLoss = false
      $0.valueCoefficient = 1
      $0.entropyCoefficient = 0
    },
    // The other four start from the zoo's, too, with a larger step size. Two seeds each: -89 and -87 after 300k
    // steps; -202 and -178 after 300k; -119 and -111 after 1M; 93 and 93 after 300k.
    AgentPreset(PPO.self, "control/Acrobot", chosenOn: "Acrobot, two seeds, 300,000 steps") {
      $0.slots = 16
      $0.steps = 256
      $0.gaeLambda = 0.94
      $0.entropyCoefficient = 0
      $0.normalizesObservations = true
      $0.learningRate = 1e-3
    },
    AgentPreset(PPO.self, "control/Pendulum", chosenOn: "Pendulum, two seeds, 300,000 steps") {
      $0.slots = 16
      $0.steps = 256
      $0.minibatches = 64
      $0.epochs = 10
      $0.discount = 0.9
      $0.entropyCoefficient = 0
      $0.learningRate = 1e-3
      $0.normalizesRewards = true
    },
    AgentPreset(PPO.self, "control/MountainCar", chosenOn: "MountainCar, two seeds, 1M steps") {
      $0.slots = 16
      $0.steps = 16
      $0.minibatches = 1
      $0.gaeLambda = 0.98
      $0.entropyCoefficient = 0
      $0.learningRate = 1e-3
      $0.normalizesObservations = true
      $0.normalizesRewards = true
    },
    AgentPreset(
      PPO.self, "control/MountainCarContinuous", chosenOn: "MountainCarContinuous, two seeds, 300,000 steps"
    ) {
      $0.slots = 16
      $0.steps = 128
      $0.minibatches = 4
      $0.gaeLambda = 0.9
      $0.discount = 0.999
      $0.entropyCoefficient = 0.004
      $0.learningRate = 1e-3
      $0.normalizesObservations = true
      $0.normalizesRewards = true
    },
  ]
}
