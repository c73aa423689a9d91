import ArgumentParser
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
    version: Program.version,
    subcommands: [
      ListCommand.self, DescribeCommand.self, TrainCommand.self, EvaluateCommand.self, CompareCommand.self,
      ReportCommand.self, ReproduceCommand.self, MatchCommand.self, WatchCommand.self, PlayCommand.self,
      VerifyCommand.self, CheckCommand.self, BenchCommand.self, LogCommand.self, OffPolicyCommand.self,
    ])

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
      var command = try parseAsRoot(Arguments.joiningNegatives(Array(CommandLine.arguments.dropFirst())))
      try command.run()
    } catch {
      Failure.exit(with: error)
    }
  }
}
