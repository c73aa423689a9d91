import ArgumentParser
import Bandits
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
      policy. The file has the columns arm, reward and propensity: CSV with a header, or JSON lines.

      Example:
        forage off-policy log.csv --target 0,0,1
      """)

  @Argument(help: ArgumentHelp("The log.", valueName: "file"))
  /// What `forage log` wrote, or a file of your own.
  var path: String

  /// As many numbers from 0 as there are arms; they are scaled to the sum 1.
  @Option(help: "The policy: its probability of each arm, with commas.")
  var target: String

  /// Above 0.
  @Option(help: "The switch estimator's largest weight.")
  var clip = 10.0

  /// One document in place of the table.
  @Flag(help: "Print one JSON document.")
  var json = false

  /// - Throws: `UserError` for a log or a policy that cannot be used.
  func run() throws {
    try Check("clip", clip, clip > 0 && clip.isFinite, "Use a number above 0", fix: "--clip").enforce()
    let cells = target.split(separator: ",", omittingEmptySubsequences: false)
    let weights = cells.compactMap { Double($0.trimmed) }
    let total = weights.reduce(0, +)
    guard weights.count == cells.count, weights.allSatisfy({ $0 >= 0 && $0.isFinite }), total > 0, total.isFinite else {
      throw UserError("'\(target)' are no probabilities", fix: "Write one an arm, for example --target 0.5,0.25,0.25")
    }
    let policy = weights.map { $0 / total }
    let log = try OffPolicyLog(reading: path, arms: policy.count)
    let estimates = log.estimates(of: policy, clip: clip)
    let overlap = log.overlap(of: policy, clip: clip)
    if json {
      let document: JSON = [
        "decisions": .integer(log.decisions.count), "target": .array(policy.map { .number($0) }),
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
  }
}
