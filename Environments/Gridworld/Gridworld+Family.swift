internal import EnvironmentKit
public import Groundwork

extension Gridworld {
  /// A family of levels: parameters, and a function that draws a level from them.
  ///
  /// A new level is one file with a conforming type and one line in `Gridworld.families`.
  public protocol Family: Codable, Hashable, Sendable {
    /// What the family is called in a configuration, for example "DoorKey".
    static var name: String { get }

    /// The family with its default parameters.
    init()

    /// Columns and rows, outer walls included.
    var size: (width: Int, height: Int) { get }

    /// Steps after which an episode is truncated; nil where each episode's mission sets its own limit.
    var timeLimit: Int? { get }

    /// The longest that `timeLimit` is in any episode.
    var longestTimeLimit: Int { get }

    /// Whether the agent sees through walls unless the configuration says otherwise.
    var seesThroughWalls: Bool { get }

    /// The mission where it never changes; nil where episodes differ.
    var constantMission: String? { get }

    /// The most words of a mission, commas counted.
    var longestMission: Int { get }

    /// How many of the seven actions there are: 7, or 3 where only movement makes sense.
    var actionCount: Int { get }

    /// Whether there is anything to achieve.
    var hasGoal: Bool { get }

    /// Whether steps draw random numbers by the level's own rules.
    var isStochastic: Bool { get }

    /// The lowest reward of a step: 0, or less where a step can cost something.
    var lowestReward: Float { get }

    /// Refuses parameters of which no level can be made.
    func validate() throws

    /// Draws a level into an empty grid: walls, objects, the agent, the rule and the mission.
    ///
    /// - Throws: When a placement found no room; the level is then drawn anew, further along the stream.
    func generate(in world: inout Gridworld) throws(LevelRejected)
  }

  /// A draw that led to no level.
  public struct LevelRejected: Error {}

  /// All families, in the order of their files' topics.
  static let families: [any Family.Type] = [
    Empty.self, DoorKey.self, LavaGap.self, Crossing.self, DistShift.self, DynamicObstacles.self, FourRooms.self,
    MultiRoom.self, LockedRoom.self, Memory.self, RedBlueDoors.self, Fetch.self, GoToDoor.self, GoToObject.self,
    PutNear.self, Unlock.self, KeyCorridor.self, ObstructedMaze.self, Playground.self, BabyAI.self,
    DeceptiveCorridor.self, CustomMap.self,
  ]

  /// A family with its parameters, as a configuration holds it: `{"family": "DoorKey", "size": 6}`.
  public struct Level: Codable, Hashable, Sendable, SettingBox {
    /// The family of levels by its name; the settings beside it are that family's.
    public var family: any Family

    /// A level of a family with its parameters.
    public init(_ family: any Family) { self.family = family }

    /// The family's parameters.
    public var boxedSettings: any Codable { family }

    /// Reads `{"family": NAME, ...}`; parameters that are not named keep the family's defaults.
    ///
    /// - Throws: `DecodingError` with the nearest names when the family or a parameter is unknown.
    public init(from decoder: any Decoder) throws {
      do {
        try self.init(JSON(from: decoder))
      } catch let error as UserError {
        // Decoders pass on their own errors only.
        throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: error.description))
      }
    }

    /// - Throws: `UserError` that names the family or parameter which does not exist, with the nearest ones.
    private init(_ document: JSON) throws {
      guard let name = document["family"]?.string else {
        throw UserError(
          "a gridworld level has no family", fix: "Write \"family\": \"DoorKey\" or another family's name")
      }
      guard let type = Gridworld.families.first(where: { $0.name == name }) else {
        throw UserError.unknown("gridworld family", name, among: Gridworld.families.map { $0.name })
      }
      family = try Level.decode(type, from: document)
    }

    /// Lays the document's parameters over the family's defaults.
    private static func decode<F: Family>(_ type: F.Type, from document: JSON) throws -> F {
      var parameters = JSON(encoding: F())
      let known = parameters.object ?? [:]
      for (key, value) in document.object ?? [:] where key != "family" {
        guard known[key] != nil else {
          throw UserError.unknown("parameter of \(F.name)", key, among: known.keys.sorted())
        }
        parameters[key] = value
      }
      return try parameters.decoded(as: F.self, name: "the level \(F.name)")
    }

    /// Writes the family's parameters, all of them, and its name beside them.
    public func encode(to encoder: any Encoder) throws {
      var document = JSON(encoding: family)
      document["family"] = .string(type(of: family).name)
      try document.encode(to: encoder)
    }

    /// Equal when both are of one family with the same parameters.
    public static func == (a: Level, b: Level) -> Bool {
      func equals<F: Family>(_ family: F) -> Bool { b.family as? F == family }
      return equals(a.family)
    }

    /// Hashes the family's name and its parameters.
    public func hash(into hasher: inout Hasher) {
      hasher.combine(type(of: family).name)
      family.hash(into: &hasher)
    }
  }
}

extension Gridworld.Family {
  /// The fixed limit; families whose missions set it answer for themselves.
  public var longestTimeLimit: Int { timeLimit ?? 1 }
  /// False: walls and closed doors hide what is behind them.
  public var seesThroughWalls: Bool { false }
  /// Nil: missions differ between episodes.
  public var constantMission: String? { nil }
  /// The words of the mission that never changes, else the 64 that a mission can have at most.
  public var longestMission: Int { constantMission.map { Gridworld.Mission($0).count } ?? 64 }
  /// All seven actions.
  public var actionCount: Int { 7 }
  /// True: some step is a success.
  public var hasGoal: Bool { true }
  /// 0: nothing costs anything.
  public var lowestReward: Float { 0 }
  /// False: after the start nothing is drawn.
  public var isStochastic: Bool { false }

  /// Refuses a number outside its range.
  func require(_ name: String, _ value: Int, in range: ClosedRange<Int>) throws {
    try Check("environment.level.\(name)", value, in: range).enforce()
  }
}
