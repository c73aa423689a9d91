import Catalog
import Experiments
import Groundwork

/// Where suites are: `suites/NAME.yaml` in the working directory, then beside the program: in the folder that it lies
/// in and those around it (so that a build finds the repository's), and in `share/forage/suites` of each.
enum SuiteFiles {
  /// The folders in the order in which they are searched.
  static var folders: [String] {
    guard let program = try? Files.absolute("/proc/self/exe") else { return ["suites"] }
    var folders = ["suites"]
    var parts = program.split(separator: "/").dropLast()
    // `.build/x86_64-unknown-linux-gnu/release/forage` is four folders deep.
    for _ in 0..<5 where !parts.isEmpty {
      let folder = "/" + parts.joined(separator: "/")
      folders += [folder + "/suites", folder + "/share/forage/suites"]
      parts.removeLast()
    }
    return folders.filter { Files.isDirectory($0) }
  }

  /// The names and files of all suites, by name; of two with one name the one that is found first.
  static var all: [(name: String, path: String)] {
    var found: [String: String] = [:]
    for folder in folders.reversed() {
      for file in Files.list(folder) where file.hasSuffix(".yaml") {
        found[String(file.dropLast(5))] = "\(folder)/\(file)"
      }
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The suite of that name, or of that file: a text with a slash or `.yaml` at its end.
  ///
  /// - Throws: `UserError` with the nearest names, or what is wrong with the file.
  static func suite(_ text: String) throws -> Suite {
    let suite: Suite
    if text.contains("/") || text.hasSuffix(".yaml") {
      suite = try Suite(reading: text)
    } else {
      let all = all
      guard let found = all.first(where: { $0.name == text }) else {
        throw UserError.unknown(
          "suite", text, among: all.map(\.name), hint: "`forage list suites` shows all; a file is named by its path")
      }
      suite = try Suite(reading: found.path)
    }
    try Catalog.check(suite)
    return suite
  }
}
