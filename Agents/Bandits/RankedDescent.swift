public import ReinforcementLearning
import RealModule

/// Descent that is told nothing but rankings: which of some points are best, in order (ZO-RankSGD).
///
/// A step asks an oracle for the ordered best k of m points around the present one, x + mu xi_i with normal xi_i. Every
/// pair that the answer orders pulls from the worse to the better: a point of rank r (from 0) counts m - 1 - 2 r, one
/// that was not ranked -k, all over the number of ordered pairs. A line search along that direction asks the same
/// oracle for the best of some lengths, the present point and the best point of the query; where the present point
/// wins, directions are added up until one helps.
///
/// Source: Tang, Rybin and Chang 2024, "Zeroth-order optimization meets human feedback: provable learning via ranking
/// oracles" (weights of the comparison graph are derived here: wins less losses).
public struct RankedDescent: Sendable {
  /// Of one search.
  public struct Settings: Codable, Hashable, Sendable {
    /// Points of a query (m), at least 2.
    public var points = 10
    /// How many of them the oracle ranks (k), 1 to `points`.
    public var ranked = 10
    /// Size of the perturbations (mu), above 0.
    public var radius = 0.01
    /// Lengths of the line search, from 1.
    public var lengths = 8
    /// First length tried, above 0; later ones follow from what was chosen.
    public var firstLength = 1.0

    /// Ten points, all ranked.
    public init() {}
  }

  /// Ranks points: the numbers of the best `count`, best first.
  public typealias Oracle = (_ points: [[Double]], _ count: Int) throws -> [Int]

  private let settings: Settings
  /// Where it stands.
  public private(set) var point: [Double]
  /// Points that the oracle was asked about so far.
  public private(set) var queries = 0
  /// The direction that is added up while nothing helps.
  public private(set) var direction: [Double]
  /// The longest step that is tried next.
  public private(set) var reach: Double
  private var misses = 0.0

  /// A search that begins at a point.
  public init(_ settings: Settings, at point: [Double]) {
    self.settings = settings
    self.point = point
    direction = Array(repeating: 0, count: point.count)
    reach = settings.firstLength
  }

  /// The state of a search that is gone on with.
  public init(_ settings: Settings, at point: [Double], direction: [Double], reach: Double, queries: Int) {
    self.init(settings, at: point)
    self.direction = direction
    self.reach = reach
    self.queries = queries
  }

  /// The direction that a ranking gives: wins less losses of every point, over the ordered pairs.
  ///
  /// - Parameters:
  ///   - offsets: `[m][d]`
  ///   - order: The ranked points' numbers, best first.
  static func direction(_ offsets: [[Double]], order: [Int]) -> [Double] {
    let (m, k) = (offsets.count, order.count)
    var weights = [Double](repeating: -Double(k), count: m)
    for (rank, point) in order.enumerated() { weights[point] = Double(m - 1 - 2 * rank) }
    let pairs = Double(k * (k - 1) / 2 + k * (m - k))
    var sum = [Double](repeating: 0, count: offsets[0].count)
    for (weight, offset) in zip(weights, offsets) {
      for place in sum.indices { sum[place] += weight * offset[place] / pairs }
    }
    return sum
  }

  /// A query, a direction, a line search.
  public mutating func step(random: inout RandomSource, oracle: Oracle) rethrows {
    let dimension = point.count
    let offsets = (0..<settings.points).map { _ in (0..<dimension).map { _ in random.quickNormal() } }
    let asked = offsets.map { offset in zip(point, offset).map { $0 + settings.radius * $1 } }
    let order = try oracle(asked, settings.ranked)
    queries += settings.points
    for (place, part) in RankedDescent.direction(offsets, order: order).enumerated() { direction[place] += part }
    let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard norm > 0 else { return }
    let lengths = (0..<settings.lengths).map { reach * Double.pow(0.5, Double($0)) }
    let candidates =
      [point] + lengths.map { length in zip(point, direction).map { $0 + length * $1 / norm } } + [asked[order[0]]]
    let best = try oracle(candidates, 1)[0]
    queries += candidates.count
    if best == 0 {
      misses += 1
      reach = max(reach * 0.5, 1e-9)
      // Old directions fade, so that one that was wrong does not stay.
      if misses >= 20 {
        misses = 0
        for place in direction.indices { direction[place] = 0 }
      }
      return
    }
    misses = 0
    point = candidates[best]
    if best <= lengths.count { reach = min(4 * lengths[best - 1], 1e6) }
    for place in direction.indices { direction[place] = 0 }
  }
}
