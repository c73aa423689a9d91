/// A text that is being continued: which earlier lines are like the one that comes next, and what they suggest.
struct Continuation {
  /// What may come next.
  struct Option {
    var token: TextToken
    var probability: Double
  }

  /// What a token costs that nothing suggests, and the most that any costs: nats.
  static let surprise = -14.0
  /// Earlier lines that are looked at, the latest ones.
  private static let mostExamples = 128
  /// Lines before the next that say what it depends on, at most; a blank line ends them earlier.
  private static let mostContext = 4

  private var lines: [TextLine]
  /// The line that was begun.
  private var current: [TextToken]
  private var currentShape = TextHash.start
  private var currentHash = TextHash.start
  /// Numbers of the latest lines that follow a line of the same kind as the next does, and begin as it does.
  private var candidates: [Int] = []
  /// Lines before the next, the nearest first.
  private var context: [TextLine] = []
  /// Of the whole prompt.
  let promptHash: UInt64
  /// Tokens of the prompt.
  let promptTokens: Int

  /// - Parameter lines: The last is the one that was begun.
  init(_ lines: [TextLine]) {
    promptHash = lines.reduce(TextHash.start) { TextHash.add($1.hash, to: $0) }
    promptTokens = lines.reduce(0) { $0 + $1.tokens.count }
    self.lines = lines.dropLast()
    current = []
    beginLine()
    for token in lines.last?.tokens ?? [] { append(token) }
  }

  private mutating func beginLine() {
    current.removeAll(keepingCapacity: true)
    (currentShape, currentHash) = (TextHash.start, TextHash.start)
    context = lines.suffix(Continuation.mostContext).reversed().prefix { !$0.isBlank }
    let kind = lines.last?.kind
    candidates = lines.indices.filter { ($0 == 0 ? nil : lines[$0 - 1].kind) == kind }
    // In a list of lines of one kind the first is an example, too, though it follows nothing.
    if let kind, lines[0].kind == kind, candidates.contains(where: { lines[$0].kind == kind }) {
      candidates.insert(0, at: 0)
    }
    if candidates.isEmpty { candidates = Array(lines.indices) }
    candidates = candidates.suffix(Continuation.mostExamples)
  }

  /// Goes on with a token, whether it was suggested or not.
  mutating func append(_ token: TextToken) {
    current.append(token)
    currentShape = TextHash.add(token.shape, to: currentShape)
    currentHash = TextHash.add(token.hash, to: currentHash)
    if token.isLineEnd {
      lines.append(TextLine(current))
      beginLine()
      return
    }
    let length = current.count
    func beginsAlike(_ index: Int) -> Bool {
      lines[index].tokens.count > length && lines[index].prefixShapes[length] == currentShape
    }
    let alike = candidates.filter(beginsAlike)
    // A line that no line of that place begins like may still begin as another does.
    candidates = alike.isEmpty ? lines.indices.filter(beginsAlike).suffix(Continuation.mostExamples) : alike
  }

  /// What the earlier lines suggest, with probabilities that add up to 1 or less; empty where none is alike.
  func next() -> [Option] {
    let examples = examples()
    guard let first = examples.first else { return [] }
    if examples.allSatisfy({ $0.target.hash == first.target.hash }), first.target.value == nil || examples.count > 1 {
      let weight = examples.reduce(0) { $0 + $1.weight }
      return [Option(token: first.target, probability: weight / (weight + 0.5))]
    }
    var shapes: [UInt64] = []
    for example in examples where !shapes.contains(example.target.shape) { shapes.append(example.target.shape) }
    if shapes.count == 1 {
      return first.target.value == nil ? symbols(examples, \.hash) : numbers(examples)
    }
    // Whether a number comes is one question, which number another.
    return symbols(examples, \.shape).flatMap { option -> [Option] in
      guard option.token.value != nil else { return [option] }
      return numbers(examples.filter { $0.target.shape == option.token.shape }).map {
        Option(token: $0.token, probability: $0.probability * option.probability)
      }
    }
  }

  private func symbols(_ examples: [LineExample], _ key: KeyPath<TextToken, UInt64>) -> [Option] {
    var fields = FieldRules(examples, query: query)
    return fields.vote(examples.map { Int64(bitPattern: $0.target[keyPath: key]) }, areNumbers: false).map { vote in
      let target = examples.first { Int64(bitPattern: $0.target[keyPath: key]) == vote.value }!.target
      return Option(token: target, probability: vote.probability)
    }
  }

  private func numbers(_ examples: [LineExample]) -> [Option] {
    var fields = FieldRules(examples, query: query)
    let digits = examples.map(\.target.digits).max()!
    let isSpaced = examples[0].target.isSpaced
    return fields.vote(examples.map { $0.target.value! }, areNumbers: true).map { vote in
      Option(
        token: TextToken(value: vote.value, digits: digits, isSpaced: isSpaced), probability: vote.probability)
    }
  }

  /// What is asked: the line that was begun and those before it.
  private var query: LineExample {
    LineExample(
      context: context, line: TextLine(current), length: current.count, begun: currentHash,
      target: TextToken([], isNumber: false), weight: 0)
  }

  /// The candidates, equal ones counted together.
  private func examples() -> [LineExample] {
    var examples: [LineExample] = []
    var places: [UInt64: Int] = [:]
    for index in candidates {
      let line = lines[index]
      let before = lines[max(0, index - context.count)..<index].reversed().prefix { !$0.isBlank }
      let example = LineExample(
        context: Array(before), line: line, length: current.count, begun: line.prefixHashes[current.count],
        target: line.tokens[current.count], weight: 1)
      let key = TextHash.add(example.target.hash, to: example.situation)
      if let place = places[key] {
        examples[place].weight += 1
      } else {
        places[key] = examples.count
        examples.append(example)
      }
    }
    return examples
  }
}

/// An earlier line as an example of what comes next, or what is asked itself.
struct LineExample {
  /// Lines before it, the nearest first, up to a blank one.
  var context: [TextLine]
  var line: TextLine
  /// Tokens of it that are known.
  var length: Int
  /// A hash of those.
  var begun: UInt64
  /// The token after them.
  var target: TextToken
  /// How often it was met.
  var weight: Double

  /// A hash of all that is known before the target.
  var situation: UInt64 { context.reduce(begun) { TextHash.add($1.hash, to: $0) } }
}
