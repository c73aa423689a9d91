#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

// commit-text LOG OUTPUT: writes a Swift file with the commit that the last line of git's log of HEAD ends at. Without
// a log (an archive instead of a clone, `git worktree`) there is none.

/// The second word of the last line, "before after name ...".
func commit(in path: String) -> String {
  guard let file = fopen(path, "rb") else { return "" }
  defer { fclose(file) }
  var last = ""
  while let line = readLine(of: file) { last = line }
  let words = last.split(separator: " ")
  guard words.count > 1, words[1].count >= 40, words[1].allSatisfy(\.isHexDigit) else { return "" }
  return String(words[1].prefix(7))
}

func readLine(of file: UnsafeMutablePointer<FILE>) -> String? {
  var pointer: UnsafeMutablePointer<CChar>?
  var capacity = 0
  defer { free(pointer) }
  let count = getline(&pointer, &capacity, file)
  guard count > 0, let pointer else { return nil }
  return String(cString: pointer)
}

guard CommandLine.arguments.count == 3, let output = fopen(CommandLine.arguments[2], "wb") else { exit(1) }
fputs("func writtenCommit() -> String { \"\(commit(in: CommandLine.arguments[1]))\" }\n", output)
exit(fclose(output) == 0 ? 0 : 1)
