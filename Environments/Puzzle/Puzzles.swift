public import ReinforcementLearning

/// Small symbolic tasks whose solutions are short sequences of steps: tests of search over partial solutions.
public enum Puzzles {
  /// What the catalog lists of this family.
  public static var environments: [EnvironmentListing] {
    [
      EnvironmentListing(
        "puzzle/GameOf24", GameOf24.self, configuration: GameOf24.Configuration(),
        summary: "make 24 of four numbers, two of them a step"),
      EnvironmentListing(
        "puzzle/Sorting", Sorting.self, configuration: Sorting.Configuration(),
        roles: SettingRoles(fixed: ["moves"]),
        summary: "sort a row of tokens by swaps of neighbours"),
      EnvironmentListing(
        "puzzle/Pancakes", Sorting.self, configuration: Sorting.Configuration(tokens: 7, moves: .prefix),
        roles: SettingRoles(fixed: ["moves"]),
        summary: "sort a row of tokens by turning prefixes around"),
    ]
  }
}
