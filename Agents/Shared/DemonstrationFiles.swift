import Groundwork
import ReinforcementLearning

/// The replays that a configuration names as demonstrations, and how a checkpoint keeps them.
enum DemonstrationFiles {
  /// - Parameter paths: Files or directories, separated by commas. A run's directory stands for its `replays`.
  /// - Throws: `UserError` when nothing is named, a file is no replay, or a directory holds none.
  static func read(_ paths: String) throws(UserError) -> [Replay] {
    var replays: [Replay] = []
    for part in paths.split(separator: ",") {
      let path = part.drop { $0 == " " }
      guard !path.isEmpty else { continue }
      replays += try read(path: String(path))
    }
    guard !replays.isEmpty else {
      throw UserError(
        "no demonstration is named",
        fix: "Name replays or a directory of them, for example --set agent.demonstrations=runs/explored/replays")
    }
    return replays
  }

  private static func read(path: String) throws(UserError) -> [Replay] {
    guard Files.isDirectory(path) else { return [try Replay(reading: path)] }
    let directory = Files.isDirectory(path + "/replays") ? path + "/replays" : path
    var replays: [Replay] = []
    for name in Files.list(directory) where name.hasSuffix(".json") {
      replays.append(try Replay(reading: directory + "/" + name))
    }
    let successful = replays.filter(\.success)
    if !successful.isEmpty { return successful }
    guard let best = replays.max(by: { $0.environmentReturn < $1.environmentReturn }) else {
      throw UserError("'\(directory)' holds no replay", fix: "Name a file or a directory of replays (.json)")
    }
    return [best]
  }

  /// Puts the replays into a checkpoint, so that a resumed run needs no files.
  static func save(_ replays: [Replay], to state: inout SavedState) {
    state.set("demonstrations", scalar: Int64(replays.count))
    for (index, replay) in replays.enumerated() { state.texts["demonstration.\(index)"] = replay.json.text() }
  }

  static func restore(from state: SavedState) throws(UserError) -> [Replay] {
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
