#if MuJoCo
  internal import CMuJoCo
  import Glibc
  import Groundwork
  import Synchronization

  /// The library and the models that `scripts/mujoco` installed.
  enum Engine {
    /// The one version that all of this is checked with.
    static let version = FORAGE_MUJOCO_VERSION_TEXT

    /// Where library and models are, unless `FORAGE_MUJOCO` names another folder.
    static let folder =
      getenv("FORAGE_MUJOCO").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
      ?? "/usr/local/lib/forage/mujoco-\(version)"

    /// MetaWorld's models.
    static let metaWorld = folder + "/metaworld-3.1.1/sawyer_xyz/"
    /// Fetch's models.
    static let fetch = folder + "/robotics-1.4.2/fetch/"

    /// Held while a model is read, and while a process is split off to try one in: the engine has locks of its own, and
    /// a process that begins while another thread holds one waits for it for ever.
    static let reading = Mutex<Void>(())

    /// - Throws: `UserError` when the library that was found at the start is not the one that the headers are of: its
    ///   structures lie elsewhere.
    static func check() throws(UserError) {
      guard mj_version() == FORAGE_MUJOCO_VERSION else {
        throw UserError(
          "the library of MuJoCo is of version \(mj_version()), and this program was built for \(version)",
          fix: "scripts/mujoco, then build again")
      }
      forage_mujoco_be_quiet()
    }

    /// - Throws: `UserError` when models are missing or the library is of another version.
    ///
    /// - Parameter wanted: The version that a configuration asks for.
    static func checkModels(for wanted: String = version) throws(UserError) {
      try check(for: wanted)
      guard Files.isDirectory(metaWorld), Files.isDirectory(fetch) else {
        throw UserError("MuJoCo's models are not in '\(folder)'", fix: "scripts/mujoco")
      }
      for (name, found) in digests where packages[name] != found {
        throw UserError(
          "the models in '\(folder)/\(name)' are not those of the package: a file has changed, is missing or new",
          fix: "Remove the folder, then scripts/mujoco")
      }
    }

    /// By folder, what its models are known by.
    static let packages = [
      "metaworld-3.1.1": "74f4fab44e8bedf35ed9c5d6f546a950", "robotics-1.4.2": "98218b93f301fb7d589f5d5e09cfc69c",
    ]
    /// What is there, read once: others' figures would come of others' models.
    private static let digests = packages.keys.sorted().map { ($0, digest(of: folder + "/" + $0)) }

    /// A digest of what decides how a folder's models move: path and text of its XML files, path and size of its meshes
    /// (they are 7 MB, too many to read for every command). Pictures on them decide nothing.
    static func digest(of root: String) -> String {
      var bytes: [UInt8] = []
      func add(_ folder: String, depth: Int = 0) {
        // Deeper than anything of the packages: a link that leads round in a circle.
        guard depth < 8 else { return }
        for name in Files.list(root + folder) {
          let path = folder + "/" + name
          if Files.isDirectory(root + path) {
            add(path, depth: depth + 1)
          } else if name.hasSuffix(".xml") {
            let text = (try? Files.read(root + path)) ?? []
            bytes += Array("\(path) \(text.count)\n".utf8) + text
          } else if name.hasSuffix(".stl") {
            bytes += Array("\(path) \(Files.size(of: root + path) ?? 0)\n".utf8)
          }
        }
      }
      add("")
      return bytes.withUnsafeBytes { SHA256.hexadecimal($0, digits: 32) }
    }

    /// - Throws: `UserError` when the library is of another version, or another one is asked for.
    static func check(for wanted: String) throws(UserError) {
      try check()
      guard wanted == version else {
        throw UserError(
          "environment.engine is MuJoCo \(wanted), and this program has \(version)",
          fix: "Another version gives other episodes: use the program that recorded them")
      }
    }
  }
#endif
