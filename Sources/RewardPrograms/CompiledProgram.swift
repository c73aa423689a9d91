public import Groundwork
public import ReinforcementLearning

/// A reward program that is bound to an environment's fields: a flat list of operations over columns of a batch.
///
/// Not a model by itself: it has no settings and applies no weights (`ProgramReward` does).
public struct CompiledProgram: Sendable {
  /// A component of the reward.
  public struct Component: Sendable, Hashable {
    /// Without `reward.`.
    public var name: String
    /// What its numbers are to be multiplied by.
    public var weight: Double
    /// Where it is written.
    public var place: RewardProgram.Place
  }

  /// What it was made of.
  public let program: RewardProgram
  /// What it pays, in order.
  public let components: [Component]
  /// The signals that it reads, in the specification's order.
  public let signals: [String]
  /// All fields that it reads, the policy's too, in the specification's order.
  public let fields: [String]
  /// In order; operands and targets are registers.
  let code: [Instruction]
  /// How many columns are held at a time.
  let registers: Int
  /// By component, the register that holds it at the end.
  let results: [Int]
  /// What `contains` looks for.
  let texts: [[UInt8]]
  /// The names of fields by their number in the specification.
  let fieldNames: [String]
  /// Whether an action is a number and no vector.
  let isDiscrete: Bool

  /// The most elements of a vector that is computed with.
  public static let vectorLength = 1024
  /// The most operations on single numbers.
  public static let instructions = 16_384
  /// Rows that an operation passes over at a time: columns of this length stay in the cache.
  static let rows = 256
  /// Rows of a worker's piece of work.
  static let pieceRows = 1024

  /// Binds a program to an environment.
  ///
  /// - Parameter discount: What `discount` and `shaping(...)` mean: the agent's, 0...1.
  /// - Throws: `UserError` with line, column and fix for a name that the environment lacks, operands that do not fit,
  ///   units that differ, or constants that are not finite.
  /// - Complexity: O(expressions + operations).
  public init(_ program: RewardProgram, for specification: Specification, discount: Double = 1) throws(UserError) {
    var checker = Checker(program, specification)
    try checker.check()
    var compiler = Compiler(checker, discount: Float(discount))
    try compiler.compile()
    self.program = program
    components = program.statements.filter(\.isReward).map {
      Component(name: $0.name, weight: $0.weight, place: $0.place)
    }
    fieldNames = specification.fields.map(\.name)
    isDiscrete = specification.actions.isDiscrete
    let read = Set(
      compiler.instructions.compactMap { instruction -> Int? in
        switch instruction.operation {
        case .loadBefore, .loadAfter, .containsBefore, .containsAfter: Int(instruction.a)
        default: nil
        }
      })
    let numbers = specification.fields.indices.filter(read.contains)
    fields = numbers.map { specification.fields[$0].name }
    signals = numbers.filter { specification.fields[$0].role == .signal }.map { specification.fields[$0].name }
    texts = compiler.texts
    let placed = CompiledProgram.allocate(compiler.instructions, compiler.results)
    code = placed.code
    registers = placed.registers
    results = placed.results
  }

  /// Gives registers that are read no more to what comes later, and drops what nothing reads.
  private static func allocate(
    _ instructions: [Instruction], _ results: [Int]
  ) -> (code: [Instruction], registers: Int, results: [Int]) {
    var lastUse = [Int](repeating: -1, count: instructions.count)
    for result in results { lastUse[result] = .max }
    for index in instructions.indices.reversed() where lastUse[index] >= 0 {
      for source in instructions[index].sources where lastUse[source] < index { lastUse[source] = index }
    }
    var code: [Instruction] = []
    var places = [Int](repeating: 0, count: instructions.count)
    var free: [Int] = []
    var count = 0
    for (index, instruction) in instructions.enumerated() where lastUse[index] >= 0 {
      var placed = instruction
      if instruction.operation.registers > 0 { placed.a = Int32(places[Int(instruction.a)]) }
      if instruction.operation.registers > 1 { placed.b = Int32(places[Int(instruction.b)]) }
      if instruction.operation.registers > 2 { placed.c = Int32(places[Int(instruction.c)]) }
      for source in Set(instruction.sources).sorted() where lastUse[source] == index { free.append(places[source]) }
      // A constant stays where it was written, over all passes.
      if instruction.operation == .constant { lastUse[index] = .max }
      if instruction.operation != .constant, let place = free.popLast() {
        places[index] = place
      } else {
        places[index] = count
        count += 1
      }
      placed.target = Int32(places[index])
      code.append(placed)
    }
    return (code, count, results.map { places[$0] })
  }

  /// Whether a component is the same number in every step there is.
  public func isFixed(_ component: Int) -> Bool {
    code.contains { $0.operation == .constant && Int($0.target) == results[component] }
  }

  /// What it pays for transitions, before the weights.
  ///
  /// - Parameters:
  ///   - transitions: With all of `signals` in their rows.
  ///   - scores: `[components, transitions]`.
  /// - Throws: `UserError` for a component that is not finite, or is not once weighted, with the step's line in
  ///   the program.
  /// - Complexity: O(operations * transitions); allocates the columns of a pass for each 1,024 transitions.
  public func evaluate(
    _ transitions: Transitions, into scores: RewardScores, workers: Workers
  ) throws(UserError) {
    precondition(scores.components == components.count && scores.count >= transitions.count, "scores have other sizes")
    let places = fieldNames.map { name in fields.contains(name) ? transitions.layout.place(name) : nil }
    for name in fields { precondition(transitions.layout.place(name) != nil, "the rows do not hold '\(name)'") }
    let pieces = (transitions.count + CompiledProgram.pieceRows - 1) / CompiledProgram.pieceRows
    // The first component that is not finite, a place for each piece.
    var faults = [Int](repeating: -1, count: pieces)
    faults.withUnsafeMutableBufferPointer { faults in
      let faults = SharedFaults(start: faults.baseAddress)
      workers.perform(pieces) { piece in
        let first = piece * CompiledProgram.pieceRows
        let count = min(CompiledProgram.pieceRows, transitions.count - first)
        faults.start![piece] = ProgramPass(self, places, transitions).run(from: first, count: count, into: scores)
      }
    }
    if let fault = faults.first(where: { $0 >= 0 }) {
      let component = components[fault]
      var error = program.error(
        at: component.place, "reward.\(component.name) is not a finite number in one of the steps",
        fix: "Divide by what is not 0, take roots and logarithms of what is above 0, or clamp(x, low, high)")
      error.cause = .payment
      throw error
    }
  }

  /// Written by workers, each its own element.
  private struct SharedFaults: @unchecked Sendable {
    let start: UnsafeMutablePointer<Int>?
  }
}
