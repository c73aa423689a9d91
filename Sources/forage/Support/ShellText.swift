/// Words of a command line that a person can copy.
enum ShellText {
  /// The word as a POSIX shell must be given it: quoted where it holds anything that a shell would change.
  static func quoted(_ word: String) -> String {
    let plain = word.unicodeScalars.allSatisfy { scalar in
      guard scalar.isASCII else { return false }
      let isWord = scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
      return isWord || "_./=+-:,@%".unicodeScalars.contains(scalar)
    }
    if plain && !word.isEmpty { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  /// The words of a command, quoted where it is needed.
  static func command(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }
}
