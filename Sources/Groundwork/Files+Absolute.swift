#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

extension Files {
  /// The path of a file or directory from the root, links followed: what holds from every working directory.
  ///
  /// - Throws: `UserError` when there is nothing of that name.
  public static func absolute(_ path: String) throws(UserError) -> String {
    guard let resolved = realpath(path, nil) else {
      throw UserError("cannot find '\(path)': \(String(cString: strerror(errno)).lowercased())", fix: "Check the path")
    }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
