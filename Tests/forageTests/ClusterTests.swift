import Experiments
import Foundation
import Groundwork
import Testing

/// `forage compare --executor slurm` with programs in Slurm's place: what is submitted, what is submitted again, and
/// that tasks leave what a local comparison leaves. `scripts/slurm-check` tries it on a real one.
@Suite struct ClusterTests {
  private static let comparison = [
    "compare", "--env", "gridworld/Empty-5x5", "--reward", "environment", "--reward", "environment+0.1*count",
    "--agent", "random", "--seeds", "2", "--steps", "2k", "--set", "evaluations=1", "--set", "evaluationEpisodes=3",
    "--set", "finalEpisodes=5",
  ]

  /// A folder whose `sbatch` keeps scripts, whose `squeue` says what a file there says, and whose arrays have two tasks
  /// at most where `scontrol` is asked.
  private final class FakeSlurm {
    let folder = TemporaryFolder()
    var bin: String { folder.path("bin") }

    init(sbatch: String? = nil, mostTasks: Int = 1000) throws {
      try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
      let usual = """
        [ "$1" = --version ] && exit 0
        n=$(($(cat '\(folder.path("count"))' 2>/dev/null || echo 100) + 1))
        echo $n > '\(folder.path("count"))'
        cp "$2" '\(folder.path("submitted"))'-$n
        chmod +x '\(folder.path("submitted"))'-$n
        echo "a site's remark"
        echo "$n;cluster"
        """
      try write("sbatch", sbatch ?? usual)
      try write("squeue", "echo \"$@\" >> '\(folder.path("asked"))'\ncat '\(folder.path("queue"))' 2>/dev/null || true")
      try write("scontrol", "echo 'MaxArraySize            = \(mostTasks + 1)'")
    }

    private func write(_ name: String, _ body: String) throws {
      try "#!/bin/sh\n\(body)\n".write(toFile: bin + "/" + name, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: bin + "/" + name)
    }

    func set(queue: String) throws { try queue.write(toFile: folder.path("queue"), atomically: true, encoding: .utf8) }

    func script(_ number: Int) -> String? {
      folder.bytes("submitted-\(number)").map { String(decoding: $0, as: UTF8.self) }
    }

    func run(_ arguments: [String]) throws -> ProgramResult {
      try Program.run(arguments, environment: ["PATH": "\(bin):/usr/bin:/bin"])
    }

    /// Carries out a task of a script, as Slurm does: by the shell that the script names.
    func carryOut(_ number: Int, task: Int, environment: [String: String] = [:]) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: folder.path("submitted-\(number)"))
      process.environment = ["PATH": "/usr/bin:/bin", "SLURM_ARRAY_TASK_ID": "\(task)"]
        .merging(environment) { $1 }
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
  }

  @Test("the tasks of an array leave what a local comparison leaves, and what was killed is submitted again")
  func array() throws {
    let slurm = try FakeSlurm()
    let (here, there) = (slurm.folder.path("here"), slurm.folder.path("the% re's"))
    #expect(try Program.run(Self.comparison + ["--out", here]).status == 0)
    let submitted = try slurm.run(
      Self.comparison + [
        "--out", there, "--executor", "slurm", "--slurm-partition", "short,long", "--slurm-time", "1-12:00",
        "--slurm-memory", "2G", "--slurm-line", "#SBATCH --account=lab", "--slurm-line", "export FROM_LINE=1", "--jobs",
        "3",
      ])
    #expect(submitted.status == 0, "\(submitted.errors)")
    #expect(submitted.output.contains("job 101: 4 runs, each a task of the array; script and output in "))
    let script = try #require(slurm.script(101))
    for line in [
      "#SBATCH --array=1-4%3\n", "#SBATCH --partition=short,long\n", "#SBATCH --time=1-12:00\n", "#SBATCH --mem=2G\n",
      "#SBATCH --account=lab\nexport FROM_LINE=1\nset -eu\n", "/the%% re's/slurm/1/task-%a.log\"\n",
      "#SBATCH --requeue\n",
    ] {
      #expect(script.contains(line), "\(line) is not in \(script)")
    }
    // Slurm reads options up to the first command.
    let firstCommand = try #require(script.range(of: "\nexport FROM_LINE"))
    #expect(!script[firstCommand.upperBound...].contains("#SBATCH"))
    for task in [1, 2, 4] { #expect(try slurm.carryOut(101, task: task) == 0) }

    // The third waits: nothing is submitted twice.
    let name = try #require(script.split(separator: "\n").first { $0.contains("--job-name=") }).split(separator: "=")[1]
    try slurm.set(queue: "\(name) 3\n")
    let waiting = try slurm.run(["compare", "--resume", there, "--executor", "slurm", "--json"])
    let document = try JSON(parsing: waiting.output, name: "output")
    #expect(document["submitted"]?.integer == 0 && document["queued"]?.integer == 1)
    #expect(document["finished"]?.integer == 3 && slurm.script(102) == nil)
    let asked = slurm.folder.bytes("asked").map { String(decoding: $0, as: UTF8.self) }
    #expect(asked?.contains("--name=\(name)") ?? false)

    // It was killed: it is submitted again, asked for as before but for what is said now.
    try slurm.set(queue: "")
    let again = try slurm.run(["compare", "--resume", there, "--executor", "slurm", "--slurm-memory", "4G"])
    #expect(again.status == 0 && again.output.contains("job 102: 1 run, a task of the array"), "\(again.errors)")
    let second = try #require(slurm.script(102))
    for line in ["--array=1-1%3", "--partition=short,long", "--mem=4G", "--account=lab", "export FROM_LINE=1"] {
      #expect(second.contains(line), "\(line) is not in \(second)")
    }
    #expect(try slurm.carryOut(102, task: 1) == 0)

    // Nothing is left to submit, so the same command reports.
    let report = try slurm.run(["compare", "--resume", there, "--executor", "slurm"])
    #expect(report.status == 0 && report.output.contains("gridworld/Empty-5x5, score: success"), "\(report.errors)")
    for file in ["comparison.csv", "arms.csv"] {
      let local = slurm.folder.bytes("here/" + file)
      #expect(local != nil && local == slurm.folder.bytes("the% re's/" + file), "\(file)")
    }
  }

  #if LanguageModelRecords
    @Test("of an arm that people answer it is said where they must, and of others it is not")
    func people() throws {
      let slurm = try FakeSlurm()
      func submit(_ reward: String, _ name: String) throws -> ProgramResult {
        try slurm.run(
          [
            "compare", "--env", "control/CartPole", "--reward", "environment", "--reward", reward, "--seeds", "1",
            "--steps", "1k", "--executor", "slurm", "--out", slurm.folder.path(name),
          ])
      }
      let line = "people are asked: answer (`forage label`) on the node that a run's task is on"
      let asked = try submit("preferences(teacher=person,labels=10)", "asked")
      #expect(asked.status == 0 && asked.errors.contains(line), "\(asked.errors)")
      let scripted = try submit("preferences(labels=10)", "scripted")
      #expect(scripted.status == 0 && !scripted.errors.contains("people are asked"), "\(scripted.errors)")
    }
  #endif

  @Test("a line calls what bash exports, reads what is not set and may fail, and ends the task only where it says so")
  func lines() throws {
    let slurm = try FakeSlurm()
    let loaded = slurm.folder.path("loaded")
    // A site's `module` reaches a task as one of bash's functions, in its environment.
    let site = ["BASH_FUNC_module%%": "() { echo \"$@\" >> '\(loaded)'; }"]
    let submit = Self.comparison.map { $0 == "2k" ? "1k" : $0 } + ["--executor", "slurm", "--slurm-line"]
    let some = try slurm.run(
      submit + [
        "module load cuda", "--slurm-line", "echo $NOBODY_SET_THIS", "--slurm-line", "false", "--out",
        slurm.folder.path("some"),
      ])
    #expect(some.status == 0, "\(some.errors)")
    #expect(try slurm.carryOut(101, task: 1, environment: site) == 0)
    #expect(slurm.folder.bytes("loaded").map { String(decoding: $0, as: UTF8.self) } == "load cuda\n")
    let strict = try slurm.run(submit + ["module load cuda || exit 9", "--out", slurm.folder.path("strict")])
    #expect(strict.status == 0, "\(strict.errors)")
    #expect(try slurm.carryOut(102, task: 1) == 9)
  }

  @Test("more runs than an array may have tasks become several arrays")
  func severalArrays() throws {
    let slurm = try FakeSlurm(mostTasks: 3)
    let path = slurm.folder.path("many")
    let result = try slurm.run(Self.comparison + ["--out", path, "--executor", "slurm", "--json"])
    let document = try JSON(parsing: result.output, name: "output")
    #expect(document["jobs"]?.array?.map { $0["tasks"]?.integer } == [3, 1])
    let runs = try (1...2).flatMap {
      try String(contentsOfFile: "\(path)/slurm/\($0)/runs.txt", encoding: .utf8)
        .split(separator: "\n").map(String.init)
    }
    #expect(try runs == ComparisonDescription(reading: path + "/comparison.json").runs.map(\.path))
  }

  @Test("a comparison is not carried out here while a task is at work, and several tasks are at the same time")
  func sharing() throws {
    let folder = TemporaryFolder()
    let path = folder.path("all")
    let slurm = try FakeSlurm()
    let long = Self.comparison.map { $0 == "2k" ? "100M" : $0 }
    #expect(try slurm.run(long + ["--out", path, "--executor", "slurm"]).status == 0)
    let runs = try ComparisonDescription(reading: path + "/comparison.json").runs.map(\.path)
    let tasks = try [0, 1].map { try Program.start(["compare", "--resume", path, "--run", runs[$0]]) }
    func isAtWork(_ run: Int) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(runs[run])/metrics.jsonl") }
    for _ in 0..<600 where !(isAtWork(0) && isAtWork(1)) { usleep(50_000) }
    #expect(isAtWork(0) && isAtWork(1))
    let here = try Program.run(["compare", "--resume", path])
    #expect(here.status == 1 && here.errors.contains("is in use by another process"))
    let twin = try Program.run(["compare", "--resume", path, "--run", runs[0]])
    #expect(twin.status == 1 && twin.errors.contains("is in use by another process"))
    for task in tasks { task.signal(SIGTERM) }
    for task in tasks {
      let result = task.wait()
      #expect(result.status == 143 && result.errors.contains("stopped, everything so far is saved"))
    }
  }

  @Test("what cannot be submitted is refused in a line, and before anything is written")
  func refusals() throws {
    let folder = TemporaryFolder()
    let (path, slurm) = (folder.path("none"), try FakeSlurm())
    func refused(_ options: [String], _ reason: String, by program: FakeSlurm, wrote: Bool = false) throws {
      let result = try program.run(Self.comparison + ["--out", path] + options)
      #expect(result.status == 1 && result.output.isEmpty, "\(options)")
      #expect(result.errors.contains(reason), "\(options): \(result.errors)")
      #expect(result.errors.split(separator: "\n").count == (wrote ? 2 : 1), "\(result.errors)")
      #expect(Files.exists(path) == wrote, "\(options)")
    }
    let none = try Program.run(
      Self.comparison + ["--out", path, "--executor", "slurm"], environment: ["PATH": folder.path("empty")])
    #expect(none.status == 1 && none.errors.contains("there is no 'sbatch' on the PATH") && !Files.exists(path))
    let ours = ["--executor", "slurm"]
    for (option, value, reason) in [
      ("--slurm-time", "soon", "the time limit cannot be soon"), ("--slurm-time", "0", "the time limit cannot be 0"),
      ("--slurm-time", "1:2:3:4", "cannot be 1:2:3:4"), ("--slurm-memory", "0G", "the memory cannot be 0G"),
      ("--slurm-memory", "2GB", "the memory cannot be 2GB"),
      ("--slurm-partition", "a b", "the partition cannot be a b"),
      ("--slurm-partition", "", "the partition cannot be "), ("--slurm-line", "a\nb", "is no line of a script"),
      ("--slurm-line", " #SBATCH --account=lab", "is a comment, to Slurm and to the shell"),
      ("--slurm-line", "# SBATCH --account=lab", "is a comment, to Slurm and to the shell"),
      ("--slurm-line", "#SBATCH", "asks Slurm for nothing"), ("--slurm-line", "#SBATCH --array=1-9", "sets --array"),
      ("--slurm-line", "#SBATCH -p short", "sets -p, which the script sets itself. Use --slurm-partition"),
    ] {
      try refused(ours + [option, value], reason, by: slurm)
    }
    try refused(["--slurm-time", "10"], "--slurm-time is for --executor slurm", by: slurm)
    try refused(["--run", "x"], "Name the comparison alone beside it", by: slurm)
    try refused(ours + ["--run", "x"], "cannot be had beside --executor slurm", by: slurm)
    try refused(["--executor", "pbs"], "pbs", by: slurm)
    let bandits = ["compare", "--env", "bandit/Bernoulli", "--agent", "ucb1", "--out", path] + ours
    let repetitions = try slurm.run(bandits)
    #expect(repetitions.status == 1 && repetitions.errors.contains("are stepped as one batch"))
    let refusing = try FakeSlurm(
      sbatch: """
        [ "$1" = --version ] && exit 0
        echo 'sbatch: error: invalid partition specified: nowhere' >&2
        echo 'sbatch: error: Batch job submission failed: Invalid partition name specified' >&2
        exit 1
        """)
    try refused(ours, "sbatch refuses: error: invalid partition specified: nowhere", by: refusing, wrote: true)
    #expect(Files.list(path + "/slurm").filter { $0 != "lock" }.isEmpty, "what was refused leaves nothing")
    // The comparison is there and goes on in either way.
    #expect(try slurm.run(["compare", "--resume", path, "--executor", "slurm"]).status == 0)
    let silent = try FakeSlurm(sbatch: "true")
    let unnamed = try silent.run(["compare", "--resume", path, "--executor", "slurm"])
    #expect(unnamed.status == 1 && unnamed.errors.contains("sbatch did not say the number of the job"))
    let stranger = try slurm.run(["compare", "--resume", path, "--run", "runs/../../etc"])
    #expect(stranger.status == 1 && stranger.errors.contains("has no run 'runs/../../etc'"))
    #expect(try slurm.run(["compare", "--resume", path, "--executor", "slurm", "--seeds", "3"]).status == 0)
  }
}
