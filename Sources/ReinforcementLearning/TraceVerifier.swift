public import Groundwork

/// Recordings of another program as a family of environments can check them: one kind of file.
///
/// A recording says what it is in its first line, `{"kind": "..."}`, which may hold more; the lines after it are the
/// family's own. The catalog keeps the list of kinds.
public struct TraceVerifier: Sendable {
  /// What the first line names, for example `fetch-traces`.
  public let kind: String
  /// Whose recordings they are, for listings.
  public let summary: String
  private let isHeaderless: @Sendable (JSON) -> Bool
  private let check: @Sendable (TraceFile, JSON) throws -> TraceReport

  /// - Parameters:
  ///   - settings: What can be set about the check (`--set`), with its defaults.
  ///   - isHeaderless: Whether a first line is the first recording of an older file of this kind, without a header.
  ///   - comparison: What is compared, and to which tolerance, under those settings: one line.
  ///   - verify: Steps every episode of the file again.
  public init<Settings: Codable & Sendable>(
    _ kind: String, summary: String, settings: Settings,
    isHeaderless: @escaping @Sendable (JSON) -> Bool = { _ in false },
    comparison: @escaping @Sendable (Settings) -> String,
    verify: @escaping @Sendable (TraceFile, Settings) throws -> [TracedEpisode]
  ) {
    self.kind = kind
    self.summary = summary
    self.isHeaderless = isHeaderless
    check = { file, changes in
      let changed = try Groundwork.Settings.apply(changes, to: settings, of: "the check of \(kind)")
      return TraceReport(comparison: comparison(changed), episodes: try verify(file, changed))
    }
  }

  /// Whether it takes a file with that first line.
  public func takes(firstLine: JSON) -> Bool {
    if let named = firstLine["kind"] { return named.string == kind }
    return isHeaderless(firstLine)
  }

  /// Steps the recordings again.
  ///
  /// - Parameter changes: Changes to the check's settings.
  /// - Throws: `UserError` for a setting that does not exist, or a line that is no recording.
  public func verify(_ file: TraceFile, changes: JSON = .object([:])) throws -> TraceReport { try check(file, changes) }
}

/// A file of recordings, decompressed.
public struct TraceFile: Sendable {
  /// A line and its number in the file, from 1.
  public typealias Line = (number: Int, bytes: ArraySlice<UInt8>)

  /// As it was given; errors name it.
  public let path: String
  /// The first line where that is a header (it names a `kind`), else nil.
  public let header: JSON?
  /// The first line, header or not.
  public let firstLine: JSON
  /// All lines but a header.
  public let lines: [Line]

  /// Reads a file of lines, `.gz` or not.
  ///
  /// - Throws: `UserError` when it cannot be read, is empty, or does not begin with a line of JSON.
  public init(reading path: String) throws(UserError) {
    let bytes = path.hasSuffix(".gz") ? try Gzip.read(path, as: .recording) : try Files.read(path, as: .recording)
    let all = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
      .map { Line($0.offset + 1, $0.element) }.filter { !$0.bytes.isEmpty }
    guard let first = all.first else { throw UserError("'\(path)' is empty", fix: "It may be cut off; restore it") }
    self.path = path
    firstLine = try JSON(parsing: first.bytes, name: "line \(first.number) of '\(path)'")
    let hasHeader = firstLine["kind"] != nil
    header = hasHeader ? firstLine : nil
    lines = hasHeader ? Array(all.dropFirst()) : all
  }

  /// Does something with every line; an error is told with the line's number.
  public func map<Value>(_ body: (ArraySlice<UInt8>) throws -> Value) throws -> [Value] {
    try lines.map { line in
      do {
        return try body(line.bytes)
      } catch let error as UserError {
        throw UserError("line \(line.number) of '\(path)': \(error.reason)", fix: error.fix)
      }
    }
  }
}

/// What came of stepping a recorded episode again.
public struct TracedEpisode: Sendable, Hashable {
  /// The environment's or the task's id, by which results are counted.
  public var task: String
  /// Which of the task's episodes, for example `seed 3`.
  public var name: String
  /// Steps of the recording.
  public var steps: Int
  /// How many of them are equal to the recording, within the tolerance.
  public var equalSteps: Int
  /// Where it parts from the recording first, in words; nil when it does not.
  public var difference: String?

  /// A result of those values.
  public init(task: String, name: String, steps: Int, equalSteps: Int, difference: String?) {
    self.task = task
    self.name = name
    self.steps = steps
    self.equalSteps = equalSteps
    self.difference = difference
  }
}

/// What came of checking a file.
public struct TraceReport: Sendable, Hashable {
  /// What was compared, and to which tolerance.
  public var comparison: String
  /// In the order of the file.
  public var episodes: [TracedEpisode]

  /// A report of those episodes.
  public init(comparison: String, episodes: [TracedEpisode]) {
    self.comparison = comparison
    self.episodes = episodes
  }

  /// The counts of one task.
  public struct Task: Sendable, Hashable {
    /// The environment's or the task's.
    public var id: String
    /// Recorded episodes of the task.
    public var episodes = 0
    /// How many of them differ nowhere.
    public var equalEpisodes = 0
    /// Steps of all its recordings.
    public var steps = 0
    /// How many of them are equal, within the tolerance.
    public var equalSteps = 0
    /// The differences, each with its episode's name.
    public var differences: [String] = []
  }

  /// The counts by task, in the order of the file.
  public var tasks: [Task] {
    var places: [String: Int] = [:]
    var tasks: [Task] = []
    for episode in episodes {
      let place = places[episode.task] ?? tasks.count
      if place == tasks.count {
        places[episode.task] = place
        tasks.append(Task(id: episode.task))
      }
      tasks[place].episodes += 1
      tasks[place].steps += episode.steps
      tasks[place].equalSteps += episode.equalSteps
      if let difference = episode.difference {
        tasks[place].differences.append("\(episode.name): \(difference)")
      } else {
        tasks[place].equalEpisodes += 1
      }
    }
    return tasks
  }
}
