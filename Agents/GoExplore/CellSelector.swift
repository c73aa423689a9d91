import Groundwork
import RealModule
import ReinforcementLearning

/// How likely each cell is chosen: `SelectionWeights` by cell, kept up to date, and drawn from.
struct CellSelector {
  private let rules: SelectionWeights
  private let isUniform: Bool
  /// The places in the key of what the neighbourhood terms read; nil where they have no weight.
  private let horizontal: Int?
  private let objects: Int?
  private let level: Int?
  private var highestLevel = Int32.min
  private var highestObjects = Int32.min
  /// By cell; 0 for the cell of ended episodes.
  private(set) var weights: [Double] = [0]
  /// Sums of the weights up to and with each cell.
  private var sums: [Double] = [0]

  /// - Throws: `UserError` when a part that a term needs is none of the expression's.
  init(_ configuration: GoExploreConfiguration, expression: CellExpression?) throws(UserError) {
    let rules = configuration.weights
    self.rules = rules
    isUniform = configuration.selection == .uniform
    func place(_ part: String, _ name: String, isUsed: Bool, off: String) throws(UserError) -> Int? {
      guard isUsed else { return nil }
      guard let expression else {
        throw UserError(
          "agent.weights.\(name) needs a cell with parts, which agent.cell=frame has not",
          fix: "Leave it at its default")
      }
      guard let places = expression.places(of: part), places.count == 1 else {
        let parts = expression.parts.map(\.text)
        let numbers = parts.filter { expression.places(of: $0)?.count == 1 }
        let near = UserError.nearest(to: part, among: numbers).first
        let fix =
          (near.map { "Did you mean '\($0)'? " } ?? "")
          + (numbers.isEmpty
            ? "None of the cell's parts (\(parts.joined(separator: ", "))) is one: "
            : "The cell's single numbers are \(numbers.joined(separator: ", ")); without any, ")
        throw UserError(
          "agent.weights.\(name) '\(part)' is no single number of the cell",
          fix: fix + "--set agent.weights.\(off) does without")
      }
      return places.lowerBound
    }
    horizontal = try place(rules.horizontalPart, "horizontalPart", isUsed: rules.horizontal > 0, off: "horizontal=0")
    objects = try place(rules.objectsPart, "objectsPart", isUsed: rules.objects > 0, off: "objects=0")
    level = try place(rules.levelPart, "levelPart", isUsed: rules.levelFactor < 1, off: "levelFactor=1")
  }

  /// The same rules before there are cells.
  var emptied: CellSelector {
    var selector = self
    (selector.highestLevel, selector.highestObjects) = (.min, .min)
    (selector.weights, selector.sums) = ([0], [0])
    return selector
  }

  private var readsNeighbours: Bool { horizontal != nil || objects != nil }

  /// Weighs these cells anew, and those that are not weighed yet with the neighbours that they change.
  mutating func update(_ changed: some Sequence<Int>, cells: [ArchivedCell], table: KeyTable) {
    let first = weights.count
    weights.append(contentsOf: repeatElement(0, count: cells.count - first))
    var isHigher = false
    for cell in first..<cells.count {
      if let level, table[cell][level] > highestLevel { (highestLevel, isHigher) = (table[cell][level], true) }
      if let objects { highestObjects = max(highestObjects, table[cell][objects]) }
    }
    if isHigher {
      for cell in 1..<cells.count { weigh(cell, cells, table) }
    } else {
      for cell in changed where cell != Archive.ended { weigh(cell, cells, table) }
      for cell in first..<cells.count {
        weigh(cell, cells, table)
        if readsNeighbours { weighNeighbours(of: cell, cells, table) }
      }
    }
    sums.removeAll(keepingCapacity: true)
    var sum = 0.0
    for weight in weights {
      sum += weight
      sums.append(sum)
    }
  }

  /// Draws a cell in proportion to its weight. - Complexity: O(log(cells)).
  func draw(_ random: inout RandomSource) -> Int {
    let wanted = random.uniform() * sums[sums.count - 1]
    // The first cell whose sum exceeds what was drawn.
    var (low, high) = (1, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > wanted { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private mutating func weigh(_ index: Int, _ cells: [ArchivedCell], _ table: KeyTable) {
    if isUniform {
      weights[index] = 1
      return
    }
    let cell = cells[index]
    var weight = 0.0
    for (factor, value, power) in [
      (rules.seen, cell.seen, rules.seenPower), (rules.chosen, cell.chosen, rules.chosenPower),
      (rules.chosenSinceNew, cell.chosenSinceNew, rules.chosenSinceNewPower),
      (rules.actionTimes, cell.actionTimes, rules.actionTimesPower),
    ] where factor > 0 {
      weight += factor / CellSelector.power(Double(value) + 1, power)
    }
    let key = table[index]
    if let horizontal {
      for side: Int32 in [-1, 1] where !exists(key, table, place: horizontal, key[horizontal] &+ side) {
        weight += rules.horizontal
      }
    }
    if let objects, !hasRicherTwin(key, table, objects) { weight += rules.objects }
    if let level { weight *= CellSelector.power(rules.levelFactor, Double(highestLevel - key[level])) }
    weights[index] = weight
  }

  /// The cells whose terms a new cell changes: those beside it, and those like it with fewer objects.
  private mutating func weighNeighbours(of index: Int, _ cells: [ArchivedCell], _ table: KeyTable) {
    var key = Array(UnsafeBufferPointer(start: table[index], count: table.width))
    func find(_ place: Int, _ value: Int32) -> Int {
      let kept = key[place]
      key[place] = value
      defer { key[place] = kept }
      return key.withUnsafeBufferPointer { table.find($0.baseAddress!) }
    }
    var affected: [Int] = []
    if let horizontal { affected += [find(horizontal, key[horizontal] &- 1), find(horizontal, key[horizontal] &+ 1)] }
    if let objects, key[objects] > 0 {
      for fewer in max(0, key[objects] - 64)..<key[objects] { affected.append(find(objects, fewer)) }
    }
    for cell in affected where cell > 0 { weigh(cell, cells, table) }
  }

  private func hasRicherTwin(_ key: UnsafePointer<Int32>, _ table: KeyTable, _ place: Int) -> Bool {
    let own = key[place]
    let highest = min(highestObjects, own < .max - 64 ? own + 64 : .max)
    guard own < highest else { return false }
    return (own + 1...highest).contains { exists(key, table, place: place, $0) }
  }

  private func exists(_ key: UnsafePointer<Int32>, _ table: KeyTable, place: Int, _ value: Int32) -> Bool {
    var copy = Array(UnsafeBufferPointer(start: key, count: table.width))
    copy[place] = value
    return copy.withUnsafeBufferPointer { table.find($0.baseAddress!) } >= 0
  }

  /// x^p, with the square root and whole powers exact on every machine.
  private static func power(_ x: Double, _ p: Double) -> Double {
    if p == 0.5 { return x.squareRoot() }
    if p == p.rounded(), abs(p) <= 1024 {
      var result = 1.0
      for _ in 0..<Int(abs(p)) { result *= x }
      return p < 0 ? 1 / result : result
    }
    return Double.pow(x, p)
  }
}
