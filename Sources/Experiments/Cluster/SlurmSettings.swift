public import Groundwork

/// What Slurm is asked for, for every task of an array: a task is one run, which works on one core.
public struct SlurmSettings: Codable, Hashable, Sendable {
  /// The partition; nil for the cluster's default.
  public var partition: String?
  /// The time limit of a task as Slurm writes it, `minutes`, `hours:minutes:seconds` or `days-hours:minutes`; nil for
  /// the partition's.
  public var time: String?
  /// The memory of a task, a number with K, M, G or T, megabytes without; nil for the partition's default.
  public var memory: String?
  /// Further lines of the script in their order: those that begin with `#SBATCH` ask Slurm for more, the others are
  /// run by bash before the training, which begins even where one of them fails.
  public var lines: [String]
  /// How many tasks of an array may run at a time; 0 for as many as Slurm lets.
  public var atATime: Int

  /// What the cluster gives to everybody.
  public init(
    partition: String? = nil, time: String? = nil, memory: String? = nil, lines: [String] = [], atATime: Int = 0
  ) {
    self.partition = partition
    self.time = time
    self.memory = memory
    self.lines = lines
    self.atATime = atATime
  }

  /// What a script's line may hold.
  public static let mostLineBytes = 1_000
  /// How many further lines a script may have.
  public static let mostLines = 100

  /// - Throws: `UserError` with the option for what Slurm could not read, or what the script says itself.
  public func validate() throws(UserError) {
    try Check.all([
      Check("the partition", partition ?? "", partition.map(SlurmSettings.isName) ?? true,
        "Use names of letters, digits, dots and dashes, several with commas between them", fix: "--slurm-partition"),
      Check("the time limit", time ?? "", time.map(SlurmSettings.isTime) ?? true,
        "Use minutes, hours:minutes:seconds or days-hours:minutes, for example 90, 2:00:00 or 1-12:00",
        fix: "--slurm-time"),
      Check("the memory", memory ?? "", memory.map(SlurmSettings.isMemory) ?? true,
        "Use a number above 0 with K, M, G or T, for example 2G", fix: "--slurm-memory"),
      Check("the number of lines", lines.count, in: 0...SlurmSettings.mostLines, fix: "--slurm-line"),
    ])
    for line in lines { try SlurmSettings.check(line) }
  }

  private static func check(_ line: String) throws(UserError) {
    guard !line.unicodeScalars.contains(where: { $0.steersTerminal || $0 == "\n" }), !line.isEmpty,
      line.utf8.count <= mostLineBytes
    else {
      throw UserError(
        "--slurm-line '\(line.prefix(60))' is no line of a script",
        fix: "Use one line of 1 to \(mostLineBytes) bytes, without control characters, an option a line")
    }
    guard line.hasPrefix("#SBATCH") else {
      guard !line[...].trimmed.hasPrefix("#") else {
        throw UserError(
          "--slurm-line '\(line)' is a comment, to Slurm and to the shell",
          fix: "Begin a line that asks Slurm for something with #SBATCH, and leave others out")
      }
      return
    }
    let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "=" })
    guard words.count > 1, words[0] == "#SBATCH", words[1].hasPrefix("-") else {
      throw UserError(
        "--slurm-line '\(line)' asks Slurm for nothing", fix: "Write for example '#SBATCH --account=lab'")
    }
    let own = [
      "--array", "-a", "--job-name", "-J", "--output", "-o", "--error", "-e", "--open-mode", "--wrap", "--parsable",
      "--ntasks", "-n", "--partition", "-p", "--time", "-t", "--mem",
    ]
    let option = words[1].hasPrefix("--") ? String(words[1]) : String(words[1].prefix(2))
    guard own.contains(option) else { return }
    let hints = [
      "--partition": "--slurm-partition", "-p": "--slurm-partition", "--time": "--slurm-time", "-t": "--slurm-time",
      "--mem": "--slurm-memory", "--array": "--jobs for the tasks at a time", "-a": "--jobs for the tasks at a time",
    ]
    throw UserError(
      "--slurm-line sets \(option), which the script sets itself",
      fix: hints[option].map { "Use \($0)" } ?? "Leave it out")
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 200
      && text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { name in
        !name.isEmpty
          && name.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || "0123456789_.-".unicodeScalars.contains($0))
          } && name.first != "-"
      }
  }

  /// Slurm's forms: minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes,
  /// days-hours:minutes:seconds.
  private static func isTime(_ text: String) -> Bool {
    let halves = text.split(separator: "-", omittingEmptySubsequences: false)
    guard let last = halves.last, halves.count <= 2 else { return false }
    let parts = last.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = (halves.dropLast() + parts).map { number($0) }
    return parts.count <= 3 && numbers.allSatisfy { $0 != nil } && numbers.contains { $0 != 0 }
  }

  private static func isMemory(_ text: String) -> Bool {
    let digits = text.last.map { "KMGTkmgt".contains($0) } ?? false ? text.dropLast() : text[...]
    return number(digits).map { $0 > 0 } ?? false
  }

  /// At most nine digits.
  private static func number(_ text: Substring) -> Int? {
    guard (1...9).contains(text.count), text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(text)
  }
}
