public import Groundwork
public import ReinforcementLearning

/// Which numbers of an observation make a cell, for example `position/2, carried[0], openDoors`.
///
/// Parts are separated by commas. A part is the name of a field, or of one element of it in brackets, and may be divided
/// by a positive number: every element becomes floor(value / divisor). Signals and the policy's fields may be
/// named; texts may not. Not a formula: fields are not added or compared.
public struct CellExpression: Sendable, Hashable {
  public struct Part: Sendable, Hashable {
    /// As it was written, without spaces.
    public var text: String
    public var field: Field
    /// One element; nil for all of them.
    public var element: Int?
    public var divisor: Double

    /// Numbers that the part contributes.
    public var count: Int { element == nil ? field.count : 1 }
  }

  public let parts: [Part]

  /// Fields that must be observed, each once.
  public var fields: [String] {
    var names: [String] = []
    for part in parts where !names.contains(part.field.name) { names.append(part.field.name) }
    return names
  }

  /// Numbers in a key.
  public var count: Int { parts.reduce(0) { $0 + $1.count } }

  /// The places of a part's numbers in the key.
  ///
  /// - Parameter text: The part as it was written.
  public func places(of text: String) -> Range<Int>? {
    let wanted = text.filter { $0 != " " }
    var start = 0
    for part in parts {
      if part.text == wanted { return start..<start + part.count }
      start += part.count
    }
    return nil
  }

  /// - Throws: `UserError` that names the column.
  public init(parsing text: String, specification: Specification) throws(UserError) {
    var parser = Parser(text, specification)
    parts = try parser.parts()
  }

  /// The cell that an environment declares.
  ///
  /// - Throws: `UserError` when it declares none.
  public init(declaredBy specification: Specification, id: String) throws(UserError) {
    let declared = specification.archiveCell.isEmpty ? specification.cell : specification.archiveCell
    guard !declared.isEmpty else {
      throw UserError(
        "'\(id)' declares no cell", fix: "Name its parts, for example --set agent.cell=\(specification.fields[0].name)")
    }
    try self.init(parsing: declared.joined(separator: ","), specification: specification)
  }
}

extension CellExpression {
  /// Reads a list of parts from left to right.
  private struct Parser {
    private let characters: [Character]
    private let specification: Specification
    private var index = 0

    init(_ text: String, _ specification: Specification) {
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
        throw failure(index < characters.count ? "'\(characters[index])' is no name of a field" : "a field's name is missing")
      }
      guard let field = specification.field(name) else {
        let names = specification.fields.filter { $0.kind != .text }.map(\.name)
        let unknown = UserError.unknown("field", name, among: names, hint: "There are \(names.joined(separator: ", "))")
        throw UserError("agent.cell, column \(start + 1): \(unknown.reason)", fix: unknown.fix)
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
        "agent.cell, column \((column ?? index) + 1): \(reason)",
        fix: "A cell is a list such as \"position/2, carried[0], openDoors\"")
    }
  }
}

/// A cell expression against a row: where its numbers lie and how each becomes a word of a key.
struct CellReader {
  private struct Read {
    var offset: Int
    var element: FieldElement
    /// 0: the number is whole and is not divided.
    var divisor: Double
  }

  private let reads: [Read]

  init(_ expression: CellExpression, layout: ObservationLayout) {
    reads = expression.parts.flatMap { part in
      let place = layout.place(part.field.name)!
      let elements = part.element.map { $0..<$0 + 1 } ?? 0..<part.field.count
      return elements.map { element in
        let isWhole = part.divisor == 1 && part.field.element != .float32
        return Read(
          offset: place.offset + element * part.field.element.size, element: part.field.element,
          divisor: isWhole ? 0 : part.divisor)
      }
    }
  }

  /// Writes the key, `[count]` words; what is not finite or does not fit becomes the nearest number that does.
  @inline(__always) func write(_ row: UnsafeRawPointer, to key: UnsafeMutablePointer<Int32>) {
    for index in 0..<reads.count {
      let read = reads[index]
      let whole: Int32
      switch read.element {
      case .uint8: whole = Int32(row.load(fromByteOffset: read.offset, as: UInt8.self))
      case .int16: whole = Int32(row.load(fromByteOffset: read.offset, as: Int16.self))
      case .int32: whole = row.load(fromByteOffset: read.offset, as: Int32.self)
      case .float32:
        key[index] = CellReader.bin(Double(row.load(fromByteOffset: read.offset, as: Float.self)), read.divisor)
        continue
      }
      key[index] = read.divisor == 0 ? whole : CellReader.bin(Double(whole), read.divisor)
    }
  }

  static func bin(_ value: Double, _ divisor: Double) -> Int32 {
    let bin = (value / divisor).rounded(.down)
    return bin.isNaN ? .max : Int32(min(max(bin, -2_147_483_647), 2_147_483_646))
  }
}
