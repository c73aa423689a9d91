import Groundwork

/// What an agent's configuration and a run's settings are for an environment where nobody says otherwise.
///
/// Presets are by family, with exceptions by id; they are defaults, so a configuration file and `--set` go over
/// them. Every run records the whole configuration that results.
enum Presets {
  /// Changes to an agent's default configuration.
  static func changes(agent: String, environment id: String) -> JSON {
    merged(agents[agent] ?? [], id)
  }

  /// Changes to a run's default settings.
  static func runChanges(environment id: String) -> JSON { merged(runs, id) }

  private typealias Table = [(prefix: String, changes: JSON)]

  /// All entries whose prefix the id has, later ones over earlier ones.
  private static func merged(_ table: Table, _ id: String) -> JSON {
    var members: [String: JSON] = [:]
    for entry in table where id.hasPrefix(entry.prefix) {
      for (key, value) in entry.changes.object ?? [:] { members[key] = value }
    }
    return .object(members)
  }

  /// For each agent: changes by the beginning of the environment's id.
  private static let agents: [String: Table] = [
    "robustify": [
      // Demonstrations of about a hundred steps, in which a window that moves back by the published hundred starts
      // from scratch: KeyCorridorS6R3 stayed at 0 after a million steps, and succeeds in all episodes with 4.
      // Rectifiers and a strong imitation term: with tanh the value stayed constant.
      (
        "gridworld/",
        [
          "window": 8, "retreat": 4, "imitationCoefficient": 1.0, "imitationValueCoefficient": 0.1,
          "learner": [
            "slots": 16, "minibatches": 8, "learningRate": 5e-4, "clipRange": 0.2, "discount": 0.99,
            "entropyCoefficient": 0.001, "activation": "relu", "omitsBackground": true,
          ],
        ]
      )
    ],
    "process-search": [
      // Solutions of about ten steps: 50 rounds of three steps find none in most of the first levels (seed 3 of
      // DoorKey-5x5 never learnt from any), 200 rounds of eight solve every one.
      ("gridworld/", ["iterations": 200, "rollForwardSteps": 8]),
      // The trained proposer sorts nearly every row alone; rolling forward three steps the search finds 0.6 to 0.7
      // of the solutions, eight steps 0.97 to 1.
      ("puzzle/Sorting", ["rollForwardSteps": 8]),
    ],
    "expert-iteration": [
      // A game's value lies in -1...1, so sigma needs no rescaling: bringing equally good moves to 0...1 makes one of
      // them certain by its noise. With one move of look-ahead for wins, a million steps of connect four played UCT
      // with 1,000 simulations as well as four million without both. Without random moves self-play came to repeat one
      // drawn game after 2.5M steps, and 40M steps won no more than 0.74 of the games.
      (
        "board/",
        [
          "valueSteps": 0, "searchValueShare": 0.5, "rescalesValues": false, "valueScale": 0.3, "looksForWins": true,
          "reuse": 2.0, "randomSteps": 4, "randomRate": 0.2,
        ]
      ),
      (
        "board/ConnectFour",
        [
          "slots": 256, "hiddenLayers": [256, 256], "minibatch": 512, "bufferSize": 400_000, "symmetry": "mirror",
          "evaluationSimulations": 256, "randomSteps": 16,
        ]
      ),
    ],
    "go-explore": [
      // An action that is held for twenty steps, as on Atari, crosses every room: 2 reaches places within it.
      ("gridworld/", ["meanHold": 2.0])
    ],
    "go-explore-policy": [
      // Episodes of about a hundred steps, a cell every second step: a twentieth of Atari's patience with a policy that
      // is late or finds nothing new. What is seen is seen from the agent, so it is told where the goal lies from it.
      // Eight minibatches at 1e-3 as for PPO. Doubled logits stand still where training's would turn: one seed of
      // MultiRoom-N6 succeeded in 0.50 of its episodes with them, in 0.68 without.
      (
        "gridworld/",
        [
          "goalInput": "both", "meanHold": 2.0, "subgoalSteps": 40, "newCellSteps": 60, "explorationGoalSteps": 20,
          "explorationPatience": 20, "heatRate": 0.05, "evaluationTemperature": 1.0,
          "learner": [
            "slots": 16, "minibatches": 8, "learningRate": 1e-3, "activation": "relu", "clipRange": 0.2,
            "entropyCoefficient": 0.005, "annealsLearningRate": false,
          ],
        ]
      )
    ],
    "ppo": [
      // Sixteen slots, eight minibatches and four times CleanRL's step size solve DoorKey-5x5 within 60,000 steps
      // on every seed tried; 32 slots (fewer updates) and 2e-3 (one seed of five collapsed) did not.
      ("gridworld/", ["slots": 16, "minibatches": 8, "learningRate": 1e-3]),
      // Over 2M steps 1e-3 let one DoorKey-8x8 seed of three collapse, and a target KL of 0.02 did too.
      ("gridworld/DoorKey", ["learningRate": 5e-4, "activation": "relu"]),
      // Within 100k steps 5e-4 gives 0.91 to 0.96, 1e-3 0.96 on all five seeds.
      ("gridworld/DoorKey-5x5", ["learningRate": 1e-3]),
      // Without memory: 0.91 to 0.92 on all seeds over 400 episodes; 1e-3 with tanh 0.85 to 0.94, an entropy
      // coefficient of 0.003 or a discount of 0.995 lost a seed.
      ("gridworld/RedBlueDoors", ["learningRate": 5e-4, "activation": "relu"]),
      ("domain/", ["slots": 16, "minibatches": 8, "learningRate": 1e-3]),
      // The configuration of Stable-Baselines3's zoo for CartPole-v1.
      (
        "control/CartPole",
        [
          "slots": 8, "steps": 32, "minibatches": 1, "epochs": 20, "discount": 0.98, "gaeLambda": 0.8,
          "learningRate": 1e-3, "entropyCoefficient": 0.0,
        ]
      ),
      // The other four start from the zoo's, too, with a larger step size. Two seeds each: -89 and -87 after 300k
      // steps; -202 and -178 after 300k; -119 and -111 after 1M; 93 and 93 after 300k.
      (
        "control/Acrobot",
        [
          "slots": 16, "steps": 256, "gaeLambda": 0.94, "entropyCoefficient": 0.0, "normalizesObservations": true,
          "learningRate": 1e-3,
        ]
      ),
      (
        "control/Pendulum",
        [
          "slots": 16, "steps": 256, "minibatches": 64, "epochs": 10, "discount": 0.9, "entropyCoefficient": 0.0,
          "learningRate": 1e-3, "normalizesRewards": true,
        ]
      ),
      (
        "control/MountainCar",
        [
          "slots": 16, "steps": 16, "minibatches": 1, "gaeLambda": 0.98, "entropyCoefficient": 0.0,
          "learningRate": 1e-3, "normalizesObservations": true, "normalizesRewards": true,
        ]
      ),
      (
        "control/MountainCarContinuous",
        [
          "slots": 16, "steps": 128, "minibatches": 4, "gaeLambda": 0.9, "discount": 0.999, "entropyCoefficient": 0.004,
          "learningRate": 1e-3, "normalizesObservations": true, "normalizesRewards": true,
        ]
      ),
    ]
  ]

  /// A policy that balances or swings shows what it has learnt by its most likely action; in a maze that action
  /// can repeat itself for ever, so there the policy is drawn from, as it was in training.
  private static let runs: Table = [
    ("control/", ["evaluationChoice": "mode"])
  ]
}
