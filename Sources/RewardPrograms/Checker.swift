import Groundwork
import ReinforcementLearning

/// What an expression is: told before anything is computed.
struct ValueType: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case number, truth, text
    case vector(Int)
  }

  var kind: Kind
  /// Nil: not known, fits every unit.
  var unit: PhysicalUnit?

  static let truth = ValueType(kind: .truth, unit: nil)
  static func number(_ unit: PhysicalUnit?) -> ValueType { ValueType(kind: .number, unit: unit) }

  /// In words, for errors.
  var words: String {
    switch kind {
    case .number: "a number"
    case .truth: "a condition"
    case .text: "a text"
    case .vector(let count): "a vector of \(count)"
    }
  }
}

/// What a name turned out to mean.
enum Meaning: Sendable {
  case nothing
  /// The node that was assigned.
  case node(Int)
  /// The field of that number in the specification.
  case field(Int)
  /// The action of the step.
  case action
  /// The agent's discount.
  case discount
}

/// Holds a program's names, types and units against an environment.
struct Checker {
  let program: RewardProgram
  let specification: Specification
  /// By node.
  private(set) var types: [ValueType] = []
  /// By node; `nothing` for nodes that are no names.
  private(set) var meanings: [Meaning] = []
  /// Names that were assigned so far, with their statement.
  private var assigned: [String: RewardProgram.Statement] = [:]

  /// What is known of a step itself.
  static let stepProperties = ["reward", "success", "terminated", "truncated"]

  init(_ program: RewardProgram, _ specification: Specification) {
    self.program = program
    self.specification = specification
  }

  /// Checks every line, used or not.
  ///
  /// - Throws: `UserError` with the place of the first thing that means nothing or does not fit.
  /// - Complexity: O(nodes).
  mutating func check() throws(UserError) {
    var rewards: [String: RewardProgram.Statement] = [:]
    var next = 0
    for statement in program.statements {
      while next <= statement.value {
        let (type, meaning) = try check(program.nodes[next])
        types.append(type)
        meanings.append(meaning)
        next += 1
      }
      if statement.isReward {
        try checkReward(statement, before: rewards[statement.name])
        rewards[statement.name] = statement
      } else {
        try checkName(statement)
        assigned[statement.name] = statement
      }
    }
  }

  private func checkReward(_ statement: RewardProgram.Statement, before: RewardProgram.Statement?) throws(UserError) {
    if let before {
      throw error(
        statement.place, "reward.\(statement.name) is assigned twice, first in line \(before.place.line)",
        "Give one of them another name, or write their sum in one line")
    }
    guard statement.name != "environment" else {
      throw error(
        statement.place, "reward.environment would look like the environment's own reward",
        "Use another name; that reward is a term of the design: environment+program(...)")
    }
    let type = types[statement.value]
    guard type.kind == .number || type.kind == .truth else {
      throw error(
        statement.place, "reward.\(statement.name) is \(type.words)", "A component is a number, for example norm(v)")
    }
  }

  private func checkName(_ statement: RewardProgram.Statement) throws(UserError) {
    if let before = assigned[statement.name] {
      throw error(
        statement.place, "'\(shown(statement.name))' is assigned twice, first in line \(before.place.line)",
        "Names keep what they were given; use another one")
    }
    guard specification.field(statement.name) == nil else {
      throw error(
        statement.place, "'\(statement.name)' has a meaning in this environment already", "Use another name")
    }
  }

  private func check(_ node: RewardProgram.Node) throws(UserError) -> (ValueType, Meaning) {
    switch node.form {
    case .number: return (.number(nil), .nothing)
    case .truth: return (.truth, .nothing)
    case .text: return (ValueType(kind: .text, unit: nil), .nothing)
    case .name(let name): return try resolve(name, node.place)
    case .step(let property):
      guard Checker.stepProperties.contains(property) else {
        throw UserError.unknown(
          "property of a step", shown(property), among: Checker.stepProperties,
          hint: "A step has \(Checker.stepProperties.map { "step.\($0)" }.joined(separator: ", "))"
        ).placed(at: node.place, in: program.name)
      }
      return (property == "reward" ? .number(nil) : .truth, .nothing)
    case .element(let vector, let indices): return (try element(of: vector, indices, node.place), .nothing)
    case .call(let function, let operands):
      return (try CallRules(checker: self, function: function, operands: operands, place: node.place).type(), .nothing)
    }
  }

  private func resolve(_ name: String, _ place: RewardProgram.Place) throws(UserError) -> (ValueType, Meaning) {
    if let statement = assigned[name] {
      // A name for a field is the field, so that its elements and its text can be read by it.
      if case .nothing = meanings[statement.value] { return (types[statement.value], .node(statement.value)) }
      return (types[statement.value], meanings[statement.value])
    }
    switch name {
    case "discount": return (.number(.one), .discount)
    case "action":
      switch specification.actions {
      case .discrete: return (.number(nil), .action)
      case .continuous(let low, _): return (ValueType(kind: .vector(low.count), unit: nil), .action)
      }
    default: break
    }
    guard let index = specification.fields.firstIndex(where: { $0.name == name }) else {
      let names = specification.fields.map(\.name) + assigned.keys.sorted() + ["action", "discount"]
      throw UserError.unknown(
        "name", shown(name), among: names, hint: "`forage describe ENVIRONMENT --signals` lists what may be read"
      ).placed(at: place, in: program.name)
    }
    let field = specification.fields[index].single
    let unit = PhysicalUnit(parsing: field.unit)
    if field.kind == .text { return (ValueType(kind: .text, unit: nil), .field(index)) }
    if field.shape.isEmpty || field.count == 1 { return (.number(unit), .field(index)) }
    return (ValueType(kind: .vector(field.count), unit: unit), .field(index))
  }

  /// The type of one element; the number of the element is `place(of:in:)`.
  private func element(
    of vector: Int, _ indices: [Int], _ place: RewardProgram.Place
  ) throws(UserError) -> ValueType {
    // A field of one number may be read as its element 0.
    if types[vector].kind == .number, indices == [0], case .field = meanings[vector] { return types[vector] }
    guard case .vector(let count) = types[vector].kind else {
      throw error(place, "\(types[vector].words) has no elements", "Leave the [...] out")
    }
    let shape = shape(of: vector) ?? [count]
    if indices.count == 1 {
      guard indices[0] < count else {
        throw error(place, "there is no element \(indices[0]); there are \(count)", "Use 0 to \(count - 1)")
      }
      return .number(types[vector].unit)
    }
    guard indices.count == shape.count, zip(indices, shape).allSatisfy({ $0 < $1 }) else {
      throw error(
        place, "there is no element \(indices); the shape is \(shape.map(String.init).joined(separator: " x "))",
        "Write one number, or one for each axis")
    }
    return .number(types[vector].unit)
  }

  /// Which element of the flat vector is meant.
  func flatIndex(of vector: Int, _ indices: [Int]) -> Int {
    guard indices.count > 1, let shape = shape(of: vector) else { return indices[0] }
    return zip(indices, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }

  private func shape(of node: Int) -> [Int]? {
    guard case .field(let index) = meanings[node] else { return nil }
    return specification.fields[index].single.shape
  }

  private func shown(_ name: String) -> String { Tokenizer.shortened(name) }

  func error(_ place: RewardProgram.Place, _ reason: String, _ fix: String) -> UserError {
    program.error(at: place, reason, fix: fix)
  }
}

extension UserError {
  /// The error with a place before it.
  func placed(at place: RewardProgram.Place, in name: String) -> UserError {
    RewardProgram.error(name, place, reason, fix)
  }
}
