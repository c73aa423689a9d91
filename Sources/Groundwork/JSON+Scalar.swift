/// A value as a person types it, on the command line or as a plain YAML scalar.
extension JSON {
  /// `true`, `false`, `null`, a number (`3e-4`, `1_000_000`), a list or object in brackets, otherwise the text.
  ///
  /// Unlike YAML 1.1, `3e-4` is a number and `no` is a text.
  public init(scalar text: String) {
    switch text {
    case "true", "True": self = .bool(true)
    case "false", "False": self = .bool(false)
    case "null", "~", "": self = .null
    default:
      if let first = text.utf8.first, first == UInt8(ascii: "[") || first == UInt8(ascii: "{"),
        let document = try? JSON(parsing: text, name: text)
      {
        self = document
        return
      }
      let digits = text.filter { $0 != "_" }
      let looksLikeNumber = digits.utf8.allSatisfy {
        ($0 >= 48 && $0 <= 57) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: ".")
          || $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E")
      }
      if looksLikeNumber, text.utf8.first != UInt8(ascii: "_") {
        if let integer = Int(digits) {
          self = .integer(integer)
          return
        }
        if let number = Double(digits), number.isFinite {
          // A whole number such as 1e6 may be meant for an integer setting.
          self = number == number.rounded() && abs(number) <= 0x1p53 ? .integer(Int(number)) : .number(number)
          return
        }
      }
      self = .string(text)
    }
  }
}
