import Groundwork

/// Reads tokens as statements by recursive descent, `RewardProgram.depth` levels deep at most.
struct Parser {
  private let tokens: [Token]
  private let name: String
  private var index = 0
  /// Expressions that the present one stands inside of.
  private var depth = 0
  /// Brackets that are open: inside of them a line's end means nothing.
  private var brackets = 0
  private(set) var nodes: [RewardProgram.Node] = []
  private(set) var statements: [RewardProgram.Statement] = []

  /// Words that are no names.
  static let keywords = ["if", "then", "else", "and", "or", "not", "true", "false"]
  /// Words that mean something in every program, so that nothing else can be called by them.
  private static let taken = Set(["action", "discount", "step", "reward"] + Function.called.map(\.rawValue))

  /// - Parameter name: What errors call the program.
  init(_ tokens: [Token], name: String) {
    self.tokens = tokens
    self.name = name
  }

  /// Reads everything.
  ///
  /// - Throws: `UserError` for the first token that cannot stand where it stands.
  mutating func parse() throws(UserError) {
    while true {
      while tokens[index].kind == .lineEnd { index += 1 }
      if tokens[index].kind == .end { break }
      try parseStatement()
    }
    guard statements.contains(where: \.isReward) else {
      throw UserError(
        "\(name) pays nothing: no line of it begins with 'reward.'", fix: "Write for example reward.way = -distance")
    }
    let components = statements.count(where: \.isReward)
    guard components <= RewardProgram.mostComponents else {
      throw UserError(
        "\(name) has \(components) lines that begin with 'reward.'; the most are \(RewardProgram.mostComponents)",
        fix: "Add some of them up in one")
    }
  }

  private mutating func parseStatement() throws(UserError) {
    let start = token
    guard case .word(let word) = start.kind, !Parser.keywords.contains(word) else {
      throw error(
        start, "a line begins with \(start.shown)",
        "Begin it with NAME = or reward.NAME =, for example reward.way = ...")
    }
    index += 1
    var target = word
    var weight = 1.0
    let isReward = word == "reward"
    if isReward {
      try expect(".", "reward is followed by", "Write reward.NAME = ...")
      guard case .word(let component) = token.kind else {
        throw error(token, "a component cannot be called \(token.shown)", "Write reward.NAME = ...")
      }
      target = component
      index += 1
      if token.kind == .word("weight") {
        index += 1
        let isNegative = take("-")
        guard case .number(let value) = token.kind else {
          throw error(token, "the weight is \(token.shown)", "Write a number: reward.\(target) weight 0.5 = ...")
        }
        weight = isNegative ? -value : value
        index += 1
      }
    }
    try expect("=", "'\(Tokenizer.shortened(target))' is followed by", "Write NAME = EXPRESSION")
    // Refused here: what reads it later would be taken for something else, and the error stand there.
    guard isReward || !Parser.taken.contains(word) else {
      throw error(start, "'\(word)' has a meaning in every program", "Use another name")
    }
    skipLineEnds()
    let value = try parseExpression()
    guard tokens[index].kind == .lineEnd else {
      throw error(token, "\(token.shown) does not belong to the expression before it", advice(after: token))
    }
    index += 1
    statements.append(.init(name: target, isReward: isReward, weight: weight, value: value, place: start.place))
  }

  private func advice(after token: Token) -> String {
    if case .mark("=") = token.kind { return "Two numbers are compared by ==" }
    if case .mark(let mark) = token.kind, ["<", "<=", ">", ">=", "==", "!="].contains(mark) {
      return "Comparisons do not chain: write a < b and b < c"
    }
    return "Put an operator between them, or begin a new line"
  }

  /// The token at hand, line ends passed over inside of brackets.
  private var token: Token {
    var place = index
    if brackets > 0 { while tokens[place].kind == .lineEnd { place += 1 } }
    return tokens[place]
  }

  private mutating func skipLineEnds() { while tokens[index].kind == .lineEnd { index += 1 } }

  /// Goes past a mark that is at hand.
  private mutating func take(_ mark: String) -> Bool {
    guard token.kind == .mark(mark) else { return false }
    if brackets > 0 { skipLineEnds() }
    index += 1
    return true
  }

  /// Goes past an operator, which may begin the next line, and past line ends after it.
  private mutating func takeOperator(_ kinds: [Token.Kind]) -> Token? {
    var place = index
    while tokens[place].kind == .lineEnd { place += 1 }
    guard kinds.contains(tokens[place].kind) else { return nil }
    index = place + 1
    skipLineEnds()
    return tokens[place]
  }

  private mutating func expect(_ mark: String, _ before: String, _ fix: String) throws(UserError) {
    guard take(mark) else { throw error(token, "\(before) \(token.shown) in place of '\(mark)'", fix) }
  }

  private func error(_ token: Token, _ reason: String, _ fix: String) -> UserError {
    RewardProgram.error(name, token.place, reason, fix)
  }

  private mutating func append(_ form: RewardProgram.Node.Form, _ token: Token) throws(UserError) -> Int {
    guard nodes.count < RewardProgram.expressions else {
      throw error(
        token, "the program has more than \(RewardProgram.expressions) numbers, names and operators",
        "Write a shorter one")
    }
    nodes.append(.init(form: form, place: token.place))
    return nodes.count - 1
  }

  private mutating func call(_ function: Function, _ operands: [Int], _ token: Token) throws(UserError) -> Int {
    try append(.call(function, operands), token)
  }

  /// Runs a part of the grammar that may contain itself one level deeper.
  private mutating func nested(
    _ part: (inout Parser) throws(UserError) -> Int
  ) throws(UserError) -> Int {
    guard depth < RewardProgram.depth else {
      throw error(
        token, "expressions stand inside one another more than \(RewardProgram.depth) deep",
        "Give the inner ones a name in a line of their own")
    }
    depth += 1
    let result = try part(&self)
    depth -= 1
    return result
  }

  private mutating func parseExpression() throws(UserError) -> Int {
    try nested { parser throws(UserError) in
      guard let start = parser.takeWord("if") else { return try parser.parseDisjunction() }
      parser.skipLineEnds()
      let condition = try parser.parseExpression()
      try parser.expectWord("then")
      let first = try parser.parseExpression()
      try parser.expectWord("else")
      let second = try parser.parseExpression()
      return try parser.call(.choose, [condition, first, second], start)
    }
  }

  private mutating func takeWord(_ word: String) -> Token? {
    guard token.kind == .word(word) else { return nil }
    if brackets > 0 { skipLineEnds() }
    index += 1
    return tokens[index - 1]
  }

  private mutating func expectWord(_ word: String) throws(UserError) {
    guard takeOperator([.word(word)]) != nil else {
      throw error(token, "the if lacks its '\(word)' before \(token.shown)", "Write if CONDITION then VALUE else VALUE")
    }
  }

  private mutating func parseDisjunction() throws(UserError) -> Int {
    var left = try parseConjunction()
    while let sign = takeOperator([.word("or")]) { left = try call(.or, [left, parseConjunction()], sign) }
    return left
  }

  private mutating func parseConjunction() throws(UserError) -> Int {
    var left = try parseNegation()
    while let sign = takeOperator([.word("and")]) { left = try call(.and, [left, parseNegation()], sign) }
    return left
  }

  private mutating func parseNegation() throws(UserError) -> Int {
    guard let sign = takeWord("not") else { return try parseComparison() }
    return try nested { parser throws(UserError) in
      try parser.call(.not, [parser.parseNegation()], sign)
    }
  }

  private static let comparisons: [Token.Kind] = ["<=", ">=", "==", "!=", "<", ">"].map { .mark($0) }

  private mutating func parseComparison() throws(UserError) -> Int {
    let left = try parseSum()
    guard let sign = takeOperator(Parser.comparisons), case .mark(let mark) = sign.kind else { return left }
    return try call(Function(rawValue: mark)!, [left, parseSum()], sign)
  }

  private mutating func parseSum() throws(UserError) -> Int {
    var left = try parseProduct()
    while let sign = takeOperator([.mark("+"), .mark("-")]) {
      left = try call(sign.kind == .mark("+") ? .add : .subtract, [left, parseProduct()], sign)
    }
    return left
  }

  private mutating func parseProduct() throws(UserError) -> Int {
    var left = try parseSigned()
    while let sign = takeOperator([.mark("*"), .mark("/")]) {
      left = try call(sign.kind == .mark("*") ? .multiply : .divide, [left, parseSigned()], sign)
    }
    return left
  }

  private mutating func parseSigned() throws(UserError) -> Int {
    let sign = token
    guard take("-") else { return try parsePower() }
    return try nested { parser throws(UserError) in
      try parser.call(.negate, [parser.parseSigned()], sign)
    }
  }

  private mutating func parsePower() throws(UserError) -> Int {
    let base = try parseElement()
    guard let sign = takeOperator([.mark("^")]) else { return base }
    guard case .number(let exponent) = token.kind, [2, 3, 4].contains(exponent) else {
      throw error(token, "the exponent is \(token.shown)", "Write 2, 3 or 4; other powers are exp(y * log(x))")
    }
    let value = try append(.number(exponent), token)
    if brackets > 0 { skipLineEnds() }
    index += 1
    return try call(.power, [base, value], sign)
  }

  private mutating func parseElement() throws(UserError) -> Int {
    let value = try parsePrimary()
    let open = token
    guard take("[") else { return value }
    brackets += 1
    var indices: [Int] = []
    repeat {
      guard case .number(let number) = token.kind, let place = Int(exactly: number), place < 1 << 20, indices.count < 8
      else {
        throw error(token, "an element's number is \(token.shown)", "Write a whole number from 0: goal[0]")
      }
      indices.append(place)
      skipLineEnds()
      index += 1
    } while take(",")
    try expect("]", "the element's number is followed by", "Write for example goal[0]")
    brackets -= 1
    return try append(.element(value, indices), open)
  }

  private mutating func parsePrimary() throws(UserError) -> Int {
    let start = token
    if brackets > 0 { skipLineEnds() }
    switch start.kind {
    case .number(let number):
      index += 1
      return try append(.number(number), start)
    case .text(let text):
      index += 1
      return try append(.text(text), start)
    case .mark("("):
      index += 1
      brackets += 1
      let inside = try parseExpression()
      try expect(")", "the bracket is followed by", "Close what '(' opened in line \(start.place.line)")
      brackets -= 1
      return inside
    case .word(let word):
      index += 1
      return try parseWord(word, start)
    default:
      throw error(
        start, "\(start.shown) stands where a value belongs", "Write a number, a name, a call or a bracket there")
    }
  }

  private mutating func parseWord(_ word: String, _ start: Token) throws(UserError) -> Int {
    if word == "true" || word == "false" { return try append(.truth(word == "true"), start) }
    if token.kind == .mark("(") { return try parseCall(word, start) }
    if word == "step" || word == "reward" {
      try expect(".", "'\(word)' is followed by", "Write step.reward, step.success, step.terminated or step.truncated")
      guard word == "step", case .word(let property) = token.kind else {
        throw error(
          start, "a component cannot be read", "Give its expression a name in a line of its own and use that")
      }
      index += 1
      return try append(.step(property), start)
    }
    guard !Parser.keywords.contains(word) else {
      throw error(
        start, "'\(word)' stands where a value belongs", "Put brackets around a condition: (if a then b else c)")
    }
    return try append(.name(word), start)
  }

  private mutating func parseCall(_ word: String, _ start: Token) throws(UserError) -> Int {
    guard let function = Function(rawValue: word), function.isCalled else {
      let names = Function.called.map(\.rawValue)
      let near = UserError.nearest(to: word, among: names).first
      throw error(
        start, "there is no function '\(Tokenizer.shortened(word))'",
        (near.map { "Did you mean '\($0)'? " } ?? "") + "The functions are \(names.joined(separator: ", "))")
    }
    _ = take("(")
    brackets += 1
    var operands: [Int] = []
    if token.kind != .mark(")") {
      repeat { operands.append(try parseExpression()) } while take(",")
    }
    try expect(")", "'\(word)' is followed by", "Write \(function.example)")
    brackets -= 1
    guard function.operands.contains(operands.count) else {
      let most = function.operands
      let wanted = "\(most.lowerBound)" + (most.count > 1 ? " to \(most.upperBound)" : "")
      throw error(start, "'\(word)' takes \(wanted) values, not \(operands.count)", "Write \(function.example)")
    }
    return try call(function, operands, start)
  }
}
