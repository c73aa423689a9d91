import ArgumentParser
import Groundwork

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Thrown by a command that has said everything itself and only needs its exit status.
struct ExitStatus: Error {
  /// 0 to 255, as shells have it.
  var code: Int32
}

extension Interruption {
  /// How a program ends that a signal stopped.
  static var exitStatus: ExitStatus { ExitStatus(code: exitCode) }
}

/// How the program ends when something is wrong: one line on standard error, and a status that is not 0.
///
/// Who calls the program reads the status: 0 for done, 1 for what was found wrong, 64 for a command line that
/// means nothing, 129, 130 or 143 for a signal.
enum Failure {
  /// 1 for what a command found wrong, 64 (`EX_USAGE`) for a command line that cannot be understood.
  ///
  /// A help screen goes to standard output and is no error: status 0.
  static func exit(with error: any Error) -> Never {
    if let status = error as? ExitStatus { Glibc.exit(status.code) }
    if error is StopRequested {
      LineOutput.note("stopped")
      Glibc.exit(Interruption.exitCode)
    }
    if let error = error as? UserError {
      LineOutput.error(error.description)
      Glibc.exit(1)
    }
    let code = Forage.exitCode(for: error)
    if code == .success {
      // A help screen or the version, which is not an error.
      LineOutput.result(wrappingUsage(Forage.fullMessage(for: error), columns: LineOutput.helpColumns))
      Glibc.exit(0)
    }
    LineOutput.error(oneLine(Forage.message(for: error)))
    // As for every other refusal: whoever calls the program need not know which part of it has read the words.
    Glibc.exit(1)
  }

  /// The parser leaves the line of usage as long as it is; here it is broken between options, none of which is cut.
  private static func wrappingUsage(_ screen: String, columns: Int) -> String {
    screen.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard line.hasPrefix("USAGE: "), line.count > columns else { return String(line) }
      // A value belongs to its option: what stands in brackets is one word.
      var depth = 0
      let joined = line.map { character in
        depth += character == "[" ? 1 : character == "]" ? -1 : 0
        return character == " " && depth > 0 ? "\u{a0}" : character
      }
      return Format.wrapped(String(joined), columns: columns, indent: 7).replacing("\u{a0}", with: " ")
    }.joined(separator: "\n")
  }

  /// What a number may look like that the parser could not read; it only says that the value is invalid.
  private static func form(_ text: String) -> String? {
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0] == "The value ", parts[2] == " is invalid for ", ["", "."].contains(parts[4]),
      let option = parts[3].split(separator: " ").first
    else { return nil }
    if let value = Int(parts[1]), value < 0 { return "\(option) cannot be \(value). Use a whole number from 0" }
    if ["--seconds", "--speed"].contains(option) {
      return "\(option) cannot be '\(parts[1])'. Use a number, for example 0.5"
    }
    guard !parts[1].isEmpty, parts[1].allSatisfy({ ("0"..."9").contains($0) }) else {
      return "\(option) cannot be '\(parts[1])'. Use a whole number in digits, for example 100"
    }
    let greatest = option.hasSuffix("seed") ? "\(UInt64.max)" : "\(Int.max)"
    return "\(option) cannot be \(parts[1]). The greatest number there is \(greatest)"
  }

  /// The parser suggests an option however little it resembles what was written.
  private static func withoutFarSuggestion(_ text: String) -> String {
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[2] == ". Did you mean ",
      UserError.nearest(to: String(parts[1].drop { $0 == "-" }), among: [String(parts[3].drop { $0 == "-" })]).isEmpty
    else { return text }
    return parts[0] + "'" + parts[1] + "'"
  }

  /// The parser's message as a sentence of one line, with what to do.
  ///
  /// The parser's usage lines are left out; the help screens have them.
  static func oneLine(_ message: String) -> String {
    let lines = message.split(separator: "\n").map { line in
      var line = line[...]
      while line.first == " " { line.removeFirst() }
      return String(line)
    }
    var text = lines.joined(separator: " ")
    if text.hasPrefix("Error: ") { text.removeFirst(7) }
    text = form(text) ?? withoutFarSuggestion(text)
    if let first = text.first { text = first.lowercased() + text.dropFirst() }
    while text.last == "." { text.removeLast() }
    return text + (text.last == "?" ? " " : ". ") + "`forage --help` and `forage COMMAND --help` show what there is"
  }
}
