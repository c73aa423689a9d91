import Experiments
import Groundwork
import ReinforcementLearning
import Synchronization

/// The progress of a comparison on standard error: a table that is redrawn on a terminal, a line for each run that
/// ends elsewhere.
///
/// A row an arm: runs that are finished, steps of all of them, what they have come to so far by what the task is judged
/// by and by the return, and the time that is left. What was finished before this program began counts as done and not
/// as speed.
final class ComparisonProgress: Sendable {
  /// How a run stands, and what this program has done of it.
  fileprivate struct Standing {
    var status = Comparison.Status.waiting
    /// The part that was done when this program took it up, and what is done now.
    var startPart = 0.0
    var part = 0.0
    /// Environment steps so far.
    var step = 0
    /// How long this program has worked on it, nil before it does; until it last told something, in seconds.
    var work: WorkTime?
    var seconds = 0.0
    /// What it has come to so far: the mean of each measure.
    var means: [Metric] = []
  }

  /// What the lock guards.
  private struct State {
    /// In the order of the description's runs.
    var runs: [Standing]
    /// Lines of the table on the screen, which the next one begins by going up.
    var lines = 0
    /// When the table was last drawn: at most five times a second.
    var lastDrawn = -1.0
  }

  /// What the arms and environments are called.
  private let description: ComparisonDescription
  /// The runs in the order in which their statuses come.
  private let runs: [ComparisonDescription.Run]
  /// Which of them were finished before.
  private let wasFinished: [Bool]
  private let jobs: Int
  /// The arms' names where there is little room.
  private let labels: ArmLabels
  /// Whether the table is drawn; lines are printed otherwise.
  private let isTerminal = LineOutput.isTerminal
  /// When this program began.
  private let start = Clock.seconds
  private let state: Mutex<State>

  /// Elsewhere than on a terminal a first line says how many runs there are.
  ///
  /// - Parameters:
  ///   - finished: Which runs are finished already, in the order of the description's.
  ///   - jobs: Runs at a time.
  init(_ description: ComparisonDescription, finished: [Bool], jobs: Int) {
    self.description = description
    self.jobs = jobs
    labels = ArmLabels(description.arms)
    runs = description.runs
    wasFinished = finished
    state = Mutex(
      State(
        runs: finished.map { isFinished in
          var standing = Standing()
          if isFinished { (standing.startPart, standing.part) = (1, 1) }
          return standing
        }))
    if !isTerminal {
      let done = finished.count { $0 }
      let sizes = [
        Format.number(of: description.environments.count, "environment"),
        Format.number(of: description.arms.count, "arm"), Format.number(of: description.seeds.count, "seed"),
      ]
      LineOutput.note(
        "\(Format.number(of: runs.count, "run")): \(sizes.joined(separator: " x "))"
          + (done > 0 ? "; \(done) are finished already" : ""))
    }
  }

  /// Takes a run's new status; called from any thread.
  ///
  /// A table is drawn at most five times a second, and when a run stands still, after which nothing may come for hours;
  /// lines are printed for every run that ends or stands still.
  func show(_ index: Int, _ status: Comparison.Status) {
    state.withLock { state in
      let now = Clock.seconds
      state.runs[index].take(status, budget: description.cells[0].run.steps, now: now)
      if isTerminal {
        guard now - state.lastDrawn >= 0.2 || state.runs[index].standsStillFor != nil else { return }
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

  /// A line for a run that ended just now or stands still; nothing for what goes on or was finished before.
  private func line(_ index: Int, _ status: Comparison.Status, _ state: State) {
    let run = runs[index]
    let name = "\(description.environments[run.environment])  \(description.arms[run.arm])  seed \(run.seed)"
    switch status {
    case .finished(let evaluation):
      if wasFinished[index] { return }
      // Those that were finished before count from the start, whenever their turn comes.
      let ended = state.runs.indices.count { wasFinished[$0] || state.runs[$0].isFinished }
      let seconds = Format.duration(Clock.seconds - start)
      LineOutput.note("[\(ended)/\(runs.count)] \(name): \(Format.headFigures(evaluation)) (\(seconds))")
    case .failed(let error): LineOutput.note("[failed] \(name): \(error.description)")
    case .standing(let text): LineOutput.note("\(name): \(text)")
    case .waiting, .running, .stopped: break
    }
  }

  // MARK: The table

  private func draw(_ state: inout State) {
    let width = LineOutput.columns - 1
    var rows: [[String]] = []
    // Room for what is beside the names.
    let room = max(20, width - 56)
    for environment in description.environments.indices {
      rows.append([Format.shortened(description.environments[environment], to: room), "", "", "", ""])
      for arm in description.arms.indices {
        let mine = runs.indices.filter { runs[$0].environment == environment && runs[$0].arm == arm }
        rows.append(row("  " + labels.label(description.arms[arm], limit: room - 2), mine.map { state.runs[$0] }))
      }
    }
    let columns: [Table.Column] = [
      .init(), .init(title: "runs", isRight: true, rank: 1), .init(title: "steps", isRight: true, rank: 3),
      .init(title: "so far"), .init(title: "left", isRight: true, rank: 2),
    ]
    let table = Table(columns: columns, rows: rows).text(width: width)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let part = state.runs.reduce(0) { $0 + $1.part } / Double(max(1, runs.count))
    let elapsed = Format.duration(Clock.seconds - start)
    let last = "\(Int(part * 100)) % of the steps, \(elapsed) so far, about \(left(state.runs, among: state.runs)) left"
    // A table that is taller than the screen could not be drawn over: its last rows are left out.
    let waits = ComparisonProgress.standing(state.runs.compactMap(\.standsStillFor), columns: LineOutput.columns)
    let shown = table.prefix(max(1, LineOutput.rows - 3 - waits.lines)).map(String.init)
    let lines = shown + (shown.count < table.count ? ["\(table.count - shown.count) more rows"] : []) + [last]
    // Up to the table's first line, then each line with the rest of the old one erased, and what was below.
    var output = state.lines > 0 ? "\u{1b}[\(state.lines)A" : ""
    for line in lines { output += "\r" + line.visibleLine.prefix(terminalColumns: width) + "\u{1b}[K\n" }
    if !waits.text.isEmpty { output += "\r" + waits.text + "\u{1b}[K\n" }
    state.lines = lines.count + waits.lines
    LineOutput.write(output + "\u{1b}[J")
  }

  /// What is waited for, by the first run that stands still, without a line's end in it: the terminal breaks it, so
  /// that its command is copied whole.
  ///
  /// - Parameters:
  ///   - waits: What each run that stands still waits for.
  ///   - columns: Of the terminal.
  /// - Returns: The text, empty where every run goes on, and the lines of the terminal that it takes.
  static func standing(_ waits: [String], columns: Int) -> (text: String, lines: Int) {
    guard let first = waits.first else { return ("", 0) }
    let others = waits.count > 1 ? "\(waits.count) runs wait for somebody; the first: " : ""
    let text = (others + first).visibleLine
    let width = max(1, columns)
    let end = text.terminalPosition(columns: width)
    // Behind a line that is full terminals stand in it still or in the next: a space more, and they stand in the next.
    return end.column < width ? (text, end.row + 1) : (text + " ", end.row + 2)
  }

  /// An arm in an environment.
  private func row(_ name: String, _ mine: [Standing]) -> [String] {
    let finished = mine.count { $0.isFinished || $0.startPart == 1 }
    let failed = mine.count { if case .failed = $0.status { true } else { false } }
    let running = mine.count { if case .running = $0.status { true } else { false } }
    let isStanding = mine.contains { $0.standsStillFor != nil }
    let steps = mine.reduce(0) { $0 + $1.step }
    var runs = "\(finished)/\(mine.count)"
    if failed > 0 { runs += ", \(failed) failed" }
    let total = mine.count * description.cells[0].run.steps
    return [
      name, runs, "\(steps == 0 ? "0" : Format.rate(Double(steps))) of \(Format.rate(Double(total)))", means(mine),
      finished + failed == mine.count
        ? "" : isStanding ? "waits for answers" : running == 0 && finished == 0 ? "waits" : left(mine, among: mine),
    ]
  }

  /// The means over an arm's runs of what each has come to so far: the first measure, and the return.
  private func means(_ mine: [Standing]) -> String {
    let known = mine.map(\.means).filter { !$0.isEmpty }
    guard let first = known.first else { return "" }
    let means = first.indices.map { place in
      Metric(.measure(first[place].name), known.reduce(0) { $0 + $1[place].value } / Double(known.count))
    }
    return Format.headMeasures(means)
  }

  /// The time that some runs still need: the seconds that a whole one takes by what is known of them, shared by the
  /// jobs, and no less than the longest that is under way needs alone.
  private func left(_ mine: [Standing], among known: [Standing]) -> String {
    let seconds = known.reduce(0) { $0 + $1.seconds }
    let done = known.reduce(0) { $0 + ($1.part - $1.startPart) }
    let open = mine.filter { !$0.hasEnded }
    // What less than a second took says nothing of the rest.
    guard !open.isEmpty else { return Format.duration(0) }
    guard done > 0.01, seconds >= 1 else { return "?" }
    let whole = seconds / done
    let all = open.reduce(0) { $0 + (1 - $1.part) } * whole / Double(max(1, min(jobs, runs.count)))
    let longest = open.map { (1 - $0.part) * whole }.max() ?? 0
    return Format.duration(max(all, longest))
  }
}

extension ComparisonProgress.Standing {
  fileprivate var isFinished: Bool { if case .finished = status { true } else { false } }

  /// What is waited for while it stands still.
  fileprivate var standsStillFor: String? { if case .standing(let text) = status { text } else { nil } }

  /// Whether it needs no more time.
  fileprivate var hasEnded: Bool {
    switch status {
    case .finished, .failed: true
    case .waiting, .running, .standing, .stopped: startPart == 1
    }
  }

  /// - Parameters:
  ///   - budget: Environment steps of a whole run.
  ///   - now: Seconds on the clock.
  fileprivate mutating func take(_ new: Comparison.Status, budget: Int, now: Double) {
    status = new
    switch new {
    case .running(let step, let total, let means):
      part = min(1, Double(step) / Double(max(1, total)))
      if work == nil { (work, startPart) = (WorkTime(start: now), part) }
      self.step = step
      work?.goOn(at: now)
      seconds = work?.seconds(at: now) ?? 0
      if !means.isEmpty { self.means = means }
    case .finished(let evaluation):
      if let work { seconds = work.seconds(at: now) }
      step = evaluation.step
      part = 1
      means = evaluation.measures.map { Metric(.measure($0.measure.name), $0.mean) }
    // What was done until then stays done.
    case .failed, .stopped: if let work { seconds = work.seconds(at: now) }
    case .standing: work?.stand(at: now)
    case .waiting: break
    }
  }
}
