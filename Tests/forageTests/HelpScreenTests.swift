import Foundation
import Testing

/// The help screens as literals: `Screens/<command>.txt`. A change of a screen is a readable diff.
@Suite struct HelpScreenTests {
  static let commands = [
    "", "list", "describe", "train", "evaluate", "compare", "report", "reproduce", "match", "watch", "play",
    "verify", "check", "design", "label", "bench", "log", "off-policy",
  ]

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Screens")

  @Test("a help screen is what it was, and has an example", arguments: commands)
  func screen(_ command: String) throws {
    let result = try Program.run(command.isEmpty ? ["--help"] : [command, "--help"])
    #expect(result.status == 0)
    #expect(result.errors == "")
    let example = result.output.components(separatedBy: "Example:\n").dropFirst().first ?? ""
    #expect(example.hasPrefix("  forage \(command)"))
    let file = HelpScreenTests.folder.appendingPathComponent((command.isEmpty ? "forage" : command) + ".txt")
    if ProcessInfo.processInfo.environment["FORAGE_RECORD"] != nil {
      try result.output.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(result.output == (try String(contentsOf: file, encoding: .utf8)))
  }

  @Test("every command has a screen here")
  func everyCommand() throws {
    let help = try Program.run(["--help"]).output
    let listed = help.components(separatedBy: "SUBCOMMANDS:\n")[1].split(separator: "\n").compactMap { line in
      line.hasPrefix("  ") && !line.hasPrefix("   ") ? line.split(separator: " ").first.map(String.init) : nil
    }
    #expect(Set(listed).subtracting(["See"]) == Set(HelpScreenTests.commands).subtracting([""]))
  }
}
