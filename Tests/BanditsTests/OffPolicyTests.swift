import Catalog
import Groundwork
import ReinforcementLearning
import Testing

@testable import Bandits

/// Estimates of a policy from another one's log.
@Suite("Off-policy evaluation") struct OffPolicyTests {
  /// Decisions of a policy with known arms.
  func log(_ policy: [Double], means: [Double], count: Int, random: inout RandomSource) -> OffPolicyLog {
    OffPolicyLog(
      (0..<count).map { _ in
        var rest = random.uniform()
        var arm = 0
        for other in policy.indices {
          arm = other
          rest -= policy[other]
          if rest < 0 { break }
        }
        return OffPolicyLog.Decision(
          arm: arm, reward: random.uniform() < means[arm] ? 1 : 0, propensity: policy[arm])
      }, arms: policy.count)
  }

  @Test("on four decisions the estimates are what is worked out by hand")
  func byHand() {
    let decisions = [(0, 1.0, 0.5), (1, 0.0, 0.5), (0, 0.0, 0.5), (1, 1.0, 0.5)]
    let log = OffPolicyLog(
      decisions.map { OffPolicyLog.Decision(arm: $0.0, reward: $0.1, propensity: $0.2) }, arms: 2)
    let target = [0.75, 0.25]
    let found = log.estimates(of: target, clip: 1)
    // Weights 1.5, 0.5, 1.5, 0.5.
    #expect(abs(found[0].value - (1.5 + 0.5) / 4) < 1e-12)
    #expect(abs(found[1].value - (1.5 + 0.5) / 4) < 1e-12)
    // Halves: even decisions 0 and 2 have arm 0 alone, mean 1/2; odd ones arm 1 alone, mean 1/2. All models say 1/2.
    let robust = [0.5 + 1.5 * 0.5, 0.5 - 0.5 * 0.5, 0.5 - 1.5 * 0.5, 0.5 + 0.5 * 0.5]
    #expect(abs(found[2].value - robust.reduce(0, +) / 4) < 1e-12)
    // Above 1 the model alone.
    let switched = [0.5, 0.5 - 0.5 * 0.5, 0.5, 0.5 + 0.5 * 0.5]
    #expect(abs(found[3].value - switched.reduce(0, +) / 4) < 1e-12)
    let overlap = log.overlap(of: target, clip: 1)
    #expect(abs(overlap.effectiveDecisions - 16 / 5) < 1e-12 && overlap.largestWeight == 1.5)
    #expect(overlap.meanWeight == 1 && overlap.clippedShare == 0.5 && overlap.unseenArms.isEmpty)
  }

  @Test("intervals hold the truth about as often as they say, and the doubly robust one is the narrower")
  func coverage() {
    var random = RandomSource(seed: 4)
    let (policy, target, means) = ([0.6, 0.3, 0.1], [0.1, 0.3, 0.6], [0.8, 0.5, 0.7])
    let truth = zip(target, means).reduce(0) { $0 + $1.0 * $1.1 }
    var hits = [0, 0, 0, 0]
    var widths = [0.0, 0, 0, 0]
    for _ in 0..<400 {
      let found = log(policy, means: means, count: 600, random: &random).estimates(of: target, clip: 100)
      for place in 0..<4 {
        hits[place] += found[place].low <= truth && truth <= found[place].high ? 1 : 0
        widths[place] += found[place].high - found[place].low
      }
    }
    for place in 0..<4 { #expect((365...396).contains(hits[place]), "\(hits)") }
    #expect(widths[2] < 0.9 * widths[0])
  }

  @Test("a log that a policy wrote tells what an arm is worth, in both formats, and bad rows are named")
  func files() throws {
    let path = "/tmp/forage-decisions-\(UInt64.random(in: 0...UInt64.max))"
    defer { try? Files.remove(path) }
    var random = RandomSource(seed: 6)
    let made = log([0.5, 0.5], means: [0.2, 0.9], count: 3_000, random: &random)
    for text in [made.csv, made.jsonLines] {
      try Files.writeAtomically(text, to: path)
      let read = try OffPolicyLog(reading: path, arms: 2)
      #expect(read.decisions == made.decisions)
      #expect(abs(read.estimates(of: [0, 1], clip: 10)[2].value - 0.9) < 0.03)
    }
    for (text, line) in [
      ("", "'\(path)' is empty. Name a file with rows"),
      ("arm,reward,propensity\n", "'\(path)' has no rows. Name a file with rows"),
      (
        "arm,reward,propensity\n0,1,0.5\n2,1,0.5\n",
        "row 2 of '\(path)' has the arm \"2\", and there are 2 arms. Use 0 to 1"
      ),
      (
        "arm,reward,propensity\n0,1,0\n",
        "row 1 of '\(path)' has the propensity 0.0. Log with which probability the arm was chosen: above 0, to 1"
      ),
      ("arm,reward\n0,1\n", "row 1 of '\(path)' has no 'propensity'. Give every row one"),
      (
        "{\"arm\":0,\"reward\":1,\"propensity\":1.5}\n",
        "row 1 of '\(path)' has the propensity 1.5. Log with which probability the arm was chosen: above 0, to 1"
      ),
    ] {
      try Files.writeAtomically(text, to: path)
      #expect(refusal { _ = try OffPolicyLog(reading: path, arms: 2) } == line)
    }
  }
}
