/// Words for commands that a person is to type, or a script holds.
public enum Shell {
  /// A word as a shell reads it back: in single quotes where it has anything but letters, digits and plain signs.
  public static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.unicodeScalars.allSatisfy { scalar in
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
          || "_-./+=:,@%".unicodeScalars.contains(scalar)
      }
    guard !isPlain else { return word }
    return inQuotes(word)
  }

  /// A word in single quotes, whatever it has.
  public static func inQuotes(_ word: String) -> String {
    "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  /// The words of a command, each quoted where it must be.
  public static func command(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }
}
