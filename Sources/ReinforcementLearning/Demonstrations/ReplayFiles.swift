import Groundwork

/// Where replays lie: in directories, runs, comparisons, or any directory that holds such.
public enum ReplayFiles {
  /// The files below a directory that are named as replays, those of each directory together, in the order of their
  /// paths.
  ///
  /// Links to directories below the one that is named are not entered: they may lead back into it, so that all is found
  /// again and again, or out of it.
  ///
  /// - Returns: No empty groups; files may be links, also to one another.
  public static func groups(below path: String) -> [[String]] {
    // What else a run or a comparison keeps in JSON is no replay.
    let own = ["replays", "runs"].filter { Files.isDirectory(path + "/" + $0) }
    var files: [String] = []
    var inner: [[String]] = []
    for name in own.isEmpty ? Files.list(path) : own {
      let place = path + "/" + name
      if Files.isDirectory(place) {
        if !Files.isLink(place) { inner += groups(below: place) }
      } else if name.hasSuffix(".json") {
        files.append(place)
      }
    }
    return (files.isEmpty ? [] : [files]) + inner
  }
}
