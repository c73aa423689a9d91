import Catalog
import Experiments
import Foundation
import Groundwork
import ReinforcementLearning
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
    let bytes = folder.bytes("jobs-1" + cell)
    #expect(bytes != nil && bytes == folder.bytes("jobs-3" + cell))
    func arms(_ jobs: String) throws -> JSON? {
      let report = try JSON(parsing: Files.read(folder.path("jobs-\(jobs)/report.json")), name: "report")
      return report["overall"]
    }
    let one = try arms("1")
    #expect(try one != nil && one == arms("3"))
  }

  @Test("the report says of an arm how many recorded episodes it learns from, which no figure counts")
  func recordedEpisodes() throws {
    let folder = TemporaryFolder()
    let room = try Catalog.recipe("gridworld/Empty-5x5")
    try Files.makeDirectory(folder.path("shown"))
    for (name, actions) in [("found", [2, 2, 1, 2, 2]), ("lost", [2, 2])] as [(String, [Float])] {
      try Replay(of: room, seed: 1, actions: actions).write(to: folder.path("shown/\(name).json"))
    }
    let result = try Program.run([
      "compare", "--env", "gridworld/Empty-5x5", "--agent", "random", "--agent",
      "replay(demonstrations=\(folder.path("shown")))", "--seeds", "1", "--steps", "2k", "--set", "evaluations=0",
      "--set", "finalEpisodes=2", "--out", folder.path("all"),
    ])
    #expect(result.status == 0, "\(result.errors)")
    let report = try Files.readText(folder.path("all/report.json"))
    #expect(
      report.contains(
        "learns from 1 of 2 recorded episodes (those that succeeded; 5 steps), which no figure here counts."))
  }

  @Test("a replay that the page cuts says in its title that it is, and a shorter one does not")
  func cutReplays() throws {
    let folder = TemporaryFolder()
    // Random play hardly ever opens the door.
    for (limit, title) in [(450, "seed 1, the first 400 of 450 steps"), (300, "seed 1</figcaption>")] {
      let out = folder.path("limit-\(limit)")
      let result = try Program.run([
        "compare", "--env", "gridworld/DoorKey-8x8(timeLimit=\(limit))", "--agent", "random", "--seeds", "1", "--steps",
        "1k", "--set", "evaluations=0", "--set", "finalEpisodes=5", "--out", out,
      ])
      #expect(result.status == 0, "\(result.errors)")
      let page = try Files.readText(out + "/report.html")
      #expect(page.contains(title) && page.contains("the first 400 of") == (limit > 400))
    }
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
    let other = try Program.run(command.map { $0 == "2" ? "3" : $0 })
    #expect(other.status == 1)
    #expect(other.errors.contains("holds another comparison (with 2 seeds)"))
  }

  /// One environment, one arm, two seeds.
  private static let small = [
    "compare", "--env", "gridworld/Empty-5x5", "--agent", "random", "--seeds", "2", "--steps", "2k", "--set",
    "evaluations=1", "--set", "evaluationEpisodes=3", "--set", "finalEpisodes=5",
  ]

  @Test("seeds, designs, agents and environments are added to a comparison, and what is there stays")
  func additions() throws {
    let folder = TemporaryFolder()
    let path = folder.path("all")
    #expect(try Program.run(Self.small + ["--out", path]).status == 0)
    let first = path + "/runs/gridworld-Empty-5x5/environment/seed-1/metrics.jsonl"
    let before = try Files.read(first)
    func add(_ options: [String]) throws -> ProgramResult { try Program.run(["compare", "--resume", path] + options) }
    func runs() throws -> Int {
      let description = try ComparisonDescription(reading: path + "/comparison.json")
      return description.runs.count { folder.bytes("all/\($0.path)/evaluation.json") != nil }
    }
    let seeds = try add(["--seeds", "3"])
    #expect(seeds.status == 0 && seeds.errors.contains("1 run is added to the 2 that are there"))
    #expect(try runs() == 3)
    #expect(try add(["--first-seed", "50", "--seeds", "1"]).status == 0)
    #expect(try runs() == 4)
    #expect(try add(["--reward", "environment+0.1*count"]).status == 0)
    #expect(try runs() == 8)
    #expect(try add(["--env", "gridworld/Empty-6x6"]).status == 0)
    #expect(try runs() == 16)
    // The agent meets both designs in both environments with all seeds.
    let agent = try add(["--agent", "replay(demonstrations=nowhere)"])
    #expect(agent.status == 1)
    #expect(try runs() == 16, "what cannot be made is refused before anything is written")
    #expect(try Files.read(first) == before)
    let description = try ComparisonDescription(reading: path + "/comparison.json")
    #expect(description.seeds == [1, 2, 3, 50])
    #expect(description.arms == ["environment", "environment+0.1*count"])
    #expect(description.cells.allSatisfy { $0.run.steps == 2000 && $0.run.finalEpisodes == 5 })
    #expect(description.command.hasSuffix("&& forage compare --resume \(path) --env gridworld/Empty-6x6"))
    let report = try JSON(parsing: Files.read(path + "/report.json"), name: "report")
    #expect(report["environments"]?.array?.count == 2 && report["overall"]?.array?.count == 2)
  }

  @Test("once arms of another agent are added every arm says whose it is, and directories keep their names")
  func shownAgents() throws {
    let folder = TemporaryFolder()
    let path = folder.path("all")
    #expect(try Program.run(Self.small + ["--out", path]).status == 0)
    let added = try Program.run(["compare", "--resume", path, "--agent", "random(slots=4)"])
    #expect(added.status == 0, "\(added.errors)")
    #expect(added.output.contains("random: environment") && added.output.contains("random(slots=4): environment"))
    #expect(Files.exists(path + "/runs/gridworld-Empty-5x5/environment/seed-1"))
    let report = try JSON(parsing: Files.read(path + "/report.json"), name: "report")
    let arms = report["summary"]?["environments"]?.array?[0]["arms"]?.array?.compactMap { $0["name"]?.string }
    #expect(arms == ["random: environment", "random(slots=4): environment"])
    #expect(try Program.run(["compare", "--resume", path, "--seeds", "3"]).status == 0)
  }

  @Test("files that say something else than when a comparison was begun are named when it is added to")
  func changedFiles() throws {
    let folder = TemporaryFolder()
    let map = folder.path("m.txt")
    let program = folder.path("p.reward")
    let short = ["--seeds", "1", "--steps", "600", "--set", "evaluations=0", "--set", "finalEpisodes=1"]
    let maps = ["#####\n#>.G#\n#####\n", "######\n#>..G#\n######\n"]
    let programs = ["reward.a = 1\n", "reward.a = 2\n"]
    try Files.writeAtomically(maps[0], to: map)
    try Files.writeAtomically(programs[0], to: program)
    let (first, second) = (folder.path("map"), folder.path("program"))
    let begun = try Program.run(
      ["compare", "--env", "gridworld/Map", "--set", "map=\(map)", "--agent", "random", "--out", first] + short)
    #expect(begun.status == 0, "\(begun.errors)")
    let designed = try Program.run(
      ["compare", "--env", "gridworld/Empty-5x5", "--agent", "random", "--reward", "program(file=\(program))", "--out",
        second] + short)
    #expect(designed.status == 0, "\(designed.errors)")
    let add = ["compare", "--resume", first, "--reward", "environment+0.01*count"]
    let widen = ["compare", "--resume", second, "--env", "gridworld/Empty-6x6"]
    try Files.writeAtomically(maps[1], to: map)
    try Files.writeAtomically(programs[1], to: program)
    let end = "is no longer what the comparison was begun with. Restore it, or begin a new comparison (--out)\n"
    #expect(try Program.run(add).errors == "forage: what 'gridworld/Map' reads of a file " + end)
    let refused = try Program.run(widen).errors
    #expect(refused.hasPrefix("forage: the file of 'program' in the arm '") && refused.hasSuffix(end), "\(refused)")
    try Files.writeAtomically(maps[0], to: map)
    try Files.writeAtomically(programs[0], to: program)
    #expect(try Program.run(add).status == 0)
    #expect(try Program.run(widen).status == 0)
  }

  @Test("what another version of the program began is reported, and neither gone on with nor added to")
  func otherVersion() throws {
    let folder = TemporaryFolder()
    let path = folder.path("all")
    #expect(try Program.run(Self.small + ["--out", path]).status == 0)
    var description = try ComparisonDescription(reading: path + "/comparison.json")
    description.forage = "0.1.0"
    for cell in description.cells.indices { description.cells[cell].forage = "0.1.0" }
    for run in description.runs {
      try Files.writeAtomically(description.description(of: run).text, to: "\(path)/\(run.path)/run.json")
    }
    try Files.writeAtomically(description.text, to: path + "/comparison.json")
    #expect(try Program.run(["report", path]).status == 0)
    let end = "was begun by version 0.1.0 of the program, whose results are not those of "
      + "\(Experiments.Program.version). Use that version, or begin "
    #expect(
      try Program.run(["compare", "--resume", path, "--seeds", "3"]).errors
        == "forage: '\(path)' \(end)a new comparison (--out)\n")
    let run = path + "/" + description.runs[0].path
    #expect(try Program.run(["train", "--resume", run]).status == 0, "it is finished")
    try Files.remove(run + "/evaluation.json")
    #expect(try Program.run(["train", "--resume", run]).errors == "forage: '\(run)' \(end)anew\n")
  }

  @Test("what cannot be changed beside --resume is refused, and nothing is ignored")
  func refusedAdditions() throws {
    let folder = TemporaryFolder()
    let path = folder.path("all")
    #expect(try Program.run(Self.small + ["--out", path]).status == 0)
    for options in [["--steps", "5k"], ["--set", "finalEpisodes=7"], ["--out", folder.path("other")]] {
      let result = try Program.run(["compare", "--resume", path] + options)
      #expect(result.status == 1 && result.errors.contains("its budget and its settings stay"), "\(options)")
    }
    let arm = try Program.run(["compare", "--resume", path, "--reward", "environment"])
    #expect(arm.status == 1 && arm.errors.contains("these arms are there already"))
    let environment = try Program.run(["compare", "--resume", path, "--env", "gridworld/Empty-5x5"])
    #expect(environment.status == 1 && environment.errors.contains("'gridworld/Empty-5x5' is there already"))
    let fewer = try Program.run(["compare", "--resume", path, "--seeds", "1"])
    #expect(fewer.status == 0 && fewer.errors.contains("nothing is added"))
  }

  @Test("--first-seed names the seeds, and the command that repeats the comparison says so")
  func firstSeed() throws {
    let folder = TemporaryFolder()
    #expect(try Program.run(Self.small + ["--first-seed", "101", "--out", folder.path("all")]).status == 0)
    let description = try ComparisonDescription(reading: folder.path("all/comparison.json"))
    #expect(description.seeds == [101, 102] && description.command.contains("--seeds 2 --first-seed 101"))
    #expect(folder.bytes("all/runs/gridworld-Empty-5x5/environment/seed-101/evaluation.json") != nil)
    // A preset that was chosen on one of the two is named.
    let comparison = try Comparison(opening: folder.path("all")) { try Catalog.plan($0) }
    let summary = try comparison.summary(about: { _ in "" }, date: "") { _ in
      [
        PresetSummary(agent: "a", environments: "e/", chosenOn: "e/One", seeds: 102...110, reported: []),
        PresetSummary(agent: "a", environments: "f/", chosenOn: "f/One", seeds: 1...9, reported: []),
      ]
    }
    #expect(summary.presets.map(\.reported) == [[102], []])
    #expect(
      summary.notes == [
        "a's preset for e/ was chosen on seeds 102 to 110 (e/One), and 1 of the 2 seeds here are among them, which "
          + "flatters it: use others (--first-seed)."
      ])
    let csv = try #require(folder.bytes("all/comparison.csv").map { String(decoding: $0, as: UTF8.self) })
    #expect(csv.contains("gridworld/Empty-5x5,environment,102,2048,final/success,"))
  }

  @Test("the environment's reward with a weight is a design, whose figures do not depend on how it is written")
  func weighedReward() throws {
    let folder = TemporaryFolder()
    let result = try Program.run([
      "compare", "--env", "control/CartPole", "--reward", "environment", "--reward", "-1*environment", "--reward",
      "-1*environment+0*count", "--reward", "2*environment", "--seeds", "3", "--steps", "20k", "--set",
      "evaluations=0", "--set", "finalEpisodes=2", "--out", folder.path("all"),
    ])
    #expect(result.status == 0, "\(result.errors)")
    let report = try JSON(parsing: Files.read(folder.path("all/report.json")), name: "report")
    let designs: [JSON?] = report["environments"]?.array?[0]["arms"]?.array?.map { $0["design"] } ?? []
    #expect(designs.map { $0 != nil } == [false, true, true, true])
    let correlations: [Double?] = designs.dropFirst().map { $0?["correlation"]?["value"]?.double?.rounded() }
    #expect(correlations == [-1, -1, 1], "\(correlations)")
  }

  @Test("an arm that cannot be made is refused before anything is written")
  func impossibleArm() throws {
    let folder = TemporaryFolder()
    let result = try Program.run([
      "compare", "--env", "gridworld/Empty-5x5", "--agent", "random", "--agent", "random(slots=3)", "--steps", "1k",
      "--out", folder.path("none"),
    ])
    #expect(result.status == 1 && result.errors.contains("3 slots cannot be shared out to 2 batches"))
    #expect(!Files.exists(folder.path("none")))
  }

  @Test("a resumed comparison counts what was finished before and does not list it again")
  func counting() throws {
    let folder = TemporaryFolder()
    let path = folder.path("all")
    #expect(try Program.run(Self.small + ["--out", path]).status == 0)
    let more = try Program.run(["compare", "--resume", path, "--seeds", "4", "--jobs", "1"])
    #expect(more.errors.contains("4 runs: 1 environment x 1 arm x 4 seeds; 2 are finished already"))
    #expect(more.errors.contains("[3/4] ") && more.errors.contains("[4/4] "))
    #expect(!more.errors.contains("[1/4]") && !more.errors.contains("seed 1:") && !more.errors.contains("seed 2:"))
  }

  @Test("why a run failed is still known to a report that is made later")
  func reasons() throws {
    let folder = TemporaryFolder()
    let path = folder.path("all")
    let result = try Program.run([
      "compare", "--env", "gridworld/Empty-5x5", "--reward", "environment", "--reward", "1e300*rnd", "--seeds", "2",
      "--steps", "4k", "--set", "evaluations=0", "--set", "finalEpisodes=2", "--out", path,
    ])
    #expect(result.status == 1 && result.errors.contains("2 of 4 runs failed"))
    let report = try Program.run(["report", path])
    #expect(report.status == 0 && report.output.contains("2 of 4 runs gave no result: "))
    #expect(report.output.contains("2 of 2"), "both are counted as failed")
    let document = try JSON(parsing: Files.read(path + "/report.json"), name: "report")
    let arms = document["summary"]?["environments"]?.array?[0]["arms"]?.array
    let reason = arms?[1]["runs"]?.array?[0]["failure"]?.string
    #expect(reason.map { !$0.isEmpty && !$0.contains("lost") } ?? false, "\(reason ?? "")")
    let words = (reason ?? "").split(separator: "at step ", omittingEmptySubsequences: false)
    #expect(words.count == 2 && !(reason ?? "").contains("-nan"), "the step is said once: \(reason ?? "")")
    // A reason that was altered, or is another run's, is not shown as this one's.
    let found = try Self.failures(path)
    #expect(found.count == 2)
    let kept = try found.map { try Files.read($0) }
    let text = String(decoding: kept[0], as: UTF8.self).replacing("loss", with: "gain")
    try Files.writeAtomically(text, to: found[0])
    let altered = try Program.run(["report", path])
    #expect(altered.status == 0 && altered.output.contains("2 of 4 runs gave no result: "))
    func reasons() throws -> [String] {
      let document = try JSON(parsing: Files.read(path + "/report.json"), name: "report")
      let arms = document["summary"]?["environments"]?.array?[0]["arms"]?.array
      return (arms?[1]["runs"]?.array ?? []).compactMap { $0["failure"]?.string }
    }
    #expect(try reasons().first?.contains("was altered after it was written") ?? false)
    try Files.writeAtomically(kept[1], to: found[0])
    #expect(try Program.run(["report", path]).status == 0)
    #expect(try reasons().first?.contains("is another run's") ?? false)
  }

  /// The files that keep why runs of a comparison failed.
  private static func failures(_ path: String) throws -> [String] {
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".failure.json") }.sorted().map { path + "/" + $0 }
  }

  @Test("go-explore ends on its budget, and agents that work in whole rounds say what they used")
  func budgets() throws {
    let folder = TemporaryFolder()
    let result = try Program.run([
      "compare", "--env", "gridworld/Empty-5x5", "--agent", "ppo", "--agent", "go-explore", "--seeds", "2", "--steps",
      "1k", "--set", "evaluations=0", "--set", "finalEpisodes=2", "--out", folder.path("all"),
    ])
    #expect(result.status == 0)
    #expect(
      result.output.contains(
        "did not use the same steps of the 1k asked for: ppo: environment 2k and go-explore: environment 1k"),
      "\(result.output)")
    let one = try Program.run([
      "train", "gridworld/Empty-5x5", "--agent", "go-explore", "--steps", "1", "--set", "evaluations=0", "--set",
      "finalEpisodes=1", "--out", folder.path("one"),
    ])
    #expect(one.status == 0)
    let evaluation = try JSON(parsing: Files.read(folder.path("one/evaluation.json")), name: "evaluation")
    #expect(evaluation["step"]?.integer == 1)
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
