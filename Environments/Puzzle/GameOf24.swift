internal import EnvironmentKit
import Groundwork
public import ReinforcementLearning

/// A few whole numbers are combined, two at a time, until one is left, which must be the target.
///
/// **Task.** Make 24 of four numbers with + - * /, each number used once. Arithmetic is exact: 8 / (3 - 8 / 3) is 24.
///
/// **Actions.** An ordered pair of the numbers and an operation, `a+b` `a-b` `a*b` `a/b` `a+c` ...: the numbers are
/// lettered from a in ascending order, the action (x, y, operation) has the number ((x · (n - 1) + y′) · 4 +
/// operation), y′ being y without x. Illegal: a number that is no longer there, a division by 0, and what gives the
/// same as an earlier action (b+a, b*a; b-a and b/a of equal numbers). An illegal action changes nothing but the time.
///
/// **Observation.** `codes` uint8 [n, 1]: the numbers in ascending order, 0 for none, 1 for a fraction or an integer
/// beyond -48...204, otherwise 50 more than the integer; `values` float32 [n]: x / (|x| + max(1, `target`)) of each
/// number x, which is within ±1, 0.5 at the target and 0 where there is none.
///
/// **Signals.** `solvable` uint8: 1 while the target can still be reached, by trying everything; `remaining` uint8:
/// steps until one number is left; `text`: the problem, the steps so far and what is left; `expression`: the terms
/// that are left.
///
/// **Reward.** 1 when the last step gives the target, otherwise 0.
///
/// **Start.** Numbers uniform in 1...`largest`, drawn again until they can be solved (unless `solvableOnly` is off) and
/// belong to `problems`. 1,362 of the 1,820 multisets of four numbers up to 13 make 24.
///
/// **End.** Terminated when one number is left, a success when it is the target. Truncated after n - 1 steps, which
/// only happens after an illegal action.
///
/// **Configuration.** How many numbers and how large, the target, which problems.
///
/// **Source.** The card game (24点); as a test of search over partial solutions: Yao et al., "Tree of Thoughts", 2023.
public struct GameOf24: Drawable, Searchable {
  /// 0..<4 n (n - 1): how a pair and an operation are numbered stands under **Actions**.
  public typealias Action = IndexAction

  /// Which multisets of numbers are drawn; a fifth of them, by a hash, is held out.
  public enum Problems: String, Codable, Hashable, Sendable, CaseIterable { case all, training, heldOut }

  /// How many numbers, how large, the target, and which problems are drawn.
  public struct Configuration: Codable, Hashable, Sendable {
    /// How many numbers (n), 2 to 5.
    public var numbers = 4
    /// The largest of them, 1 to 99.
    public var largest = 13
    /// 0 to 9999.
    public var target = 24
    /// Whether only problems with a solution are drawn.
    public var solvableOnly = true
    /// Which problems are drawn, for measuring what carries over to unseen ones.
    public var problems = Problems.all

    /// Four numbers up to 13 that make 24.
    public init() {}
  }

  /// A step of the solution: the numbers by identity (a start, or n + an earlier step), and what came out.
  ///
  /// Kept for texts and the picture; nothing that is observed or rewarded depends on it.
  struct Combination: Hashable, Sendable {
    var left: UInt8
    var right: UInt8
    /// Applied to left and right in this order.
    var operation: ArithmeticOperation
    var result: Fraction
  }

  /// The problems of this value.
  public let configuration: Configuration
  /// The numbers that are left, ascending, in the first `count` places.
  var numbers = InlineArray<5, Fraction>(repeating: Fraction(0))
  /// Where each number came from: a start's place, or n + the step.
  var identities = InlineArray<5, UInt8>(repeating: 0)
  /// Numbers that are left, n at the start and 1 at the end.
  public internal(set) var count = 0
  /// The numbers of the problem, ascending, in the first n places.
  var starts = InlineArray<5, Int64>(repeating: 0)
  /// The combinations so far, in the first n - `count` places.
  var steps = InlineArray<4, Combination>(
    repeating: Combination(left: 0, right: 0, operation: .add, result: Fraction(0)))

  /// No numbers until the first `reset`.
  public init(plan configuration: Configuration) { self.configuration = configuration }

  /// - Throws: `UserError` when a number is out of range, or when none of 2,000 draws is a problem that the
  ///   configuration wants.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try require((2...5).contains(configuration.numbers), "numbers", Double(configuration.numbers), "2 to 5")
    try require((1...99).contains(configuration.largest), "largest", Double(configuration.largest), "1 to 99")
    try require((0...9999).contains(configuration.target), "target", Double(configuration.target), "0 to 9999")
    var environment = GameOf24(plan: configuration)
    var random = RandomSource(seed: 0)
    guard (0..<2000).contains(where: { _ in environment.draw(&random) }) else {
      throw UserError(
        """
        of 2,000 problems of \(configuration.numbers) numbers up to \(configuration.largest) none makes \
        \(configuration.target)
        """,
        fix: "Use another target, more or larger numbers (--set target=, numbers=, largest=), or solvableOnly=false")
    }
    return configuration
  }

  /// `codes` [n, 1] uint8 and `values` [n] float32 and four signals; 4 n (n - 1) actions, some of them illegal.
  public static func specification(of configuration: Configuration) -> Specification {
    let n = configuration.numbers
    let letters = ["a", "b", "c", "d", "e"]
    var names: [String] = []
    for left in 0..<n {
      for right in 0..<n where right != left {
        names += ArithmeticOperation.allCases.map { "\(letters[left])\($0.symbol)\(letters[right])" }
      }
    }
    return Specification(
      measures: [.success, .return(), .length()],
      fields: [
        Field(
          "codes", shape: [n, 1], element: .uint8, kind: .categorical([255]), summary: "the numbers as codes, ascending"
        ),
        Field("values", shape: [n], element: .float32, range: -1...1, summary: "the numbers, brought within ±1"),
        .signal("solvable", element: .uint8, range: 0...1, summary: "whether the target can still be reached"),
        .signal("remaining", element: .uint8, range: 0...Double(n - 1), summary: "steps until one number is left"),
        .textSignal("text", bytes: 256, summary: "the problem, the steps so far and what is left"),
        .textSignal("expression", bytes: 96, summary: "the terms that are left"),
      ],
      actions: .discrete(names), hasIllegalActions: true, timeLimit: n - 1, rewards: 0...1)
  }

  /// Draws numbers until they are a problem that the configuration wants.
  public mutating func reset(seed: UInt64) {
    var random = RandomSource(seed: seed)
    while !draw(&random) {}
  }

  /// Draws a start; whether it is one of those that the configuration wants.
  private mutating func draw(_ random: inout RandomSource) -> Bool {
    count = configuration.numbers
    for index in 0..<count { starts[index] = Int64(random.integer(in: 1..<configuration.largest + 1)) }
    // Ascending; at most five.
    for index in 1..<count {
      var place = index
      while place > 0 && starts[place] < starts[place - 1] {
        (starts[place], starts[place - 1]) = (starts[place - 1], starts[place])
        place -= 1
      }
    }
    var hash: UInt64 = 0
    for index in 0..<count {
      numbers[index] = Fraction(starts[index])
      identities[index] = UInt8(index)
      hash = RandomSource.mixed(hash, UInt64(starts[index]), 24)
    }
    if configuration.problems != .all && (hash % 5 == 0) != (configuration.problems == .heldOut) { return false }
    return !configuration.solvableOnly
      || StartCache.isSolvable(starts, count: count, target: Int64(configuration.target))
  }

  /// Nothing is drawn after the start.
  public mutating func reseed(_ seed: UInt64) {}

  /// Replaces two numbers by what the operation makes of them; an illegal action does nothing.
  public mutating func step(_ action: Action) -> Transition {
    let (left, right, operation) = operands(action.index)
    guard isLegal(left, right, operation), let result = operation.apply(numbers[left], numbers[right]) else {
      return Transition(reward: 0)
    }
    let number = configuration.numbers - count
    steps[number] = Combination(
      left: identities[left], right: identities[right], operation: operation, result: result)
    remove(max(left, right))
    remove(min(left, right))
    insert(result, identity: UInt8(configuration.numbers + number))
    guard count == 1 else { return Transition(reward: 0) }
    let success = isTarget(result)
    return Transition(reward: success ? 1 : 0, outcome: .terminated, success: success)
  }

  /// Whether it is the target, exactly.
  func isTarget(_ number: Fraction) -> Bool { number.isInteger && number.numerator == Int64(configuration.target) }

  /// The numbers' places and the operation of an action.
  private func operands(_ action: Int) -> (left: Int, right: Int, ArithmeticOperation) {
    let (pair, operation) = action.quotientAndRemainder(dividingBy: 4)
    let (left, other) = pair.quotientAndRemainder(dividingBy: configuration.numbers - 1)
    return (left, other < left ? other : other + 1, ArithmeticOperation(rawValue: UInt8(operation))!)
  }

  /// Whether both numbers are there, the division is by something, and no earlier action gives the same.
  private func isLegal(_ left: Int, _ right: Int, _ operation: ArithmeticOperation) -> Bool {
    guard left < count && right < count else { return false }
    if operation == .divide && numbers[right].numerator == 0 { return false }
    return left < right || !(operation.isCommutative || numbers[left] == numbers[right])
  }

  /// Closes the gap of a number that was used.
  private mutating func remove(_ place: Int) {
    for index in place..<count - 1 {
      numbers[index] = numbers[index + 1]
      identities[index] = identities[index + 1]
    }
    count -= 1
  }

  /// Puts a number in its place in ascending order.
  private mutating func insert(_ number: Fraction, identity: UInt8) {
    var place = count
    while place > 0 && number < numbers[place - 1] {
      numbers[place] = numbers[place - 1]
      identities[place] = identities[place - 1]
      place -= 1
    }
    numbers[place] = number
    identities[place] = identity
    count += 1
  }

  /// Marks what `step` would do something for; some action is legal while two numbers are left.
  public func legalActions(into mask: inout MutableSpan<Bool>) {
    for action in 0..<mask.count {
      let (left, right, operation) = operands(action)
      mask[action] = isLegal(left, right, operation)
    }
  }

  /// Writes codes and values of the numbers, and the signals that the row has.
  ///
  /// - Complexity: the signal `solvable` tries every combination of what is left, up to 233,280 for five
  ///   numbers; starts are remembered by the process.
  public func observe(into row: inout ObservationRow) {
    let scale = Float(max(1, configuration.target))
    for index in 0..<configuration.numbers {
      var code: UInt8 = 0
      var value: Float = 0
      if index < count {
        let number = numbers[index]
        let isNear = number.isInteger && (-48...204).contains(number.numerator)
        code = isNear ? UInt8(number.numerator + 50) : 1
        let exact = Float(number.numerator) / Float(number.denominator)
        value = exact / (abs(exact) + scale)
      }
      row.write(code, to: 0, at: index)
      row.write(value, to: 1, at: index)
    }
    if row.wants(2) { row.write(UInt8(isSolvable ? 1 : 0), to: 2) }
    row.write(UInt8(count - 1), to: 3)
    if let text = RowText(row, 4) { write(text: text) }
    if let text = RowText(row, 5) { write(expression: text) }
  }

  /// Whether the target can still be reached.
  var isSolvable: Bool {
    let target = Int64(configuration.target)
    if count == configuration.numbers { return StartCache.isSolvable(starts, count: count, target: target) }
    var left = CombinationSolver.Numbers()
    for index in 0..<count { left.append(numbers[index].numerator, over: numbers[index].denominator) }
    return CombinationSolver(target: target).reaches(left)
  }

  /// The numbers alone: how they came about matters to nothing but the texts.
  public func digest() -> UInt64 {
    var digest = StateDigest()
    for index in 0..<count {
      digest.add(numbers[index].numerator)
      digest.add(numbers[index].denominator)
    }
    return digest.value
  }
}
