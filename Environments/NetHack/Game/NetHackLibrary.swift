#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost
  import Groundwork
  import Synchronization

  /// The user's own `libnethack.so`, found and checked once a process for each path.
  ///
  /// Nothing of NetHack is part of this package: the file comes with the Python package `nle`, which `scripts/nethack`
  /// installs into a folder of its own. Another version than 1.3.0 is refused by name before anything of it runs.
  final class NetHackLibrary: @unchecked Sendable {
    /// The version of `nle` whose layout the host knows.
    static let version = "1.3.0"

    /// Of `libnethack.so`.
    let path: String
    /// The package that it came with, with the game's data and the tools that compile levels in `nethackdir`.
    let package: InstalledPackage
    /// The data archive that the package ships.
    let archive: DataArchive
    /// The library in the host, its symbols found and its layout known.
    let handle: OpaquePointer

    /// - Throws: `UserError` when it is another version, it is not as it was installed, or its layout is not the one
    ///   that the host knows.
    /// - Complexity: 20 ms, most of them for the digest.
    private init(path: String) throws(UserError) {
      try Self.checkVersion(of: path)
      self.path = path
      package = InstalledPackage("nle", version: Self.version, in: Files.parent(of: path))
      _ = try package.read(path, as: "libnethack.so")
      var reason = [CChar](repeating: 0, count: Int(NETHACK_REASON_BYTES))
      guard let handle = nethack_library_open(path, &reason) else {
        let text = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw UserError(
          "'\(path)' is not the library of nle \(Self.version): \(text)",
          fix: "scripts/nethack installs that version into .venv-nethack/")
      }
      do throws(UserError) {
        archive = DataArchive(try package.read("nethackdir/nhdat"))
      } catch {
        nethack_library_close(handle)
        throw error
      }
      self.handle = handle
    }

    /// Libraries by path, each opened once a process.
    private static let known = Mutex<[String: NetHackLibrary]>([:])

    /// The library in a file or folder, or where one is looked for when nothing is said: `FORAGE_NETHACK`, then
    /// `.venv-nethack/` in the present folder.
    ///
    /// - Parameter setting: A path; empty for the usual places.
    /// - Throws: `UserError` when there is none, or another version.
    static func find(_ setting: String) throws(UserError) -> NetHackLibrary {
      let path = try locate(setting)
      if let library = known.withLock({ $0[path] }) { return library }
      let library = try NetHackLibrary(path: path)
      return known.withLock { libraries in
        if let first = libraries[path] { return first }
        libraries[path] = library
        return library
      }
    }

    /// The file's path, without opening it.
    static func locate(_ setting: String) throws(UserError) -> String {
      let variable = Process.variable("FORAGE_NETHACK")
      let (place, source) =
        !setting.isEmpty
        ? (setting, "library=")
        : variable.map { ($0, "FORAGE_NETHACK=") } ?? (".venv-nethack", "")
      for pattern in ["", "/libnethack.so", "/nle/libnethack.so", "/lib/python3*/site-packages/nle/libnethack.so"] {
        for path in Process.paths(in: place, matching: pattern) where Process.isFile(path) {
          return Process.absolute(path)
        }
      }
      let reason =
        source.isEmpty
        ? "the Python package nle \(version) is not in .venv-nethack/" : "\(source)\(place) leads to no libnethack.so"
      throw UserError(
        reason,
        fix:
          "scripts/nethack installs it; --set library=PATH or FORAGE_NETHACK=PATH names another file or environment"
      )
    }

    /// - Throws: `UserError` that names the other version where pip's folder beside the package tells of one.
    private static func checkVersion(of path: String) throws(UserError) {
      let packages = Files.parent(of: Files.parent(of: path))
      guard let other = otherVersion(of: "nle", than: version, in: packages) else { return }
      throw UserError(
        "'\(packages)' holds nle \(other); the game's layout is known for \(version) alone",
        fix: "pip install nle==\(version), or scripts/nethack for a folder of its own")
    }

    /// The version of a Python package where it is another, read off the folder that pip keeps beside the package; nil
    /// where there is no such folder.
    static func otherVersion(of package: String, than version: String, in packages: String) -> Substring? {
      let found = Process.paths(in: packages, matching: "/\(package)-*.dist-info").compactMap { folder in
        folder.split(separator: "/").last?.dropFirst(package.count + 1).dropLast(".dist-info".count)
      }
      return found.contains { $0 == version } ? nil : found.first
    }
  }
#endif
