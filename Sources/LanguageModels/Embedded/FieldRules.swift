import RealModule

/// Rules over the fields of examples, which compete to predict a target: see `EmbeddedLanguageModel`.
struct FieldRules {
  /// A field of every example, and of the question, which stands last.
  private struct Column {
    /// Numbers, or hashes; `absent` where an example has no such field.
    var values: [Int64]
    var isNumber: Bool
    /// Equal for equal values, numbered in the order in which they appear.
    var classes: [Int32]
  }
  struct Vote {
    var value: Int64
    var probability: Double
  }

  private static let absent = Int64.min
  /// The largest number, in millionths: what has more digits is no number.
  private static let largest: UInt64 = 999_999_999_999_999
  /// Weight of what a rule does not know.
  private static let doubt = 0.5
  private static let mostNumbers = 6
  private static let mostConditions = 14
  /// Conditions that are tried in pairs, the best ones.
  private static let mostPaired = 5

  private let weights: [Double]
  private let situations: [Bool]
  private var numbers: [Column] = []
  private var conditions: [Column] = []
  private var table = ClassTable()

  init(_ examples: [LineExample], query: LineExample) {
    weights = examples.map(\.weight)
    let situation = query.situation
    situations = examples.map { $0.situation == situation }
    let all = examples + [query]
    // The nearest first: numbers of the line itself, then of the lines before.
    for number in query.line.numbers where number.token < query.length {
      add(number: all.map { $0.line.numbers.first { $0.token == number.token }?.value ?? Self.absent })
    }
    for (depth, line) in query.context.enumerated() {
      for (place, number) in line.numbers.enumerated() {
        add(number: all.map { example in
          guard depth < example.context.count else { return Self.absent }
          let numbers = example.context[depth].numbers
          // Most lines have the same numbers at the same places.
          if place < numbers.count, numbers[place].key == number.key { return numbers[place].value }
          return numbers.first { $0.key == number.key }?.value ?? Self.absent
        })
      }
    }
    for number in numbers { add(condition: number) }
    for depth in query.context.indices {
      func hashes(_ hash: (TextLine) -> UInt64) -> [Int64] {
        all.map { depth < $0.context.count ? Int64(bitPattern: hash($0.context[depth])) : Self.absent }
      }
      add(condition: column(hashes(\.shape), isNumber: false))
      add(condition: column(hashes(\.hash), isNumber: false))
    }
    for first in numbers.indices {
      for second in numbers.indices where second > first {
        let signs = zip(numbers[first].values, numbers[second].values).map { a, b in
          a == Self.absent || b == Self.absent ? Self.absent : Int64((a - b).signum())
        }
        add(condition: column(signs, isNumber: false))
      }
    }
  }

  private mutating func column(_ values: [Int64], isNumber: Bool) -> Column {
    Column(values: values, isNumber: isNumber, classes: table.classes(values))
  }

  /// A number that says nothing new is left out; one that the question lacks, too.
  private mutating func add(number values: [Int64]) {
    guard numbers.count < Self.mostNumbers, values.last != Self.absent,
      !numbers.contains(where: { $0.values == values })
    else { return }
    numbers.append(column(values, isNumber: true))
  }

  /// A condition that all examples share tells none apart.
  private mutating func add(condition: Column) {
    guard conditions.count < Self.mostConditions, condition.classes.dropLast().contains(where: { $0 != 0 }),
      !conditions.contains(where: { $0.classes == condition.classes })
    else { return }
    conditions.append(condition)
  }

  /// The votes of all rules, the likeliest values first.
  ///
  /// - Parameter targets: What came next, an element an example.
  mutating func vote(_ targets: [Int64], areNumbers: Bool) -> [Vote] {
    let count = targets.count
    var votes = Ballot()
    let novelty = Double(Set(targets).count + 2)
    let trivial = [Int32](repeating: 0, count: count + 1)
    // What a target is told as the change of: nothing, a number, or a sum of two.
    var bases: [[Int64]] = [[Int64](repeating: 0, count: count + 1)]
    if areNumbers {
      bases += numbers.map(\.values)
      let summed = numbers.prefix(4)
      for first in summed.indices {
        for second in summed.indices where second > first {
          bases.append(zip(summed[first].values, summed[second].values).map { a, b in
            a == Self.absent || b == Self.absent ? Self.absent : a + b
          })
        }
      }
    }
    let changes: [(classes: [Int32], values: [Int64])] = bases.map { base in
      let values = targets.indices.map { base[$0] == Self.absent ? Self.absent : targets[$0] - base[$0] }
      var classes = table.classes(values)
      // A change that cannot be told is nobody's.
      for index in values.indices where values[index] == Self.absent { classes[index] = Int32(count + index) }
      return (classes, values)
    }
    func prior(_ base: Int, _ conditions: Int) -> Double {
      // Numbers of such texts are told by others more often than they are the same everywhere.
      let of = !areNumbers ? 0 : base == 0 ? -0.7 : base <= numbers.count ? -0.5 : -1.2
      return of - 0.7 * Double(conditions)
    }
    func judge(_ base: Int, _ groups: [Int32], _ conditions: Int) -> Double {
      let query = bases[base][count]
      guard query != Self.absent else { return -.infinity }
      let verdict = table.judge(
        groups: groups, results: changes[base].classes, weights: weights, doubt: Self.doubt, novelty: novelty)
      let weight = verdict.logLikelihood + prior(base, conditions)
      let values = changes[base].values
      votes.add(weight, verdict.counts.compactMap { found in
        guard values[found.example] != Self.absent else { return nil }
        let value = values[found.example] &+ query
        return areNumbers && value.magnitude > Self.largest ? nil : (value, found.probability)
      })
      return verdict.logLikelihood
    }

    var best = -Double.infinity
    for base in bases.indices { best = max(best, judge(base, trivial, 0)) }
    // A rule without conditions that never errs is not bettered by one with some.
    if best < -1 || count < 4 {
      var merits = conditions.indices.map { _ in -Double.infinity }
      for condition in conditions.indices {
        for base in bases.indices {
          merits[condition] = max(merits[condition], judge(base, conditions[condition].classes, 1))
        }
        if conditions[condition].isNumber { votes.add(nearest(conditions[condition].values, targets, novelty)) }
      }
      if merits.max() ?? 0 < -1.5 * .log(novelty) {
        let paired = conditions.indices.sorted { (merits[$0], $1) > (merits[$1], $0) }.prefix(Self.mostPaired)
        for first in paired.indices {
          for second in paired.indices where second > first {
            let (a, b) = (conditions[paired[first]].classes, conditions[paired[second]].classes)
            let groups = table.classes(zip(a, b).map { Int64($0) << 32 | Int64($1) })
            for base in bases.indices { _ = judge(base, groups, 2) }
          }
        }
      }
    }
    return votes.result(exactly: exact(targets))
  }

  /// What followed the very same text, with how much it counts against the rules.
  private func exact(_ targets: [Int64]) -> (votes: [(Int64, Double)], share: Double) {
    var found: [(Int64, Double)] = []
    var total = 0.0
    for index in targets.indices where situations[index] {
      found.append((targets[index], weights[index]))
      total += weights[index]
    }
    return (found.map { ($0.0, $0.1 / total) }, total / (total + Self.doubt))
  }

  /// The rule that goes by the examples that are nearest in a number.
  private func nearest(
    _ values: [Int64], _ targets: [Int64], _ novelty: Double
  ) -> (weight: Double, votes: [(Int64, Double)])? {
    let count = targets.count
    guard values[count] != Self.absent else { return nil }
    func neighbours(of index: Int) -> [Int] {
      var least = UInt64.max
      var found: [Int] = []
      for other in 0..<count where other != index && values[other] != Self.absent {
        let distance = (values[other] - values[index]).magnitude
        if distance < least {
          least = distance
          found = [other]
        } else if distance == least {
          found.append(other)
        }
      }
      return found
    }
    var logLikelihood = 0.0
    for index in 0..<count {
      let near = values[index] == Self.absent ? [] : neighbours(of: index)
      var (same, all) = (Self.doubt / novelty, Self.doubt)
      for other in near {
        all += weights[other]
        if targets[other] == targets[index] { same += weights[other] }
      }
      logLikelihood += .log(same / all)
    }
    let near = neighbours(of: count)
    let all = near.reduce(Self.doubt) { $0 + weights[$1] }
    return (logLikelihood - 0.7, near.map { (targets[$0], weights[$0] / all) })
  }

  /// Sums up what rules say, weighted by how well each predicted the examples.
  private struct Ballot {
    private var rules: [(weight: Double, votes: [(Int64, Double)])] = []

    mutating func add(_ weight: Double, _ votes: [(Int64, Double)]) {
      if !votes.isEmpty { rules.append((weight, votes)) }
    }

    mutating func add(_ rule: (weight: Double, votes: [(Int64, Double)])?) {
      if let rule { add(rule.weight, rule.votes) }
    }

    func result(exactly exact: (votes: [(Int64, Double)], share: Double)) -> [Vote] {
      var found: [Vote] = []
      func add(_ value: Int64, _ probability: Double) {
        if let place = found.firstIndex(where: { $0.value == value }) {
          found[place].probability += probability
        } else {
          found.append(Vote(value: value, probability: probability))
        }
      }
      let share = exact.votes.isEmpty ? 0 : exact.share
      for (value, probability) in exact.votes { add(value, share * probability) }
      let top = rules.map(\.weight).max() ?? 0
      var total = 0.0
      for rule in rules { total += Double.exp(rule.weight - top) }
      for rule in rules {
        let weight = (1 - share) * Double.exp(rule.weight - top) / total
        guard weight > 1e-9 else { continue }
        for (value, probability) in rule.votes { add(value, weight * probability) }
      }
      return found.sorted { ($1.probability, $0.value) < ($0.probability, $1.value) }
    }
  }
}
