#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  @preconcurrency import Musl
#endif

/// Lines on standard output (results) and standard error (everything about the way there).
///
/// Standard output is for results alone, so that they can be piped; it is written line by line even through a
/// pipe.
enum LineOutput {
  /// Called once, before anything is printed.
  static func prepare() {
    // A reader that has gone away (`forage list | head -1`) ends the program in silence.
    signal(SIGPIPE, SIG_DFL)
    setvbuf(Glibc.stdout, nil, _IOLBF, 0)
  }

  /// Whether a person reads standard error as it is written.
  static var isTerminal: Bool { isatty(2) == 1 }

  /// Columns of the terminal; 80 when unknown.
  static var columns: Int {
    var size = winsize()
    return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Columns of the terminal on standard output; nil where it is none, and lines may be of any length.
  static var outputColumns: Int? {
    var size = winsize()
    guard isatty(1) == 1 else { return nil }
    return ioctl(1, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Lines of the terminal; 24 when unknown.
  static var rows: Int {
    var size = winsize()
    return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0 ? Int(size.ws_row) : 24
  }

  /// `forage: <reason>. <fix>`
  static func error(_ text: String) { write("forage: \(text)\n") }

  /// One line about what is going on.
  static func note(_ text: String) { write(text + "\n") }

  /// Text to standard error in one piece, so that lines of several threads do not mix.
  ///
  /// What cannot be written is dropped: progress must not end a run.
  static func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
      if count <= 0 { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
