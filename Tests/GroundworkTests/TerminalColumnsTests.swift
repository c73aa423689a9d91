import Groundwork
import Testing

/// How much of a terminal's line a text takes.
@Suite struct TerminalColumnsTests {
  @Test("signs of East Asian scripts and emoji take two columns, marks none, everything else one")
  func widths() {
    #expect("runs/a".terminalColumns == 6 && "".terminalColumns == 0)
    #expect("größer … │ α".terminalColumns == 12)
    #expect("日本語".terminalColumns == 6 && "한국어".terminalColumns == 6 && "ＡＢ".terminalColumns == 4)
    #expect("\u{1F600}".terminalColumns == 2 && "\u{1F1E9}\u{1F1EA}".terminalColumns == 2)
    #expect("e\u{301}".terminalColumns == 1 && "\u{200B}".terminalColumns == 0)
    // Every one of a family is set into the place of the first.
    #expect("\u{1F469}\u{200D}\u{1F467}".terminalColumns == 2)
  }

  @Test("a sign that does not fit whole is left out")
  func parts() {
    #expect("a日本".prefix(terminalColumns: 3) == "a日" && "a日本".prefix(terminalColumns: 4) == "a日")
    #expect("日本a".suffix(terminalColumns: 3) == "本a" && "日本a".suffix(terminalColumns: 4) == "本a")
    #expect("日本".prefix(terminalColumns: 99) == "日本" && "日本".suffix(terminalColumns: 0) == "")
    #expect("日本".prefix(terminalColumns: -1) == "")
  }

  @Test("a wide sign at the end of a row stands in the next")
  func rows() {
    #expect("abcd".terminalPosition(columns: 3) == (1, 1) && "abc".terminalPosition(columns: 3) == (0, 3))
    #expect("a日本".terminalPosition(columns: 4) == (1, 2) && "日本語".terminalPosition(columns: 5) == (1, 2))
    #expect("日".terminalPosition(columns: 1) == (0, 2))
  }
}
