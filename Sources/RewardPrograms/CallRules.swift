import Groundwork
import ReinforcementLearning

/// What the operands of an operator or function must be, and what comes of them.
struct CallRules {
  let checker: Checker
  let function: Function
  /// Numbers of nodes.
  let operands: [Int]
  let place: RewardProgram.Place

  private var types: [ValueType] { operands.map { checker.types[$0] } }

  /// The type of the result.
  ///
  /// - Throws: `UserError` when an operand is of another kind, or units differ that must be alike.
  func type() throws(UserError) -> ValueType {
    switch function {
    case .add, .subtract: return try sameKind()
    case .multiply, .divide: return try product()
    case .negate, .before, .shaping: return try signed()
    case .power:
      try numbers()
      guard case .number(let exponent) = checker.program.nodes[operands[1]].form else { return .number(nil) }
      let unit = types[0].unit
      return .number((1..<Int(exponent)).reduce(unit) { product, _ in unit.flatMap { product?.times($0) } })
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      try numbers()
      _ = try commonUnit(types)
      return .truth
    case .equal, .unequal: return try equality()
    case .and, .or, .not:
      for type in types where type.kind != .truth {
        throw wrong("'\(function.rawValue)' takes conditions, not \(type.words)")
      }
      return .truth
    case .choose: return try choice()
    case .min, .max, .clamp:
      try numbers()
      return .number(try commonUnit(types))
    case .abs, .floor:
      try numbers()
      return .number(types[0].unit)
    case .sign:
      try numbers()
      return .number(.one)
    case .exp, .log, .sin, .cos, .tanh:
      try numbers()
      if let unit = types[0].unit, !unit.isPlain {
        throw error(
          "'\(function.rawValue)' of something in \(unit)", "Divide it by a scale: \(function.rawValue)(x / 0.5)")
      }
      return .number(.one)
    case .sqrt:
      try numbers()
      return .number(types[0].unit?.root)
    case .norm, .sum, .dot, .vector: return try vectorFunction()
    case .tolerance, .linearTolerance, .longTolerance:
      try numbers()
      _ = try commonUnit(types)
      return .number(.one)
    case .contains: return try contains()
    case .number:
      guard types[0].kind == .truth || types[0].kind == .number else {
        throw wrong("'number' takes a condition or a number, not \(types[0].words)")
      }
      return .number(nil)
    }
  }

  private func numbers() throws(UserError) {
    for type in types where type.kind != .number {
      let isTruth = type.kind == .truth
      throw wrong(
        "'\(function.rawValue)' takes numbers, not \(type.words)",
        isTruth ? "number(CONDITION) is 1 or 0" : nil)
    }
  }

  private func wrong(_ reason: String, _ fix: String? = nil) -> UserError {
    error(reason, fix ?? "Write for example \(function.example)")
  }

  private func error(_ reason: String, _ fix: String) -> UserError { checker.error(place, reason, fix) }

  /// The unit that all share; nil where none is known.
  private func commonUnit(_ types: [ValueType]) throws(UserError) -> PhysicalUnit? {
    var unit: PhysicalUnit?
    for type in types {
      if let unit, let other = type.unit, unit != other {
        throw error(
          "'\(function.rawValue)' mixes \(unit) with \(other)",
          "Multiply one of them by a number that says how they weigh, for example 0.1 * x")
      }
      unit = unit ?? type.unit
    }
    return unit
  }

  private func checkLength(_ count: Int) throws(UserError) {
    guard count <= CompiledProgram.vectorLength else {
      throw error(
        "a vector of \(count) numbers is too long to compute with; the most are \(CompiledProgram.vectorLength)",
        "Read single elements: image[0]")
    }
  }

  private func sameKind() throws(UserError) -> ValueType {
    switch (types[0].kind, types[1].kind) {
    case (.number, .number): break
    case (.vector(let a), .vector(let b)) where a == b: try checkLength(a)
    default: throw wrong("'\(function.rawValue)' takes two numbers or two vectors of a length, not \(both)")
    }
    return ValueType(kind: types[0].kind, unit: try commonUnit(types))
  }

  private var both: String { "\(types[0].words) and \(types[1].words)" }

  private func product() throws(UserError) -> ValueType {
    let kind: ValueType.Kind
    switch (types[0].kind, types[1].kind) {
    case (.number, .number): kind = .number
    case (.vector(let count), .number):
      try checkLength(count)
      kind = types[0].kind
    case (.number, .vector(let count)) where function == .multiply:
      try checkLength(count)
      kind = types[1].kind
    default:
      throw wrong(
        "'\(function.rawValue)' takes numbers, or a vector and a number, not \(both)",
        function == .multiply ? "dot(v, w) multiplies vectors; number(CONDITION) is 1 or 0" : nil)
    }
    guard let first = types[0].unit, let second = types[1].unit else { return ValueType(kind: kind, unit: nil) }
    return ValueType(kind: kind, unit: first.times(second, power: function == .multiply ? 1 : -1))
  }

  /// What passes through: a sign, the step before.
  private func signed() throws(UserError) -> ValueType {
    let type = types[0]
    if case .vector(let count) = type.kind, function != .shaping {
      try checkLength(count)
      return type
    }
    if function == .before, type.kind == .truth { return type }
    guard type.kind == .number else {
      throw wrong("'\(function == .negate ? "-" : function.rawValue)' takes a number, not \(type.words)")
    }
    return type
  }

  private func equality() throws(UserError) -> ValueType {
    // An action by its name; the compiler finds the number.
    if let name = actionName {
      guard case .discrete(let names) = checker.specification.actions else {
        throw wrong("the actions of this environment have no names", "Compare elements: action[0] > 0.5")
      }
      guard names.contains(name) else {
        let near = UserError.nearest(to: name, among: names).first
        throw error(
          "there is no action '\(Tokenizer.shortened(name))'",
          (near.map { "Did you mean '\($0)'? " } ?? "") + "The actions are \(names.joined(separator: ", "))")
      }
      return .truth
    }
    if types.contains(where: { $0.kind == .text }) {
      throw wrong("'\(function.rawValue)' takes no texts but an action's name", "Use contains(event, \"...\")")
    }
    guard types[0].kind == types[1].kind, types[0].kind == .number || types[0].kind == .truth else {
      throw wrong("'\(function.rawValue)' takes two numbers or two conditions, not \(both)")
    }
    _ = try commonUnit(types)
    return .truth
  }

  /// The text in `action == "name"`.
  var actionName: String? {
    for (first, second) in [(operands[0], operands[1]), (operands[1], operands[0])] {
      if case .action = checker.meanings[first], case .text(let name) = checker.program.nodes[second].form {
        return name
      }
    }
    return nil
  }

  private func choice() throws(UserError) -> ValueType {
    guard types[0].kind == .truth else {
      throw wrong("the condition of an if is \(types[0].words)", "Write a comparison: if distance < 3 then 1 else 0")
    }
    guard types[1].kind == types[2].kind, types[1].kind != .text else {
      throw wrong("an if gives \(types[1].words) or \(types[2].words)", "Both must be numbers, or alike")
    }
    if case .vector(let count) = types[1].kind { try checkLength(count) }
    return ValueType(kind: types[1].kind, unit: try commonUnit(Array(types.dropFirst())))
  }

  private func vectorFunction() throws(UserError) -> ValueType {
    if function == .vector {
      try numbers()
      return ValueType(kind: .vector(operands.count), unit: try commonUnit(types))
    }
    var lengths: [Int] = []
    for type in types {
      guard case .vector(let count) = type.kind else {
        throw wrong(
          "'\(function.rawValue)' takes vectors, not \(type.words)", "Write vector(x, y), or abs(x) of a number")
      }
      try checkLength(count)
      lengths.append(count)
    }
    guard function == .dot else { return .number(types[0].unit) }
    guard lengths[0] == lengths[1] else { throw wrong("'dot' takes vectors of one length, not \(both)") }
    guard let first = types[0].unit, let second = types[1].unit else { return .number(nil) }
    return .number(first.times(second))
  }

  private func contains() throws(UserError) -> ValueType {
    guard types[0].kind == .text, case .field = checker.meanings[operands[0]],
      case .text(let text) = checker.program.nodes[operands[1]].form, !text.isEmpty
    else {
      throw wrong(
        "'contains' takes a field of text and a text that is not empty, in that order")
    }
    return .truth
  }
}
