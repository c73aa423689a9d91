import Archives
import OffPolicy
import PolicyGradient

extension Presets {
  static let manipulation: [AgentPreset] = [
    AgentPreset(
      PPO.self, "metaworld/",
      chosenOn: "button-press-topdown-v3, window-open-v3, reach-v3 and push-v3, 1M to 3M steps", seeds: 1...1,
      tellsPlacesApart),
    AgentPreset(
      PPO.self, "manipulation/", chosenOn: "metaworld/ (its values); Lever, 500,000 steps", seeds: 1...1,
      tellsPlacesApart),
    // Stable-Baselines3's zoo for FetchReach with hindsight, but for its sizes of turns: four of five goals are told
    // again, and a discount of 0.95 looks twenty steps ahead, of fifty.
    AgentPreset(SAC.self, "fetch/", chosenOn: "Stable-Baselines3's zoo for FetchReach with hindsight") {
      $0.hindsight = 0.8
      $0.discount = 0.95
      $0.learningRate = 1e-3
      $0.hiddenLayers = [64, 64]
    },
    // Beside those: larger minibatches a tenth as often, targets that follow fast, and observations, which are
    // centimetres, brought to a deviation of 1. Three of ten actions stay random, as hindsight's authors had it: where
    // the block is not hit early on the temperature falls, and a policy alone then never hits it.
    AgentPreset(SAC.self, "fetch/Push", chosenOn: "fetch/Push, 300,000 to 600,000 steps, 8 settings", seeds: 1...3) {
      $0.hiddenLayers = [256, 256, 256]
      $0.slots = 16
      $0.learningStarts = 5_000
      $0.explorationShare = 0.3
      $0.updateRatio = 0.1
      $0.batchSize = 1024
      $0.targetRate = 0.05
      $0.normalizesObservations = true
    },
    AgentPreset(TD3.self, "fetch/", chosenOn: "Stable-Baselines3's zoo for FetchReach with hindsight") {
      $0.hindsight = 0.8
      $0.discount = 0.95
      $0.hiddenLayers = [64, 64]
    },
    // The door of the shelf that is the default one, and block and hand in cubes of 10 cm: what is declared tells both
    // doors apart. A block that is pushed needs some eight steps the same way.
    AgentPreset(GoExplore.self, "manipulation/Shelves", chosenOn: "manipulation/Shelves, episode seed 0, one setting") {
      $0.cell = "joint_leftLatch/0.03, joint_leftDoor/1, object_block/0.1, hand/0.1"
      $0.exploreSteps = 40
      $0.meanHold = 8
    },
  ]

  /// Places are centimetres and rewards up to 10 a step: both are brought to a deviation of 1. Of the other values the
  /// first that were tried taught all four tasks.
  private static let tellsPlacesApart: @Sendable (inout PPOConfiguration) -> Void = {
    $0.slots = 16
    $0.steps = 256
    $0.minibatches = 16
    $0.epochs = 10
    $0.learningRate = 3e-4
    $0.entropyCoefficient = 0
    $0.normalizesObservations = true
    $0.normalizesRewards = true
  }
}
