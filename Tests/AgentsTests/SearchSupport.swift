@testable import Search
import Groundwork
import ReinforcementLearning

/// Three in a row on nine squares, from a position that the configuration gives as moves; the squares' numbers in
/// order.
struct NoughtsTask: Searchable {
  struct Configuration: Codable, Hashable, Sendable {
    var moves: [Int] = []
  }

  static let lines = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [0, 3, 6], [1, 4, 7], [2, 5, 8], [0, 4, 8], [2, 4, 6]]

  static func specification(of configuration: Configuration) -> Specification {
    Specification(
      fields: [Field("board", shape: [9], element: .uint8, kind: .categorical([3]), range: 0...2)],
      actions: .discrete((0..<9).map(String.init)), hasIllegalActions: true, timeLimit: nil, rewards: -1...1, players: 2
    )
  }

  let configuration: Configuration
  /// 0 empty, 1 the mover's, 2 the other's.
  var board = [UInt8](repeating: 0, count: 9)

  init(plan configuration: Configuration) { self.configuration = configuration }

  mutating func reset(seed: UInt64) {
    board = [UInt8](repeating: 0, count: 9)
    for move in configuration.moves { _ = step(IndexAction(move)) }
  }

  mutating func reseed(_ seed: UInt64) {}

  mutating func step(_ action: IndexAction) -> Transition {
    precondition(board[action.index] == 0, "an occupied square")
    board[action.index] = 1
    let hasWon = NoughtsTask.lines.contains { $0.allSatisfy { board[$0] == 1 } }
    for square in 0..<9 where board[square] != 0 { board[square] = 3 - board[square] }
    if hasWon { return Transition(reward: 1, outcome: .terminated, success: true) }
    return Transition(reward: 0, outcome: board.contains(0) ? .running : .terminated)
  }

  func observe(into row: inout ObservationRow) {
    row.write(board.span, to: 0)
  }

  func legalActions(into mask: inout MutableSpan<Bool>) { for square in 0..<9 { mask[square] = board[square] == 0 } }

  func digest() -> UInt64 { board.reduce(0) { $0 * 3 + UInt64($1) } }

  /// The exact value of a position for its mover, by trying everything: what the solver's results are held against.
  static func value(of task: NoughtsTask) -> Int {
    var best = -2
    for square in 0..<9 where task.board[square] == 0 { best = max(best, value(of: square, in: task)) }
    return best
  }

  static func value(of square: Int, in task: NoughtsTask) -> Int {
    var next = task
    let transition = next.step(IndexAction(square))
    return transition.outcome == .running ? -value(of: next) : Int(transition.reward)
  }
}

/// A gamble: action 0 pays 0.6, action 1 pays 1 if the next coin shows heads; five times.
struct GambleTask: Environment {
  struct Configuration: Codable, Hashable, Sendable {
    /// Whether action 1 is what the coin shows next, and worth 1: a planner that sees the future always wins.
    var isGuess = false
    /// Whether action 0 may not be chosen again right after it was.
    var isMasked = false
  }

  enum Action: UInt8, DiscreteAction { case safe, risky }

  static func specification(of configuration: Configuration) -> Specification {
    Specification(
      fields: [Field("time", shape: [1], element: .uint8, range: 0...5)], actions: .discrete(Action.names),
      hasIllegalActions: configuration.isMasked, timeLimit: 5, rewards: 0...1, isStochastic: true)
  }

  let configuration: Configuration
  private var random = RandomSource(seed: 0)
  private var time: UInt8 = 0
  private var isSafeBlocked = false

  init(plan configuration: Configuration) { self.configuration = configuration }

  mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    time = 0
    isSafeBlocked = false
  }

  mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  mutating func step(_ action: Action) -> Transition {
    precondition(!(isSafeBlocked && action == .safe), "an illegal action")
    time += 1
    let isHeads = random.chance(0.5)
    isSafeBlocked = configuration.isMasked && random.chance(0.5)
    if configuration.isGuess { return Transition(reward: isHeads == (action == .risky) ? 1 : 0) }
    return Transition(reward: action == .safe ? 0.6 : isHeads ? 1 : 0)
  }

  func observe(into row: inout ObservationRow) { row.write(time, to: 0) }

  func legalActions(into mask: inout MutableSpan<Bool>) { mask[0] = !isSafeBlocked }
}

/// A corridor: right leads to 1 at its end, left ends at once with a little.
struct CorridorTask: Searchable {
  struct Configuration: Codable, Hashable, Sendable {
    var length = 4
    var little: Float = 0.5
    var timeLimit = 20
  }

  enum Action: UInt8, DiscreteAction { case leave, right, stay }

  static func specification(of configuration: Configuration) -> Specification {
    Specification(
      fields: [Field("place", shape: [1], element: .uint8, range: 0...255)], actions: .discrete(Action.names),
      timeLimit: configuration.timeLimit, rewards: 0...1)
  }

  let configuration: Configuration
  private var place: UInt8 = 0

  init(plan configuration: Configuration) { self.configuration = configuration }

  mutating func reset(seed: UInt64) { place = 0 }
  mutating func reseed(_ seed: UInt64) {}

  mutating func step(_ action: Action) -> Transition {
    switch action {
    case .leave: return Transition(reward: configuration.little, outcome: .terminated)
    case .stay: return Transition(reward: 0)
    case .right:
      place += 1
      return Int(place) == configuration.length
        ? Transition(reward: 1, outcome: .terminated, success: true) : Transition(reward: 0)
    }
  }

  func observe(into row: inout ObservationRow) { row.write(place, to: 0) }

  func digest() -> UInt64 { UInt64(place) }
}

enum Searching {
  static func noughts(_ moves: [Int] = []) throws -> EnvironmentRecipe {
    try EnvironmentRecipe(id: "test/Noughts", NoughtsTask.self, configuration: .init(moves: moves))
  }

  static func corridor(_ configuration: CorridorTask.Configuration = .init()) throws -> EnvironmentRecipe {
    try EnvironmentRecipe(id: "test/Corridor", CorridorTask.self, configuration: configuration)
  }

  static func gamble(isGuess: Bool = false, isMasked: Bool = false) throws -> EnvironmentRecipe {
    try EnvironmentRecipe(
      id: "test/Gamble", GambleTask.self, configuration: .init(isGuess: isGuess, isMasked: isMasked))
  }

  static func configuration(
    _ simulations: Int, _ change: (inout MCTSConfiguration) -> Void = { _ in }
  ) -> MCTSConfiguration {
    var configuration = MCTSConfiguration()
    configuration.simulations = simulations
    change(&configuration)
    return configuration
  }

  /// A finished search from the start of the episode of seed 0.
  static func search(
    _ recipe: EnvironmentRecipe, _ configuration: MCTSConfiguration, seed: UInt64 = 1
  ) throws -> UCTSearch {
    let search = UCTSearch(try SearchRules(configuration, recipe.specification), recipe: recipe)
    var random = RandomSource(seed: seed)
    search.arena.start(search.rootIndex, seed: 0)
    search.start(seed: 5)
    search.run(simulations: configuration.simulations, random: &random)
    return search
  }

  /// The action that a search would take.
  static func action(_ search: UCTSearch) -> Int? {
    search.tree.bestEdge(
      of: 0, discount: search.rules.discount, isGame: search.rules.specification.players == 2
    ).map { Int(search.tree.memory.pointee.actions[$0]) }
  }

  /// The first episodes of `count` slots.
  static func evaluate(
    _ recipe: EnvironmentRecipe, _ configuration: MCTSConfiguration, episodes count: Int, seed: UInt64 = 1,
    workers: Int = 1, choice: ActionChoice = .mode
  ) throws -> Evaluation {
    try Evaluation.run(recipe, episodes: count, seed: seed, workers: Workers(count: workers)) {
      try MCTSPolicy(configuration, Simulator(recipe), slots: $0, choice: choice)
    }
  }
}
