public import ReinforcementLearning

/// Small domains that papers on in-context learning, reward design and safety use.
public enum Domains {
  /// What the catalog lists of this family.
  public static var environments: [EnvironmentListing] {
    var distractor = Chain.Configuration()
    distractor.distractor = true
    return [
      EnvironmentListing(
        "domain/Chain", Chain.self, configuration: Chain.Configuration(),
        summary: "walk along a row of states and try at the goal (ICPI)"),
      EnvironmentListing(
        "domain/DistractorChain", Chain.self, configuration: distractor,
        summary: "the chain with a number in the state that means nothing (ICPI)"),
      EnvironmentListing(
        "domain/Maze", Maze.self, configuration: Maze.Configuration(),
        summary: "nine rooms, two walls, one goal (ICPI)"),
      EnvironmentListing(
        "domain/MiniCatch", MiniCatch.self, configuration: MiniCatch.Configuration(),
        summary: "catch a falling ball on a board of 4 by 5 (ICPI)"),
      EnvironmentListing(
        "domain/MiniInvaders", MiniInvaders.self, configuration: MiniInvaders.Configuration(),
        summary: "shoot two descending aliens (ICPI)"),
      EnvironmentListing(
        "domain/PointMass", PointMass.self, configuration: PointMass.Configuration(),
        summary: "bring a mass to rest near the middle of a line (ICPI)"),
      EnvironmentListing(
        "domain/Snake", Snake.self, configuration: Snake.Configuration(), aliases: ["Snake-v1", "gridworld/Snake"],
        summary: "eat fruit and grow on a board of 12 by 12"),
      EnvironmentListing(
        "domain/DarkRoom", DarkRoom.self, configuration: DarkRoom.Configuration(), aliases: ["gridworld/DarkRoom"],
        summary: "find a goal that cannot be seen, and remember it (AD, DPT)"),
      EnvironmentListing(
        "domain/LavaMine", LavaMine.self, configuration: LavaMine.Configuration(), aliases: ["gridworld/LavaMine"],
        summary: "dig for ore with a narrow view and lava around (Auto MC-Reward)"),
      EnvironmentListing(
        "domain/OffSwitch", OffSwitch.self, configuration: OffSwitch.Configuration(), aliases: ["game/OffSwitch"],
        summary: "act, switch off, or let a human decide (the off-switch game)"),
    ]
  }
}
