/// Which commit a program is of.
///
/// A module of its own: a new commit costs the compilation of this module and of the command line's, and no other's.
public enum Commit {
  /// Seven digits of the commit that the checkout was at when the program was built; empty where it was no clone.
  /// Changes that were not committed are not seen.
  @inline(never) public static func text() -> String { writtenCommit() }
}
