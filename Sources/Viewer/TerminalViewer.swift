import Groundwork

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Watching and playing in a terminal.
enum TerminalViewer {
  /// Shows states until the person leaves, or prints frames where input or output is no terminal.
  ///
  /// - Throws: What the playback throws; the terminal is put right before.
  static func run(_ playback: some Playback, options: WatchOptions) throws {
    var control = try PlaybackControl(playback, options: options)
    guard isatty(STDOUT_FILENO) == 1, isatty(STDIN_FILENO) == 1 else {
      return try printFrames(&control, limit: options.plainFrameLimit)
    }
    try TerminalScreen.run(&control, every: 8) { control, size, hasColor in
      TerminalPicture(state: control.state, columns: size.columns, rows: size.rows, hasColor: hasColor).lines()
    }
  }

  /// One frame after the other, for pipes and files: the board only where there is one.
  private static func printFrames(_ control: inout PlaybackControl<some Playback>, limit: Int) throws {
    for count in 0..<max(1, limit) {
      var state = control.state
      state.controls = nil
      let lines = TerminalPicture(state: state, columns: 120, rows: nil, hasColor: false).lines()
      // A reader that went away (`| head`) is the end.
      guard try printed((count == 0 ? "" : "\n") + lines.joined(separator: "\n") + "\n") else { return }
      if control.isOver || Interruption.wasRequested { return }
      guard try control.seek(control.index + 1) else { return }
    }
    _ = try printed("\n… stopped after \(limit) frames\n")
  }

  /// False when nobody reads any more.
  ///
  /// - Throws: `UserError` when the disk is full, or there is no standard output.
  private static func printed(_ text: String) throws -> Bool {
    let code = Descriptor.standardOutput.write(text)
    guard code == 0 || code == EPIPE else {
      throw UserError(
        "the frames cannot be written to standard output: \(String(cString: strerror(code)).lowercased())")
    }
    return code == 0
  }
}

/// What keys and time do to what is shown.
protocol TimedControl {
  /// Whether the person has left.
  var hasQuit: Bool { get }
  /// Whether time changes what is shown.
  var isPlaying: Bool { get }
  /// Whether it must be told of time as it passes, because something moves or is about to be decided.
  var needsTime: Bool { get }
  /// Takes a key.
  ///
  /// - Returns: Whether anything has changed.
  mutating func press(_ key: Key) throws -> Bool
  /// Lets time pass.
  ///
  /// - Returns: Whether anything has changed.
  mutating func advance(seconds: Double) throws -> Bool
}

extension TimedControl {
  var needsTime: Bool { isPlaying }

  /// Takes the keys that were waited for. While it was waited none came, so that this time passes before they are
  /// struck; of the rest, in which something was drawn or done, that is not known, and it passes after them.
  ///
  /// - Parameters:
  ///   - waited: Seconds.
  ///   - last: Up to when time has passed; then up to when it has passed now.
  ///   - clock: The time.
  /// - Returns: Whether anything has changed.
  mutating func take(
    _ keys: [Key], waited: Double, since last: inout Double, clock: () -> Double = { Clock.seconds }
  ) throws -> Bool {
    var isStale = try advance(seconds: waited)
    for key in keys where try press(key) { isStale = true }
    let now = clock()
    if try advance(seconds: max(0, now - last - waited)) { isStale = true }
    last = now
    return isStale
  }
}

/// The terminal as a screen with single keys; `restore` makes it what it was.
///
/// Keys come as the terminal's bytes; an escape byte may begin an arrow or be the escape key, which is known
/// only when nothing follows it. Interruptions still end the program, by way of `restore`.
final class TerminalScreen {
  /// How the terminal was before, for `restore`.
  private var before = termios()
  /// The beginning of a key whose rest has not come yet.
  private var pending: [UInt8] = []

  /// Takes the screen over: the alternate one, no cursor, no line editing, no echo.
  init() {
    tcgetattr(STDIN_FILENO, &before)
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    // Ctrl-C still interrupts. Ctrl-Z would leave a shell in a broken terminal, so it does nothing.
    withUnsafeMutableBytes(of: &raw.c_cc) { $0[Int(VSUSP)] = 0 }
    withUnsafeMutableBytes(of: &raw.c_cc) {
      $0[Int(VMIN)] = 0
      $0[Int(VTIME)] = 0
    }
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    _ = Self.write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J")
  }

  /// Shows what a control has until the person leaves or the program is asked to stop; the terminal is then as before.
  ///
  /// `NO_COLOR` in the environment turns colours off (no-color.org).
  ///
  /// - Parameters:
  ///   - milliseconds: How often time is looked at while something moves.
  ///   - lines: The screen's lines, of a control in a terminal of that size, in colour or without.
  static func run<Control: TimedControl>(
    _ control: inout Control, every milliseconds: Int32, lines: (Control, TerminalSize, Bool) -> [String]
  ) throws {
    let hasColor = getenv("NO_COLOR").map { $0.pointee == 0 } ?? true
    let screen = TerminalScreen()
    defer { screen.restore() }
    var size = TerminalScreen.size()
    var isStale = true
    var last = Clock.seconds
    while !control.hasQuit, !Interruption.wasRequested {
      // Sleeps until a key or until the next state may be due.
      let start = Clock.seconds
      let keys = screen.keys(waiting: isStale ? 0 : control.needsTime ? milliseconds : 100)
      if try control.take(keys, waited: Clock.seconds - start, since: &last) { isStale = true }
      let newSize = TerminalScreen.size()
      if newSize != size {
        size = newSize
        screen.clear()
        isStale = true
      }
      guard isStale else { continue }
      screen.show(lines(control, size, hasColor))
      isStale = false
    }
  }

  /// Back to the shell's screen, with its cursor, line editing and echo.
  func restore() {
    _ = Self.write("\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l")
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
  }

  /// Wipes the screen, as after a change of its size.
  func clear() { _ = Self.write("\u{1B}[2J") }

  /// Writes the lines over what is there, in one go, so that nothing flickers.
  func show(_ lines: [String]) {
    let text = lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n")
    _ = Self.write("\u{1B}[H" + text + "\u{1B}[J")
  }

  /// The keys that were pressed, waiting at most so many milliseconds for the first.
  ///
  /// - Returns: Several where a person types faster than states are shown.
  func keys(waiting milliseconds: Int32) -> [Key] {
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, milliseconds) > 0 else {
      // An escape that nothing followed is the escape key.
      defer { pending = [] }
      return pending == [0x1B] ? [.escape] : []
    }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(STDIN_FILENO, &bytes, bytes.count)
    // Readable, but with nothing to read: the terminal has gone.
    if count == 0 { return [.escape, .escape] }
    guard count > 0 else { return [] }
    let decoded = Self.decode(pending + bytes.prefix(count))
    pending = decoded.rest
    return decoded.keys
  }

  /// Keys from a terminal's bytes (ECMA-48 and xterm), and the bytes of one that is incomplete.
  ///
  /// - Returns: Unknown sequences give no key; bytes that could be the beginning of one come back as `rest`.
  static func decode(_ bytes: [UInt8]) -> (keys: [Key], rest: [UInt8]) {
    var keys: [Key] = []
    var rest = bytes[...]
    while let byte = rest.first {
      switch byte {
      case 0x1B:
        guard rest.count > 1 else { return (keys, Array(rest)) }
        let second = rest[rest.startIndex + 1]
        // A terminal writes alt as an escape before the key.
        if (0x21..<0x7F).contains(second), second != UInt8(ascii: "["), second != UInt8(ascii: "O") {
          keys.append(.alt(Character(Unicode.Scalar(second))))
          rest = rest.dropFirst(2)
          continue
        }
        guard second == UInt8(ascii: "[") || second == UInt8(ascii: "O") else {
          keys.append(.escape)
          rest = rest.dropFirst()
          continue
        }
        // Parameters, then one final byte from @ to ~.
        let body = rest.dropFirst(2)
        guard let end = body.firstIndex(where: { (0x40...0x7E).contains($0) }) else { return (keys, Array(rest)) }
        if let key = arrow(body[end], parameters: Array(body[..<end])) { keys.append(key) }
        rest = rest[(end + 1)...]
      case 0x0D, 0x0A:
        keys.append(.enter)
        rest = rest.dropFirst()
      case 0x09:
        keys.append(.tab)
        rest = rest.dropFirst()
      case 0x08, 0x7F:
        keys.append(.backspace)
        rest = rest.dropFirst()
      case 0x00..<0x20:
        if (1...26).contains(byte) { keys.append(.control(Character(Unicode.Scalar(byte + 0x60)))) }
        rest = rest.dropFirst()
      default:
        let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        guard rest.count >= length else { return (keys, Array(rest)) }
        if let text = String(validating: rest.prefix(length), as: UTF8.self), let character = text.first {
          keys.append(.character(character))
        }
        rest = rest.dropFirst(length)
      }
    }
    return (keys, [])
  }

  /// The key of a control sequence by its final byte; nil for one that the viewer has no use for.
  private static func arrow(_ final: UInt8, parameters: [UInt8]) -> Key? {
    switch final {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "P"): .help
    case UInt8(ascii: "~") where parameters == Array("11".utf8): .help
    default: nil
    }
  }

  /// Characters across and down; 80 by 24 where the terminal does not say.
  static func size() -> TerminalSize {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return TerminalSize(columns: 80, rows: 24)
    }
    return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }

  /// False when the terminal has gone.
  static func write(_ text: String) -> Bool { Descriptor.standardOutput.write(text) == 0 }
}

/// Characters across and down.
struct TerminalSize: Hashable {
  /// At least 1 each.
  var columns, rows: Int
}
