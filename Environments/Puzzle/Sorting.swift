internal import EnvironmentKit
public import ReinforcementLearning

/// A row of tokens is brought into order by moves of one kind.
///
/// **Task.** Sort the tokens 1 to n, smallest on the left, in as few moves as possible.
///
/// **Actions.** By `moves`. `adjacent`: action k, `swap k k+1`, exchanges the tokens in places k and k + 1 (from 1).
/// `any`: `swap j k` exchanges those in places j < k, in lexicographic order. `prefix`: `flip k` turns the first k
/// tokens around, k from 2 to n (the pancake puzzle). All are always legal.
///
/// **Observation.** `tokens` uint8 [n, 1]: the token in each place, less 1.
///
/// **Signals.** `distance` uint8: the fewest moves that sort the row, exact (inversions; n less the cycles; by a table
/// of all rows for flips); `misplaced` uint8: tokens that are not in their place; `text`: the row and the kind of move.
///
/// **Reward.** 1 for the move that sorts the row, otherwise 0.
///
/// **Start.** Uniform among the rows that are not sorted.
///
/// **End.** Terminated when the row is sorted, a success. Truncated after `timeLimit` steps.
///
/// **Configuration.** How many tokens, which moves, the time limit.
///
/// **Source.** Knuth, "The Art of Computer Programming", volume 3, section 5.1.1 (inversions); Gates and Papadimitriou,
/// "Bounds for sorting by prefix reversal", 1979. The greatest distances for flips of 2 to 9 tokens are 1, 3, 4, 5, 7,
/// 8, 9, 10 (OEIS A058986).
public struct Sorting: Drawable, Searchable {
  /// The number of a move, from 0: n - 1 of them (`adjacent`, `prefix`) or n (n - 1) / 2 (`any`).
  public typealias Action = IndexAction

  /// Swaps of neighbours, swaps of any two, or turning a prefix around.
  public enum Moves: String, Codable, Hashable, Sendable, CaseIterable { case adjacent, any, prefix }

  /// How many tokens and which moves; the catalog's two ids differ in these alone.
  public struct Configuration: Codable, Hashable, Sendable {
    /// How many tokens (n), 2 to 9.
    public var tokens = 6
    /// What a move does.
    public var moves = Moves.adjacent
    /// Steps; 0: twice the greatest distance.
    public var timeLimit = 0

    /// Six tokens and swaps of neighbours.
    public init() {}

    /// A configuration for the catalog's listings.
    init(tokens: Int, moves: Moves) {
      self.tokens = tokens
      self.moves = moves
    }
  }

  /// The row's length and the moves of this value.
  public let configuration: Configuration
  /// The token in place k, from 0, in the k-th four bits.
  var row: UInt64 = 0
  /// The places that the last move touched; empty at the start.
  var touched = 0..<0
  /// Whether the last move was a swap, for the picture.
  var isSwap = false

  /// A sorted row until the first `reset`.
  public init(plan configuration: Configuration) {
    self.configuration = configuration
    row = Sorting.sortedRow(configuration.tokens)
  }

  /// - Throws: `UserError` when tokens are not in 2 to 9 or the time limit not in 0 to 1,000,000.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try require((2...9).contains(configuration.tokens), "tokens", Double(configuration.tokens), "2 to 9")
    try require(
      (0...1_000_000).contains(configuration.timeLimit), "timeLimit", Double(configuration.timeLimit),
      "1 to 1000000, or 0 for twice the greatest distance")
    return configuration
  }

  /// Token k in place k, from 0.
  static func sortedRow(_ tokens: Int) -> UInt64 {
    (0..<tokens).reduce(0) { $0 | UInt64($1) << UInt64(4 * $1) }
  }

  /// The greatest of all distances.
  static func greatestDistance(_ configuration: Configuration) -> Int {
    let n = configuration.tokens
    return switch configuration.moves {
    case .adjacent: n * (n - 1) / 2
    case .any: n - 1
    case .prefix: [1, 3, 4, 5, 7, 8, 9, 10][n - 2]
    }
  }

  /// `tokens` [n, 1] uint8 and three signals; n - 1, n (n - 1) / 2 or n - 1 actions by the kind of move.
  public static func specification(of configuration: Configuration) -> Specification {
    let n = configuration.tokens
    let names: [String] =
      switch configuration.moves {
      case .adjacent: (1..<n).map { "swap \($0) \($0 + 1)" }
      case .any: (1..<n).flatMap { left in (left + 1...n).map { "swap \(left) \($0)" } }
      case .prefix: (2...n).map { "flip \($0)" }
      }
    let greatest = greatestDistance(configuration)
    return Specification(
      measures: [.success, .return(), .length()],
      fields: [
        Field(
          "tokens", shape: [n, 1], element: .uint8, kind: .categorical([n]), range: 0...Double(n - 1),
          summary: "the token in each place, less 1"),
        .signal(
          "distance", element: .uint8, range: 0...Double(greatest), summary: "the fewest moves that sort the row"),
        .signal("misplaced", element: .uint8, range: 0...Double(n), summary: "tokens that are not in their place"),
        .textSignal("text", bytes: 64, summary: "the row and the kind of move"),
      ],
      actions: .discrete(names), timeLimit: configuration.timeLimit > 0 ? configuration.timeLimit : 2 * greatest,
      rewards: 0...1)
  }

  /// Draws a permutation by Fisher and Yates's shuffle, again while it is sorted.
  public mutating func reset(seed: UInt64) {
    var random = RandomSource(seed: seed)
    let sorted = Sorting.sortedRow(configuration.tokens)
    repeat {
      row = sorted
      for place in stride(from: configuration.tokens - 1, through: 1, by: -1) {
        exchange(random.integer(in: 0..<place + 1), place)
      }
    } while row == sorted
    touched = 0..<0
  }

  /// Nothing is drawn after the start.
  public mutating func reseed(_ seed: UInt64) {}

  /// The token in a place, both from 0.
  func token(_ place: Int) -> Int { Int(row >> UInt64(4 * place) & 15) }

  /// Exchanges the tokens of two places.
  private mutating func exchange(_ a: Int, _ b: Int) {
    let difference = UInt64(token(a) ^ token(b))
    row ^= difference << UInt64(4 * a)
    if a != b { row ^= difference << UInt64(4 * b) }
  }

  /// Does the swap or the flip; pays 1 and ends when the row is sorted.
  public mutating func step(_ action: Action) -> Transition {
    let n = configuration.tokens
    switch configuration.moves {
    case .adjacent:
      touched = action.index..<action.index + 2
    case .any:
      var (left, index) = (0, action.index)
      while index >= n - 1 - left {
        index -= n - 1 - left
        left += 1
      }
      touched = left..<left + index + 2
    case .prefix:
      touched = 0..<action.index + 2
    }
    isSwap = configuration.moves != .prefix
    var (left, right) = (touched.lowerBound, touched.upperBound - 1)
    while left < right {
      exchange(left, right)
      if isSwap { break }
      left += 1
      right -= 1
    }
    let success = row == Sorting.sortedRow(n)
    return Transition(reward: success ? 1 : 0, outcome: success ? .terminated : .running, success: success)
  }

  /// The fewest moves that sort the row.
  var distance: Int {
    let n = configuration.tokens
    switch configuration.moves {
    case .adjacent:
      var inversions = 0
      for right in 0..<n { for left in 0..<right where token(left) > token(right) { inversions += 1 } }
      return inversions
    case .any:
      var (cycles, seen) = (0, 0)
      for start in 0..<n where seen >> start & 1 == 0 {
        cycles += 1
        var place = start
        while seen >> place & 1 == 0 {
          seen |= 1 << place
          place = token(place)
        }
      }
      return n - cycles
    case .prefix:
      return Int(FlipDistances.tables[n].of(row))
    }
  }

  /// Writes the tokens, and the signals that the row has.
  ///
  /// - Complexity: O(n), with `distance` O(n²); for flips a table of n! distances is made at its first use.
  public func observe(into observation: inout ObservationRow) {
    var misplaced = 0
    for place in 0..<configuration.tokens {
      let token = token(place)
      observation.write(UInt8(token), to: 0, at: place)
      if token != place { misplaced += 1 }
    }
    if observation.wants(1) { observation.write(UInt8(distance), to: 1) }
    observation.write(UInt8(misplaced), to: 2)
    if var text = RowText(observation, 3) {
      switch configuration.moves {
      case .adjacent: text.add("sort by swaps of neighbours:")
      case .any: text.add("sort by swaps:")
      case .prefix: text.add("sort by turning prefixes:")
      }
      for place in 0..<configuration.tokens {
        text.add(" ")
        text.add(token(place) + 1)
      }
      text.end()
    }
  }

  /// The row itself, exact.
  public func digest() -> UInt64 { row }

  /// Bars as high as their tokens; those in their place are green, a bracket shows what the last move touched.
  public func sketch() -> Sketch {
    let n = configuration.tokens
    let height = Float(n) * 0.6 + 2.3
    var sketch = Sketch(width: Float(n) + 0.6, height: height)
    sketch.shapes = [
      .rectangle(corner: Sketch.Point(0, 0), width: sketch.width, height: height, .backdrop),
      .rectangle(corner: Sketch.Point(0.2, height - 1.05), width: Float(n) + 0.2, height: 0.06, .track),
    ]
    var lines = [[Sketch.Character]](repeating: [], count: n + 1)
    for place in 0..<n {
      let token = token(place)
      let color: Sketch.Color = token == place ? .goal : .blend(.cart, .pole, Double(token) / Double(n))
      let top = 0.6 * Float(token + 1) + 0.4
      let left = Float(place) + 0.38
      sketch.shapes.append(
        .rectangle(corner: Sketch.Point(left, height - 1.05 - top), width: 0.84, height: top, color))
      let size: Float = 0.55
      sketch.shapes.append(
        .text("\(token + 1)", at: Sketch.Point(left + 0.42 - 0.3 * size, height - 0.95), height: size, .joint))
      for level in 0..<n {
        lines[n - 1 - level] += [Sketch.Character(level <= token ? "#" : " ", color), Sketch.Character(" ")]
      }
      lines[n] += [Sketch.Character(Character("\(token + 1)"), color), Sketch.Character(" ")]
    }
    if !touched.isEmpty {
      let (a, b) = (Float(touched.lowerBound) + 0.8, Float(touched.upperBound) - 0.2)
      let y = height - 0.22
      sketch.shapes.append(.line(Sketch.Point(a, y), Sketch.Point(b, y), width: 0.06, .danger))
      for x in [a, b] {
        sketch.shapes.append(.line(Sketch.Point(x, y), Sketch.Point(x, y - 0.16), width: 0.06, .danger))
      }
    }
    sketch.board = lines
    sketch.captions = ["\(distance) \(distance == 1 ? "move" : "moves") from sorted"]
    return sketch
  }
}

/// The fewest flips that sort each row of n tokens, by breadth-first search from the sorted one; made at first use.
struct FlipDistances: Sendable {
  /// By the row's rank in lexicographic order.
  private let distances: [UInt8]
  private let tokens: Int

  /// A table for each number of tokens, made when the first one is asked for: all ten together take 400 KB.
  static let tables = (0...9).map { FlipDistances(tokens: $0) }

  /// The table for rows of so many tokens.
  ///
  /// - Complexity: O(n! n²): 0.4 million rows for nine tokens.
  init(tokens: Int) {
    self.tokens = tokens
    guard tokens >= 2 else {
      distances = []
      return
    }
    var distances = [UInt8](repeating: .max, count: (1...tokens).reduce(1, *))
    let sorted = Sorting.sortedRow(tokens)
    distances[FlipDistances.rank(sorted, tokens)] = 0
    var frontier = [sorted]
    var distance: UInt8 = 1
    while !frontier.isEmpty {
      var next: [UInt64] = []
      for row in frontier {
        for length in 2...tokens {
          let flipped = FlipDistances.flip(row, length)
          let rank = FlipDistances.rank(flipped, tokens)
          guard distances[rank] == .max else { continue }
          distances[rank] = distance
          next.append(flipped)
        }
      }
      frontier = next
      distance += 1
    }
    self.distances = distances
  }

  /// The greatest distance of any row.
  var greatest: UInt8 { distances.max() ?? 0 }

  /// The fewest flips that sort the row.
  func of(_ row: UInt64) -> UInt8 { distances[FlipDistances.rank(row, tokens)] }

  /// The row with its first tokens turned around.
  private static func flip(_ row: UInt64, _ length: Int) -> UInt64 {
    var result = (row >> UInt64(4 * length)) << UInt64(4 * length)
    for place in 0..<length { result |= (row >> UInt64(4 * place) & 15) << UInt64(4 * (length - 1 - place)) }
    return result
  }

  /// The number of the row among all, in lexicographic order.
  private static func rank(_ row: UInt64, _ tokens: Int) -> Int {
    var (rank, seen) = (0, 0)
    for place in 0..<tokens {
      let token = Int(row >> UInt64(4 * place) & 15)
      rank = rank * (tokens - place) + token - (seen & ((1 << token) - 1)).nonzeroBitCount
      seen |= 1 << token
    }
    return rank
  }
}
