import Archives
import OffPolicy
import PolicyGradient
import Search

extension Presets {
  static let gridworld: [AgentPreset] = [
    // Sixteen slots, eight minibatches and four times CleanRL's step size solve DoorKey-5x5 within 60,000 steps
    // on every seed tried; 32 slots (fewer updates) and 2e-3 (one seed of five collapsed) did not.
    AgentPreset(PPO.self, "gridworld/", chosenOn: "DoorKey-5x5, five seeds, 60,000 steps") {
      $0.slots = 16
      $0.minibatches = 8
      $0.learningRate = 1e-3
    },
    // Over 2M steps 1e-3 let one DoorKey-8x8 seed of three collapse, and a target KL of 0.02 did too.
    AgentPreset(PPO.self, "gridworld/DoorKey", chosenOn: "DoorKey-8x8, three seeds, 2M steps") {
      $0.learningRate = 5e-4
      $0.activation = .relu
    },
    // Within 100k steps 5e-4 gives 0.91 to 0.96, 1e-3 0.96 on all seeds.
    AgentPreset(PPO.self, "gridworld/DoorKey-5x5", chosenOn: "DoorKey-5x5, 100,000 steps", seeds: 1...10) {
      $0.learningRate = 1e-3
    },
    // A random policy reaches the goal in 3 % of its episodes of 640 steps. Between them advantages are the value's
    // noise: brought to deviation 1 it makes the policy drift from where the goal can be found (seeds 2 and 4 of 1 to 4
    // stayed below 0.75, with eight epochs at 0); left as small as it is, a small entropy coefficient holds against it.
    // Eight epochs learn more of each good episode: 0.97 on ten seeds of ten, within 160k to 710k steps; with four one
    // seed of six came late.
    AgentPreset(PPO.self, "gridworld/DoorKey-8x8", chosenOn: "DoorKey-8x8, 1M steps", seeds: 1...10) {
      $0.epochs = 8
      $0.normalizesAdvantages = false
      $0.entropyCoefficient = 0.0003
    },
    // The doors are never seen together, so the policy remembers. Success is rare at first: advantages of next to
    // nothing that are brought to unit deviation are noise that pulls the policy away before it has found any (success
    // 0 after 2M steps); as they are, three seeds of three give 0.96 within 500k. Without memory 0.91 to 0.92 after 2M,
    // with rectifiers, 5e-4 and normalised advantages.
    AgentPreset(PPO.self, "gridworld/RedBlueDoors", chosenOn: "RedBlueDoors-6x6, 500k steps", seeds: 1...3) {
      $0.memory = .gru
      $0.normalizesAdvantages = false
    },
    // What the mission names is seldom in view at once. Without memory the policy goes on looking where it has looked:
    // returns of 0.864 to 0.91 on seeds 1 to 6, and 0.05 of the episodes of its most likely action never end. With one
    // 0.910 on average and 0.896 at worst; eight epochs (0.911 and 0.910) take twice the time.
    AgentPreset(PPO.self, "gridworld/BabyAI", chosenOn: "BabyAI-GoToRedBall, 1M steps", seeds: 1...4) {
      $0.memory = .gru
    },
    // Demonstrations of about a hundred steps, in which a window that moves back by the published hundred starts
    // from scratch: KeyCorridorS6R3 stayed at 0 after a million steps, and succeeds in all episodes with 4.
    // Rectifiers and a strong imitation term: with tanh the value stayed constant.
    AgentPreset(Robustification.self, "gridworld/", chosenOn: "KeyCorridorS6R3, 1M steps; seeds are not recorded") {
      $0.window = 8
      $0.retreat = 4
      $0.imitationCoefficient = 1
      $0.imitationValueCoefficient = 0.1
      $0.learner.slots = 16
      $0.learner.minibatches = 8
      $0.learner.learningRate = 5e-4
      $0.learner.clipRange = 0.2
      $0.learner.discount = 0.99
      $0.learner.entropyCoefficient = 0.001
      $0.learner.activation = .relu
      $0.learner.omitsBackground = true
    },
    // Solutions of about ten steps: 50 rounds of three steps find none in most of the first levels (seed 3 of
    // DoorKey-5x5 never learnt from any), 200 rounds of eight solve every one.
    AgentPreset(ProcessSearch.self, "gridworld/", chosenOn: "DoorKey-5x5; seeds and budget are not recorded") {
      $0.iterations = 200
      $0.rollForwardSteps = 8
    },
    // An action that is held for twenty steps, as on Atari, crosses every room: 2 reaches places within it.
    AgentPreset(GoExplore.self, "gridworld/", chosenOn: "no measurement: rooms are smaller than twenty steps") {
      $0.meanHold = 2
    },
    // Episodes of about a hundred steps, a cell every second step: a twentieth of Atari's patience with a policy that
    // is late or finds nothing new. What is seen is seen from the agent, so it is told where the goal lies from it.
    // Eight minibatches at 1e-3 as for PPO. Doubled logits stand still where training's would turn: one seed of
    // MultiRoom-N6 succeeded in 0.50 of its episodes with them, in 0.68 without.
    AgentPreset(PolicyGoExplore.self, "gridworld/", chosenOn: "MultiRoom-N6, the temperature on one seed") {
      $0.goalInput = .both
      $0.meanHold = 2
      $0.subgoalSteps = 40
      $0.newCellSteps = 60
      $0.explorationGoalSteps = 20
      $0.explorationPatience = 20
      $0.heatRate = 0.05
      $0.evaluationTemperature = 1
      $0.learner.slots = 16
      $0.learner.minibatches = 8
      $0.learner.learningRate = 1e-3
      $0.learner.activation = .relu
      $0.learner.clipRange = 0.2
      $0.learner.entropyCoefficient = 0.005
      $0.learner.annealsLearningRate = false
    },
    // A goal is paid once an episode, and its worth comes back by as many steps as are added up, once a target: with
    // the defaults, a quarter of the updates and targets that stand for 2,000 steps, all values were next to 0 after
    // 30,000. Of nine settings this one and returns of ten steps taught both seeds.
    AgentPreset(DQN.self, "gridworld/", chosenOn: "Empty-8x8, 50,000 steps", seeds: 1...2) {
      $0.updateRatio = 1
      $0.targetInterval = 200
      $0.returnSteps = 3
      $0.learningRate = 3e-4
    },
  ]
}
