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
        "gridworld/Snake", Snake.self, configuration: Snake.Configuration(), aliases: ["Snake-v1"],
        summary: "eat fruit and grow on a board of 12 by 12"),
      EnvironmentListing(
        "gridworld/DarkRoom", DarkRoom.self, configuration: DarkRoom.Configuration(),
        summary: "find a goal that cannot be seen, and remember it (AD, DPT)"),
      EnvironmentListing(
        "gridworld/MultiRoomNoisyTV-N4-S5", NoisyTV.self, configuration: NoisyTV.Configuration(rooms: 4, largestRoom: 5),
        summary: "four rooms and a television that distracts the curious (RIDE)"),
      EnvironmentListing(
        "gridworld/MultiRoomNoisyTV-N7-S4", NoisyTV.self, configuration: NoisyTV.Configuration(),
        aliases: ["MiniGrid-MultiRoomNoisyTV-N7-S4-v0"],
        summary: "seven small rooms and a television that distracts the curious (RIDE)"),
      EnvironmentListing(
        "gridworld/LavaMine", LavaMine.self, configuration: LavaMine.Configuration(),
        summary: "dig for ore with a narrow view and lava around (Auto MC-Reward)"),
      EnvironmentListing(
        "game/OffSwitch", OffSwitch.self, configuration: OffSwitch.Configuration(),
        summary: "act, switch off, or let a human decide (the off-switch game)"),
    ]
  }
}
