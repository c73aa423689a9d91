import Experiments
import Foundation
import Groundwork
import Testing

/// Declared benchmarks: found by name, run whole, changed only where the record says so, refused with file and line.
@Suite struct SuiteTests {
  private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let shipped: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: repository.appendingPathComponent("suites").path)) ?? [])
    .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()

  /// Those that are run here: of MetaWorld's groups the smallest, where the engine is; their task lists are checked
  /// beside the tasks.
  static let run: [String] = {
    let list = (try? Program.run(["list", "environments"]).output) ?? ""
    let hasEngine = list.contains("metaworld/reach-v3")
    return shipped.filter { name in
      if name == "manipulate" { return hasEngine }
      guard name.hasPrefix("MT") || name.hasPrefix("ML") else { return true }
      return name == "ML1" && hasEngine
    }
  }()

  private static let tiny = [
    "--seeds", "2", "--steps", "50", "--set", "evaluations=0", "--set", "finalEpisodes=2",
  ]

  @Test("what a suite has twice is named with its line")
  func twice() throws {
    let folder = TemporaryFolder()
    let path = folder.path("s.yaml")
    for (text, line) in [
      ("tasks:\n  - control/CartPole\n  - {environment: control/CartPole, set: {environment.timeLimit: 50}}\n",
        "line 3, tasks.1: there is a task 'control/CartPole' already. Leave one out, or tell them apart by settings in "
          + "the name: 'control/CartPole(timeLimit=50)'"),
      ("tasks: [control/CartPole]\nagents:\n  - ppo\n  - ppo\n",
        "line 4, agents.1: 'ppo' is there already. Leave one of them out"),
    ] {
      try Files.writeAtomically(text, to: path)
      let result = try Program.run(["compare", "--suite", path, "--out", folder.path("x")])
      #expect(result.status == 1 && result.errors == "forage: '\(path)', \(line)\n", "\(result.errors)")
    }
    // A mark that some editors put before the text is none of it.
    try Files.writeAtomically("\u{FEFF}tasks: [control/CartPole]\nagents: [random]\nseeds: 1\nsteps: 600\n", to: path)
    let marked = try Program.run(["compare", "--suite", path, "--out", folder.path("marked"), "--set", "evaluations=0"])
    #expect(marked.status == 0, "\(marked.errors)")
  }

  @Test("the suites are there, and are listed from any working directory")
  func listed() throws {
    #expect(Set(["explore", "control", "MT10", "ML45"]).isSubset(of: Self.shipped))
    let folder = TemporaryFolder()
    let list = try Program.run(["list", "suites"], in: folder.url)
    #expect(list.status == 0)
    for name in Self.shipped { #expect(list.output.contains(name + "  "), "\(name)") }
    #expect(!list.output.contains("cannot be read"))
    // One of the working directory goes before the program's.
    try FileManager.default.createDirectory(atPath: folder.path("suites"), withIntermediateDirectories: false)
    try "summary: mine\ntasks: [control/CartPole]".write(
      toFile: folder.path("suites/control.yaml"), atomically: true, encoding: .utf8)
    #expect(try Program.run(["list", "suites"], in: folder.url).output.contains("mine"))
    let json = try JSON(parsing: try Program.run(["list", "suites", "--json"], in: folder.url).output, name: "list")
    #expect(json["suites"]?.array?.contains { $0["environments"] == ["control/CartPole"] } ?? false)
  }

  @Test("a shipped suite runs whole, and its report says how it was changed", arguments: run)
  func runs(_ name: String) throws {
    let folder = TemporaryFolder()
    let result = try Program.run(["compare", "--suite", name, "--out", folder.path("all")] + Self.tiny, in: folder.url)
    #expect(result.status == 0, "\(result.errors)")
    let suite = try Suite(reading: Self.repository.appendingPathComponent("suites/\(name).yaml").path)
    let description = try ComparisonDescription(reading: folder.path("all/comparison.json"))
    #expect(description.environments.count == suite.tasks.count && description.seeds.count == 2)
    #expect(description.seeds[0] == suite.firstSeed)
    #expect(description.cells.allSatisfy { $0.run.steps == 50 })
    #expect(description.suite?.digest == suite.digest)
    #expect(
      description.suite?.changes == ["--seeds 2", "--steps 50", "--set evaluations=0", "--set finalEpisodes=2"])
    #expect(description.command.hasPrefix("forage compare --suite \(name) --seeds 2 --steps 50 --set evaluations=0"))
    let digest = suite.digest.prefix(8)
    #expect(result.output.contains("Suite \(name) (digest \(digest)), not as it is declared: --seeds 2,"))
    #expect(result.output.contains("all environments, final scores"), "every shipped task declares a scale")
    for task in suite.tasks { #expect(result.output.contains(task.environment + ", score: ")) }
  }

  private static let small = """
    summary: two tasks
    steps: 300
    seeds: 1
    firstSeed: 7
    set: {run.evaluations: 0, run.finalEpisodes: 2}
    tasks:
      - gridworld/Empty-5x5
      - environment: control/CartPole
        steps: 0.5k
        scale: [10, 20]
        set: {environment.timeLimit: 40}
    agents: [random]

    """

  private func write(_ text: String, _ folder: TemporaryFolder) throws -> String {
    let path = folder.path("mine.yaml")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test("budgets, settings and scales are those of the task, and arms, tasks and seeds are added")
  func declared() throws {
    let folder = TemporaryFolder()
    let file = try write(Self.small, folder)
    let path = folder.path("all")
    let result = try Program.run(["compare", "--suite", file, "--out", path])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("Suite mine (digest") && result.output.contains("), as it is declared."))
    #expect(result.output.contains("control/CartPole, score: return, scaled by the suite from 10.0 to 20.0"))
    let before = try ComparisonDescription(reading: path + "/comparison.json")
    #expect(before.cells.map(\.run.steps) == [300, 500] && before.seeds == [7])
    #expect(before.cells[1].environment.configuration["timeLimit"] == 40)
    let kept = try Files.read(path + "/" + before.runs[0].path + "/metrics.jsonl")
    // The same command goes on with it; another one does not.
    #expect(try Program.run(["compare", "--suite", file, "--out", path]).status == 0)
    #expect(try Program.run(["compare", "--suite", file, "--seeds", "3", "--out", path]).status == 1)
    let added = try Program.run([
      "compare", "--resume", path, "--seeds", "2", "--reward", "environment+0.1*count", "--env", "control/Acrobot",
    ])
    #expect(added.status == 0, "\(added.errors)")
    let after = try ComparisonDescription(reading: path + "/comparison.json")
    #expect(after.arms.count == 2 && after.environments.count == 3 && after.seeds == [7, 8])
    #expect(after.cells.map(\.run.steps) == [300, 300, 500, 500, 300, 300])
    #expect(after.cells[3].environment == before.cells[1].environment)
    #expect(
      after.suite?.changes == ["--env control/Acrobot", "--reward 'environment+0.1*count'", "--seeds 2"])
    #expect(try Files.read(path + "/" + before.runs[0].path + "/metrics.jsonl") == kept)
  }

  @Test("a task without a declared scale is in no average, and the report says why")
  func unscaled() throws {
    let folder = TemporaryFolder()
    let file = try write(
      Self.small.replacingOccurrences(of: "  - gridworld/Empty-5x5", with: "  - domain/OffSwitch"), folder)
    let result = try Program.run(["compare", "--suite", file, "--out", folder.path("all")])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("domain/OffSwitch is in no figure over all tasks: neither its return nor the suite"))
    #expect(result.output.contains("control/CartPole, final scores"))
  }

  @Test("what is wrong in a suite is one line with file, line and key", arguments: [
    ("steps: 300\n", "stepz: 300\n", "line 2, stepz: there is no key 'stepz'. Did you mean 'steps'?"),
    (
      "  - gridworld/Empty-5x5", "  - gridworld/Empty-5x6",
      "line 7, tasks.0: there is no environment 'gridworld/Empty-5x6'"
    ),
    ("steps: 0.5k", "steps: 0.5", "line 9, tasks.1.steps: '0.5' is no number of steps"),
    ("scale: [10, 20]", "scale: [10, 10]", "line 10, tasks.1.scale: [10,10] are not the values that score 0 and 1"),
    ("environment.timeLimit", "environment.timeLimt", "line 11, tasks.1.set.environment.timeLimt: there is no setting"),
    ("timeLimit: 40", "timeLimit: forty", "line 11, tasks.1.set.environment.timeLimit: environment.timeLimit of"),
    ("agents: [random]", "agents: [randon]", "line 12, agents.0: there is no agent 'randon'. Did you mean 'random'?"),
    ("agents: [random]", "rewards: [environment, cuont]", "line 12, rewards.1: there is no reward 'cuont'"),
    ("seeds: 1\n", "seeds: 0\n", "line 3, seeds: 0 is not what it may be. Use a whole number from 1 to 1000"),
    ("run.evaluations: 0", "run.evaluations: -1", "line 5, set.run.evaluations: run.evaluations cannot be -1"),
    ("summary: two tasks", "summary: [a", "is not valid YAML: "),
    ("environment: control/CartPole", "speed: 1", "line 8, tasks.1.speed: there is no key 'speed'"),
  ])
  func refused(_ old: String, _ new: String, _ line: String) throws {
    let folder = TemporaryFolder()
    let text = Self.small.replacingOccurrences(of: old, with: new)
    #expect(text != Self.small)
    let file = try write(text, folder)
    let result = try Program.run(["compare", "--suite", file, "--out", folder.path("all")])
    #expect(result.status == 1 && result.output == "")
    #expect(result.errors.hasPrefix("forage: '\(file)'") && result.errors.contains(line), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(folder.bytes("all/comparison.json") == nil)
  }

  @Test("a suite that is not there, or beside what it names itself, is one line")
  func words() throws {
    let folder = TemporaryFolder()
    let unknown = try Program.run(["compare", "--suite", "exploer", "--out", folder.path("all")], in: folder.url)
    #expect(unknown.status == 1 && unknown.errors.contains("there is no suite 'exploer'. Did you mean 'explore'?"))
    let beside = try Program.run(["compare", "--suite", "control", "--env", "control/CartPole", "--out", "x"])
    #expect(beside.status == 1 && beside.errors.contains("--suite names the environments itself"))
  }
}
