import Groundwork
import ReinforcementLearning

extension Gridworld {
  /// The level and how it is seen and played; the defaults are MiniGrid's.
  ///
  /// What MiniGrid does with wrappers are options here, so that there is one step and one observation:
  /// `FullyObsWrapper` is `view = full`, `ViewSizeWrapper` `viewSize`, `OneHotPartialObsWrapper` `oneHot`,
  /// `NoDeath` `deathCost`, `StochasticActionWrapper` `randomActionProbability`.
  public struct Configuration: Codable, Hashable, Sendable {
    /// What the image shows.
    public enum View: String, Codable, Hashable, Sendable {
      /// The square before the agent, turned so that the agent looks up, without what walls hide.
      case agent
      /// The whole grid, with the agent drawn into it.
      case full
    }

    /// The family and its parameters.
    public var level: Level
    /// Steps of an episode; 0: the level's own number.
    public var timeLimit = 0
    /// The seed of every episode's layout, at least 0, so that all episodes are in the same level and only what
    /// steps draw differs; nil: each episode draws its own.
    public var layoutSeed: Int?
    /// The most no-ops at the start of an episode, 0 to 1000: as many steps as a uniform draw from 0 to this says go
    /// by, in which obstacles move, before the agent's first.
    public var noOpStarts = 0
    /// Side of the square that the agent sees, odd, 3 to 31.
    public var viewSize = 7
    /// Whether walls and closed doors hide nothing; nil: as the level has it.
    public var seeThroughWalls: Bool?
    /// What the field `image` shows; `full` is MiniGrid's `FullyObsWrapper`, whose shape is [width, height, 3].
    public var view = View.agent
    /// Whether the image holds one byte of 0 or 1 for each code, [., ., 11 + 6 + 3], in place of the codes.
    public var oneHot = false
    /// What stepping into lava or an obstacle costs in place of ending the episode, at most 0; nil: it ends.
    public var deathCost: Float?
    /// Probability that the action of the step before is done in place of the agent's, 0 to 1.
    public var stickyActionProbability = 0.0
    /// Probability that a uniformly drawn action is done in place of the agent's, 0 to 1.
    public var randomActionProbability = 0.0
    /// Whether actions that would change nothing but the time are declared illegal.
    public var actionMasks = false
    /// Whether the signal `cellsSeen` exists; it costs a field of view a step.
    public var countSeenCells = false

    /// MiniGrid's options for a level.
    public init(level: Level) { self.level = level }

    /// MiniGrid's options for a family with its parameters.
    public init(_ family: any Family) { self.init(level: Level(family)) }

    private enum CodingKeys: String, CodingKey {
      case level, timeLimit, layoutSeed, noOpStarts, viewSize, seeThroughWalls, view, oneHot, deathCost,
        stickyActionProbability
      case randomActionProbability, actionMasks, countSeenCells
      /// A text file with a map of your own, or the map itself, in the level's place.
      case map
    }

    /// Reads what is there and takes defaults for the rest; `map` puts a drawn map in the level's place.
    ///
    /// - Throws: `DecodingError` when there is no level, the family or a parameter is unknown, or a value has
    ///   another type. Ranges are checked by `Gridworld.plan`.
    public init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: CodingKeys.self)
      self.init(level: try members.decode(Level.self, forKey: .level))
      if let map = try members.decodeIfPresent(JSON.self, forKey: .map) { level = Level(CustomMap(setting: map)) }
      timeLimit = try members.decodeIfPresent(Int.self, forKey: .timeLimit) ?? timeLimit
      layoutSeed = try members.decodeIfPresent(Int.self, forKey: .layoutSeed)
      noOpStarts = try members.decodeIfPresent(Int.self, forKey: .noOpStarts) ?? noOpStarts
      viewSize = try members.decodeIfPresent(Int.self, forKey: .viewSize) ?? viewSize
      seeThroughWalls = try members.decodeIfPresent(Bool.self, forKey: .seeThroughWalls)
      view = try members.decodeIfPresent(View.self, forKey: .view) ?? view
      oneHot = try members.decodeIfPresent(Bool.self, forKey: .oneHot) ?? oneHot
      deathCost = try members.decodeIfPresent(Float.self, forKey: .deathCost)
      stickyActionProbability =
        try members.decodeIfPresent(Double.self, forKey: .stickyActionProbability) ?? stickyActionProbability
      randomActionProbability =
        try members.decodeIfPresent(Double.self, forKey: .randomActionProbability) ?? randomActionProbability
      actionMasks = try members.decodeIfPresent(Bool.self, forKey: .actionMasks) ?? actionMasks
      countSeenCells = try members.decodeIfPresent(Bool.self, forKey: .countSeenCells) ?? countSeenCells
    }

    /// Written by hand so that what is not set is shown as null and can be found and set.
    public func encode(to encoder: any Encoder) throws {
      var members = encoder.container(keyedBy: CodingKeys.self)
      try members.encode(level, forKey: .level)
      try members.encode(timeLimit, forKey: .timeLimit)
      try members.encode(layoutSeed, forKey: .layoutSeed)
      try members.encode(noOpStarts, forKey: .noOpStarts)
      try members.encode(viewSize, forKey: .viewSize)
      try members.encode(seeThroughWalls, forKey: .seeThroughWalls)
      try members.encode(view, forKey: .view)
      try members.encode(oneHot, forKey: .oneHot)
      try members.encode(deathCost, forKey: .deathCost)
      try members.encode(stickyActionProbability, forKey: .stickyActionProbability)
      try members.encode(randomActionProbability, forKey: .randomActionProbability)
      try members.encode(actionMasks, forKey: .actionMasks)
      try members.encode(countSeenCells, forKey: .countSeenCells)
      // The map itself is the level's; the key is where `--set map=FILE` puts another one.
      if level.family is CustomMap { try members.encodeNil(forKey: .map) }
    }
  }

  /// Checks a configuration and reckons what follows from it.
  ///
  /// - Throws: `UserError` with the value and what it may be: the family's own checks, then the grid's sides (3
  ///   to 100 cells), the view (odd, 3 to 31), time limit, layout seed, no-op starts, probabilities and the
  ///   cost of dying.
  public static func plan(_ configuration: Configuration) throws -> Plan {
    try configuration.level.family.validate()
    let (width, height) = configuration.level.family.size
    guard (3...100).contains(width), (3...100).contains(height) else {
      throw UserError("a grid of \(width) x \(height) cells", fix: "Use parameters that give 3 to 100 cells a side")
    }
    let size = configuration.viewSize
    try Check.all([
      // The agent looks out of the middle of a square's side.
      Check(
        "environment.viewSize", size, size % 2 == 1 && (3...31).contains(size), "Use an odd number from 3 to 31"),
      Check("environment.timeLimit", configuration.timeLimit, in: 0...1_000_000),
      Check("environment.layoutSeed", configuration.layoutSeed ?? 0, in: 0...Int.max),
      Check("environment.noOpStarts", configuration.noOpStarts, in: 0...1000),
      Check("environment.stickyActionProbability", configuration.stickyActionProbability, in: 0...1),
      Check("environment.randomActionProbability", configuration.randomActionProbability, in: 0...1),
      // More than 0 would pay for dying.
      Check(
        "environment.deathCost", configuration.deathCost ?? 0,
        configuration.deathCost.map { $0 <= 0 && $0.isFinite } ?? true, "Use a number of at most 0, or null"),
    ])
    return Plan(configuration)
  }
}
