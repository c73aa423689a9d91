extension JSON {
  /// Refuses a document by its brackets and commas, before any value of it is made: one with too many values or too
  /// deep a nesting would take seconds and gigabytes only to be refused afterwards.
  ///
  /// It does not say whether the document is valid.
  ///
  /// - Complexity: O(bytes); allocates nothing.
  static func checkShape(_ bytes: [UInt8], kind: FileKind, name: String) throws(UserError) {
    var depth = 0
    // Every comma, opening bracket and document begins a value.
    var values = 1
    var isText = false
    var isEscaped = false
    for byte in bytes {
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: ","): values += 1
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        values += 1
        depth += 1
        guard depth <= FileKind.depth else {
          throw UserError(
            "\(name) has more than \(FileKind.depth) lists and objects inside one another",
            fix: "Use one that this program or its documentation describes")
        }
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
      guard values <= kind.values else {
        throw UserError(
          "\(name) has more than \(kind.values) values, too many for \(kind.name)", fix: "Use a shorter one")
      }
    }
  }
}
