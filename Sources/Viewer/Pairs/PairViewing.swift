internal import Groundwork

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Shows pairs of clips in a window and takes a person's answers until the window is closed.
///
/// Without the package trait `Viewer` this throws at once, as it does without a display.
///
/// - Throws: `UserError` for what the person can mend; what the source throws.
/// - Parameters:
///   - source: It is asked from the main thread only.
///   - options: Speed and size; all else is about episodes.
public func labelInWindow(_ source: some PairSource, options: WatchOptions = WatchOptions()) throws {
  #if Viewer
    try Interruption.withHandlers { try Window.run(source, options: options) }
  #else
    throw UserError(
      "a window cannot be drawn: this program was built without the viewer",
      fix: "Use --terminal, or rebuild with the trait Viewer")
  #endif
}

/// Shows pairs of clips in the terminal and takes a person's answers.
///
/// Where standard input or output is no terminal, questions are printed one after the other with the last states of
/// their clips, and answers read from standard input, a line each: `left`, `right`, `equal`, `skip`, `undo`, `quit`.
///
/// - Throws: What the source throws; `UserError` for a line that is no answer. The terminal is as it was before.
/// - Parameter options: Speed; a terminal has its own size.
public func labelInTerminal(_ source: some PairSource, options: WatchOptions = WatchOptions()) throws {
  try Interruption.withHandlers {
    guard isatty(STDOUT_FILENO) == 1, isatty(STDIN_FILENO) == 1 else { return try answerLines(source) }
    var control = try PairControl(source, speed: options.stepsPerSecond)
    try TerminalScreen.run(&control, every: 16) { control, size, hasColor in
      PairText(state: PairState(control), columns: size.columns, rows: size.rows, hasColor: hasColor).lines()
    }
  }
}

/// Answers by lines of standard input, for programs and for terminals that are none.
private func answerLines<Source: PairSource>(_ source: Source) throws {
  var source = source
  var number = 0
  while !Interruption.wasRequested, let pair = try source.next() {
    let control = try PairControl(OnePair(pair: pair, counts: try source.progress(), person: source.person), speed: 1)
    var state = PairState(control)
    (state.hints, state.message) = ([], "left, right, equal, skip, undo or quit?")
    for side in [\PairState.left, \PairState.right] {
      // What the clip came to.
      let clip = side == \PairState.left ? pair.left : pair.right
      state[keyPath: side] = .init(frame: clip[clip.count - 1], step: clip.count - 1, length: clip.count - 1)
    }
    let lines = PairText(state: state, columns: 100, rows: nil, hasColor: false).lines()
    let code = Descriptor.standardOutput.write(lines.joined(separator: "\n") + "\n\n")
    guard code == 0 else { return }
    guard let line = readLine() else { return }
    number += 1
    let word = line.split(separator: " ").first.map(String.init) ?? ""
    let refusal: String?
    switch word {
    case "quit": return
    case "undo": refusal = try source.undo()
    default:
      guard let answer = PairAnswer(rawValue: word) else {
        throw UserError(
          "line \(number), '\(line.prefix(60))', is no answer", fix: "Write left, right, equal, skip, undo or quit")
      }
      refusal = try source.answer(answer, to: pair)
    }
    if let refusal { _ = Descriptor.standardError.write(refusal.visibleLine + "\n") }
  }
}

/// A question that was asked already, for a picture of it.
private struct OnePair: PairSource {
  var pair: ClipPair
  var counts: PairProgress
  var person: String

  func next() -> ClipPair? { pair }
  func keep(_ pair: ClipPair) -> Bool { true }
  func answer(_ answer: PairAnswer, to pair: ClipPair) -> String? { nil }
  func undo() -> String? { nil }
  func progress() -> PairProgress { counts }
}
