public import Groundwork

/// Which numbers of an observation make a cell, for example `position/2, carried[0], openDoors`.
///
/// Parts are separated by commas. A part is the name of a field, or of one element of it in brackets, and may be
/// divided by a positive number: every element becomes floor(value / divisor). Signals and the policy's fields may be
/// named; texts may not. Not a formula: fields are not added or compared.
public struct CellExpression: Sendable, Hashable {
  /// A field, or one of its elements, with what it is divided by.
  public struct Part: Sendable, Hashable {
    /// As it was written, without spaces.
    public var text: String
    /// The field as the specification declares it; never a text.
    public var field: Field
    /// One element; nil for all of them.
    public var element: Int?
    /// What every element is divided by before it is rounded down, above 0; 1 where none was written.
    public var divisor: Double

    /// Numbers that the part contributes.
    public var count: Int { element == nil ? field.count : 1 }
  }

  /// In the order in which they were written, which is the order of a key's numbers; at least one.
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

  /// - Parameter setting: What errors call it.
  /// - Throws: `UserError` that names the column.
  public init(
    parsing text: String, specification: Specification, setting: String = "agent.cell"
  ) throws(UserError) {
    var parser = Parser(text, specification, setting: setting)
    parts = try parser.parts()
  }

  /// The cell that an environment declares.
  ///
  /// - Parameter setting: What errors call it.
  /// - Throws: `UserError` when it declares none.
  public init(
    declaredBy specification: Specification, id: String, setting: String = "agent.cell"
  ) throws(UserError) {
    let declared = specification.archiveCell.isEmpty ? specification.cell : specification.archiveCell
    guard !declared.isEmpty else {
      throw UserError(
        "'\(id)' declares no cell", fix: "Name its parts, for example --set \(setting)=\(specification.fields[0].name)")
    }
    try self.init(parsing: declared.joined(separator: ","), specification: specification, setting: setting)
  }
}
