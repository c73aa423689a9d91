import Experiments
import Groundwork
import Synchronization

/// The progress of a claim on standard error: a line for each seed that ends, and on a terminal one that is redrawn for
/// those under way.
final class ClaimProgress: Sendable {
  /// What the lock guards.
  private struct State {
    /// How each seed stands, in their order.
    var statuses: [ClaimRun.Status]
    /// When the line was last drawn: at most five times a second.
    var lastDrawn = -1.0
  }

  private let claim: Claim
  private let seeds: [UInt64]
  /// Whether the line under way is drawn.
  private let isTerminal = LineOutput.isTerminal
  private let start = Clock.seconds
  private let state: Mutex<State>

  init(_ claim: Claim, seeds: [UInt64]) {
    self.claim = claim
    self.seeds = seeds
    state = Mutex(State(statuses: Array(repeating: .waiting, count: seeds.count)))
  }

  /// Takes a seed's new status; called from any thread.
  func show(_ index: Int, _ status: ClaimRun.Status) {
    state.withLock { state in
      state.statuses[index] = status
      switch status {
      case .finished(let sample):
        let ended = state.statuses.count { if case .finished = $0 { true } else { false } }
        let values = claim.quantities.map { "\($0.name) \(ClaimProgress.number(sample.values[$0.name] ?? .nan))" }
        line("[\(ended)/\(seeds.count)] seed \(seeds[index]): \(values.joined(separator: ", "))"
          + " (\(Format.duration(Clock.seconds - start)))")
      case .failed(let error): line("[failed] seed \(seeds[index]): \(error.description)")
      case .running:
        let now = Clock.seconds
        guard isTerminal, now - state.lastDrawn >= 0.2 else { return }
        state.lastDrawn = now
        LineOutput.write("\r\(underWay(state).visibleLine.prefix(terminalColumns: LineOutput.columns - 1))\u{1b}[K")
      case .waiting, .stopped: break
      }
    }
  }

  /// Removes the line under way.
  func end() {
    if isTerminal { LineOutput.write("\r\u{1b}[K") }
  }

  private func line(_ text: String) { LineOutput.write((isTerminal ? "\r\u{1b}[K" : "") + text.visible + "\n") }

  private func underWay(_ state: State) -> String {
    var parts: [String] = []
    for (index, status) in state.statuses.enumerated() {
      guard case .running(let training, let step, let total) = status else { continue }
      let part = total > 0 ? " \(training) \(min(100, step * 100 / total)) %" : ""
      parts.append("seed \(seeds[index])\(part)")
    }
    return parts.joined(separator: ", ")
  }

  /// Whole numbers as they are, others with four digits after the point.
  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? Format.count(Int(value)) : Format.number(value, digits: 4)
  }
}
