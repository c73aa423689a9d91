// Reads doc comments and writes them as a Swift file: `setting-texts SOURCES OUTPUT`, SOURCES being a file of paths.
//
// What a setting means stands where it is declared and nowhere else; a build runs this before it compiles the module
// that describes settings. The output is written only when it changes, so that nothing is compiled in vain.

var arguments = CommandLine.arguments.dropFirst()
guard let list = arguments.popFirst(), let output = arguments.popFirst() else {
  fail("usage: setting-texts SOURCES OUTPUT")
}
guard let paths = read(list) else { fail("'\(list)' cannot be read") }
var texts: [String: String] = [:]
for path in paths.split(separator: "\n") {
  guard let source = read(String(path)) else { fail("'\(path)' cannot be read") }
  var reader = SourceReader()
  for line in source.split(separator: "\n", omittingEmptySubsequences: false) { reader.read(line) }
  texts.merge(reader.texts) { first, _ in first }
}
// One literal: a dictionary of a thousand would take the compiler seconds.
let lines = texts.sorted { $0.key < $1.key }.map { "\($0.key)\t\($0.value)" }
let text = """
  /// Doc comments by what they stand before, a line each: see `setting-texts`.
  enum GeneratedTexts {
    static let lines = ##\"""
  \(lines.joined(separator: "\n"))
  \"""##
  }

  """
if read(output) != text, !write(text, to: output) { fail("'\(output)' cannot be written") }
