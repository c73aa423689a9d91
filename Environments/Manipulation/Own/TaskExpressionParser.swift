#if MuJoCo
  import Groundwork

  /// Reads an expression by descent: or, and, not, comparison, sum, product, sign, what stands alone.
  struct TaskExpressionParser {
    private enum Token: Equatable {
      case number(Double), name(String), symbol(String)

      var text: String {
        switch self {
        case .number(let number): "\(number)"
        case .name(let name), .symbol(let name): name
        }
      }
    }

    /// Most nodes of an expression, and brackets inside one another.
    private static let mostNodes = 500, mostDepth = 40

    private let text: String
    private let names: TaskNames
    private var tokens: [Token] = []
    private var index = 0
    private var depth = 0
    private var nodes: [TaskExpression.Node] = []

    init(_ text: String, _ names: TaskNames) {
      (self.text, self.names) = (text, names)
    }

    mutating func parse() throws(UserError) -> [TaskExpression.Node] {
      tokens = try Self.tokens(of: text)
      _ = try disjunction()
      if index < tokens.count { throw refusal("'\(tokens[index].text)' is not expected there") }
      return nodes
    }

    // MARK: Words

    private static func tokens(of text: String) throws(UserError) -> [Token] {
      let bytes = Array(text.utf8)
      var tokens: [Token] = []
      var index = 0
      func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) || byte == UInt8(ascii: ".") }
      func isLetter(_ byte: UInt8) -> Bool {
        (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
      }
      while index < bytes.count {
        let byte = bytes[index]
        let start = index
        index += 1
        if byte == 32 || (9...13).contains(byte) { continue }
        if isDigit(byte) {
          while index < bytes.count {
            let isSign = bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+")
            let isPower = bytes[index - 1] | 32 == UInt8(ascii: "e")
            guard isDigit(bytes[index]) || bytes[index] | 32 == UInt8(ascii: "e") || (isSign && isPower) else { break }
            index += 1
          }
          let digits = String(decoding: bytes[start..<index], as: UTF8.self)
          guard let number = Double(digits), number.isFinite else { throw UserError("'\(digits)' is no number") }
          tokens.append(.number(number))
        } else if isLetter(byte) {
          while index < bytes.count, isLetter(bytes[index]) || (48...57).contains(bytes[index]) { index += 1 }
          tokens.append(.name(String(decoding: bytes[start..<index], as: UTF8.self)))
        } else if byte == UInt8(ascii: "'") {
          guard let end = bytes[index...].firstIndex(of: byte) else { throw UserError("a ' is not closed") }
          tokens.append(.name(String(decoding: bytes[index..<end], as: UTF8.self)))
          index = end + 1
        } else {
          let isComparison = byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
          if isComparison, index < bytes.count, bytes[index] == UInt8(ascii: "=") { index += 1 }
          let symbol = String(decoding: bytes[start..<index], as: UTF8.self)
          guard ["+", "-", "*", "/", "<", ">", "<=", ">=", "(", ")", ","].contains(symbol) else {
            throw UserError("'\(String(decoding: bytes[start...].prefix(8), as: UTF8.self))' is not expected there")
          }
          tokens.append(.symbol(symbol))
        }
      }
      return tokens
    }

    private func refusal(_ reason: String) -> UserError {
      UserError(reason, fix: "Write for example \"tolerance(distance(hand, goal), 0, 0.05)\"")
    }

    private mutating func take(_ symbol: String) -> Bool {
      guard index < tokens.count else { return false }
      guard tokens[index] == .symbol(symbol) || tokens[index] == .name(symbol) else { return false }
      index += 1
      return true
    }

    private mutating func expect(_ symbol: String) throws(UserError) {
      guard take(symbol) else {
        let place = index < tokens.count ? " before '\(tokens[index].text)'" : ""
        throw refusal("'\(symbol)' is missing\(place)")
      }
    }

    // MARK: Rules

    private mutating func add(
      _ operation: TaskExpression.Operation, _ arguments: Int32...
    ) throws(UserError) -> Int32 {
      var node = TaskExpression.Node(operation: operation)
      for (place, argument) in arguments.enumerated() { node.arguments[place] = argument }
      return try add(node)
    }

    private mutating func add(_ node: TaskExpression.Node) throws(UserError) -> Int32 {
      guard nodes.count < Self.mostNodes else { throw UserError("it has more than \(Self.mostNodes) parts") }
      nodes.append(node)
      return Int32(nodes.count - 1)
    }

    private mutating func disjunction() throws(UserError) -> Int32 {
      depth += 1
      defer { depth -= 1 }
      guard depth <= Self.mostDepth else {
        throw UserError("it has more than \(Self.mostDepth) brackets inside one another")
      }
      var left = try conjunction()
      while take("or") { left = try add(.or, left, try conjunction()) }
      return left
    }

    private mutating func conjunction() throws(UserError) -> Int32 {
      var left = try negation()
      while take("and") { left = try add(.and, left, try negation()) }
      return left
    }

    private mutating func negation() throws(UserError) -> Int32 {
      var isNegated = false
      while take("not") { isNegated.toggle() }
      let value = try comparison()
      return isNegated ? try add(.not, value) : value
    }

    private mutating func comparison() throws(UserError) -> Int32 {
      let left = try sum()
      if take("<") { return try add(.less, left, try sum()) }
      if take("<=") { return try add(.lessOrEqual, left, try sum()) }
      if take(">") { return try add(.less, try sum(), left) }
      if take(">=") { return try add(.lessOrEqual, try sum(), left) }
      return left
    }

    private mutating func sum() throws(UserError) -> Int32 {
      var left = try product()
      while true {
        if take("+") {
          left = try add(.add, left, try product())
        } else if take("-") {
          left = try add(.subtract, left, try product())
        } else {
          return left
        }
      }
    }

    private mutating func product() throws(UserError) -> Int32 {
      var left = try sign()
      while true {
        if take("*") {
          left = try add(.multiply, left, try sign())
        } else if take("/") {
          left = try add(.divide, left, try sign())
        } else {
          return left
        }
      }
    }

    private mutating func sign() throws(UserError) -> Int32 {
      var isNegated = false
      while take("-") { isNegated.toggle() }
      let value = try single()
      return isNegated ? try add(.negate, value) : value
    }

    private mutating func single() throws(UserError) -> Int32 {
      guard index < tokens.count else { throw refusal("it ends too early") }
      let token = tokens[index]
      index += 1
      switch token {
      case .number(let number):
        return try add(TaskExpression.Node(operation: .constant, number: number))
      case .symbol("("):
        let value = try disjunction()
        try expect(")")
        return value
      case .symbol(let symbol): throw refusal("'\(symbol)' is not expected there")
      case .name(let name):
        guard take("(") else {
          if name == "true" || name == "false" {
            return try add(TaskExpression.Node(operation: .constant, number: name == "true" ? 1 : 0))
          }
          throw refusal("'\(name)' is no number")
        }
        return try call(name)
      }
    }

    private mutating func call(_ name: String) throws(UserError) -> Int32 {
      let ofPlaces: [String: (TaskExpression.Operation, Int)] = [
        "x": (.x, 1), "y": (.y, 1), "z": (.z, 1), "speed": (.speed, 1), "distance": (.distance, 2),
        "touching": (.touching, 2),
      ]
      if name == "joint" {
        var node = TaskExpression.Node(operation: .joint)
        node.first = .init(isSite: false, number: try names.joint(try word()))
        try expect(")")
        return try add(node)
      }
      if let (operation, count) = ofPlaces[name] {
        var node = TaskExpression.Node(operation: operation)
        func place() throws(UserError) -> TaskExpression.Place {
          let name = try word()
          return operation == .touching ? try names.body(name) : try names.place(name)
        }
        node.first = try place()
        if count == 2 {
          try expect(",")
          node.second = try place()
        }
        try expect(")")
        return try add(node)
      }
      return try callOfNumbers(name)
    }

    private mutating func callOfNumbers(_ name: String) throws(UserError) -> Int32 {
      let ofOne: [String: TaskExpression.Operation] = ["abs": .absolute, "floor": .floor, "sqrt": .root]
      let known = [
        "abs", "distance", "floor", "joint", "max", "min", "speed", "sqrt", "tolerance", "touching", "x", "y", "z",
      ]
      guard known.contains(name) else {
        throw UserError.unknown(
          "function", name, among: known, hint: "Those that there are: \(known.joined(separator: ", "))")
      }
      var arguments = [try disjunction()]
      while take(",") { arguments.append(try disjunction()) }
      try expect(")")
      if let operation = ofOne[name] {
        guard arguments.count == 1 else { throw refusal("\(name) takes one number") }
        return try add(operation, arguments[0])
      }
      if name == "tolerance" {
        guard arguments.count == 3 || arguments.count == 4 else {
          throw refusal("tolerance takes a number, its lowest, its highest, and perhaps a margin")
        }
        var node = TaskExpression.Node(operation: .tolerance)
        for (place, argument) in arguments.enumerated() { node.arguments[place] = argument }
        return try add(node)
      }
      guard arguments.count >= 2 else { throw refusal("\(name) takes two numbers or more") }
      var value = arguments[0]
      for argument in arguments.dropFirst() { value = try add(name == "min" ? .minimum : .maximum, value, argument) }
      return value
    }

    /// A name of a place or a joint.
    private mutating func word() throws(UserError) -> String {
      guard index < tokens.count, case .name(let name) = tokens[index] else {
        throw refusal(index < tokens.count ? "'\(tokens[index].text)' is no name" : "it ends too early")
      }
      index += 1
      return name
    }
  }
#endif
