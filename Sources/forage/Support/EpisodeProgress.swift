import Groundwork
import Synchronization

/// The progress of an evaluation on standard error: how many episodes have ended, and the time that is left.
///
/// One line that is rewritten on a terminal; elsewhere a line every ten seconds, so that a short one says nothing.
final class EpisodeProgress: Sendable {
  /// What the lock guards.
  private struct State {
    var ended = 0
    /// When a line was last shown; an evaluation of a moment shows none.
    var lastShown = Clock.seconds
  }

  private let count: Int
  private let step: Int?
  private let word: String
  private let start = Clock.seconds
  private let isTerminal = LineOutput.isTerminal
  private let state = Mutex(State())

  /// Begins to count to `count` episodes.
  ///
  /// - Parameters:
  ///   - word: What one is called.
  ///   - step: How many steps the agent was trained; nil where that is not said.
  init(of count: Int, as word: String = "episode", atStep step: Int? = nil) {
    self.count = count
    self.word = word
    self.step = step
    if isTerminal { LineOutput.status(text(0, after: 0)) }
  }

  /// Takes in that so many more have ended; called from any thread.
  func ended(_ more: Int) {
    state.withLock { state in
      state.ended += more
      let now = Clock.seconds
      guard now - state.lastShown >= (isTerminal ? 0.1 : 10) else { return }
      state.lastShown = now
      let text = text(state.ended, after: now - start)
      if isTerminal { LineOutput.status(text) } else { LineOutput.note(text) }
    }
  }

  /// Wipes the line that was being rewritten.
  func end() {
    if isTerminal { LineOutput.status("") }
  }

  private func text(_ ended: Int, after seconds: Double) -> String {
    let left = ended > 0 ? seconds / Double(ended) * Double(count - ended) : .infinity
    let parts = [
      "\(Format.count(ended)) of \(Format.count(count)) \(word)\(count == 1 ? "" : "s")",
      "\(Format.duration(left)) left", step.map { "at step \(Format.count($0))" } ?? "",
    ]
    return Format.fitted(parts, ranks: [0, 2, 1], to: LineOutput.columns - 1)
  }
}
