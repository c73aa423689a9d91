public import Groundwork

/// The replays that a configuration names as demonstrations, and how a checkpoint keeps them.
public enum DemonstrationFiles {
  /// - Parameters:
  ///   - paths: Files or directories, separated by commas, or one whose name may itself hold commas. A run's directory
  ///     stands for its `replays`, a comparison's or any other that holds directories of them for all its runs; links
  ///     to directories in it are left out.
  ///   - keepsFailures: Whether all of a directory are taken.
  /// - Returns: Of each directory of replays those that succeeded, or the best where none did, unless failures are
  ///   kept; in the order of their paths.
  /// - Throws: `UserError` when nothing is named, a file is no replay, or a directory holds none.
  public static func read(_ paths: String, keepsFailures: Bool = false) throws(UserError) -> [Replay] {
    try take(paths, keepsFailures: keepsFailures).replays
  }

  /// What `read` gives, with what a run keeps of it.
  ///
  /// - Parameters: See `read`.
  /// - Throws: `UserError` as `read` does.
  public static func take(
    _ paths: String, keepsFailures: Bool = false
  ) throws(UserError) -> (replays: [Replay], record: DemonstrationRecord) {
    let found = try directories(paths)
    let replays = keepsFailures ? found.flatMap(\.replays) : found.flatMap(\.chosen)
    let record = DemonstrationRecord(
      digest: digest(replays), episodes: replays.count, transitions: replays.reduce(0) { $0 + $1.length },
      found: found.reduce(0) { $0 + $1.replays.count }, choice: keepsFailures ? .all : choice(among: found))
    return (replays, record)
  }

  /// By what those that directories hold are chosen, where failures are not kept.
  private static func choice(among found: [Found]) -> DemonstrationRecord.Choice {
    let succeed = found.filter(\.isDirectory).map { $0.replays.contains(where: \.success) }
    if succeed.isEmpty { return .all }
    if succeed.allSatisfy(\.self) { return .successes }
    return succeed.contains(true) ? .successesOrBest : .best
  }

  /// A file, or the replays of one directory.
  private struct Found {
    var isDirectory: Bool
    var replays: [Replay]

    /// The file, or of the directory those that succeeded, or the best where none did.
    var chosen: [Replay] {
      let successful = isDirectory ? replays.filter(\.success) : replays
      return successful.isEmpty ? [replays.max { $0.environmentReturn < $1.environmentReturn }!] : successful
    }
  }

  /// What `paths` names.
  private static func directories(_ paths: String) throws(UserError) -> [Found] {
    var all: [Found] = []
    var known: Set<String> = []
    let parts = paths.split(separator: ",").map { String($0.drop { $0 == " " }) }
    for path in Files.exists(paths) ? [paths] : parts where !path.isEmpty {
      let found =
        Files.isDirectory(path)
        ? try replaysBelow(path, &known)
        : [Found(isDirectory: false, replays: [try replay(path, &known)])]
      guard !found.isEmpty else {
        throw UserError(
          "'\(path)' holds no replay", fix: "Name a file or a directory of replays (.json), or a run's directory")
      }
      all += found
    }
    guard !all.isEmpty else {
      throw UserError(
        "no demonstration is named",
        fix: "Name replays or a directory of them, for example --set agent.demonstrations=runs/explored/replays")
    }
    return all
  }

  /// - Throws: `UserError` for one that is there already, by whatever name: it would count twice.
  private static func replay(_ path: String, _ known: inout Set<String>) throws(UserError) -> Replay {
    let replay = try Replay(reading: path)
    guard known.insert(try Files.absolute(path)).inserted else {
      throw UserError("the demonstration '\(path)' is named twice", fix: "Name each file or directory once")
    }
    return replay
  }

  /// The replays of a directory of them, of a run, of the runs in it, or of the directories in it.
  private static func replaysBelow(_ path: String, _ known: inout Set<String>) throws(UserError) -> [Found] {
    var all: [Found] = []
    for files in ReplayFiles.groups(below: path) {
      var replays: [Replay] = []
      for file in files { replays.append(try replay(file, &known)) }
      all.append(Found(isDirectory: true, replays: replays))
    }
    return all
  }

  /// What `read` gives, when it is what a run's description says.
  ///
  /// - Parameter digest: Of the replays that the run was begun with.
  /// - Throws: `UserError` as `read` does, and where they are others.
  static func read(_ paths: String, keepsFailures: Bool, digest: String) throws(UserError) -> [Replay] {
    let (replays, record) = try take(paths, keepsFailures: keepsFailures)
    guard record.digest == digest else {
      throw UserError(
        "the demonstrations in '\(paths)' are not those that the run was begun with, "
          + "and it has no checkpoint that holds them",
        fix: "Put the old ones back, or begin a new run")
    }
    return replays
  }

  private static func digest(_ replays: [Replay]) -> String {
    var hash: UInt64 = 0
    for replay in replays {
      for byte in replay.json.text().utf8 { hash = RandomSource.mixed(hash, UInt64(byte), 0) }
    }
    return String(hash, radix: 16)
  }

  /// Puts the replays into a checkpoint, so that a resumed run needs no files.
  public static func save(_ replays: [Replay], to state: inout SavedState) {
    state.set("demonstrations", scalar: Int64(replays.count))
    for (index, replay) in replays.enumerated() { state.texts["demonstration.\(index)"] = replay.json.text() }
  }

  /// The replays that `save` put there.
  public static func restore(from state: SavedState) throws(UserError) -> [Replay] {
    var replays: [Replay] = []
    for index in 0..<Int(try state.scalar("demonstrations", as: Int64.self)) {
      let name = "demonstration.\(index)"
      guard let text = state.texts[name] else {
        throw UserError("the checkpoint has no '\(name)'", fix: "It was written by another configuration or version")
      }
      replays.append(try Replay(json: try JSON(parsing: Array(text.utf8), name: "'\(name)'"), name: name))
    }
    return replays
  }
}
