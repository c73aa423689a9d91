import Archives
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
    // The door of the shelf that is the default one, and block and hand in cubes of 10 cm: what is declared tells both
    // doors apart. A block that is pushed needs some eight steps the same way.
    AgentPreset(GoExplore.self, "manipulation/Shelves", chosenOn: "manipulation/Shelves, episode seed 0, one setting") {
      $0.cell = "joint_leftLatch/0.03, joint_leftDoor/1, object_block/0.1, hand/0.1"
      $0.exploreSteps = 40
      $0.meanHold = 8
    },
  ]
}
