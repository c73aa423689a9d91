import ArgumentParser
import Experiments
import Groundwork

extension StepCount {
  /// What `--steps` and its like make of their text.
  static let reading: @Sendable (String) throws -> StepCount = { try StepCount(parsing: $0) }
}

/// What `train` and `compare` have in common: where a run's configuration comes from.
///
/// The file is read first, then the command's own options, then the assignments in their order: the later one
/// counts.
struct ConfigurationOptions: ParsableArguments {
  @Option(help: ArgumentHelp(
      "A YAML file with sections environment, agent and reward, or a run's own run.json.", valueName: "file.yaml"))
  /// A YAML file, or a `run.json`; nil for defaults.
  var config: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Changes one setting, for example agent.learningRate=1e-3; may be repeated.", valueName: "key=value"))
  /// `section.key=value` each, over the file.
  var assignments: [String] = []

  /// The file's configuration; an empty one where no file is named.
  ///
  /// - Throws: `UserError` when the file cannot be read.
  func configuration() throws -> RunConfiguration {
    if let config { return try RunConfiguration(reading: config) }
    return RunConfiguration()
  }

  /// The assignments in the order in which they were given.
  ///
  /// - Parameter options: Keys of the run that options beside `--set` give, such as `run.steps`, with those options.
  /// - Throws: `UserError` for one that is not key=value, or a key that is given twice: one of the two would be
  ///   ignored.
  func parsedAssignments(beside options: [String: String] = [:]) throws -> [SettingAssignment] {
    var parsed: [SettingAssignment] = []
    for text in assignments {
      let assignment = try SettingAssignment(parsing: text)
      if let other = parsed.first(where: { ConfigurationOptions.isSame($0.path, assignment.path) }) {
        throw UserError(
          "\(assignment.key) is set twice, to \(other.value.text()) and to \(assignment.value.text())",
          fix: "Leave one of the two --set out")
      }
      if let option = options.first(where: {
        ConfigurationOptions.isSame($0.key.split(separator: ".").map(String.init), assignment.path)
      }) {
        throw UserError("\(assignment.key) is set beside \(option.value)", fix: "Leave one of the two out")
      }
      parsed.append(assignment)
    }
    return parsed
  }

  /// Whether two keys are one, which may be written without its section where only one section has it.
  private static func isSame(_ a: [String], _ b: [String]) -> Bool {
    let sections = ["run", "agent", "environment"]
    func isShort(_ short: [String], of long: [String]) -> Bool {
      sections.contains(long[0]) && !sections.contains(short[0]) && Array(long.dropFirst()) == short
    }
    return a == b || isShort(a, of: b) || isShort(b, of: a)
  }
}

/// How many threads work.
///
/// Work is cut into pieces that depend on the configuration alone, so one thread and many give the same bits.
struct WorkerOption: ParsableArguments {
  /// 0 to 256.
  @Option(help: "Threads, 0 for one a core; results do not depend on it.")
  var workers = 0

  /// - Throws: `ValidationError`, exit status 1, outside 0 to 256.
  func validate() throws {
    guard (0...256).contains(workers) else { throw ValidationError("--workers must lie in 0...256, not \(workers)") }
  }
}

/// The words of the command line as the parser takes them.
enum Arguments {
  /// Joins an option and a negative number after it: the parser takes what begins with a sign for another option, and
  /// says that the value is missing.
  static func joiningNegatives(_ words: [String]) -> [String] {
    var joined: [String] = []
    for (place, word) in words.enumerated() {
      if let option = joined.last, option.hasPrefix("--"), option.count > 2, !option.contains("="),
        !words[..<place].contains("--"), isNegative(word)
      {
        joined[joined.count - 1] = option + "=" + word
      } else {
        joined.append(word)
      }
    }
    return joined
  }

  private static func isNegative(_ word: String) -> Bool {
    guard word.first == "-", let next = word.dropFirst().first else { return false }
    return ("0"..."9").contains(next) || (next == "." && word.count > 2)
  }
}
