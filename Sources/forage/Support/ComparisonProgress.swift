import Experiments
import Groundwork
import ReinforcementLearning
import Synchronization

/// The progress of a comparison on standard error: a table that is redrawn on a terminal, a line for each run that
/// ends elsewhere.
///
/// The time that is left is the time so far over the part that is done, so it is wrong by as much as runs
/// differ.
final class ComparisonProgress: Sendable {
  /// What the lock guards.
  private struct State {
    /// How each run stands, in the order of the description's runs.
    var statuses: [Comparison.Status]
    /// Lines of the table on the screen, which the next one begins by going up.
    var lines = 0
    /// When the table was last drawn: at most five times a second.
    var lastDrawn = -1.0
  }

  /// What the arms and environments are called.
  private let description: ComparisonDescription
  /// The runs in the order in which their statuses come.
  private let runs: [ComparisonDescription.Run]
  /// Whether the table is drawn; lines are printed otherwise.
  private let isTerminal = LineOutput.isTerminal
  /// When this program began, by which the time that is left is guessed.
  private let start = Clock.seconds
  private let state: Mutex<State>

  /// Every run waits; elsewhere than on a terminal a first line says how many there are.
  init(_ description: ComparisonDescription) {
    self.description = description
    runs = description.runs
    state = Mutex(State(statuses: Array(repeating: .waiting, count: runs.count)))
    if !isTerminal {
      LineOutput.note(
        "\(runs.count) runs: \(description.environments.count) environments x \(description.arms.count) arms x "
          + "\(description.seeds.count) seeds")
    }
  }

  /// Takes a run's new status; called from any thread.
  ///
  /// A table is drawn at most five times a second; lines are printed for every run that ends.
  func show(_ index: Int, _ status: Comparison.Status) {
    state.withLock { state in
      state.statuses[index] = status
      let now = Clock.seconds
      if isTerminal {
        guard now - state.lastDrawn >= 0.2 else { return }
        state.lastDrawn = now
        draw(&state)
      } else {
        line(index, status, state)
      }
    }
  }

  /// Draws the table once more, with what came since it was last drawn.
  func end() {
    state.withLock { if isTerminal { draw(&$0) } }
  }

  /// A line for a run that ended; nothing for what is under way.
  private func line(_ index: Int, _ status: Comparison.Status, _ state: State) {
    let run = runs[index]
    let ended = state.statuses.count { if case .finished = $0 { true } else { false } }
    let name = "\(description.environments[run.environment])  \(description.arms[run.arm])  seed \(run.seed)"
    switch status {
    case .finished(let evaluation):
      let seconds = Format.duration(Clock.seconds - start)
      LineOutput.note("[\(ended)/\(runs.count)] \(name): \(Format.headFigures(evaluation)) (\(seconds))")
    case .failed(let error): LineOutput.note("[failed] \(name): \(error.description)")
    case .waiting, .running, .stopped: break
    }
  }

  /// One row an environment and arm: how far its runs are, and the mean of those that are finished, by what the task is
  /// judged by.
  ///
  /// A character a run: `.` waiting, a digit for tenths done, `#` finished, `s` stopped, `x` failed.
  private func draw(_ state: inout State) {
    var rows: [[String]] = []
    var totalPart = 0.0
    for environment in description.environments.indices {
      for arm in description.arms.indices {
        var cells = ""
        var judged: [RunEvaluation.Figure] = []
        for (index, run) in runs.enumerated() where run.environment == environment && run.arm == arm {
          switch state.statuses[index] {
          case .waiting: cells += "."
          case .stopped: cells += "s"
          case .failed: cells += "x"
          case .running(let step, let total):
            let part = min(1, Double(step) / Double(max(1, total)))
            totalPart += part
            cells += String(min(9, Int(part * 10)))
          case .finished(let evaluation):
            cells += "#"
            totalPart += 1
            judged.append(evaluation.judged)
          }
        }
        let mean = judged.first.map { first in
          "\(first.measure.name) \(Format.number(judged.map(\.mean).reduce(0, +) / Double(judged.count), digits: 2))"
        } ?? ""
        rows.append([description.environments[environment], description.arms[arm], cells, mean])
      }
    }
    let part = totalPart / Double(runs.count)
    let elapsed = Clock.seconds - start
    let left = part > 0.01 ? Format.duration(elapsed / part * (1 - part)) : "?"
    let table = Format.table([["environment", "arm", "runs", "mean"]] + rows)
    let text = table + "\n\(Int(part * 100))%, \(Format.duration(elapsed)) so far, about \(left) left"
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let width = LineOutput.columns - 1
    // Up to the table's first line, then each line with the rest of the old one erased.
    var output = state.lines > 0 ? "\u{1b}[\(state.lines)A" : ""
    for line in lines { output += "\r" + String(line.prefix(width)).visibleLine + "\u{1b}[K\n" }
    state.lines = lines.count
    LineOutput.write(output)
  }
}
