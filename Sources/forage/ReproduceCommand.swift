import ArgumentParser
import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// `forage reproduce`: does a published claim hold here?
///
/// The directory holds what every seed measured, so the same command goes on after a kill, and prints a finished
/// claim's verdict again without running anything. `--json` prints the bytes of `result.json`.
struct ReproduceCommand: ParsableCommand {
  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Test a published claim at CPU scale: figures, intervals, held / not held / undecided.",
    discussion: """
      Held: the 95 % interval over the seeds lies wholly where the claim says; not held: wholly on the other side; \
      undecided: neither. That a claim is not held is a finding: the exit status is 0. The same command again goes on \
      with what is missing. Results do not depend on --jobs.

      Example:
        forage reproduce go-explore/cell-selection
      """)

  @Argument(help: ArgumentHelp("The claim's id.", valueName: "claim"))
  /// Needed, unless the claims are listed.
  var claim: String?

  /// What each claim says, from where, and what it takes.
  @Flag(help: "List the claims instead.")
  var list = false

  @Option(help: "How many seeds, at least 5; the claim's own number by default.")
  /// 5 to 1000; nil for the claim's own number.
  var seeds: Int?

  /// From 0; with it a claim is tested on seeds that nobody has seen.
  @Option(help: "The first seed; the others follow it.")
  var firstSeed: UInt64 = 1

  /// The published size in place of the scaled one.
  @Flag(help: "The published size, which may take days.")
  var full = false

  @Option(help: ArgumentHelp("The directory; one of its own under runs/claims by default.", valueName: "dir"))
  /// Nil: `runs/claims/<claim>`, with what is not the default in its name.
  var out: String?

  /// 0 to 256; results do not depend on it.
  @Option(help: "Seeds at a time; 0 for one a core.")
  var jobs = 0

  /// The document of `result.json` in place of the table.
  @Flag(help: "Print one JSON document.")
  var json = false

  /// - Throws: `ValidationError`, exit status 1, for numbers outside their ranges, or neither a claim nor `--list`.
  func validate() throws {
    if let seeds {
      guard (Claim.fewestSeeds...1000).contains(seeds) else {
        let why = seeds < Claim.fewestSeeds ? ": fewer say too little of how much they differ" : ""
        throw ValidationError("--seeds must lie in \(Claim.fewestSeeds)...1000, not \(seeds)\(why)")
      }
    }
    guard firstSeed <= 1 << 52 else { throw ValidationError("--first-seed must lie in 0...2^52, not \(firstSeed)") }
    guard (0...256).contains(jobs) else { throw ValidationError("--jobs must lie in 0...256, not \(jobs)") }
    guard claim != nil || list else { throw ValidationError("no claim is named; `forage reproduce --list` shows all") }
    guard claim == nil || !list else { throw ValidationError("--list shows all claims: leave '\(claim!)' out") }
  }

  /// Measures what is missing, then prints figures and verdict.
  ///
  /// Exit status: 0 with a verdict, whatever it is, 1 when a seed failed, 129, 130 or 143 after a signal.
  func run() throws {
    guard let id = claim else { return ReproduceCommand.showList(json: json) }
    Interruption.listen()
    let claim = try Catalog.claim(id)
    let size: Claim.Size.Name = full ? .full : .scaled
    let count = seeds ?? claim.size(size).seeds
    let out = out ?? defaultDirectory(claim, size, count)
    let command = command(claim, out)
    let run = try ClaimRun(
      claim, size: size, seeds: (0..<UInt64(count)).map { firstSeed + $0 }, command: command, in: out)
    let progress = ClaimProgress(claim, seeds: run.description.seeds)
    let statuses = run.carryOut(
      jobs: jobs == 0 ? Workers.cores : jobs, shouldStop: { Interruption.wasRequested }
    ) { progress.show($0, ReproduceCommand.named($1, run.path, as: out)) }
    progress.end()
    let failures = statuses.count { if case .failed = $0 { true } else { false } }
    if failures > 0 {
      throw UserError(
        "\(failures) of \(count) seeds failed", fix: "Do what their lines above say; `\(command)` tries them again")
    }
    if statuses.contains(where: { if case .stopped = $0 { true } else { false } }) {
      LineOutput.note("stopped, everything so far is saved; go on with `\(command)`")
      throw Interruption.exitStatus
    }
    try report(run, out)
  }

  /// A status whose error names the claim's directory as it was typed: files are found from anywhere, so errors of them
  /// name the whole path, and a person reads one name of one directory.
  static func named(_ status: ClaimRun.Status, _ path: String, as typed: String) -> ClaimRun.Status {
    guard case .failed(let error) = status else { return status }
    return .failed(
      UserError(error.placedReason.replacing(path, with: typed), fix: error.fix.replacing(path, with: typed)))
  }

  /// Writes result and page, and prints the table or the document.
  private func report(_ run: ClaimRun, _ out: String) throws {
    let result = try run.result()
    let movies = try run.medianReplays().map { training, seed, replay in
      try ReplayMovies.movie(of: replay, title: "\(training), median episode of seed \(seed)")
    }
    _ = try run.writeReport(result, movies: movies)
    if json { return LineOutput.result(result.document, terminator: "") }
    LineOutput.result(ClaimScreen(run.claim, result).text)
    LineOutput.result("report: \(out)/report.html")
  }

  /// `runs/claims/go-explore-cell-selection`, with the size and the seeds where they are not the claim's own.
  private func defaultDirectory(_ claim: Claim, _ size: Claim.Size.Name, _ count: Int) -> String {
    var path = "runs/claims/" + claim.id.split(separator: "/").joined(separator: "-")
    if size == .full { path += "-full" }
    if firstSeed != 1 || count != claim.size(size).seeds {
      path += "-seeds-\(firstSeed)-\(firstSeed + UInt64(count) - 1)"
    }
    return path
  }

  /// The command line that goes on with the claim.
  private func command(_ claim: Claim, _ out: String) -> String {
    var words = ["forage", "reproduce", claim.id]
    if full { words.append("--full") }
    if let seeds { words += ["--seeds", String(seeds)] }
    if firstSeed != 1 { words += ["--first-seed", String(firstSeed)] }
    return Shell.command(words + ["--out", out])
  }

  /// Every claim: what it says and from where, or the document.
  private static func showList(json: Bool) {
    if json {
      LineOutput.result(JSON.object(["claims": .array(Catalog.claims.map(\.document))]).text(pretty: true))
    } else {
      for claim in Catalog.claims {
        LineOutput.result(claim.id)
        for text in [claim.statement, claim.source] {
          LineOutput.result("  " + Format.wrapped(text, columns: ClaimScreen.columns - 2, indent: 2))
        }
      }
    }
  }
}
