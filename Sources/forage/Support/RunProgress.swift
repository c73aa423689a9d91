import Experiments
import Groundwork
import ReinforcementLearning
import Synchronization

/// The progress of one run on standard error: one line that is rewritten on a terminal, plain lines elsewhere.
///
/// On a terminal: the part that is done, steps a second, the latest episodes' measures, the time that is left,
/// the latest evaluation. Elsewhere the same every ten seconds, and a line for each evaluation.
final class RunProgress: Sendable {
  /// What the lock guards.
  private struct State {
    /// When a line was last shown: ten times a second on a terminal, every ten seconds elsewhere.
    var lastShown = -1.0
    /// The latest evaluation in words, empty before the first.
    var evaluation = ""
    /// Rows of the terminal that must be wiped before another line is shown; 0 where none must.
    var rows = 0
    /// Episodes of the training that broke.
    var faults = 0
    /// What is to be said of the training once it has ended.
    var shortfalls: [String] = []
    /// Where this program took the run up, by which the time that is left is guessed.
    var startStep = 0
    /// How long it has worked since.
    var work = WorkTime(start: Clock.seconds)
  }

  /// Whether a line is rewritten; lines are added otherwise.
  private let isTerminal = LineOutput.isTerminal
  private let state = Mutex(State())

  /// Takes an event of the run; called from any thread.
  func show(_ event: RunEvent) {
    state.withLock { show(event, &$0) }
  }

  /// Episodes of the training that were cut because the environment broke, those before a resumption included.
  var faults: Int { state.withLock(\.faults) }

  /// What a person should know of the training that has ended, a line each.
  var shortfalls: [String] { state.withLock(\.shortfalls) }

  /// Ends the line that was being rewritten.
  func end() {
    state.withLock { state in
      if state.rows > 0 { LineOutput.status([], over: state.rows) }
      state.rows = 0
    }
  }

  /// Shows an event, under the lock.
  private func show(_ event: RunEvent, _ state: inout State) {
    switch event {
    case .started(let step, let total):
      state.startStep = step
      state.work = WorkTime(start: Clock.seconds)
      if step > 0 { line("going on at step \(Format.count(step)) of \(Format.count(total))", &state) }
    case .iteration(let step, let total, let stepsPerSecond, let metrics):
      for metric in metrics where metric.name == MetricName.episodeFaults.text { state.faults = Int(metric.value) }
      let now = Clock.seconds
      guard now - state.lastShown >= (isTerminal ? 0.1 : 10) else { return }
      state.lastShown = now
      // The measures come before what else is known of episodes.
      let episodes = metrics.prefix { $0.name != MetricName.episodeCount.text }
        .compactMap { metric in MetricName.measure(ofEpisode: metric.name).map { Metric(.measure($0), metric.value) } }
      let left = state.work.left(done: step - state.startStep, open: total - step, at: now)
      let parts = [
        bar(step, total), "\(Format.rate(stepsPerSecond)) steps/s", Format.headMeasures(episodes),
        left.map { "\(Format.duration($0)) left" } ?? "", state.evaluation,
      ]
      let text = parts.filter { !$0.isEmpty }.joined(separator: "  ")
      if isTerminal {
        // How far and how long matter most; how well comes next.
        let line = Format.fitted(parts, ranks: [0, 4, 2, 1, 3], to: LineOutput.columns - 1)
        LineOutput.status([line], over: state.rows)
        state.rows = 1
      } else {
        LineOutput.note(text)
      }
    case .evaluated(let step, _, let means):
      state.evaluation = "evaluation: \(Format.headMeasures(means))"
      if !isTerminal { LineOutput.note("step \(Format.count(step)): \(state.evaluation)") }
    case .checkpoint: break
    case .waiting(let text?):
      state.work.stand(at: Clock.seconds)
      line(text, &state)
    case .waiting(nil):
      state.work.goOn(at: Clock.seconds)
      if isTerminal { line("", &state) }
    // A run that fails as it ends says some twice.
    case .shortfall(let text): if !state.shortfalls.contains(text) { state.shortfalls.append(text) }
    case .finalEvaluation(let episodes): if isTerminal { line("evaluating \(episodes) episodes ...", &state) }
    case .finished: break
    }
  }

  /// A line that replaces the one on the terminal, or follows it elsewhere.
  private func line(_ text: String, _ state: inout State) {
    if isTerminal {
      let (lines, rows) = RunProgress.wrapped(text, columns: LineOutput.columns)
      LineOutput.status(lines, over: state.rows)
      state.rows = rows
    } else {
      LineOutput.note(text)
    }
  }

  /// A text in lines that fit the terminal. The command at its end, in grave accents, has a line of its own, which the
  /// terminal alone breaks, so that it is copied whole.
  ///
  /// - Returns: The lines, and the rows of the terminal that they take.
  static func wrapped(_ text: String, columns: Int) -> (lines: [String], rows: Int) {
    guard text.terminalColumns >= columns else { return ([text], 1) }
    let start = text.firstIndex(of: "`") ?? text.endIndex
    var lines = Format.wrapped(String(text[..<start]), columns: columns - 1).split(separator: "\n").map(String.init)
    guard start < text.endIndex else { return (lines, lines.count) }
    let command = ComparisonProgress.standing([String(text[start...])], columns: columns)
    let words = lines.count
    lines.append(command.text)
    return (lines, words + command.lines)
  }

  /// Twenty characters for the part that is done; the numbers alone where nothing is rewritten.
  private func bar(_ step: Int, _ total: Int) -> String {
    let part = min(1, Double(step) / Double(max(1, total)))
    guard isTerminal else {
      // The last iteration may go beyond the budget.
      return "step \(Format.count(step))\(step > total ? ", budget" : " of") \(Format.count(total))"
    }
    let width = 20
    let full = Int(part * Double(width))
    return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: width - full) + "] "
      + "\(Int(part * 100))% \(Format.count(step))"
  }
}
