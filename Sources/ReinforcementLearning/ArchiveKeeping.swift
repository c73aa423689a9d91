/// One cell of an agent's archive, for people and pictures.
public struct ArchiveEntry: Sendable, Hashable {
  /// The archive's number of the cell.
  public var number: Int
  /// What tells the cell apart, in words: `position 3,4  carried 5,2`.
  public var key: String
  /// The return of the best way to it.
  public var score: Double
  /// Steps of that way.
  public var length: Int
  /// Whether that way solves the task.
  public var success: Bool
  /// Trajectories that began in it or came through it since that way was found.
  public var visits: Int
  /// Times that it was chosen to explore from since then.
  public var chosen: Int
  /// Whether its state is kept; otherwise it is reached by its actions.
  public var hasState: Bool
  /// Where its state lies on the environment's picture; nil for ended episodes, and where the picture is no map.
  public var place: Sketch.Area?

  /// An entry of those values.
  public init(
    number: Int, key: String, score: Double, length: Int, success: Bool, visits: Int, chosen: Int,
    hasState: Bool = true, place: Sketch.Area?
  ) {
    self.number = number
    self.key = key
    self.score = score
    self.length = length
    self.success = success
    self.visits = visits
    self.chosen = chosen
    self.hasState = hasState
    self.place = place
  }
}

/// An agent that keeps cells with ways to them, which can be shown on a map and watched.
public protocol ArchiveKeeping: Agent {
  /// The seed of the episode that it explores.
  var exploredSeed: UInt64 { get }

  /// The cells with a known way to them, in the order of their numbers; their states are read or stepped again.
  var archiveEntries: [ArchiveEntry] { get }

  /// The number of the cell with the best way; nil while there is none.
  var bestCell: Int? { get }

  /// The actions of the best way to a cell from the start of the explored episode, `[steps, width]`.
  func actions(toCell number: Int) -> [Float]
}

extension EnvironmentRecipe {
  /// Where the states of an episode lie on the environment's picture, from its start; empty where that is no map.
  ///
  /// - Parameter actions: `[steps, width]`.
  /// - Throws: `UserError` when the actions do not fit the environment.
  public func places(seed: UInt64, actions: [Float]) throws -> [Sketch.Area] {
    let walker = EpisodeWalker(self, fields: [])
    walker.start(seed: seed)
    var places = [walker.place]
    try walker.walk(actions) { _ in places.append(walker.place) }
    return places.compactMap(\.self)
  }
}
