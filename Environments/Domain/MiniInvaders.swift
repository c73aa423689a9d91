internal import EnvironmentKit
public import ReinforcementLearning

/// Two aliens descend on a ship that can shoot straight up.
///
/// **Task.** Shoot both aliens before one lands.
///
/// **Actions.** 0 `left`: a column to the left; 1 `shoot`: kill every alien in the ship's column; 2 `right`.
///
/// **Observation.** `ship` uint8 [1]: its column's code; `aliens` uint8 [2, 2]: codes of each alien's column and
/// height, the highest codes (`columns`, `height` + 1) for a dead one.
///
/// **Signals.** `alive` uint8: aliens that live; `distance` uint8: columns to the nearest of them, 0 without one;
/// `text`: the state as a line of Python, with hints.
///
/// **Reward.** 1 for every alien that is killed.
///
/// **Start.** The ship's and the aliens' columns drawn without replacement, the aliens at the top (`height`).
///
/// **End.** In a step first the shot, then each living alien in turn: at height 0 it lands and the episode ends,
/// otherwise it descends by one; then the ship moves, not past the edge. Terminated when an alien lands or none
/// lives, which is a success. Never truncated.
///
/// **Configuration.** Columns and height. Two kills are always possible; the optimum under a discount of 0.8 is
/// 1.2034 on average over the starts.
///
/// **Source.** Brooks et al., ICPI, 2023, the domain mini-invaders.
public struct MiniInvaders: Environment, Drawable {
  /// A column to the left, shoot, a column to the right: 0 to 2.
  public enum Action: UInt8, DiscreteAction { case left, shoot, right }

  /// The board; the defaults are ICPI's.
  public struct Configuration: Codable, Hashable, Sendable {
    /// 3 to 50.
    public var columns = 4
    /// The aliens' height at the start, 1 to 50.
    public var height = 5

    /// 4 columns, aliens that start at height 5.
    public init() {}
  }

  /// The board of this value.
  public let configuration: Configuration
  /// The ship's column, 0 at the left.
  public internal(set) var ship = 0
  /// Columns of the aliens; -1 for a dead one.
  public internal(set) var alienColumns = SIMD2<Int>(-1, -1)
  /// Heights of the aliens; one at 0 lands in the next step. Those of dead ones mean nothing.
  public internal(set) var alienHeights = SIMD2<Int>(0, 0)

  /// No aliens until the first `reset`.
  public init(plan configuration: Configuration) { self.configuration = configuration }

  /// - Throws: `UserError` when columns are not in 3 to 50 or the height not in 1 to 50.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try require((3...50).contains(configuration.columns), "columns", Double(configuration.columns), "3 to 50")
    try require((1...50).contains(configuration.height), "height", Double(configuration.height), "1 to 50")
    return configuration
  }

  /// `ship` [1] and `aliens` [2, 2] uint8 and three signals; without a time limit, since aliens land.
  public static func specification(of configuration: Configuration) -> Specification {
    Specification(
      measures: [.return(in: 0...2), .success, .length()],
      fields: [
        Field(
          "ship", shape: [1], element: .uint8, kind: .categorical([configuration.columns]), summary: "the ship's column"
        ),
        Field(
          "aliens", shape: [2, 2], element: .uint8,
          kind: .categorical([configuration.columns + 1, configuration.height + 2]),
          summary: "each alien's column and height, the highest codes for a dead one"),
        .signal("alive", element: .uint8, range: 0...2, summary: "aliens that live"),
        .signal(
          "distance", element: .uint8, range: 0...Double(configuration.columns),
          summary: "columns to the nearest living alien"),
        .textSignal("text", bytes: 224, summary: "the state as a line of Python with its hints"),
      ],
      actions: .discrete(Action.names), timeLimit: nil, rewards: 0...1, solvedReturn: 2)
  }

  /// Draws the ship's column, then the aliens'.
  public mutating func reset(seed: UInt64) {
    var random = RandomSource(seed: seed)
    // Three different columns: each draw skips the columns that are taken, in ascending order.
    ship = random.integer(in: 0..<configuration.columns)
    var first = random.integer(in: 0..<configuration.columns - 1)
    if first >= ship { first += 1 }
    var second = random.integer(in: 0..<configuration.columns - 2)
    if second >= min(ship, first) { second += 1 }
    if second >= max(ship, first) { second += 1 }
    alienColumns = SIMD2(first, second)
    alienHeights = SIMD2(repeating: configuration.height)
  }

  /// Nothing is drawn after the start.
  public mutating func reseed(_ seed: UInt64) {}

  /// The shot, the aliens' descent, the ship's move, in this order; each kill pays 1.
  public mutating func step(_ action: Action) -> Transition {
    var killed = 0
    if action == .shoot {
      for alien in 0..<2 where alienColumns[alien] == ship {
        alienColumns[alien] = -1
        killed += 1
      }
    }
    var landed = false
    for alien in 0..<2 where alienColumns[alien] >= 0 {
      if alienHeights[alien] == 0 { landed = true } else { alienHeights[alien] -= 1 }
    }
    ship = min(max(ship + Int(action.rawValue) - 1, 0), configuration.columns - 1)
    let cleared = alienColumns[0] < 0 && alienColumns[1] < 0
    return Transition(reward: Float(killed), outcome: landed || cleared ? .terminated : .running, success: cleared)
  }

  /// Writes ship and aliens, how many live, how far the nearest is, and the line of Python.
  public func observe(into row: inout ObservationRow) {
    row.write(UInt8(ship), to: 0)
    var alive = 0
    var nearest = configuration.columns
    for alien in 0..<2 {
      let isAlive = alienColumns[alien] >= 0
      row.write(UInt8(isAlive ? alienColumns[alien] : configuration.columns), to: 1, at: 2 * alien)
      row.write(UInt8(isAlive ? alienHeights[alien] : configuration.height + 1), to: 1, at: 2 * alien + 1)
      if isAlive {
        alive += 1
        nearest = min(nearest, abs(alienColumns[alien] - ship))
      }
    }
    row.write(UInt8(alive), to: 2)
    row.write(UInt8(alive == 0 ? 0 : nearest), to: 3)
    if let text = RowText(row, 4) { write(text) }
  }

  private func write(_ text: consuming RowText) {
    text.add("assert ship == C(")
    text.add(ship)
    text.add(", 0) and aliens == [")
    for alien in 0..<2 {
      if alien == 1 { text.add(", ") }
      if alienColumns[alien] >= 0 {
        text.add("C(")
        text.add(alienColumns[alien])
        text.add(", ")
        text.add(alienHeights[alien])
        text.add(")")
      } else {
        text.add("None")
      }
    }
    text.add("]")
    for alien in 0..<2 where alienColumns[alien] >= 0 {
      text.add(" and (ship.x, aliens[")
      text.add(alien)
      text.add("].x) == (")
      text.add(ship)
      text.add(", ")
      text.add(alienColumns[alien])
      text.add(
        ship == alienColumns[alien]
          ? ") and ship.x == aliens[" : ship < alienColumns[alien] ? ") and ship.x < aliens[" : ") and ship.x > aliens["
      )
      text.add(alien)
      text.add("].x")
    }
    text.end()
  }

  /// The board with the ship at the bottom and the aliens that live.
  public func sketch() -> Sketch {
    var tiles = Tiles(columns: configuration.columns, rows: configuration.height + 1)
    for alien in 0..<2 where alienColumns[alien] >= 0 {
      tiles.disc(alienColumns[alien], configuration.height - alienHeights[alien], .danger, "W")
    }
    tiles.arrow(ship, configuration.height, direction: 3, .cart)
    tiles.caption("ship \(ship)")
    return tiles.sketch
  }
}
