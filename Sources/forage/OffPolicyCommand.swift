import ArgumentParser
import Bandits
import Catalog
import Experiments
import Groundwork

/// `forage off-policy`: what another policy would have earned, from a log.
struct OffPolicyCommand: ParsableCommand {
  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "off-policy",
    abstract: "Estimate what another policy would earn, from logged decisions and their propensities.",
    discussion: """
      IPW, self-normalised IPW, doubly robust and switch estimates with 95 % intervals, and how far the log covers the \
      policy. The file has the columns arm, reward and propensity, and of a context x0, x1, ... or, a vector an arm, \
      x0_0, x0_1, ...: CSV with a header, or JSON lines. The policy is one of three: --target, the same probabilities \
      in every decision; --target-file, the columns p0, p1, ... with a row a decision; --agent, an algorithm that at \
      every decision has learnt from those before it. Episodes are problems of their own as a rule: where the column \
      episode tells several apart, --episode names one.

      Example:
        forage off-policy log.csv --target 0,0,1
      """)

  @Argument(help: ArgumentHelp("The log.", valueName: "file"))
  /// What `forage log` wrote, or a file of your own.
  var path: String

  /// As many numbers from 0 as there are arms; they are scaled to the sum 1.
  @Option(help: "The policy: its probability of each arm, with commas.")
  var target: String?

  @Option(help: ArgumentHelp("The policy: a file of its probabilities, a row a decision.", valueName: "file"))
  /// Each row is scaled to the sum 1.
  var targetFile: String?

  /// With settings in parentheses.
  @Option(help: "The policy: an agent's id, learning from the log.")
  var agent: String?

  @Option(help: ArgumentHelp("Which of the log's episodes: a number from 0, or all as one.", valueName: "number"))
  /// Needed where there are several.
  var episode: String?

  /// Of the agent's own draws.
  @Option(help: "The seed of the agent.")
  var seed: UInt64 = 1

  /// Above 0.
  @Option(help: "The switch estimator's largest weight.")
  var clip = 10.0

  /// One document in place of the table.
  @Flag(help: "Print one JSON document.")
  var json = false

  /// - Throws: `UserError` for a log or a policy that cannot be used.
  func run() throws {
    Interruption.listen()
    try Check("clip", clip, clip > 0 && clip.isFinite, "Use a number above 0", fix: "--clip").enforce()
    let (log, policy) = try read()
    try log.check(policy)
    let estimates = log.estimates(of: policy, clip: clip)
    let overlap = log.overlap(of: policy, clip: clip)
    if json {
      let document: JSON = [
        "decisions": .integer(log.decisions.count), "arms": .integer(log.arms),
        "unreadColumns": .array(log.unread.map { .string($0) }),
        "target": policy.isConstant
          ? .array(policy[0].map { .number($0) }) : .string(targetFile.map { "file \($0)" } ?? "agent \(agent ?? "")"),
        "estimates": .array(
          estimates.map {
            ["name": .string($0.name), "value": .number($0.value), "low": .number($0.low), "high": .number($0.high)]
          }),
        "overlap": [
          "effectiveDecisions": .number(overlap.effectiveDecisions), "largestWeight": .number(overlap.largestWeight),
          "meanWeight": .number(overlap.meanWeight), "clippedShare": .number(overlap.clippedShare),
          "unseenArms": .array(overlap.unseenArms.map { .integer($0) }),
        ],
      ]
      return LineOutput.result(document.text(pretty: true))
    }
    func number(_ value: Double) -> String { Format.number(value, digits: 4) }
    let rows = [["", "reward a decision", "95 %"]] + estimates.map {
      [$0.name, number($0.value), "[\(number($0.low)), \(number($0.high))]"]
    }
    LineOutput.result(Format.table(rows, rightAligned: [1]))
    LineOutput.result(
      "\(log.decisions.count) decisions, as much as \(Format.number(overlap.effectiveDecisions, digits: 0)) of the "
        + "policy itself; weights to \(number(overlap.largestWeight)), mean \(number(overlap.meanWeight))")
    if !overlap.unseenArms.isEmpty {
      let arms = overlap.unseenArms.map(String.init).joined(separator: ", ")
      LineOutput.result("not in the log, though the policy chooses them: \(arms)")
    }
    if !log.unread.isEmpty {
      LineOutput.result("columns that were not read: \(log.unread.joined(separator: ", "))")
    }
  }

  /// The log, and the policy that is asked about.
  private func read() throws -> (OffPolicyLog, OffPolicyTarget) {
    let episodes = try LogTable.Episodes(parsing: episode ?? "")
    guard [target, targetFile, agent].compactMap(\.self).count == 1 else {
      throw UserError(
        "a policy is one of --target, --target-file and --agent",
        fix: "Name one, for example --target 0.5,0.25,0.25 or --agent lin-ucb")
    }
    if let target {
      let cells = target.split(separator: ",", omittingEmptySubsequences: false)
      let weights = cells.compactMap { Double($0.trimmed) }
      let total = weights.reduce(0, +)
      guard weights.count == cells.count, weights.allSatisfy({ $0 >= 0 && $0.isFinite }), total > 0, total.isFinite
      else {
        throw UserError("'\(target)' are no probabilities", fix: "Write one an arm, for example --target 0.5,0.25,0.25")
      }
      let policy = OffPolicyTarget(weights.map { $0 / total })
      return (try OffPolicyLog(reading: path, arms: policy.arms, keeping: episodes), policy)
    }
    if let targetFile {
      // Its columns say how many arms there are, the log how many rows it needs.
      let rows = try OffPolicyLog(reading: path, arms: nil, keeping: episodes).decisions.count
      let policy = try OffPolicyTarget(reading: targetFile, decisions: rows, keeping: episodes)
      return (try OffPolicyLog(reading: path, arms: policy.arms, keeping: episodes), policy)
    }
    let log = try OffPolicyLog(reading: path, arms: nil, keeping: episodes)
    guard
      let policy = try LogReplay.target(
        of: agent!, in: log, path: path, episode: episode ?? "", seed: seed, shouldStop: { Interruption.wasRequested })
    else { throw Interruption.exitStatus }
    return (log, policy)
  }
}
