import ReinforcementLearning

/// Which place of an archive's map is chosen, and what keys and clicks do there.
///
/// It knows neither window nor picture: whoever shows the map asks it what is chosen and does what it asks for.
struct ArchiveControl {
  /// What a key or a click asks for.
  enum Request: Equatable {
    case nothing, redraw, quit
    /// Watch a cell's trajectory.
    case watch(Int)
  }

  /// The archive that is shown.
  let map: ArchiveMap
  /// Its cells by place, which keys and clicks choose among.
  let heat: HeatMap
  /// The chosen place among `heat.spots`; nil while none is.
  private(set) var chosen: Int?
  /// Which of the place's cells.
  private(set) var cellIndex = 0

  /// Nothing is chosen at first.
  init(_ map: ArchiveMap) {
    self.map = map
    heat = HeatMap(map.cells)
  }

  /// The chosen cell.
  var cell: ArchiveEntry? { chosen.map { heat.spots[$0].cells[cellIndex] } }

  /// Does what a key asks for: arrows choose, enter and space watch, tab goes to the place's next cell, b
  /// watches the best way, q and escape leave.
  mutating func press(_ key: Key) -> Request {
    switch key {
    case .escape, .character("q"): return .quit
    case .left: return move(-1, 0)
    case .right: return move(1, 0)
    case .up: return move(0, -1)
    case .down: return move(0, 1)
    case .tab:
      guard let chosen, heat.spots[chosen].cells.count > 1 else { return .nothing }
      cellIndex = (cellIndex + 1) % heat.spots[chosen].cells.count
      return .redraw
    case .character("b"):
      guard let best = map.best else { return .nothing }
      return .watch(best)
    case .enter, .character(" "):
      guard let cell else { return .nothing }
      return .watch(cell.number)
    default: return .nothing
    }
  }

  /// Chooses the place at a point of the sketch.
  ///
  /// - Parameter point: In the sketch's world units.
  mutating func choose(at point: Sketch.Point) -> Request {
    guard let index = heat.spots.firstIndex(where: { $0.area.contains(point) }) else { return .nothing }
    // A second click on it watches.
    if index == chosen, let cell { return .watch(cell.number) }
    (chosen, cellIndex) = (index, 0)
    return .redraw
  }

  /// Goes to the nearest place in a direction; from nowhere to where the best way begins.
  ///
  /// A place straight ahead is preferred to a nearer one that is askew: its cost is the distance along the
  /// direction plus twice the one across. Places farther off the direction than 45 degrees are not candidates.
  private mutating func move(_ dx: Float, _ dy: Float) -> Request {
    guard !heat.spots.isEmpty else { return .nothing }
    guard let chosen else {
      let start = map.path.first
      (self.chosen, cellIndex) = (heat.spots.firstIndex { $0.area == start } ?? 0, 0)
      return .redraw
    }
    let from = heat.spots[chosen].area.center
    var best: (cost: Float, index: Int)?
    for (index, spot) in heat.spots.enumerated() {
      let (x, y) = (spot.area.center.x - from.x, spot.area.center.y - from.y)
      let along = x * dx + y * dy
      let across = abs(x * dy) + abs(y * dx)
      // Within a quarter circle of the direction; straight on before askew.
      guard along > 1e-4, across <= along else { continue }
      let cost = along + 2 * across
      if cost < best?.cost ?? .infinity { best = (cost, index) }
    }
    guard let best else { return .nothing }
    (self.chosen, cellIndex) = (best.index, 0)
    return .redraw
  }

  /// The keys of the hint line.
  static let hints = [
    HelpLine(keys: "←→↑↓ click", meaning: "choose"), HelpLine(keys: "enter", meaning: "watch the way there"),
    HelpLine(keys: "tab", meaning: "another cell of the place"), HelpLine(keys: "b", meaning: "watch the best"),
    HelpLine(keys: "q", meaning: "quit"),
  ]
}
