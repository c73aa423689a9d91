extension XLand.Cell {
  /// "a red ball", "an orange key".
  var indefinite: String { (color == .orange ? "an " : "a ") + phrase }
}

extension XLand.Side {
  /// Where `b` lies as seen from `a`.
  var preposition: String {
    switch self {
    case .up: "above"
    case .right: "right of"
    case .down: "below"
    case .left: "left of"
    }
  }

  /// Where the agent stands when something lies on that side of it.
  var opposite: XLand.Side { XLand.Side(rawValue: (rawValue + 2) & 3)! }
}

extension XLand.Goal {
  /// What to do, in words: "stand beside a red ball".
  public var sentence: String {
    switch kind {
    case .none: "nothing can be reached"
    case .agentHold: "hold \(a.indefinite)"
    case .agentOnTile: "step onto \(a.indefinite)"
    case .agentNear(nil): "stand beside \(a.indefinite)"
    case .agentNear(let side?): "stand \(side.opposite.preposition) \(a.indefinite)"
    case .tileNear(nil): "put \(a.indefinite) and \(b.indefinite) side by side"
    case .tileNear(let side?): "put \(b.indefinite) \(side.preposition) \(a.indefinite)"
    case .tileOnPosition: "bring \(a.indefinite) to row \(row), column \(column)"
    case .agentOnPosition: "stand in row \(row), column \(column)"
    }
  }
}

extension XLand.Rule {
  /// What happens, in words: "a red ball in your hands becomes a blue key".
  public var sentence: String {
    let effect = product == .floor ? "disappears" : "becomes \(product.indefinite)"
    switch kind {
    case .agentHold: return "\(a.indefinite) in your hands \(effect)"
    case .agentNear(nil): return "\(a.indefinite) beside you \(effect)"
    case .agentNear(let side?): return "\(a.indefinite) \(side.preposition) you \(effect)"
    case .tileNear(nil): return "\(a.indefinite) beside \(b.indefinite) \(effect)"
    case .tileNear(let side?): return "\(a.indefinite) with \(b.indefinite) \(side.preposition) it \(effect)"
    }
  }
}
