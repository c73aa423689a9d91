import Groundwork
import Testing

@Suite("text that a terminal shows") struct VisibleTextTests {
  @Test("what steers a terminal is written out, everything else stays")
  func escapes() {
    let plain = "größer \u{1F600} ─ a\tb\nc"
    #expect(plain.visible == plain)
    #expect(plain.visibleLine == "größer \u{1F600} ─ a\tb\\u000ac")
    #expect("\u{1b}]0;PWN\u{7}\r\u{7f}\u{9b}2J\u{202e}x".visible == "\\u001b]0;PWN\\u0007\\u000d\\u007f\\u009b2J\\u202ex")
  }

  @Test("a JSON document stays the same document")
  func json() throws {
    let document: JSON = ["a\u{9b}": .string("\u{1b}[31m\u{7f}\u{85}\u{2028}\n")]
    let text = document.text(pretty: true).visible
    #expect(try JSON(parsing: text, name: "a") == document)
    #expect(text.unicodeScalars.allSatisfy { !$0.steersTerminal })
  }
}
