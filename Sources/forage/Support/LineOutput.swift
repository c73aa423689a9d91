import Groundwork

#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  @preconcurrency import Musl
#endif

/// Lines on standard output (results) and standard error (everything about the way there).
///
/// Standard output is for results alone, so that they can be piped; they are written at once, also through a pipe.
/// Results that cannot be written are a failure; progress that cannot be written is dropped. What is printed may come
/// from files of others, so nothing of it can steer the terminal.
enum LineOutput {
  /// Called once, before anything is opened or printed.
  static func prepare() {
    Interruption.ignoreBrokenPipes()
    // Whoever closed one of the three would have the next file opened under its number: results would go into it. Each
    // is opened the wrong way round, so that using it is an error still; but what is told may be dropped.
    for (number, mode) in [(0, O_WRONLY), (1, O_RDONLY), (2, O_WRONLY)] as [(Int32, Int32)]
    where fcntl(number, F_GETFD) < 0 {
      _ = open("/dev/null", mode)
    }
  }

  /// Results on standard output, with a line feed at their end.
  ///
  /// Ends the program where they cannot be written: with a line on standard error and status 1, or in silence where
  /// their reader has gone away (`forage list | head -1`).
  static func result(_ text: String, terminator: String = "\n") {
    let code = Descriptor.standardOutput.write(text.visible + terminator)
    guard code != 0 else { return }
    if code == EPIPE { Interruption.endByBrokenPipe() }
    error(
      "the results cannot be written to standard output: \(String(cString: strerror(code)).lowercased())"
        + (code == ENOSPC ? ". Free some space" : ""))
    exit(1)
  }

  /// Whether a person reads standard error as it is written.
  static var isTerminal: Bool { isatty(2) == 1 }

  /// Columns of the terminal; 80 when unknown.
  static var columns: Int {
    var size = winsize()
    return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Columns of the terminal on standard output; nil where it is none: what a program reads has lines of any length.
  static var outputColumns: Int? { isatty(1) == 1 ? helpColumns : nil }

  /// Columns of a help screen: the terminal's, else what `COLUMNS` says, else 80, as the parser has it.
  static var helpColumns: Int {
    var size = winsize()
    if ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return getenv("COLUMNS").flatMap { Int(String(cString: $0)) }.flatMap { $0 > 0 ? $0 : nil } ?? 80
  }

  /// Lines of the terminal; 24 when unknown.
  static var rows: Int {
    var size = winsize()
    return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0 ? Int(size.ws_row) : 24
  }

  /// `forage: <reason>. <fix>`
  static func error(_ text: String) { write(fitted("forage: \(text.visibleLine)") + "\n") }

  /// What is going on, in a line; on a terminal that is too narrow for it in several, none of which ends inside a word
  /// or a command: that the terminal breaks where it must, so that it is copied whole.
  static func note(_ text: String) { write(fitted(text.visible) + "\n") }

  private static func fitted(_ text: String) -> String {
    guard isTerminal, text.terminalColumns > columns else { return text }
    return Format.wrapped(text, columns: columns, indent: 2, keepsCommands: true)
  }

  /// Replaces the terminal's last line, which is empty or the one before of this kind, without ending it.
  ///
  /// What has no room is cut off: of a line that the terminal breaks only the last part would be replaced.
  static func status(_ text: String) {
    write("\r\u{1b}[K" + String(text.visibleLine.prefix(terminalColumns: max(1, columns - 1))))
  }

  /// The same for several lines in place of so many rows of the terminal, the last of which it stands in.
  static func status(_ lines: [String], over rows: Int) {
    let up = rows > 1 ? "\u{1b}[\(rows - 1)A\r\u{1b}[J" : "\r\u{1b}[K"
    write(up + lines.map(\.visibleLine).joined(separator: "\n"))
  }

  /// Text to standard error as it is, in one piece, so that lines of several threads do not mix.
  ///
  /// What cannot be written is dropped: progress must not end a run.
  static func write(_ text: String) {
    _ = Descriptor.standardError.write(text)
  }
}
