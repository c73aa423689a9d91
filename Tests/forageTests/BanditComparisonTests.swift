import Foundation
import Groundwork
import Testing

/// `forage compare` of bandits: repetitions instead of runs.
@Suite struct BanditComparisonTests {
  @Test("bandits are compared over repetitions, gone on with by the same command, and reported again")
  func compare() throws {
    let folder = TemporaryFolder()
    let words = [
      "compare", "--env", "bandit/Bernoulli(gap=0.2)", "--agent", "ucb1", "--agent", "thompson", "--seeds", "2000",
      "--steps", "300", "--out", folder.path("arms"),
    ]
    let first = try Program.run(words)
    #expect(first.status == 0 && first.output.contains("Lai and Robbins's bound: 22.20 ln T, at the end 126.6"))
    #expect(first.output.contains("2000 repetitions of 300 pulls") && first.errors.contains("pulls/s"))
    let again = try Program.run(words)
    #expect(again.output == first.output && !again.errors.contains("pulls/s"))
    #expect(try Program.run(["report", folder.path("arms")]).output == first.output)
    let document = try JSON(parsing: try Program.run(words + ["--json"]).output, name: "output")
    #expect(document["repetitions"]?.integer == 2000)
    let other = try Program.run(words.map { $0 == "2000" ? "1500" : $0 })
    let line = "forage: '\(folder.path("arms"))' holds another comparison. Name another directory (--out)\n"
    #expect(other.status == 1 && other.errors == line)
    let few = try Program.run(words.map { $0 == "2000" ? "1" : $0 == folder.path("arms") ? folder.path("few") : $0 })
    #expect(few.errors == "forage: 1 repetitions cannot be compared. Use 2 to 100000 (--seeds)\n")
    #expect(!FileManager.default.fileExists(atPath: folder.path("few")))
    let wrong = try Program.run([
      "compare", "--env", "bandit/Bernoulli(gap=2)", "--agent", "ucb1", "--out", folder.path("few"),
    ])
    #expect(
      wrong.errors == "forage: a gap of 2.0 around 0.5 gives the probability 1.5. Probabilities lie in 0 to 1\n")
  }
}
