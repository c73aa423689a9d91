import Groundwork
import RealModule
import ReinforcementLearning

/// How the network is told its goal: fields that are appended to the observation.
///
/// A word of the goal's key is one-hot where it has a small range, else a scaled number. Absolute: the word itself.
/// Relative: its difference from the present cell's word, cut to plus and minus 15 where it is one-hot; of codes
/// without order only whether they are equal.
struct GoalEncoder {
  /// One word of a key.
  struct Word: Hashable {
    /// The smallest value, and how many there are; 0 where it is a scaled number.
    var lowest: Int32
    var count: Int
    /// Whether values beside each other are alike.
    var isOrdered: Bool
    /// Scale of the number; infinite ends where it is unlimited.
    var range: ClosedRange<Double>
  }

  /// The most values of a one-hot word.
  private static let limit = 256
  /// The largest relative difference that is told apart.
  private static let reach: Int32 = 15

  let words: [Word]
  /// The words of the cell's first part: what lies beside what.
  let axes: Range<Int>
  private let input: PolicyGoExploreConfiguration.GoalInput
  private var codesOffset = 0
  private var numbersOffset = 0
  private let codesName: String
  private let numbersName: String

  init(_ expression: CellExpression, _ specification: Specification, input: PolicyGoExploreConfiguration.GoalInput) {
    self.input = input
    words = expression.parts.flatMap { part in
      (part.element.map { $0..<$0 + 1 } ?? 0..<part.field.count).map { GoalEncoder.word(part, element: $0) }
    }
    axes = 0..<expression.parts[0].count
    func free(_ name: String) -> String {
      var name = name
      while specification.field(name) != nil { name += "_" }
      return name
    }
    codesName = free("goalCodes")
    numbersName = free("goalNumbers")
  }

  private static func word(_ part: CellExpression.Part, element: Int) -> Word {
    let field = part.field
    if case .categorical(let counts) = field.kind, part.divisor == 1 {
      return Word(lowest: 0, count: counts[element % counts.count], isOrdered: false, range: 0...1)
    }
    let range = field.range
    let (low, high) = (range.lowerBound / part.divisor, range.upperBound / part.divisor)
    let isFinite = low.isFinite && high.isFinite
    var word = Word(lowest: 0, count: 0, isOrdered: true, range: low...high)
    if isFinite, high.rounded(.down) - low.rounded(.down) < Double(limit) {
      word.lowest = CellReader.bin(low, 1)
      word.count = Int(CellReader.bin(high, 1) - word.lowest) + 1
    }
    return word
  }

  private var isAbsolute: Bool { input != .relative }
  private var isRelative: Bool { input != .absolute }

  /// The environment's specification with the goal's fields after its own.
  func extend(_ specification: Specification) -> Specification {
    var codes: [Int] = []
    var numbers = 0
    for word in words {
      if word.count > 0 {
        if isAbsolute { codes.append(word.count) }
        if isRelative { codes.append(word.isOrdered ? Int(2 * GoalEncoder.reach) + 1 : 2) }
      } else {
        numbers += (isAbsolute ? 1 : 0) + (isRelative ? 1 : 0)
      }
    }
    var specification = specification
    if !codes.isEmpty {
      specification.fields.append(
        Field(codesName, shape: [codes.count], element: .uint8, kind: .categorical(codes), range: 0...255))
    }
    if numbers > 0 { specification.fields.append(Field(numbersName, shape: [numbers], element: .float32)) }
    return specification
  }

  /// Finds the fields in a row of the extended specification.
  mutating func place(in layout: ObservationLayout) {
    codesOffset = layout.place(codesName)?.offset ?? 0
    numbersOffset = layout.place(numbersName)?.offset ?? 0
  }

  /// Bytes of the row before the goal: the environment's own policy fields.
  func environmentBytes(in layout: ObservationLayout) -> Int {
    [codesName, numbersName].compactMap { layout.place($0)?.offset }.min() ?? layout.policyBytes
  }

  /// Writes a goal into a row.
  ///
  /// - Parameters:
  ///   - goal: Its key.
  ///   - present: The key of the cell that the row shows.
  func write(goal: UnsafePointer<Int32>, present: UnsafePointer<Int32>, into row: UnsafeMutableRawPointer) {
    var code = codesOffset
    var number = numbersOffset
    func put(code value: Int32) {
      row.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: code, as: UInt8.self)
      code += 1
    }
    func put(number value: Double) {
      row.storeBytes(of: Float(value), toByteOffset: number, as: Float.self)
      number += 4
    }
    for (index, word) in words.enumerated() {
      if word.count > 0 {
        if isAbsolute { put(code: min(max(goal[index] &- word.lowest, 0), Int32(word.count - 1))) }
        if isRelative {
          let reach = GoalEncoder.reach
          let difference = Int64(goal[index]) - Int64(present[index])
          put(
            code: word.isOrdered
              ? Int32(min(max(difference, Int64(-reach)), Int64(reach))) + reach : difference == 0 ? 1 : 0)
        }
      } else {
        let value = Double(goal[index])
        if isAbsolute {
          let (low, high) = (word.range.lowerBound, word.range.upperBound)
          let isScaled = low.isFinite && high.isFinite && high > low
          put(number: isScaled ? 2 * (value - low) / (high - low) - 1 : GoalEncoder.squashed(value))
        }
        if isRelative { put(number: GoalEncoder.squashed(value - Double(present[index]))) }
      }
    }
  }

  /// A number of any size brought to a few units: sign(x) log(1 + |x|) / 4.
  private static func squashed(_ value: Double) -> Double {
    let size = Double.log(onePlus: abs(value)) / 4
    return value < 0 ? -size : size
  }

  /// The keys beside one: another step along one of the axes, inside the range of what can be.
  func neighbours(of key: [Int32]) -> [[Int32]] {
    var result: [[Int32]] = []
    for axis in axes where words[axis].isOrdered {
      for side: Int32 in [-1, 1] {
        var neighbour = key
        neighbour[axis] = key[axis] &+ side
        let word = words[axis]
        let place = Int64(neighbour[axis]) - Int64(word.lowest)
        if word.count == 0 || (0..<Int64(word.count)).contains(place) { result.append(neighbour) }
      }
    }
    return result
  }
}
