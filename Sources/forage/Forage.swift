import ArgumentParser
import Commit
import Experiments
import Groundwork

/// The command line.
///
/// Standard output has results and nothing else; everything about the way there goes to standard error. A
/// command that prints figures takes `--json` and then prints one document.
@main
struct Forage: ParsableCommand {
  /// The first help screen, the version, and the commands in the order in which they are shown.
  static let configuration = CommandConfiguration(
    commandName: "forage",
    abstract: "Train agents with reward designs of your choice, and compare them honestly.",
    discussion: """
      Example:
        forage train gridworld/DoorKey-5x5 --reward environment+0.01*count \\
          --steps 200k --out runs/first
      """,
    version: ([Program.version] + commit + traits).joined(separator: " "),
    subcommands: [
      ListCommand.self, DescribeCommand.self, TrainCommand.self, EvaluateCommand.self, CompareCommand.self,
      ReportCommand.self, ReproduceCommand.self, MatchCommand.self, WatchCommand.self, PlayCommand.self,
      VerifyCommand.self, CheckCommand.self, DesignCommand.self, LabelCommand.self, BenchCommand.self, LogCommand.self,
      OffPolicyCommand.self,
    ])

  /// In parentheses, the commit that it was built from; nothing where that was no clone.
  private static let commit = Commit.text().isEmpty ? [] : ["(\(Commit.text()))"]

  /// The parts that can be left out of a build and are in this one.
  private static let traits: [String] = {
    var traits: [String] = []
    #if Viewer
      traits.append("Viewer")
    #endif
    #if MuJoCo
      traits.append("MuJoCo")
    #endif
    #if NetHack
      traits.append("NetHack")
    #endif
    #if LanguageModelHTTP
      traits.append("LanguageModelHTTP")
    #endif
    #if LanguageModelRecords
      traits.append("LanguageModelRecords")
    #endif
    return traits
  }()

  /// Of an option that takes one value the parser takes the last in silence; the others would be ignored.
  private static func refuseRepeatedOptions(_ arguments: [String]) throws(UserError) {
    let lists: Set = ["--set", "--env", "--training", "--search", "--slurm-line"]
    let listsOfComparisons: Set = ["--agent", "--reward"]
    var seen: Set<Substring> = []
    for argument in arguments.prefix(while: { $0 != "--" }) where argument.hasPrefix("--") {
      let option = argument.prefix { $0 != "=" }
      if lists.contains(String(option)) || (arguments[0] == "compare" && listsOfComparisons.contains(String(option))) {
        continue
      }
      guard seen.insert(option).inserted else {
        let hint = listsOfComparisons.contains(String(option)) ? "; `forage compare` takes several" : ""
        throw UserError("\(option) is given twice", fix: "Leave one of the two out\(hint)")
      }
    }
  }

  /// The parser calls a command that does not exist an unexpected argument; this says what was meant.
  private static func refuseUnknownCommand(_ arguments: [String]) throws(UserError) {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard let first = arguments.first, !first.hasPrefix("-"), !names.contains(first) else { return }
    throw UserError.unknown("command", first, among: names, hint: "`forage --help` shows all")
  }

  /// Runs the command; errors become one line on standard error and an exit status that is not 0.
  static func main() {
    // Output is seen line by line by whoever reads it through a pipe.
    LineOutput.prepare()
    do {
      try refuseUnknownCommand(Array(CommandLine.arguments.dropFirst()))
      try refuseRepeatedOptions(Array(CommandLine.arguments.dropFirst()))
      var command = try parseAsRoot(Arguments.joiningNegatives(Array(CommandLine.arguments.dropFirst())))
      try command.run()
    } catch {
      Failure.exit(with: error)
    }
  }
}
