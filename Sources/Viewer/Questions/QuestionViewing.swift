internal import Groundwork

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Shows questions about clips in a window and takes a person's answers until the window is closed.
///
/// Without the package trait `Viewer` this throws at once, as it does without a display.
///
/// - Throws: `UserError` for what the person can mend; what the source throws.
/// - Parameters:
///   - source: It is asked from the main thread only.
///   - options: Speed and size; all else is about episodes.
/// - Returns: Why questions were passed over, a line each.
public func labelInWindow(_ source: some QuestionSource, options: WatchOptions = WatchOptions()) throws -> [String] {
  #if Viewer
    return try Interruption.withHandlers { try Window.run(source, options: options) }
  #else
    throw UserError(
      "a window cannot be drawn: this program was built without the viewer",
      fix: "Use --terminal, or rebuild with the trait Viewer")
  #endif
}

/// Shows questions about clips in the terminal and takes a person's answers.
///
/// Where standard input or output is no terminal, questions are printed one after the other with the last states of
/// their clips, and answers read from standard input, a line each: `left`, `right`, `equal` or the number of a level,
/// `skip`, `undo`, `quit`.
///
/// - Throws: What the source throws; `UserError` for a line that is no answer. The terminal is as it was before.
/// - Parameter options: Speed; a terminal has its own size.
/// - Returns: Why questions were passed over, a line each, unless that was said at once.
public func labelInTerminal(_ source: some QuestionSource, options: WatchOptions = WatchOptions()) throws -> [String] {
  try Interruption.withHandlers {
    guard isatty(STDOUT_FILENO) == 1, isatty(STDIN_FILENO) == 1 else {
      try answerLines(source)
      return []
    }
    var control = try QuestionControl(source, speed: options.stepsPerSecond, keysRepeat: true)
    try TerminalScreen.run(&control, every: 16) { control, size, hasColor in
      QuestionText(state: QuestionState(control), columns: size.columns, rows: size.rows, hasColor: hasColor).lines()
    }
    return control.remarks
  }
}

/// Answers by lines of standard input, for programs and for terminals that are none.
private func answerLines<Source: QuestionSource>(_ source: Source) throws {
  var source = source
  var number = 0
  var input = InputLines()
  func complain(_ text: String) { _ = Descriptor.standardError.write(text.visibleLine + "\n") }
  while !Interruption.wasRequested {
    let next = try source.next()
    for remark in source.takeRemarks() { complain(remark) }
    guard let question = next else { return }
    let control = try QuestionControl(
      OneQuestion(question: question, counts: try source.progress(), person: source.person), speed: 1)
    var state = QuestionState(control)
    let words = question.levels.map { "1 to \($0)" } ?? "left, right, equal"
    (state.hints, state.message) = ([], "\(words), skip, undo or quit?")
    // What the clips came to.
    state.sides = question.clips.map { clip in
      QuestionState.Side(frame: clip[clip.count - 1], step: clip.count - 1, length: clip.count - 1)
    }
    let lines = QuestionText(state: state, columns: 100, rows: nil, hasColor: false).lines()
    let code = Descriptor.standardOutput.write(lines.joined(separator: "\n") + "\n\n")
    guard code == 0 else { return }
    guard let line = input.next() else { return }
    number += 1
    let word = line.split(separator: " ").first.map(String.init) ?? ""
    let refusal: String?
    switch word {
    case "quit": return
    case "undo": refusal = try source.undo()
    default:
      guard let answer = ClipAnswer(word, to: question) else {
        throw UserError(
          "line \(number), '\(line.prefix(60))', is no answer to question \(question.number)",
          fix: "Write \(words), skip, undo or quit")
      }
      refusal = try source.answer(answer, to: question)
    }
    if let refusal { complain(refusal) }
  }
}

/// Lines of standard input, which end where the program is asked to stop: `readLine` tries again for ever then.
private struct InputLines {
  private var bytes: [UInt8] = []
  private var hasEnded = false

  /// - Returns: nil after the last line, or where a signal came.
  mutating func next() -> String? {
    while true {
      if let end = bytes.firstIndex(of: 10) {
        defer { bytes.removeFirst(end + 1) }
        return String(decoding: bytes[..<end], as: UTF8.self)
      }
      if hasEnded {
        defer { bytes = [] }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
      }
      // A signal that comes before the wait, or to another thread, does not end it.
      var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let isReady = poll(&input, 1, 100) > 0
      if Interruption.wasRequested { return nil }
      guard isReady else { continue }
      var part = [UInt8](repeating: 0, count: 4096)
      let count = read(STDIN_FILENO, &part, part.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { hasEnded = true } else { bytes += part.prefix(count) }
    }
  }
}

/// A question that was asked already, for a picture of it.
private struct OneQuestion: QuestionSource {
  var question: ClipQuestion
  var counts: AnswerProgress
  var person: String

  func next() -> ClipQuestion? { question }
  func keep(_ question: ClipQuestion) -> Bool { true }
  func answer(_ answer: ClipAnswer, to question: ClipQuestion) -> String? { nil }
  func undo() -> String? { nil }
  func progress() -> AnswerProgress { counts }
  func takeRemarks() -> [String] { [] }
}
