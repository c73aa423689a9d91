import Search

extension Presets {
  static let puzzle: [AgentPreset] = [
    // The trained proposer sorts nearly every row alone; rolling forward three steps the search finds 0.6 to 0.7
    // of the solutions, eight steps 0.97 to 1.
    AgentPreset(ProcessSearch.self, "puzzle/Sorting", chosenOn: "Sorting; seeds and budget are not recorded") {
      $0.rollForwardSteps = 8
    }
  ]
}
