import Groundwork

extension CellExpression {
  /// Reads a list of parts from left to right.
  struct Parser {
    private let characters: [Character]
    private let specification: Specification
    private let setting: String
    private var index = 0

    init(_ text: String, _ specification: Specification, setting: String) {
      self.setting = setting
      characters = Array(text)
      self.specification = specification
    }

    mutating func parts() throws(UserError) -> [Part] {
      var parts: [Part] = []
      repeat { parts.append(try part()) } while take(",")
      skipSpaces()
      guard index == characters.count else { throw failure("'\(characters[index])' is not expected here") }
      return parts
    }

    private mutating func part() throws(UserError) -> Part {
      skipSpaces()
      let start = index
      let name = word { $0.isLetter || $0.isNumber || $0 == "_" }
      guard !name.isEmpty else {
        throw failure(
          index < characters.count ? "'\(characters[index])' is no name of a field" : "a field's name is missing")
      }
      guard let field = specification.field(name) else {
        let names = specification.fields.filter { $0.kind != .text }.map(\.name)
        let unknown = UserError.unknown("field", name, among: names, hint: "There are \(names.joined(separator: ", "))")
        throw UserError("\(setting), column \(start + 1): \(unknown.reason)", fix: unknown.fix)
      }
      guard field.kind != .text else { throw failure("'\(name)' is a text, which cannot be part of a cell", at: start) }
      var part = Part(text: name, field: field, element: nil, divisor: 1)
      if take("[") {
        skipSpaces()
        let column = index
        let digits = word(\.isNumber)
        guard let element = Int(digits) else { throw failure("an element's number is missing", at: column) }
        guard element < field.count else {
          throw failure("'\(name)' has elements 0 to \(field.count - 1), not \(element)", at: column)
        }
        guard take("]") else { throw failure("']' is missing") }
        part.element = element
        part.text += "[\(element)]"
      }
      if take("/") {
        skipSpaces()
        let column = index
        let digits = word { $0.isNumber || $0 == "." || $0 == "e" || $0 == "-" }
        guard let divisor = Double(digits), divisor > 0, divisor.isFinite else {
          throw failure("'\(digits)' is no positive number to divide by", at: column)
        }
        part.divisor = divisor
        part.text += "/\(digits)"
      }
      return part
    }

    private mutating func word(_ isPart: (Character) -> Bool) -> String {
      let start = index
      while index < characters.count, isPart(characters[index]) { index += 1 }
      return String(characters[start..<index])
    }

    private mutating func skipSpaces() { while index < characters.count, characters[index] == " " { index += 1 } }

    private mutating func take(_ character: Character) -> Bool {
      skipSpaces()
      guard index < characters.count, characters[index] == character else { return false }
      index += 1
      return true
    }

    private func failure(_ reason: String, at column: Int? = nil) -> UserError {
      UserError(
        "\(setting), column \((column ?? index) + 1): \(reason)",
        fix: "A cell is a list such as \"position/2, carried[0], openDoors\"")
    }
  }
}
