import Groundwork
import ReinforcementLearning

/// Turns a checked program into instructions: every expression once, constants computed, nothing for what no component
/// reads.
struct Compiler {
  private let program: RewardProgram
  private let specification: Specification
  private let checker: Checker
  /// What `discount` means.
  private let discount: Float
  /// For each node a bit for after the step (1) and one for before it (2).
  private var moments: [UInt8]
  /// Registers of each node's numbers, after and before the step.
  private var after: [[Int]]
  private var before: [[Int]]
  private var known: [Instruction: Int] = [:]
  /// Where an error of the instruction at hand is.
  private var place = RewardProgram.Place(line: 1, column: 1)
  /// In single assignment: instruction `n` writes register `n`.
  private(set) var instructions: [Instruction] = []
  /// What `contains` looks for.
  private(set) var texts: [[UInt8]] = []
  /// The registers of the components.
  private(set) var results: [Int] = []

  init(_ checker: Checker, discount: Float) {
    self.checker = checker
    self.discount = discount
    program = checker.program
    specification = checker.specification
    moments = Array(repeating: 0, count: program.nodes.count)
    after = Array(repeating: [], count: program.nodes.count)
    before = after
  }

  /// - Throws: `UserError` for what has no value before a step, for constants that are not finite, and where vectors
  ///   make more instructions than fit.
  mutating func compile() throws(UserError) {
    for statement in program.statements where statement.isReward { moments[statement.value] |= 1 }
    for node in program.nodes.indices.reversed() where moments[node] != 0 { try spread(node) }
    for node in program.nodes.indices where moments[node] != 0 {
      place = program.nodes[node].place
      if moments[node] & 1 != 0 { after[node] = try emit(node, before: false) }
      if moments[node] & 2 != 0 { before[node] = try emit(node, before: true) }
    }
    results = program.statements.filter(\.isReward).map { after[$0.value][0] }
  }

  /// Asks the operands of a node for the moments that it is asked for.
  private mutating func spread(_ index: Int) throws(UserError) {
    let node = program.nodes[index]
    let asked = moments[index]
    func refuse(_ what: String) throws(UserError) {
      guard asked & 2 != 0 else { return }
      throw program.error(
        at: node.place, "\(what) has no value before the step", fix: "Use it outside of before(...) and shaping(...)")
    }
    switch node.form {
    case .number, .truth, .text: break
    case .step(let property): try refuse("step.\(property)")
    case .name:
      switch checker.meanings[index] {
      case .node(let value): moments[value] |= asked
      case .action: try refuse("action")
      case .field, .discount, .nothing: break
      }
    case .element(let vector, _):
      // Of a field the element alone is loaded.
      switch checker.meanings[vector] {
      case .field: break
      case .action: try refuse("action")
      case .node, .discount, .nothing: moments[vector] |= asked
      }
    case .call(let function, let operands):
      if function == .before || function == .shaping { try refuse("\(function.rawValue)(...)") }
      let wanted: UInt8 = function == .before ? 2 : function == .shaping ? 3 : asked
      if function == .contains { return }
      for operand in operands where checker.types[operand].kind != .text { moments[operand] |= wanted }
    }
  }

  // MARK: Instructions

  /// The register that holds what an instruction gives.
  private mutating func emit(_ instruction: Instruction) throws(UserError) -> Int {
    let sources = instruction.sources
    if instruction.operation == .divide, value(of: sources[1]) == 0 {
      throw program.error(at: place, "division by zero", fix: "Divide by what is not 0, for example max(x, 0.01)")
    }
    if !sources.isEmpty, sources.allSatisfy({ value(of: $0) != nil }) { return try fold(instruction, sources) }
    if let register = known[instruction] { return register }
    guard instructions.count < CompiledProgram.instructions else {
      throw program.error(
        at: place, "the program takes more than \(CompiledProgram.instructions) operations on numbers",
        fix: "Compute with shorter vectors, or fewer of them")
    }
    instructions.append(instruction)
    known[instruction] = instructions.count - 1
    return instructions.count - 1
  }

  /// What a register always holds; nil where it depends on the step.
  private func value(of register: Int) -> Float? {
    instructions[register].operation == .constant ? instructions[register].constant : nil
  }

  /// Computes what constants give.
  private mutating func fold(_ instruction: Instruction, _ sources: [Int]) throws(UserError) -> Int {
    var values = sources.map { value(of: $0)! } + [0, 0, 0]
    var result: Float = 0
    values.withUnsafeMutableBufferPointer { values in
      let start = UnsafePointer(values.baseAddress!)
      Kernels.run(instruction.operation, start, start + 1, start + 2, to: &result, count: 1)
    }
    guard result.isFinite else {
      throw program.error(
        at: place, "this gives \(result), which is not a finite number",
        fix: "Scale what is computed, or clamp(x, -10, 10)")
    }
    return try constant(result)
  }

  private mutating func constant(_ value: Float) throws(UserError) -> Int { try emit(.constant(value)) }

  private mutating func emit(
    _ operation: Instruction.Operation, _ a: Int, _ b: Int = 0, _ c: Int = 0
  ) throws(UserError) -> Int {
    try emit(Instruction(operation: operation, a: Int32(a), b: Int32(b), c: Int32(c)))
  }

  // MARK: Nodes

  /// The registers of a node's numbers at a moment.
  private mutating func emit(_ index: Int, before isBefore: Bool) throws(UserError) -> [Int] {
    let node = program.nodes[index]
    func registers(_ node: Int) -> [Int] { isBefore ? before[node] : after[node] }
    switch node.form {
    case .text: return []
    case .number(let number): return [try constant(Float(number))]
    case .truth(let truth): return [try constant(truth ? 1 : 0)]
    case .step(let property):
      let operation: Instruction.Operation =
        switch property {
        case "reward": .reward
        case "success": .success
        case "terminated": .terminated
        default: .truncated
        }
      return [try emit(Instruction(operation: operation))]
    case .name:
      switch checker.meanings[index] {
      case .node(let value): return registers(value)
      case .discount: return [try constant(discount)]
      case .action, .field:
        var loaded: [Int] = []
        for element in 0..<length(index) { loaded.append(try load(index, element, before: isBefore)) }
        return loaded
      case .nothing: preconditionFailure("a name without a meaning was not refused")
      }
    case .element(let vector, let indices):
      let element = checker.flatIndex(of: vector, indices)
      switch checker.meanings[vector] {
      case .field, .action: return [try load(vector, element, before: isBefore)]
      case .node, .discount, .nothing: return [registers(vector)[element]]
      }
    case .call(.before, let operands): return before[operands[0]]
    case .call(.shaping, let operands):
      // A terminal state has no potential; a truncated episode's last one keeps it.
      let ended = try emit(Instruction(operation: .terminated))
      let next = try emit(.choose, ended, constant(0), after[operands[0]][0])
      return [try emit(.subtract, emit(.multiply, constant(discount), next), before[operands[0]][0])]
    case .call(.contains, let operands):
      guard case .field(let field) = checker.meanings[operands[0]],
        case .text(let text) = program.nodes[operands[1]].form
      else { preconditionFailure("contains was checked") }
      let bytes = Array(text.utf8)
      let place = texts.firstIndex(of: bytes) ?? texts.count
      if place == texts.count { texts.append(bytes) }
      return [
        try emit(
          Instruction(
            operation: isBefore ? .containsBefore : .containsAfter, a: Int32(field), b: Int32(place)))
      ]
    case .call(let function, let operands):
      return try call(function, operands, operands.map(registers))
    }
  }

  /// How many numbers a node is.
  private func length(_ node: Int) -> Int {
    if case .vector(let count) = checker.types[node].kind { return count }
    return checker.types[node].kind == .text ? 0 : 1
  }

  private mutating func load(_ node: Int, _ element: Int, before isBefore: Bool) throws(UserError) -> Int {
    guard case .field(let field) = checker.meanings[node] else {
      return try emit(Instruction(operation: .action, a: Int32(element)))
    }
    return try emit(
      Instruction(operation: isBefore ? .loadBefore : .loadAfter, a: Int32(field), b: Int32(element)))
  }

  /// Numbers one by one, a single number beside each of a vector.
  private mutating func each(_ operation: Instruction.Operation, _ values: [[Int]]) throws(UserError) -> [Int] {
    let count = values.map(\.count).max()!
    var results: [Int] = []
    for place in 0..<count {
      let operands = values.map { $0.count == 1 ? $0[0] : $0[place] } + [0, 0]
      results.append(try emit(operation, operands[0], operands[1], values.count > 2 ? operands[2] : 0))
    }
    return results
  }

  private mutating func call(_ function: Function, _ operands: [Int], _ values: [[Int]]) throws(UserError) -> [Int] {
    switch function {
    case .add: return try each(.add, values)
    case .subtract: return try each(.subtract, values)
    case .multiply: return try each(.multiply, values)
    case .divide: return try each(.divide, values)
    case .negate: return try values[0].isEmpty ? [] : each(.negate, [values[0]])
    case .power:
      guard case .number(let exponent) = program.nodes[operands[1]].form else { return [] }
      var product = values[0][0]
      for _ in 1..<Int(exponent) { product = try emit(.multiply, product, values[0][0]) }
      return [product]
    case .less: return try each(.less, values)
    case .lessOrEqual: return try each(.lessOrEqual, values)
    case .greater: return try each(.less, values.reversed())
    case .greaterOrEqual: return try each(.lessOrEqual, values.reversed())
    case .equal, .unequal:
      let same = try emit(.equal, equated(operands, values, 0), equated(operands, values, 1))
      return [function == .equal ? same : try emit(.not, same)]
    case .and: return try each(.and, values)
    case .or: return try each(.or, values)
    case .not: return try each(.not, values)
    case .choose: return try each(.choose, values)
    case .min: return [try chain(.min, values.map { $0[0] })]
    case .max: return [try chain(.max, values.map { $0[0] })]
    case .clamp:
      try checkOrder(values[1][0], values[2][0], "clamp")
      return [try emit(.min, emit(.max, values[0][0], values[1][0]), values[2][0])]
    case .abs: return try each(.abs, values)
    case .sign: return try each(.sign, values)
    case .floor: return try each(.floor, values)
    case .exp: return try each(.exp, values)
    case .log: return try each(.log, values)
    case .sqrt: return try each(.sqrt, values)
    case .sin: return try each(.sin, values)
    case .cos: return try each(.cos, values)
    case .tanh: return try each(.tanh, values)
    case .norm: return [try emit(.sqrt, chain(.add, each(.multiply, [values[0], values[0]])))]
    case .dot: return [try chain(.add, each(.multiply, values))]
    case .sum: return [try chain(.add, values[0])]
    case .vector: return values.map { $0[0] }
    case .number: return values[0]
    case .tolerance, .linearTolerance, .longTolerance: return [try tolerance(function, values.map { $0[0] })]
    case .contains, .before, .shaping: preconditionFailure("'\(function.rawValue)' has a case of its own")
    }
  }

  /// One side of an equality: the number of an action that is named.
  private mutating func equated(_ operands: [Int], _ values: [[Int]], _ side: Int) throws(UserError) -> Int {
    guard case .text(let name) = program.nodes[operands[side]].form,
      case .discrete(let names) = specification.actions, let number = names.firstIndex(of: name)
    else { return values[side][0] }
    return try constant(Float(number))
  }

  private mutating func chain(_ operation: Instruction.Operation, _ registers: [Int]) throws(UserError) -> Int {
    var result = registers[0]
    for register in registers.dropFirst() { result = try emit(operation, result, register) }
    return result
  }

  private func checkOrder(_ low: Int, _ high: Int, _ name: String) throws(UserError) {
    guard let low = value(of: low), let high = value(of: high), low > high else { return }
    throw program.error(
      at: place, "the bounds of '\(name)' are the wrong way round: \(low.written) to \(high.written)",
      fix: "Write the lower one first")
  }

  /// 1 between the bounds; outside of them it falls off and is 0.1 a margin away.
  ///
  /// Source: `dm_control.utils.rewards` (gaussian, linear, long_tail), with its default value at the margin.
  private mutating func tolerance(_ function: Function, _ values: [Int]) throws(UserError) -> Int {
    try checkOrder(values[1], values[2], function.rawValue)
    if let margin = value(of: values[3]), margin < 0 {
      throw program.error(
        at: place, "the margin of '\(function.rawValue)' is \(margin.written)",
        fix: "Write how far outside it is 0.1: 0 or more")
    }
    let outside = try emit(
      .max, emit(.max, emit(.subtract, values[1], values[0]), emit(.subtract, values[0], values[2])), constant(0))
    let isInside = try emit(.lessOrEqual, outside, constant(0))
    // A margin of 0 is a sharp edge.
    if value(of: values[3]) == 0 { return isInside }
    let margins = try emit(.divide, outside, emit(.abs, values[3]))
    let falling: Int
    switch function {
    case .linearTolerance:
      falling = try emit(.max, emit(.subtract, constant(1), emit(.multiply, margins, constant(0.9))), constant(0))
    case .longTolerance:
      let square = try emit(.multiply, margins, margins)
      falling = try emit(.divide, constant(1), emit(.add, constant(1), emit(.multiply, square, constant(9))))
    default:
      falling = try emit(.exp, emit(.multiply, emit(.multiply, margins, margins), constant(-2.302585)))
    }
    return try emit(.choose, isInside, constant(1), falling)
  }
}
