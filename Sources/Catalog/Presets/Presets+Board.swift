import Search

extension Presets {
  static let board: [AgentPreset] = [
    // A game's value lies in -1...1, so sigma needs no rescaling: bringing equally good moves to 0...1 makes one of
    // them certain by its noise. With one move of look-ahead for wins, a million steps of connect four played UCT
    // with 1,000 simulations as well as four million without both. Without random moves self-play came to repeat one
    // drawn game after 2.5M steps, and 40M steps won no more than 0.74 of the games.
    AgentPreset(ExpertIteration.self, "board/", chosenOn: "ConnectFour, 1M to 40M steps; seeds are not recorded") {
      $0.valueSteps = 0
      $0.searchValueShare = 0.5
      $0.rescalesValues = false
      $0.valueScale = 0.3
      $0.looksForWins = true
      $0.reuse = 2
      $0.randomSteps = 4
      $0.randomRate = 0.2
    },
    AgentPreset(ExpertIteration.self, "board/ConnectFour", chosenOn: "ConnectFour; seeds and budget are not recorded") {
      $0.slots = 256
      $0.hiddenLayers = [256, 256]
      $0.minibatch = 512
      $0.bufferSize = 400_000
      $0.symmetry = .mirror
      $0.evaluationSimulations = 256
      $0.randomSteps = 16
    },
  ]
}
