import ArgumentParser
import Foundation
import Testing

@testable import forage

/// Every command that a help screen, the README or a page of docs shows can be copied into a shell as it stands.
@Suite struct CommandExampleTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")

  /// The words of a command line as a POSIX shell has them, up to a comment or an operator; nil for one that a shell
  /// would go on reading, or that has a word which it would read otherwise (a bare parenthesis, a star).
  static func words(_ line: Substring) -> [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word!.append(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character == " " {
        if let ended = word { words.append(ended) }
        word = nil
      } else if character == "#" && word == nil || "|>;&".contains(character) {
        break
      } else if "()$`<".contains(character) {
        return nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil else { return nil }
    return words + (word.map { [$0] } ?? [])
  }

  /// Lines that begin with the program's name, those that end with a backslash joined with the next.
  static func examples(in text: String) -> [Substring] {
    text.replacingOccurrences(of: "\\\n", with: " ").split(separator: "\n")
      .map { $0.drop { $0 == " " || $0 == "$" } }
      .filter { $0.hasPrefix("forage ") && !$0.contains("...") && !$0.contains("…") }
  }

  private func check(_ line: Substring, in place: String) {
    guard let words = CommandExampleTests.words(line) else {
      Issue.record("\(place): a shell would not read '\(line)' as it stands")
      return
    }
    do {
      _ = try Forage.parseAsRoot(Arguments.joiningNegatives(Array(words.dropFirst())))
    } catch {
      // Asking for help is no mistake.
      if Forage.exitCode(for: error) != .success {
        Issue.record("\(place): '\(line)': \(Forage.message(for: error))")
      }
    }
  }

  @Test("those of the help screens")
  func help() throws {
    var count = 0
    for command in HelpScreenTests.commands {
      let screen = try Program.run(command.isEmpty ? ["--help"] : [command, "--help"]).output
      let discussion = screen.components(separatedBy: "Example:\n").dropFirst().joined(separator: "\n")
      for line in CommandExampleTests.examples(in: discussion) {
        check(line, in: "forage \(command) --help")
        count += 1
      }
    }
    #expect(count >= HelpScreenTests.commands.count)
  }

  @Test("those of the README and of the pages in docs")
  func pages() throws {
    let docs = CommandExampleTests.root.appendingPathComponent("docs")
    let names = try FileManager.default.contentsOfDirectory(atPath: docs.path).filter { $0.hasSuffix(".md") }
    let pages = [CommandExampleTests.root.appendingPathComponent("README.md")] + names.map(docs.appendingPathComponent)
    var count = 0
    for page in pages {
      let text = try String(contentsOf: page, encoding: .utf8)
      // Blocks of code, and whole commands between backquotes.
      let parts = text.components(separatedBy: "```")
      let blocks = parts.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
      for line in blocks.flatMap(CommandExampleTests.examples(in:)) {
        check(line, in: page.lastPathComponent)
        count += 1
      }
    }
    #expect(count > 20)
  }

  @Test("the reader of examples is a shell's: quotes, comments, and what a shell would take for its own")
  func reader() {
    #expect(CommandExampleTests.words("forage train x --agent 'ppo(epochs=8)'  # why")?.last == "ppo(epochs=8)")
    #expect(CommandExampleTests.words("forage list | head") == ["forage", "list"])
    #expect(CommandExampleTests.words("forage train x --agent ppo(epochs=8)") == nil)
    #expect(CommandExampleTests.words("forage train 'x") == nil)
  }
}
