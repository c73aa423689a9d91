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
    /// The table on the screen, which the next one is drawn over, and how large the terminal was then.
    var shown: [ScreenLine] = []
    var size = (columns: 0, rows: 0)
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
  /// A table is drawn at most five times a second, and when a run stands still; lines are printed for every run that
  /// ends or stands still.
  func show(_ index: Int, _ status: Comparison.Status) {
    state.withLock { state in
      let now = Clock.seconds
      state.runs[index].take(status, budget: description.cells[0].run.steps, now: now)
      if isTerminal {
        guard now - state.lastDrawn >= 0.2 || state.runs[index].standsStillFor != nil else { return }
        draw(&state)
      } else {
        line(index, status, state)
      }
    }
  }

  /// Draws the table where nothing was told for a second: the time goes on while every run stands still.
  func goOn() {
    state.withLock { if isTerminal, Clock.seconds - $0.lastDrawn >= 0.9 { draw(&$0) } }
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

  /// A line of the table and the rows of the terminal that it takes.
  struct ScreenLine: Equatable {
    var text: String
    var rows = 1
  }

  /// The table's columns, the first of which is the names'. Where there is little room, what is waited for matters more
  /// than what a run has come to.
  static func columns(isSomebodyAwaited: Bool) -> [Table.Column] {
    [
      .init(), .init(title: "runs", isRight: true, rank: 1), .init(title: "steps", isRight: true, rank: 3),
      .init(title: "so far", rank: isSomebodyAwaited ? 2 : 0),
      .init(title: "left", isRight: true, rank: isSomebodyAwaited ? 0 : 2),
    ]
  }

  private func draw(_ state: inout State) {
    let size = (columns: LineOutput.columns, rows: LineOutput.rows)
    let width = size.columns - 1
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
    let awaited = state.runs.compactMap(\.standsStillFor)
    let table = Table(columns: Self.columns(isSomebodyAwaited: !awaited.isEmpty), rows: rows).text(width: width)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let part = state.runs.reduce(0) { $0 + $1.part } / Double(max(1, runs.count))
    let elapsed = Format.duration(Clock.seconds - start)
    let last = "\(Int(part * 100)) % of the steps, \(elapsed) so far, \(rest(state.runs))"
    // A table that is taller than the screen could not be drawn over: its last rows are left out.
    let waits = ComparisonProgress.standing(awaited, columns: size.columns)
    let fitting = table.prefix(max(1, size.rows - 3 - waits.lines)).map(String.init)
    let more = fitting.count < table.count ? ["\(table.count - fitting.count) more rows"] : []
    var lines = (fitting + more + [last]).map { line in
      ScreenLine(text: String(line.visibleLine.prefix(terminalColumns: width)))
    }
    if !waits.text.isEmpty { lines.append(ScreenLine(text: waits.text, rows: waits.lines)) }
    LineOutput.write(Self.change(from: state.shown, to: lines, isAnew: size != state.size))
    (state.shown, state.size, state.lastDrawn) = (lines, size, Clock.seconds)
  }

  /// What turns the table on the screen into the next one. Lines that stay are passed over: what is marked in them with
  /// the mouse, as a command that is to be copied, stays marked.
  ///
  /// - Parameter isAnew: Whether every line is drawn, since the terminal has another size than before.
  static func change(from old: [ScreenLine], to new: [ScreenLine], isAnew: Bool) -> String {
    let up = old.reduce(0) { $0 + $1.rows }
    var output = up > 0 ? "\u{1b}[\(up)A" : ""
    // Whether what is below is where it was.
    var isInPlace = !isAnew
    for (index, line) in new.enumerated() {
      let before = index < old.count ? old[index] : nil
      if isInPlace && before == line {
        output += "\r" + String(repeating: "\n", count: line.rows)
      } else if line.rows > 1 {
        output += "\r\u{1b}[J" + line.text + "\n"
        isInPlace = false
      } else {
        output += "\r" + line.text + "\u{1b}[K\n"
        isInPlace = isInPlace && before?.rows == 1
      }
    }
    return output + "\u{1b}[J"
  }

  /// How long all of it still takes, as far as that can be said: nobody knows how long people take.
  private func rest(_ runs: [Standing]) -> String {
    let isAwaited = runs.contains { $0.standsStillFor != nil }
    if isAwaited && !runs.contains(where: \.goesOn) { return "waiting for answers" }
    return "about \(left(runs, among: runs)) left" + (isAwaited ? " beside the answers" : "")
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
    let steps = mine.reduce(0) { $0 + $1.step }
    var runs = "\(finished)/\(mine.count)"
    if failed > 0 { runs += ", \(failed) failed" }
    let total = mine.count * description.cells[0].run.steps
    return [
      name, runs, "\(steps == 0 ? "0" : Format.rate(Double(steps))) of \(Format.rate(Double(total)))", means(mine),
      finished + failed == mine.count ? "" : waited(mine) ?? left(mine, among: mine),
    ]
  }

  /// What the runs of an arm wait for; nil where they go on, or some are finished and the others' turn is to come.
  private func waited(_ mine: [Standing]) -> String? {
    if mine.contains(where: { $0.standsStillFor != nil }) { return "waits for answers" }
    if mine.contains(where: \.goesOn) { return nil }
    if mine.contains(where: \.waitsForPlace) { return "waits for a place" }
    return mine.contains { $0.isFinished || $0.startPart == 1 } ? nil : "not begun"
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

  fileprivate var goesOn: Bool { if case .running = status { true } else { false } }

  /// Whether it was begun and could go on, were a place free.
  fileprivate var waitsForPlace: Bool { if case .waiting = status { work != nil } else { false } }

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
