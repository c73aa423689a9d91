internal import EnvironmentKit
public import ReinforcementLearning

/// A state in words and as a picture.
extension GameOf24 {
  /// Combinations that were made.
  private var stepCount: Int { configuration.numbers - count }

  /// What a start or a step came to.
  private func value(of identity: UInt8) -> Fraction {
    let index = Int(identity)
    return index < configuration.numbers ? Fraction(starts[index]) : steps[index - configuration.numbers].result
  }

  /// `make 24 from 3 3 8 8; 8 / 3 = 8/3; left 8/3 3 8`
  func write(text row: RowText) {
    var row = row
    row.add("make ")
    row.add(configuration.target)
    row.add(" from")
    for index in 0..<configuration.numbers {
      row.add(" ")
      row.add(Int(starts[index]))
    }
    for index in 0..<stepCount {
      let step = steps[index]
      row.add("; ")
      add(value(of: step.left), to: &row)
      row.add(" ")
      row.add(step.operation.symbol)
      row.add(" ")
      add(value(of: step.right), to: &row)
      row.add(" = ")
      add(step.result, to: &row)
    }
    row.add("; left")
    for index in 0..<count {
      row.add(" ")
      add(numbers[index], to: &row)
    }
    row.end()
  }

  /// `8 / 3, 3, 8`, and at the end `8 / (3 - (8 / 3))`
  func write(expression row: RowText) {
    var row = row
    for index in 0..<count {
      if index > 0 { row.add(", ") }
      add(term: identities[index], isWhole: true, to: &row)
    }
    row.end()
  }

  /// `3`, or `8/3`.
  private func add(_ number: Fraction, to row: inout RowText) {
    row.add(Int(number.numerator))
    if !number.isInteger {
      row.add("/")
      row.add(Int(number.denominator))
    }
  }

  /// A start, or the term of a step in brackets unless it stands alone.
  private func add(term identity: UInt8, isWhole: Bool, to row: inout RowText) {
    let index = Int(identity)
    guard index >= configuration.numbers else { return row.add(Int(starts[index])) }
    let step = steps[index - configuration.numbers]
    if !isWhole { row.add("(") }
    add(term: step.left, isWhole: false, to: &row)
    row.add(" ")
    row.add(step.operation.symbol)
    row.add(" ")
    add(term: step.right, isWhole: false, to: &row)
    if !isWhole { row.add(")") }
  }

  /// The same as a string, for the picture's caption.
  private func text(_ identity: UInt8, isWhole: Bool = true) -> String {
    let index = Int(identity)
    guard index >= configuration.numbers else { return "\(starts[index])" }
    let step = steps[index - configuration.numbers]
    let inner = "\(text(step.left, isWhole: false)) \(step.operation.symbol) \(text(step.right, isWhole: false))"
    return isWhole ? inner : "(\(inner))"
  }

  /// How wide a number is, in heights: digits are about as wide as each other, signs and bars narrower.
  private static func width(of number: String) -> Float {
    number.reduce(0) { $0 + ($1.isNumber ? 0.54 : 0.3) }
  }

  /// The numbers as cards beside the target, the steps so far below; the card that the last step made is lit.
  public func sketch() -> Sketch {
    let n = configuration.numbers
    let width = Float(n) * 2 + 2.6
    let height = Float(n) * 0.75 + 3
    var sketch = Sketch(width: width, height: height)
    let background = Sketch.Point(0, 0)
    sketch.shapes = [.rectangle(corner: background, width: width, height: height, .backdrop)]
    var line: [Sketch.Character] = []
    func print(_ text: String, _ color: Sketch.Color) { line += text.map { Sketch.Character($0, color) } }
    let ink = Sketch.Color(24, 28, 38)
    for index in 0..<n {
      let corner = Sketch.Point(0.35 + 2 * Float(index), 0.4)
      guard index < count else {
        sketch.shapes.append(.rectangle(corner: corner, width: 1.7, height: 2.2, .blend(.backdrop, .ground, 0.6)))
        continue
      }
      let isNew = stepCount > 0 && Int(identities[index]) == n + stepCount - 1
      let isDone = count == 1 && isTarget(numbers[0])
      let isWrong = count == 1 && !isDone
      let color: Sketch.Color = isDone ? .goal : isWrong ? .danger : isNew ? .pole : .joint
      sketch.shapes.append(
        .rectangle(corner: Sketch.Point(corner.x + 0.07, corner.y + 0.09), width: 1.7, height: 2.2, .ground))
      sketch.shapes.append(.rectangle(corner: corner, width: 1.7, height: 2.2, color))
      let text = numbers[index].text
      let width = Self.width(of: text)
      let size = min(0.95, 1.5 / width)
      sketch.shapes.append(
        .text(text, at: Sketch.Point(corner.x + 0.85 - size * width / 2, corner.y + 1.1 - size / 2), height: size, ink))
      print("[\(text)] ", color)
    }
    let goal = "\(configuration.target)"
    let center = Sketch.Point(2 * Float(n) + 1.25, 1.5)
    let size = min(0.8, 1.3 / Self.width(of: goal))
    sketch.shapes.append(.ellipse(center: center, radiusX: 1, radiusY: 1, .blend(.backdrop, .goal, 0.75)))
    sketch.shapes.append(
      .text(goal, at: Sketch.Point(center.x - size * Self.width(of: goal) / 2, center.y - size / 2), height: size, ink))
    print("-> \(goal)", .goal)
    sketch.board = [line]
    for index in 0..<(n - 1) {
      guard index < stepCount else {
        sketch.board.append([Sketch.Character(" ")])
        continue
      }
      let step = steps[index]
      let text =
        "\(value(of: step.left).text) \(step.operation.symbol) \(value(of: step.right).text) = \(step.result.text)"
      let color: Sketch.Color = index == stepCount - 1 ? .pole : .track
      sketch.shapes.append(.text(text, at: Sketch.Point(0.45, 3 + 0.75 * Float(index)), height: 0.55, color))
      sketch.board.append(text.map { Sketch.Character($0, color) })
    }
    sketch.captions = [(0..<count).map { text(identities[$0]) }.joined(separator: ", ")]
    return sketch
  }
}
