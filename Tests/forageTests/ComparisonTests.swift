import Catalog
import Experiments
import Foundation
import Groundwork
import Synchronization
import Testing

/// Comparisons: every arm in every environment with every seed, resumable, whatever runs side by side.
@Suite struct ComparisonTests {
  private static let command = [
    "compare", "--env", "gridworld/Empty-5x5", "--env", "control/CartPole", "--reward", "environment", "--reward",
    "environment+0.1*count", "--agent", "random", "--seeds", "2", "--steps", "4k", "--set", "evaluations=2", "--set",
    "evaluationEpisodes=3", "--set", "finalEpisodes=5",
  ]

  @Test("results do not depend on the jobs, and the report holds every arm")
  func jobs() throws {
    let folder = TemporaryFolder()
    for jobs in ["1", "3"] {
      let result = try Program.run(Self.command + ["--out", folder.path("jobs-\(jobs)"), "--jobs", jobs])
      #expect(result.status == 0)
      for name in [
        "gridworld/Empty-5x5, score: success\n", "control/CartPole, score: return, scaled from 0.00 to 500.0\n",
        "environment+0.1*count", "report: ",
      ] {
        #expect(result.output.contains(name), "\(name)")
      }
      #expect(folder.bytes("jobs-\(jobs)/report.html") != nil)
    }
    let cell = "/runs/gridworld-Empty-5x5/environment+0.1xcount/seed-2/evaluation.json"
    #expect(try #require(folder.bytes("jobs-1" + cell)) == folder.bytes("jobs-3" + cell))
    func arms(_ jobs: String) throws -> JSON? {
      let report = try JSON(parsing: Files.read(folder.path("jobs-\(jobs)/report.json")), name: "report")
      return report["overall"]
    }
    #expect(try #require(try arms("1")) == arms("3"))
  }

  @Test("the same command again runs only what is missing, and another one is refused")
  func resume() throws {
    let folder = TemporaryFolder()
    let command = Self.command + ["--out", folder.path("all")]
    #expect(try Program.run(command).status == 0)
    let cell = folder.path("all/runs/control-CartPole/environment/seed-1")
    let kept = folder.path("all/runs/control-CartPole/environment/seed-2/metrics.jsonl")
    let before = try Files.read(kept)
    let evaluation = try Files.read(cell + "/evaluation.json")
    try Files.remove(cell)
    let again = try Program.run(command + ["--json"])
    #expect(again.status == 0)
    #expect(try Files.read(kept) == before)
    #expect(try Files.read(cell + "/evaluation.json") == evaluation)
    // One document on standard output, and nothing else there.
    let document = try JSON(parsing: again.output, name: "output")
    #expect(document["environments"]?.array?.count == 2)
    let other = try Program.run(command + ["--seeds", "3"])
    #expect(other.status == 1)
    #expect(other.errors.contains("holds another comparison (with 2 seeds)"))
  }

  @Test("parts of paths differ where names do")
  func paths() throws {
    let plans = try ["environment", "0.5*environment", "environment+count(of=observation)"].map { reward in
      var request = RunConfiguration()
      request.environment = "gridworld/Empty-5x5"
      request.reward = reward
      return try Catalog.plan(request).description
    }
    let description = ComparisonDescription(
      command: "", arms: plans.map(\.reward.text) + ["0.5xenvironment"], environments: ["gridworld/Empty-5x5"],
      seeds: [1],
      cells: plans + [plans[0]])
    #expect(
      description.runs.map(\.path) == [
        "runs/gridworld-Empty-5x5/environment/seed-1", "runs/gridworld-Empty-5x5/0.5xenvironment/seed-1",
        "runs/gridworld-Empty-5x5/environment+count-of=observation-/seed-1",
        "runs/gridworld-Empty-5x5/0.5xenvironment-2/seed-1",
      ])
  }
}
