import Groundwork

/// The settings of `GoExplore`; the defaults are the published ones for Atari without domain knowledge.
public struct GoExploreConfiguration: Codable, Hashable, Sendable {
  /// How a chosen cell's state is reached again.
  public enum Return: String, Codable, Hashable, Sendable, CaseIterable {
    /// A copy of the state that was kept.
    case snapshot
    /// The actions that led there, from the start: slower, and counted as steps of the run.
    case replay
  }

  /// How cells are chosen.
  public enum Selection: String, Codable, Hashable, Sendable, CaseIterable {
    /// In proportion to their weights.
    case weighted
    /// All alike.
    case uniform
  }

  /// What tells cells apart: empty for what the environment declares; an expression over its fields, such as
  /// `position/2, carried` (`CellExpression`); or `frame` for the drawn frame, downscaled as `Downscaling` finds.
  public var cell = ""
  /// The seed of the one episode that is explored.
  public var episodeSeed = 0
  /// Cells that are chosen at a time and explored side by side, 1 to 100000.
  public var batchSize = 100
  /// Cycles of `batchSize` cells in an iteration of the run, at least 1: how often metrics are written.
  public var cycles = 10
  /// Steps explored from a chosen cell, 1 to 1000000.
  public var exploreSteps = 100
  /// Mean number of steps for which a random action is held, at least 1.
  public var meanHold = 20.0
  /// How a chosen cell is reached again.
  public var returnsBy = Return.snapshot
  /// The most cells that keep a state, 0 for any number; beyond it those that are least likely to be chosen lose theirs
  /// and are reached by their actions, which count as steps of the run.
  public var keptStates = 0
  /// How cells are chosen: by `weights`, or all alike.
  public var selection = Selection.weighted
  /// What a cell's weight is made of.
  public var weights = SelectionWeights()
  /// The search for a representation where `cell = frame`.
  public var frame = FrameSettings()
  /// Whether the run ends with the first success, not with its budget.
  public var stopsWhenSolved = false

  /// The published values.
  public init() {}

  /// - Throws: `UserError` for values that cannot work.
  func validate() throws {
    try Check.all([
      Check("agent.batchSize", batchSize, in: 1...100_000), Check("agent.cycles", cycles, in: 1...1_000_000),
      Check("agent.exploreSteps", exploreSteps, in: 1...1_000_000),
      Check("agent.keptStates", keptStates, in: 0...1_000_000_000),
      Check("agent.episodeSeed", episodeSeed, in: 0...Int.max), Check("agent.meanHold", meanHold, in: 1...1e9),
    ])
    try SizeLimit.check(
      "a cycle of \(batchSize) cells x \(exploreSteps) steps has", batchSize * exploreSteps, "steps",
      most: SizeLimit.samples, fix: "Use fewer of either (--set agent.batchSize=, --set agent.exploreSteps=)")
    try weights.validate()
    try frame.validate()
  }
}

/// The weight of a cell: the sum of `w / (v + 1)^p` over its counters v, plus terms for what its neighbourhood lacks,
/// times a factor for levels left behind.
///
/// Source: Ecoffet et al. 2021, "First return, then explore", equations 1 to 3 of the methods; constants of the
/// authors' scripts (only `seen` without domain knowledge; horizontal 0.1, objects 1, level 0.1 with it).
public struct SelectionWeights: Codable, Hashable, Sendable {
  /// w of the times that a trajectory came through the cell, 0 to 10^6; 0 for none.
  public var seen = 1.0
  /// p of the same, 0 to 10.
  public var seenPower = 0.5
  /// w of the times that it was chosen.
  public var chosen = 0.0
  /// p of the same, 0 to 10.
  public var chosenPower = 0.5
  /// w of the times that it was chosen since that last found something.
  public var chosenSinceNew = 0.0
  /// p of the same, 0 to 10.
  public var chosenSinceNewPower = 0.5
  /// w of the actions taken in it.
  public var actionTimes = 0.0
  /// p of the same, 0 to 10.
  public var actionTimesPower = 0.5
  /// Added for each of the two cells beside it, in `horizontalPart`, that the archive lacks.
  public var horizontal = 0.0
  /// The part of the cell's expression that is the place from left to right, for example `position[0]`.
  public var horizontalPart = ""
  /// Added when the archive has no cell like it with a greater `objectsPart`.
  public var objects = 0.0
  /// The part that counts objects.
  public var objectsPart = ""
  /// Factor for each level below the highest that was reached, above 0 to 1.
  public var levelFactor = 1.0
  /// The part that counts levels.
  public var levelPart = ""

  /// 1 / sqrt(seen + 1), which needs no domain knowledge.
  public init() {}

  func validate() throws {
    try Check.all(
      [
        ("seen", seen, 1e6), ("seenPower", seenPower, 10), ("chosen", chosen, 1e6), ("chosenPower", chosenPower, 10),
        ("chosenSinceNew", chosenSinceNew, 1e6), ("chosenSinceNewPower", chosenSinceNewPower, 10),
        ("actionTimes", actionTimes, 1e6), ("actionTimesPower", actionTimesPower, 10), ("horizontal", horizontal, 1e6),
        ("objects", objects, 1e6),
      ].map { Check("agent.weights." + $0.0, $0.1, in: 0...$0.2) } + [
        Check(
          "agent.weights.levelFactor", levelFactor, levelFactor > 0 && levelFactor <= 1,
          "Use a number above 0 to 1, for example 0.1")
      ])
    guard seen + chosen + chosenSinceNew + actionTimes > 0 else {
      throw UserError(
        "no counter has a weight, so no cell could be chosen", fix: "Set for example agent.weights.seen=1")
    }
  }
}
