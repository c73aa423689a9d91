import Foundation
import Groundwork
import Testing

/// Archives on the command line: comparing settings by the first success, maps, lists and ways to cells.
@Suite struct ArchiveTests {
  private static let settings = [
    "--set", "evaluations=0", "--set", "finalEpisodes=1", "--set", "agent.stopsWhenSolved=true",
  ]

  @Test("a run's archive is listed, mapped and watched cell by cell; its best way is a replay that verifies")
  func archive() throws {
    let folder = TemporaryFolder()
    let run = folder.path("run")
    let training = try Program.run(
      ["train", "gridworld/DeceptiveCorridor", "--agent", "go-explore", "--steps", "1M", "--seed", "1", "--out", run]
        + Self.settings)
    #expect(training.status == 0, "\(training.errors)")
    #expect(try Program.run(["verify", run + "/best.json"]).status == 0)

    let listed = try Program.run(["watch", run, "--list", "--json"])
    let document = try JSON(parsing: listed.output, name: "output")
    let cells = try #require(document["cells"]?.array)
    #expect(document["best"]?.integer == 0 && cells.count > 90)
    let start = try #require(cells.first { $0["number"]?.integer == 1 })
    #expect(start["place"]?.array?.compactMap(\.double) == [3, 1] && start["steps"]?.integer == 0)

    let map = try Program.run(["watch", run, "--archive", "--terminal"])
    #expect(map.output.contains("archive of go-explore after "))
    #expect(map.output.split(separator: "\n").contains { $0.contains("G") && $0.contains("* * *") })
    #expect(try Program.run(["watch", run, "--archive", "--record", folder.path("map.png")]).status == 0)
    #expect(try #require(folder.bytes("map.png")).starts(with: [0x89, 0x50, 0x4e, 0x47]))

    let way = try Program.run(["watch", run, "--cell", "5,1", "--terminal"])
    #expect(way.status == 0 && way.output.contains("go-explore, cell "))
    for (cell, reason) in [
      ("0,0", "has no cell at 0,0. The nearest is at 2,1"), ("999", "has no cell 999. Its cells are 0 to "),
      ("x", "forage: 'x' is no cell. Write its number (--cell 12) or its place on the picture (--cell 3,4)"),
    ] {
      let result = try Program.run(["watch", run, "--cell", cell])
      #expect(result.status == 1 && result.errors.contains(reason), "\(result.errors)")
    }
  }

  @Test("a run without an archive says so")
  func none() throws {
    let folder = TemporaryFolder()
    let run = folder.path("run")
    _ = try Program.run(
      ["train", "gridworld/Empty-5x5", "--agent", "random", "--steps", "500", "--out", run, "--set", "evaluations=0"])
    let result = try Program.run(["watch", run, "--archive"])
    #expect(
      result.errors
        == """
        forage: '\(run)' has no archive: the agent 'random' keeps none. Watch its policy \
        (`forage watch \(run)`), or train one that does (--agent go-explore)\n
        """)
  }

  @Test("two settings of one agent are two arms, compared by the steps to the first success")
  func firstSuccess() throws {
    let folder = TemporaryFolder()
    let result = try Program.run(
      [
        "compare", "--env", "gridworld/MultiRoom-N4-S5-v1", "--agent", "go-explore", "--agent",
        "go-explore(selection=uniform, weights.seenPower=1)", "--seeds", "3", "--steps", "500k", "--set",
        "layoutSeed=1",
        "--out", folder.path("all"), "--json",
      ] + Self.settings)
    #expect(result.status == 0, "\(result.errors)")
    let document = try JSON(parsing: result.output, name: "output")
    let arms = try #require(document["environments"]?.array?.first?["arms"]?.array)
    #expect(
      arms.map { $0["name"]?.string } == [
        "go-explore: environment", "go-explore(selection=uniform, weights.seenPower=1): environment",
      ])
    for arm in arms {
      let first = try #require(arm["firstSuccess"])
      let steps = try #require(first["steps"]?.array).compactMap(\.double)
      #expect(steps.count == 3 && steps.allSatisfy { $0 > 0 && $0 <= 500_000 })
      let mean = try #require(first["mean"]?["value"]?.double)
      #expect(abs(mean - steps.reduce(0, +) / 3) < 1e-6)
    }
    let report = try Program.run(["report", folder.path("all")])
    #expect(report.output.contains("steps of training to the first success"))
  }
}
