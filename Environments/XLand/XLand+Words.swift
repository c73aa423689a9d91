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
    case .agentHold: "hold a \(a.phrase)"
    case .agentOnTile: "step onto a \(a.phrase)"
    case .agentNear(nil): "stand beside a \(a.phrase)"
    case .agentNear(let side?): "stand \(side.opposite.preposition) a \(a.phrase)"
    case .tileNear(nil): "put a \(a.phrase) and a \(b.phrase) side by side"
    case .tileNear(let side?): "put a \(b.phrase) \(side.preposition) a \(a.phrase)"
    case .tileOnPosition: "bring a \(a.phrase) to row \(row), column \(column)"
    case .agentOnPosition: "stand in row \(row), column \(column)"
    }
  }
}

extension XLand.Rule {
  /// What happens, in words: "a red ball in your hands becomes a blue key".
  public var sentence: String {
    let effect = product == .floor ? "disappears" : "becomes a \(product.phrase)"
    switch kind {
    case .agentHold: return "a \(a.phrase) in your hands \(effect)"
    case .agentNear(nil): return "a \(a.phrase) beside you \(effect)"
    case .agentNear(let side?): return "a \(a.phrase) \(side.preposition) you \(effect)"
    case .tileNear(nil): return "a \(a.phrase) beside a \(b.phrase) \(effect)"
    case .tileNear(let side?): return "a \(a.phrase) with a \(b.phrase) \(side.preposition) it \(effect)"
    }
  }
}
