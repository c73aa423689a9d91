import ArgumentParser
import Catalog
import Groundwork
import ReinforcementLearning

/// `forage verify`: recordings stepped again and compared.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Step recorded episodes again and compare every step.",
    discussion: """
      Takes replays (.json) and traces recorded with MiniGrid (.jsonl, .jsonl.gz). Exits with 1 when one differs.

      Example:
        forage verify replays/*.json
      """)

  @Argument(help: ArgumentHelp("Replays and traces.", valueName: "file"))
  var files: [String]

  @Flag(help: "Print one JSON document.")
  var json = false

  @Flag(help: "Say nothing about what is equal.")
  var quiet = false

  func run() throws {
    Interruption.listen()
    var reports: [JSON] = []
    var failed = 0
    var episodes = 0
    var steps = 0
    for file in files {
      if Interruption.wasRequested { throw Interruption.exitStatus }
      var differences: [String] = []
      var count = 0
      var length = 0
      do {
        for episode in try Recordings.verify(file) {
          count += 1
          length += episode.steps
          if let difference = episode.difference { differences.append("\(episode.name): \(difference)") }
        }
      } catch let error as UserError {
        differences.append(error.description)
      }
      episodes += count
      steps += length
      if !differences.isEmpty { failed += 1 }
      if json {
        reports.append([
          "file": .string(file), "episodes": .integer(count), "steps": .integer(length),
          "equal": .bool(differences.isEmpty), "differences": .array(differences.map { .string($0) }),
        ])
      } else {
        for difference in differences.prefix(5) { print("\(file): \(difference)") }
        if differences.count > 5 { print("\(file): and \(differences.count - 5) more") }
        if differences.isEmpty && !quiet {
          print("\(file): equal (\(count) episode\(count == 1 ? "" : "s"), \(Format.count(length)) steps)")
        }
      }
    }
    if json {
      let document: JSON = [
        "files": .array(reports), "equal": .bool(failed == 0), "episodes": .integer(episodes), "steps": .integer(steps),
      ]
      print(document.text(pretty: true))
    } else if files.count > 1 {
      print("\(files.count - failed) of \(files.count) files are equal, \(episodes) episodes, \(Format.count(steps)) steps")
    }
    if failed > 0 { throw ExitStatus(code: 1) }
  }
}
