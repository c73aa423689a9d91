import Groundwork

/// What is being measured, on standard error: one line that is rewritten on a terminal, plain lines every ten seconds
/// elsewhere.
struct BenchProgress {
  private var lastShown = Clock.seconds

  /// Shows what is measured next.
  mutating func show(_ text: String) {
    if LineOutput.isTerminal { return LineOutput.status(text) }
    guard Clock.seconds - lastShown >= 10 else { return }
    lastShown = Clock.seconds
    LineOutput.note(text)
  }

  /// Wipes the line that was being rewritten.
  func end() {
    if LineOutput.isTerminal { LineOutput.status("") }
  }
}
