import ArgumentParser
import Experiments
import Groundwork

/// A number of steps as people write it: `200000`, `1e6`, `1_000_000`, `200k`, `5M`.
///
/// Fractions of thousands are allowed where they come to a whole number: `1.5k` is 1500.
struct StepCount: ExpressibleByArgument {
  /// 1 or more, below 10^15.
  var value: Int

  /// Nil, which the parser reports, for what is no whole number of steps.
  init?(argument: String) {
    var text = argument.filter { $0 != "_" && $0 != "," }
    var factor = 1.0
    if let last = text.last, last == "k" || last == "K" || last == "M" {
      factor = last == "M" ? 1e6 : 1e3
      text.removeLast()
    }
    guard let number = Double(text), number * factor == (number * factor).rounded(), number >= 1, number * factor < 1e15
    else { return nil }
    value = Int(number * factor)
  }
}

/// What `train` and `compare` have in common: where a run's configuration comes from.
///
/// The file is read first, then the command's own options, then the assignments in their order: the later one
/// counts.
struct ConfigurationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A YAML file with sections environment, agent and reward.", valueName: "file.yaml"))
  /// A YAML file; nil for defaults.
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
  /// - Throws: `UserError` for one that is not key=value.
  func parsedAssignments() throws -> [SettingAssignment] {
    var parsed: [SettingAssignment] = []
    for text in assignments { parsed.append(try SettingAssignment(parsing: text)) }
    return parsed
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
