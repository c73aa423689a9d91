import Archives
import NetHackEnvironments
import PolicyGradient

extension Presets {
  /// None where the game is not installed: there is then no environment that they could be for.
  static let nethack: [AgentPreset] =
    NetHackFamily.absence != nil
    ? []
    : [
      // Levels first: a cell is a level and a few squares of it, and deeper ones are chosen more often. A random key is
      // not held, since a direction that is walked twice mostly ends at a wall.
      AgentPreset(GoExplore.self, "nethack/Descend", chosenOn: "nethack/Descend, episode seed 7, 1 M steps") {
        $0.cell = "depth, dungeon, x/4, y/2"
        $0.meanHold = 1
        $0.weights.levelPart = "depth"
        $0.weights.levelFactor = 0.6
        // A state takes 35 KB: 0.7 GB at most, of some hundred cells a level.
        $0.keptStates = 20_000
      },
    ] + remembering("nethack/") + remembering("minihack/")

  /// The seed counts where the levels are of the kind that it was chosen on.
  ///
  /// What is seen is a few squares of a level, so the policy remembers. Status numbers reach from 0 to thousands.
  private static func remembering(_ prefix: String) -> [AgentPreset] {
    [
      AgentPreset(
        PPO.self, prefix, chosenOn: "minihack/Room-Random-15x15, 130,000 steps",
        seeds: prefix == "minihack/" ? 1...1 : nil
      ) {
        $0.slots = 16
        $0.minibatches = 8
        $0.learningRate = 1e-3
        $0.normalizesObservations = true
        $0.activation = .relu
        $0.memory = .gru
      }
    ]
  }
}
