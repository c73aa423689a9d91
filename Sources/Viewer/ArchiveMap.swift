public import ReinforcementLearning

/// An archive of visited states to be shown on the environment's own picture: how often each place was visited, and
/// the best way.
///
/// It is a picture of one moment: an archive that grows on is shown anew. Cells whose states the environment
/// cannot place on its picture are counted in the facts but not painted. `watchInWindow(_:options:trajectory:)`
/// lets a person choose cells, `printInTerminal(_:)` and `record(_:to:options:)` show it at once.
public struct ArchiveMap: Sendable {
  /// The environment's id.
  public var title: String
  /// Whose archive, and when.
  public var subtitle: String
  /// The picture of the start, on which all is drawn.
  public var sketch: Sketch
  /// Every cell of the archive; those without a place are counted but not painted.
  public var cells: [ArchiveEntry]
  /// The places that the best way passes, from the start.
  public var path: [Sketch.Area]
  /// The number of the cell with the best way.
  public var best: Int?
  /// What else there is to say, label and value, the most important first.
  public var facts: [(label: String, value: String)]

  /// - Parameters:
  ///   - sketch: The picture of the start, whose world units the places are in.
  ///   - path: One place a step of the best way, the start's first; places may repeat.
  ///   - facts: Label and value, the most important first; the header shows as many as it has room for.
  public init(
    title: String, subtitle: String, sketch: Sketch, cells: [ArchiveEntry], path: [Sketch.Area], best: Int?,
    facts: [(label: String, value: String)] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.sketch = sketch
    self.cells = cells
    self.path = path
    self.best = best
    self.facts = facts
  }
}

/// The cells of an archive by place: what is painted.
///
/// The scale is logarithmic, since a place near the start has thousands of times the visits of one at the
/// frontier.
struct HeatMap {
  /// A place with the cells whose states lie there.
  struct Spot: Hashable {
    /// Where the environment draws it, in the sketch's world units.
    var area: Sketch.Area
    /// Of all its cells.
    var visits: Int
    /// The best one first.
    var cells: [ArchiveEntry]
  }

  /// In the order in which their first cells were found.
  private(set) var spots: [Spot] = []
  /// The visits of the place that was visited most; 0 for an empty archive.
  private(set) var mostVisits = 0

  /// Sums the cells of each place; successes come before other cells, then greater returns, then shorter ways.
  ///
  /// - Complexity: O(n log n) in the cells.
  init(_ cells: [ArchiveEntry]) {
    var numbers: [Sketch.Area: Int] = [:]
    for cell in cells {
      guard let area = cell.place else { continue }
      if let number = numbers[area] {
        spots[number].visits += cell.visits
        spots[number].cells.append(cell)
      } else {
        numbers[area] = spots.count
        spots.append(Spot(area: area, visits: cell.visits, cells: [cell]))
      }
    }
    for index in spots.indices {
      spots[index].cells.sort { a, b in
        if a.success != b.success { return a.success }
        return (-a.score, a.length, a.number) < (-b.score, b.length, b.number)
      }
      mostVisits = max(mostVisits, spots[index].visits)
    }
  }

  /// Where a number of visits lies between none (0) and the most (1), on a logarithmic scale.
  func heat(_ visits: Int) -> Float {
    mostVisits > 0 ? HeatMap.logarithm(visits) / HeatMap.logarithm(mostVisits) : 0
  }

  /// log2(1 + visits), without a library of functions.
  static func logarithm(_ visits: Int) -> Float {
    let value = Double(max(0, visits)) + 1
    // The exponent, and the logarithm of a number from 1 to 2 by squaring, a binary digit at a time.
    var (result, digit, rest) = (Double(value.exponent), 0.5, value.significand)
    for _ in 0..<24 {
      rest *= rest
      if rest >= 2 { (rest, result) = (rest / 2, result + digit) }
      digit /= 2
    }
    return Float(result)
  }

  /// The scale's colours, dark blue over magenta to yellow: five points of matplotlib's map "plasma", which has even
  /// steps for the eye in any colour vision.
  static func color(_ heat: Float) -> Sketch.Color {
    let points: [(Float, Float, Float)] = [(40, 30, 150), (126, 3, 168), (204, 71, 120), (248, 149, 64), (240, 249, 33)]
    let place = min(max(heat, 0), 1) * 4
    let lower = min(3, Int(place))
    let part = place - Float(lower)
    func mix(_ a: Float, _ b: Float) -> UInt8 { UInt8((a + (b - a) * part).rounded()) }
    let (a, b) = (points[lower], points[lower + 1])
    return Sketch.Color(mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
  }

  /// Numbers of visits for the scale: 1, 10, 100, ... up to the most.
  ///
  /// - Returns: None for an archive without visits.
  var ticks: [Int] {
    var ticks: [Int] = []
    var tick = 1
    while tick <= mostVisits {
      ticks.append(tick)
      tick *= 10
    }
    return ticks
  }
}
